namespace Waymark.Linkage.Private;

/// <summary>What the seeker publishes for an epoch: the key it commits to and the tags of what it seeks, sorted, padded with tags of nothing.</summary>
/// <param name="Type">Name and number of the form.</param>
/// <param name="Epoch">16 random bytes; tags of two epochs cannot be joined.</param>
/// <param name="PublicKey">The epoch key that every evaluation is proved against; logged by both sides.</param>
/// <param name="Tags">32 bytes each, ascending.</param>
/// <param name="MinimumBatch">Fewest blinded keys in a batch.</param>
public sealed record TokenOffer(string Type, byte[] Epoch, byte[] PublicKey, IReadOnlyList<byte[]> Tags, int MinimumBatch)
{
    public const string TypeName = "waymark.token-offer/1";

    /// <summary>Keys of a full batch: a multiple of the smallest, and never more than a proof covers.</summary>
    public static int BatchSize(int minimumBatch, int wanted = 4096) => Math.Clamp(wanted / minimumBatch * minimumBatch, minimumBatch, Voprf.MostInBatch);
}

/// <summary>
/// What the holder binds itself to before it asks: how many keys it has, and the root of a Merkle tree (RFC 6962 hashing) over commitments
/// to them, so that oversight can open some and ask for the records behind them.
/// </summary>
public sealed record HolderCommitment(string Type, byte[] Epoch, int Keys, byte[] Root)
{
    public const string TypeName = "waymark.token-commitment/1";
}

/// <summary>A batch of blinded keys.</summary>
public sealed record TokenRequest(string Type, byte[] Epoch, int Number, IReadOnlyList<byte[]> Blinded)
{
    public const string TypeName = "waymark.token-request/1";
}

/// <summary>The evaluations of a batch and the proof that the committed key made them.</summary>
public sealed record TokenReply(string Type, byte[] Epoch, int Number, IReadOnlyList<byte[]> Evaluated, DleqProof Proof)
{
    public const string TypeName = "waymark.token-reply/1";
}

/// <summary>One opened key of the holder's commitment, for oversight.</summary>
public sealed record KeyOpening(int Index, byte[] Salt, byte[] Key, IReadOnlyList<byte[]> Path);

/// <summary>A record of the holder that has a key in common with someone who is sought: a candidate, nothing more.</summary>
/// <param name="Record">The holder's own number of the record.</param>
/// <param name="Kinds">Which kinds of keys were equal.</param>
public sealed record TokenCandidate(int Record, IReadOnlyList<string> Kinds);

/// <summary>All a holder asks at once, for a channel of files: its commitment and every blinded key, in batches of the agreed size.</summary>
/// <param name="PublicKey">The key of the offer it answers to.</param>
/// <param name="Commitment">Number of keys and root.</param>
/// <param name="Blinded">As many as were committed to.</param>
public sealed record TokenAsk(byte[] PublicKey, HolderCommitment Commitment, IReadOnlyList<byte[]> Blinded);

/// <summary>The answer to a <see cref="TokenAsk"/>: all evaluations, and a proof for each batch.</summary>
/// <param name="Epoch">The epoch of the key.</param>
/// <param name="Root">The root of the commitment that was answered.</param>
/// <param name="Evaluated">In the order asked.</param>
/// <param name="Proofs">One for each batch.</param>
public sealed record TokenAnswer(byte[] Epoch, byte[] Root, IReadOnlyList<byte[]> Evaluated, IReadOnlyList<DleqProof> Proofs);

/// <summary>What a holder keeps from asking to comparing. Whoever has it reads the holder's keys.</summary>
/// <param name="Offer">What the seeker published.</param>
/// <param name="Keys">In the order asked.</param>
public sealed record HolderState(TokenOffer Offer, IReadOnlyList<AskedKey> Keys);

/// <summary>A key that was asked: its salt in the commitment, its blind, and what was sent.</summary>
public sealed record AskedKey(MatchKey Key, byte[] Salt, byte[] Blind, byte[] Blinded);
