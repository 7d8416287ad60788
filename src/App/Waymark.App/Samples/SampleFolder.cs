using System.Text;
using Waymark.App.Hosting;
using Waymark.Model;

namespace Waymark.App.Samples;

/// <summary>
/// The folder that holds sample nodes and nothing else: a file that says so, and a folder per node with its data and keys. While somebody holds it open nobody
/// else starts or discards it.
/// </summary>
public sealed class SampleFolder : IDisposable
{
    private const string MarkFile = "INVENTED-SAMPLE";

    private const string Says = "Everything in this folder is invented, made by ./run --sample. Throw it away with: ./waymark sample discard\n此文件夹中的一切均为虚构，由 ./run --sample 生成。删除：./waymark sample discard\n";

    private readonly FileStream _held;

    private SampleFolder(string path, FileStream held) => (FullPath, _held) = (path, held);

    public string FullPath { get; }

    public string Data(string node) => Path.Combine(FullPath, node, "data");

    public string Keys(string node) => Path.Combine(FullPath, node, "keys");

    /// <summary>Takes a folder that is a sample already, or is new or empty. Errors: <c>sample.folder-holds-data</c>, <c>sample.running</c>.</summary>
    public static Result<SampleFolder> Take(string path)
    {
        var folder = new DirectoryInfo(path);
        var mark = new FileInfo(Path.Combine(folder.FullName, MarkFile));
        if (!mark.Exists && folder.Exists && folder.EnumerateFileSystemInfos().Any())
        {
            return Error.Refused("sample.folder-holds-data", "The folder holds something that is not a sample; samples go into a folder of their own.", "该文件夹存有非样例内容；样例须放在单独的文件夹。", folder.FullName)
                .WithHint("Name a new folder with --data.", "请用 --data 指定一个新文件夹。");
        }

        if (!folder.Exists)
        {
            PrivateFolder.Make(folder.FullName);
        }

        var held = Hold(mark);
        if (held is null)
        {
            return Error.Conflict("sample.running", "This sample is running.", "此样例正在运行。", folder.FullName).WithHint("Stop it first (Ctrl-C).", "请先停止（Ctrl-C）。");
        }

        if (held.Length == 0)
        {
            held.Write(Encoding.UTF8.GetBytes(Says));
            held.Flush(flushToDisk: true);
        }

        return new SampleFolder(folder.FullName, held);
    }

    /// <summary>Removes a sample and nothing else. Errors: <c>sample.none</c>, <c>sample.running</c>, <c>sample.folder-holds-data</c>.</summary>
    public static Error? Discard(string path, IReadOnlyCollection<string> nodes)
    {
        var folder = new DirectoryInfo(path);
        var mark = new FileInfo(Path.Combine(folder.FullName, MarkFile));
        if (!mark.Exists)
        {
            return Error.NotFound("sample.none", "There is no sample in this folder.", "此文件夹中没有样例。", folder.FullName);
        }

        if (folder.EnumerateFileSystemInfos().FirstOrDefault(entry => entry.Name != MarkFile && !nodes.Contains(entry.Name)) is { } foreign)
        {
            return Error.Refused("sample.folder-holds-data", "Something in the folder is no part of the sample; it is not removed.", "文件夹中有不属于样例的内容，未予删除。", foreign.FullName);
        }

        using var held = Hold(mark);
        if (held is null)
        {
            return Error.Conflict("sample.running", "This sample is running.", "此样例正在运行。", folder.FullName).WithHint("Stop it first (Ctrl-C).", "请先停止（Ctrl-C）。");
        }

        foreach (var node in folder.EnumerateDirectories())
        {
            node.Delete(recursive: true);
        }

        mark.Delete();
        folder.Delete();
        return null;
    }

    /// <summary>Clears a node whose story was cut off, so that it is played from the beginning.</summary>
    public void Clear(string node)
    {
        var folder = Path.Combine(FullPath, node);
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    public void Dispose() => _held.Dispose();

    private static FileStream? Hold(FileInfo mark)
    {
        try
        {
            return new(mark.FullName, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException)
        {
            return null;
        }
    }
}
