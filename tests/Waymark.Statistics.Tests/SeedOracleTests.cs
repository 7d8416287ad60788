using Waymark.Model;
using Waymark.Statistics.Cube;
using Waymark.Statistics.Cube.Queries;
using Waymark.Statistics.Measures;
using Waymark.Statistics.Sentences;
using Waymark.Statistics.Tests.Cube;

namespace Waymark.Statistics.Tests;

/// <summary>The worked examples of the sources (seeds.md 3.5), computed by the functions readers will use.</summary>
public sealed class SeedOracleTests
{
    private static readonly LocalText Need = new("refugees in need of resettlement", "需要重新安置的难民");

    [Fact]
    public void SEED_O01_resettlement_percentages_equal_the_printed_ones()
    {
        var years = Reference.Resettlement.Where(row => row.Needs is not null).ToList();
        years.Count.ShouldBe(12);
        foreach (var row in years)
        {
            Share(row.Resettled, row.Needs!.Value, row.Year).Rounded(2).ShouldBe(row.Percent!.Value, $"{row.Year}");
        }
    }

    [Fact]
    public void SEED_O02_resettlement_totals_come_from_the_cube_and_missing_needs_are_not_zero()
    {
        var schema = new CubeSchema("seed/resettlement", ["indicator"]);
        var rows = new SegmentColumnsBuilder(schema, "table2");
        foreach (var row in Reference.Resettlement)
        {
            rows.Add(["resettled"], Period.Year(row.Year), (long)row.Resettled);
            _ = row.Needs is { } needs
                ? rows.Add(["needs"], Period.Year(row.Year), (long)needs)
                : rows.AddMissing(["needs"], Period.Year(row.Year), ObservationStatus.Missing);
        }

        var builder = new CubeBuilder(schema);
        _ = builder.BeginVintage(new("v", "2024", 2024)).Value;
        _ = builder.Append(rows.Build()).Value;
        _ = builder.Publish().Value;
        decimal Sum(string indicator, int from) => builder.Snapshot.Ask(new()
        {
            Filter = new CubeFilter { From = Period.Year(from), To = Period.Year(2022) }.And("indicator", CodeSet.Of(indicator)),
        }).Value.Sum(0)!.Value.ToDecimal();

        Sum("needs", 2011).ShouldBe(13_421_605);
        Sum("resettled", 2011).ShouldBe(1_160_793);
        Sum("resettled", 2005).ShouldBe(1_688_404);
        Share(Sum("resettled", 2011), Sum("needs", 2011), 2022).Rounded(2).ShouldBe(8.65m);
        var all = builder.Snapshot.Ask(new() { GroupBy = ["indicator"] }).Value;
        var needsAt = Enumerable.Range(0, all.Count).Single(group => all.Code(group, 0) == "needs");
        all.Missing(needsAt, ObservationStatus.Missing).ShouldBe(6);
        all.Figures(needsAt).ShouldBe(12);
    }

    [Fact]
    public void SEED_O03_the_resettlement_trend_is_minus_0_730_points_a_year()
    {
        var percents = Reference.Resettlement.Where(row => row.Percent is not null)
            .Select(row => Reference.Persons(row.Percent!.Value, row.Year) with { Unit = "percent" }).ToList();
        Math.Round(Trend.OfYears(percents).Value.Slope, 3).ShouldBe(-0.730);
        var ranked = Ranking.Rank(percents.Select(figure => new Item(figure.Period.ToString(), figure.Value)));
        (ranked[0].Code, ranked[0].Value).ShouldBe(("2014", 15.22m));
        (ranked[^1].Code, ranked[^1].Value).ShouldBe(("2020", 2.39m));
    }

    [Fact]
    public void SEED_O04_the_stock_of_2020_is_3_6_percent_of_the_world()
    {
        var share = Rates.Share(Reference.Persons(Reference.Stock[^1].Stock, 2020), Reference.Persons(7_800_000_000m, 2020), Reference.World).Value;
        share.Rounded(3).ShouldBe(3.597m);
        share.Rounded(1).ShouldBe(3.6m);
        share.Denominator.In("zh").ShouldBe("世界人口");
    }

