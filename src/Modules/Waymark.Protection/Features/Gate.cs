using System.Text.Json;
using Waymark.Audit.Contracts;
using Waymark.Model;
using Waymark.Protection.Contracts;
using Waymark.Protection.Domain;
using Waymark.Rules;
using Waymark.Storage;

namespace Waymark.Protection.Features;

/// <summary>The gate over rule book, consents, exceptions, ledger and store.</summary>
public sealed class Gate : IGate
{
    /// <summary>Above this number of persons in one question the answer waits for two others (M53).</summary>
    public const int MostPersons = 25;

    /// <summary>Above this number a question is refused whoever approves it; it must be asked in parts.</summary>
    public const int MostAtOnce = 400;

    /// <summary>Refusals before any rule of one account within an hour that each have an entry of their own. Further ones are refused alike, and the last entry stands for them: nobody fills the log.</summary>
    public const int MostStops = 30;

    /// <summary>How often a question is decided anew because somebody opened the same matter meanwhile.</summary>
    private const int MostTries = 24;

    /// <summary>Actions that carry data away: persons of one account's actions within a day count together, so that paging slowly is no way round (M53).</summary>
    internal static IReadOnlySet<string> Carrying { get; } = new HashSet<string>(StringComparer.Ordinal) { "transfer", "publish", "issue-notice" };

    /// <summary>How long a refusal stands before its asker may state other facts about the same matter (M77).</summary>
    public static readonly TimeSpan FlipWindow = TimeSpan.FromHours(24);

    private readonly RuleBook _book;
    private readonly IStore _store;
    private readonly TimeProvider _time;
    private readonly PersonVault _vault;
    private readonly OwnFacts _own;
    private readonly DecisionWriter _writer;
    private readonly EarlyStops _stops;
    private readonly ReviewBook _reviews;
    private readonly TransferReviews _transfers;

    public Gate(RuleBook book, IStore store, IKeyStore keys, IConsents consents, IExceptions exceptions, TimeProvider time)
    {
        (_book, _store, _time) = (book, store, time);
        _vault = new(keys);
        _reviews = new(store, _vault, time);
        _transfers = new(_reviews);
        _own = new(consents, exceptions, book, time);
        _writer = new(_vault, new PersonSalts(keys), book.Duties);
        _stops = new(book, store, _vault, new PersonSalts(keys), time);
    }

    public async Task<GateAnswer<T>> OpenAsync<T>(GateRequest request, Func<CancellationToken, Task<T>> read, CancellationToken cancellationToken) where T : IPersonal<T>
    {
        // Audit before effect: the decision is durable, with its leaf, before the first byte is read.
        var kept = await KeepAsync(request, static _ => null, cancellationToken);
        if (kept.Permit is not { } permit)
        {
            return new(default, null, kept.Refusal, kept.Error);
        }

        var value = await read(cancellationToken);
        return new(permit.Masked.Count == 0 ? value : value.Without(permit.Masked), permit, null, null);
    }

    public Task<GateAnswer<CommitReceipt>> ActAsync(GateRequest request, Func<Permit, WriteSet> effect, CancellationToken cancellationToken) => KeepAsync(request, effect, cancellationToken);

    public async Task<CarryAnswer> CarryAsync(string output, IReadOnlyList<string> persons, IReadOnlyList<GateRequest> parts, CancellationToken cancellationToken)
    {
        if (parts.Count == 0)
        {
            return new([], null, null);
        }

        // Facts belong to the records: what two others approve is this output of these persons, for this purpose.
        var whole = parts[0] with { Matter = output, Persons = [.. persons.Distinct(StringComparer.Ordinal)], Facts = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal) };
        if (parts.Any(part => part.Actor.Account != whole.Actor.Account || part.Unit != whole.Unit || part.Action != whole.Action || part.Purpose != whole.Purpose || part.Persons.Except(whole.Persons, StringComparer.Ordinal).Any()))
        {
            throw new ArgumentException("The parts of an output have one asker, unit, action and purpose, and no person that is not counted.", nameof(parts));
        }

        if (_stops.Find(whole) is { } early)
        {
            var stopped = await StopAsync(whole, early, cancellationToken);
            return new([], stopped.Refusal, stopped.Error);
        }

        var handles = new List<string>();
        foreach (var person in whole.Persons)
        {
            var handle = await _vault.HandleAsync(person, cancellationToken);
            if (!handle.IsOk)
            {
                return new([], null, handle.Error);
            }

            handles.Add(handle.Value);
        }

        var counted = await IsBulkAsync(whole, handles, cancellationToken) ? await BulkAsync(whole, handles, cancellationToken) : new(null, null, null);
        if (counted.Error is { } failed)
        {
            return new([], null, failed);
        }

