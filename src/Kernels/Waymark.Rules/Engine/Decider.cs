using System.Numerics;

namespace Waymark.Rules.Engine;

/// <summary>The decision without reasons. Stops at the first ground for a deny; the order of grounds is that of <see cref="Ground"/>.</summary>
internal static class Decider
{
    public static Decision Decide(RulePackSet set, RequestFacts facts, DutyAcceptance? accepted)
    {
        if (IsMalformed(set.Vocabulary, facts))
        {
            return Decision.Deny(Ground.Malformed);
        }

        if (set.Broken.Count > 0 && set.IsBroken(facts))
        {
            return Decision.Deny(Ground.ProfileBroken);
        }

        var table = set.Table;
        Span<ulong> candidates = stackalloc ulong[table.Words];
        Candidates(table, facts, candidates);
        var (unmet, permits, grants) = (false, true, false);
        foreach (var pack in table.Packs)
        {
            var selection = pack.IsAlways ? Machine.True : table.Machine.Run(pack.Applies, facts);
            if (selection == Machine.False)
            {
                candidates[pack.FirstWord..pack.EndWord].Clear();
                continue;
            }

            if (Forbids(table, pack, facts, candidates))
            {
                return Decision.Deny(Ground.Prohibited);
            }

            unmet = unmet || Unmet(table, pack, facts, candidates);
            if (permits && !unmet)
            {
                var granted = Grants(table, pack, facts, candidates);
                grants |= granted && selection == Machine.True && !pack.Pack.IsConstraints;
                permits = granted || (pack.Pack.IsConstraints && !HasPermissionInScope(table, pack, facts));
            }
        }

        if (unmet)
        {
            return Decision.Deny(Ground.Unmet);
        }

        if (!permits || !grants)
        {
            return Decision.Deny(Ground.NotPermitted);
        }

        return accepted is not null && HasUnacceptedDuty(table, facts, candidates, accepted) ? Decision.Deny(Ground.DutyNotAccepted) : new(Effect.Permit, Ground.Permitted);
    }

    /// <summary>True when a scope fact is unknown, or an empty set.</summary>
    public static bool IsMalformed(Vocabulary vocabulary, RequestFacts facts)
    {
        foreach (var fact in vocabulary.Scope)
        {
            if (!facts.Known[fact.Index] || (fact.Type == FactType.Codes && facts.Numbers[fact.Index] == 0))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The slots whose rules have the request in their scope and a condition that no index excludes.</summary>
    public static void Candidates(RuleTable table, RequestFacts facts, Span<ulong> candidates)
    {
        candidates.Fill(ulong.MaxValue);
        foreach (var index in table.ScopeIndexes)
        {
            index.Narrow(candidates, facts);
        }

        foreach (var index in table.GuardIndexes)
        {
            index.Narrow(candidates, facts);
        }
    }

    /// <summary>True when a derogation that names the rule is surely in force.</summary>
    public static bool IsSuspended(RuleTable table, CompiledRule rule, RequestFacts facts, ReadOnlySpan<ulong> candidates)
    {
        foreach (var slot in rule.SuspendedBy)
        {
            if ((candidates[slot >> 6] >> (slot & 63) & 1) != 0 && table.Machine.Run(table.Rules[slot]!.When, facts) == Machine.True)
            {
                return true;
            }
        }

        return false;
    }

    private static bool Forbids(RuleTable table, CompiledPack pack, RequestFacts facts, ReadOnlySpan<ulong> candidates)
    {
        var kind = table.KindMasks[(int)RuleKind.Prohibition];
        for (var word = pack.FirstWord; word < pack.EndWord; word++)
        {
            for (var bits = candidates[word] & kind[word]; bits != 0; bits &= bits - 1)
            {
                var rule = table.Rules[(word << 6) + BitOperations.TrailingZeroCount(bits)]!;
                if (table.Machine.Run(rule.When, facts) != Machine.False && !IsSuspended(table, rule, facts, candidates))
                {
                    return true;
                }
            }
        }

        return false;
    }

    private static bool Unmet(RuleTable table, CompiledPack pack, RequestFacts facts, ReadOnlySpan<ulong> candidates)
    {
        var kind = table.KindMasks[(int)RuleKind.Precondition];
        for (var word = pack.FirstWord; word < pack.EndWord; word++)
        {
            for (var bits = candidates[word] & kind[word]; bits != 0; bits &= bits - 1)
            {
                var rule = table.Rules[(word << 6) + BitOperations.TrailingZeroCount(bits)]!;
                if (table.Machine.Run(rule.When, facts) != Machine.False && table.Machine.Run(rule.Require, facts) != Machine.True
                    && !IsSuspended(table, rule, facts, candidates))
                {
                    return true;
                }
            }
        }

        return false;
    }

    private static bool Grants(RuleTable table, CompiledPack pack, RequestFacts facts, ReadOnlySpan<ulong> candidates)
    {
        var kind = table.KindMasks[(int)RuleKind.Permission];
        for (var word = pack.FirstWord; word < pack.EndWord; word++)
        {
            for (var bits = candidates[word] & kind[word]; bits != 0; bits &= bits - 1)
            {
                if (table.Machine.Run(table.Rules[(word << 6) + BitOperations.TrailingZeroCount(bits)]!.When, facts) == Machine.True)
                {
                    return true;
                }
            }
        }

        return false;
    }

    /// <summary>A pack of constraints abstains only where none of its permissions has the request in its scope.</summary>
    public static bool HasPermissionInScope(RuleTable table, CompiledPack pack, RequestFacts facts)
    {
        var kind = table.KindMasks[(int)RuleKind.Permission];
        var any = 0UL;
        for (var word = pack.FirstWord; word < pack.EndWord; word++)
        {
            any |= kind[word];
        }

        if (any == 0)
        {
            return false;
        }

        Span<ulong> inScope = stackalloc ulong[table.Words];
        inScope.Fill(ulong.MaxValue);
        foreach (var index in table.ScopeIndexes)
        {
            index.Narrow(inScope, facts);
        }

        any = 0;
        for (var word = pack.FirstWord; word < pack.EndWord; word++)
        {
            any |= kind[word] & inScope[word];
        }

        return any != 0;
    }

    private static bool HasUnacceptedDuty(RuleTable table, RequestFacts facts, ReadOnlySpan<ulong> candidates, DutyAcceptance accepted)
    {
        var kind = table.KindMasks[(int)RuleKind.Duty];
        for (var word = 0; word < table.Words; word++)
        {
            for (var bits = candidates[word] & kind[word]; bits != 0; bits &= bits - 1)
            {
                var slot = (word << 6) + BitOperations.TrailingZeroCount(bits);
                var rule = table.Rules[slot]!;
                if (rule.Rule.Duty is { IsMandatory: true, Occasion: not DutyOccasion.Deny } && !accepted.ByRule[slot]
                    && table.Machine.Run(rule.When, facts) != Machine.False && !IsSuspended(table, rule, facts, candidates))
                {
                    return true;
                }
            }
        }

        return false;
    }
}
