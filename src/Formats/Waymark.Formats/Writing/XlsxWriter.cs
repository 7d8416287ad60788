using System.Globalization;
using System.IO.Compression;
using System.Text;
using Waymark.Model;

namespace Waymark.Formats;

/// <param name="Language">Of column names and of the second sheet.</param>
public sealed record XlsxOptions(string Language = "en");

/// <summary>
/// An Office Open XML workbook (ECMA-376) of two sheets: the data with typed cells under a frozen header, and what the
/// data are: source, licence, citation, selection. Texts are stored as texts, so nothing in them can run. The same
/// table
/// gives the same bytes. Rows beyond what a sheet can hold go on in further sheets; a text beyond the 32,767 characters
/// that a cell can hold is cut there, so take CSV where that matters.
/// </summary>
public static class XlsxWriter
{
    private const int RowsPerSheet = 1_048_575;
    private const int MaxText = 32_767;

    /// <summary>
    /// Writes the workbook and returns the number of rows; the package is gathered in memory, packed.
    /// </summary>
    public static async Task<long> WriteAsync(Table table, Stream into, XlsxOptions? options = null,
        CancellationToken cancellation = default)
    {
        var language = (options ?? new()).Language;
        using var memory = new MemoryStream();
        var rows = 0L;
        var sheets = 0;
        using (var package = new ZipArchive(memory, ZipArchiveMode.Create, leaveOpen: true))
        {
            using (var source = table.Rows.GetEnumerator())
            {
                bool more;
                do
                {
                    sheets++;
                    (var written, more) = await WriteSheetAsync(package, sheets, table, source, language, cancellation);
                    rows += written;
                }
                while (more);
            }

            await WriteAboutAsync(package, sheets + 1, table.Dataset, language, cancellation);
            Part(package, "xl/styles.xml", XlsxParts.Styles);
            Part(package, "xl/workbook.xml", XlsxParts.Workbook(sheets, language));
            Part(package, "xl/_rels/workbook.xml.rels", XlsxParts.WorkbookRelations(sheets + 1));
            Part(package, "_rels/.rels", XlsxParts.Relations);
            Part(package, "[Content_Types].xml", XlsxParts.ContentTypes(sheets + 1));
        }

        memory.Position = 0;
        await memory.CopyToAsync(into, cancellation);
        return rows;
    }

    private static async Task<(long Rows, bool More)> WriteSheetAsync(ZipArchive package, int number, Table table,
        IEnumerator<ReadOnlyMemory<Value>> source, string language, CancellationToken cancellation)
    {
        await using var part = Create(package, FormattableString.Invariant($"xl/worksheets/sheet{number}.xml"));
        var sink = new ByteSink(part);
        sink.Write(XlsxParts.SheetHead);
        sink.Write("<row r=\"1\">"u8);
        for (var i = 0; i < table.Columns.Count; i++)
        {
            Text(sink, 1, i + 1, table.Columns[i].Name.In(language) is { Length: > 0 } name ? name
                : table.Columns[i].Id, " s=\"1\"");
        }

        sink.Write("</row>"u8);
        var (row, more) = (1, true);
        while (row <= RowsPerSheet && (more = source.MoveNext()))
        {
            row++;
            WriteRow(sink, row, source.Current.Span);
            await sink.FlushIfFullAsync(cancellation);
        }

        sink.Write("</sheetData></worksheet>"u8);
        await sink.FlushAsync(cancellation);
        return (row - 1, more);
    }

    private static async Task WriteAboutAsync(ZipArchive package, int number, DatasetInfo dataset, string language,
        CancellationToken cancellation)
    {
        await using var part = Create(package, FormattableString.Invariant($"xl/worksheets/sheet{number}.xml"));
        var sink = new ByteSink(part);
        sink.Write("<?xml version=\"1.0\" encoding=\"UTF-8\"?><worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><sheetData>"u8);
        var row = 0;
        foreach (var (label, text) in dataset.About(language))
        {
            row++;
            sink.Write(FormattableString.Invariant($"<row r=\"{row}\">"));
            Text(sink, row, 1, label, " s=\"1\"");
            Text(sink, row, 2, text, "");
            sink.Write("</row>"u8);
        }

        sink.Write("</sheetData></worksheet>"u8);
        await sink.FlushAsync(cancellation);
    }

