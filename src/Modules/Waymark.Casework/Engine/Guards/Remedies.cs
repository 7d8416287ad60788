using Waymark.Casework.Documents;
using Waymark.Casework.Registers;
using Waymark.Model;

namespace Waymark.Casework.Guards;

/// <summary>
/// Whether what the review committee decided was carried out (R24, S202): each remedy has a line in the group <c>carried</c> that is finished, and what is done to data was done at every
/// organisation that was sent them. A refusal is finished once it says where it was taken; a disputed line is not.
/// </summary>
internal static class Remedies
{
    private const string Group = "carried";

    /// <summary>Remedies that data need wherever they lie; the others concern this organisation alone.</summary>
    private static readonly HashSet<string> s_everywhere = new(StringComparer.Ordinal) { "correct", "erase", "restrict", "tell" };

    /// <summary>What still waits: at whom (null: anywhere), and which remedy (null: a line that says too little).</summary>
    public static IReadOnlyList<(string? Recipient, string? Remedy)> Waiting(RegisterPlan plan, RecordDocument record, IReadOnlyList<string> sentTo)
    {
        // A decision that cannot be read for certain is not carried out.
        var decided = record.One("remedy") is { } claim && plan.Field("remedy") is { } field ? Steps.Words(field, claim.Value).Where(code => code != "none").ToList() : null;
        if (decided is null)
        {
            return [(null, null)];
        }

        var lines = record.Fields.Keys.Select(path => path.Split('/')).Where(parts => parts is [Group, _, _]).Select(parts => parts[1]).Distinct(StringComparer.Ordinal)
            .Select(item => (Recipient: Text(record, item, "recipient"), Remedy: Code(record, item, "remedy"), IsDone: IsDone(record, item))).ToList();
        bool Has(string? recipient, string remedy) => lines.Exists(line => line.IsDone && line.Remedy == remedy && (recipient is null || string.Equals(line.Recipient, recipient, StringComparison.OrdinalIgnoreCase)));
        return
        [
            .. decided.Where(remedy => !Has(null, remedy)).Select(remedy => ((string?)null, (string?)remedy)),
            .. sentTo.SelectMany(recipient => decided.Where(remedy => s_everywhere.Contains(remedy) && !Has(recipient, remedy)).Select(remedy => ((string?)recipient, (string?)remedy))),
            .. lines.Where(line => !line.IsDone).Select(line => (line.Recipient, line.Remedy)),
        ];
    }

    /// <summary>The guard's own words with what waits.</summary>
    public static LocalText Told(RegisterPlan plan, RecordDocument record, IReadOnlyList<string> sentTo, LocalText text)
    {
        var waiting = Waiting(plan, record, sentTo).Distinct().Take(10).ToList();
        return new($"{text.In("en")} {Listed("en", "Still waiting: ", "; ")}", $"{text.In("zh")}{Listed("zh", "尚待：", "；")}");

        string Listed(string language, string head, string between) => waiting.Count == 0 ? "" : head + string.Join(between, waiting.Select(one =>
            string.Join(language == "zh" ? "：" : ": ", new[] { one.Recipient, one.Remedy is { } code ? plan.CodeLists["remedy"].Codes.FirstOrDefault(known => known.Id == code)?.Name.In(language) : "?" }.OfType<string>()))) + (language == "zh" ? "。" : ".");
    }

    private static bool IsDone(RecordDocument record, string item) => Text(record, item, "recipient") is not null && Code(record, item, "remedy") is not null && Text(record, item, "when") is not null
        && Code(record, item, "outcome") is { } outcome && (outcome is "done" or "nothing-held" || Text(record, item, "answer") is not null);

    private static string? Text(RecordDocument record, string item, string field) => record.One($"{Group}/{item}/{field}")?.Value.Text.Trim() is { Length: > 0 } text ? text : null;

    private static string? Code(RecordDocument record, string item, string field) => record.One($"{Group}/{item}/{field}")?.Value.Member("code");
}
