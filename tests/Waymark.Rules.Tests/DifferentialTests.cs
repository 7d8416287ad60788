using System.Text.Json.Nodes;
using Shouldly;
using Waymark.Rules.Reference;
using Xunit;

namespace Waymark.Rules.Tests;

/// <summary>The engine and the plain interpreter answer alike: on generated requests over the sample packs, over generated packs, and over the packs that ship.</summary>
public sealed class DifferentialTests
{
    [Fact]
    public void Engine_and_plain_interpreter_decide_alike()
    {
        const int Seed = 20_261_121;
        var count = LongRun.Is ? 10_000_000 : 60_000;
        var permits = Compare(Sample.Standard, count, Seed);
        LongRun.Report("rules-differential", Seed, new JsonObject { ["requests"] = count, ["permits"] = permits, ["differences"] = 0 });
        permits.ShouldBeInRange(count / 2_000, count / 2);
    }

    [Fact]
    public void Engine_and_plain_interpreter_decide_alike_on_generated_packs()
    {
        var (packs, requests) = LongRun.Is ? (500, 2_000) : (40, 1_000);
        var permits = 0;
        for (var seed = 1; seed <= packs; seed++)
        {
            permits += Compare(GeneratedPacks.Make(seed), requests, seed);
        }

        LongRun.Report("rules-differential-generated", packs, new JsonObject { ["sets of packs, one seed each"] = packs, ["requests each"] = requests, ["permits"] = permits, ["differences"] = 0 });
        permits.ShouldBeGreaterThan(packs);
    }

    [Fact]
    public void Engine_and_plain_interpreter_decide_alike_on_the_packs_that_ship()
    {
        // Each scenario of the packs with up to three of its facts changed or taken away: near permits and denies, where the rules matter.
        const int Seed = 266;
        var library = CataloguePacks.Library;
        var random = new Random(Seed);
        var changed = new Requests(library, Seed);
        var other = new RequestFacts(library.Vocabulary!);
        var (count, permits) = (0, 0);
        foreach (var group in library.Packs.SelectMany(pack => pack.Scenarios.Select(scenario => (Packs: ScenarioRunner.PacksOf(library, pack, scenario), Scenario: scenario)))
            .GroupBy(pair => string.Join(' ', pair.Packs.Select(pack => pack.Id)), StringComparer.Ordinal))
        {
            var packs = group.First().Packs;
            var set = RulePackSet.Compile(library.Vocabulary!, packs).Value;
            var reference = new ReferenceInterpreter(library.Vocabulary!, packs);
            foreach (var (_, scenario) in group)
            {
                for (var i = 0; i < (LongRun.Is ? 400 : 3); i++, count++)
                {
                    var facts = ScenarioRunner.Facts(library.Vocabulary!, scenario);
                    changed.Next(other);
                    var values = other.All.ToList();
                    for (var steps = random.Next(4); steps > 0 && values.Count > 0; steps--)
                    {
                        var (fact, value) = values[random.Next(values.Count)];
                        if (random.Next(3) == 0)
                        {
                            facts.Remove(scenario.Given[random.Next(scenario.Given.Count)].Fact);
                        }
                        else
                        {
                            facts.Set(fact, value);
                        }
                    }

                    permits += Same(set, reference, facts, () => $"{scenario.Id}, change {i}") ? 1 : 0;
                }
            }
        }

        LongRun.Report("rules-differential-shipped", Seed, new JsonObject { ["rules"] = CataloguePacks.Rules.Count(), ["requests"] = count, ["permits"] = permits, ["differences"] = 0 });
        permits.ShouldBeGreaterThan(count / 20);
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
            var at = i;
            permits += Same(set, reference, facts, () => $"request {at} of seed {seed}") ? 1 : 0;
        }

        return permits;
    }

    /// <summary>Decision, explanation and plain interpretation agree in effect, ground, every rule's part, duties, derogations and missing facts. Answers whether it is a permit.</summary>
    private static bool Same(RulePackSet set, ReferenceInterpreter reference, RequestFacts facts, Func<string> which)
    {
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
        if (!same)
        {
            Assert.Fail($"{which()}: {string.Join(", ", facts.All.Select(pair => $"{pair.Fact} = {pair.Value.ToText(pair.Fact)}"))}\nengine {explained.Decision}, plain {plain}\n" +
                $"{string.Join(", ", answers.Select(answer => $"{answer.Rule.Id} {answer.Role}"))}; missing {string.Join(", ", explained.Missing)}; duties {string.Join(", ", explained.Duties)}");
        }

        return quick.IsPermit;
    }
}
