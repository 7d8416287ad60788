using Shouldly;
using Xunit;

namespace Waymark.Formats.Tests;

/// <summary>Facts of oracles.csv about the files themselves, by oracle id.</summary>
public sealed class OracleTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData("E041", "undesa/UN_MigrantStockByOriginAndDestination_2019_clean.csv", 1, 1659)]
    [InlineData("E053", "unhcr/unhcr_popstats_export_persons_of_concern_all_data.csv", 1, 103_746)]
    [InlineData("E063", "unhcr/unhcr_refugees1.csv", 1, 93_936)]
    [InlineData("E066", "unhcr/population.csv", 1, 32_781)]
    [InlineData("E077", "unhcr/solutions.csv", 16, 5601)]
    [InlineData("E083", "unhcr/asylum-decisions-usa.csv", 1, 2096)]
    [InlineData("E085", "unhcr/demographics.csv", 1, 18_356)]
    [InlineData("E094", "unhcr/refugees_in_EU_plus_UK.csv", 1, 425)]
    [InlineData("E119", "worldbank/API_NY.GDP.PCAP.CD_DS2_en_csv_v2_1253386.csv", 5, 266)]
    [InlineData("E121", "worldbank/API_BM.TRF.PWKR.CD.DT_DS2_en_csv_v2_3012027.csv", 5, 266)]
    [InlineData("E123", "worldbank/API_SL.UEM.TOTL.NE.ZS_DS2_en_csv_v2_1246569.csv", 5, 266)]
    [InlineData("E127", "eurostat/migr_asyappctza_allcitizenships.csv", 1, 34_680)]
    [InlineData("E140", "eurostat/asylum_applicants_total.csv", 1, 1080)]
    [InlineData("E155", "passport-index/passport-index-tidy-iso3.csv", 1, 39_601)]
    [InlineData("E165", "globalcit/data_v3.1_country-year.csv", 1, 13_065)]
    [InlineData("E169", "undp/HDR21-22_Composite_indices_complete_time_series.csv", 1, 206)]
    [InlineData("E172", "reference/UNSD-en.csv", 1, 249)]
    [InlineData("E179", "conflict/Conflict deaths by country – UCDP (2019).csv", 1, 1606)]
    [InlineData("E193", "tidy/iom_mmp.csv", 1, 19_669)]
    [InlineData("E188", "tidy/unhcr.csv.gz", 1, 191_857)]
    public void A_text_has_the_stated_number_of_rows_after_its_header(string oracle, string path, int headerLine,
        int rows)
    {
        var grid = Evidence.Grid(path);
        var header = grid.Rows.First(row => row.Line == headerLine);
        (grid.RowCount - header.Number).ShouldBe(rows, oracle);
    }

    [Theory]
    [InlineData("E007", "undesa/undesa_pd_2020_ims_stock_by_sex_and_destination.xlsx", "Table 1", 11, 283)]
    [InlineData("E095", "iom/Missing_Migrants_Global_Figures_allData.xlsx", "Worksheet", 1, 10_606)]
    [InlineData("E103", "idmc/idmc_displacement_all_dataset.xlsx", "Sheet1", 1, 1251)]
    [InlineData("E126", "worldbank/API_SM.POP.NETM_DS2_en_excel_v2_782.xls", "Data", 4, 266)]
    [InlineData("E145", "unodc/data_glotip.xlsx", "data_glotip_1", 3, 46_556)]
    [InlineData("E045", "undesa/undesa_pd_2015_migration_flow_totals.xlsx", "Totals", 17, 229)]
    public void A_sheet_has_the_stated_number_of_rows_below_its_header(string oracle, string path, string sheet,
        int headerRow, int rows) =>
        Evidence.Grid(path, sheet).Rows.Count(row => row.Number > headerRow && !row.IsBlank).ShouldBe(rows, oracle);

    [Fact]
    public void Two_encodings_in_one_file_are_both_read_and_the_lines_named_E065()
    {
        var file = Evidence.Open("unhcr/unhcr_refugees1.csv");
        file.Text!.Encoding.ShouldBe(TextEncoding.Mixed);
        var grid = file.Sheets[0].Read().Value;
        grid[0][2].Text.Length.ShouldBeGreaterThan(0);
        string.Join('|', grid[0].ToTexts()).ShouldContain('’'); // the header's UTF-8 apostrophe
        var named = grid.Rows.Where(static row => row.ToTexts().Contains("Côte d'Ivoire")).ToList();
        named.Count.ShouldBe(1846);
        file.Text.FallbackLines.ShouldBe(named.Select(static row => row.Line));
        var raw = grid.RawBytes(named[0].Number - 1).ToArray();
        raw.ShouldContain((byte)0xF4); // as in the file: Latin-1
        System.Text.Encoding.Latin1.GetString(raw).ShouldContain("Côte d'Ivoire");
    }

    [Fact]
    public void Unquoted_commas_leave_rows_one_field_too_wide_with_their_bytes_E067()
    {
        var bytes = Evidence.Bytes("unhcr/population.csv");
        var grid = Evidence.Grid("unhcr/population.csv");
        grid.Widths().ShouldBe(new Dictionary<int, int> { [7] = 32_635, [8] = 147 });
        var wide = grid.Rows.First(static row => row.Count == 8);
        var lines = System.Text.Encoding.UTF8.GetString(bytes).Split('\n');
        System.Text.Encoding.UTF8.GetString(grid.RawBytes(wide.Number - 1).Span).ShouldBe(lines[wide.Line - 1].TrimEnd('\r'));
        lines[wide.Line - 1].ShouldContain("China, ");
    }

    [Fact]
    public void The_header_below_a_ragged_preamble_has_its_exact_line_E076()
    {
        var grid = Evidence.Grid("unhcr/solutions.csv");
        var header = grid.Rows.First(static row => row.Count == 9 && row.At(9).Text.Length > 0
            && row.At(1).Text == "Year");
        header.Line.ShouldBe(16);
        grid.Rows.Skip(header.Number).Count(static row => row.At(9).Text == "-").ShouldBe(2843, "E080");
        grid.Rows.Count(static row => row.IsBlank).ShouldBe(1);
    }

    [Fact]
    public void Windows_1252_names_are_decoded_E131()
    {
        var file = Evidence.Open("eurostat/migr_asyappctza_allcitizenships.csv");
        file.Text!.Encoding.ShouldBe(TextEncoding.Windows1252);
        file.Sheets[0].Read().Value.Rows.Count(static row =>
            row.ToTexts().Contains("São Tomé and Príncipe")).ShouldBe(170);
    }

    [Fact]
    public void The_Hdi_export_is_mixed_although_said_to_be_Windows_1252()
    {
        var file = Evidence.Open("undp/Human Development Index (HDI)_2019.csv");
        file.Text!.Encoding.ShouldBe(TextEncoding.Mixed); // one em dash in Windows-1252, one circumflex in UTF-8
        file.Text.FallbackLines.ShouldBe([3]);
        file.Sheets[0].Read().Value.Rows.ShouldContain(static row =>
            row.At(2).Text.Contains("Côte d'Ivoire", StringComparison.Ordinal));
    }

    [Fact]
    public void Thirty_worksheets_are_listed_E089() =>
        Evidence.Open("unhcr/15-WRD-tab_v3.xlsx").Sheets.Count.ShouldBe(30);

    [Theory]
    [InlineData("E092", "unhcr/15-WRD-tab_v3.xlsx", "Tab12", "*", 477)]
    [InlineData("E152", "us-dhs/2023_0818_plcy_yearbook_refugees_and_asylees_fy2022.xlsx", "Table 14d", "D", 59)]
    [InlineData("E153", "us-dhs/2023_0818_plcy_yearbook_refugees_and_asylees_fy2022.xlsx", "Table 17d", "D", 51)]
    [InlineData("E146", "unodc/data_glotip.xlsx", "data_glotip_1", "<5", 23_076)]
    [InlineData("E110", "worldbank/WB_Bilateral_Remittance_Estimates_2017.xlsx", "Bilateral_Remittances_2017", "-", 4)]
    [InlineData("E043", "undesa/UN_MigrantStockByOriginAndDestination_2019_clean.csv", "", "..", 341)]
    [InlineData("E044", "undesa/UN_MigrantStockByOriginAndDestination_2019_clean.csv", "", "-", 4)]
    [InlineData("E086", "unhcr/demographics.csv", "", "*", 5010)]
    [InlineData("E047", "undesa/undesa_pd_2015_migration_flow_totals.xlsx", "Totals", "..", 3568)]
    public void Marks_of_missing_and_withheld_values_are_kept_as_written(string oracle, string path, string sheet,
        string mark, int cells)
    {
        var expected = System.Text.Encoding.UTF8.GetBytes(mark);
        var grid = Evidence.Grid(path, sheet);
        var found = 0;
        foreach (var row in grid.Rows)
        {
            for (var i = 0; i < row.Count; i++)
            {
                found += row[i].Utf8.SequenceEqual(expected) ? 1 : 0;
            }
        }

        found.ShouldBe(cells, oracle);
    }

    [Fact]
    public void A_year_header_of_a_binary_workbook_jumps_from_2018_to_2020_E144()
    {
        var grid = Evidence.Grid("eurostat/migr_resvalid.xls", "Data");
        var header = grid.Rows.First(static row =>
            row.At(1).Text.StartsWith("GEO/TIME", StringComparison.Ordinal)).ToTexts();
        header[^2..].ShouldBe(["2018", "2020"]);
    }

    [Fact]
    public void A_thousand_and_eight_columns_are_read_E170() =>
        Evidence.Grid("undp/HDR21-22_Composite_indices_complete_time_series.csv").ColumnCount.ShouldBe(1008);

    [Fact]
    public void Codes_with_leading_zeros_stay_text_and_Namibia_stays_NA_E166()
    {
        var grid = Evidence.Grid("reference/UNSD-en.csv");
        var algeria = grid.Rows.First(static row => row.ToTexts().Contains("Algeria"));
        var code = Enumerable.Range(0, algeria.Count).Select(i => algeria[i]).First(static cell => cell.Text == "012");
        code.Kind.ShouldBe(CellKind.Text);
        Evidence.Grid("globalcit/data_v3.1_country-year.csv").Rows
            .First(static row => row.ToTexts().Contains("Namibia")).ToTexts().ShouldContain("NA");
    }

    [Fact]
    public void The_stock_workbook_keeps_numbers_blanks_merges_and_address_E003()
    {
        var grid = Evidence.Grid("undesa/undesa_pd_2020_ims_stock_by_sex_and_destination.xlsx", "Table 1");
        var world = grid.Rows.First(static row => row.ToTexts().Contains("WORLD"));
        var total = Enumerable.Range(0, world.Count).Select(i => world[i]).First(static cell =>
            cell.Text == "280598105");
        total.Kind.ShouldBe(CellKind.Number);
        total.TryGetDecimal(out var number).ShouldBeTrue();
        number.ShouldBe(280_598_105m);
        total.Address.ShouldBe(CellAddress.Name(world.Number, total.Column));
        grid.Merges.ShouldNotBeEmpty();
        grid.Rows.ShouldContain(static row => row.At(2).Text.StartsWith("   ",
            StringComparison.Ordinal)); // hierarchy by blanks
        output.WriteLine($"{total.Address} {total.NumberFormat} merges {string.Join(' ', grid.Merges.Take(5))}");
    }

    [Fact]
    public void Footnote_signs_in_superscript_can_be_told_from_their_label()
    {
        var grids = Evidence.Open("unhcr/15-WRD-tab_v3.xlsx").Sheets.Select(static sheet => sheet.Read().Value);
        var marked = (from grid in grids
                      from row in grid.Rows
                      from i in Enumerable.Range(0, row.Count)
                      let cell = row[i]
                      where cell.SuperscriptStart > 0
                      select (cell.Text, Start: cell.SuperscriptStart)).ToList();
        output.WriteLine(string.Join(" | ", marked.Take(12)));
        marked.ShouldNotBeEmpty();
    }

    [Fact]
    public void Lists_of_allowed_values_come_with_the_template()
    {
        var file = Evidence.Open("htcds/HTCDS Excel Spreadsheet single select with validation v2.0.xlsx");
        file.Sheets[0].Read().Value.Validations.ShouldContain(static rule => rule.Type == "list"
            && rule.Formula.Length > 0);
    }

    [Fact]
    public void The_field_list_in_OpenDocument_form_reads_like_its_xlsx_sibling()
    {
        var grid = Evidence.Grid("htcds/HTCDS Field Standards 2.0.ods",
            Evidence.Open("htcds/HTCDS Field Standards 2.0.ods").Sheets[0].Name);
        grid.RowCount.ShouldBe(107);
        output.WriteLine(string.Join(" | ", grid[0].ToTexts()));
        output.WriteLine(string.Join(" | ", grid[3].ToTexts()));
        grid.ColumnCount.ShouldBeInRange(5, 20);
    }
}
