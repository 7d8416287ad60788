using Shouldly;
using Xunit;

namespace Waymark.Rules.Tests;

/// <summary>The golden scenarios and the known conflicts of the catalogue, and the tests that each pack carries, decided as written.</summary>
public sealed class GoldenTests
{
    private static readonly Lazy<IReadOnlyList<ScenarioResult>> Results = new(() => ScenarioRunner.Run(CataloguePacks.Library));

    private static readonly RulePack Golden = CataloguePacks.Library.Find("golden")!;

    [Fact]
    public void Every_scenario_of_every_pack_comes_out_as_written()
    {
        Results.Value.Count.ShouldBeGreaterThan(700);
        Results.Value.Where(result => !result.IsOk).Select(result => $"{result.Scenario.Id}: {string.Join(" ", result.Faults.Select(fault => fault.In("en")))}").ShouldBeEmpty();
    }

    [Fact]
    public void The_thirty_golden_scenarios_and_the_ten_conflicts_are_all_there()
    {
        Golden.Scenarios.Where(scenario => scenario.Id.StartsWith("GOLD-", StringComparison.Ordinal)).Select(scenario => scenario.Id[5..7]).Distinct(StringComparer.Ordinal)
            .ShouldBe(Enumerable.Range(1, 30).Select(number => $"{number:00}"));
        Golden.Scenarios.Count(scenario => scenario.Id.StartsWith("GOLD-", StringComparison.Ordinal)).ShouldBeGreaterThanOrEqualTo(34);
        Golden.Scenarios.Where(scenario => scenario.Id.StartsWith("CONFLICT-", StringComparison.Ordinal)).Select(scenario => scenario.Id[9..11]).Distinct(StringComparer.Ordinal)
            .ShouldBe(Enumerable.Range(1, 10).Select(number => $"{number:00}"));
        Golden.Scenarios.ShouldAllBe(scenario => scenario.Text.Count == 2);
    }

    [Fact]
    public void Every_rule_fires_in_a_test_of_its_pack_and_every_prohibition_and_permission_also_stays_silent_in_one()
    {
        foreach (var pack in CataloguePacks.Library.Packs)
        {
            var results = Results.Value.Where(result => result.Pack == pack).ToList();
            foreach (var rule in pack.Rules)
            {
                results.Any(result => Fires(result, rule)).ShouldBeTrue($"{rule.Id} fires in no test of {pack.Id}");
                if (rule.Kind is RuleKind.Prohibition or RuleKind.Permission)
                {
                    results.Any(result => result.Scenario.Id.StartsWith(rule.Id + "-", StringComparison.Ordinal) && !Fires(result, rule)).ShouldBeTrue($"{rule.Id} has no opposite case");
                }
            }
        }
    }

    [Fact]
    public void A_prohibition_fires_because_its_condition_is_true_and_not_for_want_of_facts()
    {
        foreach (var result in Results.Value.Where(result => result.Scenario.Id.EndsWith("-DENIES", StringComparison.Ordinal)))
        {
            var id = result.Scenario.Id[..^"-DENIES".Length];
            result.Explanation!.Packs.SelectMany(pack => pack.Rules).Single(answer => answer.Rule.Id == id).Role.ShouldBe(RuleRole.Forbids, id);
        }
    }

    [Fact]
    public void GOLD_07_The_ICRC_rule_is_satisfied_by_consent_and_the_floor_denies_all_the_same()
    {
        var answer = Answer("GOLD-07a");
        answer.Packs.Single(pack => pack.Pack.Id == "icrc").Outcome.ShouldBe(PackOutcome.Permits);
        answer.Packs.Single(pack => pack.Pack.IsFloor).Outcome.ShouldBe(PackOutcome.Denies);
        answer.Deciding.Select(pair => pair.Answer.Rule.Id).ShouldBe(["FLOOR-05"]);
    }

