using Waymark.Rules.Engine;
using Waymark.Rules.Language;

namespace Waymark.Rules;

/// <summary>What an explanation may show, and how far it looks for a nearest permit.</summary>
/// <param name="Accepted">Duties the caller can carry out; null: all.</param>
/// <param name="MayRead">Which facts the asker may read; null: all. Others are never named as missing, failed or to be changed.</param>
/// <param name="MostChanges">The most facts that a nearest permit changes.</param>
/// <param name="MostAlternatives">The most nearest permits.</param>
public sealed record ExplainOptions(DutyAcceptance? Accepted = null, Func<Fact, bool>? MayRead = null, int MostChanges = 4, int MostAlternatives = 6)
{
    public static ExplainOptions Everything { get; } = new();

    internal bool Shows(Fact fact) => MayRead is null || MayRead(fact);
}

/// <summary>What one pack says.</summary>
public enum PackOutcome
{
    /// <summary>Its condition of application is surely false.</summary>
    NotSelected,

    /// <summary>Constraints only, and none of them stands in the way.</summary>
    Abstains,

    Permits,

    Denies,
}

/// <summary>What a rule does in one decision.</summary>
public enum RuleRole
{
    /// <summary>Its prohibition holds.</summary>
    Forbids,

    /// <summary>Its prohibition may hold: a fact is unknown.</summary>
    MayForbid,

    /// <summary>Its requirement is surely not met.</summary>
    Unmet,

    /// <summary>Whether its requirement applies or is met is unknown.</summary>
    MayBeUnmet,

    /// <summary>Its permission surely holds.</summary>
    Grants,

    /// <summary>A permission in scope whose condition is not surely true.</summary>
    Considered,

    /// <summary>It would stand in the way, and a derogation suspends it.</summary>
    Suspended,
}

/// <summary>A rule, what it did, and for what is not surely so the first part of its condition that is not true.</summary>
public readonly record struct RuleAnswer
{
    internal RuleAnswer(Rule rule, RuleRole role, Condition? failed) => (Rule, Role, FailedCondition) = (rule, role, failed);

    public Rule Rule { get; }

    public RuleRole Role { get; }

    /// <summary>The part of the condition on which it hangs, as packs write it; null when there is none.</summary>
    public string? Failed => FailedCondition is null ? null : ConditionText.Of(FailedCondition);

    internal Condition? FailedCondition { get; }
}

/// <summary>A duty that arises, with its clock.</summary>
/// <param name="Rule">The rule.</param>
/// <param name="Due">When it must be done; null without a clock, or when its beginning is unknown.</param>
/// <param name="IsLate">True when that moment has passed.</param>
/// <param name="IsUncertain">True when it is unknown whether the duty applies; it then does.</param>
public readonly record struct DutyAnswer(Rule Rule, DateTimeOffset? Due, bool IsLate, bool IsUncertain)
{
    public Duty Duty => Rule.Duty!;
}

/// <summary>What one pack said, with the rules that decided it.</summary>
public sealed record PackAnswer(RulePack Pack, PackOutcome Outcome, bool IsSelectionUncertain, IReadOnlyList<RuleAnswer> Rules);

/// <summary>
/// A decision with its reasons. It keeps the facts it was made from, so that texts and nearest permits may be asked for later; it never
/// changes. "Permitted" means permitted by these packs, not lawful.
/// </summary>
public sealed class Explanation
{
    private readonly Lazy<IReadOnlyList<NearestPermit>> _nearest;

    internal Explanation(
        RulePackSet set, RequestFacts request, ExplainOptions options, Decision decision, IReadOnlyList<PackAnswer> packs, IReadOnlyList<DutyAnswer> duties,
        IReadOnlyList<Rule> derogations, IReadOnlyList<Fact> missing)
    {
        (Set, Request, Options, Decision, Packs, Duties, Derogations, Missing) = (set, request, options, decision, packs, duties, derogations, missing);
        _nearest = new(() => decision.IsPermit ? [] : new NearestPermitSearch(set, request, options).Run(), LazyThreadSafetyMode.PublicationOnly);
    }

    public RulePackSet Set { get; }

    public Decision Decision { get; }

    public Effect Effect => Decision.Effect;

    /// <summary>Every pack of the set that was selected, the floor first.</summary>
    public IReadOnlyList<PackAnswer> Packs { get; }

    /// <summary>Duties of this outcome, with their clocks.</summary>
    public IReadOnlyList<DutyAnswer> Duties { get; }

    /// <summary>Derogations that suspended something.</summary>
    public IReadOnlyList<Rule> Derogations { get; }

    /// <summary>Facts that are unknown and on which a deny hangs, of those the asker may read.</summary>
    public IReadOnlyList<Fact> Missing { get; }

    /// <summary>Fields to hide from whoever got the permit.</summary>
    public IEnumerable<Code> MaskedFields => Duties.SelectMany(duty => duty.Duty.Mask).Distinct();

    /// <summary>The rules that decided: those that stand in the way of a deny, those that grant a permit.</summary>
    public IEnumerable<(RulePack Pack, RuleAnswer Answer)> Deciding => Packs
        .SelectMany(pack => pack.Rules.Where(rule => Decision.IsPermit ? rule.Role == RuleRole.Grants : rule.Role is RuleRole.Forbids or RuleRole.MayForbid or RuleRole.Unmet or RuleRole.MayBeUnmet)
        .Select(rule => (pack.Pack, rule)));

    /// <summary>Pre-conditions that are not surely met.</summary>
    public IEnumerable<Rule> Unmet => Packs.SelectMany(pack => pack.Rules).Where(rule => rule.Role is RuleRole.Unmet or RuleRole.MayBeUnmet).Select(rule => rule.Rule);

    /// <summary>The smallest sets of facts that would turn the deny into a permit; empty for a permit, or when there is none to name. Looked for when first asked.</summary>
    public IReadOnlyList<NearestPermit> NearestPermits => _nearest.Value;

    public ExplainOptions Options { get; }

    internal RequestFacts Request { get; }
}