    [Fact]
    public void SEED_O05_DQ09_five_year_growth_and_the_break_of_1990()
    {
        var steps = Growth.Steps([.. Reference.Stock.Select(row => Reference.Persons(row.Stock, row.Year))]).Value;
        steps.Select(step => Rounding.HalfUp(step.Percent!.Value, 2))
            .ShouldBe([6.99m, 12.85m, 11.01m, 35.14m, 5.43m, 7.40m, 10.52m, 15.43m, 12.21m, 13.16m]);
        Growth.Outliers(steps).ShouldHaveSingleItem().To.Period.ShouldBe(Period.Year(1990));
    }

    [Fact]
    public void SEED_O06_the_world_population_implied_by_stock_and_rounded_share_never_contradicts_growth()
    {
        var implied = Reference.Stock.Select(row =>
            (row.Year, Range: Interval.Ratio(Interval.Exactly(row.Stock), Interval.Rounded(row.Share, 1) * 0.01m))).ToList();
        Billions(implied[0].Range).ShouldBe((3.594m, 3.754m));
        Billions(implied[^1].Range).ShouldBe((7.688m, 7.904m));

        // A growing population is possible as long as no later range lies wholly below an earlier one.
        for (var later = 1; later < implied.Count; later++)
        {
            implied.Take(later).ShouldAllBe(earlier => implied[later].Range.Upper > earlier.Range.Lower);
        }

        static (decimal, decimal) Billions(Interval range) =>
            (Rounding.HalfUp(range.Lower!.Value / 1e9m, 3), Rounding.HalfUp(range.Upper!.Value / 1e9m, 3));
    }

    [Fact]
    public void SEED_O07_DQ10_shares_of_regions_give_the_printed_millions()
    {
        (decimal Share, string Figure)[] regions = [(30.9m, "KF005"), (30.5m, "KF007"), (20.9m, "KF009"), (9m, "KF011")];
        regions.Select(region => Rounding.HalfUp(region.Share * 280.6m / 100, 1)).ShouldBe([86.7m, 85.6m, 58.6m, 25.3m]);
        foreach (var (share, figure) in regions)
        {
            Rounding.HalfUp(share * 280_600_000m / 100, -6).ShouldBe(Reference.Key(figure));
        }
    }

    [Fact]
    public void SEED_O08_income_groups_make_one_hundred_percent() =>
        Quality.Sum(100, [Reference.Key("KF019"), Reference.Key("KF020"), Reference.Key("KF021")]).ShouldSatisfyAllConditions(
            check => check.Holds.ShouldBeTrue(),
            check => check.Residual.ShouldBe(0));

    [Fact]
    public void SEED_O10_men_and_women_of_2020_make_281_million_of_whom_48_percent_are_women()
    {
        var (men, women) = (Reference.Key("KF033"), Reference.Key("KF035"));
        Quality.Sum(Reference.Key("KF001"), [men, women], -6).Holds.ShouldBeTrue();
        Share(women, men + women, 2020).Rounded(1).ShouldBe(48.0m);
        Reference.Key("KF042").ShouldBe(48m);
    }

    [Fact]
    public void DQ03_the_sexes_of_2019_differ_from_the_total_by_rounding_only()
    {
        var check = Quality.Sum(Reference.Key("KF003"), [Reference.Key("KF037"), Reference.Key("KF039")], -6);
        (check.Residual, check.Tolerance, check.Holds).ShouldBe((1_000_000m, 1_500_000m, true));
    }

