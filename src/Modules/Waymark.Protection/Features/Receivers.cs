using Waymark.Audit.Contracts;
using Waymark.Ledger;
using Waymark.Model;
using Waymark.Protection.Contracts;
using Waymark.Protection.Domain;
using Waymark.Storage;

namespace Waymark.Protection.Features;

/// <summary>Receivers of exports on the record port, each act with its leaf.</summary>
public sealed class Receivers(IStore store, IKeyStore keys, TimeProvider time) : IReceivers
{
    private static readonly HashSet<string> s_proposing = new(StringComparer.Ordinal) { "data-protection-officer", "legal-officer" };
    private static readonly HashSet<string> s_watching = new(s_proposing, StringComparer.Ordinal) { "oversight" };
    private readonly ActLeaves _leaves = new(keys);

    public async Task<Result<Receiver>> ProposeAsync(Actor actor, NewReceiver receiver, CancellationToken cancellationToken)
    {
        if (Refused(actor, s_proposing) is { } refusal)
        {
            return refusal;
        }

        var (organisation, key) = (receiver.Organisation.Trim(), ReceiverKey.Parse(receiver.Key));
        if (!key.IsOk)
        {
            return key.Error;
        }

        if (organisation.Length is 0 or > 200 || receiver.Type is "" or "none" or { Length: > 64 } || receiver.Area.Length != 3 || !receiver.Area.All(char.IsAsciiLetterUpper)
            || receiver.Days is < 1 or > IReceivers.MostDays)
        {
            return Error.Invalid("receiver.invalid", $"A receiver has an organisation, a kind, a country or area of three letters, and 1 to {IReceivers.MostDays} days.",
                $"接收方须有组织名称、类型、三字母国家或地区代码及 1 至 {IReceivers.MostDays} 天的期限。");
        }

        // Whoever pastes the address of the record names its id as well.
        var review = receiver.Review?.Trim().Split('?')[0].Split('/')[^1] is { Length: > 0 } named ? named : null;
        if (review is not null && !(review.Length == 32 && review.All(char.IsAsciiHexDigitLower)))
        {
            return Error.Invalid("receiver.review", "A review of a transfer is named by the address of its record.", "转移审查以其记录地址指明。", "review");
        }

        var now = time.GetUtcNow();
        if ((await AllAsync(cancellationToken)).Any(known => known.Document.Key == key.Value.ToString() && known.Document.StateAt(now) is ReceiverState.Proposed or ReceiverState.InForce))
        {
            return Error.Conflict("receiver.known", "This key waits or is in force already.", "该公钥已在待确认或有效状态。", key.Value.Fingerprint);
        }

        var made = new ReceiverDocument(Ids.New(), organisation, receiver.Type, receiver.Area, key.Value.ToString(), receiver.Days, actor, now, null, null, null, null, null, review);
        return await WriteAsync(made, 0, actor, "proposed", cancellationToken);
    }

    public async Task<Result<Receiver>> ConfirmAsync(Actor actor, string id, string? fingerprint, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        if (await ReadAsync(id, cancellationToken) is not var (version, found) || found.StateAt(now) != ReceiverState.Proposed)
        {
            return Unknown(id);
        }

        if (Refused(actor, s_watching) is { } refusal)
        {
            return refusal;
        }

        if (TwoPersons.Check("", found.By, found.At, actor, now) is { } one)
        {
            return one;
        }

        return !found.Read().IsFingerprint(fingerprint)
            ? Error.Invalid("receiver.fingerprint", "These are not the digits of this key. Ask the receiver to read them out by another way than the key came.", "指纹与此公钥不符。请接收方以不同于发送公钥的途径读出指纹。", "fingerprint")
            : await WriteAsync(found with { Second = actor.Account, Confirmed = now }, version, actor, "confirmed", cancellationToken);
    }

