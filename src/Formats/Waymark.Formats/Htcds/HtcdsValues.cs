using System.Globalization;
using Waymark.Model;

namespace Waymark.Formats.Htcds;

/// <summary>Reads one cell as the value of a field. What is not known is said, with the cell and without the value.</summary>
internal static class HtcdsValues
{
    /// <summary>Between several values of one cell; labels hold commas and even semicolons, so a whole value goes first.</summary>
    public const char Between = ';';

    public static HtcdsValue Read(HtcdsField field, Cell cell, HtcdsStandard standard, out Error? fault)
    {
        var text = TextOf(cell);
        var where = cell.Address;
        var (codes, known) = field.Kind switch
        {
            HtcdsKind.Choice or HtcdsKind.Country or HtcdsKind.Language => Codes(field, text, standard),
            HtcdsKind.Checkbox => Truth(text),
            HtcdsKind.Date => ([], IsDate(text)),
            HtcdsKind.Number => ([], int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out _)),
            HtcdsKind.Degrees => ([], IsDegrees(field, text)),
            _ => ([], true),
        };
        fault = known ? null : Fault(field, text, standard, where);
        return new(text, codes, known, where);
    }

    /// <summary>The cell's text; a stored date in ISO 8601, a stored truth value as the standard's survey writes it.</summary>
    public static string TextOf(Cell cell) => cell.Kind switch
    {
        CellKind.Date when cell.TryGetDate(out var date) => date.TimeOfDay == TimeSpan.Zero
            ? date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)
            : date.ToString("yyyy-MM-ddTHH:mm:ss", CultureInfo.InvariantCulture),
        CellKind.Boolean => cell.Text is "1" or "TRUE" or "true" ? "TRUE" : "FALSE",
        _ => cell.Text,
    };

    private static (IReadOnlyList<string> Codes, bool Known) Codes(HtcdsField field, string text, HtcdsStandard standard)
    {
        var list = HtcdsStandard.ListOf(field)!;
        if (standard.Code(list, text) is { } whole)
        {
            return ([whole], true);
        }

        if (!field.IsMultiple || !text.Contains(Between, StringComparison.Ordinal))
        {
            return ([], false);
        }

        var parts = text.Split(Between).Select(part => standard.Code(list, part)).ToList();
        return ([.. parts.OfType<string>()], parts.All(part => part is not null));
    }

    private static (IReadOnlyList<string> Codes, bool Known) Truth(string text) => text.Trim() switch
    {
        "TRUE" or "true" or "True" or "1" => (["true"], true),
        "FALSE" or "false" or "False" or "0" => (["false"], true),
        _ => ([], false),
    };

    /// <summary>A day, month or year of ISO 8601 that exists; 03/04/2020 says two days and is not read.</summary>
    private static bool IsDate(string text) => DateOnly.TryParseExact(text.Length switch { 4 => text + "-01-01", 7 => text + "-01", _ => text },
        "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _);

    private static bool IsDegrees(HtcdsField field, string text) =>
        decimal.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var degrees)
        && Math.Abs(degrees) <= (field.Code.EndsWith("Latitude", StringComparison.Ordinal) ? 90 : 180);

    private static Error Fault(HtcdsField field, string text, HtcdsStandard standard, string where)
    {
        if (HtcdsStandard.ListOf(field) is not { } list)
        {
            return Error.Faulty("htcds.unread-value", $"{field.Code}: the value cannot be read as {Word(field.Kind)}.",
                $"{field.Code}：该值无法按{WordZh(field.Kind)}读取。", where).WithHint("The text is kept as it stands.", "原文已照存。");
        }

        return standard.Others.GetValueOrDefault(list)?.Contains(text.Trim()) == true
            ? Error.Faulty("htcds.other-edition", $"{field.Code}: the code is of another edition of the list {list} and has no equal here.",
                $"{field.Code}：该代码属于列表 {list} 的另一版本，此处没有对应代码。", where).WithHint("A person decides what it becomes; the text is kept.", "由人工决定如何处理；原文已照存。")
            : Error.Faulty("htcds.unknown-code", $"{field.Code}: the list {list} does not hold this value.", $"{field.Code}：列表 {list} 中没有此值。", where)
                .WithHint("The text is kept as it stands and read as no code.", "原文已照存，不作为任何代码读取。");
    }

    private static string Word(HtcdsKind kind) => kind switch
    {
        HtcdsKind.Date => "a date (2024, 2024-05, 2024-05-17)",
        HtcdsKind.Checkbox => "TRUE or FALSE",
        HtcdsKind.Number => "a whole number",
        _ => "degrees",
    };

    private static string WordZh(HtcdsKind kind) => kind switch
    {
        HtcdsKind.Date => "日期（2024、2024-05、2024-05-17）",
        HtcdsKind.Checkbox => "“TRUE”或“FALSE”",
        HtcdsKind.Number => "整数",
        _ => "经纬度",
    };
}
