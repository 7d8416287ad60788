using Waymark.Casework.Contracts;
using Waymark.Casework.Documents;
using Waymark.Casework.People;

namespace Waymark.Casework.Requests;

/// <summary>
/// What a request between authorities tells the gate about the other side: where it lies, and whether anybody fears harm there. No form states it. Where nobody
/// named fears harm, the check of the file has to say so too; a file without that check leaves it unknown, and unknown never permits. An export goes to a receiver of its own and is told nothing here.
/// </summary>
internal static class RequestChecks
{
    public const string Register = "assistance-request";

    /// <summary>The other side of a request between authorities; null for every other record.</summary>
    public static OutputParty? Other(RecordDocument request)
    {
        var side = Code(request, "direction") == "outgoing" ? "requested" : "requesting";
        return request.Register == Register ? new(null, request.One(side + "-authority")?.Value.Text, Code(request, side + "-area")) : null;
    }

    public static void State(Dictionary<string, IReadOnlyList<string>> facts, RecordDocument request, IReadOnlyList<RecordDocument> persons)
    {
        if (Other(request) is not { } other)
        {
            return;
        }

        if (other.Area is { } area)
        {
            facts["recipient.country"] = [area];
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
