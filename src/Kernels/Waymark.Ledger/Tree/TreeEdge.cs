namespace Waymark.Ledger;

/// <summary>
/// The right edge of a growing tree: per level the tile that is not full yet. It is all a log needs to append leaves and to
/// know its root; at most 8 KiB per level. Not safe for several threads.
/// </summary>
public sealed class TreeEdge
{
    private readonly List<List<TreeHash>> _levels = [];
    private readonly Dictionary<(int Level, long Index), byte[]> _full = [];
    private readonly HashSet<int> _touched = [];

    /// <summary>An empty tree.</summary>
    public TreeEdge()
    {
    }

    private TreeEdge(long size) => Size = size;

    /// <summary>Number of leaves.</summary>
    public long Size { get; private set; }

    /// <summary>
    /// The edge of a stored tree, from its partial tiles. Null when one of them is missing or too short.
    /// </summary>
    public static TreeEdge? Load(long size, TileReader tiles)
    {
        var edge = new TreeEdge(size);
        for (var level = 0; level < 8 && size >> (8 * level) > 0; level++)
        {
            var hashes = new List<TreeHash>(Tile.Full);
            edge._levels.Add(hashes);
            var width = (int)((size >> (8 * level)) % Tile.Full);
            if (width == 0)
            {
                continue;
            }

            if (tiles(new(level, (size >> (8 * level)) / Tile.Full, width)) is not { } bytes || bytes.Length < width * TreeHash.Length)
            {
                return null;
            }

            for (var i = 0; i < width; i++)
            {
                hashes.Add(new(bytes.Span.Slice(i * TreeHash.Length, TreeHash.Length)));
            }
        }

        return edge;
    }

    /// <summary>Appends one leaf and answers its index.</summary>
    public long Append(TreeHash leaf)
    {
        var hash = leaf;
        for (var level = 0; ; level++)
        {
            if (level == _levels.Count)
            {
                _levels.Add(new(Tile.Full));
            }

            var hashes = _levels[level];
            hashes.Add(hash);
            _touched.Add(level);
            if (hashes.Count < Tile.Full)
            {
                break;
            }

            var bytes = Bytes(hashes);
            _full[(level, (Size >> (8 * level)) / Tile.Full)] = bytes;
            hash = Merkle.Perfect(bytes);
            hashes.Clear();
        }

        return Size++;
    }

    /// <summary>The root of the tree as it is now.</summary>
    public TreeHash Root()
    {
        TreeHash? root = null;
        foreach (var hashes in _levels)
        {
            root = TreeHashes.Fold(Bytes(hashes), root);
        }

        return root ?? Merkle.EmptyRoot;
    }

    /// <summary>The tiles that changed since the call before: full ones, and the partial ones at the edge.</summary>
    public IReadOnlyList<(Tile Tile, byte[] Hashes)> TakeChanges()
    {
        var changes = new List<(Tile, byte[])>();
        foreach (var ((level, index), bytes) in _full)
        {
            changes.Add((new(level, index, Tile.Full), bytes));
        }

        changes.AddRange(Partial().Where(part => _touched.Contains(part.Tile.Level)));
        _full.Clear();
        _touched.Clear();
        return changes;
    }

    /// <summary>The tiles that are not full yet.</summary>
    public IReadOnlyList<(Tile Tile, byte[] Hashes)> Partial()
    {
        var partial = new List<(Tile, byte[])>();
        for (var level = 0; level < _levels.Count; level++)
        {
            if (_levels[level].Count > 0)
            {
                partial.Add((new(level, (Size >> (8 * level)) / Tile.Full, _levels[level].Count), Bytes(_levels[level])));
            }
        }

        return partial;
    }

    private static byte[] Bytes(List<TreeHash> hashes)
    {
        var bytes = new byte[hashes.Count * TreeHash.Length];
        for (var i = 0; i < hashes.Count; i++)
        {
            hashes[i].CopyTo(bytes.AsSpan(i * TreeHash.Length));
        }

        return bytes;
    }
}
