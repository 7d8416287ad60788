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
