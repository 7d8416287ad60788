using System.Security.Cryptography;
using Waymark.Model;

namespace Waymark.Linkage.Private;

/// <summary>
/// The holding side of a token match and the client of the function: it commits to the keys of its own records, has them evaluated blindly in
/// batches, checks that the committed epoch key was used, and compares. Candidates arise here and nowhere else.
/// </summary>
public sealed class TokenHolder
{
    private readonly Voprf _voprf;
    private readonly TokenOffer _offer;
    private readonly MatchKey[] _keys;
    private readonly KeyTree _tree;
    private readonly HashSet<byte[]> _tags;
    private readonly Dictionary<int, (int First, byte[][] Blinds, IReadOnlyList<byte[]> Blinded)> _open = [];
    private readonly Dictionary<int, HashSet<string>> _candidates = [];
    private int _next;
    private int _number;

    private TokenHolder(Voprf voprf, TokenOffer offer, MatchKey[] keys, byte[][]? salts = null)
    {
        (_voprf, _offer, _keys) = (voprf, offer, keys);
        _tree = new KeyTree([.. keys.Select(k => k.Bytes)], salts);
        _tags = new(offer.Tags, ByteOrder.Instance);
        Commitment = new(HolderCommitment.TypeName, offer.Epoch, keys.Length, _tree.Root);
    }

    /// <summary>To be sent and logged before the first request.</summary>
    public HolderCommitment Commitment { get; }

    /// <summary>Checks the offer and shuffles the holder's keys, padding them with keys of nothing to a multiple of the smallest batch.</summary>
    public static Result<TokenHolder> Open(IRistretto255 group, TokenOffer offer, IReadOnlyList<MatchKey> own)
    {
        if (!IsSound(group, offer))
        {
            return Error.Invalid("linkage.token-offer", "The offer is not sound.", "要约不合规。");
        }

        var keys = own.ToList();
        do
        {
            keys.Add(new(-1, "nothing", RandomNumberGenerator.GetBytes(32)));
        }
        while (keys.Count % offer.MinimumBatch != 0);
        var order = keys.ToArray();
        RandomNumberGenerator.Shuffle(order.AsSpan());
        return new TokenHolder(new Voprf(group), offer, order);
    }

    /// <summary>Goes on where <see cref="AskAll"/> stopped: every batch is open.</summary>
    public static Result<TokenHolder> Resume(IRistretto255 group, HolderState state)
    {
        if (!IsSound(group, state.Offer) || state.Keys.Count == 0)
        {
            return Error.Invalid("linkage.token-state", "The holder's state is not sound.", "持有方状态不合规。");
        }

        var holder = new TokenHolder(new Voprf(group), state.Offer, [.. state.Keys.Select(k => k.Key)], [.. state.Keys.Select(k => k.Salt)]);
        foreach (var batch in state.Keys.Chunk(TokenOffer.BatchSize(state.Offer.MinimumBatch)))
        {
            holder._open[++holder._number] = (holder._next, [.. batch.Select(k => k.Blind)], [.. batch.Select(k => k.Blinded)]);
            holder._next += batch.Length;
        }

        return holder;
    }

    /// <summary>Asks everything at once, and says what has to be kept until the answer comes.</summary>
    public Result<(TokenAsk Ask, HolderState State)> AskAll()
    {
        var asked = new List<AskedKey>(_keys.Length);
        while (_next < _keys.Length)
        {
            var first = _next;
            var request = Next();
            if (!request.IsOk)
            {
                return request.Error;
            }

            var blinds = _open[request.Value!.Number].Blinds;
            asked.AddRange(request.Value.Blinded.Select((element, i) => new AskedKey(_keys[first + i], _tree.SaltOf(first + i), blinds[i], element)));
        }

        return (new TokenAsk(_offer.PublicKey, Commitment, [.. asked.Select(k => k.Blinded)]), new HolderState(_offer, asked));
    }

