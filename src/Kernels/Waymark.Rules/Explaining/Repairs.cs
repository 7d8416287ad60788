using Waymark.Rules.Language;

namespace Waymark.Rules.Engine;

/// <summary>A change to one fact, with the words for it and a value that shows it works.</summary>
internal sealed record Repair(Fact Fact, Value Value, string Needed);

/// <summary>Which changes of facts would make a condition surely true or surely false, smallest sets first.</summary>
internal sealed class Repairs(RequestFacts facts, Func<Fact, bool> mayChange)
{
    private const int MostWays = 48;

    private const int MostInOneWay = 4;

    private static readonly string[] Signs = ["=", "!=", "<", "<=", ">", ">="];

    public List<Repair[]> Ways(Condition condition, bool want)
    {
        if (Tree.Evaluate(condition, facts) == (want ? Truth.True : Truth.False))
        {
            return [[]];
        }

        return condition switch
        {
            NotCondition not => Ways(not.Operand, !want),
            AllCondition all => want ? Together(all.Parts, true) : Either(all.Parts, false),
            AnyCondition any => want ? Either(any.Parts, true) : Together(any.Parts, false),
            _ => [.. Atom(condition, want).Where(repair => mayChange(repair.Fact)).Take(MostWays).Select(repair => new[] { repair })],
        };
    }

    private List<Repair[]> Either(IReadOnlyList<Condition> parts, bool want) =>
        [.. parts.SelectMany(part => Ways(part, want)).OrderBy(way => way.Length).Take(MostWays)];

    private List<Repair[]> Together(IReadOnlyList<Condition> parts, bool want)
    {
        List<Repair[]> ways = [[]];
        foreach (var part in parts)
        {
            var more = Ways(part, want);
            ways = [.. ways.SelectMany(way => more.Select(next => Join(way, next))).OfType<Repair[]>().Where(way => way.Length <= MostInOneWay)
                .OrderBy(way => way.Length).Take(MostWays)];
        }

        return ways;
    }

    /// <summary>Both sets of changes, or null when they give one fact two values.</summary>
    public static Repair[]? Join(Repair[] left, Repair[] right)
    {
        foreach (var repair in right)
        {
            if (Array.Find(left, other => other.Fact == repair.Fact) is { } same && same.Value != repair.Value)
            {
                return null;
            }
        }

        return [.. left, .. right.Where(repair => !Array.Exists(left, other => other.Fact == repair.Fact))];
    }

    private IEnumerable<Repair> Atom(Condition condition, bool want)
    {
        switch (condition)
        {
            case FactCondition plain:
                return [new(plain.Fact, Value.Of(want), want ? plain.Fact.Id : $"not {plain.Fact}")];
            case KnownCondition { Fact: var fact } when want:
                return [new(fact, Sample(fact), $"known({fact})")];
            case MemberCondition { Fact: var fact } member:
                return want ? member.Values.Select(value => Set(fact, value)) : Others(fact, member.Values);
            case ContainsCondition contains:
                return Contains(contains, want);
            case CompareCondition compare:
                return Compare(compare, want);
            default:
                return [];
        }
    }

    private static Repair Set(Fact fact, Value value) => new(fact, value, $"{fact} = {value.ToText(fact)}");

    private static IEnumerable<Repair> Others(Fact fact, IReadOnlyCollection<Value> but) => fact.Type switch
    {
        FactType.Code => fact.Codes!.Codes.Select(Value.Of).Where(value => !but.Contains(value)).Select(value => Set(fact, value)),
        FactType.Boolean => new[] { Value.Of(true), Value.Of(false) }.Where(value => !but.Contains(value)).Select(value => Set(fact, value)),
        _ => [],
    };

    private static Value Sample(Fact fact) => fact.Type == FactType.TextId ? Value.Of("a-value") : new Value(0);

