using Shouldly;
using Waymark.Linkage.Bench;
using Xunit;

namespace Waymark.Linkage.Tests;

/// <summary>Reviewers' answers make the estimate better, and the queue asks where an answer says most.</summary>
public sealed class ReviewTests(ITestOutputHelper output)
{
    [Fact]
    public void The_queue_asks_the_same_for_the_same_and_never_what_was_answered()
    {
        var (linker, entities) = Open(51, 1500, 0.4, 0.4, false);
        var outcome = linker.With([], TestContext.Current.CancellationToken).Value;
        var first = outcome.Queue().Next(30);
        outcome.Queue().Next(30).ShouldBe(first);
        first.Distinct().Count().ShouldBe(30);
        var answered = Answer(first, entities);
        var next = linker.With(answered, TestContext.Current.CancellationToken).Value.Queue().Next(30);
        next.Select(p => (p.Left, p.Right)).Intersect(first.Select(p => (p.Left, p.Right))).ShouldBeEmpty();
    }

    [Fact]
    public void The_queue_asks_about_doubtful_pairs_more_than_their_share()
    {
        var (table, _, _) = InventedPeople.Make(InventedKind.All.Single(k => k.Name == "no date and no telephone") with { Persons = 2000 }, 1);
        var linker = Linker.Open(new LinkageRequest(table, null, Tables.Knowledge) { Threads = 2 }, null, TestContext.Current.CancellationToken).Value;
        var outcome = linker.With([], TestContext.Current.CancellationToken).Value;
        static bool Doubtful(LinkedPair p) => p.Probability is > 0.05f and < 0.95f;
        var asked = outcome.Queue().Next(40);
        var share = (double)outcome.Pairs.Count(Doubtful) / outcome.Pairs.Count;
        asked.Count(Doubtful).ShouldBeGreaterThan((int)(40 * share * 1.5));
    }

    [Theory]
    [InlineData(53, 2500, 0.4, 0.5)]
    [InlineData(54, 1500, 0.2, 0.3)]
    [InlineData(55, 3000, 0.1, 0.6)]
    public void Forty_answers_bring_the_expected_number_of_people_found_twice_nearer_the_truth(int seed, int persons, double repeats, double errors)
    {
        var (linker, entities) = Open(seed, persons, repeats, errors, onlyFrequent: true);
        var outcome = linker.With([], TestContext.Current.CancellationToken).Value;
        var before = Off(outcome, entities);
        var reviewed = new List<ReviewedPair>();
        for (var round = 0; round < 4; round++)
        {
            reviewed.AddRange(Answer(outcome.Queue().Next(10), entities));
            outcome = linker.With(reviewed, TestContext.Current.CancellationToken).Value;
        }

        var after = Off(outcome, entities);
        output.WriteLine($"off by {before:0.0} of expected links before, {after:0.0} after");
        after.ShouldBeLessThanOrEqualTo(Math.Max(before, 4));
    }

    [Theory]
    [InlineData("half of the fields wrong")]
    [InlineData("frequent names, no sex, place known")]
    [InlineData("values missing and not typed")]
    public void A_hundred_answers_cost_no_quality_and_keep_what_is_expected_within_twice_what_is(string kind)
    {
        var (table, _, entities) = InventedPeople.Make(InventedKind.All.Single(k => k.Name == kind) with { Persons = 2500 }, 1);
        var linker = Linker.Open(new LinkageRequest(table, null, Tables.Knowledge) { Threads = 2 }, null, TestContext.Current.CancellationToken).Value;
        var outcome = linker.With([], TestContext.Current.CancellationToken).Value;
        var before = LinkageEngine.Evaluate(outcome, entities).Value;
        var reviewed = new List<ReviewedPair>();
        while (reviewed.Count < 100)
        {
            reviewed.AddRange(Answer(outcome.Queue().Next(25), entities));
            outcome = linker.With(reviewed, TestContext.Current.CancellationToken).Value;
        }

        var after = LinkageEngine.Evaluate(outcome, entities).Value;
        var real = after.AtThreshold.Found - after.AtThreshold.Right;
        output.WriteLine($"F1 {before.AtThreshold.F1:0.000} before, {after.AtThreshold.F1:0.000} after; false {after.ExpectedFalse:0.0} expected, {real} real");
        after.AtThreshold.F1.ShouldBeGreaterThan(before.AtThreshold.F1 - 0.003);
        real.ShouldBeInRange((long)(after.ExpectedFalse / 2) - 3, (long)(after.ExpectedFalse * 2) + 3);
    }

    [Fact]
    public void Answers_against_the_model_move_it()
    {
        var (linker, _) = Open(56, 1500, 0.4, 0.2, false);
        var outcome = linker.With([], TestContext.Current.CancellationToken).Value;
        var doubted = outcome.Pairs.Where(p => p.Probability > 0.6).Take(60).Select(p => new ReviewedPair(p.Left, p.Right, false)).ToArray();
        var moved = linker.With(doubted, TestContext.Current.CancellationToken).Value;
        moved.Pairs.Sum(p => (double)p.Probability).ShouldBeLessThan(outcome.Pairs.Sum(p => (double)p.Probability) - 60);
        moved.Reviewed.Count.ShouldBe(doubted.Length);
    }

    /// <summary>How far the expected number of true pairs among the compared is off, among pairs nobody looked at and those looked at.</summary>
    private static double Off(LinkageOutcome outcome, string[] entities) =>
        Math.Abs(outcome.Pairs.Sum(p => p.Probability - (entities[p.Left] == entities[p.Right] ? 1 : 0)));

    private static ReviewedPair[] Answer(IReadOnlyList<LinkedPair> pairs, string[] entities) =>
        [.. pairs.Select(p => new ReviewedPair(p.Left, p.Right, entities[p.Left] == entities[p.Right]))];

    private static (Linker, string[]) Open(int seed, int persons, double repeats, double errors, bool onlyFrequent)
    {
        var (table, entities) = People.Make(seed, persons, repeats, errors, 1, rich: !onlyFrequent);
        return (Linker.Open(new LinkageRequest(table, null, Tables.Knowledge) { Threads = 2 }, null, TestContext.Current.CancellationToken).Value, entities);
    }
}
