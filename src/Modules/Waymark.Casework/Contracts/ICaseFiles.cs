using Waymark.Casework.Files;
using Waymark.Model;

namespace Waymark.Casework.Contracts;

/// <summary>
/// Files of records. A file stands in an entry of type <c>file</c>, is sealed under the keys of those it is about, and every look at it passes the gate and is a link of its
/// custody.
/// </summary>
public interface ICaseFiles
{
    /// <summary>
    /// Takes a file in: its kind by content, pictures written anew, documents that can act refused, looked at by the operator's scanner when there is one. Errors:
    /// <c>file.*</c>, <c>case.unknown-field</c>, <c>case.purpose</c>.
    /// </summary>
    Task<CaseAnswer<Changed>> AttachAsync(CaseDesk desk, RecordAddress record, NewFile file, CancellationToken cancellationToken);

    /// <summary>The record's files with their custody, oldest first; those the purpose does not open are left out, replaced ones stay.</summary>
    Task<CaseAnswer<RecordFiles>> FilesAsync(CaseDesk desk, RecordAddress record, CancellationToken cancellationToken);

    /// <summary>The bytes of a file, after decision, leaf and link of custody were committed. Errors: <c>case.nothing</c>, <c>case.purpose</c>, <c>file.damaged</c>.</summary>
    Task<CaseAnswer<OpenedFile>> ReadFileAsync(CaseDesk desk, RecordAddress record, string file, bool isDownload, CancellationToken cancellationToken);

    FileLimits FileLimits { get; }
}

/// <summary>A file as it was sent. <paramref name="Path"/>: the entry, items of repeated groups with their item. <paramref name="Seen"/>: version of the entry that was shown; 0 when empty.</summary>
public sealed record NewFile(string Path, long Seen, string Name, ReadOnlyMemory<byte> Content, string? Why = null);

/// <summary>A file with its custody; <paramref name="IsCurrent"/> when it stands in the record now; <paramref name="IsWhole"/> when no link of custody is broken.</summary>
public sealed record RecordFile(string Id, FileFacts Facts, IReadOnlyList<CustodyLink> Custody, bool IsCurrent, bool IsWhole)
{
    public string Media => new CleanFile(Facts.Kind, [], false).Media;
}

public sealed record RecordFiles(Registers.RegisterPlan Plan, IReadOnlyList<RecordFile> Files) : Waymark.Protection.Contracts.IPersonal<RecordFiles>
{
    public RecordFiles Without(IReadOnlySet<string> fields) => Without(field => field.Mask is { } mask && fields.Contains(mask));

    internal RecordFiles Without(Func<Registers.FieldPlan, bool> hidden) => this with
    {
        Files = [.. Files.Where(file => Plan.Field(Documents.RecordDocument.PlanPath(file.Facts.Path)) is { } field && !hidden(field))],
    };
}

/// <summary>A file's bytes for one reader, with a name that says nothing.</summary>
public sealed record OpenedFile(FileFacts Facts, string Media, string SafeName, byte[] Content);
