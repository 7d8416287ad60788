namespace Waymark.Rules.Analysis;

/// <summary>The outcomes of a pack in order of leniency.</summary>
[Flags]
internal enum Outcomes : byte
{
    None = 0,
    Denies = 1,
    Abstains = 2,
    Permits = 4,
}

/// <summary>What a pack, or a set of them, may still answer while facts are free.</summary>
internal static class PackPossibilities
{
    /// <summary>A pack that is not selected counts as abstaining.</summary>
    public static Outcomes Of(RulePack pack, OpenFacts facts)
    {
        var applies = pack.IsFloor ? Possible.True : facts.Of(pack.Applies);
        var result = (applies & Possible.False) != Possible.None ? Outcomes.Abstains : Outcomes.None;
        if ((applies & (Possible.True | Possible.Unknown)) == Possible.None)
        {
            return result;
        }

        var selected = Selected(pack, facts);
        result |= (applies & Possible.True) != Possible.None ? selected : selected & Outcomes.Denies;

        // What is selected for lack of a fact stands in the way, but cannot be the one that grants.
        var stays = (applies & Possible.Unknown) != Possible.None && (selected & ~Outcomes.Denies) != Outcomes.None;
        return result | (stays ? Outcomes.Abstains : Outcomes.None);
    }

    private static Outcomes Selected(RulePack pack, OpenFacts facts)
    {
        var result = Outcomes.None;
        var (mayStop, mustStop) = (false, false);
        var (mayGrant, mustGrant, mayBeAsked, mustBeAsked) = (false, false, false, false);
        foreach (var rule in pack.Rules)
        {
            switch (rule.Kind)
            {
                case RuleKind.Prohibition or RuleKind.Precondition:
                    var stands = Stands(rule, facts);
                    var suspended = pack.Rules.Where(other => other.Kind == RuleKind.Derogation && other.Suspends.Contains(rule.Id))
                        .Any(other => (OpenFacts.And(facts.InScope(other), facts.Of(other.When)) & Possible.True) != Possible.None);
                    mayStop |= (stands & Possible.True) != Possible.None;
                    mustStop |= stands == Possible.True && !suspended;
                    break;
                case RuleKind.Permission:
                    var scope = facts.InScope(rule);
                    var grants = OpenFacts.And(scope, facts.Of(rule.When));
                    mayGrant |= (grants & Possible.True) != Possible.None;
                    mustGrant |= grants == Possible.True;
                    mayBeAsked |= (scope & Possible.True) != Possible.None;
                    mustBeAsked |= scope == Possible.True;
                    break;
            }
        }

        if (mayStop || (!mustGrant && (!pack.IsConstraints || mayBeAsked)))
        {
            result |= Outcomes.Denies;
        }

        if (!mustStop)
        {
            // A pack of constraints is satisfied by its permission and grants nothing by it.
            result |= !mayGrant ? Outcomes.None : pack.IsConstraints ? Outcomes.Abstains : Outcomes.Permits;
            result |= pack.IsConstraints && !mustBeAsked ? Outcomes.Abstains : Outcomes.None;
        }

        return result;
    }

    /// <summary>True when the set may still permit: no pack surely denies and one may grant.</summary>
    public static bool MayPermit(RulePackSet set, OpenFacts facts)
    {
        var grants = false;
        foreach (var pack in set.Packs)
        {
            var outcomes = Of(pack, facts);
            if ((outcomes & ~Outcomes.Denies) == Outcomes.None)
            {
                return false;
            }

            grants |= (outcomes & Outcomes.Permits) != Outcomes.None;
        }

        return grants;
    }

    /// <summary>True: it stands in the way; false: it does not.</summary>
    private static Possible Stands(Rule rule, OpenFacts facts)
    {
        var scope = facts.InScope(rule);
        var when = facts.Of(rule.When);
        var raised = ((when & (Possible.True | Possible.Unknown)) != Possible.None ? Possible.True : Possible.None) | (when & Possible.False);
        var stands = OpenFacts.And(scope, raised);
        if (rule.Kind == RuleKind.Precondition)
        {
            var require = facts.Of(rule.Require);
            stands = OpenFacts.And(stands, ((require & (Possible.False | Possible.Unknown)) != Possible.None ? Possible.True : Possible.None) | ((require & Possible.True) != Possible.None ? Possible.False : Possible.None));
        }

        return stands;
    }
}
