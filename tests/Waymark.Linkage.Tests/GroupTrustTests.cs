using Shouldly;
using Xunit;

namespace Waymark.Linkage.Tests;

/// <summary>M70: a group of people whose strangers agree more often than the model knows gives candidates, not links.</summary>
public sealed class GroupTrustTests(ITestOutputHelper output)
{
    [Fact]
    public void Women_who_share_a_handful_of_names_are_candidates_and_men_with_many_names_are_links()
    {
        var outcome = Tables.Run(Register());
        foreach (var group in outcome.Trust)
        {
            output.WriteLine($"{group.Kind} {group.Value}: {group.Links} pairs, expected {group.ExpectedFalse:0.00}, own {group.OwnFalse:0.00}");
        }

        var doubted = outcome.Trust.Where(g => !g.IsTrusted).ToList();
        doubted.ShouldContain(g => g.Kind == "sex" && g.Value == "female");
        doubted.ShouldNotContain(g => g.Kind == "sex" && g.Value == "male");
        var above = outcome.Pairs.Where(p => p.Probability >= outcome.Threshold).ToList();
        above.ShouldContain(p => outcome.DoubtOf(p) != null);
        foreach (var pair in above)
        {
            outcome.IsLink(pair).ShouldBe(outcome.DoubtOf(pair) is null);
        }

        above.Count(outcome.IsLink).ShouldBeGreaterThan(500);
        above.Where(p => !outcome.IsLink(p)).ShouldAllBe(p => outcome.Clusters[p.Left] != outcome.Clusters[p.Right]);
    }

    [Theory]
    [InlineData(1000, 5.0, 10.6, true, "one in a hundred is false: the model is off, the links are not doubtful")]
    [InlineData(100, 5.0, 10.6, false, "one in ten")]
    [InlineData(1000, 30.0, 61.0, false, "twice as many as expected, and more than one in twenty")]
    [InlineData(20, 0.2, 2.9, true, "too few to say")]
    public void A_group_gives_candidates_where_twice_as_many_are_false_and_they_are_not_few(long links, double expected, double own, bool trusted, string why) =>
        new GroupTrust("sex", "female", links, expected, own).IsTrusted.ShouldBe(trusted, why);

    /// <summary>Three thousand men with names of syllables, a thousand women with few names and years of birth; some of both stand twice.</summary>
    private static LinkageTable Register()
    {
        var random = new Random(20261121);
        string[] syllables = ["ba", "ri", "mo", "la", "ke", "tu", "sa", "no", "fi", "da", "gu", "he"];
        string Word(int length) => string.Concat(Enumerable.Range(0, length).Select(_ => syllables[random.Next(syllables.Length)]));
        var rows = new List<string[]>();
        void Add(string[] person)
        {
            rows.Add(person);
            if (random.NextDouble() < 0.3)
            {
                rows.Add([person[0], person[1], random.Next(4) == 0 ? "" : person[2], person[3]]);
            }
        }

        string Date(int years) => $"{1960 + random.Next(years)}-{1 + random.Next(12):00}-{1 + random.Next(28):00}";
        for (var i = 0; i < 3000; i++)
        {
            Add([Word(3), Word(4), Date(40), "M"]);
        }

        for (var i = 0; i < 1000; i++)
        {
            Add([new[] { "maryam", "fatima", "khadija", "zahra" }[random.Next(4)], Word(2), Date(40), "F"]);
        }

        return Tables.Rows("id,given_name,family_name,birth_date,sex", rows.Select((r, i) => $"r{i},{string.Join(',', r)}"));
    }
}
