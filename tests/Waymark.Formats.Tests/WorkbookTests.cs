using System.Text;
using Shouldly;
using Xunit;

namespace Waymark.Formats.Tests;

public sealed class WorkbookTests
{
    private static Grid Read(byte[] bytes, string name = "w.xlsx")
    {
        var file = TabularFile.Open(bytes, name);
        file.IsOk.ShouldBeTrue(file.Error?.ToString());
        var grid = file.Value.Sheets[0].Read();
        return grid.IsOk ? grid.Value : throw new InvalidOperationException(grid.Error.ToString());
    }

    private static Waymark.Model.Error Refusal(byte[] bytes, string name = "w.xlsx", ReadLimits? limits = null)
    {
        var file = TabularFile.Open(bytes, name, limits);
        return file.IsOk ? file.Value.Sheets[0].Read().Error.ShouldNotBeNull() : file.Error;
    }

    [Fact]
    public void Numbers_keep_their_stored_text_and_formulas_are_marked_not_computed()
    {
        var grid = Read(Fixtures.Xlsx("<row r=\"2\"><c r=\"B2\" s=\"2\"><v>3.5998120638581024</v></c><c r=\"C2\"><f>B2*2</f><v>1.0</v></c><c r=\"E2\" t=\"str\"><f>[1]X!A1</f><v>a&amp;b</v></c><c r=\"F2\" t=\"e\"><v>#N/A</v></c><c r=\"G2\" t=\"b\"><v>1</v></c></row>"));
        var row = grid[0];
        row.Number.ShouldBe(2);
        (row[0].Address, row[0].Text, row[0].Kind, row[0].NumberFormat,
            row[0].Indent).ShouldBe(("B2", "3.5998120638581024", CellKind.Number, "#,##0", 2));
        row[0].TryGetNumber(out var number).ShouldBeTrue();
        number.ShouldBe(3.5998120638581024);
        (row[1].Text, row[1].IsFormula).ShouldBe(("1.0", true));
        (row[2].Text, row[2].IsFormula, row[2].Column).ShouldBe(("a&b", true, 5));
        row[3].Kind.ShouldBe(CellKind.Error);
        row[4].Kind.ShouldBe(CellKind.Boolean);
        grid.At(2, 4).IsBlank.ShouldBeTrue();
        grid.At(1, 1).IsBlank.ShouldBeTrue();
    }

