using System.Text;
using System.Text.Json;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Validation;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using Waymark.Model;
using Xunit;

namespace Waymark.Formats.Tests;

public sealed class WriterTests
{
    private static readonly DatasetInfo Info = new("migrant-stock", "UN-DESA", "1.0", new("Migrant stock", "移民存量"),
        new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero), "UN DESA", "CC BY 3.0 IGO",
            "UN DESA (2020), Migrant stock", ["area=DEU"]);

    private static readonly IReadOnlyList<Column> Columns =
    [
        new("AREA", new("Area", "地区"), ColumnType.Text, ColumnRole.Dimension, static code => code == "DEU"
            ? new("Germany", "德国") : null),
        new("SEX", new("Sex", "性别"), ColumnType.Text, ColumnRole.Dimension),
        new("TIME_PERIOD", new("Period", "时期"), ColumnType.Period, ColumnRole.Dimension),
        new("OBS_VALUE", new("Value", "数值"), ColumnType.Number, ColumnRole.Measure),
        new("OBS_STATUS", new("Status", "状态"), ColumnType.Text, ColumnRole.Attribute, static code => code == "A"
            ? new("Normal", "正常") : null),
        new("NOTE", new("Note", "注"), ColumnType.Text, ColumnRole.Attribute),
    ];

    private static Table TableOf(IEnumerable<Value[]> rows) =>
        new(Info, Columns, rows.Select(static row => (ReadOnlyMemory<Value>)row));

    private static Value[] Row(string area, string sex, string period, Value value, string? status, string? note) =>
        [Value.Of(area), Value.Of(sex), Value.Of(period), value, Value.Of(status), Value.Of(note)];

    private static readonly Value[][] Two =
    [
        Row("DEU", "F", "2020", Value.Verbatim("3.5998120638581024"), "A", null),
        Row("小", "M", "2019-Q1", Value.None, "Q", "=cmd, \"x\""),
    ];

    private static byte[] Bytes(Func<Stream, Task> write)
    {
        using var memory = new MemoryStream();
        write(memory).GetAwaiter().GetResult();
        return memory.ToArray();
    }

    private static string Text(Func<Stream, Task> write) => Encoding.UTF8.GetString(Bytes(write));

    private static Grid Back(byte[] bytes, string name, string sheet = "")
    {
        var file = TabularFile.Open(bytes, name);
        file.IsOk.ShouldBeTrue(file.Error?.ToString());
        var grid = (sheet.Length == 0 ? file.Value.Sheets[0] : file.Value[sheet]!).Read();
        grid.IsOk.ShouldBeTrue(grid.Error?.ToString());
        return grid.Value;
    }

    [Fact]
    public void Csv_guards_formulas_in_texts_and_never_touches_numbers()
    {
        var rows = new[] { Row("-1+1", "@x", "+2020", Value.Of(-5), "=A1", "\tq"),
            Row("a", "b", "2020", Value.Of(-1.5m), "'", "ok-") };
        Text(stream => CsvWriter.WriteAsync(TableOf(rows), stream)).ShouldBe(
            "AREA,SEX,TIME_PERIOD,OBS_VALUE,OBS_STATUS,NOTE\r\n\"'-1+1\",\"'@x\",\"'+2020\",-5,\"'=A1\",\"'\tq\"\r\na,b,2020,-1.5,',ok-\r\n");
        Bytes(stream => CsvWriter.WriteAsync(TableOf(Two), stream,
            new(ByteOrderMark: true, Labels: "zh")))[..3].ShouldBe([0xEF, 0xBB, 0xBF]);
    }

    [Fact]
    public void Sdmx_csv_has_the_columns_of_the_standard()
    {
        Text(stream => SdmxCsvWriter.WriteAsync(TableOf(Two), stream)).ShouldBe(
            "STRUCTURE,STRUCTURE_ID,ACTION,AREA,SEX,TIME_PERIOD,OBS_VALUE,OBS_STATUS,NOTE\r\n"
            + "dataflow,UN-DESA:migrant-stock(1.0),I,DEU,F,2020,3.5998120638581024,A,\r\n"
            + "dataflow,UN-DESA:migrant-stock(1.0),I,小,M,2019-Q1,,Q,\"=cmd, \"\"x\"\"\"\r\n");
        Text(stream => SdmxCsvWriter.WriteAsync(TableOf(Two[..1]), stream,
            new(SdmxLabels.Both, SdmxTimeFormat.Normalized, SdmxKeys.Both, SdmxAction.Replace))).ShouldBe(
            "STRUCTURE,STRUCTURE_ID,ACTION,SERIES_KEY,OBS_KEY,AREA: Area,SEX: Sex,TIME_PERIOD: Period,OBS_VALUE: Value,OBS_STATUS: Status,NOTE: Note\r\n"
            + "dataflow,UN-DESA:migrant-stock(1.0): Migrant stock,R,DEU.F,DEU.F.2020-01-01,DEU: Germany,F,2020-01-01,3.5998120638581024,A: Normal,\r\n");
        Text(stream => SdmxCsvWriter.WriteAsync(TableOf(Two[..1]), stream,
            new(SdmxLabels.Name, Language: "zh"))).ShouldBe(
            "STRUCTURE,STRUCTURE_ID,STRUCTURE_NAME,ACTION,AREA,地区,SEX,性别,TIME_PERIOD,时期,OBS_VALUE,数值,OBS_STATUS,状态,NOTE,注\r\n"
            + "dataflow,UN-DESA:migrant-stock(1.0),移民存量,I,DEU,德国,F,,2020,,3.5998120638581024,,A,正常,,\r\n");
    }

    [Fact]
    public void Json_stat_is_a_dataset_with_roles_status_and_licence()
    {
        using var json = JsonDocument.Parse(Bytes(stream => JsonStatWriter.WriteAsync(TableOf(Two), stream)));
        var root = json.RootElement;
        (root.GetProperty("version").GetString(), root.GetProperty("class").GetString()).ShouldBe(("2.0", "dataset"));
        root.GetProperty("size").EnumerateArray().Select(static size => size.GetInt32()).ShouldBe([2, 2, 2]);
        root.GetProperty("role").GetProperty("time")[0].GetString().ShouldBe("TIME_PERIOD");
        root.GetProperty("value").GetProperty("0").GetRawText().ShouldBe("3.5998120638581024");
        root.GetProperty("status").GetProperty("7").GetString().ShouldBe("Q");
        root.GetProperty("extension").GetProperty("licence").GetString().ShouldBe("CC BY 3.0 IGO");
        root.GetProperty("dimension").GetProperty("AREA").GetProperty("category").GetProperty("label").GetProperty("DEU").GetString().ShouldBe("Germany");
    }

    [Theory]
    [InlineData(SdmxLayout.Series)]
    [InlineData(SdmxLayout.Flat)]
    public void Sdmx_json_reads_back_through_our_own_reader(SdmxLayout layout)
    {
        var bytes = Bytes(stream => SdmxJsonWriter.WriteAsync(TableOf(Two), stream, new(layout)));
        using var json = JsonDocument.Parse(bytes);
        json.RootElement.GetProperty("$schema").GetString().ShouldBe("https://json.sdmx.org/2.1/sdmx-json-data-schema.json");
        json.RootElement.GetProperty("data").GetProperty("structures")[0].GetProperty("links")[0].GetProperty("urn").GetString()
            .ShouldBe("urn:sdmx:org.sdmx.infomodel.datastructure.Dataflow=UN-DESA:migrant-stock(1.0)");
        Same(Back(bytes, "x.json"), Two).ShouldBeTrue();
    }

    [Fact]
    public async Task Two_rows_of_one_key_are_refused_where_the_format_holds_one()
    {
        Value[][] rows = [Two[0], Two[0]];
        (await JsonStatWriter.WriteAsync(TableOf(rows), Stream.Null,
            cancellation: TestContext.Current.CancellationToken)).Error!.Code.ShouldBe("write.duplicate-key");
        (await SdmxJsonWriter.WriteAsync(TableOf(rows), Stream.Null,
            cancellation: TestContext.Current.CancellationToken)).Error!.Code.ShouldBe("write.duplicate-key");
    }

    [Fact]
    public void A_workbook_is_valid_and_has_a_sheet_about_its_source()
    {
        var bytes = Bytes(stream => XlsxWriter.WriteAsync(TableOf(Two), stream));
        using var package = SpreadsheetDocument.Open(new MemoryStream(bytes), false);
        new OpenXmlValidator().Validate(package).Select(static fault =>
            $"{fault.Path?.XPath}: {fault.Description}").ShouldBeEmpty();
        Back(bytes, "x.xlsx", "About").Rows.SelectMany(static row => row.ToTexts()).ShouldContain("CC BY 3.0 IGO");
        Back(bytes, "x.xlsx", "Data")[0].ToTexts().ShouldBe(["Area", "Sex", "Period", "Value", "Status", "Note"]);
        Bytes(stream => XlsxWriter.WriteAsync(TableOf(Two), stream)).ShouldBe(bytes);
    }

    [Fact]
    public void Dates_and_truth_values_are_typed_cells()
    {
        IReadOnlyList<Column> columns = [new("d", new("Day", "日"), ColumnType.Date, ColumnRole.Attribute),
            new("t", new("Truth", "真"), ColumnType.Boolean, ColumnRole.Attribute)];
        var table = new Table(Info, columns, [new Value[] { Value.Of(new DateOnly(2024, 2, 29)), Value.Of(true) }]);
        var row = Back(Bytes(stream => XlsxWriter.WriteAsync(table, stream)), "x.xlsx")[1];
        row[0].TryGetDate(out var date).ShouldBeTrue();
        date.ShouldBe(new DateTime(2024, 2, 29, 0, 0, 0, DateTimeKind.Unspecified));
        (row[1].Kind, row[1].Text).ShouldBe((CellKind.Boolean, "1"));
        Text(stream => CsvWriter.WriteAsync(table, stream)).ShouldBe("d,t\r\n2024-02-29,true\r\n");
    }

    /// <summary>Round trip: what any writer writes, our own reader reads back equal, value for value.</summary>
    [Fact]
    public void Whatever_is_written_reads_back_equal_in_every_format()
    {
        var letters = Gen.Elements('a', 'Z', ',', '"', '\n', ' ', '=', '小', 'é', '<', '&', '_', 'x', '0', ';',
            '\u0001').ArrayOf().Select(static signs => new string(signs));
        var texts = Gen.OneOf(letters, Gen.Elements("_x0041_", "=1+1", "NA", "..", "012", "true", "\t", "]]>",
            "\U0001F600"));
        var numbers = Gen.OneOf(Gen.Choose(-1_000_000, 1_000_000).Select(static number => Value.Of((long)number)),
            Gen.Choose(int.MinValue, int.MaxValue).Select(static number => Value.Of(number / 977.0)),
                Gen.Constant(Value.None),
            Gen.Elements("3.5998120638581024", "1.50", "1e5", "-0.0001").Select(Value.Verbatim));
        var row = from area in texts from sex in Gen.Elements("F", "M", "_T") from year in Gen.Choose(1950,
            2030) from number in numbers
                  from status in Gen.Elements("A", "Q", null) from note in texts
                  select Row("k" + area, sex, year.ToString(System.Globalization.CultureInfo.InvariantCulture), number,
                      number.IsNone ? status ?? "O" : status, note.Length == 0 ? null : note);
        var tables = row.ListOf().Select(static rows =>
            rows.DistinctBy(static item => (item[0], item[1], item[2])).ToArray());
        Prop.ForAll(tables.ToArbitrary(), static rows =>
        {
            var table = TableOf(rows);
            var formats = new (string Name, byte[] Bytes, int Skip)[]
            {
                ("x.csv", Bytes(stream => CsvWriter.WriteAsync(table, stream,
                    new(ByteOrderMark: true, GuardFormulas: false))), 0),
                ("y.csv", Bytes(stream => SdmxCsvWriter.WriteAsync(table, stream)), 3),
                ("x.json", Bytes(stream => SdmxJsonWriter.WriteAsync(table, stream)), 0),
                ("y.json", Bytes(stream => SdmxJsonWriter.WriteAsync(table, stream, new(SdmxLayout.Flat))), 0),
                ("x.xlsx", Bytes(stream => XlsxWriter.WriteAsync(table, stream)), 0),
            };
            return formats.All(format => Same(Back(format.Bytes, format.Name), rows, format.Skip))
                && SameStat(Back(Bytes(stream => JsonStatWriter.WriteAsync(table, stream)), "s.json"), rows)
                && (rows.Length == 0 || SameJson(Back(Bytes(stream => JsonTableWriter.WriteAsync(table, stream)),
                    "r.json"), rows));
        }).QuickCheckThrowOnFailure();
    }

    private static bool Same(Grid grid, Value[][] rows, int skip = 0) =>
        Read(grid, Columns.Count, skip).ToHashSet().SetEquals(rows.Select(static row =>
            string.Join('\u001F', row.Select(static value => value.ToString()))))
        && grid.RowCount == rows.Length + 1;

    private static bool SameStat(Grid grid, Value[][] rows) =>
        Read(grid, 5, 0).ToHashSet().SetEquals(rows.Select(static row =>
            string.Join('\u001F', row.Take(5).Select(static value => value.ToString()))));

    private static bool SameJson(Grid grid, Value[][] rows)
    {
        var header = grid[0].ToTexts();
        return grid.RowCount == rows.Length + 1 && rows.Index().All(pair => header.Index().All(name =>
            grid[pair.Index + 1].At(name.Index + 1).Text == pair.Item[Columns.Index().First(column =>
                column.Item.Id == name.Item).Index].ToString()));
    }

    private static IEnumerable<string> Read(Grid grid, int columns, int skip) => grid.Rows.Skip(1).Select(row =>
        string.Join('\u001F', Enumerable.Range(1 + skip, columns).Select(column => row.At(column).Text)));
}
