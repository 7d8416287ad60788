using System.Collections.Frozen;
using Waymark.Model;

namespace Waymark.Packs;

/// <summary>
/// The loaded packs, by kind and id. The first folder is the built-in one; later folders are the operator's: they may add packs, and
/// extend where the kind allows it, but never replace silently.
/// </summary>
public sealed class PackLibrary
{
    private readonly FrozenDictionary<PackKey, Pack> _byKey;

    internal PackLibrary(IEnumerable<Pack> packs, IReadOnlyDictionary<string, PackSchema> schemas)
    {
        All = [.. packs.OrderBy(pack => pack.Key.ToString(), StringComparer.Ordinal)];
        _byKey = All.ToFrozenDictionary(pack => pack.Key);
        Schemas = schemas;
    }

    public IReadOnlyList<Pack> All { get; }

    /// <summary>The published schemas, by kind.</summary>
    public IReadOnlyDictionary<string, PackSchema> Schemas { get; }

    public Pack? Find(string kind, string id) => _byKey.GetValueOrDefault(new(kind, id));

    public Result<Pack> Get(string kind, string id) => Find(kind, id) is { } pack ? pack : Error.NotFound("pack.not-found",
        $"The pack {kind}/{id} is not loaded.", $"未加载包 {kind}/{id}。");

    public IEnumerable<Pack> OfKind(string kind) => All.Where(pack => pack.Key.Kind == kind);

    /// <summary>Reads one pack file of a kind known here (<c>KIND/ID.yaml</c>) without adding it: an earlier version that was kept, by the schemas of now.</summary>
    public Pack? Read(IPackFiles files, string path) => new PackFileReader(files, path, Schemas, isOverlay: true).Read().Pack;

    /// <summary>Loads folders on disk, the built-in one first.</summary>
    public static PackLoadOutcome Load(IReadOnlyList<string> roots, CancellationToken cancellation = default) =>
        Load([.. roots.Select(root => (IPackFiles)new PackFolder(root))], cancellation);

    /// <summary>Loads from any sources of files, the built-in one first.</summary>
    public static PackLoadOutcome Load(IReadOnlyList<IPackFiles> roots, CancellationToken cancellation = default) =>
        new PackLoader(roots, cancellation).Load();
}
