using System.Text;
using System.Text.Json;
using Waymark.Casework.Documents;
using Waymark.Casework.Registers;
using Waymark.Formats.Htcds;
using Waymark.Model;
using Waymark.Packs;

namespace Waymark.Casework.Htcds;

/// <summary>
/// The standard and the register side by side: which field of one is which field of the other, and how a cell becomes a value and a value a cell. Pure. Where a value of the register does not say
/// what the cell said byte for byte, the cell is kept beside it in the group <c>received</c>, with what it was read as.
/// </summary>
internal sealed class HtcdsRegister(RegisterPlan plan, HtcdsStandard standard, IReadOnlyDictionary<string, string> places)
{
    public const string Register = "trafficking-victim";

    /// <summary>The item that a row's cells fill in a repeated group: a row has one event, one plan, one referral.</summary>
    private const string Item = "1";

    private const string Received = "received";

    /// <summary>Between several codes of one cell, as the reader of the standard divides them.</summary>
    private const char Between = ';';

    public RegisterPlan Plan => plan;

    public HtcdsStandard Standard => standard;

    /// <summary>Path of the plan by field of the standard.</summary>
    public IReadOnlyDictionary<string, string> Places => places;

    /// <summary>Null where the library has no register for it.</summary>
    public static HtcdsRegister? Open(RegisterLibrary registers)
    {
        if (registers.Find(Register) is not { } plan || registers.Pack("codelists", "htcds") is not { } pack || plan.Field(Received + "/text") is null)
        {
            return null;
        }

        return new(plan, HtcdsPack.Standard(pack), plan.Source.Rows("htcds.csv").ToDictionary(row => row["field"], row => row["path"], StringComparer.Ordinal));
    }

    /// <summary>The entries of a record for a row, and how many cells are kept as received.</summary>
    public (Dictionary<string, string> Values, int AsReceived) Entries(HtcdsCase row)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        var kept = 0;
        foreach (var (code, cell) in row.Values.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            var (standardField, field) = (standard.Find(code)!, plan.Field(places[code])!);
            var said = "";
            if (cell.IsKnown && Entry(standardField, field, cell) is { } entry && ValueReader.Read(field, entry) is { IsOk: true } read && Written(standardField, read.Value) is { } written)
            {
                values[Place(field)] = entry;
                said = written;
            }

            if (said != cell.Text)
            {
                Keep(code, "", cell.Text, cell.Where, said);
            }
        }

        foreach (var cell in row.Unplaced)
        {
            Keep("", cell.Heading, cell.Text, cell.Where, "");
        }

        return (values, kept);

        void Keep(string code, string heading, string text, string where, string said)
        {
            var item = $"{Received}/{++kept:000}/";
            Set(item + "field", code);
            Set(item + "heading", heading[..Math.Min(heading.Length, ValueReader.LongestLine)]);
            Set(item + "text", Whole(text));
            Set(item + "where", where);
            Set(item + "read-as", Whole(said));
        }