    /// <summary>Takes the answer to <see cref="AskAll"/>, whole or not at all: the number of keys in common.</summary>
    public Result<int> Take(TokenAnswer answer)
    {
        if (!answer.Epoch.AsSpan().SequenceEqual(_offer.Epoch) || !answer.Root.AsSpan().SequenceEqual(Commitment.Root))
        {
            return Error.Refused("linkage.token-answer", "This answers another ask than the one in the state.", "该答复对应的不是此状态中的询问。");
        }

        var batches = answer.Evaluated.Chunk(TokenOffer.BatchSize(_offer.MinimumBatch)).ToList();
        if (answer.Evaluated.Count != _keys.Length || answer.Proofs.Count != batches.Count)
        {
            return Error.Invalid("linkage.token-answer", "The answer is not complete.", "答复不完整。");
        }

        var found = 0;
        for (var i = 0; i < batches.Count; i++)
        {
            var taken = Take(new TokenReply(TokenReply.TypeName, answer.Epoch, i + 1, batches[i], answer.Proofs[i]));
            if (!taken.IsOk)
            {
                _candidates.Clear();
                return taken.Error;
            }

            found += taken.Value;
        }

        return found;
    }

    /// <summary>The next batch to send, or null when every key was asked.</summary>
    public Result<TokenRequest?> Next(int size = 4096)
    {
        var take = Math.Min(TokenOffer.BatchSize(_offer.MinimumBatch, size), _keys.Length - _next);
        if (take == 0)
        {
            return (TokenRequest?)null;
        }

        var blinded = new Result<(byte[] Blind, byte[] Element)>[take];
        var first = _next;
        Parallel.For(0, take, i => blinded[i] = _voprf.Blind(_keys[first + i].Bytes));
        foreach (var one in blinded)
        {
            if (!one.IsOk)
            {
                return one.Error;
            }
        }

        byte[][] elements = Array.ConvertAll(blinded, b => b.Value.Element);
        _open[++_number] = (first, Array.ConvertAll(blinded, b => b.Value.Blind), elements);
        _next += take;
        return new TokenRequest(TokenRequest.TypeName, _offer.Epoch, _number, elements);
    }

    /// <summary>Checks a reply and compares. A proof that fails means another key was used: nothing of the batch is taken.</summary>
    public Result<int> Take(TokenReply reply)
    {
        if (!_open.TryGetValue(reply.Number, out var batch) || !reply.Epoch.AsSpan().SequenceEqual(_offer.Epoch) || reply.Evaluated.Count != batch.Blinded.Count)
        {
            return Error.Invalid("linkage.token-reply", "The reply belongs to no open batch.", "答复不属于任何未完成的批次。");
        }

        if (!_voprf.Verify(_offer.PublicKey, batch.Blinded, reply.Evaluated, reply.Proof))
        {
            return Error.Refused("linkage.token-proof", "The proof fails: the committed key was not used.", "证明不成立：未使用所承诺的密钥。");
        }

        _open.Remove(reply.Number);
        var outputs = new Result<byte[]>[batch.Blinds.Length];
        Parallel.For(0, outputs.Length, i => outputs[i] = _voprf.Finish(_keys[batch.First + i].Bytes, batch.Blinds[i], reply.Evaluated[i]));
        var found = 0;
        for (var i = 0; i < outputs.Length; i++)
        {
            if (!outputs[i].TryGet(out var output))
            {
                return outputs[i].Error!;
            }

            var key = _keys[batch.First + i];
            if (key.Record >= 0 && _tags.Contains(output[..32]))
            {
                found++;
                (_candidates.TryGetValue(key.Record, out var kinds) ? kinds : _candidates[key.Record] = []).Add(key.Kind);
            }
        }

        return found;
    }

    /// <summary>The holder's records that share a key with someone sought, in the order of their numbers.</summary>
    public IReadOnlyList<TokenCandidate> Candidates() =>
        [.. _candidates.OrderBy(c => c.Key).Select(c => new TokenCandidate(c.Key, [.. c.Value.Order(StringComparer.Ordinal)]))];

    /// <summary>Opens one committed key for oversight.</summary>
    public KeyOpening OpenKey(int index) => _tree.Open(index);

    private static bool IsSound(IRistretto255 group, TokenOffer offer) =>
        offer.Type == TokenOffer.TypeName && offer.Epoch.Length == 16 && offer.PublicKey.Length == 32 && group.IsElement(offer.PublicKey)
            && offer.PublicKey.AsSpan().ContainsAnyExcept((byte)0) && offer.MinimumBatch is >= 1 and <= Voprf.MostInBatch
            && offer.Tags.Count > 0 && offer.Tags.All(t => t.Length == 32);
}