    private IEnumerable<Repair> Contains(ContainsCondition contains, bool want)
    {
        var codes = contains.Member is null ? unchecked((long)contains.AnyOf)
            : facts[contains.Member] is { } member ? 1L << (int)member.Number : 0;
        var now = facts[contains.Set]?.Number ?? 0;
        if (codes == 0)
        {
            yield break;
        }

        if (!want)
        {
            yield return Set(contains.Set, new(now & ~codes));
            yield break;
        }

        foreach (var code in new Value(codes).CodesOf(contains.Set))
        {
            yield return new(contains.Set, new(now | (1L << code.Index)), $"{contains.Set} has {code.Id}");
        }
    }

    private IEnumerable<Repair> Compare(CompareCondition compare, bool want)
    {
        foreach (var (side, other, sign) in new[] { (compare.Left, compare.Right, compare.Operator), (compare.Right, compare.Left, Mirror(compare.Operator)) })
        {
            if (side is FactTerm { Fact: var fact } && fact.Type != FactType.TextId && Machine.Amount(other, facts, out var amount))
            {
                foreach (var repair in Values(fact, want ? sign : Opposite(sign), amount, other))
                {
                    yield return repair;
                }
            }
            else if (side is FactTerm { Fact: { Type: FactType.TextId } text } && Text(other) is { } known && (sign == Comparison.Equal) == want)
            {
                yield return Set(text, Value.Of(known));
            }
            else if (side is ShiftTerm { Moment: FactTerm { Fact: var moment } } && Machine.Amount(other, facts, out var target))
            {
                foreach (var near in new[] { target, target - Value.Day, target + Value.Day, target - (400 * Value.Day), target + (400 * Value.Day), target - (4_000 * Value.Day), target + (4_000 * Value.Day) })
                {
                    yield return new(moment, new(near), ConditionText.Of(want ? compare : new NotCondition(compare)));
                }
            }
        }
    }

    private string? Text(Term term) => term switch
    {
        ConstantTerm constant => constant.Value.Text,
        FactTerm { Fact: var fact } => facts[fact]?.Text,
        _ => null,
    };

    private static IEnumerable<Repair> Values(Fact fact, Comparison sign, long amount, Term other)
    {
        if (fact.Type is FactType.Code or FactType.Boolean)
        {
            var all = fact.Type == FactType.Boolean ? [Value.Of(false), Value.Of(true)] : fact.Codes!.Codes.Select(Value.Of);
            return all.Where(value => Holds(sign, value.Number, amount)).Select(value => Set(fact, value));
        }

        if (fact.Type is FactType.Codes or FactType.Country)
        {
            return sign == Comparison.Equal ? [Set(fact, new(amount))] : [];
        }

        var step = fact.Type switch { FactType.Whole => Value.Scale, FactType.Number => 1, FactType.Date => Value.Day, _ => 1_000 };
        var value = sign switch { Comparison.Less => amount - step, Comparison.Greater or Comparison.NotEqual => amount + step, _ => amount };
        var shown = other is ConstantTerm or FactTerm ? new Value(amount).ToText(fact) : ConditionText.Of(new CompareCondition(Comparison.Equal, other, other)).Split(" = ")[0];
        return [new(fact, new(value), $"{fact} {Signs[(int)sign]} {shown}")];
    }

    private static bool Holds(Comparison sign, long left, long right) => sign switch
    {
        Comparison.Equal => left == right,
        Comparison.NotEqual => left != right,
        Comparison.Less => left < right,
        Comparison.LessOrEqual => left <= right,
        Comparison.Greater => left > right,
        _ => left >= right,
    };

    private static Comparison Mirror(Comparison sign) => sign switch
    {
        Comparison.Less => Comparison.Greater,
        Comparison.LessOrEqual => Comparison.GreaterOrEqual,
        Comparison.Greater => Comparison.Less,
        Comparison.GreaterOrEqual => Comparison.LessOrEqual,
        _ => sign,
    };

    private static Comparison Opposite(Comparison sign) => sign switch
    {
        Comparison.Equal => Comparison.NotEqual,
        Comparison.NotEqual => Comparison.Equal,
        Comparison.Less => Comparison.GreaterOrEqual,
        Comparison.LessOrEqual => Comparison.Greater,
        Comparison.Greater => Comparison.LessOrEqual,
        _ => Comparison.Less,
    };
}
