using System.Globalization;
using System.Text;
using Shouldly;
using Waymark.Evidence.Contracts;
using Waymark.Evidence.Importing;
using Waymark.Formats;
using Xunit;

namespace Waymark.Evidence.Tests.Oracles;

/// <summary>
/// A later edition of the same publisher: columns in another order, a column nobody knows, one year more, another title.
/// Each case takes a published file and changes it so.
/// </summary>
public sealed class LaterEditionTests
{
    private const int NewYear = 2031;

    /// <summary>File; sheet; row number of the header; the column of the year when years stand in rows; text of the title and what replaces it.</summary>
    public static TheoryData<string, string, int, string, string, string> Editions => new()
    {
        { "unhcr/refugees_in_EU_plus_UK.csv", "", 1, "Year", "", "" },
        { "unhcr/solutions.csv", "", 16, "Year", "Extracted:", "Downloaded by the office on:" },
        { "worldbank/API_NY.GDP.PCAP.CD_DS2_en_csv_v2_1253386.csv", "", 5, "", "World Development Indicators", "Development figures, new series" },
        { "eurostat/migr_asydcfsta_2017-04-26.csv", "", 1, "TIME", "", "" },
        { "idmc/idmc_displacement_all_dataset.xlsx", "Sheet1", 1, "Year", "", "" },
        { "undesa/undesa_pd_2015_migration_flow_totals.xlsx", "Totals", 17, "", "(United Nations database", "(United Nations data base, new edition" },
        { "iom/Missing_Migrants_Global_Figures_allData.xlsx", "Worksheet", 1, "Incident year", "", "" },
        { "passport-index/passport-index-tidy-iso3.csv", "", 1, "-", "", "" },
    };

    [Theory]
    [MemberData(nameof(Editions))]
    public void A_later_edition_imports_like_the_one_before(string file, string sheet, int header, string year, string title, string otherTitle)
    {
        Assert.SkipWhen(Support.Data is null, "skipped: data folder absent");
        var input = OracleWorld.Input(file);
        var (before, first) = Read(input);
        var rows = TabularFile.Open(input.Bytes, input.FileName, null, null, TestContext.Current.CancellationToken).Value.Sheets.Single(candidate => candidate.Name == sheet).Read(TestContext.Current.CancellationToken).Value.Rows.Select(Texts).ToList();
        var at = rows.FindIndex(row => row.Number == header);
        var width = rows.Max(row => row.Cells.Length);
        var changed = rows.Select((row, i) => Change(row.Cells, i, at, width, year, title, otherTitle)).ToList();
        var added = 0;
        if (year is not ("" or "-"))
        {
            var more = (string[])changed[at + 1].Clone();
            var column = Array.IndexOf(changed[at], year);
            more[column] = NewYear.ToString(CultureInfo.InvariantCulture);
            changed.Insert(at + 2, more);
            added = 1;
        }

        var later = file.EndsWith(".xlsx", StringComparison.Ordinal) ? new ImportInput("later edition.xlsx", SmallWorkbook.Of([(sheet, changed)])) : new ImportInput("later edition.csv", Csv(changed));
        var (after, second) = Read(later);
        second.Profile.ShouldBe(first.Profile);
        second.Cells.Balances.ShouldBeTrue();
        second.Unmapped.Select(code => code.Text).Order(StringComparer.Ordinal).ShouldBe(first.Unmapped.Select(code => code.Text).Order(StringComparer.Ordinal));
        second.Warnings.Count(warning => warning.Code is "import.column-not-described" or "import.dimension-not-declared").ShouldBe(1, string.Join("\n", second.Warnings) + string.Join("|", second.Sheets[0].ColumnReports.Select(column => column.Role + " " + column.Name)));
        if (year != "-")
        {
            after.Reading.LastPeriod!.Value.LastYear.ShouldBe(year == "Incident year" ? first.Series.Count + before.Reading.LastPeriod!.Value.LastYear : NewYear);
        }

        var perRow = added * (before.Reading.ObservationCount / Math.Max(1, rows.Count - at - 1));
        after.Reading.ObservationCount.ShouldBeGreaterThanOrEqualTo(before.Reading.ObservationCount + Math.Min(perRow, 1));
        second.Cells.KeptAside.ShouldBe(first.Cells.KeptAside);
    }

