using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Waymark.Ledger;

/// <summary>
/// One entry of the ledger: an id with its time and three commitments, always 113 bytes, without type, size or text that
/// would tell a rescue from a reading. What it stands for is opened by whoever holds the record and the salts.
/// <para>Write it with the effect: <c>Leaves = [leaf.Encode()]</c> in the same write set.</para>
/// </summary>
/// <param name="Id">Kept in the record of the effect; names the leaf for ever.</param>
/// <param name="Actor">Who acted, under the actor's own salt: erasing the subject leaves it provable.</param>
/// <param name="Subject">Whom it concerned, under each person's salt; joined when there are several.</param>
/// <param name="Content">What was decided or done, under the subject's salt, or the node's where there is no subject.</param>
public sealed record LedgerLeaf(LeafId Id, Commitment Actor, Commitment Subject, Commitment Content)
{
    /// <summary>Length of every entry in bytes: version, id, three commitments.</summary>
    public const int Length = 1 + LeafId.Length + (3 * Commitment.Length);

    private const byte Version = 1;

    /// <summary>The entry as it stands in the ledger.</summary>
    public byte[] Encode()
    {
        var entry = new byte[Length];
        entry[0] = Version;
        Id.CopyTo(entry.AsSpan(1));
        Actor.CopyTo(entry.AsSpan(17));
        Subject.CopyTo(entry.AsSpan(49));
        Content.CopyTo(entry.AsSpan(81));
        return entry;
    }

    /// <summary>The leaf in these bytes, or null when they are no entry of this version.</summary>
    public static LedgerLeaf? Decode(ReadOnlySpan<byte> entry) => entry.Length == Length && entry[0] == Version
        ? new(LeafId.Read(entry.Slice(1, LeafId.Length)), Commitment.Read(entry.Slice(17, 32)), Commitment.Read(entry.Slice(49, 32)),
            Commitment.Read(entry.Slice(81, 32)))
        : null;

    /// <summary>
    /// A leaf that fills the ledger up to its fixed rhythm. To everyone it looks like any other; whoever is shown the key
    /// of 32 bytes can tell by <see cref="IsPadding"/>, so that an auditor can ask for the record of every other leaf.
    /// </summary>
    public static LedgerLeaf Padding(ReadOnlySpan<byte> key, DateTimeOffset at)
    {
        var (actor, subject, content) = (Commitment.None(), Commitment.None(), Commitment.None());
        return new(LeafId.Of(at, Mark(key, at.ToUnixTimeMilliseconds(), actor)), actor, subject, content);
    }

    /// <summary>Whether this leaf was made by <see cref="Padding"/> with this key.</summary>
    public bool IsPadding(ReadOnlySpan<byte> key) =>
        LeafId.Of(Id.At, Mark(key, Id.At.ToUnixTimeMilliseconds(), Actor)) == Id;

    private static byte[] Mark(ReadOnlySpan<byte> key, long milliseconds, Commitment actor)
    {
        Span<byte> input = stackalloc byte[17 + 8 + Commitment.Length];
        "waymark.padding/1"u8.CopyTo(input);
        BinaryPrimitives.WriteInt64BigEndian(input[17..], milliseconds);
        actor.CopyTo(input[25..]);
        return HMACSHA256.HashData(key, input);
    }
}
