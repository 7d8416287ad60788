using Waymark.Model;
using Waymark.Statistics.Cube;
using Waymark.Statistics.Cube.Grouping;
using Waymark.Statistics.Cube.Queries;
using Waymark.Statistics.Measures;

namespace Waymark.Statistics.Tests.Cube;

public sealed class GroupResultTests
{
    private static readonly CubeSchema Schema = new("s", ["area", "sex"]);

    [Fact]
    public void E057_a_total_with_suppressed_figures_is_a_lower_bound_with_an_interval()
    {
        // 2,116,011 refugees in 1951 as published, and each "*" hides one to four persons.
        var groups = Group(rows =>
        {
            rows.Add(["DEU", "T"], Period.Year(1951), 2_116_011);
            for (var i = 0; i < 7; i++)
            {
                rows.AddMissing([$"x{i}", "T"], Period.Year(1951), ObservationStatus.Suppressed);
            }
        }, new() { GroupBy = ["period"] });
        (groups.Sum(0), groups.Comparator(0), groups.Missing(0, ObservationStatus.Suppressed)).ShouldBe((new ExactNumber(2_116_011, 0), Comparator.AtLeast, 7L));
        groups.Bounds(0, new Interval(1, 4)).ShouldBe(new Interval(2_116_018, 2_116_039));
        groups.Bounds(0).ShouldBe(new Interval(2_116_011, null));
    }

    [Fact]
    public void Bounds_ranges_and_abouts_travel_with_the_sum()
    {
        var groups = Group(rows =>
        {
            rows.Add(["range", "T"], Period.Year(2000), 63, comparator: Comparator.Between, upper: 132);
            rows.Add(["range", "M"], Period.Year(2000), 10);
            rows.Add(["atmost", "T"], Period.Year(2000), 9, comparator: Comparator.AtMost);
            rows.Add(["atmost", "M"], Period.Year(2000), 1);
            rows.Add(["about", "T"], Period.Year(2000), 5, comparator: Comparator.About);
            rows.Add(["both", "T"], Period.Year(2000), 9, comparator: Comparator.AtMost);
            rows.Add(["both", "M"], Period.Year(2000), 2, comparator: Comparator.AtLeast);
            rows.AddMissing(["gap", "T"], Period.Year(2000), ObservationStatus.NotCollected);
            rows.AddCode(["code", "T"], Period.Year(2000), "visa-free");
        }, new() { GroupBy = ["area"] });
        string Line(string area)
        {
            var group = Enumerable.Range(0, groups.Count).Single(at => groups.Code(at, 0) == area);
            return $"{groups.Sum(group)} {groups.Comparator(group)} {groups.Bounds(group)}";
        }

        Line("range").ShouldBe("73 Between [73, 142]");
        Line("atmost").ShouldBe("10 AtMost [1, 10]");
        Line("about").ShouldBe("5 About [5, 5]");
        Line("both").ShouldBe("11 About [2, ]");
        Line("gap").ShouldBe(" None ");
        Line("code").ShouldBe(" Code ");
    }

    [Fact]
    public void Aggregates_stay_out_when_only_leaves_are_asked_for()
    {
        var leaves = LeafSet.OfHierarchy("area", new Dictionary<string, string?> { ["WORLD"] = null, ["EU"] = "WORLD", ["DEU"] = "EU", ["FRA"] = "EU" });
        void Rows(SegmentColumnsBuilder rows) => rows.Add(["WORLD", "T"], Period.Year(2020), 30).Add(["EU", "T"], Period.Year(2020), 30)
            .Add(["DEU", "T"], Period.Year(2020), 20).Add(["FRA", "T"], Period.Year(2020), 10);
        Group(Rows, new() { Filter = CubeFilter.Everything.OnlyLeaves(leaves) }).Sum(0).ShouldBe(new ExactNumber(30, 0));
        Group(Rows, new()).Sum(0).ShouldBe(new ExactNumber(90, 0));
    }

