using System.Globalization;
using System.Text;
using Waymark.Linkage;
using Waymark.Linkage.Private;
using Waymark.Matching.Contracts;
using Waymark.Model;

namespace Waymark.Matching;

/// <summary>A file encoded for a project.</summary>
/// <param name="File">The file as read.</param>
/// <param name="Owner">What goes to the unit and what stays.</param>
/// <param name="Project">Key, preset and budgets.</param>
public sealed record EncodedFile(RegisterFile File, EncodedOwner Owner, ProjectFile Project);

/// <summary>Private linking over plain files: owners encode, the unit matches, and nobody needs the other's file.</summary>
public static class PrivateFiles
{
    private const int LongestProject = 64 << 10;

    /// <summary>
    /// Encodes a file of persons. With <paramref name="project"/> null a new project is opened with <paramref name="preset"/>, its budgets
    /// taken from this file.
    /// </summary>
    public static Result<EncodedFile> Encode(LinkFilesRequest request, ProjectFile? project, EncodingPreset preset, CancellationToken cancel)
    {
        var pack = LinkagePack.Read(request.PacksFolder);
        var file = pack.Then(_ => Open(request, cancel));
        if ((pack.Error ?? file.Error) is { } unreadable)
        {
            return unreadable;
        }

        var knowledge = pack.Value.Knowledge;
        var schema = project is not null
            ? Result<EncodingSchema>.Ok(project.Schema)
            : EncodingSchema.From(file.Value.Table, knowledge, request.Map, preset);
        if (!schema.IsOk)
        {
            return schema.Error;
        }

        var used = project ?? new ProjectFile(ProjectKey.Create(), schema.Value);
        return RecordEncoder.Encode(file.Value.Table, knowledge, request.Map, used.Key, used.Schema)
            .Select(owner => new EncodedFile(file.Value, owner, used));
    }

    /// <summary>Reads a file of persons, unless it is a marked export.</summary>
    public static Result<RegisterFile> Open(LinkFilesRequest request, CancellationToken cancel) => ExportMark.Check(request.Left).Then(_ => RegisterReader.Read(
        request.Left, new RegisterOptions { IdColumn = request.IdColumn, Delimiter = request.Delimiter, Encoding = request.Encoding }, cancel));

    public static Result<ProjectFile> ReadProject(string path) => Guarded(path, () => new FileInfo(path).Length > LongestProject
        ? Error.TooLarge("matching.project-too-large", "This is no project file.", "这不是项目文件。", path)
        : ProjectFile.Read(File.ReadAllText(path), Path.GetFileName(path)));

    public static Result<EncodedSet> ReadSet(string path) => ExportMark.Check(path).Then(_ => Guarded(path, () => EncodedSetFormat.Read(File.ReadLines(path), Path.GetFileName(path))));

    public static Result<bool> WriteSet(Stream stream, EncodedSet set) => Lines(stream, EncodedSetFormat.Lines(set));

    /// <summary>The owner's key to its handles: handle and id; an invented record has no id.</summary>
    public static Result<bool> WriteHandles(Stream stream, EncodedFile file) => Lines(stream, file.Owner.Handles
        .Select(h => h.Handle + "," + (h.IsInvented ? "" : Quoted(file.File.Table.Id(h.Row)))).Prepend("handle,id"));

    public static Result<bool> WriteLinks(Stream stream, PrivateMatchOutcome outcome) => Lines(stream, outcome.Links
        .Select(l => string.Create(CultureInfo.InvariantCulture, $"{l.Left},{l.Right},{l.Score:0.0000},{l.Dice:0.0000}")).Prepend("left_handle,right_handle,score,dice"));

    internal static Result<T> Guarded<T>(string path, Func<Result<T>> read)
    {
        try
        {
            return read();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return Error.NotFound("matching.unreadable", "The file cannot be read.", "文件无法读取。", path);
        }
    }

    internal static Result<bool> Lines(Stream stream, IEnumerable<string> lines)
    {
        using var writer = new StreamWriter(stream, new UTF8Encoding(false), 1 << 16, leaveOpen: true) { NewLine = "\n" };
        foreach (var line in lines)
        {
            writer.WriteLine(line);
        }

        return true;
    }

    internal static string Quoted(string value) => value.AsSpan().IndexOfAny(",\"\r\n") < 0 ? value : "\"" + value.Replace("\"", "\"\"", StringComparison.Ordinal) + "\"";
}
