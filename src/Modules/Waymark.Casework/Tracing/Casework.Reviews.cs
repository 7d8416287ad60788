using Waymark.Casework.Contracts;
using Waymark.Casework.Documents;
using Waymark.Casework.Engine;
using Waymark.Casework.People;
using Waymark.Casework.Registers;
using Waymark.Casework.Tracing;
using Waymark.Matching.Contracts;
using Waymark.Model;
using Waymark.Storage;

namespace Waymark.Casework.Features;

/// <summary>The reviews themselves: what waits, one card, an answer.</summary>
public sealed partial class Casework : ITracing
{
    private const int MostInQueue = 200;

    private static readonly string[] s_answer = ["choice", "why"];

    public async Task<CaseAnswer<MatchQueue>> QueueAsync(CaseDesk desk, CancellationToken cancellationToken)
    {
        if (Registers.Find(MatchReview.Register) is not { } plan)
        {
            return CaseStore.Nothing();
        }

        var answer = await _parts.Gate.OpenAsync(await AskAsync(desk, plan, "list." + plan.Id, null, [], "read", "none", cancellationToken), async token =>
        {
            var lines = await LinesAsync(desk, plan, token);
            return new MatchQueue(plan, [.. lines.Where(line => line is { IsAnswered: false, Decision: null })], [.. lines.Where(line => line is { IsAnswered: true, Decision: null })],
                [.. lines.Where(line => line.Decision is not null).OrderByDescending(line => line.Since)]);
        }, cancellationToken);
        return Answer(answer, queue => queue);
    }

    private async Task<IReadOnlyList<MatchLine>> LinesAsync(CaseDesk desk, RegisterPlan plan, CancellationToken cancellationToken)
    {
        var lines = new List<MatchLine>();
        var page = await _parts.Store.Records.ListIndexedAsync(new(plan.Partition, plan.Id, CaseRights.Filter(Registers, desk, Sensitivity.Severe), null, null, null, IndexOrder.Due, MostInQueue, null), cancellationToken);
        if (!page.IsOk)
        {
            throw new StoreException(page.Error);
        }

        foreach (var stored in await _parts.Store.Records.GetManyAsync(plan.Partition, plan.Id, [.. page.Value.Records.Select(row => row.Id)], cancellationToken))
        {
            if (await _store.OpenAsync(plan, plan.Partition, stored, cancellationToken) is { IsOk: true } opened && await HeldAsync(desk, opened.Value, cancellationToken) is { } held)
            {
                var document = opened.Value.Document;
                lines.Add(new(document.Id, References.Of(plan, document.Id), held.Plan, MatchReview.StateOf(document), document.OpenedAt, _store.Due(plan, document),
                    Own(desk, document) is not null, MatchReview.Decision(document)));
            }
        }

        return [.. lines.OrderBy(line => line.Due ?? DateTimeOffset.MaxValue).ThenBy(line => line.Since)];
    }

    public async Task<CaseAnswer<MatchCard>> CardAsync(CaseDesk desk, string id, CancellationToken cancellationToken)
    {
        var review = await KnownAsync(desk, new(MatchReview.Register, id), cancellationToken, isReview: true);
        if (!review.IsOk || await HeldAsync(desk, review.Value, cancellationToken) is not { } held)
        {
            return CaseStore.Nothing();
        }

        if (await SettleAsync(new(MatchReview.Register, id), desk.Actor.Account, cancellationToken) is { } unsettled)
        {
            return unsettled;
        }

        var (plan, document) = (review.Value.Plan, review.Value.Document);
        var request = document.One("request")?.Value is { } pointer ? await ReadAsync(pointer, cancellationToken) : CaseStore.Nothing();
        var persons = new List<RecordDocument>();
        foreach (var role in new[] { "sought", "held" })
        {
            if (document.Persons.FirstOrDefault(person => person.Role == role) is { } one && await _store.ReadAsync(new(PersonCore.Register, one.Person, review.Value.Partition), cancellationToken) is { IsOk: true } person)
            {
                persons.Add(person.Value.Document);
            }
        }

        var keys = await _store.KeysAsync(review.Value.Partition, cancellationToken);
        if (!request.IsOk || !keys.IsOk || persons is not [var sought, var known])
        {
            // Somebody of the pair was erased: there is nothing to compare any more.
            return CaseStore.Nothing();
        }

        var question = await AskAsync(desk, plan, id, document, CaseRights.Persons(plan, document), "read", "none", cancellationToken);
        var answer = await _parts.Gate.OpenAsync(question, _ =>
        {
            var rows = new PairReasons(keys.Value, Registers.Find(PersonCore.Register)!).Of(sought, known, request.Value.Document, held.Document);
            var (own, decision, why) = (Own(desk, document), MatchReview.Decision(document), PairReasons.Explain(rows));
            return Task.FromResult(new MatchCard(id, References.Of(plan, id), held.Plan, new(held.Plan.Id, held.Document.Id), MatchReview.StateOf(document), document.OpenedAt, _store.Due(plan, document),
                [.. rows.Select(row => row.Row)], own, own is null ? null : new(why.Probability, 0.5, why), own is null ? null : decision, decision is null ? [] : Opinions(document)));
        }, cancellationToken);
        return Answer(answer, card => card);
    }

