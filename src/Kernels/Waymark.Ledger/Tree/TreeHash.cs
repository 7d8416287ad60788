using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Waymark.Ledger;

/// <summary>A SHA-256 value of the tree: 32 bytes, compared and passed by value.</summary>
[StructLayout(LayoutKind.Sequential)]
public readonly struct TreeHash : IEquatable<TreeHash>
{
    /// <summary>Length in bytes.</summary>
    public const int Length = 32;

    private readonly ulong _a, _b, _c, _d;

    /// <summary>The hash in these 32 bytes. Throws <see cref="ArgumentException"/> for another length.</summary>
    public TreeHash(ReadOnlySpan<byte> bytes) => this = bytes.Length == Length
        ? MemoryMarshal.Read<TreeHash>(bytes)
        : throw new ArgumentException($"{Length} bytes expected, not {bytes.Length}.", nameof(bytes));

    public static bool operator ==(TreeHash left, TreeHash right) => left.Equals(right);

    public static bool operator !=(TreeHash left, TreeHash right) => !left.Equals(right);

    /// <summary>Standard base64 of exactly 32 bytes in its one canonical spelling; false for anything else.</summary>
    public static bool TryParse(ReadOnlySpan<char> base64, out TreeHash hash)
    {
        Span<byte> bytes = stackalloc byte[Length];
        if (base64.Length == 44 && Convert.TryFromBase64Chars(base64, bytes, out var written) && written == Length)
        {
            hash = new(bytes);
            return base64.SequenceEqual(hash.ToBase64());
        }

        hash = default;
        return false;
    }

    /// <summary>SHA-256 of the bytes, without any prefix.</summary>
    public static TreeHash Of(ReadOnlySpan<byte> bytes)
    {
        Span<byte> hash = stackalloc byte[Length];
        SHA256.HashData(bytes, hash);
        return new(hash);
    }

    public void CopyTo(Span<byte> target) => MemoryMarshal.Write(target, in this);

    public byte[] ToArray()
    {
        var bytes = new byte[Length];
        CopyTo(bytes);
        return bytes;
    }

    public string ToBase64() => Convert.ToBase64String(ToArray());

    public override string ToString() => Convert.ToHexStringLower(ToArray());

    public bool Equals(TreeHash other) => _a == other._a && _b == other._b && _c == other._c && _d == other._d;

    public override bool Equals(object? obj) => obj is TreeHash other && Equals(other);

    public override int GetHashCode() => HashCode.Combine(_a, _b);
}
