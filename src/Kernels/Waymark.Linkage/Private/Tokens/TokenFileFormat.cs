using System.Globalization;
using System.Text;
using Waymark.Model;

namespace Waymark.Linkage.Private;

/// <summary>What a seeker has spent of its budget under one key: which asks it answered, and how many keys each had.</summary>
public sealed record SpentBudget(byte[] Epoch, IReadOnlyDictionary<string, int> Asks)
{
    public int Total => Asks.Values.Sum();
}

/// <summary>A holder's state with the ids of its records, to name candidates by.</summary>
public sealed record NamedHolderState(HolderState State, IReadOnlyDictionary<int, string> Ids);

/// <summary>The file forms of the token channel, one kind for each step (docs/formats/link-tokens.md).</summary>
public static class TokenFileFormat
{
    public const string Sought = "waymark.tokens-sought/1";
    public const string Key = "waymark.tokens-key/1";
    public const string Spent = "waymark.tokens-spent/1";
    public const string Asked = "waymark.tokens-asked/1";
    public const string State = "waymark.tokens-state/1";
    public const string Answered = "waymark.tokens-answered/1";

    /// <summary>Most keys that are asked at once.</summary>
    public const int MostKeys = 1_000_000;

    /// <summary>Most tags of a request.</summary>
    public const int MostTags = 4_000_000;

    private const int MostAsks = 100_000;

    public static IEnumerable<string> Lines(TokenOffer offer) =>
        TokenText.Write(Sought, Head(offer.Epoch, offer.PublicKey, offer.MinimumBatch), [.. offer.Tags.Select(Convert.ToBase64String)]);

    public static Result<TokenOffer> ReadOffer(IEnumerable<string> text, string name) => TokenText.Read(text, Sought, name, MostTags).Then<TokenOffer>(file =>
        Elements(file.Lines, 32) is { } tags && file.Bytes("epoch", 16) is { } epoch && file.Bytes("key", 32) is { } key && file.Number("batch") is { } batch
            ? new TokenOffer(TokenOffer.TypeName, epoch, key, tags, batch) : TokenText.Damaged(name, 1));

    public static IEnumerable<string> Lines(EpochKey key) =>
        TokenText.Write(Key, Head(key.Epoch, key.PublicKey, key.MinimumBatch), [Convert.ToBase64String(key.Secret)]);

    public static Result<EpochKey> ReadKey(IEnumerable<string> text, string name) => TokenText.Read(text, Key, name, 1).Then<EpochKey>(file =>
        Elements(file.Lines, 32) is [var secret] && file.Bytes("epoch", 16) is { } epoch && file.Bytes("key", 32) is { } key && file.Number("batch") is { } batch
            ? new EpochKey(epoch, secret, key, batch) : TokenText.Damaged(name, 1));

    public static IEnumerable<string> Lines(SpentBudget spent) => TokenText.Write(
        Spent, "epoch=" + Convert.ToHexStringLower(spent.Epoch),
        [.. spent.Asks.OrderBy(a => a.Key, StringComparer.Ordinal).Select(a => string.Create(CultureInfo.InvariantCulture, $"{a.Key},{a.Value}"))]);

