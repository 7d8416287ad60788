using Waymark.Audit.Contracts;
using Waymark.Model;
using Waymark.Protection.Contracts;
using Waymark.Protection.Domain;
using Waymark.Rules;
using Waymark.Storage;

namespace Waymark.Protection.Features;

/// <summary>Derogations, legal holds and erasure on the record port.</summary>
public sealed class Exceptions(RulePackSet rules, IStore store, IKeyStore keys, TimeProvider time) : IExceptions
{
    public static readonly TimeSpan LongestDerogation = TimeSpan.FromHours(72);
    public static readonly TimeSpan LongestHold = TimeSpan.FromDays(180);

    /// <summary>Fewer exceptions within <see cref="s_counted"/> say nothing about whoever asked for them.</summary>
    private const int LeastOften = 3;

    private static readonly TimeSpan s_counted = TimeSpan.FromDays(30);
    private static readonly HashSet<string> s_lifting = new(StringComparer.Ordinal) { "data-protection-officer", "legal-officer" };
    private readonly PersonVault _vault = new(keys);
    private readonly ActLeaves _leaves = new(keys);
    private readonly Eraser _eraser = new(store, keys, time);

    public async Task<Result<Derogation>> InvokeAsync(Actor author, string unit, string matter, string rule, string reason, DateTimeOffset expires, CancellationToken cancellationToken)
    {
        var found = rules.Packs.SelectMany(pack => pack.Rules.Select(item => (Pack: pack, Rule: item))).FirstOrDefault(pair => pair.Rule.Id == rule);
        if (found.Rule is null)
        {
            return Error.NotFound("derogation.unknown-rule", "There is no such exception in the rule packs.", "规则包中没有此例外。", rule);
        }

        if (found.Pack.IsFloor)
        {
            return Error.Refused("derogation.floor", "The floor knows no exceptions.", "底线不容例外。", rule);
        }

        if (found.Rule.Kind != RuleKind.Derogation)
        {
            return Error.Refused("derogation.not-one", "This rule is no exception that could be invoked.", "此规则并非可援引的例外。", rule);
        }

        var now = time.GetUtcNow();
        if (reason.Trim().Length is 0 or > 500 || expires <= now || expires > now + LongestDerogation)
        {
            return Error.Invalid("derogation.too-long", "An exception has a reason and ends within 72 hours.", "例外须有理由并在 72 小时内到期。");
        }

        if (Grounds.Check(rules.Vocabulary, reason.Trim()) is { } unfounded)
        {
            return unfounded;
        }

        foreach (var (_, earlier) in await ListAsync("author", author.Account, cancellationToken))
        {
            if (earlier is { Approver: not null, ReviewedAt: null })
            {
                return Error.Refused("derogation.unreviewed", "An earlier exception of yours waits for its review.", "您先前的例外尚待复核。", earlier.Id);
            }
        }

        var made = new Derogation(Ids.New(), matter, rule, reason.Trim(), author.Account, unit, null, null, now, expires, null, null, null);
        return await WriteAsync(made, 0, author.Account, "invoked", cancellationToken);
    }

    public async Task<Result<Derogation>> ApproveAsync(Actor approver, string id, CancellationToken cancellationToken)
    {
        if (await FindAsync(id, cancellationToken) is not var (version, found) || found.Approver is not null || found.Expires <= time.GetUtcNow())
        {
            return Error.NotFound("derogation.unknown", "There is no such exception to approve.", "没有待批准的此项例外。", id);
        }

        return approver.Account == found.Author ? Error.Refused("two.requester", "Whoever asks does not approve.", "申请人不得批准。")
            : !approver.IsHardware ? Error.Refused("two.credential", "Approving needs a trusted security key.", "批准须使用受信安全密钥登录。")
            : approver.Units.Contains(found.AuthorUnit, StringComparer.Ordinal) ? Error.Refused("two.same-unit", "The approver works in another unit.", "批准人须属于其他单位。")
            : await WriteAsync(
                found with { Approver = approver.Account, ApproverRole = approver.Role }, version, approver.Account, "approved", cancellationToken,
                await IsOftenAsync(found, cancellationToken) ? [new(id + ".often", Registers.AlarmQueue, Registers.Bytes(new { kind = "derogation.often", account = found.Author }))] : []);
    }

    public async Task<Result<Derogation>> ReviewAsync(Actor reviewer, string id, bool wasRight, CancellationToken cancellationToken)
    {
        if (await FindAsync(id, cancellationToken) is not var (version, found) || found.Approver is null || found.ReviewedAt is not null)
        {
            return Error.NotFound("derogation.unknown", "There is no such exception to review.", "没有待复核的此项例外。", id);
        }

        return reviewer.Account == found.Author || reviewer.Account == found.Approver ? Error.Refused("two.requester", "Neither author nor approver reviews.", "申请人与批准人均不得复核。")
            : reviewer.Units.Contains(found.AuthorUnit, StringComparer.Ordinal) ? Error.Refused("two.same-unit", "The reviewer works in another unit.", "复核人须属于其他单位。")
            : await WriteAsync(found with { ReviewedBy = reviewer.Account, WasRight = wasRight, ReviewedAt = time.GetUtcNow() }, version, reviewer.Account, "reviewed", cancellationToken);
    }

