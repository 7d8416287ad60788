using FsCheck;
using FsCheck.Fluent;
using Waymark.Model;
using Waymark.Statistics.Cube;
using Waymark.Statistics.Cube.Queries;

namespace Waymark.Statistics.Tests.Cube;

public sealed class VintageLawTests
{
    private static readonly CubeSchema Schema = new("s", ["area"]);

    [Fact]
    public void What_was_known_at_a_vintage_never_changes_after_later_imports() => Prop.ForAll(
        Gen.Choose(1, int.MaxValue - 1).ToArbitrary(), seed =>
    {
        var scenario = new Scenario(seed, vintages: 1);
        List<List<long>> remembered = [];
        for (var vintage = 0; vintage < 5; vintage++)
        {
            remembered.Add([.. Known(scenario, vintage)]);
            for (var earlier = 0; earlier <= vintage; earlier++)
            {
                Known(scenario, earlier).ShouldBe(remembered[earlier]);
            }

            if (seed % 3 == 0)
            {
                scenario.Builder.FreeIndex();
            }

            scenario.Import(1 + (seed % 500));
        }
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(60));

    [Fact]
    public void A_snapshot_in_hand_is_not_touched_by_an_import()
    {
        var scenario = new Scenario(4711, vintages: 2, rows: 2000);
        var held = scenario.Cube;
        var query = new CubeQuery { GroupBy = ["d0"], Extremes = true };
        var before = Scenario.Tell(held.Ask(query).Value, true);
        scenario.Import(2000);
        Scenario.Tell(held.Ask(query).Value, true).ShouldBe(before);
        scenario.Cube.Newest.ShouldBe(held.Newest + 1);
    }

    [Fact]
    public void An_old_edition_imported_late_never_hides_a_newer_one()
    {
        var builder = new CubeBuilder(Schema);
        Import(builder, "2020", 2020, ("DEU", 100));
        Import(builder, "2017", 2017, ("DEU", 90), ("FRA", 50)).ShouldBe(new AppendReport(New: 1, Revised: 0, Unchanged: 0, Late: 1, Duplicates: 0));
        Value(builder.Snapshot, "DEU", 1).ShouldBe(100m);
        Value(builder.Snapshot, "FRA", 1).ShouldBe(50m);
        Value(builder.Snapshot.OnlyVintages(vintage => vintage.Release == "2017"), "DEU", 0).ShouldBe(90m);
    }

    [Fact]
    public void The_same_edition_again_replaces_and_says_what_changed()
    {
        var builder = new CubeBuilder(Schema);
        Import(builder, "2020", 1, ("DEU", 100), ("FRA", 7)).New.ShouldBe(2);
        Import(builder, "2020", 1, ("DEU", 101), ("FRA", 7), ("ITA", 3)).ShouldBe(new AppendReport(1, 1, 1, 0, 0));
        (Value(builder.Snapshot, "DEU", 0), Value(builder.Snapshot, "DEU", 1)).ShouldBe((100m, 101m));
    }

    [Fact]
    public void Of_two_equal_keys_in_one_file_the_first_stands_and_the_second_is_kept_and_counted()
    {
        var builder = new CubeBuilder(Schema);
        Import(builder, "2020", 1, ("DEU", 100), ("DEU", 200)).Duplicates.ShouldBe(1);
        Value(builder.Snapshot, "DEU", 0).ShouldBe(100m);
        builder.Snapshot.List(new() { History = true }).Value.Total.ShouldBe(2);
    }

    [Fact]
    public void A_discarded_import_leaves_no_trace()
    {
        var builder = new CubeBuilder(Schema);
        Import(builder, "2020", 1, ("DEU", 100));
        _ = builder.BeginVintage(new("x", "2021", 2)).Value;
        builder.Append(Rows(("DEU", 1), ("FRA", 2))).IsOk.ShouldBeTrue();
        builder.Discard();
        Import(builder, "2021", 2, ("DEU", 105)).ShouldBe(new AppendReport(0, 1, 0, 0, 0));
        builder.Snapshot.Observations.ShouldBe(2);
        Value(builder.Snapshot, "FRA", 1).ShouldBeNull();
    }

    [Fact]
    public async Task Readers_during_imports_see_whole_vintages_only()
    {
        var builder = new CubeBuilder(Schema);
        Import(builder, "0", 0, [.. Enumerable.Range(0, 200).Select(i => ($"a{i}", 1L))]);
        using var stop = new CancellationTokenSource();
        var reader = Task.Run(() =>
        {
            // Every vintage restates all 200 areas with one common value, so any torn state would show as a broken sum.
            var seen = 0;
            do
            {
                var cube = builder.Snapshot;
                var groups = cube.Ask(new()).Value;
                groups.Sum(0)!.Value.ToDecimal().ShouldBe(200m * (cube.Newest + 1));
                seen++;
            }
            while (!stop.IsCancellationRequested);

            return seen;
        }, TestContext.Current.CancellationToken);
        for (var vintage = 1; vintage < 60; vintage++)
        {
            Import(builder, "0", 0, [.. Enumerable.Range(0, 200).Select(i => ($"a{i}", vintage + 1L))]);
        }

        await stop.CancelAsync();
        (await reader).ShouldBeGreaterThan(0);
    }

    [Fact]
    public void A_faulty_segment_is_refused_with_its_place_and_changes_nothing()
    {
        var builder = new CubeBuilder(Schema);
        builder.Append(Rows(("DEU", 1))).Error!.Code.ShouldBe("cube.no-vintage");
        _ = builder.BeginVintage(new("v", "r", 1)).Value;
        var good = Rows(("DEU", 1), ("FRA", 2));
        builder.Append(good with { Values = [1] }).Error!.Where.ShouldBe("segment");
        builder.Append(good with { Periods = new(good.Periods.Periods, [0, 5]) }).Error!.Code.ShouldBe("cube.segment");
        builder.Append(good with { Dimensions = [] }).Error!.Code.ShouldBe("cube.segment");
        builder.Append(good with { Scale = 13 }).Error!.Code.ShouldBe("cube.segment");
        builder.Append(good with { Comparators = [Comparator.Code, Comparator.Equal] }).Error!.Code.ShouldBe("cube.segment");
        builder.Append(good with { UpperRows = [1, 0], Uppers = [5, 5] }).Error!.Code.ShouldBe("cube.segment");
        builder.BeginVintage(new("w", "r", 1)).Error!.Code.ShouldBe("cube.vintage-open");
        builder.Append(good).Value.New.ShouldBe(2);
    }

    private static AppendReport Import(CubeBuilder builder, string release, long order, params (string Area, long Value)[] rows)
    {
        _ = builder.BeginVintage(new(release, release, order)).Value;
        _ = builder.Append(Rows(rows)).Value;
        return builder.Publish().Value;
    }

    private static SegmentColumns Rows(params (string Area, long Value)[] rows)
    {
        var segment = new SegmentColumnsBuilder(Schema, "segment");
        foreach (var (area, value) in rows)
        {
            segment.Add([area], Period.Year(2020), value);
        }

        return segment.Build();
    }

    private static decimal? Value(CubeSnapshot cube, string area, int asOf)
    {
        var found = cube.List(new CubeFilter { AsOf = asOf }.And("area", CodeSet.Of(area))).Value.Observations.ToList();
        return found.Count == 0 ? null : found.ShouldHaveSingleItem().Value!.Value.ToDecimal();
    }

    private static IReadOnlyList<long> Known(Scenario scenario, int asOf) => scenario.Cube.List(new() { AsOf = asOf }).Value.Rows;
}
