using Waymark.Rules.Language;

namespace Waymark.Rules.Analysis;

/// <summary>A rule that no request can bring to bear.</summary>
/// <param name="Rule">The rule.</param>
/// <param name="Reason">never-true: its condition contradicts itself; always-forbidden: whatever it permits, the pack forbids.</param>
/// <param name="IsProved">False when the search was cut short or values were only sampled.</param>
public sealed record DeadRule(Rule Rule, string Reason, bool IsProved);

/// <summary>A combination of scope codes and what the packs have to say about it.</summary>
/// <param name="Codes">One code per asked fact, in the order asked.</param>
/// <param name="HasRules">True when some rule has the combination in its scope.</param>
/// <param name="HasPermissions">True when some permission has.</param>
public sealed record Gap(IReadOnlyList<Code> Codes, bool HasRules, bool HasPermissions);

/// <summary>What can be said about packs without a request.</summary>
public static class PackAnalysis
{
    private const int MostSteps = 20_000;

    /// <summary>Rules that can never matter, and permissions that contradict the pack's own prohibitions.</summary>
    public static IReadOnlyList<DeadRule> DeadRules(Vocabulary vocabulary, RulePack pack, CancellationToken cancellation = default)
    {
        var dead = new List<DeadRule>();
        foreach (var rule in pack.Rules)
        {
            var matters = rule.Kind is RuleKind.Permission or RuleKind.Derogation
                ? Exists(vocabulary, [rule.When], [], open => (open.Of(rule.When) & Possible.True) != Possible.None, facts => Tree.Evaluate(rule.When, facts) == Truth.True, cancellation)
                : Exists(vocabulary, [rule.When], [], open => (open.Of(rule.When) & (Possible.True | Possible.Unknown)) != Possible.None, facts => Tree.Evaluate(rule.When, facts) != Truth.False, cancellation);
            if (matters.Found == false)
            {
                dead.Add(new(rule, "never-true", matters.IsProved));
            }
            else if (rule.Kind == RuleKind.Permission && AlwaysForbidden(vocabulary, pack, rule, cancellation) is { Found: false } forbidden)
            {
                dead.Add(new(rule, "always-forbidden", forbidden.IsProved));
            }
        }

        return dead;
    }

    /// <summary>Every combination of codes of these scope facts that no rule, or no permission, has in its scope.</summary>
    public static IReadOnlyList<Gap> Gaps(IReadOnlyList<RulePack> packs, IReadOnlyList<Fact> facts)
    {
        var rules = packs.SelectMany(pack => pack.Rules).ToList();
        IEnumerable<IReadOnlyList<Code>> combinations = [[]];
        foreach (var fact in facts)
        {
            combinations = combinations.SelectMany(sofar => fact.Codes!.Codes.Select(code => (IReadOnlyList<Code>)[.. sofar, code])).ToList();
        }

        return [.. combinations.Select(codes => new Gap(codes, rules.Any(rule => Has(rule, facts, codes)), rules.Any(rule => rule.Kind == RuleKind.Permission && Has(rule, facts, codes))))
            .Where(gap => !gap.HasPermissions)];
    }

    private static bool Has(Rule rule, IReadOnlyList<Fact> facts, IReadOnlyList<Code> codes)
    {
        foreach (var (fact, named) in rule.Scope)
        {
            for (var i = 0; i < facts.Count; i++)
            {
                if (facts[i] == fact && !named.Contains(codes[i].Index))
                {
                    return false;
                }
            }
        }

        return true;
    }

    private static (bool? Found, bool IsProved) AlwaysForbidden(Vocabulary vocabulary, RulePack pack, Rule rule, CancellationToken cancellation)
    {
        var against = pack.Rules.Where(other => other.Kind == RuleKind.Prohibition).ToList();
        if (against.Count == 0)
        {
            return (true, true);
        }

        bool MayBe(OpenFacts open) => (OpenFacts.And(open.InScope(rule), open.Of(rule.When)) & Possible.True) != Possible.None
            && against.All(other => OpenFacts.And(open.InScope(other), open.Of(other.When)) != Possible.True);
        return Exists(vocabulary, [rule.When, .. against.Select(other => other.When)], [rule, .. against], MayBe,
            facts => MayBe(new OpenFacts(facts)) && against.All(other => OpenFacts.And(new OpenFacts(facts).InScope(other), new OpenFacts(facts).Of(other.When)) == Possible.False), cancellation);
    }

    /// <summary>Found: true when there is one, false when there is none, null when the search was cut short.</summary>
    private static (bool? Found, bool IsProved) Exists(Vocabulary vocabulary, IReadOnlyList<Condition> conditions, IReadOnlyList<Rule> rules, Func<OpenFacts, bool> mayBe, Func<RequestFacts, bool> isThere, CancellationToken cancellation)
    {
        var domains = new Domains(vocabulary, conditions, rules);
        var search = new Search(vocabulary, domains, MostSteps, cancellation);
        var found = search.Find(mayBe, isThere, 1).Count > 0;
        return (found ? true : search.IsCutShort ? null : false, domains.IsExact && !search.IsCutShort);
    }
}
