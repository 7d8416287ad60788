using Waymark.Rules.Language;

namespace Waymark.Rules.Reference;

/// <summary>What the plain interpreter answers; sets of ids, in the order of packs and rules.</summary>
public sealed record ReferenceAnswer(
    Effect Effect, Ground Ground, IReadOnlyList<string> Forbidding, IReadOnlyList<string> Unmet, IReadOnlyList<string> Granting, IReadOnlyList<string> Suspended,
    IReadOnlyList<(string Rule, DateTimeOffset? Due)> Duties, IReadOnlyList<string> Derogations, IReadOnlyList<string> Missing);

/// <summary>
/// The semantics written down plainly, without index, compilation or early ends: what the engine is compared with on generated requests. It shares
/// with the engine only the checked packs.
/// </summary>
public sealed class ReferenceInterpreter(Vocabulary vocabulary, IReadOnlyList<RulePack> packs)
{
    public ReferenceAnswer Decide(IReadOnlyDictionary<Fact, Value> facts)
    {
        var missing = new SortedSet<int>();
        foreach (var scope in vocabulary.ScopeFacts)
        {
            if (!facts.TryGetValue(scope, out var value) || (scope.Type == FactType.Codes && value.Number == 0))
            {
                missing.Add(scope.Index);
            }
        }

        if (missing.Count > 0)
        {
            return new(Effect.Deny, Ground.Malformed, [], [], [], [], [], [], Names(missing));
        }

        var (forbidding, unmet, granting, suspended, derogations) = (new List<string>(), new List<string>(), new List<string>(), new List<string>(), new List<string>());
        var (refused, granted) = (false, false);
        var selected = packs.OrderByDescending(pack => pack.IsFloor).ThenBy(pack => pack.Id, StringComparer.Ordinal)
            .Where(pack => pack.IsFloor || Truth(pack.Applies, facts) != Language.Truth.False).ToList();
        foreach (var pack in selected)
        {
            var inForce = pack.Rules.Where(rule => rule.Kind == RuleKind.Derogation && InScope(rule, facts) && Truth(rule.When, facts) == Language.Truth.True).ToList();
            var (packGrants, permissionInScope) = (false, false);
            foreach (var rule in pack.Rules.OrderBy(rule => rule.Kind).Where(rule => InScope(rule, facts)))
            {
                var when = Truth(rule.When, facts);
                var suspends = inForce.Where(derogation => derogation.Suspends.Contains(rule.Id)).ToList();
                if (rule.Kind == RuleKind.Permission)
                {
                    permissionInScope = true;
                    if (when == Language.Truth.True)
                    {
                        packGrants = true;
                        granting.Add(rule.Id);
                    }
                }

                var stands = rule.Kind == RuleKind.Prohibition ? when != Language.Truth.False
                    : rule.Kind == RuleKind.Precondition && when != Language.Truth.False && Truth(rule.Require, facts) != Language.Truth.True;
                if (!stands)
                {
                    continue;
                }

                if (suspends.Count > 0)
                {
                    suspended.Add(rule.Id);
                    derogations.AddRange(suspends.Select(derogation => derogation.Id).Where(id => !derogations.Contains(id)));
                    continue;
                }

                (rule.Kind == RuleKind.Prohibition ? forbidding : unmet).Add(rule.Id);
                if (when == Language.Truth.Unknown || (rule.Kind == RuleKind.Precondition && Truth(rule.Require, facts) == Language.Truth.Unknown))
                {
                    Miss(rule, facts, missing);
                }
            }

            var abstains = !packGrants && pack.IsConstraints && !permissionInScope;
            if (!packGrants && !abstains)
            {
                refused = true;
                foreach (var rule in pack.Rules.Where(rule => rule.Kind == RuleKind.Permission && InScope(rule, facts) && Truth(rule.When, facts) == Language.Truth.Unknown))
                {
                    Miss(rule, facts, missing);
                }
            }

            granted |= packGrants && !pack.IsConstraints && (pack.IsFloor || Truth(pack.Applies, facts) == Language.Truth.True);
        }

        var ground = forbidding.Count > 0 ? Ground.Prohibited : unmet.Count > 0 ? Ground.Unmet : refused || !granted ? Ground.NotPermitted : Ground.Permitted;
        return new(ground == Ground.Permitted ? Effect.Permit : Effect.Deny, ground, forbidding, unmet, granting, suspended, Duties(selected, facts, ground == Ground.Permitted),
            derogations, Names(missing));
    }

    /// <summary>Kleene's logic over the tree of the condition.</summary>
    internal static Truth Truth(Condition condition, IReadOnlyDictionary<Fact, Value> facts)
    {
        switch (condition)
        {
            case ConstantCondition constant:
                return Of(constant.Value);
            case FactCondition plain:
                return facts.TryGetValue(plain.Fact, out var truth) ? Of(truth.Number == 1) : Language.Truth.Unknown;
            case KnownCondition known:
                return Of(facts.ContainsKey(known.Fact));
            case NotCondition not:
                return Truth(not.Operand, facts) switch { Language.Truth.True => Language.Truth.False, Language.Truth.False => Language.Truth.True, _ => Language.Truth.Unknown };
            case AllCondition all:
                var parts = all.Parts.Select(part => Truth(part, facts)).ToList();
                return parts.Contains(Language.Truth.False) ? Language.Truth.False : parts.Contains(Language.Truth.Unknown) ? Language.Truth.Unknown : Language.Truth.True;
            case AnyCondition any:
                var options = any.Parts.Select(part => Truth(part, facts)).ToList();
                return options.Contains(Language.Truth.True) ? Language.Truth.True : options.Contains(Language.Truth.Unknown) ? Language.Truth.Unknown : Language.Truth.False;
            case MemberCondition member:
                return facts.TryGetValue(member.Fact, out var value) ? Of(member.Values.Contains(value)) : Language.Truth.Unknown;
            case ContainsCondition contains:
                return Contains(contains, facts);
            case CompareCondition compare:
                return Compare(compare, facts);
            default:
                throw new InvalidOperationException(condition.GetType().Name);
        }
    }

