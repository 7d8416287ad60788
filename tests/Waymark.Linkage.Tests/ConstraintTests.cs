using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using Xunit;

namespace Waymark.Linkage.Tests;

/// <summary>What reviewers and owners know is law in the clusters, and undone by leaving it out.</summary>
public sealed class ConstraintTests
{
    private const string Header = "id,given_name,family_name,birth_date,place";
    private const double Cohesion = 0.35;

    private static readonly Gen<Case> s_cases =
        from records in Gen.Choose(3, 14)
        from pairs in Gen.ListOf(from a in Gen.Choose(0, records - 1)
                                 from b in Gen.Choose(0, records - 1)
                                 from p in Gen.Choose(20, 1000)
                                 select (A: Math.Min(a, b), B: Math.Max(a, b), P: p / 1000f))
        from said in Gen.ListOf(from a in Gen.Choose(0, records - 1) from b in Gen.Choose(0, records - 1) from one in Gen.Frequency((3, Gen.Constant(false)), (1, Gen.Constant(true))) select new ReviewedPair(a, b, one))
        from sources in Gen.ArrayOf(Gen.Choose(0, 2), records)
        from useSources in Gen.Elements(true, false)
        select new Case(
            records,
            [.. pairs.Where(p => p.A != p.B).DistinctBy(p => (p.A, p.B)).Select(p => new LinkedPair(p.A, p.B, p.P, MathF.Log2(p.P / (1.001f - p.P)), 0))],
            [.. said.Where(s => s.Left != s.Right).Take(4)],
            useSources ? sources : null);

    [Fact]
    public void No_cluster_holds_two_records_that_were_said_to_be_two_or_stand_in_one_source_without_repeats() =>
        Prop.ForAll(s_cases.ToArbitrary(), c =>
        {
            var clusters = Cluster(c);
            var known = new KnownPairs(c.Constraints);
            return Members(clusters).All(m => m.All(a => m.All(b => a == b || !known.AreTwo(a, b))));
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Every_cluster_reaches_the_cohesion_bound_unless_a_reviewer_joined_it() =>
        Prop.ForAll(s_cases.ToArbitrary(), c =>
        {
            c = c with { Said = [.. c.Said.Where(s => !s.OnePerson)] };
            var probability = Usable(c).ToDictionary(p => (p.Left, p.Right), p => MathF.Round(p.Probability * 4096) / 4096);
            return Members(Cluster(c)).Where(m => m.Length > 1).All(m =>
                m.SelectMany(a => m.Where(b => a < b).Select(b => probability.GetValueOrDefault((a, b)))).Average() >= Cohesion - 1e-3);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Records_said_to_be_one_person_are_one_cluster_when_nothing_speaks_against_it() =>
        Prop.ForAll(s_cases.ToArbitrary(), c =>
        {
            c = c with { Said = [.. c.Said.Where(s => s.OnePerson)], SourceOf = null };
            var clusters = Cluster(c);
            return c.Said.All(s => clusters[s.Left] == clusters[s.Right]);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Taking_an_answer_back_gives_what_was_there_before()
    {
        var table = Tables.Rows(Header, Tables.Persons(41, 900));
        var linker = Linker.Open(new LinkageRequest(table, null, Tables.Knowledge) { Threads = 2 }, null, TestContext.Current.CancellationToken).Value;
        var before = linker.With([], TestContext.Current.CancellationToken).Value;
        var link = before.Pairs.First(p => p.Probability > 0.99);
        var reviewed = linker.With([new(link.Left, link.Right, false)], TestContext.Current.CancellationToken).Value;
        reviewed.Clusters[link.Left].ShouldNotBe(reviewed.Clusters[link.Right]);
        reviewed.Pairs.ShouldNotContain(p => p.Left == link.Left && p.Right == link.Right);
        var after = linker.With([], TestContext.Current.CancellationToken).Value;
        after.Pairs.ShouldBe(before.Pairs);
        after.Clusters.ShouldBe(before.Clusters);
        after.Threshold.ShouldBe(before.Threshold);
    }

    [Fact]
    public void A_source_without_repeats_gives_each_record_at_most_one_link_into_it()
    {
        var (left, _) = People.Make(3, 500, 0, 0, 1, rich: true);
        var (right, _) = People.Make(3, 400, 0.6, 0.1, 2, rich: true);
        var request = new LinkageRequest(left, right, Tables.Knowledge) { Threads = 2, Constraints = LinkageConstraints.NobodyTwice(left.Rows, right.Rows, left: true, right: false) };
        var outcome = LinkageEngine.Run(request, null, TestContext.Current.CancellationToken).Value;
        outcome.Pairs.GroupBy(p => p.Right).Max(g => g.Count()).ShouldBe(1);
        outcome.Clusters.Take(left.Rows).Distinct().Count().ShouldBe(left.Rows);
    }

    [Fact]
    public void Constraints_that_name_no_record_are_an_error_in_words()
    {
        var table = Tables.Rows(Header, Tables.Persons(43, 20));
        var request = new LinkageRequest(table, null, Tables.Knowledge);
        LinkageEngine.Run(request with { Constraints = new() { Reviewed = [new(0, 9999, true)] } }, null, TestContext.Current.CancellationToken).Error!.Code.ShouldBe("linkage.reviewed-pair");
        LinkageEngine.Run(request with { Constraints = new() { SourceOf = [1] } }, null, TestContext.Current.CancellationToken).Error!.Code.ShouldBe("linkage.sources-length");
    }

    [Fact]
    public void Many_groups_are_clustered_the_same_on_any_number_of_threads()
    {
        var random = new Random(5);
        var pairs = Enumerable.Range(0, 12_000).Select(_ => (Group: random.Next(1_000) * 6, A: random.Next(6), B: random.Next(6), P: (float)random.NextDouble()))
            .Where(p => p.A < p.B).Select(p => new LinkedPair(p.Group + p.A, p.Group + p.B, p.P, MathF.Log2(p.P / (1.001f - p.P)), 0)).DistinctBy(p => (p.Left, p.Right)).ToArray();
        var many = new Case(6_000, pairs, [], null);
        var alone = Cluster(many);
        Members(alone).Count(m => m.Length > 2).ShouldBeGreaterThan(200);
        Cluster(many, 4).ShouldBe(alone);
    }

    private static int[] Cluster(Case c, int threads = 1) =>
        Clusterer.Run(c.Records, Usable(c), 0.3, Cohesion, new KnownPairs(c.Constraints), r => (ulong)r * 7919, TestContext.Current.CancellationToken, threads);

    /// <summary>The pairs as the engine hands them to the clusters: those said to be two are not among them, those said to be one are sure.</summary>
    private static List<LinkedPair> Usable(Case c)
    {
        var known = new KnownPairs(c.Constraints);
        var pairs = c.Pairs.Where(p => !known.AreTwo(p.Left, p.Right) && known.Said(p.Left, p.Right) is null).ToList();
        pairs.AddRange(known.All.Where(k => k.One && !known.AreTwo(k.Left, k.Right)).Select(k => new LinkedPair(k.Left, k.Right, 1, LinkedPair.ReviewedWeight, LinkedPair.Reviewed)));
        return pairs;
    }

    private static IEnumerable<int[]> Members(int[] clusters) => clusters.Select((c, i) => (c, i)).GroupBy(x => x.c, x => x.i).Select(g => g.ToArray());

    private sealed record Case(int Records, LinkedPair[] Pairs, ReviewedPair[] Said, int[]? SourceOf)
    {
        public LinkageConstraints Constraints => new() { Reviewed = Said, SourceOf = SourceOf };
    }
}
