using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using Waymark.Model;
using Waymark.Statistics.Measures;
using Interval = Waymark.Statistics.Measures.Interval;

namespace Waymark.Statistics.Tests.Measures;

public sealed class MeasureTests
{
    private static readonly LocalText Whole = new("all", "全部");

    [Fact]
    public void A_share_refuses_other_units_definitions_and_periods()
    {
        var part = Reference.Persons(5, 2020);
        Rates.Share(part, part with { Unit = "detections" }, Whole).Error!.Code.ShouldBe("statistics.units-differ");
        Rates.Share(part, part with { Definition = "x" }, Whole).Error!.Code.ShouldBe("statistics.definitions-differ");
        Rates.Share(part, part with { Period = Period.Year(2020, PeriodBasis.Middle) }, Whole).Error!.Code.ShouldBe("statistics.periods-differ");
        Rates.Share(part, part with { Value = 0 }, Whole).Error!.Code.ShouldBe("statistics.zero-base");
        Rates.Share(part, part with { Status = ObservationStatus.Suppressed }, Whole).Error!.Code.ShouldBe("statistics.missing");
        Rates.Share(part, part, LocalText.Empty).Error!.Code.ShouldBe("statistics.no-denominator");
        Rates.Rate(part, part with { Unit = "crossings", Value = 2000 }, 1000, Whole).Value.Value.ShouldBe(2.5m);
    }

    [Fact]
    public void A_share_of_a_lower_bound_is_a_lower_bound()
    {
        var share = Rates.Share(Reference.Persons(50, 2020) with { Comparator = Comparator.AtLeast }, Reference.Persons(200, 2020), Whole).Value;
        share.Bounds.ShouldBe(new Interval(25, null));
        Rates.Share(Reference.Persons(80, 2015) with { Comparator = Comparator.Between, Upper = 95 }, Reference.Persons(100, 2015), Whole).Value
            .Bounds.ShouldBe(new Interval(80, 95));
    }

    [Fact]
    public void Growth_is_flagged_across_breaks_vintages_definitions_and_bounds()
    {
        var first = Reference.Persons(100, 2010);
        var last = Reference.Persons(121, 2012);
        var plain = Growth.Between(first, last).Value;
        (plain.Absolute, plain.Percent, plain.Flags).ShouldBe((21m, 21m, GrowthFlags.None));
        plain.AnnualPercent!.Value.ShouldBe(10, 0.01);
        Growth.Between(first, last with { Status = ObservationStatus.Break, Vintage = 3, Definition = "other", Comparator = Comparator.AtLeast }).Value.Flags
            .ShouldBe(GrowthFlags.AcrossBreak | GrowthFlags.AcrossVintages | GrowthFlags.AcrossDefinitions | GrowthFlags.Inexact);
        var fromZero = Growth.Between(first with { Value = 0 }, last).Value;
        (fromZero.Percent, fromZero.AnnualPercent, fromZero.Flags).ShouldBe((null, null, GrowthFlags.NoBase));
        Growth.Between(first, last with { Unit = "permits" }).Error!.Code.ShouldBe("statistics.units-differ");
        Growth.Between(first, last with { Status = ObservationStatus.Missing }).Error!.Code.ShouldBe("statistics.missing");
    }

    [Fact]
    public void Equal_amounts_share_a_rank_and_the_next_is_skipped() =>
        Ranking.Rank([new("b", 5), new("a", 5), new("c", 9), new("d", 1)]).Select(item => (item.Code, item.Rank, item.Tied))
            .ShouldBe([("c", 1, false), ("a", 2, true), ("b", 2, true), ("d", 4, false)]);

    [Fact]
    public void Top_partners_keep_the_rest_and_the_unknown_apart_and_add_to_one_hundred()
    {
        var rows = Ranking.TopPartners(
            [new("SYR", 50), new("AFG", 20), new("UNK", 15), new("IRQ", 10), new("ERI", 4), new("STA", 1)], 2, code => code is "UNK" or "STA");
        rows.Select(row => (row.Kind, row.Code, row.Value)).ShouldBe([
            (PartnerKind.Partner, "SYR", 50m), (PartnerKind.Partner, "AFG", 20m), (PartnerKind.Other, null, 14m),
            (PartnerKind.Unknown, "STA", 1m), (PartnerKind.Unknown, "UNK", 15m)]);
        rows.Sum(row => row.SharePercent).ShouldBe(100);
        Ranking.TopPartners([new("a", 3), new("b", 2), new("c", 2)], 2, _ => false).Count.ShouldBe(3, "a tie at the border is kept whole");
    }

    [Fact]
    public void Concentration_of_equals_and_of_one_holder()
    {
        Concentration.Herfindahl([1, 1, 1, 1]).Value.ShouldBe(0.25m);
        Concentration.Herfindahl([0, 0, 7]).Value.ShouldBe(1);
        Concentration.Gini([3, 3, 3]).Value.ShouldBe(0);
        Concentration.Gini([0, 0, 0, 8]).Value.ShouldBe(0.75m);
        Concentration.TopShare([5, 1, 3, 1], 2).Value.ShouldBe(80);
        Concentration.Gini([1, -1]).Error!.Code.ShouldBe("statistics.negative");
        Concentration.Herfindahl([0, 0]).Error!.Code.ShouldBe("statistics.zero-base");
    }

