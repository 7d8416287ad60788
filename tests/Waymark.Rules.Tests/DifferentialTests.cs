using System.Globalization;
using Shouldly;
using Waymark.Rules.Reference;
using Xunit;

namespace Waymark.Rules.Tests;

/// <summary>The engine and the plain interpreter answer alike, on generated requests over the sample packs and over generated packs.</summary>
public sealed class DifferentialTests
{
    private static readonly bool s_long = Environment.GetEnvironmentVariable("WAYMARK_LONG") == "1";

    [Fact]
    public void Engine_and_plain_interpreter_decide_alike()
    {
        var count = s_long ? 10_000_000 : 60_000;
        var seed = 20_261_121;
        var permits = Compare(Sample.Standard, count, seed);
        TestContext.Current.TestOutputHelper?.WriteLine($"{count} requests, seed {seed}: {permits} permits, 0 differences");
        permits.ShouldBeInRange(count / 2_000, count / 2);
    }

    [Fact]
    public void Engine_and_plain_interpreter_decide_alike_on_generated_packs()
    {
        var (packs, requests) = s_long ? (500, 2_000) : (40, 1_000);
        var permits = 0;
        for (var seed = 1; seed <= packs; seed++)
        {
            permits += Compare(GeneratedPacks.Make(seed), requests, seed);
        }

        TestContext.Current.TestOutputHelper?.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{packs} generated sets of packs, {requests} requests each, seeds 1 to {packs}: {permits} permits, 0 differences"));
        permits.ShouldBeGreaterThan(packs);
    }

    internal static int Compare(RuleLibrary library, int count, int seed)
    {
        var set = RulePackSet.Compile(library.Vocabulary!, library.Packs).Value;
        var reference = new ReferenceInterpreter(library.Vocabulary!, library.Packs);
        var requests = new Requests(library, seed);
        var facts = set.NewRequest();
        var permits = 0;
        for (var i = 0; i < count; i++)
        {
            requests.Next(facts);
            var plain = reference.Decide(facts.All.ToDictionary(pair => pair.Fact, pair => pair.Value));
            var quick = set.Decide(facts);
            var explained = set.Explain(facts);
            var answers = explained.Packs.SelectMany(pack => pack.Rules).ToList();
            var same = quick.Ground == plain.Ground && quick.Effect == plain.Effect && explained.Decision == quick
                && answers.Where(answer => answer.Role is RuleRole.Forbids or RuleRole.MayForbid).Select(answer => answer.Rule.Id).SequenceEqual(plain.Forbidding)
                && answers.Where(answer => answer.Role is RuleRole.Unmet or RuleRole.MayBeUnmet).Select(answer => answer.Rule.Id).SequenceEqual(plain.Unmet)
                && answers.Where(answer => answer.Role == RuleRole.Grants).Select(answer => answer.Rule.Id).SequenceEqual(plain.Granting)
                && answers.Where(answer => answer.Role == RuleRole.Suspended).Select(answer => answer.Rule.Id).SequenceEqual(plain.Suspended)
                && explained.Duties.Select(duty => (duty.Rule.Id, duty.Due)).SequenceEqual(plain.Duties)
                && explained.Derogations.Select(rule => rule.Id).SequenceEqual(plain.Derogations)
                && explained.Missing.Select(fact => fact.Id).SequenceEqual(plain.Missing);
            same.ShouldBeTrue($"request {i} of seed {seed}: {string.Join(", ", facts.All.Select(pair => $"{pair.Fact} = {pair.Value.ToText(pair.Fact)}"))}\nengine {explained.Decision}, plain {plain}\n" +
                $"{string.Join(", ", answers.Select(answer => $"{answer.Rule.Id} {answer.Role}"))}; missing {string.Join(", ", explained.Missing)}; duties {string.Join(", ", explained.Duties)}");
            permits += quick.IsPermit ? 1 : 0;
        }

        return permits;
    }
}
