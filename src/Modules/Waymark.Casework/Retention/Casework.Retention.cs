using Waymark.Audit.Contracts;
using Waymark.Casework.Contracts;
using Waymark.Casework.Documents;
using Waymark.Casework.Engine;
using Waymark.Casework.People;
using Waymark.Casework.Registers;
using Waymark.Casework.Retention;
using Waymark.Model;
using Waymark.Protection.Contracts;
using Waymark.Storage;

namespace Waymark.Casework.Features;

/// <summary>What reached the end of its retention: found, shown without its content, decided by persons.</summary>
public sealed partial class Casework : IRetention
{
    private const string RetentionRound = "casework.retention-round";
    private const int RetentionPage = 500;
    private const int MostWaiting = 200;
    private const int MostErasedShown = 50;

    private ActLeaves Leaves => field ??= new(_parts.Keys);

    public async Task<Result<int>> LookAsync(CancellationToken cancellationToken)
    {
        var (now, found) = (_parts.Time.GetUtcNow(), 0);
        foreach (var plan in Registers.All.Where(plan => plan.Id != PersonCore.Register))
        {
            for (string? after = null; ;)
            {
                var page = await _parts.Store.Records.ScanAsync(plan.Partition, plan.Id, after, RetentionPage, cancellationToken);
                // The day on which it ends depends on where the unit is; a day sooner is looked at more closely.
                foreach (var stored in page.Where(stored => stored.WrittenAt.AddMonths(plan.Retention.Months) <= now.AddDays(1)))
                {
                    var proposed = await ProposeAsync(plan, stored, now, cancellationToken);
                    if (!proposed.IsOk)
                    {
                        return proposed.Error;
                    }

                    found += proposed.Value ? 1 : 0;
                }

                if (page.Count < RetentionPage)
                {
                    break;
                }

                after = page[^1].Id;
            }
        }

        var round = await _parts.Store.Records.GetAsync(RetentionRound, "last", cancellationToken);
        var noted = await _parts.Store.CommitAsync(new()
        {
            Actor = "engine", Reason = "retention.looked", Records = [new(RetentionRound, "last", round?.Version ?? 0, RecordJson.Bytes(new Round(now)), RecordJson.Bytes(new { did = "looked" }), [])],
        }, cancellationToken);
        return noted.IsOk || noted.Error.Code == "store.conflict" ? found : noted.Error;
    }

    private async Task<Result<bool>> ProposeAsync(RegisterPlan plan, StoredRecord stored, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var opened = await _store.OpenAsync(plan, plan.Partition, stored, cancellationToken);
        if (!opened.IsOk || EndOf(opened.Value, stored) is not { } due || due > now)
        {
            // What cannot be opened cannot be told to be at its end; the store's own check names it.
            return false;
        }

        var id = await NoteIdAsync(opened.Value, cancellationToken);
        var known = await _parts.Store.Records.GetAsync(RetentionNote.Kept, id, cancellationToken);
        var before = known is null ? null : RecordJson.Read<RetentionNote>(known.Document.Span);
        if (before is { State: RetentionState.Extended } ? IsKeptOn(before, opened.Value, now) : before?.Version == stored.Version)
        {
            return false;
        }

        var note = new RetentionNote(RetentionState.Proposed, plan.Partition, plan.Id, stored.Id, stored.Version, due, now) { Persons = CaseRights.Persons(opened.Value.Plan, opened.Value.Document).Count };
        var written = await NoteAsync("engine", "retention.proposed", note.Write(id, known?.Version ?? 0, "proposed"), [], null, cancellationToken);
        return written is null ? true : written.Code == "store.conflict" ? false : written;
    }

    public async Task<Result<RetentionDesk>> ListAsync(Actor actor, CancellationToken cancellationToken) =>
        IRetention.Watchers.Contains(actor.Role, StringComparer.Ordinal) ? await DeskAsync(cancellationToken) : NotYours();

