using Waymark.Casework.Contracts;
using Waymark.Casework.Documents;
using Waymark.Casework.Engine;
using Waymark.Casework.People;
using Waymark.Casework.Registers;
using Waymark.Casework.Search;
using Waymark.Casework.Tracing;
using Waymark.Matching.Contracts;
using Waymark.Model;
using Waymark.Protection.Contracts;
using Waymark.Storage;

namespace Waymark.Casework.Features;

/// <summary>Looking for the persons of a tracing request, and what follows when a review is decided.</summary>
public sealed partial class Casework
{
    private const int MostReviews = 20;

    public async Task<CaseAnswer<Looked>> LookAsync(CaseDesk desk, RecordAddress request, CancellationToken cancellationToken)
    {
        var loaded = await KnownAsync(desk, request, cancellationToken);
        if (!loaded.IsOk || loaded.Value.Plan.Id != MatchReview.Requests || Registers.Find(MatchReview.Register) is not { } plan)
        {
            return CaseStore.Nothing();
        }

        var (asked, partition) = (loaded.Value.Document, loaded.Value.Partition);
        if (asked.State != MatchReview.Searching)
        {
            // Identity, relation and consent were checked before a request gets there (M26).
            return Error.Refused("tracing.not-searching", "Only a request that was accepted and is being searched is compared.", "只有已受理并正在查找的请求才进行比对。");
        }

        var keys = await _store.KeysAsync(partition, cancellationToken);
        if (!keys.IsOk)
        {
            return keys.Error;
        }

        var sought = new List<RecordDocument>();
        foreach (var participant in asked.Persons.Where(person => person.Role == "sought"))
        {
            if (await _store.ReadAsync(new(PersonCore.Register, participant.Person, partition), cancellationToken) is { IsOk: true } person)
            {
                sought.Add(person.Value.Document);
            }
        }

        foreach (var name in sought.SelectMany(PersonCore.Names).Distinct(StringComparer.Ordinal))
        {
            if (await BudgetAsync(desk, keys.Value, new(name), cancellationToken) is { } stop)
            {
                return stop;
            }
        }

        var question = await AskAsync(desk, loaded.Value.Plan, asked.Id, asked, CaseRights.Persons(loaded.Value.Plan, asked), "link", "none", await TypedAsync(loaded.Value, asked, "link", cancellationToken), cancellationToken);
        var made = await CandidatesAsync(desk, plan, loaded.Value, sought, question, keys.Value, cancellationToken);
        if (!made.IsOk)
        {
            return made.Error;
        }

        var answer = await _parts.Gate.ActAsync(question, permit => new WriteSet
        {
            Actor = desk.Actor.Account, Reason = "tracing.look",
            Records = [.. made.Value.SelectMany(one => Writes(plan, partition, one, permit, keys.Value))],
            Tasks = [.. made.Value.SelectMany(one => _store.Reminders(plan, one.Folded.Document))],
        }, cancellationToken);
        return new(answer.IsPermitted ? new Looked(_parts.Time.GetUtcNow()) : null, answer.Refusal, answer.Error?.Code == "store.conflict" ? null : answer.Error)
        {
            Decision = answer.Permit?.Decision ?? answer.Refusal?.Decision, Duties = answer.Permit?.Duties ?? answer.Refusal?.Duties ?? [],
        };
    }

    private sealed record NewReview(Folded Folded, RecordVault.Ring Ring);

    private IEnumerable<RecordWrite> Writes(RegisterPlan plan, RecordPartition partition, NewReview review, Permit permit, KeyMaker keys) =>
        review.Folded.Document.Joined.Select(person => CaseStore.Use(keys, person, partition, plan, review.Folded.Document.Id))
            .Prepend(_store.Write(plan, partition, review.Folded with { Operation = review.Folded.Operation with { Decision = permit.Decision } }, review.Ring, keys));

