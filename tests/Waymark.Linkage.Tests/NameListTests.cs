using Shouldly;
using Waymark.Linkage.Bench;
using Xunit;

namespace Waymark.Linkage.Tests;

/// <summary>Name tokens of the dev slices, which nothing was learned from, against all Latin forms of their slice.</summary>
public sealed class NameListTests(ITestOutputHelper output)
{
    [Fact]
    public void A_true_Latin_spelling_stands_among_the_first_ten()
    {
        var data = PackFolder.FindData();
        if (data is null)
        {
            Assert.Skip("skipped: data folder absent");
        }

        var scores = NameRetrieval.Languages.Select(language => NameRetrieval.Measure(data, Tables.Knowledge, language, 100)).ToList();
        foreach (var score in scores)
        {
            output.WriteLine($"{score.Language}: top 10 {score.TopTen:0.000}, top 1 {score.TopOne:0.000} of {score.Asked} asked among {score.Spellings}");
        }

        scores.Average(s => s.TopTen).ShouldBeGreaterThanOrEqualTo(0.9);
        scores.Min(s => s.TopTen).ShouldBeGreaterThanOrEqualTo(0.75);
    }
}
