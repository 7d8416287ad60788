using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using Waymark.Statistics.Cube;
using Waymark.Statistics.Cube.Grouping;
using Waymark.Statistics.Cube.Queries;

namespace Waymark.Statistics.Tests.Cube;

public sealed class CubeLawTests
{
    private static readonly Arbitrary<int> Seeds = Gen.Choose(1, int.MaxValue - 1).ToArbitrary();

    [Fact]
    public void The_fast_cube_says_what_a_dictionary_over_tuples_says() => Prop.ForAll(Seeds, seed =>
    {
        var scenario = new Scenario(seed);
        for (var i = 0; i < 5; i++)
        {
            var query = scenario.Query();
            var groups = scenario.Cube.Ask(query).Value;
            Same(scenario, query, groups);
        }
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(120));

    [Fact]
    public void Every_way_of_grouping_gives_the_same_answer() => Prop.ForAll(Seeds, seed =>
    {
        var scenario = new Scenario(seed, vintages: 2, rows: 3000);
        var query = scenario.Query();
        foreach (var path in Enum.GetValues<GroupPath>())
        {
            Same(scenario, query, scenario.Cube.Ask(query with { Path = path }).Value);
        }
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(60));

    [Fact]
    public void The_number_of_threads_never_changes_the_answer() => Prop.ForAll(Seeds, seed =>
    {
        var scenario = new Scenario(seed);
        var query = scenario.Query();
        var one = Lines(scenario.Cube.Ask(query with { Threads = 1 }).Value);
        foreach (var threads in new[] { 2, 3, 8 })
        {
            Lines(scenario.Cube.Ask(query with { Threads = threads }).Value).ShouldBe(one);
        }
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(60));

    [Fact]
    public void Scalar_and_vector_filters_agree() => Prop.ForAll(Seeds, seed =>
    {
        var scenario = new Scenario(seed);
        var query = scenario.Query();
        Lines(scenario.Cube.Ask(query with { Scalar = true }).Value).ShouldBe(Lines(scenario.Cube.Ask(query).Value));
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(60));

    [Fact]
    public void Listing_finds_the_same_observations_and_pages_without_loss() => Prop.ForAll(Seeds, seed =>
    {
        var scenario = new Scenario(seed);
        var filter = scenario.Filter();
        var all = scenario.Cube.List(filter).Value;
        all.Observations.Select(view => string.Join('|', scenario.Schema.Dimensions.Select(view.Code)) + "@" + view.Period.ToCode() + "=" + view.Value?.ToDecimal().ToString("0.##", CultureInfo.InvariantCulture))
            .Order(StringComparer.Ordinal)
            .ShouldBe(scenario.Naive.Matching(filter).Select(fact => fact.Key + "=" + (fact.IsNumber ? new ExactNumber(fact.Value, fact.Scale).ToDecimal().ToString("0.##", CultureInfo.InvariantCulture) : null))
                .Order(StringComparer.Ordinal));
        List<long> paged = [];
        for (var offset = 0L; offset < all.Total; offset += 97)
        {
            paged.AddRange(scenario.Cube.List(filter, offset, 97).Value.Rows);
        }

        paged.ShouldBe(all.Rows);
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(40));

    [Fact]
    public void Counts_by_a_column_are_those_of_the_list() => Prop.ForAll(Seeds, seed =>
    {
        var scenario = new Scenario(seed);
        var filter = scenario.Filter();
        var all = scenario.Cube.List(filter).Value.Observations.ToList();
        foreach (var name in scenario.Schema.Dimensions.Append(CubeSchema.PeriodColumn))
        {
            var counts = scenario.Cube.CountBy(filter, name, TestContext.Current.CancellationToken).Value;
            var listed = all.CountBy(view => view.CodeNumber(scenario.Schema.ColumnOf(name))).OrderBy(pair => pair.Key).Select(pair => (pair.Key, (long)pair.Value));
            counts.Select((count, code) => (code, count)).Where(pair => pair.count > 0).ShouldBe(listed);
        }
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(60));

    [Fact]
    public void Counting_by_a_column_that_is_not_there_is_told()
    {
        var scenario = new Scenario(7);
        scenario.Cube.CountBy(CubeFilter.Everything, "colour", TestContext.Current.CancellationToken).Error!.Code.ShouldBe("cube.unknown-dimension");
    }

    [Fact]
    public void Every_observation_leads_back_to_its_segment_and_row()
    {
        var builder = new CubeBuilder(new("s", ["area"]));
        _ = builder.BeginVintage(new("v", "r", 1)).Value;
        for (var segment = 0; segment < 3; segment++)
        {
            var rows = new SegmentColumnsBuilder(new("s", ["area"]), $"segment-{segment}");
            for (var row = 0; row < 100; row++)
            {
                rows.Add([$"a{segment}"], Waymark.Model.Period.Year(1900 + row), (segment * 1000) + row);
            }

            builder.Append(rows.Build()).IsOk.ShouldBeTrue();
        }

        _ = builder.Publish().Value;
        foreach (var view in builder.Snapshot.List(CubeFilter.Everything).Value.Observations)
        {
            var value = (int)view.Value!.Value.Mantissa;
            view.Cell.ShouldBe(new($"segment-{value / 1000}", value % 1000));
        }
    }

    private static void Same(Scenario scenario, CubeQuery query, GroupResult groups)
    {
        var expected = scenario.Naive.Group(query, groups.Scale);
        var actual = Scenario.Tell(groups, query.Extremes);
        actual.Count.ShouldBe(expected.Count);
        foreach (var (key, value) in expected)
        {
            actual[key].ShouldBe(query.Extremes ? value : value with { Least = 0, Greatest = 0 }, key);
        }
    }

    private static List<string> Lines(GroupResult groups) =>
        [.. Scenario.Tell(groups, extremes: true).Select(pair => $"{pair.Key} {pair.Value}")];
}