    public async Task<IReadOnlyList<Derogation>> InForceAsync(string matter, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        return [.. (await ListAsync("matter", matter, cancellationToken)).Select(item => item.Derogation)
            .Where(item => item.Approver is not null && item.Expires > now).OrderByDescending(item => item.From)];
    }

    public async Task<Result<LegalHold>> HoldAsync(Actor actor, string person, string ground, DateTimeOffset until, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        if (ground.Trim().Length is 0 or > 200 || until <= now || until > now + LongestHold)
        {
            return Error.Invalid("hold.invalid", "A hold has a ground and ends within 180 days.", "保留须有依据并在 180 天内到期。");
        }

        var handle = await _vault.HandleAsync(person, cancellationToken);
        if (!handle.IsOk)
        {
            return handle.Error;
        }

        var id = Ids.New();
        var hold = new LegalHold(id, handle.Value, ground.Trim(), actor.Account, now, until, (await HoldsAsync(person, cancellationToken)).Count);
        var written = await store.CommitAsync(
            _leaves, new() { Actor = actor.Account, Reason = "hold.placed", Records = [Registers.Write(Registers.Hold, id, 0, hold, "placed", new RecordHead("person", handle.Value))] }, [person], now, cancellationToken);
        return written.IsOk ? hold : written.Error;
    }

    public async Task<Result<LegalHold>> ReleaseAsync(Actor actor, string person, string id, string ground, CancellationToken cancellationToken)
    {
        var handle = await _vault.HandleAsync(person, cancellationToken);
        if (!handle.IsOk)
        {
            return handle.Error;
        }

        var now = time.GetUtcNow();
        var record = id.Length == 32 ? await store.Records.GetAsync(Registers.Hold, id, cancellationToken) : null;
        if (record is null || Registers.Read<LegalHold>(record) is not { } hold || hold.Person != handle.Value || hold.Until <= now)
        {
            return Error.NotFound("hold.unknown", "There is no such hold.", "没有此项保留。", id);
        }

        var asked = hold.Asked is { } request && now - request.At <= ReviewBook.Longest ? request : null;
        if (!s_lifting.Contains(actor.Role) && (asked is null || actor.Role != "oversight"))
        {
            return Error.Refused("hold.role", "The data-protection officer or the legal officer releases a hold.", "须由数据保护官或法务官解除保留。");
        }

        if (ground.Trim().Length is 0 or > 200)
        {
            return Error.Invalid("hold.invalid", "Releasing has a ground, too.", "解除亦须有依据。", "ground");
        }

        if ((asked is null ? TwoPersons.Alone(actor) : TwoPersons.Check("", asked.By, asked.At, actor, now)) is { } refusal)
        {
            return refusal;
        }

        var next = asked is null ? hold with { Asked = new(actor, now, ground.Trim()) } : hold with { Until = now, ReleasedBy = actor.Account, ReleaseGround = ground.Trim() };
        var did = asked is null ? "release-asked" : "released";
        var written = await store.CommitAsync(
            _leaves, new() { Actor = actor.Account, Reason = "hold." + did, Records = [Registers.Write(Registers.Hold, id, record.Version, next, did, new RecordHead("person", handle.Value))] },
            [person], now, cancellationToken);
        return written.IsOk ? next : written.Error;
    }

    public async Task<IReadOnlyList<LegalHold>> HoldsAsync(string person, CancellationToken cancellationToken)
    {
        var handle = await _vault.HandleAsync(person, cancellationToken);
        var page = handle.IsOk ? await store.Records.ListAsync(new(Registers.Hold, [new("person", handle.Value)], Limit: 1_000), cancellationToken) : throw new StoreException(handle.Error);
        return page.IsOk ? [.. page.Value.Records.Select(Registers.Read<LegalHold>).Where(hold => hold.Until > time.GetUtcNow())] : throw new StoreException(page.Error);
    }

    public async Task<Result<bool>> BeginErasureAsync(Actor first, Actor second, string person, CancellationToken cancellationToken)
    {
        // One act of both: the second signs in with the own key on the own device while the request of the first waits.
        var now = time.GetUtcNow();
        return TwoPersons.Check("", first, now - TwoPersons.LeastApart, second, now) is { } refusal ? refusal : await BeginAsync(person, first, second, [], cancellationToken);
    }

    public async Task<Result<bool>> BeginErasureAsync(Actor requester, string person, CancellationToken cancellationToken)
    {
        var book = new ReviewBook(store, _vault, time);
        var subject = await book.SubjectOfAsync(ReviewKind.Erasure, requester.Account, ReviewRequest.ErasureOf(person), cancellationToken);
        return await book.OpenOfAsync(subject, cancellationToken) is not var (version, review) || !book.IsUsable(review)
            ? Error.Refused("review.not-approved", "Two others have not approved this.", "此事尚未经另外两人批准。")
            : await BeginAsync(person, review.First!.Actor, review.Second!.Actor, [ReviewBook.Use(review, version)], cancellationToken);
    }

