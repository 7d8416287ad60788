using Waymark.Rules;

namespace Waymark.Protection.Domain;

/// <summary>
/// The rules that decide at this moment. Where a pack in the folder is another version than the adopted one, the adopted version goes on deciding until the newer is
/// adopted itself; what the newer forbids or obliges counts beside it at once, and so does what every version in between forbade that was here and that nobody adopted.
/// So a version that nobody adopted takes nothing away, and grants nothing.
/// </summary>
/// <param name="Standing">The packs with every adopted version in its place.</param>
/// <param name="Waiting">The packs of the folder, when they differ, and those of earlier starts that nobody adopted.</param>
/// <param name="Lost">Packs whose adopted version can no longer be read: nothing is permitted while there is one.</param>
internal sealed record RulesInForce(RulePackSet Standing, IReadOnlyList<RulePackSet> Waiting, IReadOnlyList<string> Lost)
{
    /// <summary>The decision with its reasons: those of the rules that deny, else those of the standing ones.</summary>
    public StandingExplanation Explain(RequestFacts facts, Func<RulePackSet, ExplainOptions> options)
    {
        var stands = Standing.Explain(facts, options(Standing));
        var beside = new List<Explanation>();
        foreach (var waiting in stands.Decision.IsPermit ? Waiting : [])
        {
            var waits = waiting.Explain(facts, options(waiting));
            if (!waits.Decision.IsPermit)
            {
                return new(waits, []);
            }

            beside.Add(waits);
        }

        return new(stands, beside);
    }

    public bool IsPermit(RequestFacts facts) => Lost.Count == 0 && Standing.Decide(facts).IsPermit && Waiting.All(waiting => waiting.Decide(facts).IsPermit);
}

/// <summary>What decided, and what the versions that wait oblige to beside it.</summary>
internal sealed record StandingExplanation(Explanation Explanation, IReadOnlyList<Explanation> Beside)
{
    public IEnumerable<DutyAnswer> Duties => Explanation.Duties.Concat(Beside.SelectMany(waits => waits.Duties)).DistinctBy(duty => (duty.Rule.Id, duty.Duty.Id));

    public HashSet<string> Masked => Explanation.MaskedFields.Concat(Beside.SelectMany(waits => waits.MaskedFields)).Select(code => code.Id).ToHashSet(StringComparer.Ordinal);
}
