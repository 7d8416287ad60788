using Shouldly;
using Waymark.Evidence.Contracts;
using Waymark.Evidence.Querying;
using Waymark.Evidence.Tests.Oracles;
using Xunit;

namespace Waymark.Evidence.Tests;

/// <summary>Where several sources speak: the two-tier order of R45 and S016, and the losing values in sight.</summary>
[Collection(nameof(OracleWorld))]
public sealed class AcrossSourcesTests(OracleWorld world)
{
    /// <summary>Eurostat's linear CSV of immigration; UN DESA counts the same persons by its own revision.</summary>
    private const string Immigration = """
        STRUCTURE,STRUCTURE_ID,freq,citizen,agedef,age,unit,sex,geo,TIME_PERIOD,OBS_VALUE,OBS_FLAG
        dataflow,ESTAT:MIGR_IMM1CTZ(1.0),A,TOTAL,REACH,TOTAL,NR,T,DE,2012,592175,
        dataflow,ESTAT:MIGR_IMM1CTZ(1.0),A,TOTAL,REACH,TOTAL,NR,T,DE,2013,692713,
        dataflow,ESTAT:MIGR_IMM1CTZ(1.0),A,TOTAL,REACH,TOTAL,NR,T,FR,2013,332640,p
        """;

    [Fact]
    public async Task R45_S016_an_official_source_comes_first_and_the_losing_value_stays_visible()
    {
        await using var harness = await WithImmigrationAsync();
        var answer = await AcrossAsync(harness, "across/immigration", "area=DEU", "2012");
        Standing(answer).ShouldBe([("eurostat/immigration", "chosen"), ("un-desa/migration-flows", "alternative")]);
        Number(answer, 0).ShouldBe(592175);
        Text(answer, 0, "tier").ShouldBe("official");
        Text(answer, 0, "reason")!.ShouldContain("official sources come first");
        Number(answer, 1)!.Value.ShouldBeGreaterThan(0);
        Text(answer, 1, "release").ShouldBe("2015");
        Text(answer, 1, "tier").ShouldBe("international-organisation");
        Text(answer, 1, "reason")!.ShouldContain("an official source speaks (eurostat/immigration)");
        Text(answer, 1, "reason-zh")!.ShouldContain("已有官方来源");
        answer.Citation.In("en").ShouldStartWith("Eurostat.");
    }

    [Fact]
    public async Task The_quantities_that_can_be_asked_are_listed_with_their_sources_and_tiers()
    {
        await using var harness = await WithImmigrationAsync();
        var immigration = harness.Evidence.Quantities.Single(quantity => quantity.Id == "immigration");
        immigration.Sources.Select(source => (source.Series, source.Tier)).ShouldBe([("eurostat/immigration", "official"), ("un-desa/migration-flows", "international-organisation")]);
        immigration.Name.In("zh").ShouldNotBe(immigration.Name.In("en"));
    }

    [Fact]
    public async Task Of_a_sum_by_area_and_period_the_newest_period_that_half_of_the_areas_report_can_be_asked_for_alone()
    {
        await using var harness = await WithImmigrationAsync();
        var question = new SeriesQuery { Series = "eurostat/immigration", GroupBy = ["area", "period"], Measure = "sum", NewestReported = true };
        var answer = (await harness.Evidence.QueryAsync(question, CancellationToken.None)).Value;
        answer.Rows.Select(row => (row[0].Text, row[1].Text)).ShouldBe([("DEU", "2013"), ("FRA", "2013")]);
        var before = (await harness.Evidence.QueryAsync(question with { To = Model.Period.Year(2012) }, CancellationToken.None)).Value;
        before.Rows.Select(row => (row[0].Text, row[1].Text)).ShouldBe([("DEU", "2012")]);
    }

    [Fact]
    public async Task A_first_lone_figure_of_a_new_year_does_not_stand_for_the_year_that_two_areas_report()
    {
        await using var harness = await EvidenceHarness.OpenAsync(facts: OracleWorld.Facts);
        var early = Immigration + "\ndataflow,ESTAT:MIGR_IMM1CTZ(1.0),A,TOTAL,REACH,TOTAL,NR,T,DE,2014,884893,";
        (await harness.ImportAsync("migr_imm1ctz.csv", early)).State.ShouldBe(ImportState.Imported);
        var question = new SeriesQuery { Series = "eurostat/immigration", GroupBy = ["area", "period"], Measure = "sum", NewestReported = true };
        var answer = (await harness.Evidence.QueryAsync(question, CancellationToken.None)).Value;
        answer.Rows.Select(row => (row[0].Text, row[1].Text)).ShouldBe([("DEU", "2013"), ("FRA", "2013")]);
    }

