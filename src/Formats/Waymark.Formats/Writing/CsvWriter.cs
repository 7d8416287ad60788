using System.Buffers;

namespace Waymark.Formats;

/// <param name="ByteOrderMark">Spreadsheets in many locales read UTF-8 only with a mark.</param>
/// <param name="GuardFormulas">Puts an apostrophe before texts that a spreadsheet would run as a formula; numbers are
/// never touched.</param>
/// <param name="Labels">Language for column names; null writes the column ids.</param>
public sealed record CsvOptions(bool ByteOrderMark = false, bool GuardFormulas = true, string? Labels = null);

/// <summary>
/// Comma-separated values as in RFC 4180: UTF-8, comma, CRLF, decimal points, ISO dates, one header line.
/// </summary>
public static class CsvWriter
{
    private static readonly SearchValues<char> NeedsQuotes = SearchValues.Create(",\"\r\n");

    /// <summary>Writes the table and returns the number of rows. Rows are asked for one by one.</summary>
    public static async Task<long> WriteAsync(Table table, Stream into, CsvOptions? options = null,
        CancellationToken cancellation = default)
    {
        options ??= new();
        var sink = new ByteSink(into);
        if (options.ByteOrderMark)
        {
            sink.Write([0xEF, 0xBB, 0xBF]);
        }

        var first = true;
        foreach (var column in table.Columns)
        {
            Separate(sink, ref first);
            Field(sink, options.Labels is null ? column.Id : column.Name.In(options.Labels), options.GuardFormulas);
        }

        sink.Write("\r\n"u8);
        var rows = 0L;
        foreach (var row in table.Rows)
        {
            WriteRow(sink, row.Span, options.GuardFormulas);
            rows++;
            await sink.FlushIfFullAsync(cancellation);
        }

        await sink.FlushAsync(cancellation);
        return rows;
    }

    /// <summary>
    /// Writes one field, quoted where RFC 4180 asks for it (and where blanks at its ends would be lost on readers).
    /// </summary>
    internal static void Field(ByteSink sink, ReadOnlySpan<char> text, bool guard)
    {
        // A sign alone ("=" as comparator) is no formula to any spreadsheet.
        var apostrophe = guard && text.Length > 1 && text is ['=' or '+' or '-' or '@' or '\t' or '\r', ..];
        if (!apostrophe && !text.ContainsAny(NeedsQuotes) && text is not [' ', ..] and not [.., ' '])
        {
            sink.Write(text);
            return;
        }

        sink.Write(apostrophe ? "\"'"u8 : "\""u8);
        for (int mark; (mark = text.IndexOf('"')) >= 0; text = text[(mark + 1)..])
        {
            sink.Write(text[..mark]);
            sink.Write("\"\""u8);
        }

        sink.Write(text);
        sink.Write("\""u8);
    }

    internal static void Separate(ByteSink sink, ref bool first)
    {
        if (!first)
        {
            sink.Write(","u8);
        }

        first = false;
    }

    private static void WriteRow(ByteSink sink, ReadOnlySpan<Value> row, bool guard)
    {
        var first = true;
        foreach (var value in row)
        {
            Separate(sink, ref first);
            Field(sink, value.ToString(), guard && value.Kind == ValueKind.Text);
        }

        if (row is [{ IsNone: true } or { Kind: ValueKind.Text }] && row[0].ToString().Length == 0)
        {
            sink.Write("\"\""u8); // one empty field is not an empty line
        }

        sink.Write("\r\n"u8);
    }
}
