using System.Numerics;
using System.Security.Cryptography;

namespace Waymark.Ledger;

/// <summary>
/// Hashing of RFC 6962, section 2.1 (the same in RFC 9162): a leaf is SHA-256(0x00 ‖ entry), a node SHA-256(0x01 ‖ left ‖
/// right), the root of nothing SHA-256 of nothing. The two prefixes keep a node from passing for a leaf.
/// </summary>
public static class Merkle
{
    /// <summary>The root of a tree without leaves.</summary>
    public static TreeHash EmptyRoot { get; } = TreeHash.Of([]);

    public static TreeHash Leaf(ReadOnlySpan<byte> entry)
    {
        Span<byte> hash = stackalloc byte[TreeHash.Length];
        if (entry.Length <= 1_023)
        {
            Span<byte> input = stackalloc byte[entry.Length + 1];
            input[0] = 0;
            entry.CopyTo(input[1..]);
            SHA256.HashData(input, hash);
        }
        else
        {
            using var sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            sha.AppendData([0]);
            sha.AppendData(entry);
            sha.GetHashAndReset(hash);
        }

        return new(hash);
    }

    public static TreeHash Node(TreeHash left, TreeHash right)
    {
        Span<byte> input = stackalloc byte[1 + (2 * TreeHash.Length)];
        input[0] = 1;
        left.CopyTo(input[1..]);
        right.CopyTo(input[(1 + TreeHash.Length)..]);
        return TreeHash.Of(input);
    }

    /// <summary>
    /// The hash of the perfect subtree over these hashes, whose count is a power of two, at most 256.
    /// </summary>
    public static TreeHash Perfect(ReadOnlySpan<byte> hashes)
    {
        var count = hashes.Length / TreeHash.Length;
        if (count is 0 or > 256 || !BitOperations.IsPow2(count) || hashes.Length % TreeHash.Length != 0)
        {
            throw new ArgumentException($"{hashes.Length} bytes are no perfect subtree.", nameof(hashes));
        }

        Span<byte> row = stackalloc byte[hashes.Length];
        hashes.CopyTo(row);
        Span<byte> input = stackalloc byte[1 + (2 * TreeHash.Length)];
        input[0] = 1;
        for (; count > 1; count /= 2)
        {
            for (var i = 0; i < count / 2; i++)
            {
                row.Slice(i * 2 * TreeHash.Length, 2 * TreeHash.Length).CopyTo(input[1..]);
                SHA256.HashData(input, row.Slice(i * TreeHash.Length, TreeHash.Length));
            }
        }

        return new(row[..TreeHash.Length]);
    }
}