    [Fact]
    public void Dates_follow_the_number_format_and_superscripts_are_found()
    {
        var grid = Read(Fixtures.Xlsx("<row><c s=\"1\"><v>43831</v></c><c t=\"s\"><v>1</v></c><c t=\"inlineStr\"><is><t>in_x000A_line</t></is></c></row>"));
        grid[0][0].TryGetDate(out var date).ShouldBeTrue();
        date.ShouldBe(new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Unspecified));
        (grid[0][1].Text, grid[0][1].SuperscriptStart).ShouldBe(("Label2", 5));
        grid[0][2].Text.ShouldBe("in\nline");
    }

    [Fact]
    public void Merges_are_reported_and_not_filled()
    {
        var grid = Read(Fixtures.Xlsx("<row r=\"1\"><c r=\"A1\" t=\"s\"><v>0</v></c></row>",
            "<mergeCells><mergeCell ref=\"A1:C2\"/></mergeCells><dataValidations><dataValidation type=\"list\" sqref=\"A3:A9\"><formula1>\"Yes,No\"</formula1></dataValidation></dataValidations>"));
        grid.Merges.ShouldBe([new MergedRange(1, 1, 2, 3)]);
        grid.CellCount.ShouldBe(1);
        grid.Validations.ShouldBe([new DataValidation("A3:A9", "list", "\"Yes,No\"")]);
    }

    [Fact]
    public void Hidden_sheets_are_listed_with_their_visibility()
    {
        var book = "<workbook xmlns:r=\"r\"><sheets><sheet name=\"One\" r:id=\"rId1\"/><sheet name=\"Two\" state=\"hidden\" r:id=\"rId1\"/><sheet name=\"小\" state=\"veryHidden\" r:id=\"rId1\"/></sheets></workbook>";
        var file = TabularFile.Open(Fixtures.Xlsx("", workbook: book), "w.xlsx").Value;
        file.Sheets.Select(static sheet => (sheet.Name, sheet.Visibility)).ShouldBe([("One", SheetVisibility.Visible),
            ("Two", SheetVisibility.Hidden), ("小", SheetVisibility.VeryHidden)]);
    }

    [Fact]
    public void Macros_and_links_to_other_files_are_named_and_left_alone()
    {
        var bytes = Fixtures.Xlsx("", more: [("xl/vbaProject.bin", "x"),
            ("xl/externalLinks/externalLink1.xml", "<x/>")]);
        TabularFile.Open(bytes, "w.xlsm").Value.Notes.Select(static note =>
            note.Code).ShouldBe(["workbook.macros", "workbook.external-links"]);
    }

    [Theory]
    [InlineData("<row r=\"1\"><c r=\"A1\"><v>1</v></c></row><row r=\"1\"/>", "w.xlsx/One!A1")]
    [InlineData("<row r=\"1\"><c r=\"B1\"><v>1</v></c><c r=\"A1\"><v>1</v></c></row>", "w.xlsx/One!A1")]
    [InlineData("<row r=\"4\"><c r=\"B4\" t=\"s\"><v>99</v></c></row>", "w.xlsx/One!B4")]
    [InlineData("<row><c></row>", "w.xlsx/One@")]
    [InlineData("<row><c><v>&unknown;</v></c></row>", "w.xlsx/One@")]
    public void A_sheet_that_contradicts_itself_is_refused_with_the_place(string rows, string place) =>
        Refusal(Fixtures.Xlsx(rows)).Where!.ShouldStartWith(place);

    [Fact]
    public void A_document_type_is_refused()
    {
        var bomb = "<?xml version=\"1.0\"?><!DOCTYPE lolz [<!ENTITY a \"aaaa\">]><worksheet><sheetData/></worksheet>";
        var error = Refusal(Fixtures.Zip(("[Content_Types].xml", "<x/>"),
            ("xl/workbook.xml", "<workbook xmlns:r=\"r\"><sheets><sheet name=\"S\" r:id=\"a\"/></sheets></workbook>"),
            ("xl/_rels/workbook.xml.rels", "<R><Relationship Id=\"a\" Type=\"x/worksheet\" Target=\"s.xml\"/></R>"),
                ("xl/s.xml", bomb)));
        error.Message.In("en").ShouldContain("document type");
    }

    [Fact]
    public void A_bomb_of_blanks_is_stopped_by_its_ratio()
    {
        var bytes = Fixtures.Xlsx(new string(' ', 64 << 20));
        bytes.Length.ShouldBeLessThan(1 << 20);
        Refusal(bytes).Code.ShouldBe("limit.ratio");
        Refusal(Fixtures.Gzip(new byte[64 << 20]), "b.csv.gz").Code.ShouldBe("limit.ratio");
    }

    [Fact]
    public void Limits_on_rows_cells_sheets_and_text_are_kept()
    {
        var rows = string.Concat(Enumerable.Range(1, 50).Select(static i => $"<row r=\"{i}\"><c><v>{i}</v></c></row>"));
        Refusal(Fixtures.Xlsx(rows), limits: ReadLimits.Default with { MaxRows = 10 }).Code.ShouldBe("limit.rows");
        Refusal(Fixtures.Xlsx(rows), limits: ReadLimits.Default with { MaxCells = 10 }).Code.ShouldBe("limit.cells");
        Refusal(Fixtures.Xlsx(rows), limits: ReadLimits.Default with { MaxFileBytes = 10 }).Code.ShouldBe("limit.file-bytes");
        Refusal(Fixtures.Xlsx($"<row><c t=\"str\"><v>{new string('x', 5000)}</v></c></row>"), limits: ReadLimits.Default with { MaxCellBytes = 4096 }).Code.ShouldBe("limit.cell-bytes");
        Refusal(Fixtures.Ods("<table:table/><table:table/>"),
            limits: ReadLimits.Default with { MaxSheets = 1 }).Code.ShouldBe("limit.sheets");
    }

    [Fact]
    public void Repeated_cells_of_OpenDocument_are_written_out_within_limits()
    {
        var grid = Read(Fixtures.Ods("<table:table table:name=\"T\"><table:table-row table:number-rows-repeated=\"1048576\"><table:table-cell table:number-columns-repeated=\"16384\"/></table:table-row><table:table-row table:number-rows-repeated=\"2\"><table:table-cell/><table:table-cell office:value-type=\"float\" office:value=\"1.50\" table:number-columns-repeated=\"3\"><text:p>1,5</text:p></table:table-cell><table:table-cell office:value-type=\"string\" table:number-rows-spanned=\"2\"><text:p>a<text:s text:c=\"2\"/>b</text:p><text:p>c</text:p></table:table-cell></table:table-row></table:table>"), "t.ods");
        grid.RowCount.ShouldBe(2);
        grid[0].Number.ShouldBe(1_048_577);
        grid[0].ToTexts().ShouldBe(["1.50", "1.50", "1.50", "a  b\nc"]);
        grid[0][0].Address.ShouldBe("B1048577");
        grid.Merges.Count.ShouldBe(1);
        Refusal(Fixtures.Ods("<table:table><table:table-row><table:table-cell office:value-type=\"string\" table:number-columns-repeated=\"2000000000\"><text:p>x</text:p></table:table-cell></table:table-row></table:table>")).Code.ShouldBe("limit.columns");
    }

    [Theory]
    [InlineData("%PDF-1.7 ...", "format.unsupported")]
    [InlineData("<!DOCTYPE html><table></table>", "format.unsupported")]
    [InlineData("{\"a\":1}", "format.unsupported")]
    [InlineData("[{\"a\":1},", "format.damaged")]
    [InlineData("", "format.empty")]
    [InlineData("PK\u0003\u0004 nothing", "format.damaged")]
    public void Other_content_is_refused_by_what_it_is(string content, string code)
    {
        var error = TabularFile.Open(Encoding.Latin1.GetBytes(content), "x.csv").Error!;
        error.Code.ShouldBe(code);
        error.Where!.ShouldStartWith("x.csv");
    }

    [Fact]
    public void A_truncated_gzip_and_a_flipped_bit_are_noticed()
    {
        var packed = Fixtures.Gzip(Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, 5000).Select(static i =>
            $"{i},{i * 7}\n"))));
        TabularFile.Open(packed, "a.csv.gz").Value.IsCompressed.ShouldBeTrue();
        for (var cut = 1; cut < packed.Length; cut += 37)
        {
            TabularFile.Open(packed.AsMemory(0, packed.Length - cut), "a.csv.gz").IsOk.ShouldBeFalse($"cut {cut}");
        }

        var flipped = (byte[])packed.Clone();
        flipped[packed.Length / 2] ^= 4;
        TabularFile.Open(flipped, "a.csv.gz").Error!.Code.ShouldBe("format.damaged");
    }

    [Fact]
    public void Any_single_flipped_bit_of_a_workbook_is_noticed_or_harmless()
    {
        var bytes = Fixtures.Xlsx(string.Concat(Enumerable.Range(1, 40).Select(static i =>
            $"<row r=\"{i}\"><c r=\"A{i}\"><v>{i * 13}</v></c></row>")));
        var expected = Read(bytes).Rows.SelectMany(static row => row.ToTexts()).ToList();
        for (var at = 0; at < bytes.Length; at++)
        {
            var damaged = (byte[])bytes.Clone();
            damaged[at] ^= (byte)(1 << (at % 8));
            if (TabularFile.Open(damaged, "w.xlsx").TryGet(out var file) && file.Sheets[0].Read().TryGet(out var grid))
            {
                grid.Rows.SelectMany(static row => row.ToTexts()).ShouldBe(expected, $"byte {at}");
            }
        }
    }

    [Fact]
    public void The_forward_reader_gives_the_rows_of_the_grid()
    {
        foreach (var (name, bytes) in Fixtures.All)
        {
            var sheet = TabularFile.Open(bytes, name).Value.Sheets[0];
            var grid = sheet.Read().Value;
            using var reader = sheet.OpenReader().Value;
            var index = 0;
            while (reader.Read())
            {
                reader.Row.Number.ShouldBe(grid[index].Number);
                reader.Row.ToTexts().ShouldBe(grid[index++].ToTexts());
            }

            index.ShouldBe(grid.RowCount);
            reader.Error.ShouldBeNull();
        }
    }

    [Fact]
    public void Detection_tells_format_encoding_delimiter_and_first_rows()
    {
        var text = TabularFile.Detect(Fixtures.Gzip(Encoding.UTF8.GetBytes("a;b\n1;2\n3;4\n")), "x.gz", rows: 2).Value;
        (text.Format, text.MediaType, text.IsCompressed, text.Encoding,
            text.Delimiter).ShouldBe((FileFormat.DelimitedText, "text/csv", true, TextEncoding.Utf8, (byte)';'));
        text.Sheets[0].Rows.Select(static row => string.Join('|', row.Cells)).ShouldBe(["a|b", "1|2"]);
        var book = TabularFile.Detect(Fixtures.Xlsx("<row r=\"3\"><c r=\"B3\" t=\"s\"><v>0</v></c></row>"), "x").Value;
        book.SheetNames.ShouldBe(["One"]);
        book.Sheets[0].Rows[0].ShouldSatisfyAllConditions(static row => row.Number.ShouldBe(3), static row =>
            row.Cells.ShouldBe(["", "text"]));
    }

    [Fact]
    public void Json_rows_keep_digits_and_order_of_columns()
    {
        var grid = Read(Encoding.UTF8.GetBytes("[{\"a\":1.50,\"b\":\"x\"},{\"c\":true,\"a\":null}]"), "t.json");
        grid[0].ToTexts().ShouldBe(["a", "b", "c"]);
        grid[1].ToTexts().ShouldBe(["1.50", "x"]);
        (grid[2][0].Column, grid[2][0].Kind).ShouldBe((3, CellKind.Boolean));
    }
}
