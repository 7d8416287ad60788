using System.Numerics;

namespace Waymark.Ledger;

/// <summary>Roots and subtree hashes of a tree whose tiles are stored somewhere.</summary>
public static class TreeHashes
{
    /// <summary>
    /// The root of the first <paramref name="size"/> leaves, whatever the tree has grown to since: full tiles hold their
    /// earlier, partial selves as prefixes. Null when a tile is missing.
    /// </summary>
    public static TreeHash? Root(long size, TileReader tiles)
    {
        TreeHash? root = null;
        for (var level = 0; level < 8 && size >> (8 * level) > 0; level++)
        {
            var width = (int)((size >> (8 * level)) % Tile.Full);
            if (width == 0)
            {
                continue;
            }

            if (tiles(new(level, (size >> (8 * level)) / Tile.Full, width)) is not { } bytes || bytes.Length < width * TreeHash.Length)
            {
                return null;
            }

            root = Fold(bytes.Span[..(width * TreeHash.Length)], root);
        }

        return root ?? Merkle.EmptyRoot;
    }

    /// <summary>The hash of the leaves <c>[from, to)</c>, a range of an RFC 6962 proof. Null when a tile is missing.</summary>
    internal static TreeHash? Range(long from, long to, TileReader tiles)
    {
        // Perfect subtrees from left to right, each as large as fits; then folded from the right.
        var parts = new List<TreeHash>();
        for (var left = to - from; left > 0;)
        {
            var height = BitOperations.Log2((ulong)left);
            if (Perfect(height, from >> height, tiles) is not { } part)
            {
                return null;
            }

            parts.Add(part);
            from += 1L << height;
            left -= 1L << height;
        }

        var hash = parts[^1];
        for (var i = parts.Count - 2; i >= 0; i--)
        {
            hash = Merkle.Node(parts[i], hash);
        }

        return hash;
    }

    /// <summary>Joins the hashes of one tile, a ragged row, with what stands to its right.</summary>
    internal static TreeHash? Fold(ReadOnlySpan<byte> hashes, TreeHash? right)
    {
        var count = hashes.Length / TreeHash.Length;
        for (var bit = 1; bit <= count; bit <<= 1)
        {
            if ((count & bit) != 0)
            {
                // The lower bits stand to the right of this one.
                var start = count & ~((bit << 1) - 1);
                var part = Merkle.Perfect(hashes.Slice(start * TreeHash.Length, bit * TreeHash.Length));
                right = right is { } rest ? Merkle.Node(part, rest) : part;
            }
        }

        return right;
    }

    private static TreeHash? Perfect(int height, long index, TileReader tiles)
    {
        var level = height / 8;
        var count = 1 << (height % 8);
        var first = index << (height % 8);
        var inTile = (int)(first % Tile.Full);
        return tiles(new(level, first / Tile.Full, inTile + count)) is { } bytes && bytes.Length >= (inTile + count) * TreeHash.Length
            ? Merkle.Perfect(bytes.Span.Slice(inTile * TreeHash.Length, count * TreeHash.Length))
            : null;
    }
}
