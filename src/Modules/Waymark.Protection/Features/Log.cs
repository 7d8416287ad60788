using System.Text;
using System.Text.Json;
using Waymark.Audit.Contracts;
using Waymark.Model;
using Waymark.Protection.Contracts;
using Waymark.Protection.Domain;
using Waymark.Storage;

namespace Waymark.Protection.Features;

/// <summary>The log over the register of decisions and the ledger.</summary>
public sealed class Log(IStore store, IKeyStore keys, TimeProvider time) : ILog
{
    private static readonly TimeSpan s_longest = TimeSpan.FromDays(90);
    private readonly PersonVault _vault = new(keys);
    private readonly ActLeaves _leaves = new(keys);

    public async Task<Result<Inquiry>> OpenAsync(Actor actor, string number, string kind, TimeSpan lasts, CancellationToken cancellationToken)
    {
        if (!Watches(actor))
        {
            return NotYours();
        }

        if (kind is not ("review" or "complaint") || number.Length is < 4 or > 64 || number.Any(letter => !char.IsAsciiLetterOrDigit(letter) && letter is not ('-' or '/' or '.')))
        {
            return Error.Invalid("log.number", "An inquiry is a review or a complaint with its number.", "须注明审查或申诉的编号。", "number");
        }

        var inquiry = new Inquiry(number, kind, actor.Account, time.GetUtcNow() + (lasts < s_longest ? lasts : s_longest));
        var known = await store.Records.GetAsync(Registers.Inquiry, number, cancellationToken);
        var written = await store.CommitAsync(
            _leaves, new() { Actor = actor.Account, Reason = "log.inquiry-opened", Records = [Registers.Write(Registers.Inquiry, number, known?.Version ?? 0, inquiry, "opened")] }, [], time.GetUtcNow(), cancellationToken);
        return written.IsOk ? inquiry : written.Error;
    }

    public async Task<Result<IReadOnlyList<LogLine>>> ReadAsync(Actor actor, string inquiry, string? matter, int limit, CancellationToken cancellationToken)
    {
        if (await MayAsync(actor, inquiry, "log", cancellationToken) is { } refusal)
        {
            return refusal;
        }

        var where = new List<RecordHead>();
        if (matter is not null)
        {
            var handle = await _vault.HandleAsync(matter, cancellationToken);
            if (!handle.IsOk)
            {
                return handle.Error;
            }

            where.Add(new("matter", handle.Value));
        }

        return await LinesAsync(where, limit, cancellationToken);
    }

    public async Task<Result<IReadOnlyList<LogLine>>> ReadActorAsync(Actor first, Actor second, string inquiry, string account, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        if (!Watches(first) || !Watches(second))
        {
            return NotYours();
        }

        if (TwoPersons.Check("", first, now - TwoPersons.LeastApart, second, now) is { } same)
        {
            return same;
        }

        return await MayAsync(first, inquiry, "log-of-one", cancellationToken, second) is { } refusal ? refusal : await LinesAsync([new("account", account)], 1_000, cancellationToken);
    }

    public async Task<Result<IReadOnlyList<LookLine>>> LooksAsync(Actor actor, string person, string request, CancellationToken cancellationToken)
    {
        if (actor is not { Role: "data-protection-officer", IsHardware: true })
        {
            return NotYours();
        }

        var (handle, matter) = (await _vault.HandleAsync(person, cancellationToken), await _vault.HandleAsync(request, cancellationToken));
        if (!handle.IsOk || !matter.IsOk)
        {
            return handle.Error ?? matter.Error!;
        }

        if (await NoteAsync(actor, "looks", matter.Value, null, [person], cancellationToken) is { } unnoted)
        {
            return unnoted;
        }

        var page = await store.Records.ListAsync(new(DecisionWriter.IndexRegister, [new("person", handle.Value)], "at", Descending: true, Limit: 1_000), cancellationToken);
        if (!page.IsOk)
        {
            return page.Error;
        }

        var told = new List<DecisionDocument>();
        foreach (var id in page.Value.Records.Select(record => Registers.Read<Indexed>(record).Decision))
        {
            // Every decision is opened, told or not, so that the time it takes says nothing either.
            if (await store.Records.GetAsync(Registers.Decision, id, cancellationToken) is { } record && Registers.Read<DecisionDocument>(record) is var decision
                && !await IsDelayedAsync(decision, cancellationToken) && decision.IsPermit)
            {
                told.Add(decision);
            }
        }

        return Result<IReadOnlyList<LookLine>>.Ok(
        [
            .. told.GroupBy(decision => (Day: DateOnly.FromDateTime(decision.At.UtcDateTime), decision.Role, decision.Unit, decision.Action, decision.Purpose))
                .Select(group => new LookLine(group.Key.Day, group.Key.Role, group.Key.Unit, group.Key.Action, group.Key.Purpose, group.Count())),
        ]);
    }

