using Waymark.Casework.Contracts;
using Waymark.Casework.Documents;
using Waymark.Casework.People;
using Waymark.Protection.Contracts;

namespace Waymark.Casework.Answers;

/// <summary>
/// What a request of a person about their data, and a breach, tell the gate when one is answered or refused and the other reported. Read off the record, so that no form states it beside the
/// record; what the record leaves open stays unknown, and unknown never permits.
/// </summary>
internal static class AnswerFacts
{
    public const string Answer = "answer-request";
    public const string Refuse = "refuse-request";
    public const string Report = "report-breach";
    public const string Person = "data-subject";

    /// <summary>The step that grants a request, in whole or in part.</summary>
    public const string Grant = "grant";

    /// <summary>What a request says; <paramref name="askers"/>: the asker as every partition knows them.</summary>
    public static Dictionary<string, IReadOnlyList<string>> Of(RecordDocument request, IReadOnlyList<RecordDocument> askers, Actor actor)
    {
        var facts = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal) { ["decision.automated"] = ["false"], ["decision.human_review"] = ["true"] };
        if (Code(request, "right") is { } right)
        {
            // To assert one's rights is none of the kinds with rules of their own.
            facts["request.type"] = [right switch { "erasure" => "deletion", "assertion" => "none", _ => right }];
        }

        if (Code(request, "identity") is "verified" or "not-verified")
        {
            facts["request.identity_verified"] = [Code(request, "identity") == "verified" ? "true" : "false"];
        }

        // Who asks for somebody else says by which right; nobody is the person because a field was left empty.
        if (request.Persons.All(person => person.Role != "representative"))
        {
            facts["request.representative"] = ["self"];
        }
        else if (Code(request, "representing") is { } authority && authority != "not-checked")
        {
            facts["request.representative"] = [authority];
        }

        var ground = Code(request, "ground");
        facts["request.abusive"] = [ground ?? "none"];
        facts["request.tests_recorded"] = [ground is not null && request.One("test-" + ground)?.Value.Text is { Length: > 0 } ? "true" : "false"];
        if (Code(request, "outcome") is { } outcome)
        {
            facts["request.upheld"] = [outcome == "refused" ? "false" : "true"];
        }

        // The officer who takes the step has looked; a second person's part is a guard of the step.
        if (actor.Role is "data-protection-officer")
        {
            facts["review.dpo"] = ["done"];
        }
        else if (actor.Role is "legal-officer")
        {
            facts["review.legal"] = ["done"];
        }

        // An answer goes by the channel that the person set, or from hand to hand (M31).
        facts["contact.safe_channel"] = [Code(request, "channel") != "set-by-person" || askers.Any(asker => SafeContact.Channels(asker).Count > 0) ? "true" : "false"];
        facts["recipient.barred"] = [askers.SelectMany(SafeContact.Barred).Any(barred => request.Persons.Any(person => barred.IsAbout(new OutputParty(person.Person, null, null)))) ? "true" : "false"];
        return facts;
    }

    /// <summary>
    /// What a breach says beyond the fields that name a fact themselves. Its record names nobody, and what it reports is about people as soon as it says so: then the rules on people's data hear it.
    /// </summary>
    public static Dictionary<string, IReadOnlyList<string>> OfBreach(RecordDocument breach)
    {
        var facts = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        if (Code(breach, "people") is { } told && told != "not-yet")
        {
            facts["breach.telling_dangerous"] = [told == "telling-dangerous" ? "true" : "false"];
        }

        if (breach.One("personal-data")?.Value.Text is "yes" or "no")
        {
            facts["data.identifiable"] = [breach.One("personal-data")!.Value.Text == "yes" ? "true" : "false"];
        }

        return facts;
    }

    private static string? Code(RecordDocument record, string field) => record.One(field)?.Value.Member("code");
}
