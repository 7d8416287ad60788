using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Waymark.Ledger;

/// <summary>What of a leaf a commitment speaks about; it goes into the commitment, so that one never passes for another.</summary>
public enum CommitmentSlot
{
    /// <summary>Who acted.</summary>
    Actor = 1,

    /// <summary>Whom it concerned.</summary>
    Subject = 2,

    /// <summary>What was decided or done: the canonical bytes of the request and its answer.</summary>
    Content = 3,
}

/// <summary>
/// 32 bytes that bind to a value without telling it: HMAC-SHA256 under a salt of 32 random bytes that belongs to a person.
/// With the salt and the value anyone can check it; when the salt is destroyed nobody can, and two commitments to the same
/// person cannot be told from commitments to two. The tree above it stays as it is, so every proof stays valid.
/// </summary>
public readonly struct Commitment : IEquatable<Commitment>
{
    /// <summary>Length of a salt and of a commitment in bytes.</summary>
    public const int Length = 32;

    private readonly TreeHash _bytes;

    private Commitment(TreeHash bytes) => _bytes = bytes;

    public static bool operator ==(Commitment left, Commitment right) => left.Equals(right);

    public static bool operator !=(Commitment left, Commitment right) => !left.Equals(right);

    /// <summary>
    /// Commits to a value in one slot of one leaf. Throws <see cref="ArgumentException"/> unless the salt has 32 bytes.
    /// </summary>
    public static Commitment To(ReadOnlySpan<byte> salt, LeafId leaf, CommitmentSlot slot, ReadOnlySpan<byte> value)
    {
        if (salt.Length != Length)
        {
            throw new ArgumentException($"A salt has {Length} bytes, not {salt.Length}.", nameof(salt));
        }

        // Domain, slot and leaf first, all of fixed length: no value can be read as another one in another place.
        Span<byte> head = stackalloc byte[20 + 1 + LeafId.Length];
        "waymark.commitment/1"u8.CopyTo(head);
        head[20] = (byte)slot;
        leaf.CopyTo(head[21..]);
        using var mac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, salt);
        mac.AppendData(head);
        mac.AppendData(value);
        Span<byte> bytes = stackalloc byte[Length];
        mac.GetHashAndReset(bytes);
        return new(new TreeHash(bytes));
    }

    /// <summary>
    /// Joins commitments to several persons into one slot: SHA-256 over their number and themselves, in the order given.
    /// Each part can be opened alone, and erasing one person leaves the others provable. One part stands for itself.
    /// </summary>
    public static Commitment Join(IReadOnlyList<Commitment> parts)
    {
        if (parts.Count == 1)
        {
            return parts[0];
        }

        var bytes = new byte[24 + 4 + (parts.Count * Length)];
        "waymark.commitment.all/1"u8.CopyTo(bytes);
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(24), parts.Count);
        for (var i = 0; i < parts.Count; i++)
        {
            parts[i].CopyTo(bytes.AsSpan(28 + (i * Length)));
        }

        return new(TreeHash.Of(bytes));
    }

    /// <summary>A commitment to nothing that looks like any other: for a slot that does not apply, and for padding.</summary>
    public static Commitment None()
    {
        Span<byte> bytes = stackalloc byte[Length];
        RandomNumberGenerator.Fill(bytes);
        return new(new TreeHash(bytes));
    }

    /// <summary>A commitment that was stored. Throws <see cref="ArgumentException"/> unless there are 32 bytes.</summary>
    public static Commitment Read(ReadOnlySpan<byte> bytes) => new(new TreeHash(bytes));

    public void CopyTo(Span<byte> target) => _bytes.CopyTo(target);

    public bool Equals(Commitment other) => _bytes == other._bytes;

    public override bool Equals(object? obj) => obj is Commitment other && Equals(other);

    public override int GetHashCode() => _bytes.GetHashCode();

    public override string ToString() => _bytes.ToString();
}