        void Set(string path, string text)
        {
            if (text.Length > 0)
            {
                values[path] = text;
            }
        }
    }

    /// <summary>The cells of a record without what is hidden. What stands in no cell is said: the second item of a group, statements that disagree; of hidden fields nothing is said.</summary>
    public IReadOnlyDictionary<string, string> Cells(RecordDocument record, string reference, Func<FieldPlan, bool> hidden, List<Error> leftOut)
    {
        var items = record.Fields.Keys.Select(path => path.Split('/')).Where(parts => parts.Length == 3).GroupBy(parts => parts[0], StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => group.Select(parts => parts[1]).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList(), StringComparer.Ordinal);
        var received = items.GetValueOrDefault(Received, []).Select(item => $"{Received}/{item}/").Where(item => Text(item + "field").Length > 0)
            .GroupBy(item => Text(item + "field"), StringComparer.Ordinal).ToDictionary(group => group.Key, group => group.First(), StringComparer.Ordinal);
        foreach (var (group, several) in items.Where(group => group.Value.Count > 1 && places.Values.Any(path => path.StartsWith(group.Key + "/", StringComparison.Ordinal) && !hidden(plan.Field(path)!))))
        {
            leftOut.Add(Error.Faulty("htcds.one-item", $"{plan.Field(group)!.Name.In("en")}: a row has room for one; {several.Count - 1} more stay in the record.",
                $"{plan.Field(group)!.Name.In("zh")}：一行仅可载一项；其余 {several.Count - 1} 项留在记录中。", reference));
        }

        if (items.GetValueOrDefault(Received, []).Count(item => Text($"{Received}/{item}/field").Length == 0) is > 0 and var unplaced)
        {
            leftOut.Add(Error.Faulty("htcds.unplaced", $"{unplaced} cells that came in under no field of the standard stay in the record.", $"收到时不属于标准任何字段的 {unplaced} 个单元格留在记录中。", reference));
        }

        var cells = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var field in standard.Fields)
        {
            var place = plan.Field(places[field.Code])!;
            if (hidden(place))
            {
                continue;
            }

            var path = place.Group is { IsRepeated: true } group ? $"{group.Path}/{items.GetValueOrDefault(group.Path)?[0] ?? Item}/{place.Id}" : place.Path;
            if (record.Fields.GetValueOrDefault(path) is { Claims.Count: > 1 })
            {
                leftOut.Add(Error.Faulty("htcds.disputed", $"{field.Code}: statements differ; none is written until somebody chose.", $"{field.Code}：陈述不一；选定之前不写出。", reference));
                continue;
            }

            var said = record.One(path) is { } claim ? Written(field, claim.Value) ?? "" : "";
            // What was received stands as long as the record still says what it was read as.
            var cell = received.TryGetValue(field.Code, out var item) && Text(item + "read-as") == said ? Text(item + "text") : said;
            if (cell.Length > 0)
            {
                cells[field.Code] = cell;
            }
        }

        return cells;

        string Text(string path) => record.One(path) is { } claim ? Unwhole(claim.Value.Text) : "";
    }

    /// <summary>The person of a row, as far as a person's record has the same entry.</summary>
    public static Dictionary<string, string> Person(HtcdsCase row, RegisterPlan person)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        var name = new[] { ("given", "prs_FirstName"), ("patronymic", "prs_MiddleName"), ("family", "prs_SecondName") }
            .Where(part => row.Values.TryGetValue(part.Item2, out var cell) && cell.Text.Trim() is { Length: > 0 and <= ValueReader.LongestLine }).ToDictionary(part => part.Item1, part => row.Values[part.Item2].Text.Trim());
        if (name.Count > 0)
        {
            Take("names/1/name", JsonSerializer.Serialize(name));
        }

        if (row.Values.TryGetValue("prs_Birthdate", out var birth) && birth.IsKnown)
        {
            Take("birth", birth.Text.Trim());
        }

        if (row.Values.TryGetValue("prs_Gender", out var gender) && gender.Codes is [var code])
        {
            Take("gender", code);
        }

        return values;

        void Take(string path, string text)
        {
            if (person.Field(RecordDocument.PlanPath(path)) is { } field && ValueReader.Read(field, text).IsOk)
            {
                values[path] = text;
            }
        }
    }

    private static string Place(FieldPlan field) => field.Group is { IsRepeated: true } group ? $"{group.Path}/{Item}/{field.Id}" : field.Path;

    /// <summary>A cell as it is entered; null when it says several where there is one, or looks like the written form of a value with parts.</summary>
    private static string? Entry(HtcdsField field, FieldPlan plan, HtcdsValue cell) => field.Kind switch
    {
        HtcdsKind.Choice or HtcdsKind.Country or HtcdsKind.Language => cell.Codes.Count == 1 || field.IsMultiple ? string.Join(", ", cell.Codes) : null,
        HtcdsKind.Checkbox => cell.Codes is ["true"] ? "yes" : "no",
        _ => plan.Type is FieldType.Identifier or FieldType.Contact && cell.Text.TrimStart() is ['{' or '[', ..] ? null : cell.Text,
    };

    /// <summary>A value as a cell says it; null when no cell can.</summary>
    private static string? Written(HtcdsField field, FieldValue value) => field.Kind switch
    {
        HtcdsKind.Checkbox => value.Text switch { "yes" => "TRUE", "no" => "FALSE", _ => null },
        _ when value.Member("code") is { } code => code,
        _ when value.Member("codes") is not null => string.Join(Between, JsonDocument.Parse(value.Json).RootElement.GetProperty("codes").EnumerateArray().Select(one => one.GetString())),
        _ when value.Member("value") is { } bare => bare,
        _ => value.Text,
    };

    // Entries are trimmed and composed; what would not survive that is quoted, so that every byte comes back.
    private static string Whole(string text) => text.Length > 0 && (text.Trim() != text || text[0] == '"' || !text.IsNormalized(NormalizationForm.FormC)) ? JsonSerializer.Serialize(text) : text;

    private static string Unwhole(string text) => text.Length > 1 && text[0] == '"' ? JsonSerializer.Deserialize<string>(text)! : text;
}
