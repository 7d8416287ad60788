using Waymark.Casework.Contracts;
using Waymark.Casework.Documents;
using Waymark.Casework.People;
using Waymark.Casework.Registers;

namespace Waymark.Casework.Requests;

/// <summary>
/// What a referral tells the gate about whoever receives it: a party that anybody referred has barred, or that lies where they fear harm, gets nothing (F10, M28). What is sent is written freely,
/// so that any bar stops it. Receivers are typed by people, with a place or a note beside the name: each part of the text is looked at as a name.
/// </summary>
internal static class ReferralChecks
{
    public const string Register = "referral";

    /// <summary>The field that names the review of the transfer, which says where the receiver lies.</summary>
    public const string Review = "transfer";

    private static readonly char[] s_between = [',', ';', '/', '(', ')', '，', '；', '、', '（', '）', '\n'];

    public static void State(Dictionary<string, IReadOnlyList<string>> facts, RegisterPlan plan, RecordDocument referral, RecordDocument? review, IReadOnlyList<RecordDocument> persons)
    {
        if (plan.Id == Register && Readers(referral, review).Any(reader => persons.SelectMany(SafeContact.Barred).Any(barred => barred.IsAbout(reader))))
        {
            facts["recipient.barred"] = ["true"];
        }
    }

    private static IEnumerable<OutputParty> Readers(RecordDocument referral, RecordDocument? review)
    {
        string?[] named = [Said(referral, "to-organisation"), Said(referral, "to-unit"), review is null ? null : Said(review, "recipient-name")];
        return named.OfType<string>().SelectMany(text => text.Split(s_between, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Append(text))
            .Select(name => new OutputParty(null, name, name)).Append(new(null, null, review?.One("recipient-area")?.Value.Member("code")));
    }

    private static string? Said(RecordDocument record, string field) => record.One(field)?.Value.Text;
}