    [Fact]
    public void Mirror_discrepancy_is_symmetric_between_zero_and_one() => Prop.ForAll(
        Gen.Zip(Gen.Choose(0, 100_000), Gen.Choose(0, 100_000)).ToArbitrary(), pair =>
    {
        var (a, b) = (Reference.Persons(pair.Item1, 2020), Reference.Persons(pair.Item2, 2020) with { Definition = "sender's" });
        var there = Quality.Mirror(a, b).Value;
        there.Value.ShouldBeInRange(0, 1);
        Quality.Mirror(b, a).Value.Value.ShouldBe(there.Value);
        there.SameDefinition.ShouldBeFalse();
        (there.Value == 0).ShouldBe(pair.Item1 == pair.Item2);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Completeness_counts_cells_that_cannot_exist_out_and_names_the_absent()
    {
        var completeness = new Completeness(100, 60, new Dictionary<ObservationStatus, long>
        {
            [ObservationStatus.MissingCannotExist] = 20, [ObservationStatus.Suppressed] = 5,
        });
        (completeness.Value, completeness.Absent).ShouldBe((0.75m, 15L));
        new Completeness(0, 0, new Dictionary<ObservationStatus, long>()).Value.ShouldBeNull();
    }

    [Fact]
    public void Revisions_have_size_direction_and_a_test_of_bias()
    {
        var size = Quality.Revisions([(100, 102), (100, 104), (100, 103), (200, 203)]).Value;
        (size.Count, size.Mean, size.MeanAbsolute, size.MeanAbsolutePercent).ShouldBe((4, 3m, 3m, 2.625m));

        // By hand: revisions 2 4 3 3, mean 3, sd √(2/3), t = 3 / (0.8165 / 2) = 7.348.
        size.BiasT!.Value.ShouldBe(7.3485, 0.0001);
        Quality.Revisions([(1, 1), (2, 2)]).Value.BiasT.ShouldBeNull();
        Quality.Revisions([]).Error!.Code.ShouldBe("statistics.no-revisions");
    }

    [Fact]
    public void EV_2_3_the_2020_point_lost_five_million_between_two_revisions()
    {
        // 280,598,105 in the 2020 revision, 275,284,032 in the 2024 revision (E182 of the oracle table).
        var size = Quality.Revisions([(280_598_105, 275_284_032)]).Value;
        (size.Mean, Rounding.HalfUp(size.MeanAbsolutePercent!.Value, 2)).ShouldBe((-5_314_073m, 1.89m));
    }

    [Fact]
    public void A_line_is_found_again_by_its_trend() => Prop.ForAll(
        Gen.Zip(Gen.Choose(-1000, 1000), Gen.Choose(3, 40)).ToArbitrary(), pair =>
    {
        var line = Trend.Fit([.. Enumerable.Range(0, pair.Item2).Select(i => (2000.0 + i, 7 + (pair.Item1 / 10.0 * i)))]).Value;
        line.Slope.ShouldBe(pair.Item1 / 10.0, 1e-9);
        line.Determination.ShouldBe(1, 1e-9);
        line.At(2000).ShouldBe(7, 1e-6);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_trend_needs_two_times_and_one_unit()
    {
        Trend.Fit([(1, 1)]).Error!.Code.ShouldBe("statistics.too-few-points");
        Trend.Fit([(1, 1), (1, 2)]).Error!.Code.ShouldBe("statistics.too-few-points");
        Trend.OfYears([Reference.Persons(1, 2000), Reference.Persons(1, 2001) with { Unit = "events" }]).Error!.Code.ShouldBe("statistics.units-differ");
    }

    [Theory]
    [InlineData("0.125", 2, "0.13")]
    [InlineData("-0.125", 2, "-0.13")]
    [InlineData("2.5", 0, "3")]
    [InlineData("86705400", -6, "87000000")]
    [InlineData("1.005", 2, "1.01")]
    public void SEED_O01_halves_go_up(string value, int decimals, string rounded) =>
        Rounding.HalfUp(decimal.Parse(value, CultureInfo.InvariantCulture), decimals).ShouldBe(decimal.Parse(rounded, CultureInfo.InvariantCulture));

    [Fact]
    public void Interval_arithmetic_never_loses_a_possible_value() => Prop.ForAll(
        Gen.Choose(0, int.MaxValue - 1).ToArbitrary(), seed =>
    {
        var random = new Random(seed);
        var (a, x) = Draw();
        var (b, y) = Draw();
        decimal factor = random.Next(-5, 6);
        (a + b).Contains(x + y).ShouldBeTrue();
        (a - b).Contains(x - y).ShouldBeTrue();
        (a * factor).Contains(x * factor).ShouldBeTrue();
        if (y > 0)
        {
            Interval.Ratio(a, b).Contains(x / y).ShouldBeTrue();
        }

        (Interval Range, decimal Inside) Draw()
        {
            decimal low = random.Next(0, 50);
            var high = low + random.Next(0, 50);
            var inside = random.Next((int)low, (int)high + 1);
            return random.Next(4) switch
            {
                0 => (new(low, high), inside),
                1 => (new(low, null), inside),
                2 => (new(0, high), inside),
                _ => (Interval.Exactly(inside), inside),
            };
        }
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void An_interval_says_its_comparator()
    {
        Interval.Exactly(3).Comparator.ShouldBe(Comparator.Equal);
        Interval.AtLeast(3).Comparator.ShouldBe(Comparator.AtLeast);
        Interval.AtMost(3).Comparator.ShouldBe(Comparator.AtMost);
        new Interval(1, 2).Comparator.ShouldBe(Comparator.Between);
        Interval.Anything.Comparator.ShouldBe(Comparator.None);
        Interval.Of(5, Comparator.About).ShouldBeNull();
        new Interval(1, 2).Overlaps(new(2, 3)).ShouldBeTrue();
        new Interval(1, 2).Overlaps(new(3, null)).ShouldBeFalse();
    }
}
