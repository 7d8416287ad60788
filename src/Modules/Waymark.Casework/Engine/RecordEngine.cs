using Waymark.Casework.Contracts;
using Waymark.Casework.Documents;
using Waymark.Casework.People;
using Waymark.Casework.Registers;
using Waymark.Linkage;
using Waymark.Model;
using Waymark.Protection.Contracts;
using Waymark.Storage;

namespace Waymark.Casework.Engine;

/// <summary>What records stand on; <c>Calendars</c> answers <see cref="UnitCalendar.Default"/> for a unit without one. Migrations and reminders need no more.</summary>
public record RecordParts(RegisterLibrary Registers, IStore Store, IKeyStore Keys, LinkageKnowledge Knowledge, TimeProvider Time, Func<string, UnitCalendar> Calendars);

/// <summary>What case work stands on besides: the gate, and who agreed to what.</summary>
public sealed record CaseworkParts(
    RegisterLibrary Registers, IStore Store, IKeyStore Keys, IGate Gate, IConsents Consents, IExceptions Exceptions, LinkageKnowledge Knowledge, TimeProvider Time,
    Func<string, UnitCalendar> Calendars) : RecordParts(Registers, Store, Keys, Knowledge, Time, Calendars)
{
    /// <summary>All units of the node, so that a search for a missing person asks every holder; each still sees its own only.</summary>
    public Func<CancellationToken, Task<IReadOnlyList<string>>> Units { get; init; } = static _ => Task.FromResult<IReadOnlyList<string>>([]);

    /// <summary>What kinds of alarms set going; one that is not here opens a breach.</summary>
    public IReadOnlyDictionary<string, AlarmKind> Alarms { get; init; } = new Dictionary<string, AlarmKind>();

    public Files.FileLimits FileLimits { get; init; } = new();

    /// <summary>Those to whom lists may go. Null: nothing is exported.</summary>
    public IReceivers? Receivers { get; init; }

    /// <summary>Null: files are kept unscanned, and every page says so.</summary>
    public Files.IFileScanner? Scanner { get; init; }
}

/// <summary>
/// Records over store, gate and machine: what every register runs through. Typed modules stand on it and are unknown to it; where one of them has a say, the engine asks a question of
/// <c>RecordEngine.Asking</c>.
/// </summary>
public abstract partial class RecordEngine
{
    /// <summary>How often a write is tried again when somebody else wrote first.</summary>
    private protected const int MostTries = 24;

    private protected readonly CaseworkParts _parts;
    private protected readonly CaseStore _store;
    private protected readonly StandingFacts _standing;

    private protected RecordEngine(CaseworkParts parts)
    {
        _parts = parts;
        _store = new(parts);
        _standing = new(parts.Registers, _store);
    }

    public RegisterLibrary Registers => _parts.Registers;

    /// <summary>The question to the gate, with what the organisation decided for this purpose beforehand.</summary>
    private protected Task<GateRequest> AskAsync(
        CaseDesk desk, RegisterPlan plan, string matter, RecordDocument? document, IReadOnlyList<string> persons, string action, string recipient, CancellationToken cancellationToken) =>
        AskAsync(desk, plan, matter, document, persons, action, recipient, null, cancellationToken);

    private protected async Task<GateRequest> AskAsync(
        CaseDesk desk, RegisterPlan plan, string matter, RecordDocument? document, IReadOnlyList<string> persons, string action, string recipient,
        IReadOnlyDictionary<string, IReadOnlyList<string>>? typed, CancellationToken cancellationToken) =>
        CaseRights.Ask(_standing.WithoutClaims(desk, plan), plan, matter, document, persons, action, recipient,
            await _standing.WithNamedAsync(typed, plan, document, recipient, cancellationToken), await _standing.OfAsync(plan, desk.Purpose, typed?.GetValueOrDefault("data.identifiable") is ["true"], cancellationToken)) with
        {
            Stopped = await FrozenAsync(desk.Purpose, action, [matter, .. persons], cancellationToken),
        };

    /// <summary>A look at one record: known to the desk, asked of the gate, masked by the gate's answer and by the desk's purpose.</summary>
    private protected async Task<CaseAnswer<T>> LookAsync<T>(
        CaseDesk desk, RecordAddress record, Func<Loaded, GateRequest, CancellationToken, Task<T>> read, Func<T, Func<FieldPlan, bool>, T> hide, CancellationToken cancellationToken) where T : class, IPersonal<T>
    {
        var loaded = await KnownAsync(desk, record, cancellationToken);
        if (!loaded.IsOk)
        {
            return loaded.Error;
        }

        var (plan, document) = (loaded.Value.Plan, loaded.Value.Document);
        var request = await AskAsync(desk, plan, document.Id, document, CaseRights.Persons(plan, document), "read", "none", cancellationToken);
        return Answer(await _parts.Gate.OpenAsync(request, token => read(loaded.Value, request, token), cancellationToken), known => hide(known, CaseRights.Hidden(Registers, desk)));
    }

