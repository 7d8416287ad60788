using Waymark.Casework.Contracts;
using Waymark.Casework.Documents;
using Waymark.Casework.People;
using Waymark.Casework.Registers;

namespace Waymark.Casework.Requests;

/// <summary>
/// What a request between authorities tells the gate about the other side: where it lies, whether anybody concerned bars it, and whether anybody fears harm there. No form states it. Where nobody
/// named fears harm, the check of the file has to say so too; a file without that check leaves it unknown, and unknown never permits. An export goes to a receiver of its own and is told nothing here.
/// </summary>
internal static class RequestChecks
{
    public const string Register = "assistance-request";

    public static void State(Dictionary<string, IReadOnlyList<string>> facts, RegisterPlan plan, RecordDocument request, IReadOnlyList<RecordDocument> persons)
    {
        if (plan.Id != Register)
        {
            return;
        }

        var side = Code(request, "direction") == "outgoing" ? "requested" : "requesting";
        var other = new OutputParty(null, request.One(side + "-authority")?.Value.Text, Code(request, side + "-area"));
        if (other.Area is { } area)
        {
            facts["recipient.country"] = [area];
        }

        if (persons.SelectMany(SafeContact.Barred).Any(barred => barred.IsAbout(other)))
        {
            facts["recipient.barred"] = ["true"];
        }

        var feared = persons.SelectMany(person => PersonCore.Codes(person, "feared-areas")).ToList();
        if (feared.Count > 0)
        {
            (facts["subject.fears_return"], facts["subject.fear_country"]) = (["true"], [feared.Find(one => one == other.Area) ?? feared[0]]);
        }
        else if (Code(request, "feared-harm") == "nothing-known")
        {
            facts["subject.fears_return"] = ["false"];
        }
    }

    private static string? Code(RecordDocument request, string field) => request.One(field)?.Value.Member("code");
}