    /// <summary>
    /// Somebody who says by hand that a person held may be the one sought asks the question that a comparison would have asked: a review for two of the holder, the second blind. Only of a request
    /// that is being searched, as there (M26); a pair that was reviewed or waits is not put again.
    /// </summary>
    private protected override async Task<Result<Beside>> WithLinkAsync(CaseDesk desk, Loaded record, string type, Loaded other, CancellationToken cancellationToken)
    {
        if (type != MatchReview.MayBe || other.Plan.Id != MatchReview.Requests || other.Document.State != MatchReview.Searching || !MatchReview.Held.TryGetValue(record.Plan.Id, out var role)
            || Registers.Find(MatchReview.Register) is not { } plan)
        {
            return new Beside(_ => [], []);
        }

        var keys = await _store.KeysAsync(record.Partition, cancellationToken);
        if (!keys.IsOk)
        {
            return keys.Error;
        }

        var made = new List<NewReview>();
        foreach (var (held, sought) in from held in record.Document.Persons where held.Role == role from sought in other.Document.Persons where sought.Role == "sought" select (held, sought))
        {
            var review = await ReviewAsync(desk, plan, other, sought.Person, held.Person, record, cancellationToken);
            if (!review.IsOk)
            {
                return review.Error;
            }

            made.AddRange(review.Value is { Folded: not null } ? [review.Value] : []);
        }

        return new Beside(permit => [.. made.SelectMany(one => Writes(plan, record.Partition, one, permit, keys.Value))], []) { Tasks = [.. made.SelectMany(one => _store.Reminders(plan, one.Folded.Document))] };
    }

    /// <summary>New reviews for records of every holder; the unit that asks sees none of it. A pair that was reviewed or waits is not put again.</summary>
    private async Task<Result<IReadOnlyList<NewReview>>> CandidatesAsync(
        CaseDesk desk, RegisterPlan plan, Loaded request, List<RecordDocument> sought, GateRequest question, KeyMaker keys, CancellationToken cancellationToken)
    {
        var persons = Registers.Find(PersonCore.Register)!;
        var reasons = new PairReasons(keys, persons);
        var own = request.Document.Persons.Select(person => person.Person).ToHashSet(StringComparer.Ordinal);
        var units = (await _parts.Units(cancellationToken)).Concat(desk.Actor.Units).Distinct(StringComparer.Ordinal).Take(256).ToList();
        var (made, gates) = (new List<NewReview>(), new Dictionary<string, RowGate>(StringComparer.Ordinal));
        foreach (var person in sought)
        {
            var asked = PersonCore.Names(person).SelectMany(name => Asked(keys, new(name))).Concat(PersonCore.Many(person, "papers", "number").SelectMany(paper => keys.Identifier(paper.Value.Member("value") ?? "")))
                .Distinct().Take(128).ToList();
            if (asked.Count == 0)
            {
                continue;
            }

            var found = await _parts.Store.Records.SearchAsync(new(request.Partition, [persons.Id], asked, new(units, Registers.Bits([desk.Purpose]), (byte)Sensitivity.High)) { MostRecords = MostCandidates + own.Count }, cancellationToken);
            foreach (var match in found.Records.Where(match => !own.Contains(match.Id)).Take(MostCandidates))
            {
                if (await _store.ReadAsync(new(persons.Id, match.Id, request.Partition), cancellationToken) is not { IsOk: true } held || made.Count >= MostReviews)
                {
                    continue;
                }

                foreach (var use in await UsesAsync(new(persons.Id, match.Id, request.Partition), cancellationToken))
                {
                    if (MatchReview.Held.TryGetValue(use.Register, out var role) && await _store.ReadAsync(new(use.Register, use.Id, use.Partition), cancellationToken) is { IsOk: true } record
                        && record.Value.Document.Persons.Any(one => one.Role == role && one.Person == match.Id) && record.Value.Plan.State(record.Value.Document.State) is { IsTerminal: false }
                        && await Gate(record.Value.Plan).OfAsync(record.Value.Document, cancellationToken) is { Stopped: null }
                        && PairReasons.Explain(reasons.Of(person, held.Value.Document, request.Document, record.Value.Document)).Probability >= 0.01)
                    {
                        var review = await ReviewAsync(desk, plan, request, person.Id, match.Id, record.Value, cancellationToken);
                        if (!review.IsOk)
                        {
                            return review.Error;
                        }

                        made.AddRange(review.Value is { Folded: not null } ? [review.Value] : []);
                    }
                }
            }
        }

        return made;

        // Whoever is held in a record is asked about as the request itself is; what the record states comes instead.
        RowGate Gate(RegisterPlan held) => gates.TryGetValue(held.Id, out var gate) ? gate : gates[held.Id] = Rows(desk, held, question);
    }

