using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using Xunit;

namespace Waymark.Linkage.Tests;

/// <summary>Rare name parts that meet nobody find the frequent parts they may be a slip of, and nothing else changes.</summary>
public sealed class SimilarPartsTests
{
    private const long Any = long.MaxValue;

    /// <summary>Few letters, so that many parts are alike; slips of others among them.</summary>
    private static readonly Gen<(string Part, int Count)[]> s_parts =
        (from length in Gen.Choose(4, 9)
         from letters in Gen.Elements('a', 'b', 'k', 'r', 'n').ArrayOf(length)
         from at in Gen.Choose(0, length - 1)
         from other in Gen.Elements('m', 'l', 'f')
         from slip in Gen.Elements(true, false)
         from count in Gen.Elements(1, 2, 3, 9)
         select slip
             ? new[] { (new string(letters), 9), (new string([.. letters[..at], other, .. letters[(at + 1)..]]), 1) }
             : [(new string(letters), count)]).ArrayOf(30).Select(parts => parts.SelectMany(p => p).ToArray());

    [Fact]
    public void Search_by_rarest_pairs_finds_what_comparing_everything_finds()
    {
        var some = 0;
        Prop.ForAll(s_parts.ToArbitrary(), parts =>
        {
            var tokens = Weighed(parts);
            var found = SimilarParts.Build(tokens, Any, 2, TestContext.Current.CancellationToken)!;
            some += found.Count;
            return Ids(tokens).All(id => found.Of(id).SequenceEqual(ByHand(tokens, id)));
        }).QuickCheckThrowOnFailure();
        some.ShouldBeGreaterThan(50);
    }

    [Fact]
    public void Neither_threads_nor_the_order_of_parts_change_what_is_found() => Prop.ForAll(s_parts.ToArbitrary(), parts =>
    {
        var (there, back) = (Weighed(parts), Weighed([.. parts.DistinctBy(p => p.Part).Reverse()]));
        var one = SimilarParts.Build(there, Any, 1, TestContext.Current.CancellationToken)!;
        var three = SimilarParts.Build(back, Any, 3, TestContext.Current.CancellationToken)!;
        return Ids(there).All(id => one.Of(id).Select(there.Text).SequenceEqual(three.Of(back.Add(there.Text(id))).Select(back.Text)));
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_slip_that_the_skeleton_hides_meets_its_name_and_what_meets_others_anyway_is_left_alone()
    {
        var tokens = Weighed([("przybylski", 12), ("przymylski", 1), ("kowalczyk", 30), ("kowaltzyk", 1), ("weiss", 1)]);
        var found = SimilarParts.Build(tokens, Any, 1, TestContext.Current.CancellationToken)!;
        found.Of(tokens.Add("przymylski")).Select(tokens.Text).ShouldBe(["przybylski"]);
        found.Of(tokens.Add("weiss")).ShouldBeEmpty();
        found.Of(tokens.Add("przybylski")).ShouldBeEmpty("a frequent part is no slip");
        SimilarParts.Build(tokens, 3, 1, TestContext.Current.CancellationToken).ShouldBeNull("more work than was allowed");
        var met = Weighed([("przybylski", 12), ("przymylski", 1), ("przymilsky", 1)]);
        met.SkeletonOf(met.Add("przymylski")).ShouldBe(met.SkeletonOf(met.Add("przymilsky")));
        SimilarParts.Build(met, Any, 1, TestContext.Current.CancellationToken)!.Count.ShouldBe(0, "the two meet each other");
    }

    [Fact]
    public void The_block_report_counts_parts_that_meet_others_by_their_letters_when_thorough_work_is_asked_for()
    {
        string[] rows = [.. Enumerable.Range(0, 60).Select(i => $"r{i},{(char)('a' + (i % 20))}nna{i % 7},przybylski,{1950 + i}-0{1 + (i % 9)}-1{i % 9},f")];
        var table = Tables.Rows("id,given_name,family_name,birth_date,sex", [.. rows, "slip,quentina,przymylski,1971-04-13,f"]);
        LinkageOutcome Run(LinkageEffort effort) => LinkageEngine.Run(new LinkageRequest(table, null, Tables.Knowledge) { Effort = effort }, null, TestContext.Current.CancellationToken).Value;
        Run(LinkageEffort.Thorough).Blocks.SimilarParts.ShouldBe(1);
        Run(LinkageEffort.Default).Blocks.SimilarParts.ShouldBe(0);
    }

    private static IEnumerable<int> Ids(TokenTable tokens) => Enumerable.Range(1, tokens.Count - 1);

    private static TokenTable Weighed((string Part, int Count)[] parts)
    {
        var tokens = new TokenTable(Tables.Knowledge);
        var counts = new List<int> { 0 };
        foreach (var (part, count) in parts)
        {
            if (tokens.Add(part) == counts.Count)
            {
                counts.Add(count);
            }
        }

        tokens.Weigh([.. counts], new int[Enum.GetValues<Script>().Length], 1_000);
        return tokens;
    }

    private static IEnumerable<int> ByHand(TokenTable tokens, int id)
    {
        HashSet<string> Pairs(int part) => [.. $"\0{tokens.Text(part)}\0".Zip($"\0{tokens.Text(part)}\0".Skip(1), (a, b) => $"{a}{b}")];
        bool IsSlip(int a, int b) => LetterCounts.Apart(LetterCounts.Of(tokens.Latin(a)), LetterCounts.Of(tokens.Latin(b))) is (<= 2, <= 2);
        var isLost = tokens.CountOf(id) <= SimilarParts.Rare && tokens.ClassesOf(id) is null && Ids(tokens).All(other => other == id || tokens.SkeletonOf(other) != tokens.SkeletonOf(id));
        return !isLost ? [] : Ids(tokens)
            .Where(other => tokens.CountOf(other) > SimilarParts.Rare && IsSlip(id, other))
            .Select(other => (Id: other, Share: 2.0 * Pairs(id).Intersect(Pairs(other)).Count() / (Pairs(id).Count + Pairs(other).Count)))
            .Where(other => other.Share >= SimilarParts.Alike)
            .OrderByDescending(other => other.Share).ThenBy(other => tokens.HashOf(other.Id)).Take(SimilarParts.Most).Select(other => other.Id);
    }
}
