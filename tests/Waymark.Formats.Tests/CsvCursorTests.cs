using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using Xunit;

namespace Waymark.Formats.Tests;

public sealed class CsvCursorTests
{
    private static List<(int Line, string[] Fields, string? Fault)> Walk(string text, char delimiter = ',')
    {
        var cursor = new CsvCursor(Encoding.UTF8.GetBytes(text), (byte)delimiter, name: "f.csv");
        var rows = new List<(int, string[], string?)>();
        while (cursor.Read())
        {
            rows.Add((cursor.Line, Enumerable.Range(0, cursor.FieldCount).Select(i =>
                Encoding.UTF8.GetString(cursor.Field(i))).ToArray(), cursor.Fault?.Code));
        }

        return rows;
    }

    [Theory]
    [InlineData("a,b\nc,d\n")]
    [InlineData("a,b\r\nc,d\r\n")]
    [InlineData("a,b\rc,d\r")]
    [InlineData("a,b\nc,d")]
    public void Any_line_end_separates_records(string text)
    {
        var rows = Walk(text);
        rows.Select(static row => row.Line).ShouldBe([1, 2]);
        rows.SelectMany(static row => row.Fields).ShouldBe(["a", "b", "c", "d"]);
    }

    [Fact]
    public void Line_breaks_in_quotes_belong_to_the_field_and_still_count_as_lines()
    {
        var rows = Walk("a,\"b\r\nc\nd\"\n\nlast");
        rows.Count.ShouldBe(3);
        rows[0].Fields[1].ShouldBe("b\r\nc\nd");
        rows.Select(static row => row.Line).ShouldBe([1, 4, 5]);
        rows[1].Fields.ShouldBe([""]);
    }

    [Fact]
    public void Doubled_marks_become_one_and_a_mark_inside_a_bare_field_is_a_character() =>
        Walk("\"a\"\"b\",c\"d,\"\"\n")[0].Fields.ShouldBe(["a\"b", "c\"d", ""]);

    [Fact]
    public void A_mark_that_never_closes_is_reported_and_the_rest_is_kept()
    {
        var rows = Walk("h,i\n1,\"open\n2,fine\n3,\"closed\"\n");
        rows.Select(static row => row.Fields[0]).ShouldBe(["h", "1", "2", "3"],
            customMessage: string.Join('|', rows.Select(static row => string.Join(',', row.Fields))));
    }

    [Fact]
    public void An_odd_mark_at_the_end_is_located()
    {
        var rows = Walk("h\nx,\"open\ny,z\n");
        rows[1].Fields.ShouldBe(["x", "\"open"]);
        rows[1].Fault.ShouldBe("csv.unterminated-quote");
        rows[2].Fields.ShouldBe(["y", "z"]);
        rows[2].Line.ShouldBe(3);
        var cursor = new CsvCursor("h\nx,\"open\ny,z\n"u8.ToArray(), name: "f.csv");
        cursor.Read();
        cursor.Read();
        cursor.Fault!.Where.ShouldBe("f.csv:2:2");
    }

    [Fact]
    public void Text_after_a_closing_mark_keeps_the_field_as_written()
    {
        var rows = Walk("\"a\"b,c\n");
        rows[0].Fields.ShouldBe(["\"a\"b", "c"]);
        rows[0].Fault.ShouldBe("csv.text-after-quote");
    }

    [Fact]
    public void A_million_columns_are_read_and_one_more_than_the_limit_is_refused()
    {
        var wide = string.Join(',', Enumerable.Repeat("7", 1_000_000));
        Walk(wide + "\n1,2\n").Select(static row => row.Fields.Length).ShouldBe([1_000_000, 2]);
        var cursor = new CsvCursor(Encoding.UTF8.GetBytes("1,2,3,4"),
            limits: ReadLimits.Default with { MaxColumns = 3 });
        cursor.Read().ShouldBeFalse();
        cursor.Stopped!.Code.ShouldBe("limit.columns");
    }

