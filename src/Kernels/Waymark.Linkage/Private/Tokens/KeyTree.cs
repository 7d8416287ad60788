using System.Security.Cryptography;

namespace Waymark.Linkage.Private;

/// <summary>A Merkle tree (RFC 6962, section 2.1) over salted commitments to the holder's keys.</summary>
public sealed class KeyTree
{
    private readonly byte[][] _keys;
    private readonly byte[][] _salts;
    private readonly List<byte[][]> _levels = [];

    /// <param name="keys">The keys, in the order they are asked in.</param>
    /// <param name="salts">The salts of a commitment that was made before; new ones are drawn without.</param>
    internal KeyTree(byte[][] keys, byte[][]? salts = null)
    {
        _keys = keys;
        _salts = salts ?? [.. keys.Select(_ => RandomNumberGenerator.GetBytes(16))];
        _levels.Add([.. keys.Select((key, i) => Leaf(_salts[i], key))]);
        while (_levels[^1].Length > 1)
        {
            var below = _levels[^1];
            var level = new byte[(below.Length + 1) / 2][];
            for (var i = 0; i < level.Length; i++)
            {
                // A node without a sibling moves up as it is, which is the tree of RFC 6962.
                level[i] = 2 * i + 1 < below.Length ? Node(below[2 * i], below[2 * i + 1]) : below[2 * i];
            }

            _levels.Add(level);
        }
    }

    public byte[] Root => _levels[^1][0];

    internal byte[] SaltOf(int index) => _salts[index];

    /// <summary>Salt, key and siblings from the leaf to the root.</summary>
    public KeyOpening Open(int index)
    {
        var path = new List<byte[]>();
        for (var (level, at) = (0, index); level < _levels.Count - 1; level++, at /= 2)
        {
            var sibling = at ^ 1;
            if (sibling < _levels[level].Length)
            {
                path.Add(_levels[level][sibling]);
            }
        }

        return new(index, _salts[index], _keys[index], path);
    }

    /// <summary>Whether an opening belongs to a commitment.</summary>
    public static bool Verify(HolderCommitment commitment, KeyOpening opening)
    {
        if (opening.Index < 0 || opening.Index >= commitment.Keys)
        {
            return false;
        }

        var hash = Leaf(opening.Salt, opening.Key);
        var used = 0;
        for (var (at, width) = (opening.Index, commitment.Keys); width > 1; at /= 2, width = (width + 1) / 2)
        {
            if ((at ^ 1) >= width)
            {
                continue;
            }

            if (used == opening.Path.Count)
            {
                return false;
            }

            var sibling = opening.Path[used++];
            hash = at % 2 == 0 ? Node(hash, sibling) : Node(sibling, hash);
        }

        return used == opening.Path.Count && hash.AsSpan().SequenceEqual(commitment.Root);
    }

    private static byte[] Leaf(byte[] salt, byte[] key) => SHA256.HashData([0, .. salt, .. key]);

    private static byte[] Node(byte[] left, byte[] right) => SHA256.HashData([1, .. left, .. right]);
}
