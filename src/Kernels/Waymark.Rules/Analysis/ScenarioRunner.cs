using Waymark.Model;

namespace Waymark.Rules;

/// <summary>What became of one scenario; <see cref="Faults"/> is empty when it came out as written.</summary>
public sealed record ScenarioResult(RulePack Pack, Scenario Scenario, Explanation? Explanation, IReadOnlyList<LocalText> Faults)
{
    public bool IsOk => Faults.Count == 0;
}

/// <summary>Runs the scenarios that packs carry with themselves.</summary>
public static class ScenarioRunner
{
    /// <summary>All scenarios of the library, in the order of packs; each over the packs it names, or its own pack and the floor.</summary>
    public static IReadOnlyList<ScenarioResult> Run(RuleLibrary library)
    {
        var sets = new Dictionary<string, Result<RulePackSet>>(StringComparer.Ordinal);
        return [.. library.Packs.SelectMany(pack => pack.Scenarios.Select(scenario => Run(library, pack, scenario, sets)))];
    }

    /// <summary>The facts of a scenario.</summary>
    public static RequestFacts Facts(Vocabulary vocabulary, Scenario scenario)
    {
        var facts = new RequestFacts(vocabulary);
        foreach (var (fact, value) in scenario.Given)
        {
            facts.Set(fact, value);
        }

        return facts;
    }

    /// <summary>The packs a scenario is about.</summary>
    public static IReadOnlyList<RulePack> PacksOf(RuleLibrary library, RulePack pack, Scenario scenario) =>
        [.. library.Packs.Where(known => known.IsFloor || (scenario.Packs.Count == 0 ? known == pack : scenario.Packs.Contains(known.Id)))];

    private static ScenarioResult Run(RuleLibrary library, RulePack pack, Scenario scenario, Dictionary<string, Result<RulePackSet>> sets)
    {
        var packs = PacksOf(library, pack, scenario);
        var key = string.Join(' ', packs.Select(known => known.Id));
        if (!sets.TryGetValue(key, out var compiled))
        {
            sets[key] = compiled = RulePackSet.Compile(library.Vocabulary!, packs);
        }

        if (!compiled.IsOk)
        {
            return new(pack, scenario, null, [compiled.Error.Message]);
        }

        var explanation = compiled.Value.Explain(Facts(library.Vocabulary!, scenario));
        return new(pack, scenario, explanation, [.. Faults(scenario, explanation)]);
    }

    private static IEnumerable<LocalText> Faults(Scenario scenario, Explanation explanation)
    {
        if (explanation.Decision.IsPermit != scenario.ExpectsPermit)
        {
            var (expected, found) = (scenario.ExpectsPermit ? "permit" : "deny", explanation.Decision.IsPermit ? "permit" : "deny");
            var by = string.Join(", ", explanation.Deciding.Select(pair => pair.Answer.Rule.Id));
            yield return new($"Expected {expected}, found {found} ({explanation.Decision.Ground}{(by.Length > 0 ? ": " + by : "")}).",
                $"预期 {expected}，实际 {found}（{explanation.Decision.Ground}{(by.Length > 0 ? "：" + by : "")}）。");
        }

        foreach (var fault in Absent("by", scenario.By, explanation.Deciding.Select(pair => pair.Answer.Rule.Id)
            .Concat(explanation.Packs.SelectMany(pack => pack.Rules).Where(rule => rule.Role == RuleRole.Grants || (rule.Role == RuleRole.Considered && !scenario.ExpectsPermit)).Select(rule => rule.Rule.Id))
            .Concat(explanation.Duties.Select(duty => duty.Rule.Id)).Concat(explanation.Derogations.Select(rule => rule.Id)))
            .Concat(Absent("unmet", scenario.Unmet, explanation.Unmet.Select(rule => rule.Id)))
            .Concat(Absent("missing", scenario.Missing, explanation.Missing.Select(fact => fact.Id)))
            .Concat(Absent("duties", scenario.Duties, explanation.Duties.SelectMany(duty => new[] { duty.Rule.Id, duty.Duty.Id }))))
        {
            yield return fault;
        }
    }

    private static IEnumerable<LocalText> Absent(string what, IReadOnlyList<string> expected, IEnumerable<string> found)
    {
        var all = found.ToHashSet(StringComparer.Ordinal);
        return expected.Where(id => !all.Contains(id)).Select(id => new LocalText($"{what}: {id} is not among {Shown(all)}.", $"{what}：{id} 不在 {Shown(all)} 之中。"));
    }

    private static string Shown(HashSet<string> ids) => ids.Count == 0 ? "[]" : $"[{string.Join(", ", ids.Order(StringComparer.Ordinal))}]";
}
