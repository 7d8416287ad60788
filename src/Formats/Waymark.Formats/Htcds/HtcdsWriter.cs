using System.Globalization;
using System.IO.Compression;
using Waymark.Model;

namespace Waymark.Formats.Htcds;

/// <summary>Which columns a spreadsheet has.</summary>
public enum HtcdsLayout : byte
{
    /// <summary>All 84 fields in the order of the standard.</summary>
    Full,

    /// <summary>The 38 columns of the published spreadsheet; code and label of each name the same field.</summary>
    Template,
}

/// <summary>
/// What is written: the columns, lines for the second sheet (where the cases come from, on which decision they may be used),
/// and how many rows are numbered when there are fewer cases.
/// </summary>
public sealed record HtcdsWriteOptions(HtcdsLayout Layout = HtcdsLayout.Full, IReadOnlyList<string>? About = null, int EmptyRows = 500);

/// <summary>
/// Writes cases as a workbook like the published one: codes in row 1, labels in row 2, row numbers in column A, the
/// allowed values on a sheet of their own and offered in the cells. What is written reads back byte for byte; a value that a
/// cell cannot hold, or a field the layout lacks, is refused before the first byte. CSV is not offered: spreadsheet programs run
/// what begins with a sign, and guarding against that would change telephone numbers.
/// </summary>
public static class HtcdsWriter
{
    private const int MostText = 32_767;
    private const int MostCases = 1_048_574;

    public static async Task<Result<int>> WriteAsync(IReadOnlyList<IReadOnlyDictionary<string, string>> cases, Stream into,
        HtcdsStandard standard, HtcdsWriteOptions? options = null, CancellationToken cancellation = default)
    {
        options ??= new();
        var fields = FieldsOf(standard, options.Layout);
        if (Refuse(cases, fields) is { } refusal)
        {
            return refusal;
        }

        using var memory = new MemoryStream();
        using (var package = new ZipArchive(memory, ZipArchiveMode.Create, leaveOpen: true))
        {
            var lists = new HtcdsLists(fields, standard);
            await WriteSheetAsync(package, 1, sink => new HtcdsSheet(sink, fields, lists).Write(cases, options.EmptyRows, cancellation), cancellation);
            await WriteSheetAsync(package, 2, sink => HtcdsSheet.WriteLines(sink,
                ["HTCDS 2.0", "https://github.com/UNMigration/HTCDS", .. options.About ?? []]), cancellation);
            await WriteSheetAsync(package, 3, lists.Write, cancellation);
            XlsxWriter.Part(package, "xl/styles.xml", XlsxParts.Styles);
            XlsxWriter.Part(package, "xl/workbook.xml", XlsxParts.Workbook(["Case Sheet", "about", "validation"]));
            XlsxWriter.Part(package, "xl/_rels/workbook.xml.rels", XlsxParts.WorkbookRelations(3));
            XlsxWriter.Part(package, "_rels/.rels", XlsxParts.Relations);
            XlsxWriter.Part(package, "[Content_Types].xml", XlsxParts.ContentTypes(3));
        }

        memory.Position = 0;
        await memory.CopyToAsync(into, cancellation);
        return cases.Count;
    }

    /// <summary>The fields of a layout in the order of its columns, the first in column B.</summary>
    public static IReadOnlyList<HtcdsField> FieldsOf(HtcdsStandard standard, HtcdsLayout layout) => layout == HtcdsLayout.Full
        ? standard.Fields
        : [.. standard.Template.Select(column => standard.Find(column.Field)!)];

    private static Error? Refuse(IReadOnlyList<IReadOnlyDictionary<string, string>> cases, IReadOnlyList<HtcdsField> fields)
    {
        if (cases.Count > MostCases)
        {
            return Error.TooLarge("htcds.too-many", $"A sheet holds {MostCases} cases.", $"一张工作表最多容纳 {MostCases} 个个案。");
        }

        var known = fields.Select(field => field.Code).ToHashSet(StringComparer.Ordinal);
        for (var i = 0; i < cases.Count; i++)
        {
            foreach (var (code, text) in cases[i])
            {
                var where = string.Create(CultureInfo.InvariantCulture, $"{i + 1}:{code}");
                if (!known.Contains(code))
                {
                    return Error.Refused("htcds.no-column", $"The layout has no column for {code}.", $"该版式没有 {code} 列。", where)
                        .WithHint("Take the layout with all fields.", "请采用包含全部字段的版式。");
                }

                if (text.Length > MostText || text.Any(char.IsSurrogate) && !IsWhole(text))
                {
                    return Error.Refused("htcds.unwritable", "A cell cannot hold this text: more than 32,767 characters, or half a character.",
                        "单元格无法容纳此文本：超过 32,767 个字符，或含半个字符。", where);
                }
            }
        }

        return null;
    }

    private static bool IsWhole(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsSurrogatePair(text, i))
            {
                i++;
            }
            else if (char.IsSurrogate(text[i]))
            {
                return false;
            }
        }

        return true;
    }

    private static async Task WriteSheetAsync(ZipArchive package, int number, Action<ByteSink> write, CancellationToken cancellation)
    {
        await using var part = XlsxWriter.Create(package, FormattableString.Invariant($"xl/worksheets/sheet{number}.xml"));
        var sink = new ByteSink(part);
        write(sink);
        await sink.FlushAsync(cancellation);
    }
}