    private async Task<Result<NewReview>> ReviewAsync(CaseDesk desk, RegisterPlan plan, Loaded request, string sought, string held, Loaded record, CancellationToken cancellationToken)
    {
        var id = MatchReview.IdOf(request.Document.Id, sought, record.Plan.Id, record.Document.Id);
        if (await _parts.Store.Records.GetAsync(request.Partition, plan.Id, id, cancellationToken) is not null)
        {
            return new NewReview(null!, null!);
        }

        var now = _parts.Time.GetUtcNow();
        // Whoever holds the record controls the review; a record for named people stays theirs.
        var first = new RecordDocument
        {
            Register = plan.Id, Id = id, PackVersion = plan.Version, PackHash = plan.Hash, State = plan.Initial.Id, Control = new(record.Document.Control.Unit, 1), OpenedAt = now, OpenedBy = desk.Actor.Account,
            StateSince = now, SteppedBy = desk.Actor.Account, SteppedByUnits = desk.Actor.Units, NeedToKnow = record.Document.NeedToKnow, Persons = [new("held", held, now), new("sought", sought, now)],
        };
        var made = RecordMachine.Apply(null, By(desk, OperationKind.Create) with
        {
            First = first,
            Changes = [Set(plan, "request", 0, Pointer(request.Plan.Id, request.Document.Id), desk.Actor.Account), Set(plan, "record", 0, Pointer(record.Plan.Id, record.Document.Id), desk.Actor.Account)],
        }, 1);
        var ring = await _store.WritingRingAsync(plan, request.Partition, first, cancellationToken);
        return made.IsOk && ring.IsOk ? new NewReview(made.Value, ring.Value) : made.Error ?? ring.Error!;
    }

    /// <summary>Brings the state of a review after its answers. What a confirmation leads to is written first, so that cut off it is done again.</summary>
    private async Task<Error?> SettleAsync(RecordAddress address, string account, CancellationToken cancellationToken)
    {
        for (var tries = 1; ; tries++)
        {
            var review = await _store.ReadAsync(address, cancellationToken);
            if (!review.IsOk || review.Value.Document.State == MatchReview.StateOf(review.Value.Document))
            {
                return review.Error;
            }

            var (document, state) = (review.Value.Document, MatchReview.StateOf(review.Value.Document));
            if (MatchReview.Decision(document) == PairChoice.Same && await ConfirmedAsync(document, account, cancellationToken) is { } failed)
            {
                return failed;
            }

            var error = await CommitAsync(review.Value, new Operation(NewId(), OperationKind.Step, account, _parts.Time.GetUtcNow()) { State = state, StateBase = document.StateVersion, Why = "match.answered" }, "match.settle", cancellationToken);
            if (error is not { Code: "store.conflict" } || tries == MostTries)
            {
                return error;
            }
        }
    }

    /// <summary>
    /// Two agreed: the record held learns which request asks for its person and who stands behind it, so that the person is asked with open eyes. The request learns nothing.
    /// </summary>
    private async Task<Error?> ConfirmedAsync(RecordDocument review, string account, CancellationToken cancellationToken)
    {
        for (var tries = 1; tries <= MostTries; tries++)
        {
            if (review.One("record")?.Value is not { } pointer || review.One("request")?.Value is not { } asked || await ReadAsync(pointer, cancellationToken) is not { IsOk: true } held)
            {
                return null;
            }

            var (plan, document) = (held.Value.Plan, held.Value.Document);
            var changes = new[] { ("match-decision", Pointer(MatchReview.Register, review.Id)), ("tracing-request", asked.Json) }
                .Where(entry => plan.Field(entry.Item1) is not null && !document.Fields.ContainsKey(entry.Item1)).Select(entry => Set(plan, entry.Item1, 0, entry.Item2, account)).ToList();
            var request = await ReadAsync(asked, cancellationToken);
            var seeker = request.IsOk && plan.Role("seeker") is { } role
                ? request.Value.Document.Persons.Where(person => person.Role == "enquirer" && document.Persons.All(known => known.Person != person.Person))
                    .Take(Math.Max(0, role.Most - document.Persons.Count(known => known.Role == role.Id))).FirstOrDefault() : null;
            if (changes.Count == 0 && seeker is null)
            {
                return null;
            }

            var operation = changes.Count > 0
                ? new Operation(NewId(), OperationKind.Change, account, _parts.Time.GetUtcNow()) { Changes = changes, Why = "match.confirmed" }
                : new Operation(NewId(), OperationKind.AddPerson, account, _parts.Time.GetUtcNow()) { Person = new("seeker", seeker!.Person, _parts.Time.GetUtcNow()), Why = "match.confirmed" };
            if (await CommitAsync(held.Value, operation, "match.confirmed", cancellationToken) is { } error && error.Code != "store.conflict")
            {
                return error;
            }
        }

        return Error.Unavailable("search.busy", "Try again in a moment.", "请稍后重试。");
    }