    [Fact]
    public void A_workbook_with_one_row_for_each_pair_of_destination_and_origin_is_read()
    {
        const string Region = "Region, development group, country or area of ";
        string[][] rows =
        [
            ["", "United Nations"], ["", "International Migrant Stock 2020: Destination and Origin"], ["", "POP/DB/MIG/Stock/Rev.2020"],
            ["", "Table 1. International migrant stock at mid-year by sex and by region, country or area of destination and origin, 1990-2020"], [],
            ["", "", "", "", "", "", "", "International migrant stock at mid-year (both sexes)", "", "International migrant stock at mid-year (males)", "", "International migrant stock at mid-year (females)"],
            ["Index", Region + "destination", "Notes of destination", "Location code of destination", "Type of data of destination", Region + "origin", "Location code of origin", "2015", "2020", "2015", "2020", "2015", "2020"],
            ["1", "WORLD", "", "900", "", "WORLD", "900", "20", "30", "11", "16", "9", "14"],
            ["2", "Germany*", "6", "276", "B R", "Poland", "616", "5", "7", "3", "4", "2", "3"],
            ["3", "Germany*", "6", "276", "B R", "Others", "2003", "..", "1", "..", "1", "..", "0"],
        ];
        var (read, report) = Read(new("pairs.xlsx", SmallWorkbook.Of([("Table 1", rows)])));
        report.Profile.ShouldStartWith("un-desa/migrant-stock-by-destination-and-origin");
        report.Release.ShouldBe("2020");
        report.Cells.ShouldBe(new(report.Cells.Read, 18, report.Cells.Structural, 0));
        report.Unmapped.ShouldBeEmpty();
        report.Warnings.ShouldBeEmpty();
        read.Reading.Sinks.ShouldHaveSingleItem().Series.Id.ShouldBe("un-desa/migrant-stock");
    }

    private static (Interpreted Read, ImportReport Report) Read(ImportInput input)
    {
        var recognised = OracleWorld.Interpreter.Recognise(input, null, TestContext.Current.CancellationToken);
        recognised.Profile.ShouldNotBeNull(input.FileName + ": no profile");
        var read = OracleWorld.Interpreter.Read(recognised, null, TestContext.Current.CancellationToken);
        read.IsOk.ShouldBeTrue(read.IsOk ? "" : read.Error.ToString());
        return (read.Value, Reports.Of(input, recognised, read.Value, ImportState.DryRun, null, []));
    }

    private static (int Number, string[] Cells) Texts(GridRow row)
    {
        var cells = new string[row.Count == 0 ? 0 : row[row.Count - 1].Column];
        for (var i = 0; i < cells.Length; i++)
        {
            cells[i] = row.At(i + 1).TryGetDate(out var date) ? date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) : row.At(i + 1).Text;
        }

        return (row.Number, cells);
    }

    /// <summary>Columns in reverse order, a column of remarks in front, and a further year where years stand across.</summary>
    private static string[] Change(string[] cells, int row, int header, int width, string year, string title, string otherTitle)
    {
        if (row < header)
        {
            return [.. cells.Select(cell => title.Length > 0 ? cell.Replace(title, otherTitle, StringComparison.Ordinal) : cell)];
        }

        var padded = cells.Concat(Enumerable.Repeat("", width - cells.Length));
        var further = row == header ? NewYear.ToString(CultureInfo.InvariantCulture) : "1";
        var blank = cells.All(string.IsNullOrWhiteSpace);
        string[] front = year.Length > 0 ? [row == header ? "Remarks of the office" : "x"] : [row == header ? "Remarks of the office" : "x", further];
        return blank ? [] : [.. padded.Reverse(), .. front];
    }

    private static byte[] Csv(IEnumerable<string[]> rows) => Encoding.UTF8.GetBytes(string.Join("\r\n",
        rows.Select(row => string.Join(',', row.Select(cell => cell.AsSpan().IndexOfAny(",\"\r\n") >= 0 ? $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : cell)))));
}