    public async Task<DecisionView?> DecisionAsync(Actor actor, string id, CancellationToken cancellationToken)
    {
        if (id.Length != 32 || await store.Records.GetAsync(Registers.Decision, id, cancellationToken) is not { } record)
        {
            return null;
        }

        var document = Registers.Read<DecisionDocument>(record);
        if (document.Account != actor.Account && actor.Role is not ("data-protection-officer" or "legal-officer"))
        {
            return null;
        }

        var content = document.Sealed is null ? null : await _vault.OpenAsync(document.Id, document.Persons, document.Sealed, cancellationToken);
        var said = content is null ? null : JsonSerializer.Deserialize<DecisionContent>(content, Registers.Json);
        if (document.Account == actor.Account && said?.Shown is { } shown)
        {
            said = said with { English = shown.English, Chinese = shown.Chinese, InTheWay = shown.InTheWay, Nearest = shown.Nearest };
        }

        return new(document.Id, document.At, document.Role, document.Unit, document.Action, document.Purpose, document.IsPermit, document.Ground, document.IsSecondPurpose, document.Packs, document.Leaf,
            said is not null ? Both(said.English, said.Chinese) : Unsealed(document.Ground) is { } alone ? [alone] : null)
        {
            InTheWay = said?.InTheWay is { } way ? Both(way.English, way.Chinese) : [], Nearest = Math.Min(said?.Nearest ?? 0, said?.English.Count ?? 0),
        };

        static IReadOnlyList<LocalText> Both(IReadOnlyList<string> english, IReadOnlyList<string> chinese) => [.. english.Zip(chinese, (en, zh) => new LocalText(en, zh))];
    }

    public async Task<ChainState> ChainAsync(CancellationToken cancellationToken)
    {
        var head = await store.Ledger.HeadAsync(cancellationToken);
        var waiting = (await store.Ledger.PendingAsync(1_000, cancellationToken)).Sum(pending => (long)pending.Count);
        return new(head.Size, head.At, waiting, head.Checkpoint is { } note ? Encoding.UTF8.GetString(note.Span) : null);
    }

    /// <summary>What there is to say of a decision of which nothing was sealed, because nothing of a record or a person was in it.</summary>
    private static LocalText? Unsealed(string ground) => EarlyStops.TextOf(ground);

    private static bool Watches(Actor actor) => ILog.Readers.Contains(actor.Role, StringComparer.Ordinal);

    /// <summary>Whether the log may be read now; that it was read is written before the first line is.</summary>
    private async Task<Error?> MayAsync(Actor actor, string inquiry, string what, CancellationToken cancellationToken, Actor? second = null)
    {
        if (!Watches(actor))
        {
            return NotYours();
        }

        var record = inquiry.Length is > 3 and <= 64 ? await store.Records.GetAsync(Registers.Inquiry, inquiry, cancellationToken) : null;
        if (record is null || Registers.Read<Inquiry>(record).Until <= time.GetUtcNow())
        {
            return Error.Refused("log.no-inquiry", "The log is read under the number of an open review or complaint.", "须凭未结审查或申诉的编号查阅日志。");
        }

        return await NoteAsync(actor, what, inquiry, second, [], cancellationToken);
    }

    private async Task<Error?> NoteAsync(Actor actor, string what, string inquiry, Actor? second, IReadOnlyList<string> persons, CancellationToken cancellationToken)
    {
        var noted = await store.CommitAsync(
            _leaves, new()
            {
                Actor = actor.Account,
                Reason = "log.read",
                Records = [Registers.Write(Registers.Reading, Ids.New(), 0, new { what, inquiry, by = actor.Account, second = second?.Account, at = time.GetUtcNow() }, "read", new RecordHead("at", Registers.Time(time.GetUtcNow())))],
            },
            persons, time.GetUtcNow(), cancellationToken);
        return noted.Error;
    }

    /// <summary>Grounds on which a law, or the person's own safety, keeps a look from being told. That informing would have held up aid at collection is none.</summary>
    private static readonly HashSet<string> s_delaying = new(StringComparer.Ordinal) { "secrecy-law", "obstructs-duty", "reasonable-suspicion", "danger" };

    private async Task<bool> IsDelayedAsync(DecisionDocument decision, CancellationToken cancellationToken)
    {
        var content = decision.Sealed is null ? null : await _vault.OpenAsync(decision.Id, decision.Persons, decision.Sealed, cancellationToken);
        var said = content is null ? null : JsonSerializer.Deserialize<DecisionContent>(content, Registers.Json);
        return said?.Stated.GetValueOrDefault("notice.deferred_reason") is [var ground, ..] && s_delaying.Contains(ground) && time.GetUtcNow() < decision.At + ILog.LongestDelay;
    }

    private sealed record Indexed(string Decision);

    private async Task<Result<IReadOnlyList<LogLine>>> LinesAsync(IReadOnlyList<RecordHead> where, int limit, CancellationToken cancellationToken)
    {
        var page = await store.Records.ListAsync(new(Registers.Decision, where, "at", Descending: true, Limit: Math.Clamp(limit, 1, 1_000)), cancellationToken);
        return page.IsOk
            ? Result<IReadOnlyList<LogLine>>.Ok([.. page.Value.Records.Select(Registers.Read<DecisionDocument>)
                .Select(item => new LogLine(item.Id, item.At, item.Role, item.Unit, item.Action, item.Purpose, item.IsPermit, item.IsSecondPurpose) { Stop = EarlyStops.TextOf(item.Ground) })])
            : page.Error;
    }

    private static Error NotYours() => Error.Refused("log.role", "The log is for oversight and the data-protection officer.", "日志仅供监督人员与数据保护官查阅。");
}
