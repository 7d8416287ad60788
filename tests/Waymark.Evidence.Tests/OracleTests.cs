using System.Globalization;
using Shouldly;
using Waymark.Evidence.Contracts;
using Xunit;

namespace Waymark.Evidence.Tests;

/// <summary>All published files of the shared data folder, imported once into one evidence base, in order of name.</summary>
public sealed class ImportedEvidence : IAsyncLifetime
{
    internal EvidenceHarness? Harness { get; private set; }

    internal Dictionary<string, ImportReport> Reports { get; } = new(StringComparer.Ordinal);

    public async ValueTask InitializeAsync()
    {
        if (Support.Data is null)
        {
            return;
        }

        Harness = await EvidenceHarness.OpenAsync();
        foreach (var path in Directory.EnumerateFiles(Support.Data, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            var name = Path.GetRelativePath(Support.Data, path).Replace('\\', '/');
            if (!name.EndsWith(".md", StringComparison.Ordinal) && !name.StartsWith("reference/", StringComparison.Ordinal) && name != "oracles.csv")
            {
                Reports[name] = await Harness.ImportAsync(Path.GetFileName(path), await File.ReadAllBytesAsync(path));
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (Harness is not null)
        {
            await Harness.DisposeAsync();
        }
    }
}

/// <summary>Known answers of oracles.csv: data facts through a query, file facts through the import report.</summary>
public sealed class OracleTests(ImportedEvidence imported) : IClassFixture<ImportedEvidence>
{
    /// <summary>id; series; where; period; edition; measure ("" lists one observation); expected; tolerance.</summary>
    public static TheoryData<string, string, string, string, string, string, double, double> Data => new()
    {
        { "E001", "un-desa/migrant-stock", "area=900; origin=_T; sex=_T", "1990", "2020", "", 152986157, 0 },
        { "E002", "un-desa/migrant-stock", "area=WORLD; origin=_T; sex=_T", "2000", "2020", "", 173230585, 0 },
        { "E003", "un-desa/migrant-stock", "area=WORLD", "2020", "2020", "sum", 280598105, 0 },
        { "E004", "un-desa/migrant-stock", "area=WORLD; sex=M; origin=_T", "2020", "2020", "", 145655844, 0 },
        { "E005", "un-desa/migrant-stock", "area=WORLD; sex=F; origin=_T", "2020", "2020", "", 134942261, 0 },
        { "E008", "un-desa/migrant-stock", "area.kind=country; sex=_T; origin=_T", "2020", "2020", "sum", 280598105, 0 },
        { "E009", "un-desa/migrant-stock", "area.kind=country; sex=M; origin=_T", "2020", "2020", "sum", 145642230, 0 },
        { "E011", "un-desa/migrant-stock", "area.kind=country; origin=_T; status=O", "1990..2020", "2020", "count", 122, 0 },
        { "E015", "un-desa/migrant-stock", "area=276; sex=_T; origin=_T", "2020", "2020", "", 15762457, 0 },
        { "E016", "un-desa/migrant-stock", "area=USA; sex=_T; origin=_T", "2020", "2020", "", 50632836, 0 },
        { "E017", "un-desa/migrant-stock", "area=SAU; sex=_T; origin=_T", "2020", "2020", "", 13454842, 0 },
        { "E019", "un-desa/migrant-stock", "area=729; sex=_T; origin=_T", "1990", "2020", "", 1402896, 0 },
        { "E020", "un-desa/migrant-stock", "area.kind=country; sex=_T; origin=_T; type-of-data=B", "2020", "2020", "count", 79, 0 },
        { "E021", "un-desa/migrant-stock", "area.kind=country; sex=_T; origin=_T; type-of-data=B R", "2020", "2020", "count", 101, 0 },
        { "E022", "un-desa/migrant-stock", "area.kind=country; sex=_T; origin=_T; type-of-data=C", "2020", "2020", "count", 13, 0 },
        { "E023", "un-desa/migrant-stock", "area.kind=country; sex=_T; origin=_T; type-of-data=C B R", "2020", "2020", "count", 3, 0 },
        { "E014", "un-desa/migrant-stock", "area.kind=country; sex=_T; origin=_T; footnotes=ne:", "2020", "2020", "count", 40, 0 },
        { "E024", "un-desa/population", "area=WORLD; sex=_T", "2020", "2020", "", 7794798.729, 0.001 },
        { "E025", "un-desa/migrant-share", "area=WORLD; sex=_T", "2020", "2020", "", 3.5998120638581024, 1e-6 },
        { "E026", "un-desa/female-share", "area=WORLD", "2020", "2020", "", 48.09093810523061, 1e-6 },
        { "E027", "un-desa/refugee-stock", "area=WORLD", "2020", "2020", "", 33807795, 0 },
        { "E028", "un-desa/migrant-stock", "area=WORLD; sex=_T; origin=_T", "2017", "2017", "", 257715425, 0 },
        { "E030", "un-desa/migrant-stock", "area.kind=country; sex=_T; origin=_T", "2017", "2017", "sum", 257715425, 0 },
        { "E031", "un-desa/migrant-stock", "area.kind=country; origin=_T; status=O", "1990..2017", "2017", "count", 33, 0 },
        { "E032", "un-desa/migrant-stock", "area=WORLD; sex=_T; origin=_T", "1990", "2017", "", 152542373, 0 },
        { "E035", "un-desa/migrant-stock", "area=WORLD; origin=_T; sex=_T", "2015", "2015", "", 243700236, 0 },
        { "E036", "un-desa/migrant-stock", "area.kind=country; origin.kind=country; sex=_T", "2015", "2015", "sum", 233916692, 0 },
        { "E037", "un-desa/migrant-stock", "area.kind=country; origin.kind=country; sex=_T; status=L", "2015", "2015", "count", 42596, 0 },
        { "E038", "un-desa/migrant-stock", "area.kind=country; origin.kind=country; sex=_T; value=0", "2015", "2015", "count", 221, 0 },
        { "E039", "un-desa/migrant-stock", "area=840; origin=MEX; sex=_T", "2015", "2015", "", 12050031, 0 },
        { "E040", "un-desa/migrant-stock", "area=IND; origin=BGD; sex=_T", "2015", "2015", "", 3171022, 0 },
        { "E042", "un-desa/migrant-stock", "area=USA; origin=MEX; sex=_T", "2019", "2019", "", 11489684, 0 },
        { "E050", "un-desa/net-migration", "area=760", "2010..2015", "2017", "", -4157.896, 0.0005 },
        { "E051", "un-desa/net-migration", "area=WORLD", "2010..2015", "2017", "", 0, 0 },
        { "E052", "un-desa/net-migration-rate", "area=840", "2010..2015", "2017", "", 2.864, 0.0005 },
        { "E057", "unhcr/population", "population-group=REF", "1951", "2014", "sum", 2116011, 0 },
        { "E058", "unhcr/population", "population-group=REF", "1990", "2014", "sum", 17395979, 0 },
        { "E059", "unhcr/population", "population-group=REF", "2014", "2014", "sum", 14376295, 0 },
        { "E060", "unhcr/population", "population-group=REF; origin=SYR", "2014", "2014", "sum", 3883554, 0 },
        { "E061", "unhcr/population", "population-group=REF; origin=SYR; status=Q", "2014", "2014", "count", 15, 0 },
        { "E064", "unhcr/population", "population-group=REF", "2019", "2019", "sum", 20444819, 0 },
        { "E065", "unhcr/population", "population-group=REF; area=CIV", "1995..2019", "2019", "count", 0, -1 },
        { "E068", "unhcr/population", "population-group=REF", "2022", "2023", "sum", 29429078, 0 },
        { "E069", "unhcr/population", "population-group=REF", "2023", "2023", "sum", 31637408, 0 },
        { "E070", "unhcr/population", "population-group=REF; origin=SYR", "2022", "2023", "sum", 6559736, 0 },
        { "E071", "unhcr/population", "population-group=REF; origin=SYR; area=TUR", "2022", "2023", "", 3535898, 0 },
        { "E072", "unhcr/population", "population-group=REF; origin=SYR; area=DEU", "2022", "2023", "", 522575, 0 },
        { "E073", "unhcr/population", "population-group=REF; origin=UKR", "2022", "2023", "sum", 5684177, 0 },
        { "E074", "unhcr/population", "population-group=ASY", "2023", "2023", "sum", 6858499, 0 },
        { "E078", "unhcr/solutions", "solution=RST", "2023", "2024-07-19", "sum", 158591, 0 },
        { "E079", "unhcr/solutions", "solution=RDP", "2022", "2024-07-19", "sum", 8324166, 0 },
        { "E093", "unhcr/population", "population-group=REF; area=SWE", "2024", "2024", "sum", 223204, 0 },
        { "E096", "iom/missing-migrants", "", "2014", "2022-05-08", "sum", 5318, 0 },
        { "E104", "idmc/displacement-stock", "", "2017", "*", "sum", 39980042, 0 },
        { "E108", "world-bank/bilateral-remittances", "sending=USA; receiving=MEX", "", "*", "", 30019.1870256556, 0.001 },
        { "E118", "world-bank/remittance-prices", "sending=USA; receiving=MEX", "2020-Q3", "*", "", 4.18037033081055, 1e-9 },
        { "E139", "eurostat/asylum-applicants", "area=DE; citizen=TOTAL; asyl-app=ASY_APP; sex=_T; age=_T", "2015", "2024", "", 476620, 0 },
        { "E142", "eurostat/education", "status=O", "", "2024", "count", 67, 0 },
        { "E141", "eurostat/education", "flags=co:b", "", "2024", "count", 225, 0 },
        { "E143", "eurostat/valid-permits", "area=DEU; citizen=_T", "2017", "*", "", 4644288, 0 },
        { "E180", "un-desa/migrant-stock", "", "2024", "2024", "sum", 304021813, 0 },
        { "E181", "un-desa/migrant-stock", "area=USA; origin=MEX", "2024", "2024", "sum", 11279561, 0 },
        { "E182", "un-desa/migrant-stock", "", "2020", "2024", "sum", 275284032, 0 },
        { "E182", "un-desa/migrant-stock", "", "2020", "*", "sum", 275284032, 0 },
        { "E185", "unhcr/population", "population-group=REF", "2022", "2024", "sum", 29429078, 0 },
        { "E187", "unhcr/population", "population-group=IDP", "2023", "2024", "sum", 63251367, 0 },
    };

    /// <summary>id; file; what is counted; expected.</summary>
    public static TheoryData<string, string, string, long> Files => new()
    {
        { "E007", "undesa/undesa_pd_2020_ims_stock_by_sex_and_destination.xlsx", "rows:Table 1:data", 283 },
        { "E007", "undesa/undesa_pd_2020_ims_stock_by_sex_and_destination.xlsx", "header:Table 1", 11 },
        { "E053", "unhcr/unhcr_popstats_export_persons_of_concern_all_data.csv", "rows::data+kept-aside", 103746 },
        { "E054", "unhcr/unhcr_popstats_export_persons_of_concern_all_data.csv", "token:Refugees:*", 1981 },
        { "E055", "unhcr/unhcr_popstats_export_persons_of_concern_all_data.csv", "token:Asylum-seekers (pending cases):*", 2707 },
        { "E056", "unhcr/unhcr_popstats_export_persons_of_concern_all_data.csv", "blank:Refugees", 17372 },
        { "E062", "unhcr/unhcr_popstats_export_persons_of_concern_all_data.csv", "duplicates", 9 },
        { "E063", "unhcr/unhcr_refugees1.csv", "rows::data", 93936 },
        { "E065", "unhcr/unhcr_refugees1.csv", "encoding:windows-1252", 1846 },
        { "E066", "unhcr/population.csv", "rows::data+repaired", 32781 },
        { "E067", "unhcr/population.csv", "rows::repaired", 147 },
        { "E076", "unhcr/solutions.csv", "header:", 16 },
        { "E077", "unhcr/solutions.csv", "rows::data", 5601 },
        { "E080", "unhcr/solutions.csv", "token:Naturalisation:-", 2843 },
        { "E094", "unhcr/refugees_in_EU_plus_UK.csv", "rows::data", 425 },
        { "E140", "eurostat/asylum_applicants_total.csv", "rows::data", 1080 },
    };

    [Theory]
    [MemberData(nameof(Data))]
    public async Task A_published_figure_is_answered_by_a_query(string id, string series, string where, string period, string release, string measure, double expected, double tolerance)
    {
        Assert.SkipWhen(imported.Harness is null, "skipped: data folder absent");
        var answer = await imported.Harness!.AskAsync(series, where, period.Length == 0 ? null : period, "", measure.Length == 0 ? null : measure, release == "*" ? null : release);
        answer.Rows.Count.ShouldBe(1, $"{id}: {EvidenceHarness.Show(answer)}");
        var value = EvidenceHarness.Number(answer);
        if (tolerance < 0)
        {
            value.ShouldNotBeNull(id);
        }
        else
        {
            ((double?)value).ShouldNotBeNull(id).ShouldBe(expected, tolerance + 1e-9, $"{id}: {EvidenceHarness.Show(answer)}");
        }
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void The_import_report_states_the_facts_of_the_file(string id, string file, string fact, long expected)
    {
        Assert.SkipWhen(imported.Harness is null, "skipped: data folder absent");
        var report = imported.Reports[file];
        var parts = fact.Split(':');
        long found = parts[0] switch
        {
            "rows" => parts[2].Split('+').Sum(kind => Sheet(report, parts[1]).RowClasses.GetValueOrDefault(kind)),
            "header" => Sheet(report, parts[1]).HeaderRow,
            "token" => report.Sheets.SelectMany(sheet => sheet.ColumnReports).Where(column => column.Name == parts[1]).Sum(column => column.Tokens.GetValueOrDefault(string.Join(':', parts[2..]))),
            "blank" => report.Sheets.SelectMany(sheet => sheet.ColumnReports).Where(column => column.Name == parts[1]).Sum(column => column.Blanks),
            "duplicates" => report.DuplicateKeyCount,
            "encoding" => report.Encodings.GetValueOrDefault(parts[1]),
            _ => throw new ArgumentException(fact, nameof(fact)),
        };
        found.ShouldBe(expected, id);
    }

    [Fact]
    public async Task E018_missing_is_never_zero()
    {
        Assert.SkipWhen(imported.Harness is null, "skipped: data folder absent");
        var answer = await imported.Harness!.AskAsync("un-desa/migrant-stock", "area=728; sex=_T; origin=_T", "2005", release: "2020");
        EvidenceHarness.Number(answer).ShouldBeNull();
        EvidenceHarness.Text(answer, "status").ShouldBe("O");
    }

    [Fact]
    public async Task E061_a_total_with_withheld_figures_is_a_lower_bound_with_an_interval()
    {
        Assert.SkipWhen(imported.Harness is null, "skipped: data folder absent");
        var answer = await imported.Harness!.AskAsync("unhcr/population", "population-group=REF; origin=SYR", "2014", "", "sum", "2014");
        answer.Rows[0][EvidenceHarness.Column(answer, "lower")].Number.ShouldBe(3_883_569);
        answer.Rows[0][EvidenceHarness.Column(answer, "upper")].Number.ShouldBe(3_883_614);
        EvidenceHarness.Text(answer, "comparator").ShouldBe(">=");
    }

    [Fact]
    public async Task E010_aggregates_never_add_to_countries()
    {
        Assert.SkipWhen(imported.Harness is null, "skipped: data folder absent");
        var answer = await imported.Harness!.AskAsync("un-desa/migrant-stock", "sex=_T; origin=_T", "2020", "", "sum", "2020");
        EvidenceHarness.Number(answer).ShouldBe(280598105);
    }

    [Fact]
    public void E012_a_code_that_stands_twice_is_reported_with_its_cells()
    {
        Assert.SkipWhen(imported.Harness is null, "skipped: data folder absent");
        var report = imported.Reports["undesa/undesa_pd_2020_ims_stock_by_sex_and_destination.xlsx"];
        report.DuplicateKeys.ShouldContain(key => key.Key["area"] == "927" && key.Cells[0].StartsWith("Table 1!", StringComparison.Ordinal));
    }

    [Fact]
    public void Every_imported_file_balances_its_cells()
    {
        Assert.SkipWhen(imported.Harness is null, "skipped: data folder absent");
        foreach (var (name, report) in imported.Reports)
        {
            report.Cells.Balances.ShouldBeTrue(name);
            report.Sheets.ShouldAllBe(sheet => sheet.Cells.Balances, name);
            report.Sheets.ShouldAllBe(sheet => sheet.RowClasses.Values.Sum() == sheet.Rows, name);
            report.Series.Sum(series => series.Observations).ShouldBe(report.Cells.Observations, name);
        }
    }

    private static SheetReport Sheet(ImportReport report, string name) => report.Sheets.Single(sheet => sheet.Name == name);
}
