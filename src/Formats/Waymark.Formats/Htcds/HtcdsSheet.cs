using System.Globalization;

namespace Waymark.Formats.Htcds;

/// <summary>The lists of allowed values on their own sheet, one column each, as the published spreadsheet has them.</summary>
internal sealed class HtcdsLists
{
    public const string Sheet = "validation";
    private const int FirstRow = 4;
    private readonly List<(string Head, IReadOnlyList<string> Values)> _columns = [];
    private readonly Dictionary<string, int> _byList = new(StringComparer.Ordinal);

    public HtcdsLists(IReadOnlyList<HtcdsField> fields, HtcdsStandard standard)
    {
        foreach (var field in fields.Where(field => field.Kind is HtcdsKind.Choice or HtcdsKind.Country))
        {
            var list = HtcdsStandard.ListOf(field)!;
            if (_byList.TryAdd(list, _columns.Count + 2))
            {
                _columns.Add((field.Label.In("en"), [.. standard.Offers(list)]));
            }
        }
    }

    /// <summary>"validation!$B$4:$B$9"; null when the field offers no list.</summary>
    public string? Range(HtcdsField field)
    {
        if (HtcdsStandard.ListOf(field) is not { } list || !_byList.TryGetValue(list, out var column))
        {
            return null;
        }

        var letters = CellAddress.Letters(column);
        return string.Create(CultureInfo.InvariantCulture, $"{Sheet}!${letters}${FirstRow}:${letters}${FirstRow + _columns[column - 2].Values.Count - 1}");
    }

    public void Write(ByteSink sink)
    {
        sink.Write(HtcdsSheet.Open);
        sink.Write("<row r=\"1\">"u8);
        XlsxWriter.Text(sink, 1, 1, "Validation Lookups", "");
        sink.Write("</row>"u8);
        var rows = _columns.Count == 0 ? 0 : _columns.Max(column => column.Values.Count) + 1;
        for (var i = 0; i < rows; i++)
        {
            sink.Write(FormattableString.Invariant($"<row r=\"{FirstRow - 1 + i}\">"));
            for (var c = 0; c < _columns.Count; c++)
            {
                if (i <= _columns[c].Values.Count)
                {
                    XlsxWriter.Text(sink, FirstRow - 1 + i, c + 2, i == 0 ? _columns[c].Head : _columns[c].Values[i - 1], i == 0 ? " s=\"1\"" : "");
                }
            }

            sink.Write("</row>"u8);
        }

        sink.Write("</sheetData></worksheet>"u8);
    }
}

/// <summary>The sheet of cases.</summary>
internal sealed class HtcdsSheet(ByteSink sink, IReadOnlyList<HtcdsField> fields, HtcdsLists lists)
{
    public const string Open = "<?xml version=\"1.0\" encoding=\"UTF-8\"?><worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><sheetData>";

    public void Write(IReadOnlyList<IReadOnlyDictionary<string, string>> cases, int emptyRows, CancellationToken cancellation)
    {
        sink.Write(Open);
        Head(1, field => field.Code);
        Head(2, field => field.Label.In("en"));
        var last = Math.Max(cases.Count, emptyRows);
        for (var i = 0; i < last; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            sink.Write(FormattableString.Invariant($"<row r=\"{i + 3}\">"));
            XlsxWriter.Plain(sink, i + 3, 1, "", (i + 1).ToString(CultureInfo.InvariantCulture));
            for (var c = 0; i < cases.Count && c < fields.Count; c++)
            {
                if (cases[i].TryGetValue(fields[c].Code, out var text) && text.Length > 0)
                {
                    Cell(i + 3, c + 2, fields[c], text);
                }
            }

            sink.Write("</row>"u8);
        }

        sink.Write("</sheetData>"u8);
        Validations(last + 2);
        sink.Write("</worksheet>"u8);
    }

    public static void WriteLines(ByteSink sink, IReadOnlyList<string> lines)
    {
        sink.Write(Open);
        for (var i = 0; i < lines.Count; i++)
        {
            sink.Write(FormattableString.Invariant($"<row r=\"{i + 1}\">"));
            XlsxWriter.Text(sink, i + 1, 1, lines[i], "");
            sink.Write("</row>"u8);
        }

        sink.Write("</sheetData></worksheet>"u8);
    }

    private void Head(int row, Func<HtcdsField, string> text)
    {
        sink.Write(FormattableString.Invariant($"<row r=\"{row}\">"));
        for (var i = 0; i < fields.Count; i++)
        {
            XlsxWriter.Text(sink, row, i + 2, text(fields[i]), " s=\"1\"");
        }

        sink.Write("</row>"u8);
    }

    /// <summary>A typed cell only where the type keeps every byte: 13.7500 as a number would come back as 13.75 from a spreadsheet program.</summary>
    private void Cell(int row, int column, HtcdsField field, string text)
    {
        switch (field.Kind)
        {
            case HtcdsKind.Checkbox when text is "TRUE" or "FALSE":
                XlsxWriter.Plain(sink, row, column, " t=\"b\"", text == "TRUE" ? "1" : "0");
                break;
            case HtcdsKind.Date when DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date)
                && date >= new DateOnly(1900, 3, 1):
                XlsxWriter.Plain(sink, row, column, " s=\"2\"",
                    (date.DayNumber - new DateOnly(1899, 12, 30).DayNumber).ToString(CultureInfo.InvariantCulture));
                break;
            case HtcdsKind.Number or HtcdsKind.Degrees when IsShort(text):
                XlsxWriter.Plain(sink, row, column, "", text);
                break;
            default:
                XlsxWriter.Text(sink, row, column, text, "");
                break;
        }
    }

    /// <summary>
    /// Where one value is allowed the list is binding; where several are, the cell may hold them with a semicolon and the
    /// list only warns. The published file restricts dates by two cells that hold other things; here the days themselves stand.
    /// </summary>
    private void Validations(int lastRow)
    {
        var rules = fields.Select((field, index) => (Field: field, Column: CellAddress.Letters(index + 2)))
            .Where(pair => lists.Range(pair.Field) is not null || pair.Field.Kind == HtcdsKind.Date).ToList();
        if (rules.Count == 0)
        {
            return;
        }

        sink.Write(FormattableString.Invariant($"<dataValidations count=\"{rules.Count}\">"));
        foreach (var (field, column) in rules)
        {
            var style = field.Kind is HtcdsKind.Date or HtcdsKind.Country || field.IsMultiple ? " errorStyle=\"warning\"" : "";
            var type = field.Kind == HtcdsKind.Date ? " type=\"date\" operator=\"between\"" : " type=\"list\"";
            var formula = field.Kind == HtcdsKind.Date ? "<formula1>1</formula1><formula2>73051</formula2>" : $"<formula1>{lists.Range(field)}</formula1>";
            sink.Write(FormattableString.Invariant(
                $"<dataValidation{type}{style} allowBlank=\"1\" showInputMessage=\"1\" showErrorMessage=\"1\" sqref=\"{column}3:{column}{Math.Max(lastRow, 502)}\">{formula}</dataValidation>"));
        }

        sink.Write("</dataValidations>"u8);
    }

    /// <summary>A number that every program writes back as it stands.</summary>
    private static bool IsShort(string text) => text.Length <= 15
        && decimal.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
        && number.ToString("0.###############", CultureInfo.InvariantCulture) == text;
}
