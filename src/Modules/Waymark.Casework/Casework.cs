using Waymark.Casework.Answers;
using Waymark.Casework.Contracts;
using Waymark.Casework.Documents;
using Waymark.Casework.Engine;
using Waymark.Casework.Guards;
using Waymark.Casework.Registers;
using Waymark.Casework.Requests;
using Waymark.Casework.Tracing;

namespace Waymark.Casework.Features;

/// <summary>
/// Case work: the engine of registers with the typed modules that stand on it. A module is a folder and a part of this class; it uses the engine, and answers what the engine asks of it.
/// </summary>
public sealed partial class Casework(CaseworkParts parts) : RecordEngine(parts), ICasework, ICaseFacts, ICaseFiles, ILinks, IMerging, IErasing
{
    // A request between authorities may be about a firm or a number.
    private protected override bool MayNameNobody(RegisterPlan plan) => plan.Id == RequestChecks.Register;

    // A request's family is told while the person found agrees, or the dead were identified; the holder's own step lets the request have that; a correction reaches the record with the step that grants it.
    private protected override StepRule? RuleOf(CaseDesk desk, RegisterPlan plan, string step) => (plan.Id, step) switch
    {
        (MatchReview.Requests, MatchReview.PassOn) => new(async (request, token) => await StillAgreesAsync(request.Document, token) ? null : NothingToTell(), null),
        (MatchReview.Found, MatchReview.PassOn) or (MatchReview.Deceased, MatchReview.Identify) => new(null, (held, _, token) => PassOnAsync(desk, held, token)),
        (MatchReview.Deceased, MatchReview.Wrong) => new(null, (held, _, token) => CallBackAsync(desk, held, token)),
        (Objections.Register, AnswerFacts.Grant) => new(null, (granted, _, token) => CorrectAsync(desk, granted, token)),
        _ => null,
    };

    private protected override async Task StateAsync(
        Dictionary<string, IReadOnlyList<string>> facts, Loaded before, RecordDocument after, IReadOnlyList<RecordDocument> persons, string action, CancellationToken cancellationToken)
    {
        // As far as this record knows: a request hears of a person found when the holder passes it on, and not before (M26).
        if (before.Plan.Id is MatchReview.Found or MatchReview.Requests)
        {
            facts["subject.located"] = [before.Plan.Id == MatchReview.Found || await HeldOfAsync(after, cancellationToken) is { Held.Plan.Id: MatchReview.Found } ? "true" : "false"];
        }

        // The family of a request is what is contacted; the person sought is asked where they were found.
        if (before.Plan.Id == MatchReview.Requests && persons.Count > 0)
        {
            facts["contact.safe_channel"] = Reached([.. persons.Where(person => after.Persons.Any(one => one.Role == MatchReview.Enquirer && one.Person == person.Id))]);
        }

        // A record is only ever moved behind the gates after they were found open for each person in it.
        if (action == ReturnGates.Action && ReturnGates.IsGated(before.Plan, after.State) && await ClosedAsync(before.Partition, after, cancellationToken) is null)
        {
            facts["assessment.non_refoulement"] = ["risk-excluded"];
            facts["assessment.best_interest"] = ["true"];
        }

        if (!ReferenceEquals(before.Document, after))
        {
            RequestChecks.State(facts, after, persons);
            ReceiverChecks.State(facts, action, after, after.One(ReceiverChecks.Review) is { } named && await ReadAsync(named.Value, cancellationToken) is { IsOk: true } review ? review.Value.Document : null, persons);
        }
    }
}