    [Theory]
    [InlineData("GOLD-30b", "UNHCR-16c")]
    [InlineData("GOLD-30b", "GDPR-19c")]
    [InlineData("CONFLICT-06a", "ICRC-12")]
    [InlineData("CONFLICT-06b", "C108-07")]
    [InlineData("CONFLICT-10a", "ICRC-15b")]
    [InlineData("CONFLICT-10b", "UNHCR-16c")]
    public void What_a_scenario_is_about_does_not_arise(string scenario, string rule)
    {
        var answer = Answer(scenario);
        answer.Deciding.Select(pair => pair.Answer.Rule.Id).Concat(answer.Duties.Select(duty => duty.Rule.Id)).ShouldNotContain(rule);
    }

    [Fact]
    public void GOLD_30_At_hour_eighty_the_notice_to_the_authority_is_late_and_at_hour_ten_it_is_not()
    {
        Answer("GOLD-30a").Duties.Single(duty => duty.Rule.Id == "GDPR-19").IsLate.ShouldBeTrue();
        Answer("GOLD-30b").Duties.Single(duty => duty.Rule.Id == "GDPR-19").IsLate.ShouldBeFalse();
    }

    [Fact]
    public void R12_R53_The_same_request_has_the_same_answer_whatever_the_migration_status()
    {
        var category = CataloguePacks.Library.Vocabulary!.Find("subject.category")!;
        var (regular, irregular) = (Set(category, "migrant-regular"), Set(category, "migrant-irregular"));
        var compared = 0;
        foreach (var result in Results.Value.Where(result => result.Scenario.Given.Contains((category, regular))))
        {
            var set = result.Explanation!.Set;
            var facts = ScenarioRunner.Facts(CataloguePacks.Library.Vocabulary!, result.Scenario);
            facts.Set(category, irregular);
            var other = set.Explain(facts);
            other.Decision.ShouldBe(result.Explanation.Decision, result.Scenario.Id);
            other.Deciding.Select(pair => pair.Answer.Rule.Id).ShouldBe(result.Explanation.Deciding.Select(pair => pair.Answer.Rule.Id), result.Scenario.Id);
            compared++;
        }

        compared.ShouldBeGreaterThan(200);
    }

    [Fact]
    public void Leaving_any_fact_out_never_turns_a_deny_into_a_permit()
    {
        foreach (var result in Results.Value.Where(result => !result.Scenario.ExpectsPermit))
        {
            foreach (var left in result.Scenario.Given)
            {
                var facts = new RequestFacts(CataloguePacks.Library.Vocabulary!);
                foreach (var (fact, value) in result.Scenario.Given.Where(pair => pair != left))
                {
                    facts.Set(fact, value);
                }

                result.Explanation!.Set.Explain(facts).Decision.IsPermit.ShouldBeFalse($"{result.Scenario.Id} without {left.Fact}");
            }
        }
    }

    private static bool Fires(ScenarioResult result, Rule rule)
    {
        var answer = result.Explanation!;
        return rule.Kind switch
        {
            RuleKind.Duty => answer.Duties.Any(duty => duty.Rule == rule),
            RuleKind.Derogation => Suspends(result, rule),
            _ => answer.Packs.SelectMany(pack => pack.Rules).Any(known => known.Rule == rule && known.Role is not (RuleRole.Considered or RuleRole.Suspended)),
        };
    }

    /// <summary>The exception was invoked, and without it something else stands in the way or must be done.</summary>
    private static bool Suspends(ScenarioResult result, Rule rule)
    {
        var vocabulary = CataloguePacks.Library.Vocabulary!;
        var facts = ScenarioRunner.Facts(vocabulary, result.Scenario);
        if (facts[vocabulary.Find("derogation.rule")!]?.Text != rule.Id)
        {
            return false;
        }

        facts.Remove(vocabulary.Find("derogation.rule")!);
        var (with, without) = (result.Explanation!, result.Explanation!.Set.Explain(facts));
        return with.Decision != without.Decision || !with.Duties.Select(duty => duty.Rule.Id).SequenceEqual(without.Duties.Select(duty => duty.Rule.Id), StringComparer.Ordinal);
    }

    private static Explanation Answer(string scenario) => Results.Value.Single(result => result.Scenario.Id == scenario).Explanation!;

    private static Value Set(Fact fact, string code) => Value.Of([fact.Codes!.Find(code)!]);
}