        var (answers, held) = (new List<CarriedPart>(), default(Refusal));
        foreach (var part in parts)
        {
            var kept = await KeepAsync(part, static _ => null, cancellationToken, counted);
            if (kept.Error is { } wrong)
            {
                return new([], null, wrong);
            }

            if (kept.Permit is not null || kept.Refusal?.Code == Bulk.Code)
            {
                // The review is asked for, or used up, once: with the first decision that counts on it.
                counted = counted with { Writes = null };
                held ??= kept.Refusal;
            }

            answers.Add(new(kept.Permit, kept.Refusal));
        }

        return new(answers, held, null);
    }

    /// <summary>
    /// Decides, and commits the decision with the effect of a permit. Whoever opens a matter in the same moment as somebody else finds its trail of purposes moved:
    /// the question is decided anew on what it says now. A conflict in the effect itself is the caller's.
    /// </summary>
    private async Task<GateAnswer<CommitReceipt>> KeepAsync(GateRequest request, Func<Permit, WriteSet?> effect, CancellationToken cancellationToken, Bulk? counted = null)
    {
        for (var tries = 1; ; tries++)
        {
            var decided = await DecideAsync(request, counted, cancellationToken);
            if (decided.Writes is not { } writes)
            {
                return new(null, null, decided.Refusal, decided.Error);
            }

            if (decided.Permit is { } permit && effect(permit) is { } done)
            {
                writes = done with
                {
                    Records = [.. done.Records, .. writes.Records],
                    Preconditions = [.. done.Preconditions, .. writes.Preconditions],
                    Tasks = [.. done.Tasks, .. writes.Tasks],
                    Leaves = [.. done.Leaves, .. writes.Leaves],
                };
            }

            var written = await _store.CommitAsync(writes, cancellationToken);
            if (written.IsOk)
            {
                return new(decided.Permit is null ? null : written.Value, decided.Permit, decided.Refusal, null);
            }

            if (tries == MostTries || !Trails.IsMoved(written.Error))
            {
                return new(null, null, null, written.Error);
            }
        }
    }

    public async Task<IRowRules> RowsAsync(GateRequest whole, IReadOnlyCollection<string> rowFacts, CancellationToken cancellationToken)
    {
        var (facts, own) = (_book.Rules.NewRequest(), rowFacts.ToHashSet(StringComparer.Ordinal));
        foreach (var (fact, values) in whole.Facts.Where(fact => !own.Contains(fact.Key)))
        {
            // A wrong fact refused the list as a whole; here it stays unknown, and unknown never permits.
            facts.Set(fact, [.. values]);
        }

        await _own.SetAsync(facts, whole with { Persons = [] }, cancellationToken);
        var states = await _book.StatesAsync(cancellationToken);
        return new RowRules(whole, facts, own, await _book.InForceAsync(states, cancellationToken), states, _own, (rows, token) => Trails.OfOtherPurposeAsync(_store, _vault, whole, rows, token));
    }

    /// <summary>Decides one question; <paramref name="counted"/>: how its persons were counted already, as part of an output.</summary>
    private async Task<Decided> DecideAsync(GateRequest request, Bulk? counted, CancellationToken cancellationToken)
    {
        if (_stops.Find(request) is { } early)
        {
            return await StopAsync(request, early, cancellationToken);
        }

        var handles = new List<string>();
        foreach (var person in request.Persons.Append(request.Matter))
        {
            var handle = await _vault.HandleAsync(person, cancellationToken);
            if (!handle.IsOk)
            {
                return new(null, null, null, handle.Error);
            }

            handles.Add(handle.Value);
        }

        var (persons, matter) = (handles[..^1], handles[^1]);
        var facts = _book.Rules.NewRequest();
        foreach (var (fact, values) in request.Facts)
        {
            if (facts.Set(fact, [.. values]) is { } wrong)
            {
                return await StopAsync(request, EarlyStops.Refuse(EarlyStops.WrongFact, wrong.Message), cancellationToken);
            }
        }

        if (await _own.SetAsync(facts, request, cancellationToken) is { } unknown)
        {
            return await StopAsync(request, EarlyStops.Refuse(EarlyStops.UnknownCode, unknown.Message), cancellationToken);
        }

        var reviewed = await _transfers.SetAsync(facts, request, persons, cancellationToken);
        if (reviewed.Wrong is { } wrongReview)
        {
            return await StopAsync(request, EarlyStops.Refuse(EarlyStops.UnknownCode, wrongReview.Message), cancellationToken);
        }

        var trails = await Trails.ReadAsync(_store, persons, cancellationToken);
        var states = await _book.StatesAsync(cancellationToken);
        var rules = await _book.InForceAsync(states, cancellationToken);
        ExplainOptions Options(RulePackSet set) => new(request.CanDo is { } can ? set.Accepting(can) : null, fact => !fact.IsFloor && !request.Hidden.Contains(fact.Id));
        var decided = rules.Explain(facts, Options);
        var explanation = decided.Explanation;
        var shown = Shown(explanation, facts, request, open => rules.Explain(open, Options).Explanation);
        var stop = explanation.Decision.IsPermit
            ? (request.Stopped is { } stopped ? Refuse("gate.stopped", stopped) : null) ?? Trails.Check(trails, matter, request) ?? await FlippedAsync(request, matter, persons, cancellationToken) ?? NotAdopted(rules, explanation, states)
            : null;
        var decision = DecisionWriter.NewId();
        var bulk = !explanation.Decision.IsPermit || stop is not null ? new(null, null, null)
            : counted ?? (await IsBulkAsync(request, persons, cancellationToken) ? await BulkAsync(request, persons, cancellationToken) : new(null, null, null));
        if (bulk.Error is { } failed)
        {
            return new(null, null, null, failed);
        }

        stop ??= bulk.Stop;
        var isPermit = explanation.Decision.IsPermit && stop is null;
        var duties = decided.Duties.Select(duty => new GateDuty(duty.Duty.Id, duty.Rule.Id, duty.Rule.Text, duty.Due, duty.Duty.IsMandatory) { IsMask = duty.Duty.Mask.Count > 0 }).ToList();
        var writes = await _writer.WriteAsync(new(decision, request, matter, persons, explanation, shown, isPermit, stop, duties, trails, _time.GetUtcNow()), cancellationToken);
        if (!writes.IsOk)
        {
            return new(null, null, null, writes.Error);
        }

        var all = bulk.Writes is { } more ? writes.Value with { Records = [.. writes.Value.Records, .. more.Records], Tasks = [.. writes.Value.Tasks, .. more.Tasks] } : writes.Value;
        all = isPermit && reviewed.Use is { } used ? all with { Records = [.. all.Records, used] } : all;
        return isPermit
            ? new(all, new(decision, decided.Masked, duties), null, null)
            : new(all, null, stop is null ? Refusal(decision, shown, duties) : stop with { Decision = decision }, null);
    }

    /// <summary>
    /// What the asker is told. With facts hidden from the asker, the reasons are those of the same question without these facts; when only a hidden fact
    /// stands in the way, one fixed sentence. Two worlds that differ in a hidden fact and are both refused thus answer alike (M40).
    /// </summary>
    private Explanation? Shown(Explanation explanation, RequestFacts facts, GateRequest request, Func<RequestFacts, Explanation> explain)
    {
        if (request.Hidden.Count == 0 || explanation.Decision.IsPermit)
        {
            return explanation;
        }

        var open = facts.Copy();
        foreach (var fact in request.Hidden.Select(_book.Rules.Vocabulary.Find).OfType<Fact>())
        {
            open.Remove(fact);
        }

        var told = explain(open);
        return told.Decision.IsPermit ? null : told;
    }

    /// <summary>Refused before any rule was asked: the attempt is durable, with its leaf, before it is answered.</summary>
    private async Task<Decided> StopAsync(GateRequest request, Refusal stop, CancellationToken cancellationToken)
    {
        var made = await _stops.WriteAsync(request, stop, cancellationToken);
        if (made.IsOk && made.Value.Writes is { } writes && (await _store.CommitAsync(writes, cancellationToken)).Error is { } failed)
        {
            return new(null, null, null, failed);
        }

        return made.IsOk ? new(null, null, made.Value.Refusal, null) : new(null, null, null, made.Error);
    }

    private async Task<bool> IsBulkAsync(GateRequest request, IReadOnlyList<string> persons, CancellationToken cancellationToken)
    {
        var touched = persons.ToHashSet(StringComparer.Ordinal);
        if (touched.Count <= MostPersons && Carrying.Contains(request.Action))
        {
            var page = await _store.Records.ListAsync(
                new(Registers.Decision, [new("account", request.Actor.Account), new("action", request.Action), new("effect", "permit")], "at", Descending: true, Limit: 1_000,
                    From: Registers.Time(_time.GetUtcNow() - TimeSpan.FromDays(1))),
                cancellationToken);
            touched.UnionWith((page.IsOk ? page.Value.Records : throw new StoreException(page.Error)).SelectMany(record => Registers.Read<DecisionDocument>(record).Persons));
        }

        return touched.Count > MostPersons;
    }

    /// <summary>Held for two others (M53): the review waits from the first time on, and once approved and past its hold it is used up by this very question.</summary>
    private async Task<Bulk> BulkAsync(GateRequest request, IReadOnlyList<string> persons, CancellationToken cancellationToken)
    {
        var question = string.Join('\n', [request.Unit, request.Matter, request.Action, request.Purpose, request.DeclaredPurpose ?? "", .. persons.Order(StringComparer.Ordinal),
            .. request.Facts.OrderBy(fact => fact.Key, StringComparer.Ordinal).Select(fact => $"{fact.Key}={string.Join(',', fact.Value.Order(StringComparer.Ordinal))}")]);
        var subject = await _reviews.SubjectOfAsync(ReviewKind.Bulk, request.Actor.Account, question, cancellationToken);
        var text = new LocalText($"More than {MostPersons} persons: this waits a day and for two others.", $"涉及超过 {MostPersons} 人：须等待一天并由另外两人批准。");
        if (await _reviews.OpenOfAsync(subject, cancellationToken) is var (version, known))
        {
            return _reviews.IsUsable(known) ? new(null, new() { Actor = "", Reason = "", Records = [ReviewBook.Use(known, version)] }, null) : new(Refuse(Bulk.Code, text) with { Review = known.Id }, null, null);
        }

        var made = await _reviews.NewAsync(request.Actor, new(ReviewKind.Bulk, request.Unit, request.Matter, request.Persons, request.Purpose, question, $"{request.Action}: {request.Persons.Count}"), subject, cancellationToken);
        return made.IsOk ? new(Refuse(Bulk.Code, text) with { Review = made.Value.Document.Id }, made.Value.Writes, null) : new(null, null, made.Error);
    }

    /// <summary>Denied, then stated otherwise, by the same account within a day: held, and somebody else looks (M77).</summary>
    private async Task<Refusal?> FlippedAsync(GateRequest request, string matter, IReadOnlyList<string> persons, CancellationToken cancellationToken)
    {
        var page = await _store.Records.ListAsync(
            new(Registers.Decision, [new("matter", matter), new("account", request.Actor.Account), new("action", request.Action), new("effect", "deny")], "at", Descending: true, Limit: 20,
                From: Registers.Time(_time.GetUtcNow() - FlipWindow)),
            cancellationToken);
        if (!page.IsOk)
        {
            throw new StoreException(page.Error);
        }

        // Who waits for two others was not refused for what they stated.
        foreach (var document in page.Value.Records.Select(Registers.Read<DecisionDocument>).Where(document => document.Ground != Bulk.Code))
        {
            var content = document.Sealed is null ? null : await _vault.OpenAsync(document.Id, document.Persons, document.Sealed, cancellationToken);
            var before = content is null ? null : JsonSerializer.Deserialize<DecisionContent>(content, Registers.Json);
            if (before is not null && before.Stated.Keys.Union(request.Facts.Keys).Any(fact => !Same(before.Stated, request.Facts, fact)))
            {
                return Refuse("gate.flipped", new(
                    "These facts differ from what was stated before the refusal; another person must state and show them.", "所述事实与被拒前不同；须由另一人陈述并出示凭据。"));
            }
        }

        return null;
    }

    private static bool Same(IReadOnlyDictionary<string, IReadOnlyList<string>> left, IReadOnlyDictionary<string, IReadOnlyList<string>> right, string fact) =>
        left.TryGetValue(fact, out var one) && right.TryGetValue(fact, out var other) && one.Order(StringComparer.Ordinal).SequenceEqual(other.Order(StringComparer.Ordinal), StringComparer.Ordinal);

    private static Refusal? NotAdopted(RulesInForce rules, Explanation explanation, IReadOnlyList<PackState> states) =>
        rules.Lost.Concat(RuleBook.NotAdopted(explanation, states)).Distinct(StringComparer.Ordinal).ToList() is { Count: > 0 } packs
            ? Refuse("gate.not-adopted", new($"Not adopted here yet: {string.Join(", ", packs)}.", $"尚未采纳：{string.Join("、", packs)}。")) : null;

    private static Refusal Refusal(string decision, Explanation? explanation, IReadOnlyList<GateDuty> duties)
    {
        if (explanation is null)
        {
            return new("gate.refused", decision, new("This cannot be done.", "此事不能办理。"), [], []);
        }

        List<LocalText> Told(Func<Explanation, string, IReadOnlyList<string>> tell) => [.. tell(explanation, "en").Zip(tell(explanation, "zh"), (en, zh) => new LocalText(en, zh))];

        var lines = Told(ExplanationText.Lines);
        var nearest = lines.Count - explanation.NearestPermits.Count;
        return new("gate." + RuleBook.Kebab(explanation.Decision.Ground), decision, lines[0], lines[1..nearest], duties) { InTheWay = Told(ExplanationText.InTheWay), Nearest = lines[nearest..] };
    }

    private static Refusal Refuse(string code, LocalText text) => new(code, null, text, [], []);

    private sealed record Bulk(Refusal? Stop, WriteSet? Writes, Error? Error)
    {
        public const string Code = "gate.bulk";
    }

    private sealed record Decided(WriteSet? Writes, Permit? Permit, Refusal? Refusal, Error? Error);
}