    [Fact]
    public void Specials_at_the_edges_of_blocks_are_seen()
    {
        for (var pad = 50; pad < 150; pad++)
        {
            var field = new string('x', pad);
            var rows = Walk($"{field},b\r\n\"{field}\n\",d\r\n");
            rows.Count.ShouldBe(2);
            rows[0].Fields.ShouldBe([field, "b"]);
            rows[1].Fields.ShouldBe([field + "\n", "d"]);
        }
    }

    /// <summary>
    /// What a writer quotes by the rules, the cursor reads back, whatever the texts and the delimiter.
    /// </summary>
    [Fact]
    public void Written_records_read_back_equal()
    {
        var field = Gen.OneOf(Gen.Elements("", "a", "\"", ",", "\r\n", "\n", ";", "Côte d'Ivoire", "小", "\"\"", " x ",
            "1,000", "'"),
            Gen.Elements('a', 'b', ',', '"', '\n', '\r', ';', '\t', ' ').ArrayOf().Select(static letters =>
                new string(letters)));
        var records = field.NonEmptyListOf().Select(static fields => fields.ToArray()).NonEmptyListOf();
        var cases = from rows in records from delimiter in Gen.Elements(',', ';', '\t',
            '|') select (rows: rows.ToArray(), delimiter);
        Prop.ForAll(cases.ToArbitrary(), static @case =>
        {
            var text = string.Concat(@case.rows.Select(row => string.Join(@case.delimiter,
                row.Select(static value => $"\"{value.Replace("\"", "\"\"", StringComparison.Ordinal)}\"")) + "\r\n"));
            var back = Walk(text, @case.delimiter);
            return back.Count == @case.rows.Length
                && back.Zip(@case.rows).All(static pair => pair.First.Fields.SequenceEqual(pair.Second));
        }).QuickCheckThrowOnFailure();
    }

    /// <summary>
    /// Every byte of the text is in a record, a line end, or nowhere: extents cover the text in order.
    /// </summary>
    [Fact]
    public void Records_cover_the_text_in_order_whatever_it_holds()
    {
        var texts = Gen.Elements((byte)'a', (byte)',', (byte)'"', (byte)'\n', (byte)'\r', (byte)0,
            (byte)0xF4).ArrayOf();
        Prop.ForAll(texts.ToArbitrary(), static bytes =>
        {
            var cursor = new CsvCursor(bytes);
            var (at, line) = (0, 1);
            while (cursor.Read())
            {
                var (start, end) = cursor.Extent;
                if (start < at || end < start || !bytes.AsSpan(at, start - at).TrimEnd("\r\n"u8).IsEmpty
                    || cursor.Line < line)
                {
                    return false;
                }

                (at, line) = (end, cursor.Line);
            }

            return cursor.Stopped is null && bytes.AsSpan(at).TrimEnd("\r\n"u8).IsEmpty;
        }).QuickCheckThrowOnFailure();
    }

    [Theory]
    [InlineData("a;b;c\n1,5;2;3\n2,5;3;4\n", ';')]
    [InlineData("a\tb\n1,2\t3\n", '\t')]
    [InlineData("a|b\n1|2\n", '|')]
    [InlineData("title, with comma\n\nx,y,z\n1,2,3\n4,5,6\n7,8,9\n", ',')]
    [InlineData("sep=;\na,b;c\n", ';')]
    [InlineData("one\ntwo\n", ',')]
    public void The_delimiter_is_found_by_regularity(string text, char expected) =>
        TabularFile.Open(Encoding.UTF8.GetBytes(text), "f.csv").Value.Text!.Delimiter.ShouldBe((byte)expected);

    [Theory]
    [InlineData("utf-16", true)]
    [InlineData("utf-16BE", true)]
    [InlineData("utf-16", false)]
    public void Sixteen_bit_text_is_read_with_or_without_a_mark(string encoding, bool mark)
    {
        var kind = Encoding.GetEncoding(encoding);
        byte[] bytes = [.. mark ? kind.GetPreamble() : [], .. kind.GetBytes("naam,waarde\r\nCôte,12\r\n小王,3\r\n")];
        var file = TabularFile.Open(bytes, "f.csv").Value;
        file.Sheets[0].Read().Value.At(2, 1).Text.ShouldBe("Côte");
    }
}
