using Waymark.Ledger;
using Waymark.Storage;

namespace Waymark.Audit.Sequencing;

/// <summary>The right edge of the stored tree and the bundle that is not full yet; loaded once, then kept between steps.</summary>
internal sealed class LedgerTree
{
    private readonly TreeEdge _edge;
    private readonly List<ReadOnlyMemory<byte>> _open;
    private readonly List<BundleWrite> _bundles = [];
    private readonly List<LeafPlace> _places = [];

    private LedgerTree(TreeEdge edge, List<ReadOnlyMemory<byte>> open) => (_edge, _open) = (edge, open);

    public long Size => _edge.Size;

    public TreeHash Root() => _edge.Root();

    /// <summary>Reads the edge of a tree of this size; throws <see cref="StoreException"/> when the store has lost part of it.</summary>
    public static async Task<LedgerTree> LoadAsync(ILedgerStore store, long size, CancellationToken cancellationToken)
    {
        var tiles = await ReadAsync(store, size, cancellationToken);
        var edge = TreeEdge.Load(size, tile => Find(tiles, tile));
        var open = new List<ReadOnlyMemory<byte>>(Tile.Full);
        if (size % Tile.Full > 0)
        {
            open.AddRange(await store.BundleAsync(size / Tile.Full, cancellationToken) is { } bytes ? EntryBundle.Read(bytes) ?? [] : []);
        }

        return edge is not null && open.Count == size % Tile.Full
            ? new(edge, open)
            : throw new StoreException(Model.Error.Faulty("ledger.damaged", "The stored edge of the ledger is incomplete.",
                "账本存储的边缘不完整。", "ledger"));
    }

    /// <summary>The root of the first leaves of a stored tree.</summary>
    public static async Task<TreeHash?> RootAsync(ILedgerStore store, long size, CancellationToken cancellationToken)
    {
        var tiles = await ReadAsync(store, size, cancellationToken);
        return TreeHashes.Root(size, tile => Find(tiles, tile));
    }

    public void Append(ReadOnlyMemory<byte> entry)
    {
        var index = _edge.Append(Merkle.Leaf(entry.Span));
        if (LedgerLeaf.Decode(entry.Span) is { } leaf)
        {
            _places.Add(new(leaf.Id.ToArray(), index));
        }

        _open.Add(entry);
        if (_open.Count == Tile.Full)
        {
            _bundles.Add(new(index / Tile.Full, EntryBundle.Write(_open)));
            _open.Clear();
        }
    }

    /// <summary>What has changed since the step before, ready to be stored.</summary>
    public LedgerBatch Take(LedgerBatch batch)
    {
        if (_open.Count > 0)
        {
            _bundles.Add(new(Size / Tile.Full, EntryBundle.Write(_open)));
        }

        var taken = batch with
        {
            Tiles = [.. _edge.TakeChanges().Select(change => new TileWrite(change.Tile.Level, change.Tile.Index, change.Hashes))],
            Bundles = [.. _bundles],
            Places = [.. _places],
        };
        _bundles.Clear();
        _places.Clear();
        return taken;
    }

    private static async Task<Dictionary<(int, long), ReadOnlyMemory<byte>>> ReadAsync(ILedgerStore store, long size, CancellationToken cancellationToken)
    {
        var tiles = new Dictionary<(int, long), ReadOnlyMemory<byte>>();
        for (var level = 0; level < 8 && size >> (8 * level) > 0; level++)
        {
            var index = (size >> (8 * level)) / Tile.Full;
            if (Tile.WidthAt(size, level, index) > 0 && await store.TileAsync(level, index, cancellationToken) is { } hashes)
            {
                tiles[(level, index)] = hashes;
            }
        }

        return tiles;
    }

    private static ReadOnlyMemory<byte>? Find(Dictionary<(int, long), ReadOnlyMemory<byte>> tiles, Tile tile) =>
        tiles.TryGetValue((tile.Level, tile.Index), out var hashes) ? hashes : null;
}
