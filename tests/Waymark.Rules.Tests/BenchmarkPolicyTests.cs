using Shouldly;
using Waymark.Bench.Rules;
using Waymark.Rules.Reference;
using Xunit;

namespace Waymark.Rules.Tests;

/// <summary>The benchmark policy of the rule research, against a predicate written by hand and the plain interpreter.</summary>
public sealed class BenchmarkPolicyTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(10)]
    [InlineData(100)]
    public void The_engine_decides_the_benchmark_policy_as_a_predicate_written_by_hand(int families)
    {
        var set = BenchmarkSet.Compile(Path.Combine(Sample.Root, "packs"), families);
        set.Packs.Sum(pack => pack.Rules.Count).ShouldBe((families * 8) + 4);
        var allowed = 0;
        foreach (var request in BenchmarkPolicy.Requests(10_000))
        {
            var permit = set.Decide(BenchmarkSet.Facts(set, request, families)).IsPermit;
            permit.ShouldBe(BenchmarkPolicy.IsAllowed(request), request.ToString());
            allowed += permit ? 1 : 0;
        }

        // Cedar and node-casbin give the same number (bench: waymark-bench rules).
        allowed.ShouldBe(589);
    }

    [Fact]
    public void The_plain_interpreter_agrees_on_the_benchmark_policy()
    {
        var set = BenchmarkSet.Compile(Path.Combine(Sample.Root, "packs"), 10);
        var reference = new ReferenceInterpreter(set.Vocabulary, set.Packs);
        foreach (var request in BenchmarkPolicy.Requests(1_000, 7))
        {
            var facts = BenchmarkSet.Facts(set, request, 10);
            reference.Decide(facts.All.ToDictionary(pair => pair.Fact, pair => pair.Value)).Ground.ShouldBe(set.Decide(facts).Ground);
        }
    }
}
