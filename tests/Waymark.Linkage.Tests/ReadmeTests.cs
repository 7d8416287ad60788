using Shouldly;
using Waymark.Linkage.Bench;
using Xunit;

namespace Waymark.Linkage.Tests;

/// <summary>The example of the package's README is run here, line by line as it stands there.</summary>
public sealed class ReadmeTests
{
    [Fact]
    public void The_example_of_the_README_runs_and_finds_the_repeats()
    {
        var (people, _) = People.Make(5, 300, 0.3, 0.1, 1, rich: false);
        var knowledge = Tables.Knowledge;
        var (id, given, family, born) = (people.Columns[0], people.Columns[1], people.Columns[2], people.Columns[3]);
        id.Name.ShouldBe("id");
        using var Console = new StringWriter();

        var table = LinkageTable.Create("persons", [id, given, family, born], "id").Value;
        var outcome = LinkageEngine.Run(new LinkageRequest(table, null, knowledge), progress: null, CancellationToken.None).Value;
        foreach (var link in outcome.Pairs.Where(pair => pair.Probability >= outcome.Threshold))
        {
            Console.WriteLine($"{table.Id(link.Left)} = {table.Id(link.Right)}, p = {link.Probability:0.000}");
            Console.WriteLine(Waterfall.Words(outcome.Explain(link), "en"));
        }

        var distinct = outcome.Clusters.Distinct().Count();
        Console.WriteLine($"{table.Rows} records, {distinct} people, {outcome.Pairs.Sum(p => p.Probability >= outcome.Threshold ? 1 - p.Probability : 0):0.0} false links expected");

        distinct.ShouldBeInRange(290, 310);
        Console.ToString().ShouldContain("birth date: the same");
    }

    [Fact]
    public void The_README_shows_what_is_run()
    {
        var root = Path.GetDirectoryName(Path.GetDirectoryName(PackFolder.Find()))!;
        var readme = File.ReadAllText(Path.Combine(root, "src", "Kernels", "Waymark.Linkage", "README.md")).Split("```")[1];
        var here = File.ReadAllLines(Path.Combine(root, "tests", "Waymark.Linkage.Tests", "ReadmeTests.cs")).Select(l => l.Trim()).ToHashSet(StringComparer.Ordinal);
        readme.Split('\n').Skip(1).Select(l => l.Trim()).Where(l => l.Length > 0).ShouldAllBe(l => here.Contains(l));
    }
}
