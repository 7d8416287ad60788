using System.Text;
using Waymark.Linkage;
using Xunit;

namespace Waymark.Matching.Tests;

/// <summary>A folder of one test, and the packs of the working copy.</summary>
internal sealed class Place : IDisposable
{
    public Place() => Directory.CreateDirectory(Folder);

    public string Folder { get; } = Path.Combine(Path.GetTempPath(), "waymark-matching-" + Convert.ToHexStringLower(System.Security.Cryptography.RandomNumberGenerator.GetBytes(8)));

    public static string Root => WorkingCopy.Root;

    public static string Packs => Path.Combine(Root, "packs");

    public string Write(string name, string text, Encoding? encoding = null) => Write(name, (encoding ?? new UTF8Encoding(false)).GetBytes(text));

    public string Write(string name, byte[] bytes)
    {
        var path = Path.Combine(Folder, name);
        File.WriteAllBytes(path, bytes);
        return path;
    }

    public static RegisterFile Read(string path, string? id = "id") =>
        RegisterReader.Read(path, new RegisterOptions { IdColumn = id }, TestContext.Current.CancellationToken).Value;

    public static string[] Column(RegisterFile file, string name)
    {
        var column = file.Table.Columns.Single(c => c.Name == name);
        return [.. column.Codes.Select(column.Values.Text)];
    }

    public static string[] Ids(LinkageTable table) => [.. Enumerable.Range(0, table.Rows).Select(table.Id)];

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
