using System.Security.Cryptography;
using Waymark.Model;

namespace Waymark.Linkage.Private;

/// <summary>
/// The seeking side of a token match. It owns a fresh epoch key, publishes padded tags of its sought keys, and evaluates the holder's blinded
/// keys within the holder's committed budget. It sees neither the holder's keys nor their tags, only how many there are.
/// </summary>
public sealed class TokenSeeker
{
    /// <summary>Tags are padded to the next multiple of this, at least once.</summary>
    public const int Padding = 1024;

    private readonly Voprf _voprf;
    private readonly byte[] _key;
    private readonly int _mostKeys;
    private readonly HashSet<int> _answered = [];
    private HolderCommitment? _commitment;
    private int _spent;

    private TokenSeeker(Voprf voprf, byte[] key, TokenOffer offer, int mostKeys) => (_voprf, _key, Offer, _mostKeys) = (voprf, key, offer, mostKeys);

    /// <summary>What was published; without tags once the seeker was resumed, since tags are published once.</summary>
    public TokenOffer Offer { get; }

    /// <summary>What has to be kept to answer later. Whoever has it can try names against the published tags.</summary>
    public EpochKey Key => new(Offer.Epoch, _key, Offer.PublicKey, Offer.MinimumBatch);

    /// <summary>Evaluations that are left of the committed budget.</summary>
    public int Left => (_commitment?.Keys ?? 0) - _spent;

    /// <param name="group">The group.</param>
    /// <param name="sought">Keys of the persons sought.</param>
    /// <param name="mostKeys">The agreement's limit for what one holder may commit to in an epoch.</param>
    /// <param name="minimumBatch">Fewest keys in a request.</param>
    public static Result<TokenSeeker> Open(IRistretto255 group, IReadOnlyList<MatchKey> sought, int mostKeys, int minimumBatch = 256)
    {
        var voprf = new Voprf(group);
        var (key, open) = voprf.NewKeyPair();
        var tags = new SortedSet<byte[]>(ByteOrder.Instance);
        foreach (var one in sought)
        {
            var output = voprf.Evaluate(key, one.Bytes);
            if (!output.IsOk)
            {
                return output.Error;
            }

            tags.Add(output.Value[..32]);
        }

        var padded = (tags.Count / Padding + 1) * Padding;
        while (tags.Count < padded)
        {
            tags.Add(RandomNumberGenerator.GetBytes(32));
        }

        var offer = new TokenOffer(TokenOffer.TypeName, RandomNumberGenerator.GetBytes(16), open, [.. tags], minimumBatch);
        return new TokenSeeker(voprf, key, offer, mostKeys);
    }

    /// <summary>Goes on with a kept key; the caller counts what earlier holders have spent.</summary>
    public static Result<TokenSeeker> Resume(IRistretto255 group, EpochKey key, int mostKeys)
    {
        var open = new byte[32];
        return key.Epoch.Length == 16 && key.MinimumBatch is >= 1 and <= Voprf.MostInBatch && key.Secret.Length == 32 && group.IsScalar(key.Secret)
            && group.MultiplyBase(key.Secret, open) && open.AsSpan().SequenceEqual(key.PublicKey)
            ? new TokenSeeker(new Voprf(group), key.Secret, new(TokenOffer.TypeName, key.Epoch, key.PublicKey, [], key.MinimumBatch), mostKeys)
            : Error.Invalid("linkage.token-key", "The epoch key is not sound.", "时段密钥不合规。");
    }

    /// <summary>Answers all that a holder asks, or refuses it whole.</summary>
    public Result<TokenAnswer> Answer(TokenAsk ask)
    {
        if (!ask.Commitment.Epoch.AsSpan().SequenceEqual(Offer.Epoch) || !ask.PublicKey.AsSpan().SequenceEqual(Offer.PublicKey))
        {
            return Error.Refused("linkage.token-epoch", "This was asked under another epoch or key than this one.", "该询问属于另一时段或另一密钥。");
        }

        if (ask.Blinded.Count != ask.Commitment.Keys)
        {
            return Error.Refused("linkage.token-budget", "More or fewer keys are asked than were committed to.", "询问的键数与承诺不符。");
        }

        var accepted = Accept(ask.Commitment);
        if (!accepted.IsOk)
        {
            return accepted.Error;
        }

        var (evaluated, proofs, number) = (new List<byte[]>(ask.Blinded.Count), new List<DleqProof>(), 0);
        foreach (var batch in ask.Blinded.Chunk(TokenOffer.BatchSize(Offer.MinimumBatch)))
        {
            var reply = Answer(new TokenRequest(TokenRequest.TypeName, Offer.Epoch, ++number, batch));
            if (!reply.IsOk)
            {
                return reply.Error;
            }

            evaluated.AddRange(reply.Value.Evaluated);
            proofs.Add(reply.Value.Proof);
        }

        return new TokenAnswer(Offer.Epoch, ask.Commitment.Root, evaluated, proofs);
    }