    public async Task<Result<bool>> FinishErasureAsync(string person, CancellationToken cancellationToken)
    {
        var handle = await _vault.HandleAsync(person, cancellationToken);
        return handle.IsOk ? await _eraser.FinishAsync(person, handle.Value, cancellationToken) : handle.Error;
    }

    public Task<IReadOnlyList<string>> UnfinishedErasuresAsync(CancellationToken cancellationToken) => _eraser.UnfinishedAsync(cancellationToken);

    private async Task<Result<bool>> BeginAsync(string person, Actor first, Actor second, IReadOnlyList<RecordWrite> used, CancellationToken cancellationToken)
    {
        if ((await HoldsAsync(person, cancellationToken)).Count > 0)
        {
            return Error.Refused("erasure.held", "A legal hold or complaint stands; nothing is erased until it ends.", "存在法律保留或申诉；结束前不得删除。");
        }

        var handle = await _vault.HandleAsync(person, cancellationToken);
        return handle.IsOk ? await _eraser.BeginAsync(person, handle.Value, first.Account, second.Account, used, cancellationToken) : handle.Error;
    }

    public async Task<int> LapseAsync(CancellationToken cancellationToken)
    {
        var lapsed = 0;
        foreach (var state in new[] { "asked", "approved" })
        {
            var page = await store.Records.ListAsync(
                new(Registers.Derogation, [new("state", state)], "expires", Limit: 100, Below: Registers.Time(time.GetUtcNow())), cancellationToken);
            foreach (var record in page.IsOk ? page.Value.Records : throw new StoreException(page.Error))
            {
                var derogation = Registers.Read<Derogation>(record) with { LapsedAt = time.GetUtcNow() };
                lapsed += (await WriteAsync(derogation, record.Version, "waymark", "lapsed", cancellationToken)).IsOk ? 1 : 0;
            }
        }

        return lapsed;
    }

    private async Task<(long Version, Derogation Derogation)?> FindAsync(string id, CancellationToken cancellationToken) =>
        id.Length == 32 && await store.Records.GetAsync(Registers.Derogation, id, cancellationToken) is { } record ? (record.Version, Registers.Read<Derogation>(record)) : null;

    private async Task<IReadOnlyList<(long Version, Derogation Derogation)>> ListAsync(string head, string value, CancellationToken cancellationToken)
    {
        var page = await store.Records.ListAsync(new(Registers.Derogation, [new(head, value)], Limit: 1_000), cancellationToken);
        return page.IsOk ? [.. page.Value.Records.Select(record => (record.Version, Registers.Read<Derogation>(record)))] : throw new StoreException(page.Error);
    }

    /// <summary>Whether with this exception more than one in ten of the matters that its author opened lately were opened by one (M17); counted over the newest thousand permits.</summary>
    private async Task<bool> IsOftenAsync(Derogation approved, CancellationToken cancellationToken)
    {
        var since = time.GetUtcNow() - s_counted;
        var urgent = (await ListAsync("author", approved.Author, cancellationToken)).Select(item => item.Derogation)
            .Where(item => item.From >= since && (item.Approver is not null || item.Id == approved.Id)).Select(item => item.Matter).Distinct(StringComparer.Ordinal).Count();
        if (urgent < LeastOften)
        {
            return false;
        }

        var page = await store.Records.ListAsync(
            new(Registers.Decision, [new("account", approved.Author), new("effect", "permit")], "at", Descending: true, Limit: 1_000, From: Registers.Time(since)), cancellationToken);
        var matters = page.IsOk ? page.Value.Records.Select(record => Registers.Read<DecisionDocument>(record).Matter).Distinct(StringComparer.Ordinal).Count() : throw new StoreException(page.Error);
        return urgent * 10 > matters;
    }

    private async Task<Result<Derogation>> WriteAsync(Derogation derogation, long version, string actor, string did, CancellationToken cancellationToken, QueueItem[]? alarms = null)
    {
        var state = derogation.ReviewedAt is not null ? "reviewed" : derogation.LapsedAt is not null ? "lapsed" : derogation.Approver is not null ? "approved" : "asked";
        var written = await store.CommitAsync(
            _leaves, new()
            {
                Actor = actor, Reason = "derogation." + did,
                Records =
                [
                    Registers.Write(Registers.Derogation, derogation.Id, version, derogation, did, new RecordHead("author", derogation.Author),
                        new RecordHead("matter", derogation.Matter), new RecordHead("state", state), new RecordHead("expires", Registers.Time(derogation.Expires))),
                ],
                Tasks = alarms ?? [],
            },
            [], time.GetUtcNow(), cancellationToken);
        return written.IsOk ? derogation : written.Error;
    }
}