    [Fact]
    public async Task R45_P34_where_no_official_source_speaks_an_organisation_is_picked_and_the_gap_is_said()
    {
        await using var harness = await WithImmigrationAsync();
        var answer = await AcrossAsync(harness, "across/immigration", "area=DEU", "1995");
        Standing(answer).ShouldBe([("un-desa/migration-flows", "chosen")]);
        answer.Notes.ShouldContain(note => note.In("en").Contains("No official source", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Only_the_chosen_can_be_asked_for_and_nothing_is_added_across_sources()
    {
        await using var harness = await WithImmigrationAsync();
        Standing(await AcrossAsync(harness, "across/immigration", "area=DEU; standing=chosen", "2012")).ShouldHaveSingleItem();
        var asked = await harness.Evidence.QueryAsync(EvidenceHarness.Query("across/immigration", "area=DEU", "2012", "area", "sum"), CancellationToken.None);
        asked.Error!.Code.ShouldBe("query.across-lists");
        var unknown = await harness.Evidence.QueryAsync(EvidenceHarness.Query("across/nothing"), CancellationToken.None);
        (unknown.Error!.Code, unknown.Error.Hint!.In("en").Contains("across/immigration", StringComparison.Ordinal)).ShouldBe(("query.no-quantity", true));
    }

    [Fact]
    public async Task Published_files_that_follow_another_definition_are_shown_with_the_difference_and_never_chosen()
    {
        await ImportedAsync("unhcr/population.csv", "undesa/undesa_pd_2020_ims_stock_by_sex_and_destination.xlsx");
        var answer = await AcrossAsync("across/refugees", "area=DEU", "2020");
        Standing(answer)[0].ShouldBe(("unhcr/population", "chosen"));
        var other = Standing(answer).ToList().FindIndex(row => row.Series == "un-desa/refugee-stock");
        Text(answer, other, "standing").ShouldBe("not-comparable");
        Text(answer, other, "reason")!.ShouldContain("who is left out");
        Number(answer, other)!.Value.ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task An_official_source_of_another_definition_does_not_stand_first()
    {
        await ImportedAsync("undesa/undesa_pd_2020_ims_stock_by_sex_and_destination.xlsx", "worldbank/WB_Bilateral_Estimates_Migrant_Stocks_2017.xlsx", "eurostat/demo_pjan_1_Data.csv", "eurostat/EU_Population_by_Citizenship.xls");
        var answer = await AcrossAsync("across/migrant-stock", "area=DEU", "2015..2017");
        Standing(answer).Where(row => row.Standing == "chosen").Select(row => row.Series).Distinct().ShouldNotContain("eurostat/population");
        var official = Standing(answer).ToList().FindIndex(row => row.Series == "eurostat/population");
        Text(answer, official, "standing").ShouldBe("not-comparable");
        Text(answer, official, "reason")!.ShouldContain("who counts as a migrant");
    }

    [Fact]
    public async Task Detections_are_not_persons_until_a_named_bridge_is_asked_for()
    {
        await ImportedAsync("tidy/frontex.csv");
        var without = await AcrossAsync("across/border-crossers", "", "2015-08");
        Text(without, 0, "standing").ShouldBe("not-comparable");
        Text(without, 0, "reason")!.ShouldContain("--bridge frontex-2015-detections-to-persons");
        var with = await AcrossAsync("across/border-crossers", "", "2015-08", "frontex-2015-detections-to-persons");
        Text(with, 0, "bridge").ShouldBe("frontex-2015-detections-to-persons");
        (Text(with, 0, "unit"), Text(with, 0, "status")).ShouldBe(("person", "E"));
        Number(with, 0).ShouldBe(Number(without, 0) * 0.52m);
        with.Citation.In("en").ShouldContain("Adjusted by the bridge");
    }

    private static async Task<EvidenceHarness> WithImmigrationAsync()
    {
        var harness = await EvidenceHarness.OpenAsync(facts: OracleWorld.Facts);
        (await harness.ImportAsync("migr_imm1ctz.csv", Immigration)).State.ShouldBe(ImportState.Imported);
        var flows = await harness.ImportAsync("flows.xlsx", await File.ReadAllBytesAsync(Support.DataFile("undesa/undesa_pd_2015_migration_flow_totals.xlsx"), TestContext.Current.CancellationToken));
        flows.State.ShouldBe(ImportState.Imported);
        return harness;
    }

    private static async Task<QueryResult> AcrossAsync(EvidenceHarness harness, string series, string where, string period) =>
        await harness.AskAsync(series, where, period);

    private async Task ImportedAsync(params string[] files)
    {
        foreach (var file in files)
        {
            (await world.ReportAsync(file)).State.ShouldBe(ImportState.Imported);
        }
    }

    private async Task<QueryResult> AcrossAsync(string series, string where, string period, params string[] bridges)
    {
        var answer = await world.Evidence.QueryAsync(EvidenceHarness.Query(series, where, period) with { Bridges = bridges }, TestContext.Current.CancellationToken);
        return answer.IsOk ? answer.Value : throw new InvalidOperationException(answer.Error.ToString());
    }

    private static IReadOnlyList<(string Series, string Standing)> Standing(QueryResult answer) =>
        [.. Enumerable.Range(0, answer.Rows.Count).Select(row => (Text(answer, row, "series")!, Text(answer, row, "standing")!))];

    private static string? Text(QueryResult answer, int row, string column) => EvidenceHarness.Text(answer, column, row);

    private static decimal? Number(QueryResult answer, int row) => EvidenceHarness.Number(answer, row);
}