    public async Task<CaseAnswer<Changed>> AnswerAsync(CaseDesk desk, string id, PairChoice choice, string why, CancellationToken cancellationToken)
    {
        if (why.Trim().Length is < 3 or > 2_000)
        {
            return Error.Invalid("match.why", "Say in a few words what the answer rests on.", "请用几个字写明意见的依据。", "why");
        }

        var card = await CardAsync(desk, id, cancellationToken);
        if (card.Value is not { } seen)
        {
            return new(null, card.Refusal, card.Error);
        }

        if (seen.OwnAnswer is not null || seen.State is "confirmed" or "refuted")
        {
            return seen.OwnAnswer is not null
                ? Error.Conflict("match.answered", "You answered already; take the answer back first.", "您已作答；请先撤回原答复。")
                : Error.Conflict("match.decided", "This review is decided.", "此项审查已有结论。");
        }

        if (await PaceAsync(desk, choice == PairChoice.Same, cancellationToken) is { } stop)
        {
            return stop;
        }

        return await ReviewedAsync(desk, id, loaded => By(desk, OperationKind.Change) with
        {
            Changes =
            [
                Set(loaded.Plan, MatchReview.PathOf(desk.Actor.Account, "choice"), 0, Packs.Words.Of(choice), desk.Actor.Account, desk.Unit),
                Set(loaded.Plan, MatchReview.PathOf(desk.Actor.Account, "why"), 0, why.Trim(), desk.Actor.Account),
            ],
        }, isThere: false, cancellationToken);
    }

    public Task<CaseAnswer<Changed>> TakeBackAsync(CaseDesk desk, string id, CancellationToken cancellationToken) => ReviewedAsync(desk, id, loaded => By(desk, OperationKind.Change) with
    {
        Why = "match.taken-back",
        Changes = [.. s_answer.Select(field => MatchReview.PathOf(desk.Actor.Account, field)).Select(path => new FieldChange(path, loaded.Document.Fields[path].Version, ChangeMode.Set, []))],
    }, isThere: true, cancellationToken);

    private async Task<CaseAnswer<Changed>> ReviewedAsync(CaseDesk desk, string id, Func<Loaded, Operation> make, bool isThere, CancellationToken cancellationToken)
    {
        var address = new RecordAddress(MatchReview.Register, id);
        var done = await DoAsync(desk, address, "update", "none", async (loaded, token) =>
            await HeldAsync(desk, loaded, token) is null || (Own(desk, loaded.Document) is not null) != isThere ? CaseStore.Nothing()
            : MatchReview.Decision(loaded.Document) is not null ? Error.Conflict("match.decided", "This review is decided.", "此项审查已有结论。") : make(loaded), cancellationToken, isReview: true);
        return done.IsOk && await SettleAsync(address, desk.Actor.Account, cancellationToken) is { } error ? error : done;
    }

    /// <summary>The record held, when this desk may know of it; a review of a record that one may not know is not there.</summary>
    private async Task<Loaded?> HeldAsync(CaseDesk desk, Loaded review, CancellationToken cancellationToken) =>
        review.Document.One("record")?.Value is { } pointer && await ReadAsync(pointer, cancellationToken) is { IsOk: true } held
        && CaseRights.MayKnow(Registers, desk, review.Plan, review.Document) && CaseRights.MayKnow(Registers, desk, held.Value.Plan, held.Value.Document) ? held.Value : null;

    private static PairChoice? Own(CaseDesk desk, RecordDocument review) =>
        MatchReview.Answers(review).Where(answer => answer.Claim.By == desk.Actor.Account).Select(answer => (PairChoice?)answer.Choice).FirstOrDefault();

    private static IReadOnlyList<MatchOpinion> Opinions(RecordDocument review) => [.. MatchReview.Answers(review).Select(answer =>
        new MatchOpinion(answer.Claim.By, answer.Choice, review.One(MatchReview.PathOf(answer.Claim.By, "why"))?.Value.Text ?? "", answer.Claim.At))];

    private async Task<Error?> PaceAsync(CaseDesk desk, bool isSame, CancellationToken cancellationToken)
    {
        for (var tries = 0; tries < MostTries; tries++)
        {
            var id = Handle(desk.Actor.Account);
            var stored = await _parts.Store.Records.GetAsync(ReviewPace.Register, id, cancellationToken);
            var (pace, stop) = (stored is null ? new ReviewPace(null, 0) : RecordJson.Read<ReviewPace>(stored.Document.Span)).Answered(isSame, _parts.Time.GetUtcNow());
            if (stop is not null)
            {
                return stop;
            }

            var written = await _parts.Store.CommitAsync(new()
            {
                Actor = desk.Actor.Account, Reason = "match.pace", Records = [new(ReviewPace.Register, id, stored?.Version ?? 0, RecordJson.Bytes(pace), RecordJson.Bytes(new { did = "answered" }), [])],
                Tasks = pace.AllSame > 0 && pace.AllSame % ReviewPace.Alarm == 0 ? [Alarm("review.all-same", desk)] : [],
            }, cancellationToken);
            if (written.IsOk || written.Error.Code != "store.conflict")
            {
                return written.Error;
            }
        }

        return Error.Unavailable("search.busy", "Try again in a moment.", "请稍后重试。");
    }
}
