using Shouldly;
using Waymark.Packs.Content;
using Xunit;

namespace Waymark.Rules.Tests;

/// <summary>The statements R01 to R61 of the sources are traced to rules, and the pages made from the packs are up to date.</summary>
public sealed class CatalogueMatrixTests
{
    private static readonly RulePages Pages = new(CataloguePacks.Documents, CataloguePacks.Trace);

    [Fact]
    public void R01_to_R61_are_each_carried_by_a_rule_or_say_what_carries_them()
    {
        var traced = CataloguePacks.Rules.SelectMany(pair => pair.Rule.Seeds).ToHashSet(StringComparer.Ordinal);
        CataloguePacks.Trace.Statements.Select(statement => statement.Id).ShouldBe(Enumerable.Range(1, 61).Select(number => $"R{number:00}"));
        CataloguePacks.Trace.Statements.Where(statement => statement.Elsewhere is null && !traced.Contains(statement.Id)).Select(statement => statement.Id).ShouldBeEmpty("carried by nothing");
        CataloguePacks.Trace.Statements.Where(statement => statement.Elsewhere is not null).Select(statement => statement.Id).ShouldBe(["R32", "R51", "R57"]);
        traced.Except(CataloguePacks.Trace.Statements.Select(statement => statement.Id), StringComparer.Ordinal).ShouldBeEmpty("not a statement");
    }

    [Fact]
    public void Every_topic_of_a_rule_belongs_to_one_principle_of_the_comparison()
    {
        var topics = CataloguePacks.Trace.Principles.SelectMany(principle => principle.Topics).ToList();
        topics.ShouldBeUnique();
        CataloguePacks.Rules.Select(pair => pair.Rule.Topic).Distinct(StringComparer.Ordinal).Except(topics, StringComparer.Ordinal).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("matrix", "en")]
    [InlineData("matrix", "zh")]
    [InlineData("comparison", "en")]
    [InlineData("comparison", "zh")]
    public void A_page_made_from_the_packs_is_the_one_in_the_repository(string page, string language)
    {
        var made = page == "matrix" ? Pages.Statements(language) : Pages.Comparison(language);
        var file = Path.Combine(Sample.Root, "docs", "rules", $"{page}.{language}.md");
        if (Environment.GetEnvironmentVariable("WAYMARK_WRITE_PAGES") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllText(file, made);
        }

        File.ReadAllText(file).ShouldBe(made, $"Run the tests once with WAYMARK_WRITE_PAGES=1 to write {page}.{language}.md anew.");
    }

    [Fact]
    public void Each_cell_of_the_comparison_has_a_citation_and_says_whether_it_is_verified()
    {
        foreach (var row in Pages.Comparison("en").Split('\n').Where(row => row.Contains("| **", StringComparison.Ordinal)))
        {
            row.ShouldContain("verified, ");
        }
    }
}
