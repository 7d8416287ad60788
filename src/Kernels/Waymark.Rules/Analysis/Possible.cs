using Waymark.Rules.Engine;
using Waymark.Rules.Language;

namespace Waymark.Rules.Analysis;

/// <summary>Which truth values a condition may have while some facts are still free.</summary>
[Flags]
internal enum Possible : byte
{
    None = 0,
    True = 1,
    False = 2,
    Unknown = 4,
    Any = 7,
}

/// <summary>
/// Facts of which some are decided (known or unknown for good) and some free: anything, or unknown. Of a free set, codes may be settled that it surely holds.
/// What it says is possible may turn out impossible; what it says is impossible is.
/// </summary>
internal sealed class OpenFacts(RequestFacts decided)
{
    private readonly bool[] _free = new bool[decided.Vocabulary.Facts.Count];
    private readonly long[] _held = new long[decided.Vocabulary.Facts.Count];

    public RequestFacts Decided => decided;

    public void Free(Fact fact) => (_free[fact.Index], _held[fact.Index]) = (true, 0);

    /// <summary>A free set that surely holds a code.</summary>
    public void FreeWith(Fact fact, Code code) => (_free[fact.Index], _held[fact.Index]) = (true, 1L << code.Index);

    public void Settle(Fact fact, Value? value)
    {
        _free[fact.Index] = false;
        if (value is { } known)
        {
            decided.Set(fact, known);
        }
        else
        {
            decided.Remove(fact);
        }
    }

    public bool IsFree(Fact fact) => _free[fact.Index];

    public Possible Of(Condition condition)
    {
        switch (condition)
        {
            case ConstantCondition constant:
                return constant.Value ? Possible.True : Possible.False;
            case NotCondition not:
                return Not(Of(not.Operand));
            case AllCondition all:
                return all.Parts.Aggregate(Possible.True, (sofar, part) => And(sofar, Of(part)));
            case AnyCondition any:
                return Not(any.Parts.Aggregate(Possible.True, (sofar, part) => And(sofar, Not(Of(part)))));
            default:
                return Atom(condition);
        }
    }

    /// <summary>Whether the rule's scope matches.</summary>
    public Possible InScope(Rule rule)
    {
        var result = Possible.True;
        foreach (var (fact, codes) in rule.Scope)
        {
            result = And(result, Matches(rule, fact, codes));
        }

        return result;
    }

    public static Possible And(Possible left, Possible right)
    {
        if (left == Possible.None || right == Possible.None)
        {
            return Possible.None;
        }

        var result = (left | right) & Possible.False;
        result |= left & right & Possible.True;
        return result | ((left | right) & Possible.Unknown & ((left & ~Possible.False) == Possible.None || (right & ~Possible.False) == Possible.None ? Possible.None : Possible.Unknown));
    }

    public static Possible Not(Possible truth) => (truth & Possible.Unknown) | ((truth & Possible.True) != Possible.None ? Possible.False : Possible.None) | ((truth & Possible.False) != Possible.None ? Possible.True : Possible.None);

    private Possible Matches(Rule rule, Fact fact, IReadOnlySet<int> codes)
    {
        if (!_free[fact.Index])
        {
            if (decided[fact] is not { } value)
            {
                return Possible.True | Possible.False;
            }

            var held = fact.Type == FactType.Codes ? value.CodesOf(fact).Select(code => code.Index) : [(int)value.Number];
            return (rule.Kind == RuleKind.Permission ? held.All(codes.Contains) : held.Any(codes.Contains)) ? Possible.True : Possible.False;
        }

        if (_held[fact.Index] != 0)
        {
            var hit = new Value(_held[fact.Index]).CodesOf(fact).Any(code => codes.Contains(code.Index));
            return (hit, rule.Kind == RuleKind.Permission) switch
            {
                (true, false) => Possible.True,
                (false, true) => Possible.False,
                _ => Possible.True | Possible.False,
            };
        }

        return Possible.True | Possible.False;
    }

    private Possible Atom(Condition condition)
    {
        var (anyFree, anyLost) = (false, false);
        foreach (var fact in condition.Facts())
        {
            anyFree |= _free[fact.Index];
            anyLost |= !_free[fact.Index] && !decided.Known[fact.Index];
        }

        if (!anyFree)
        {
            return Tree.Evaluate(condition, decided) switch { Truth.True => Possible.True, Truth.False => Possible.False, _ => Possible.Unknown };
        }

        if (condition is KnownCondition)
        {
            return Possible.True | Possible.False;
        }

        if (condition is ContainsCondition { Member: null } contains && (unchecked((long)contains.AnyOf) & _held[contains.Set.Index]) != 0)
        {
            return Possible.True;
        }

        return anyLost ? Possible.Unknown : Possible.Any;
    }
}