    public async Task<Result<Receiver>> WithdrawAsync(Actor actor, string id, string reason, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        return await ReadAsync(id, cancellationToken) is not var (version, found) || found.StateAt(now) is not (ReceiverState.Proposed or ReceiverState.InForce) ? Unknown(id)
            : !s_watching.Contains(actor.Role) ? Role()
            : reason.Trim().Length is 0 or > 500 ? Error.Invalid("receiver.invalid", "Ending it has a reason of at most 500 characters.", "终止须附不超过 500 字的理由。", "reason")
            : await WriteAsync(found with { WithdrawnBy = actor.Account, Withdrawn = now, Reason = reason.Trim() }, version, actor, "withdrawn", cancellationToken);
    }

    public async Task<Receiver?> FindAsync(string? id, CancellationToken cancellationToken) =>
        id is not null && await ReadAsync(id, cancellationToken) is var (_, found) && found.StateAt(time.GetUtcNow()) == ReceiverState.InForce ? View(found, null) : null;

    public async Task<IReadOnlyList<Receiver>> ListAsync(Actor? actor, CancellationToken cancellationToken) =>
        [.. (await AllAsync(cancellationToken)).Select(known => View(known.Document, actor)).OrderByDescending(receiver => receiver.From)];

    private Receiver View(ReceiverDocument document, Actor? actor) => new(
        document.Id, document.Organisation, document.Type ?? "", document.Area, document.Read(), document.Confirmed ?? document.At, document.Ends, document.StateAt(time.GetUtcNow()))
    {
        Review = document.Review, IsOwn = document.By.Account == actor?.Account,
    };

    private async Task<Result<Receiver>> WriteAsync(ReceiverDocument document, long version, Actor actor, string did, CancellationToken cancellationToken)
    {
        var written = await store.CommitAsync(
            _leaves, new() { Actor = actor.Account, Reason = "receiver." + did, Records = [Registers.Write(Registers.Receiver, document.Id, version, document, did)] }, [], time.GetUtcNow(), cancellationToken);
        return written.IsOk ? View(document, actor) : written.Error;
    }

    private async Task<IReadOnlyList<(long Version, ReceiverDocument Document)>> AllAsync(CancellationToken cancellationToken)
    {
        var page = await store.Records.ListAsync(new(Registers.Receiver, [], Limit: 1_000), cancellationToken);
        return page.IsOk ? [.. page.Value.Records.Select(record => (record.Version, Registers.Read<ReceiverDocument>(record)))] : throw new StoreException(page.Error);
    }

    private async Task<(long Version, ReceiverDocument Document)?> ReadAsync(string id, CancellationToken cancellationToken) =>
        id.Length == 32 && await store.Records.GetAsync(Registers.Receiver, id, cancellationToken) is { } record ? (record.Version, Registers.Read<ReceiverDocument>(record)) : null;

    private static Error? Refused(Actor actor, HashSet<string> roles) => roles.Contains(actor.Role) ? TwoPersons.Alone(actor) : Role();

    private static Error Role() => Error.Refused("receiver.role", "Receivers are entered by the data-protection or legal officer, and confirmed by another of them or oversight.",
        "接收方由数据保护官或法务官登记，并由其中另一人或监督人员确认。");

    private static Error Unknown(string id) => Error.NotFound("receiver.unknown", "There is no such receiver.", "没有此接收方。", id);

    /// <summary>As it is stored; the key in its one-line form. One that was entered before kinds were asked for has none, and the gate lets nothing go to it.</summary>
    private sealed record ReceiverDocument(
        string Id, string Organisation, string? Type, string Area, string Key, int Days, Actor By, DateTimeOffset At, string? Second, DateTimeOffset? Confirmed, string? WithdrawnBy, DateTimeOffset? Withdrawn,
        string? Reason, string? Review)
    {
        public DateTimeOffset Ends => Withdrawn ?? (Confirmed is { } from ? from.AddDays(Days) : At + ReviewBook.Longest);

        public ReceiverState StateAt(DateTimeOffset now) =>
            Withdrawn is not null ? ReceiverState.Withdrawn : Ends <= now ? ReceiverState.Expired : Confirmed is null ? ReceiverState.Proposed : ReceiverState.InForce;

        public ReceiverKey Read() => ReceiverKey.Parse(Key).Match(key => key, error => throw new StoreException(error));
    }
}