    public static Result<SpentBudget> ReadSpent(IEnumerable<string> text, string name) => TokenText.Read(text, Spent, name, MostAsks).Then<SpentBudget>(file =>
    {
        var asks = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var line in file.Lines)
        {
            if (line.Split(',') is not [{ Length: 64 } ask, var keys] || !int.TryParse(keys, NumberStyles.None, CultureInfo.InvariantCulture, out var count)
                || count > MostKeys || !asks.TryAdd(ask, count))
            {
                return TokenText.Damaged(name, asks.Count + 2);
            }
        }

        return file.Bytes("epoch", 16) is { } epoch && asks.Values.Sum(c => (long)c) <= int.MaxValue ? new SpentBudget(epoch, asks) : TokenText.Damaged(name, 1);
    });

    public static IEnumerable<string> Lines(TokenAsk ask) => TokenText.Write(
        Asked, $"epoch={Convert.ToHexStringLower(ask.Commitment.Epoch)} key={Convert.ToHexStringLower(ask.PublicKey)} root={Convert.ToHexStringLower(ask.Commitment.Root)}",
        [.. ask.Blinded.Select(Convert.ToBase64String)]);

    /// <summary>The ask, and the hash by which a retry of it is known.</summary>
    public static Result<(TokenAsk Ask, string Hash)> ReadAsk(IEnumerable<string> text, string name) => TokenText.Read(text, Asked, name, MostKeys).Then<(TokenAsk, string)>(file =>
        Elements(file.Lines, 32) is { Count: > 0 } blinded && file.Bytes("epoch", 16) is { } epoch && file.Bytes("key", 32) is { } key && file.Bytes("root", 32) is { } root
            ? (new TokenAsk(key, new(HolderCommitment.TypeName, epoch, blinded.Count, root), blinded), file.Hash) : TokenText.Damaged(name, 1));

    /// <summary>Evaluations first, then the proofs of their batches.</summary>
    public static IEnumerable<string> Lines(TokenAnswer answer) => TokenText.Write(
        Answered, string.Create(CultureInfo.InvariantCulture, $"epoch={Convert.ToHexStringLower(answer.Epoch)} root={Convert.ToHexStringLower(answer.Root)} proofs={answer.Proofs.Count}"),
        [.. answer.Evaluated.Select(Convert.ToBase64String), .. answer.Proofs.Select(p => Convert.ToBase64String(p.ToBytes()))]);

    public static Result<TokenAnswer> ReadAnswer(IEnumerable<string> text, string name) => TokenText.Read(text, Answered, name, 2 * MostKeys).Then<TokenAnswer>(file =>
        file.Number("proofs") is { } proofs && proofs <= file.Lines.Count && Elements(file.Lines.Take(file.Lines.Count - proofs), 32) is { } evaluated
        && Elements(file.Lines.Skip(file.Lines.Count - proofs), 64) is { } proved && file.Bytes("epoch", 16) is { } epoch && file.Bytes("root", 32) is { } root
            ? new TokenAnswer(epoch, root, evaluated, [.. proved.Select(p => new DleqProof(p[..32], p[32..]))]) : TokenText.Damaged(name, 1));

    /// <summary>The keys asked, then the tags to compare with.</summary>
    public static IEnumerable<string> Lines(HolderState state, Func<int, string> idOf) => TokenText.Write(
        State, string.Create(CultureInfo.InvariantCulture, $"{Head(state.Offer.Epoch, state.Offer.PublicKey, state.Offer.MinimumBatch)} keys={state.Keys.Count}"),
        [
            .. state.Keys.Select(k => string.Join(
                ',', k.Key.Record.ToString(CultureInfo.InvariantCulture), k.Key.Kind, k.Key.Record < 0 ? "" : Convert.ToBase64String(Encoding.UTF8.GetBytes(idOf(k.Key.Record))),
                Convert.ToBase64String(k.Key.Bytes), Convert.ToBase64String(k.Salt), Convert.ToBase64String(k.Blind), Convert.ToBase64String(k.Blinded))),
            .. state.Offer.Tags.Select(Convert.ToBase64String),
        ]);

    public static Result<NamedHolderState> ReadState(IEnumerable<string> text, string name) => TokenText.Read(text, State, name, MostKeys + MostTags).Then<NamedHolderState>(file =>
    {
        if (file.Number("keys") is not { } count || count > file.Lines.Count || Elements(file.Lines.Skip(count), 32) is not { } tags
            || file.Bytes("epoch", 16) is not { } epoch || file.Bytes("key", 32) is not { } open || file.Number("batch") is not { } batch)
        {
            return TokenText.Damaged(name, 1);
        }

        var (keys, ids) = (new List<AskedKey>(count), new Dictionary<int, string>());
        foreach (var line in file.Lines.Take(count))
        {
            if (line.Split(',') is not [var number, var kind, var id, var key, var salt, var blind, var blinded]
                || !int.TryParse(number, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var record)
                || Elements([salt], 16) is not [var salted] || Elements([blind, blinded], 32) is not [var one, var two]
                || Decoded(id) is not { } named || Decoded(key) is not { } bytes)
            {
                return TokenText.Damaged(name, keys.Count + 2);
            }

            keys.Add(new(new(record, kind, bytes), salted, one, two));
            ids[record] = Encoding.UTF8.GetString(named);
        }

        return new NamedHolderState(new(new(TokenOffer.TypeName, epoch, open, tags, batch), keys), ids);
    });

    private static string Head(byte[] epoch, byte[] publicKey, int batch) =>
        string.Create(CultureInfo.InvariantCulture, $"epoch={Convert.ToHexStringLower(epoch)} key={Convert.ToHexStringLower(publicKey)} batch={batch}");

    /// <summary>Lines of Base64 of one length, or null when one is not.</summary>
    private static List<byte[]>? Elements(IEnumerable<string> lines, int length)
    {
        var elements = new List<byte[]>();
        foreach (var line in lines)
        {
            var bytes = new byte[length];
            if (!Convert.TryFromBase64String(line, bytes, out var written) || written != length)
            {
                return null;
            }

            elements.Add(bytes);
        }

        return elements;
    }

    private static byte[]? Decoded(string text)
    {
        var bytes = new byte[text.Length];
        return Convert.TryFromBase64String(text, bytes, out var written) ? bytes[..written] : null;
    }
}
