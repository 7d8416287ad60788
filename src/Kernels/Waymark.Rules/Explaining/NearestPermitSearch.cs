using Waymark.Rules.Language;

namespace Waymark.Rules.Engine;

/// <summary>
/// Looks for the smallest changes of facts that turn a deny into a permit. It removes what stands in the way one by one, trying fewer changes
/// before more; every answer is decided again, and again without each of its changes. Facts of scope, of the floor, of the clock, and those the
/// asker may not read are never touched; what the floor forbids is lifted only by the person's own choice.
/// </summary>
internal sealed class NearestPermitSearch(RulePackSet set, RequestFacts request, ExplainOptions options)
{
    private const int MostSteps = 3_000;

    private readonly RuleTable _table = set.Table;
    private readonly List<Repair[]> _found = [];
    private readonly HashSet<string> _tried = new(StringComparer.Ordinal);
    private int _steps;

    public IReadOnlyList<NearestPermit> Run()
    {
        if (Decider.IsMalformed(set.Vocabulary, request) || set.IsBroken(request))
        {
            return [];
        }

        for (var most = 1; most <= options.MostChanges && _found.Count < options.MostAlternatives && _steps < MostSteps; most++)
        {
            _tried.Clear();
            Search([], most);
        }

        return [.. _found.Select(way => new NearestPermit([.. way.OrderBy(repair => repair.Fact.Index)
            .Select(repair => new FactChange(repair.Fact, repair.Fact.IsChoice ? null : repair.Needed))]))
            .DistinctBy(permit => string.Join('|', permit.Changes.Select(change => change.Needed ?? change.Fact.Id)))];
    }

    private void Search(Repair[] sofar, int most)
    {
        if (_found.Count >= options.MostAlternatives || ++_steps > MostSteps || !_tried.Add(Key(sofar))
            || _found.Exists(found => found.All(repair => Array.Exists(sofar, other => other.Fact == repair.Fact && other.Value == repair.Value))))
        {
            return;
        }

        var facts = Changed(sofar);
        if (set.Decide(facts, options.Accepted).IsPermit)
        {
            if (IsSmallest(sofar))
            {
                _found.Add(sofar);
            }

            return;
        }

        if (sofar.Length >= most)
        {
            return;
        }

        foreach (var way in Obstacle(facts, sofar))
        {
            if (Repairs.Join(sofar, way) is { } next && next.Length <= most && next.Length > sofar.Length)
            {
                Search(next, most);
            }
        }
    }

    private static string Key(Repair[] repairs) => string.Join('|', repairs.Select(repair => $"{repair.Fact.Index}={repair.Value.Number}{repair.Value.Text}").Order(StringComparer.Ordinal));

    private RequestFacts Changed(IEnumerable<Repair> repairs)
    {
        var facts = request.Copy();
        foreach (var repair in repairs)
        {
            facts.Set(repair.Fact, repair.Value);
        }

        return facts;
    }

    private bool IsSmallest(Repair[] repairs) =>
        repairs.All(left => !set.Decide(Changed(repairs.Where(repair => repair != left)), options.Accepted).IsPermit);

    /// <summary>The ways around the first thing that stands in the way.</summary>
    private IEnumerable<Repair[]> Obstacle(RequestFacts facts, Repair[] sofar)
    {
        var explained = new Explainer(set, facts, options with { MayRead = null }).Run();
        foreach (var pack in explained.Packs)
        {
            var repairs = new Repairs(facts, fact => MayChange(fact, pack.Pack) && !Array.Exists(sofar, repair => repair.Fact == fact));
            foreach (var answer in pack.Rules)
            {
                switch (answer.Role)
                {
                    case RuleRole.Forbids or RuleRole.MayForbid:
                        return repairs.Ways(answer.Rule.When, false);
                    case RuleRole.Unmet or RuleRole.MayBeUnmet:
                        return repairs.Ways(answer.Rule.Require, true).Concat(repairs.Ways(answer.Rule.When, false));
                }
            }
        }

        foreach (var pack in explained.Packs.Where(pack => pack.Outcome == PackOutcome.Denies || (pack.Outcome == PackOutcome.Abstains && explained.Packs.All(other => other.Outcome == PackOutcome.Abstains))))
        {
            var repairs = new Repairs(facts, fact => MayChange(fact, pack.Pack) && !Array.Exists(sofar, repair => repair.Fact == fact));
            return pack.Rules.Where(answer => answer.Role == RuleRole.Considered).SelectMany(answer => repairs.Ways(answer.Rule.When, true)).OrderBy(way => way.Length);
        }

        return [];
    }

    private bool MayChange(Fact fact, RulePack because) => !fact.IsScope && !fact.IsFloor && fact != _table.Vocabulary.Time && options.Shows(fact)
        && (!because.IsFloor || fact.IsChoice);
}