    [Fact]
    public void SEED_O11_refugees_are_43_4_million_and_DQ04_the_total_leaves_66_7_million_unexplained()
    {
        Quality.Sum(Reference.Key("KF050"), [Reference.Key("KF051"), Reference.Key("KF052"), Reference.Key("KF053")], -5).Residual.ShouldBe(0);
        var check = Quality.Sum(Reference.Key("KF049"), [Reference.Key("KF050"), Reference.Key("KF054")], -5);
        check.Holds.ShouldBeFalse();
        check.Residual.ShouldBe(66_700_000m);
    }

    [Fact]
    public void SEED_O12_yearly_displacement_almost_doubled() =>
        Rounding.HalfUp(Reference.Key("KF058") / Reference.Key("KF057"), 2).ShouldBe(1.94m);

    [Fact]
    public void SEED_O15_workers_are_62_percent_of_the_stock_of_2019()
    {
        // 169 million of 272 million (000 §2.2; seeds.md O15).
        var share = Share(169_000_000m, Reference.Key("KF003"), 2019);
        (share.Rounded(1), share.Rounded(0)).ShouldBe((62.1m, 62m));
    }

    [Fact]
    public void SEED_O18_the_central_Mediterranean_rose_by_58_percent()
    {
        // 223,000 (2023) against 141,000 (2022): 003 para 23.
        var step = Growth.Between(Reference.Persons(141_000, 2022), Reference.Persons(223_000, 2023)).Value;
        Rounding.HalfUp(step.Percent!.Value, 1).ShouldBe(58.2m);
        new ChangeClaim("mediterranean", Period.Year(2022), Period.Year(2023), Direction.Grew, 58)
            .Check(ClaimData.Empty.WithSeries("mediterranean", [step.From, step.To])).IsOk.ShouldBeTrue();
    }

    [Fact]
    public void SEED_O20_workers_in_Thailand()
    {
        var (regular, irregular, workers) = (Reference.Key("KF170"), Reference.Key("KF171"), Reference.Key("KF167"));
        Quality.Sum(workers, [regular, irregular], -5).Residual.ShouldBe(0);
        Share(irregular, workers, 2018).Rounded(1).ShouldBe(20.5m);
        var (all2014, all2018, workers2014) = (Reference.Key("KF168"), Reference.Key("KF166"), Reference.Key("KF169"));
        (all2014 - workers2014, all2018 - workers).ShouldBe((1_000_000m, 1_000_000m));
        Grew(all2014, all2018).ShouldBe(32);
        Grew(workers2014, workers).ShouldBe(44);

        static decimal Grew(decimal first, decimal last) => Rounding.HalfUp(
            Growth.Between(Reference.Persons(first, 2014), Reference.Persons(last, 2018)).Value.Percent!.Value, 0);
    }

    [Fact]
    public void SEED_O22_24_of_45_countries_share_a_definition() => Share(24, 45, 2015).Rounded(1).ShouldBe(53.3m);

    [Fact]
    public void SEED_O23_trade_of_2020_follows_from_its_growth() => Rounding.HalfUp(398m / 1.23m, 1).ShouldBe(323.6m);

    [Fact]
    public void SEED_O24_forced_displacement_rises_strictly_across_the_sources()
    {
        (Period Period, decimal Millions)[] points =
            [(Period.Year(2020), 90), (Period.Year(2023, PeriodBasis.Middle), 110), (Period.Year(2023, PeriodBasis.End), 117), (Period.Month(2024, 5), 120)];
        var data = ClaimData.Empty.WithSeries("displaced", points.Select(point => Reference.Persons(point.Millions * 1_000_000, point.Period)));
        new RisingClaim("displaced", Period.Year(2020), Period.Month(2024, 5)).Check(data).IsOk.ShouldBeTrue();
        points[2].Millions.ShouldBe(Reference.Key("KF049") / 1_000_000);
        points[3].Millions.ShouldBe(Reference.Key("KF055") / 1_000_000);
    }

    private static Ratio Share(decimal part, decimal whole, int year) =>
        Rates.Share(Reference.Persons(part, year), Reference.Persons(whole, year), Need).Value;
}
