using Waymark.Casework.Contracts;
using Waymark.Casework.Documents;
using Waymark.Casework.People;

namespace Waymark.Casework.Requests;

/// <summary>
/// What a record that goes out tells the gate about whoever receives it, in whatever register: a party that anybody concerned has barred, or that lies where they fear harm, gets nothing (F10, M22,
/// M28). What is sent is written freely, so that any bar stops it. Receivers are typed by people, with a place or a note beside the name: each part of the text is looked at as a name. Where nobody
/// says who receives, whether it is somebody barred stays unknown, and unknown never permits.
/// </summary>
internal static class ReceiverChecks
{
    /// <summary>The field that names the review of the transfer, which says who receives and where they lie.</summary>
    public const string Review = "transfer";

    private static readonly char[] s_between = [',', ';', '/', '(', ')', '，', '；', '、', '（', '）', '\n'];

    public static void State(Dictionary<string, IReadOnlyList<string>> facts, string action, RecordDocument record, RecordDocument? review, IReadOnlyList<RecordDocument> persons)
    {
        if (action is not ("transfer" or "refer"))
        {
            return;
        }

        var (barred, readers) = (persons.SelectMany(SafeContact.Barred).ToList(), Readers(record, review).ToList());
        if (readers.Exists(reader => barred.Exists(party => party.IsAbout(reader))))
        {
            facts["recipient.barred"] = ["true"];
        }
        else if (readers.Count == 0 && barred.Exists(party => party.Kind != "person"))
        {
            facts.Remove("recipient.barred");
        }
    }

    private static IEnumerable<OutputParty> Readers(RecordDocument record, RecordDocument? review)
    {
        string?[] named = [Said(record, "to-organisation"), Said(record, "to-unit"), review is null ? null : Said(review, "recipient-name")];
        var readers = named.OfType<string>().SelectMany(text => text.Split(s_between, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Append(text)).Select(name => new OutputParty(null, name, name));
        readers = review?.One("recipient-area")?.Value.Member("code") is { } area ? readers.Append(new(null, null, area)) : readers;
        return RequestChecks.Other(record) is { } other ? readers.Append(other) : readers;
    }

    private static string? Said(RecordDocument record, string field) => record.One(field)?.Value.Text;
}
