using Shouldly;
using Waymark.Linkage.Bench;
using Xunit;

namespace Waymark.Linkage.Tests;

/// <summary>The bars of the plan on the development files, with defaults and no look at the labels before the end.</summary>
public sealed class DevelopmentDataTests
{
    [Theory]
    [InlineData("febrl3", 0.9967, 0.0, 0.0)]
    [InlineData("febrl4", 0.9994, 0.0, 0.0)]
    [InlineData("historical", 0.78, 0.80, 0.86)]
    [InlineData("multiscript", 0.72, 0.75, 0.75)]
    public void Defaults_reach_the_bar(string name, double atThreshold, double best, double clustered)
    {
        var data = PackFolder.FindData();
        if (data is null)
        {
            Assert.Skip("skipped: data folder absent");
        }

        var set = DataSet.All.Single(d => d.Name == name);
        var left = CsvTable.Read(Path.Combine(data, set.Left), set.Id).Value;
        var right = set.Right is null ? null : CsvTable.Read(Path.Combine(data, set.Right), set.Id).Value;
        var quality = LinkageEngine.Evaluate(Tables.Run(left, right), set.Truth(data, left, right)).Value;
        quality.AtThreshold.F1.ShouldBeGreaterThanOrEqualTo(atThreshold);
        quality.Best.F1.ShouldBeGreaterThanOrEqualTo(best);
        quality.Clustered.F1.ShouldBeGreaterThanOrEqualTo(clustered);
        (quality.Best.F1 - quality.AtThreshold.F1).ShouldBeLessThan(0.02);
        if (quality.ExpectedFalse >= 20)
        {
            var wrong = quality.AtThreshold.Found - quality.AtThreshold.Right;
            (wrong / quality.ExpectedFalse).ShouldBeInRange(0.5, 2);
        }
    }
}