    public Task<CaseAnswer<RecordView>> OpenAsync(CaseDesk desk, RecordAddress record, CancellationToken cancellationToken) => LookAsync(desk, record, async (loaded, _, token) =>
    {
        var (plan, document) = (loaded.Plan, loaded.Document);
        var steps = plan.From[plan.State(document.State)!.Index];
        var context = await ContextAsync(desk, plan, document, steps, token);
        return new RecordView(plan, document with { Links = [] }, loaded.Partition, [], loaded.IsErased, [.. steps.Select(step => new OpenStep(step, Steps.Check(plan, document, step, context)))], _store.Due(plan, document))
        {
            Links = await SeenLinksAsync(desk, loaded, token),
            Counted = await CountedAsync(plan, document, token),
        };
    }, (view, hidden) => view.Without(hidden), cancellationToken);

    public Task<CaseAnswer<RecordFacts>> FactsAsync(CaseDesk desk, RecordAddress record, CancellationToken cancellationToken) => LookAsync(
        desk, record, (loaded, request, _) => Task.FromResult(new RecordFacts(loaded.Plan, References.Of(loaded.Plan, loaded.Document.Id), request.Facts, request.DeclaredPurpose!, 0)),
        (facts, hidden) => facts.Without(hidden), cancellationToken);

    public async Task<CaseAnswer<CaseList>> ListAsync(CaseDesk desk, ListQuestion question, CancellationToken cancellationToken)
    {
        if (Registers.Find(question.Register) is not { } plan || plan.IsTyped)
        {
            // Persons are never listed, they are found out of a case; match reviews have a queue of their own.
            return CaseStore.Nothing();
        }

        var filters = new List<(FieldPlan Field, string Word)>();
        foreach (var (path, word) in question.Filters)
        {
            if (plan.View.Filters.FirstOrDefault(field => field.Path == path) is not { } field)
            {
                return Error.Invalid("case.filter", "This list has no such filter.", "此列表没有该筛选项。", path);
            }

            filters.Add((field, word));
        }

        var (matter, failed) = ("list." + plan.Id, (Error?)null);
        var request = await AskListAsync(desk, plan, matter, cancellationToken);
        var gate = Rows(desk, plan, request);
        var answer = await _parts.Gate.OpenAsync(request, async token =>
        {
            var listed = await RowsAsync(desk, plan, question, filters.Count == 0 ? null : (document, isHidden) => filters.TrueForAll(filter => !isHidden(filter.Field) && Says(document, filter.Field, filter.Word)), gate, token);
            failed = listed.Error;
            return listed.IsOk ? listed.Value : new CaseList(plan, [], null);
        }, cancellationToken);
        return failed is not null ? failed : await LackingAsync(Answer(answer, list => list), plan, desk, cancellationToken);
    }

    /// <summary>Rows by the index; filters and need-to-know on what was opened. Named people find what is kept for them by the key of their account.</summary>
    private async Task<Result<CaseList>> RowsAsync(CaseDesk desk, RegisterPlan plan, ListQuestion question, Func<RecordDocument, Func<FieldPlan, bool>, bool>? says, RowGate gate, CancellationToken cancellationToken)
    {
        var rows = new List<CaseRow>();
        var hidden = CaseRights.Hidden(Registers, desk);
        if (question.After is null)
        {
            rows.AddRange(await NamedAsync(desk, plan, question, says, hidden, gate, cancellationToken));
            rows.AddRange(await OfferedAsync(desk, plan, question, says, hidden, gate, cancellationToken));
        }

        // Where every record is severe the ceiling would hide them all; those for named people only are then left out one by one.
        var (ceiling, next, limit) = (plan.Sensitivity == Sensitivity.Severe ? Sensitivity.Severe : Sensitivity.High, question.After, Math.Clamp(question.Limit, 1, 200));
        for (var round = 0; round < 5 && rows.Count < limit; round++)
        {
            var page = await _parts.Store.Records.ListIndexedAsync(
                new(plan.Partition, plan.Id, CaseRights.Filter(Registers, desk, ceiling), question.States.Count == 0 ? null : question.States, question.Owner, question.DueBefore,
                    question.ByChange ? IndexOrder.Changed : IndexOrder.Due, limit, next), cancellationToken);
            if (!page.IsOk)
            {
                return page.Error;
            }

            var stored = await _parts.Store.Records.GetManyAsync(plan.Partition, plan.Id, [.. page.Value.Records.Select(row => row.Id)], cancellationToken);
            rows.AddRange((await ShownAsync(desk, plan, stored, says, hidden, gate, cancellationToken)).Where(row => rows.TrueForAll(known => known.Address != row.Address)).ToList());
            next = page.Value.Next;
            if (next is null)
            {
                break;
            }
        }

        return new CaseList(plan, rows, next);
    }