    /// <summary>
    /// What the request learns when the holder's last step is taken: that there is a match, and the answer of the person found, or that the dead were identified, in the same commit. Before
    /// that, whatever happens at the holder changes no byte of the request (M26).
    /// </summary>
    private async Task<Result<Beside>> PassOnAsync(CaseDesk desk, Loaded held, CancellationToken cancellationToken)
    {
        if (await AskedAsync(held.Document, cancellationToken) is not { } request)
        {
            return new Beside(_ => [], []);
        }

        if (held.Plan.Id == MatchReview.Deceased)
        {
            return await WriteAsync(desk, request, [("match-decision", held.Document.One("match-decision")?.Value.Json), ("outcome", MatchReview.Dead)], "match.identified", cancellationToken);
        }

        if (await CarryConsentAsync(held.Document, cancellationToken) is { } uncarried)
        {
            return uncarried;
        }

        var answer = held.Document.One("answer")?.Value.Member("code");
        return await WriteAsync(desk, request, [("match-decision", held.Document.One("match-decision")?.Value.Json), ("answer-of-located", answer), ("outcome", "located-alive"),
            ("may-tell", held.Document.One("may-tell")?.Value.Text), ("message-back", answer is "contact-wanted" or "message-only" ? held.Document.One("message")?.Value.Json : null)], "match.passed-on", cancellationToken);
    }

    /// <summary>An identification was wrong: what the request learned from this record is taken back with it, and can be told no more.</summary>
    private async Task<Result<Beside>> CallBackAsync(CaseDesk desk, Loaded held, CancellationToken cancellationToken) =>
        await AskedAsync(held.Document, cancellationToken) is { } request && request.Document.One("match-decision")?.Value.Json == held.Document.One("match-decision")?.Value.Json
            ? await WriteAsync(desk, request, [("match-decision", ""), ("outcome", "")], "match.called-back", cancellationToken) : new Beside(_ => [], []);

    /// <summary>The request that a record's confirmed match answers, while it is open.</summary>
    private async Task<Loaded?> AskedAsync(RecordDocument held, CancellationToken cancellationToken) =>
        held.One("match-decision")?.Value is { } decided && await ReadAsync(decided, cancellationToken) is { IsOk: true } review && review.Value.Document.One("request")?.Value is { } pointer
        && await ReadAsync(pointer, cancellationToken) is { IsOk: true } request && request.Value.Plan.State(request.Value.Document.State) is { IsTerminal: false } ? request.Value : null;

    /// <summary>Fields of a request that are written with a step of the record held; nothing is left as it stands, an empty word clears.</summary>
    private async Task<Result<Beside>> WriteAsync(CaseDesk desk, Loaded request, (string Path, string? Value)[] entries, string why, CancellationToken cancellationToken)
    {
        var (plan, document) = (request.Plan, request.Document);
        long Seen(string path) => document.Fields.GetValueOrDefault(path)?.Version ?? 0;
        var changes = entries.Where(entry => entry.Value is { Length: > 0 } value && plan.Field(entry.Path) is { } field && ValueReader.Read(field, value).IsOk)
            .Select(entry => Set(plan, entry.Path, Seen(entry.Path), entry.Value!, desk.Actor.Account))
            .Concat(entries.Where(entry => entry.Value is "" && Seen(entry.Path) > 0).Select(entry => new FieldChange(entry.Path, Seen(entry.Path), ChangeMode.Set, []))).ToList();
        var folded = RecordMachine.Apply(document, By(desk, OperationKind.Change) with { Changes = changes, Why = why }, document.Version + 1);
        var keys = await _store.KeysAsync(request.Partition, cancellationToken);
        var ring = await _store.WritingRingAsync(plan, request.Partition, document, cancellationToken);
        return (folded.Error ?? keys.Error ?? ring.Error) is { } failed ? failed
            : new Beside(_ => [_store.Write(plan, request.Partition, folded.Value, ring.Value, keys.Value)], []);
    }

    private Task<Result<Loaded>> ReadAsync(FieldValue pointer, CancellationToken cancellationToken) =>
        _store.ReadAsync(new(pointer.Member("register") ?? "", pointer.Member("id") ?? ""), cancellationToken);

    private static string Pointer(string register, string id) => $$"""{"id":"{{id}}","register":"{{register}}"}""";

    /// <summary>A change by the engine; its values are its own and always read.</summary>
    private FieldChange Set(RegisterPlan plan, string path, long seen, string value, string account, string? source = null) => new(path, seen, ChangeMode.Set,
        [new(NewId()[..8], ValueReader.Read(plan.Field(RecordDocument.PlanPath(path))!, value).Value, account, _parts.Time.GetUtcNow()) { Source = source }]);
}