    private static Truth Of(bool value) => value ? Language.Truth.True : Language.Truth.False;

    private static Truth Contains(ContainsCondition contains, IReadOnlyDictionary<Fact, Value> facts)
    {
        if (!facts.TryGetValue(contains.Set, out var set))
        {
            return Language.Truth.Unknown;
        }

        var codes = set.CodesOf(contains.Set).Select(code => code.Index).ToHashSet();
        if (contains.Member is null)
        {
            return Of(new Value(unchecked((long)contains.AnyOf)).CodesOf(contains.Set).Any(code => codes.Contains(code.Index)));
        }

        return facts.TryGetValue(contains.Member, out var member) ? Of(codes.Contains((int)member.Number)) : Language.Truth.Unknown;
    }

    private static Truth Compare(CompareCondition compare, IReadOnlyDictionary<Fact, Value> facts)
    {
        if (Amount(compare.Left, facts) is not { } left || Amount(compare.Right, facts) is not { } right)
        {
            return Language.Truth.Unknown;
        }

        var order = left is string text ? string.CompareOrdinal(text, (string)right) : ((decimal)left).CompareTo((decimal)right);
        return Of(compare.Operator switch
        {
            Comparison.Equal => order == 0,
            Comparison.NotEqual => order != 0,
            Comparison.Less => order < 0,
            Comparison.LessOrEqual => order <= 0,
            Comparison.Greater => order > 0,
            _ => order >= 0,
        });
    }

    /// <summary>A decimal, or the text of an identifier; null when unknown.</summary>
    private static object? Amount(Term term, IReadOnlyDictionary<Fact, Value> facts)
    {
        switch (term)
        {
            case ConstantTerm constant:
                return constant.Value.Text ?? (object)(decimal)constant.Value.Number;
            case FactTerm fact:
                return facts.TryGetValue(fact.Fact, out var value) ? value.Text ?? (object)(decimal)value.Number : null;
            case ShiftTerm shift:
                return Amount(shift.Moment, facts) is decimal moment && shift.Length.TryAdd((long)moment, shift.Sign, out var shifted) ? (decimal)shifted : null;
            case GapTerm gap:
                return Amount(gap.Later, facts) is decimal later && Amount(gap.Earlier, facts) is decimal earlier ? later - earlier : null;
            case SumTerm sum:
                return Amount(sum.Left, facts) is decimal left && Amount(sum.Right, facts) is decimal right && left + (sum.Sign * right) is var total
                    && total is >= long.MinValue and <= long.MaxValue ? total : null;
            default:
                throw new InvalidOperationException(term.GetType().Name);
        }
    }

    /// <summary>A permission asks that every code of the request be in its scope, all other rules that any be.</summary>
    private static bool InScope(Rule rule, IReadOnlyDictionary<Fact, Value> facts) => rule.Scope.All(part =>
    {
        var codes = part.Fact.Type == FactType.Codes ? facts[part.Fact].CodesOf(part.Fact).Select(code => code.Index).ToList() : [(int)facts[part.Fact].Number];
        return rule.Kind == RuleKind.Permission ? codes.All(part.Codes.Contains) : codes.Any(part.Codes.Contains);
    });

    private static List<(string, DateTimeOffset?)> Duties(List<RulePack> selected, IReadOnlyDictionary<Fact, Value> facts, bool isPermit)
    {
        var duties = new List<(string, DateTimeOffset?)>();
        foreach (var pack in selected)
        {
            var inForce = pack.Rules.Where(rule => rule.Kind == RuleKind.Derogation && InScope(rule, facts) && Truth(rule.When, facts) == Language.Truth.True).ToList();
            foreach (var rule in pack.Rules.Where(rule => rule.Kind == RuleKind.Duty && InScope(rule, facts) && Truth(rule.When, facts) != Language.Truth.False))
            {
                if (rule.Duty!.Occasion != (isPermit ? DutyOccasion.Deny : DutyOccasion.Permit) && inForce.All(derogation => !derogation.Suspends.Contains(rule.Id)))
                {
                    duties.Add((rule.Id, Due(rule.Duty, facts)));
                }
            }
        }

        return duties;
    }

    private static DateTimeOffset? Due(Duty duty, IReadOnlyDictionary<Fact, Value> facts)
    {
        if (duty.From is null || !facts.TryGetValue(duty.From, out var from))
        {
            return null;
        }

        return (duty.Within ?? default).TryAdd(from.Number, 1, out var due) ? DateTimeOffset.FromUnixTimeMilliseconds(due) : null;
    }

    private static void Miss(Rule rule, IReadOnlyDictionary<Fact, Value> facts, SortedSet<int> missing)
    {
        foreach (var fact in rule.When.Facts().Concat(rule.Require.Facts()).Where(fact => !facts.ContainsKey(fact)))
        {
            missing.Add(fact.Index);
        }
    }

    private List<string> Names(SortedSet<int> facts) => [.. facts.Select(index => vocabulary.Facts[index].Id)];
}
