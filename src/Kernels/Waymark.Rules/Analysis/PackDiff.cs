using Waymark.Rules.Language;

namespace Waymark.Rules.Analysis;

/// <summary>How a new version of a pack stands to the old one.</summary>
public enum DiffVerdict
{
    /// <summary>No decision changes.</summary>
    Same,

    /// <summary>Decisions change, none from deny to permit.</summary>
    Tightens,

    /// <summary>Some request that was denied is no longer: signature, two persons and a notice are needed.</summary>
    Loosens,

    /// <summary>Neither could be shown; to be treated as loosening.</summary>
    Undecided,
}

/// <summary>A request on which the two versions differ.</summary>
public sealed record ChangedDecision(RequestFacts Facts, string Before, string After)
{
    /// <summary>One line: how the pack decided before and after, and the facts of the request.</summary>
    public override string ToString() => $"{Before} → {After}: {string.Join("; ", Facts.All.Select(pair => $"{pair.Fact} = {pair.Value.ToText(pair.Fact)}"))}";
}

/// <summary>
/// Two versions of one pack compared by what they decide. The comparison is of the pack alone (denies, does not object, permits): when no pack becomes more
/// lenient, no conjunction does.
/// </summary>
/// <param name="Verdict">The verdict; everything but <see cref="DiffVerdict.Same"/> and <see cref="DiffVerdict.Tightens"/> must be refused without signature.</param>
/// <param name="Added">Ids of rules only the new version has.</param>
/// <param name="Removed">Ids of rules only the old one has.</param>
/// <param name="Changed">Ids of rules whose effect is written differently.</param>
/// <param name="Loosened">Requests that the new version no longer denies.</param>
/// <param name="Tightened">Requests that it denies and the old one did not.</param>
/// <param name="IsProved">True when every value was considered or the kind of edit alone decides.</param>
public sealed record PackDiff(
    DiffVerdict Verdict, IReadOnlyList<string> Added, IReadOnlyList<string> Removed, IReadOnlyList<string> Changed, IReadOnlyList<ChangedDecision> Loosened,
    IReadOnlyList<ChangedDecision> Tightened, bool IsProved)
{
    private const int MostSteps = 40_000;

    private const int MostShown = 5;

    /// <summary>True when the new version may take the place of the old without signature.</summary>
    public bool MayReplace => Verdict is DiffVerdict.Same or DiffVerdict.Tightens;

    /// <summary>Compares two versions read with the same vocabulary; null stands for a pack that is not there.</summary>
    public static PackDiff Compare(Vocabulary vocabulary, RulePack? before, RulePack? after, CancellationToken cancellation = default)
    {
        var (old, @new) = (Written(before), Written(after));
        var added = @new.Keys.Except(old.Keys, StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
        var removed = old.Keys.Except(@new.Keys, StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
        var changed = old.Keys.Intersect(@new.Keys, StringComparer.Ordinal).Where(id => old[id] != @new[id]).Order(StringComparer.Ordinal).ToList();
        if (before is null)
        {
            // A further pack in the conjunction can only take permits away, unless it is the one that grants where all others abstain.
            var grants = !after!.IsConstraints && after.Rules.Any(rule => rule.Kind == RuleKind.Permission);
            return new(grants ? DiffVerdict.Undecided : DiffVerdict.Tightens, added, removed, changed, [], [], !grants);
        }

        if (after is null)
        {
            return new(DiffVerdict.Loosens, added, removed, changed, [], [], true);
        }

        var sameFrame = before.IsConstraints == after.IsConstraints && before.IsFloor == after.IsFloor && ConditionText.Of(before.Applies) == ConditionText.Of(after.Applies);
        if (sameFrame && removed.Count == 0 && changed.Count == 0)
        {
            if (added.Count == 0)
            {
                return new(DiffVerdict.Same, added, removed, changed, [], [], true);
            }

            if (after.Rules.Where(rule => added.Contains(rule.Id)).All(rule => rule.Kind is RuleKind.Prohibition or RuleKind.Precondition or RuleKind.Duty))
            {
                return new(DiffVerdict.Tightens, added, removed, changed, [], [], true);
            }
        }

        return Searched(vocabulary, before, after, added, removed, changed, cancellation);
    }

    private static PackDiff Searched(Vocabulary vocabulary, RulePack before, RulePack after, List<string> added, List<string> removed, List<string> changed, CancellationToken cancellation)
    {
        var domains = new Domains(vocabulary, [before.Applies, after.Applies, .. before.Rules.Concat(after.Rules).SelectMany(rule => new[] { rule.When, rule.Require })], [.. before.Rules, .. after.Rules]);
        var edited = before.Rules.Where(rule => removed.Contains(rule.Id) || changed.Contains(rule.Id)).Concat(after.Rules.Where(rule => added.Contains(rule.Id) || changed.Contains(rule.Id))).ToList();
        var frame = before.IsConstraints != after.IsConstraints || ConditionText.Of(before.Applies) != ConditionText.Of(after.Applies);
        bool Matters(OpenFacts open) => frame || edited.Exists(rule => (OpenFacts.And(open.InScope(rule), open.Of(rule.When)) & ~Possible.False) != Possible.None);
        var (loosened, first) = Moves(vocabulary, domains, before, after, Matters, cancellation);
        var (tightened, second) = Moves(vocabulary, domains, after, before, Matters, cancellation);
        var lostDuty = removed.Concat(changed).Any(id => before.Find(id)?.Kind == RuleKind.Duty);
        var cut = first || second;
        var verdict = loosened.Count > 0 || lostDuty ? DiffVerdict.Loosens
            : first || !domains.IsExact ? DiffVerdict.Undecided
            : tightened.Count > 0 || cut || added.Count > 0 ? DiffVerdict.Tightens : DiffVerdict.Same;
        return new(verdict, added, removed, changed, [.. loosened.Select(facts => new ChangedDecision(facts, Name(before, facts), Name(after, facts)))],
            [.. tightened.Select(facts => new ChangedDecision(facts, Name(before, facts), Name(after, facts)))], verdict == DiffVerdict.Loosens || (domains.IsExact && !cut));
    }

    /// <summary>Requests on which <paramref name="right"/> is more lenient than <paramref name="left"/>.</summary>
    private static (IReadOnlyList<RequestFacts> Found, bool IsCutShort) Moves(Vocabulary vocabulary, Domains domains, RulePack left, RulePack right, Func<OpenFacts, bool> matters, CancellationToken cancellation)
    {
        var search = new Search(vocabulary, domains, MostSteps, cancellation);
        var found = search.Find(open => matters(open) && Highest(PackPossibilities.Of(right, open)) > Lowest(PackPossibilities.Of(left, open)),
            facts => Rank(right, facts) > Rank(left, facts), MostShown);
        return (found, search.IsCutShort);
    }

    private static int Highest(Outcomes outcomes) => (outcomes & Outcomes.Permits) != Outcomes.None ? 2 : (outcomes & Outcomes.Abstains) != Outcomes.None ? 1 : 0;

    private static int Lowest(Outcomes outcomes) => (outcomes & Outcomes.Denies) != Outcomes.None ? 0 : (outcomes & Outcomes.Abstains) != Outcomes.None ? 1 : 2;

    private static int Rank(RulePack pack, RequestFacts facts) => Highest(PackPossibilities.Of(pack, new OpenFacts(facts)));

    private static string Name(RulePack pack, RequestFacts facts) => Rank(pack, facts) switch { 2 => "permits", 1 => "does not object", _ => "denies" };

    private static Dictionary<string, string> Written(RulePack? pack) => (pack?.Rules ?? []).ToDictionary(rule => rule.Id, rule => string.Join('\n',
        rule.Kind, string.Join(';', rule.Scope.OrderBy(part => part.Fact.Index).Select(part => $"{part.Fact}:{string.Join(',', part.Codes.Order())}")),
        ConditionText.Of(rule.When), ConditionText.Of(rule.Require), string.Join(',', rule.Suspends.Order(StringComparer.Ordinal)),
        rule.Duty is { } duty ? $"{duty.Id} {duty.IsMandatory} {duty.Occasion} {duty.From} {duty.Within} {string.Join(',', duty.Mask.Select(code => code.Id))}" : ""), StringComparer.Ordinal);
}