    /// <summary>Takes the holder's commitment: once, and within the limit of the agreement.</summary>
    public Result<bool> Accept(HolderCommitment commitment)
    {
        if (_commitment is not null || !commitment.Epoch.AsSpan().SequenceEqual(Offer.Epoch) || commitment.Root.Length != 32)
        {
            return Error.Refused("linkage.token-commitment", "The holder has committed already, or for another epoch.", "持有方已作承诺，或承诺属于另一时段。");
        }

        if (commitment.Keys < 1 || commitment.Keys > _mostKeys)
        {
            return Error.Refused(
                "linkage.token-budget", $"The agreement allows at most {_mostKeys} keys in an epoch.", $"协议规定每个时段最多 {_mostKeys} 个键。");
        }

        _commitment = commitment;
        return true;
    }

    /// <summary>Evaluates a batch and proves it. Refused: other epochs, repeated numbers, small batches, more than was committed to.</summary>
    public Result<TokenReply> Answer(TokenRequest request)
    {
        if (_commitment is null || !request.Epoch.AsSpan().SequenceEqual(Offer.Epoch))
        {
            return Error.Refused("linkage.token-epoch", "There is no commitment for this epoch.", "该时段没有承诺。");
        }

        if (request.Blinded.Count > Math.Min(Left, Voprf.MostInBatch))
        {
            return Error.Refused("linkage.token-budget", "The committed budget is spent.", "已承诺的额度已用完。");
        }

        if (request.Blinded.Count < Math.Min(Offer.MinimumBatch, Math.Max(1, Left)))
        {
            return Error.Refused("linkage.token-batch", "The batch is smaller than agreed.", "批次小于约定规模。");
        }

        if (!_answered.Add(request.Number))
        {
            return Error.Conflict("linkage.token-repeat", "The batch was answered before.", "该批次已答复过。");
        }

        _spent += request.Blinded.Count;
        var evaluated = new Result<byte[]>[request.Blinded.Count];
        Parallel.For(0, evaluated.Length, i => evaluated[i] = _voprf.BlindEvaluate(_key, request.Blinded[i]));
        foreach (var one in evaluated)
        {
            if (!one.IsOk)
            {
                return one.Error;
            }
        }

        var values = Array.ConvertAll(evaluated, e => e.Value);
        return _voprf.Prove(_key, Offer.PublicKey, request.Blinded, values)
            .Select(proof => new TokenReply(TokenReply.TypeName, Offer.Epoch, request.Number, values, proof));
    }
}

/// <summary>The seeker's secret of one epoch.</summary>
public sealed class EpochKey(byte[] epoch, byte[] secret, byte[] publicKey, int minimumBatch)
{
    public byte[] Epoch => epoch;

    public byte[] Secret => secret;

    /// <summary>What the seeker is bound to: every answer is proved against it.</summary>
    public byte[] PublicKey => publicKey;

    public int MinimumBatch => minimumBatch;
}

/// <summary>Order of byte strings, so that the order of tags says nothing.</summary>
internal sealed class ByteOrder : IComparer<byte[]>, IEqualityComparer<byte[]>
{
    public static ByteOrder Instance { get; } = new();

    public int Compare(byte[]? x, byte[]? y) => x.AsSpan().SequenceCompareTo(y);

    public bool Equals(byte[]? x, byte[]? y) => x.AsSpan().SequenceEqual(y);

    public int GetHashCode(byte[] obj)
    {
        var hash = new HashCode();
        hash.AddBytes(obj);
        return hash.ToHashCode();
    }
}