    public async Task<Result<RetentionDesk>> CountAsync(CancellationToken cancellationToken) => await DeskAsync(cancellationToken);

    private async Task<Result<RetentionDesk>> DeskAsync(CancellationToken cancellationToken)
    {
        var (lines, isMore, holds) = (new List<RetentionLine>(), false, await HoldsInForceAsync(cancellationToken));
        foreach (var state in Enum.GetValues<RetentionState>())
        {
            var last = state == RetentionState.Erased;
            var page = await _parts.Store.Records.ListAsync(
                new(RetentionNote.Kept, [new("state", Packs.Words.Of(state))], "due", Descending: last, Limit: last ? MostErasedShown : MostWaiting), cancellationToken);
            if (!page.IsOk)
            {
                return page.Error;
            }

            isMore |= !last && page.Value.Next is not null;
            foreach (var stored in page.Value.Records)
            {
                if (await LineAsync(stored.Id, RecordJson.Read<RetentionNote>(stored.Document.Span), holds, cancellationToken) is { } line)
                {
                    lines.Add(line);
                }
            }
        }

        var round = await _parts.Store.Records.GetAsync(RetentionRound, "last", cancellationToken);
        return new RetentionDesk(lines, round is null ? null : RecordJson.Read<Round>(round.Document.Span).At, isMore);
    }

    private async Task<RetentionLine?> LineAsync(string id, RetentionNote note, IReadOnlyList<HoldInForce> holds, CancellationToken cancellationToken)
    {
        var plan = Registers.Find(note.Register);
        var line = new RetentionLine(id, plan?.Title ?? new(note.Register, note.Register), null, note.State, note.Due, note.At)
        {
            Persons = note.Persons, First = note.First?.Account, Second = note.Second?.Account, Ground = note.Ground, Reason = note.Reason, Until = note.Until, Why = plan?.Retention.Reason,
            RegisterId = note.Register, IsReview = plan?.Retention.IsErased == false,
        };
        if (note.State is RetentionState.Erased or RetentionState.Erasing)
        {
            return line;
        }

        // One that was opened again since, or changed, is not at its end any more.
        return await StandingAsync(note, cancellationToken) is not { } loaded ? null : line with
        {
            Reference = References.Of(loaded.Plan, loaded.Document.Id), Due = _parts.Calendars(loaded.Document.Control.Unit).Read(note.Due), IsHeld = await IsHeldAsync(loaded, holds, cancellationToken), IsUnkeyed = await IsUnkeyedAsync(loaded, cancellationToken), Alone = (await AloneAsync(loaded, cancellationToken)).Count,
        };
    }