    private Task<IReadOnlyList<CaseRow>> NamedAsync(
        CaseDesk desk, RegisterPlan plan, ListQuestion question, Func<RecordDocument, Func<FieldPlan, bool>, bool>? says, Func<FieldPlan, bool> hidden, RowGate gate, CancellationToken cancellationToken) =>
        ByKeyAsync(desk, plan, question, says, hidden, gate, CaseRights.Filter(Registers, desk, Sensitivity.Severe), Search.KeyKind.Member, [desk.Actor.Account], cancellationToken);

    /// <summary>What another unit offers to the desk's units: it is theirs to accept, and in the other unit's rows until then.</summary>
    private async Task<IReadOnlyList<CaseRow>> OfferedAsync(
        CaseDesk desk, RegisterPlan plan, ListQuestion question, Func<RecordDocument, Func<FieldPlan, bool>, bool>? says, Func<FieldPlan, bool> hidden, RowGate gate, CancellationToken cancellationToken)
    {
        var others = (await _parts.Units(cancellationToken)).Except(desk.Actor.Units, StringComparer.Ordinal).Take(256).ToList();
        var rows = others.Count == 0 ? [] : await ByKeyAsync(
            desk, plan, question with { Owner = null }, says, hidden, gate, CaseRights.Filter(Registers, desk, Sensitivity.Severe) with { Units = others }, Search.KeyKind.Offered, desk.Actor.Units, cancellationToken);
        return [.. rows.Select(row => row with { IsOffered = true })];
    }

    private async Task<IReadOnlyList<CaseRow>> ByKeyAsync(
        CaseDesk desk, RegisterPlan plan, ListQuestion question, Func<RecordDocument, Func<FieldPlan, bool>, bool>? says, Func<FieldPlan, bool> hidden, RowGate gate, RowFilter filter, Search.KeyKind kind,
        IEnumerable<string> words, CancellationToken cancellationToken)
    {
        var keys = await _store.KeysAsync(plan.Partition, cancellationToken);
        if (!keys.IsOk)
        {
            return [];
        }

        var found = await _parts.Store.Records.SearchAsync(new(plan.Partition, [plan.Id], [.. words.Take(16).Select(word => keys.Value.Key(kind, word))], filter, 100), cancellationToken);
        var stored = await _parts.Store.Records.GetManyAsync(plan.Partition, plan.Id, [.. found.Records.Select(match => match.Id)], cancellationToken);
        return [.. (await ShownAsync(desk, plan, stored, says, hidden, gate, cancellationToken)).Where(row =>
            (question.States.Count == 0 || question.States.Contains(row.State, StringComparer.Ordinal)) && (question.Owner is null || question.Owner == row.Owner))];
    }

    private async Task<IReadOnlyList<CaseRow>> ShownAsync(
        CaseDesk desk, RegisterPlan plan, IReadOnlyList<StoredRecord> stored, Func<RecordDocument, Func<FieldPlan, bool>, bool>? says, Func<FieldPlan, bool> hidden, RowGate gate, CancellationToken cancellationToken)
    {
        var known = new List<(StoredRecord Stored, Loaded Record)>();
        foreach (var one in stored)
        {
            if (await _store.OpenAsync(plan, plan.Partition, one, cancellationToken) is { IsOk: true } opened && CaseRights.MayKnow(Registers, desk, plan, opened.Value.Document))
            {
                known.Add((one, opened.Value));
            }
        }

        var rows = new List<CaseRow>();
        foreach (var ((one, record), leave) in known.Zip(await gate.OfAsync([.. known.Select(row => row.Record.Document)], cancellationToken)))
        {
            // A filter or search would tell what stands in a record whose values nobody reads now.
            bool IsHidden(FieldPlan field) => leave!.Stopped is not null || hidden(field) || (field.Mask is { } mask && leave.Masked.Contains(mask));
            var document = record.Document;
            if (leave is null || (says is not null && (leave.Stopped is not null || !says(document, IsHidden))))
            {
                continue;
            }

            rows.Add(new(record.Plan.State(document.State)!.Name, new(plan.Id, document.Id, plan.Partition), References.Of(plan, document.Id), document.State, document.Owner, _store.Due(plan, document), one.WrittenAt,
                document.HasConflict, [.. plan.View.Columns.Select(field => IsHidden(field) ? null : document.One(field.Path)?.Value)]) { Stopped = leave.Stopped });
        }

        return rows;
    }

