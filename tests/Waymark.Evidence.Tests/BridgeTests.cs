using Shouldly;
using Waymark.Evidence.Contracts;
using Waymark.Evidence.Tests.Oracles;
using Waymark.Model;
using Xunit;

namespace Waymark.Evidence.Tests;

/// <summary>What differs in unit or definition is refused with the bridge that would allow it, and adjusted when the bridge is named.</summary>
[Collection(nameof(OracleWorld))]
public sealed class BridgeTests(OracleWorld world)
{
    private const string Thousands = "Edition 2020\nCountry,Sex,Year,Persons,Unit\nKenya,Male,2019,5,thousand-persons\nKenya,Female,2019,600,person\nKenya,Female,2018,7,case\n";

    [Fact]
    public async Task Units_of_different_scale_are_refused_with_the_bridge_named_and_added_when_it_is_applied()
    {
        using var packs = OwnPacks.Flat();
        await using var harness = await EvidenceHarness.OpenAsync(packs.Library, facts: OracleWorld.Facts);
        await harness.ImportAsync("a.csv", Thousands);
        var query = EvidenceHarness.Query("own/persons", "area=KEN", "2019", "", "sum");
        var refused = (await harness.Evidence.QueryAsync(query, CancellationToken.None)).Error!;
        refused.Code.ShouldBe("query.mixed-units");
        refused.Hint!.In("en").ShouldContain("--bridge thousand-persons-to-persons");
        var bridged = (await harness.Evidence.QueryAsync(query with { Bridges = ["thousand-persons-to-persons"] }, CancellationToken.None)).Value;
        EvidenceHarness.Number(bridged).ShouldBe(5_600);
        (EvidenceHarness.Text(bridged, "unit"), EvidenceHarness.Text(bridged, "status"), EvidenceHarness.Text(bridged, "bridge")).ShouldBe(("person", "E", "thousand-persons-to-persons"));
        bridged.Citation.In("zh").ShouldContain("经换算");
        bridged.Notes.ShouldContain(note => note.In("en").Contains("not as published", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_bridge_joins_only_what_it_names()
    {
        using var packs = OwnPacks.Flat();
        await using var harness = await EvidenceHarness.OpenAsync(packs.Library, facts: OracleWorld.Facts);
        await harness.ImportAsync("a.csv", Thousands);
        async Task<Error> Refused(SeriesQuery query, params string[] bridges) =>
            (await harness.Evidence.QueryAsync(query with { Bridges = bridges }, CancellationToken.None)).Error!;
        var all = EvidenceHarness.Query("own/persons", "", null, "area", "sum");
        (await Refused(all, "thousand-persons-to-persons")).Code.ShouldBe("query.mixed-units");
        (await Refused(all, "from-here-to-there")).Code.ShouldBe("query.no-bridge");
        (await Refused(all, "frontex-2015-detections-to-persons")).Code.ShouldBe("query.bridge-needs-period");
        (await Refused(EvidenceHarness.Query("own/persons", "", "2019"), "frontex-2015-detections-to-persons")).Code.ShouldBe("query.bridge-not-applicable");
        (await Refused(EvidenceHarness.Query("own/persons", "", "2019", "area", "mean"), "thousand-persons-to-persons")).Code.ShouldBe("query.bridge-measure");
    }

    [Fact]
    public async Task Detections_of_2015_become_a_range_of_persons_and_those_of_other_years_do_not()
    {
        (await world.ReportAsync("tidy/frontex.csv")).State.ShouldBe(ImportState.Imported);
        var query = EvidenceHarness.Query("frontex/detections", "", "2015", "year", "sum");
        var detections = EvidenceHarness.Number((await world.Evidence.QueryAsync(query, TestContext.Current.CancellationToken)).Value)!.Value;
        detections.ShouldBeInRange(1_700_000, 1_900_000);
        var persons = (await world.Evidence.QueryAsync(query with { Bridges = ["frontex-2015-detections-to-persons"] }, TestContext.Current.CancellationToken)).Value;
        EvidenceHarness.Number(persons).ShouldBe(detections * 0.52m);
        persons.Rows[0][EvidenceHarness.Column(persons, "upper")].Number.ShouldBe(detections * 0.58m);
        persons.Rows[0][EvidenceHarness.Column(persons, "upper")].Number!.Value.ShouldBeGreaterThan(1_000_000);
        EvidenceHarness.Text(persons, "comparator").ShouldBe("..");
        var later = await world.Evidence.QueryAsync(EvidenceHarness.Query("frontex/detections", "", "2016", "year", "sum") with { Bridges = ["frontex-2015-detections-to-persons"] }, TestContext.Current.CancellationToken);
        later.Error!.Code.ShouldBe("query.bridge-not-applicable");
        var listed = (await world.Evidence.QueryAsync(EvidenceHarness.Query("frontex/detections", "", "2015-08") with { Bridges = ["frontex-2015-detections-to-persons"], Limit = 5 }, TestContext.Current.CancellationToken)).Value;
        EvidenceHarness.Text(listed, "bridge").ShouldBe("frontex-2015-detections-to-persons");
    }
}
