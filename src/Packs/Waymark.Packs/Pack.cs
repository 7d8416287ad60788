using Waymark.Model;

namespace Waymark.Packs;

/// <summary>What names a pack: its kind (the folder under <c>packs/</c>) and its id inside the kind.</summary>
public readonly record struct PackKey(string Kind, string Id)
{
    public override string ToString() => $"{Kind}/{Id}";
}

/// <summary>
/// A pack as loaded: header, tree, tables and the hash that stands in whatever the pack decided.
/// <paramref name="Extensions"/> are the operator's additions to it, in the order of the folders; they add and never replace.
/// </summary>
public sealed record Pack(
    PackKey Key,
    string Version,
    LocalText Title,
    string Source,
    string Licence,
    string? Module,
    string File,
    PackMapping Root,
    IReadOnlyList<PackTable> Tables,
    IReadOnlyDictionary<string, ReadOnlyMemory<byte>> Files,
    string Hash,
    bool IsOverlay,
    IReadOnlyList<Pack> Extensions)
{
    /// <summary>The pack and its extensions, base first.</summary>
    public IEnumerable<Pack> Layers => [this, .. Extensions];

    /// <summary>A table by the path the pack lists, or null.</summary>
    public PackTable? Table(string path) => Tables.FirstOrDefault(table => table.Path == path);

    /// <summary>The rows of a table over all layers, base first.</summary>
    public IEnumerable<PackRow> Rows(string path) => Layers.SelectMany(layer => layer.Table(path)?.Rows ?? []);

    /// <summary>A cursor over the pack's own fields (the header is already read).</summary>
    public PackCursor Cursor(PackErrors errors) => new(File, Root, errors);
}

/// <summary>What loading found for one pack file.</summary>
public sealed record PackReport(string File, PackKey? Key, string? Hash, IReadOnlyList<Error> Errors)
{
    public bool IsOk => Errors.Count == 0;
}

/// <summary>The packs that are good, and a report for every pack file that was looked at.</summary>
public sealed record PackLoadOutcome(PackLibrary Library, IReadOnlyList<PackReport> Reports)
{
    public IEnumerable<Error> Errors => Reports.SelectMany(report => report.Errors);

    public bool IsOk => Reports.All(report => report.IsOk);
}