    /// <summary>A refusal says first when nothing was decided yet for this purpose and register.</summary>
    private async Task<CaseAnswer<T>> LackingAsync<T>(CaseAnswer<T> answer, RegisterPlan plan, CaseDesk desk, CancellationToken cancellationToken) where T : class =>
        answer.Refusal is { } refusal && await _standing.LackAsync(plan, desk.Purpose, cancellationToken) is { } lack ? answer with { Refusal = refusal with { Nearest = [lack, .. refusal.Nearest] } } : answer;

    private static bool Says(RecordDocument document, FieldPlan field, string word) => document.One(field.Path) is { } claim && Steps.Words(field, claim.Value).Contains(word, StringComparer.Ordinal);

    public Task<CaseAnswer<RecordHistory>> HistoryAsync(CaseDesk desk, RecordAddress record, CancellationToken cancellationToken) => LookAsync(desk, record, async (loaded, _, token) =>
    {
        var (lines, links) = (await LinesAsync(loaded, token), new HashSet<string>(StringComparer.Ordinal));
        foreach (var link in lines.Select(line => line.Operation.Link).OfType<RecordLink>())
        {
            if (await SeesAsync(desk, link, loaded, token) is not null)
            {
                links.Add(link.Id);
            }
        }

        return new RecordHistory(loaded.Plan,
        [
            .. Merging.MergeMark.WithoutWhatLeft(lines).Select(line => line with
            {
                NotUndone = Together(record, line.Operation) is not null ? null : Undone(loaded.Plan, loaded.Document, line, line.Operation).Error?.Message,
                // Where a link leads is seen by whom it is meant for.
                Operation = line.Operation.Link is { } link && !links.Contains(link.Id) ? line.Operation with { Link = null } : line.Operation,
            }),
        ]);
    }, (history, hidden) => history.Without(hidden), cancellationToken);

    private protected async Task<IReadOnlyList<HistoryLine>> LinesAsync(Loaded loaded, CancellationToken cancellationToken)
    {
        var lines = new List<HistoryLine>();
        RegisterPlan? edition = null;
        await foreach (var stored in _parts.Store.Records.HistoryAsync(loaded.Partition, loaded.Plan.Id, loaded.Document.Id, cancellationToken))
        {
            var envelope = RecordJson.Read<Envelope>(stored.Operation.Span);
            var ring = await _store.RingAsync(loaded.Partition, loaded.Document.Id, envelope, cancellationToken);
            if (!ring.IsOk || envelope.Of(ring.Value) is not { } own)
            {
                throw new StoreException(ring.Error ?? CaseStore.Nothing());
            }

            var operation = Sealing.OpenOperation(loaded.Document.Id, envelope, own);
            var before = edition;
            if ((operation.Pack?.Hash ?? operation.First?.PackHash) is { } hash)
            {
                edition = await _store.Packs.FindAsync(loaded.Plan.Id, hash, cancellationToken);
            }

            lines.Add(new(stored.Version, operation) { Plan = edition ?? loaded.Plan, Before = operation.Kind == OperationKind.Migrate ? before : null });
        }

        return lines;
    }

    /// <summary>The record when the desk may know of it; else the one neutral answer.</summary>
    private protected async Task<Result<Loaded>> KnownAsync(CaseDesk desk, RecordAddress record, CancellationToken cancellationToken, bool isReview = false)
    {
        var loaded = await _store.ReadAsync(record, cancellationToken);
        return (record.Register == RegisterPlan.Reviews) != isReview ? CaseStore.Nothing() : loaded.IsOk && !CaseRights.MayKnow(Registers, desk, loaded.Value.Plan, loaded.Value.Document) ? CaseStore.Nothing() : loaded;
    }

    private protected static CaseAnswer<T> Answer<T>(GateAnswer<T> answer, Func<T, T> last) where T : class => new(answer.IsPermitted ? last(answer.Value!) : null, answer.Refusal, answer.Error)
    {
        Decision = answer.Permit?.Decision ?? answer.Refusal?.Decision, Duties = answer.Permit?.Duties ?? answer.Refusal?.Duties ?? [],
    };
}