    private static void WriteRow(ByteSink sink, int row, ReadOnlySpan<Value> values)
    {
        sink.Write(FormattableString.Invariant($"<row r=\"{row}\">"));
        for (var i = 0; i < values.Length; i++)
        {
            var value = values[i];
            switch (value.Kind)
            {
                case ValueKind.None:
                    break;
                case ValueKind.Number or ValueKind.NumberText:
                    Plain(sink, row, i + 1, "", value.ToString());
                    break;
                case ValueKind.Boolean:
                    Plain(sink, row, i + 1, " t=\"b\"", value.Truth ? "1" : "0");
                    break;
                case ValueKind.Date when value.Date >= new DateOnly(1900, 3, 1):
                    Plain(sink, row, i + 1, " s=\"2\"",
                        (value.Date.DayNumber - new DateOnly(1899, 12,
                        30).DayNumber).ToString(CultureInfo.InvariantCulture));
                    break;
                default:
                    Text(sink, row, i + 1, value.ToString(), "");
                    break;
            }
        }

        sink.Write("</row>"u8);
    }

    internal static void Plain(ByteSink sink, int row, int column, string attributes, string value)
    {
        sink.Write(FormattableString.Invariant($"<c r=\"{CellAddress.Name(row, column)}\"{attributes}><v>"));
        sink.Write(value);
        sink.Write("</v></c>"u8);
    }

    internal static void Text(ByteSink sink, int row, int column, string text, string attributes)
    {
        if (text.Length == 0)
        {
            return;
        }

        sink.Write(FormattableString.Invariant($"<c r=\"{CellAddress.Name(row, column)}\" t=\"inlineStr\"{attributes}><is><t xml:space=\"preserve\">"));
        sink.Write(Escape(text.Length > MaxText ? text[..MaxText] : text));
        sink.Write("</t></is></c>"u8);
    }

    /// <summary>
    /// XML's own signs, and _xHHHH_ for characters that XML cannot hold (ECMA-376 part 1, 22.9.2.19).
    /// </summary>
    internal static string Escape(string text)
    {
        var result = new StringBuilder(text.Length + 8);
        for (var i = 0; i < text.Length; i++)
        {
            var sign = text[i];
            var lone = char.IsSurrogate(sign) && !(char.IsHighSurrogate(sign) && i + 1 < text.Length
                && char.IsLowSurrogate(text[i + 1]))
                && !(char.IsLowSurrogate(sign) && i > 0 && char.IsHighSurrogate(text[i - 1]));
            _ = sign switch
            {
                '&' => result.Append("&amp;"),
                '<' => result.Append("&lt;"),
                '>' => result.Append("&gt;"),
                '_' when i + 6 < text.Length && text[i + 1] == 'x' && text[i + 6] == '_' => result.Append("_x005F_"),
                (< ' ' and not '\t' and not '\n') or '\uFFFE' or '\uFFFF' =>
                    result.Append(CultureInfo.InvariantCulture, $"_x{(int)sign:X4}_"),
                _ when lone => result.Append('\uFFFD'),
                _ => result.Append(sign),
            };
        }

        return result.ToString();
    }

    internal static void Part(ZipArchive package, string path, string content)
    {
        using var part = Create(package, path);
        part.Write(Encoding.UTF8.GetBytes(content));
    }

    internal static Stream Create(ZipArchive package, string path)
    {
        var entry = package.CreateEntry(path, CompressionLevel.Fastest);
        entry.LastWriteTime = new DateTimeOffset(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);
        return entry.Open();
    }
}
