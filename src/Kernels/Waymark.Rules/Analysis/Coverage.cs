namespace Waymark.Rules.Analysis;

/// <summary>How the scenarios exercise one rule.</summary>
/// <param name="Pack">The pack.</param>
/// <param name="Rule">The rule.</param>
/// <param name="InEffect">Scenarios in which it forbade, was unmet, granted, obliged or suspended.</param>
/// <param name="InScope">Scenarios that had its scope, in effect or not.</param>
public sealed record RuleCoverage(RulePack Pack, Rule Rule, int InEffect, int InScope)
{
    public bool IsCovered => InEffect > 0;
}

/// <summary>Which rules the scenarios of all packs bring to bear.</summary>
public static class Coverage
{
    public static IReadOnlyList<RuleCoverage> Of(IReadOnlyList<ScenarioResult> results, IReadOnlyList<RulePack> packs)
    {
        var effect = new Dictionary<Rule, int>();
        var scope = new Dictionary<Rule, int>();
        foreach (var explanation in results.Select(result => result.Explanation).OfType<Explanation>())
        {
            var acting = explanation.Packs.SelectMany(pack => pack.Rules).Where(answer => answer.Role is not (RuleRole.Considered or RuleRole.Suspended)).Select(answer => answer.Rule)
                .Concat(explanation.Duties.Select(duty => duty.Rule)).Concat(explanation.Derogations);
            foreach (var rule in acting.Distinct())
            {
                effect[rule] = effect.GetValueOrDefault(rule) + 1;
            }

            var open = new OpenFacts(explanation.Request);
            foreach (var rule in explanation.Packs.SelectMany(pack => pack.Pack.Rules).Where(rule => open.InScope(rule) == Possible.True))
            {
                scope[rule] = scope.GetValueOrDefault(rule) + 1;
            }
        }

        return [.. packs.SelectMany(pack => pack.Rules.Select(rule => new RuleCoverage(pack, rule, effect.GetValueOrDefault(rule), scope.GetValueOrDefault(rule))))];
    }
}