    public async Task<Result<RetentionState>> DecideAsync(Actor actor, string id, RetentionDecision decision, CancellationToken cancellationToken)
    {
        var now = _parts.Time.GetUtcNow();
        if (!IRetention.Deciders.Contains(actor.Role, StringComparer.Ordinal))
        {
            return NotYours();
        }

        if (actor is not { IsHardware: true, Credential: not null })
        {
            return Error.Refused("two.credential", "Both persons sign in with a trusted security key.", "两人均须使用受信安全密钥登录。");
        }

        var stored = id.Length is > 0 and <= 64 && id.All(char.IsAsciiHexDigitLower) ? await _parts.Store.Records.GetAsync(RetentionNote.Kept, id, cancellationToken) : null;
        var note = stored is null ? null : RecordJson.Read<RetentionNote>(stored.Document.Span);
        if (note is null || await StandingAsync(note, cancellationToken) is not { } loaded)
        {
            return Unknown();
        }

        if (decision.Act is RetentionAct.Approve or RetentionAct.CarryOut && await IsHeldAsync(loaded, await HoldsInForceAsync(cancellationToken), cancellationToken))
        {
            return Error.Refused("retention.held", "A legal hold or complaint stands; nothing is erased until it ends.", "存在法律保留或申诉；结束前不得删除。");
        }

        if (decision.Act is RetentionAct.Approve or RetentionAct.CarryOut && await IsUnkeyedAsync(loaded, cancellationToken))
        {
            return Error.Refused("retention.no-key", "It was made before records had keys of their own, and what was entered in it would go on being readable. Have its persons erased first, or keep it on.",
                "本记录创建于记录设有独立密钥之前，删除后所录内容仍可读取。请先办理删除所涉人员，或延长保存。");
        }

        var next = (decision.Act, note.State) switch
        {
            (RetentionAct.Approve, RetentionState.Proposed) => note with { State = RetentionState.Approved, First = actor, FirstAt = now, At = now },
            (RetentionAct.TakeBack, RetentionState.Approved) => note with { State = RetentionState.Proposed, First = null, FirstAt = null, At = now },
            (RetentionAct.Extend, RetentionState.Proposed or RetentionState.Approved) => KeptOn(note, actor, decision, now),
            (RetentionAct.CarryOut, RetentionState.Approved) => new TwoPersonsRule().Check(note.First!, note.FirstAt!.Value, actor, now) is { } refusal ? refusal
                : note with { State = RetentionState.Erasing, Second = actor, At = now },
            _ => Error.Conflict("retention.not-now", "Somebody decided meanwhile; look again.", "期间已有人作出决定；请重新查看。"),
        };
        if (!next.IsOk)
        {
            return next.Error;
        }

        var did = "retention." + Packs.Words.Of(decision.Act);
        // The record as it was looked at: whatever is entered in it meanwhile ends the decision.
        var written = await NoteAsync(actor.Account, did, next.Value.Write(id, stored!.Version, did), CaseRights.Persons(loaded.Plan, loaded.Document),
            new Precondition(note.Register, note.Record!, note.Version) { Partition = note.Partition }, cancellationToken);
        if (written is not null)
        {
            return written.Code == "store.conflict" ? Error.Conflict("retention.not-now", "Somebody decided meanwhile; look again.", "期间已有人作出决定；请重新查看。") : written;
        }

        return decision.Act == RetentionAct.CarryOut && await EndAsync(id, cancellationToken) is { } failed ? failed : decision.Act == RetentionAct.CarryOut ? RetentionState.Erased : next.Value.State;
    }

    public async Task<Result<IReadOnlyList<RetentionOutcome>>> DecideManyAsync(Actor actor, IReadOnlyList<string> ids, RetentionAct act, CancellationToken cancellationToken)
    {
        if (!IRetention.Deciders.Contains(actor.Role, StringComparer.Ordinal))
        {
            return NotYours();
        }

        if (act == RetentionAct.Extend || ids.Count is 0 or > IRetention.MostAtOnce)
        {
            return Error.Invalid("retention.invalid", $"Choose 1 to {IRetention.MostAtOnce} records and what is decided; keeping on is decided for each by itself.",
                $"请选择 1 至 {IRetention.MostAtOnce} 条记录及所作决定；延长保存须逐条决定。", "act");
        }

        var outcomes = new List<RetentionOutcome>();
        foreach (var id in ids.Distinct(StringComparer.Ordinal))
        {
            outcomes.Add(new(id, (await DecideAsync(actor, id, new(act), cancellationToken)).Error));
        }

        return outcomes;
    }

    /// <summary>Whether an operation or the document is sealed by keys of persons alone, one of which lives on: the record's own key would end nothing of it.</summary>
    private async Task<bool> IsUnkeyedAsync(Loaded loaded, CancellationToken cancellationToken)
    {
        var (partition, register, id) = (loaded.Partition, loaded.Plan.Id, loaded.Document.Id);
        var unkeyed = new List<Envelope>();
        if (await _parts.Store.Records.GetAsync(partition, register, id, cancellationToken) is { } stored)
        {
            unkeyed.Add(RecordJson.Read<Envelope>(stored.Document.Span));
        }

        await foreach (var operation in _parts.Store.Records.HistoryAsync(partition, register, id, cancellationToken))
        {
            // The removal of a record says so in plain words and is no envelope.
            if (RecordJson.Read<Envelope>(operation.Operation.Span) is { Sections: not null } envelope)
            {
                unkeyed.Add(envelope);
            }
        }

        foreach (var envelope in unkeyed.Where(envelope => !envelope.IsKeyed && envelope.Persons.Count > 0))
        {
            var ring = await _store.Vault.RingAsync(partition, envelope.Persons, create: false, cancellationToken);
            if (!ring.IsOk || envelope.Persons.Any(ring.Value.Has))
            {
                return true;
            }
        }

        return false;
    }

