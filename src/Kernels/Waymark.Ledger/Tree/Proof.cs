using System.Numerics;

namespace Waymark.Ledger;

/// <summary>
/// Proofs of RFC 6962, sections 2.1.1 and 2.1.2: made from tiles, checked with nothing but hashes (algorithms of RFC 9162,
/// sections 2.1.3.2 and 2.1.4.2).
/// </summary>
public static class Proof
{
    /// <summary>
    /// That the leaf with this index is in the tree of this size: hashes from the leaf's sibling up to the root's child.
    /// Null when a tile is missing. Throws <see cref="ArgumentOutOfRangeException"/> unless 0 ≤ index &lt; size.
    /// </summary>
    public static IReadOnlyList<TreeHash>? Inclusion(long index, long size, TileReader tiles)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, size);
        var ranges = new List<(long From, long To)>();
        Path(index, 0, size, ranges);
        return Hashes(ranges, tiles);
    }

    /// <summary>
    /// That the tree of the larger size begins with the tree of the smaller one; empty for equal sizes and for 0.
    /// Null when a tile is missing. Throws <see cref="ArgumentOutOfRangeException"/> unless 0 ≤ smaller ≤ larger.
    /// </summary>
    public static IReadOnlyList<TreeHash>? Consistency(long smaller, long larger, TileReader tiles)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(smaller);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(smaller, larger);
        var ranges = new List<(long From, long To)>();
        if (smaller > 0)
        {
            Subproof(smaller, 0, larger, true, ranges);
        }

        return Hashes(ranges, tiles);
    }

    /// <summary>Whether the proof shows the leaf hash at this index below this root.</summary>
    public static bool IsIncluded(TreeHash leaf, long index, long size, TreeHash root, IReadOnlyList<TreeHash> proof)
    {
        if (index < 0 || index >= size)
        {
            return false;
        }

        var (first, last) = (index, size - 1);
        var hash = leaf;
        foreach (var sibling in proof)
        {
            if (last == 0)
            {
                return false;
            }

            if ((first & 1) == 1 || first == last)
            {
                hash = Merkle.Node(sibling, hash);
                Climb(ref first, ref last);
            }
            else
            {
                hash = Merkle.Node(hash, sibling);
            }

            first >>= 1;
            last >>= 1;
        }

        return last == 0 && hash == root;
    }

    /// <summary>
    /// Whether the proof shows that the larger tree begins with the smaller one. Equal sizes need equal roots; the empty
    /// tree is the beginning of every tree.
    /// </summary>
    public static bool IsConsistent(
        long smaller, TreeHash smallerRoot, long larger, TreeHash largerRoot, IReadOnlyList<TreeHash> proof)
    {
        if (smaller < 0 || smaller > larger)
        {
            return false;
        }

        if (smaller == larger || smaller == 0)
        {
            return proof.Count == 0 && (smaller == 0 ? smallerRoot == Merkle.EmptyRoot && (larger > 0 || largerRoot == smallerRoot)
                : smallerRoot == largerRoot);
        }

        var next = 0;
        TreeHash start;
        if (BitOperations.IsPow2(smaller))
        {
            start = smallerRoot;
        }
        else if (proof.Count > 0)
        {
            start = proof[next++];
        }
        else
        {
            return false;
        }

        var (first, last) = (smaller - 1, larger - 1);
        for (; (first & 1) == 1; first >>= 1)
        {
            last >>= 1;
        }

        var (left, whole) = (start, start);
        for (; next < proof.Count; next++)
        {
            if (last == 0)
            {
                return false;
            }

            if ((first & 1) == 1 || first == last)
            {
                left = Merkle.Node(proof[next], left);
                whole = Merkle.Node(proof[next], whole);
                Climb(ref first, ref last);
            }
            else
            {
                whole = Merkle.Node(whole, proof[next]);
            }

            first >>= 1;
            last >>= 1;
        }

        return last == 0 && left == smallerRoot && whole == largerRoot;
    }

    /// <summary>Up to where the node is a right child, or the leftmost one.</summary>
    private static void Climb(ref long first, ref long last)
    {
        while (first != 0 && (first & 1) == 0)
        {
            first >>= 1;
            last >>= 1;
        }
    }

    private static void Path(long index, long from, long to, List<(long From, long To)> ranges)
    {
        if (to - from == 1)
        {
            return;
        }

        var middle = from + Split(to - from);
        if (index < middle)
        {
            Path(index, from, middle, ranges);
            ranges.Add((middle, to));
        }
        else
        {
            Path(index, middle, to, ranges);
            ranges.Add((from, middle));
        }
    }

    private static void Subproof(long leaves, long from, long to, bool whole, List<(long From, long To)> ranges)
    {
        if (leaves == to - from)
        {
            if (!whole)
            {
                ranges.Add((from, to));
            }

            return;
        }

        var half = Split(to - from);
        if (leaves <= half)
        {
            Subproof(leaves, from, from + half, whole, ranges);
            ranges.Add((from + half, to));
        }
        else
        {
            Subproof(leaves - half, from + half, to, false, ranges);
            ranges.Add((from, from + half));
        }
    }

    /// <summary>The largest power of two below n, for n above 1.</summary>
    private static long Split(long n) => 1L << BitOperations.Log2((ulong)(n - 1));

    private static List<TreeHash>? Hashes(List<(long From, long To)> ranges, TileReader tiles)
    {
        var hashes = new List<TreeHash>(ranges.Count);
        foreach (var (from, to) in ranges)
        {
            if (TreeHashes.Range(from, to, tiles) is not { } hash)
            {
                return null;
            }

            hashes.Add(hash);
        }

        return hashes;
    }
}
