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

    private TokenHolder(Voprf voprf, TokenOffer offer, MatchKey[] keys)
    {
        (_voprf, _offer, _keys) = (voprf, offer, keys);
        _tree = new KeyTree([.. keys.Select(k => k.Bytes)]);
        _tags = new(offer.Tags, ByteOrder.Instance);
        Commitment = new(HolderCommitment.TypeName, offer.Epoch, keys.Length, _tree.Root);
    }

    /// <summary>To be sent and logged before the first request.</summary>
    public HolderCommitment Commitment { get; }

    /// <summary>Checks the offer and shuffles the holder's keys, padding them with keys of nothing to a multiple of the smallest batch.</summary>
    public static Result<TokenHolder> Open(IRistretto255 group, TokenOffer offer, IReadOnlyList<MatchKey> own)
    {
        if (offer.Type != TokenOffer.TypeName || offer.Epoch.Length != 16 || offer.PublicKey.Length != 32 || !group.IsElement(offer.PublicKey)
            || !offer.PublicKey.AsSpan().ContainsAnyExcept((byte)0) || offer.MinimumBatch is < 1 or > Voprf.MostInBatch
            || offer.Tags.Count == 0 || offer.Tags.Any(t => t.Length != 32))
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

    /// <summary>The next batch to send, or null when every key was asked.</summary>
    public Result<TokenRequest?> Next(int size = 4096)
    {
        var take = Math.Min(Math.Clamp(size / _offer.MinimumBatch * _offer.MinimumBatch, _offer.MinimumBatch, Voprf.MostInBatch), _keys.Length - _next);
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
}