    private static Result<RetentionNote> KeptOn(RetentionNote note, Actor actor, RetentionDecision decision, DateTimeOffset now)
    {
        var today = DateOnly.FromDateTime(now.UtcDateTime);
        return decision.Ground is null || decision.Reason?.Trim() is not { Length: > 0 and <= 500 } reason || decision.Until is not { } until || until <= today || until > today.AddDays(IRetention.MostDays)
            ? Error.Invalid("retention.invalid", $"Keeping on has a ground, a reason of at most 500 characters, and an end within {IRetention.MostDays} days.", $"延长保存须有依据、不超过 500 字的理由，以及 {IRetention.MostDays} 天内的期限。")
            : note with { State = RetentionState.Extended, First = actor, FirstAt = now, Ground = decision.Ground, Reason = reason, Until = until, At = now };
    }

    /// <summary>The record of a note while it is at its end and as it was when it was proposed; null once it was opened again or changed.</summary>
    private async Task<Loaded?> StandingAsync(RetentionNote note, CancellationToken cancellationToken) =>
        note.Record is { } id && await _store.ReadAsync(new(note.Register, id, note.Partition), cancellationToken) is { IsOk: true } read && read.Value.Document.Version == note.Version
            && read.Value.Plan.State(read.Value.Document.State) is { IsTerminal: true } ? read.Value : null;

    private DateTimeOffset? EndOf(Loaded loaded, StoredRecord stored) => RetentionEnd.Of(loaded.Plan, loaded.Document, stored.WrittenAt, _parts.Calendars(loaded.Document.Control.Unit));

    // Through the day that was set, where the unit is.
    private bool IsKeptOn(RetentionNote note, Loaded loaded, DateTimeOffset now) => note.Until is { } until && Clocks.EndOf(until, _parts.Calendars(loaded.Document.Control.Unit)) > now;

    private async Task<string> NoteIdAsync(Loaded loaded, CancellationToken cancellationToken) =>
        await _store.KeysAsync(loaded.Partition, cancellationToken) is { IsOk: true } keys ? CaseStore.Handle(keys.Value, CaseStore.Name(loaded.Plan.Id, loaded.Document.Id)) : throw new StoreException(CaseStore.Nothing());

    /// <summary>Writes a note with its leaf. Persons whose salt is gone are not tied to it.</summary>
    private async Task<Error?> NoteAsync(string actor, string act, RecordWrite note, IReadOnlyList<string> persons, Precondition? seen, CancellationToken cancellationToken)
    {
        var set = new WriteSet { Actor = actor, Reason = act, Records = [note], Preconditions = seen is null ? [] : [seen] };
        var writes = await Leaves.AddAsync(set, persons, _parts.Time.GetUtcNow(), cancellationToken);
        writes = writes.Error?.Code == "keys.destroyed" ? await Leaves.AddAsync(set, [], _parts.Time.GetUtcNow(), cancellationToken) : writes;
        return writes.IsOk ? (await _parts.Store.CommitAsync(writes.Value, cancellationToken)).Error : writes.Error;
    }

    private static Error NotYours() => Error.Refused("retention.role", "The data-protection officer or the legal officer decides about retention.", "保存期限由数据保护官或法务官决定。");

    private static Error Unknown() => Error.NotFound("retention.unknown", "There is no such proposal; the record may have been opened again.", "没有此项提议；该记录可能已重新打开。");

    private sealed record Round(DateTimeOffset At);
}