    [Fact]
    public void Unknown_codes_match_nothing_and_are_told_and_unknown_dimensions_are_refused()
    {
        void Rows(SegmentColumnsBuilder rows) => rows.Add(["DEU", "T"], Period.Year(2020), 1);
        var groups = Group(Rows, new() { Filter = CubeFilter.Everything.And("area", CodeSet.Of("DEU", "XXX")), GroupBy = ["area"] });
        (groups.Count, groups.UnknownCodes.ShouldHaveSingleItem()).ShouldBe((1, "area=XXX"));
        var cube = Cube(Rows);
        cube.Ask(new() { GroupBy = ["nope"] }).Error!.Code.ShouldBe("cube.unknown-dimension");
        cube.Ask(new() { GroupBy = ["area", "area"] }).Error!.Code.ShouldBe("cube.doubled-column");
        cube.Ask(new() { Filter = CubeFilter.Everything.And("nope", CodeSet.All) }).Error!.Code.ShouldBe("cube.unknown-dimension");
        cube.Ask(new() { Filter = new() { AsOf = 1 } }).Error!.Code.ShouldBe("cube.unknown-vintage");
        cube.Ask(new() { GroupBy = ["area"], MaxGroups = 0 }).Error!.Code.ShouldBe("cube.too-many-groups");
        new CubeBuilder(Schema).Snapshot.Ask(new()).Value.Count.ShouldBe(0);
    }

    [Fact]
    public void A_pivot_has_every_cell_once_and_says_where_nothing_stands()
    {
        var groups = Group(rows => rows.Add(["DEU", "F"], Period.Year(2020), 1).Add(["DEU", "M"], Period.Year(2020), 2).Add(["FRA", "M"], Period.Year(2021), 4),
            new() { GroupBy = ["area", "sex", "period"] });
        var pivot = Pivot.Of(groups, ["sex"]).Value;
        pivot.RowHeads.Select(head => string.Join(' ', head)).ShouldBe(["DEU 2020", "FRA 2021"]);
        pivot.ColumnHeads.Select(head => head[0]).ShouldBe(["F", "M"]);
        groups.Sum(pivot.Cells[0][0]).ShouldBe(new ExactNumber(1, 0));
        groups.Sum(pivot.Cells[1][1]).ShouldBe(new ExactNumber(4, 0));
        pivot.Cells[1][0].ShouldBe(-1);
        Pivot.Of(groups, ["nope"]).Error!.Code.ShouldBe("cube.unknown-dimension");
    }

    [Fact]
    public void Mean_least_and_greatest_of_a_group()
    {
        var groups = Group(rows => rows.Add(["a", "F"], Period.Year(2020), -5).Add(["a", "M"], Period.Year(2020), 10).AddMissing(["a", "X"], Period.Year(2020), ObservationStatus.Missing),
            new() { GroupBy = ["area"], Extremes = true });
        (groups.Mean(0), groups.Least(0), groups.Greatest(0), groups.Figures(0), groups.Missing(0)).ShouldBe((2.5m, new ExactNumber(-5, 0), new ExactNumber(10, 0), 2L, 1L));
    }

    [Fact]
    public void A_question_stops_when_it_is_cancelled()
    {
        using var stop = new CancellationTokenSource();
        stop.Cancel();
        var cube = Cube(rows => rows.Add(["a", "F"], Period.Year(2020), 1));
        Should.Throw<OperationCanceledException>(() => cube.Group(new() { GroupBy = ["area"] }, stop.Token));
        Should.Throw<OperationCanceledException>(() => cube.Select(CubeFilter.Everything, cancellationToken: stop.Token));
    }

    private static GroupResult Group(Action<SegmentColumnsBuilder> fill, CubeQuery query) => Cube(fill).Ask(query).Value;

    private static CubeSnapshot Cube(Action<SegmentColumnsBuilder> fill)
    {
        var rows = new SegmentColumnsBuilder(Schema, "s");
        fill(rows);
        var builder = new CubeBuilder(Schema);
        _ = builder.BeginVintage(new("v", "r", 1)).Value;
        _ = builder.Append(rows.Build()).Value;
        _ = builder.Publish().Value;
        return builder.Snapshot;
    }
}
