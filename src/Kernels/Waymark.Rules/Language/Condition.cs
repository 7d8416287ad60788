namespace Waymark.Rules.Language;

/// <summary>Kleene's three truth values; unknown is a value, never an error.</summary>
public enum Truth : byte
{
    False = 0,
    True = 1,
    Unknown = 2,
}

internal enum Comparison : byte
{
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

/// <summary>A condition with types checked. Compiler, reference interpreter and analysis all start from here.</summary>
internal abstract record Condition
{
    public static readonly Condition Always = new ConstantCondition(true);

    public static Condition And(params IEnumerable<Condition> parts)
    {
        var all = parts.SelectMany(part => part is AllCondition inner ? inner.Parts : [part]).Where(part => part is not ConstantCondition { Value: true }).ToList();
        return all.Count switch { 0 => Always, 1 => all[0], _ => new AllCondition(all) };
    }

    public static Condition Or(params IEnumerable<Condition> parts)
    {
        var any = parts.SelectMany(part => part is AnyCondition inner ? inner.Parts : [part]).ToList();
        return any.Count == 1 ? any[0] : new AnyCondition(any);
    }

    /// <summary>The facts the condition asks for.</summary>
    public IEnumerable<Fact> Facts() => this switch
    {
        FactCondition plain => [plain.Fact],
        KnownCondition known => [known.Fact],
        NotCondition not => not.Operand.Facts(),
        AllCondition all => all.Parts.SelectMany(part => part.Facts()),
        AnyCondition any => any.Parts.SelectMany(part => part.Facts()),
        CompareCondition compare => compare.Left.Facts().Concat(compare.Right.Facts()),
        MemberCondition member => [member.Fact],
        ContainsCondition contains => contains.Member is null ? [contains.Set] : [contains.Set, contains.Member],
        _ => [],
    };

    /// <summary>True when known( ) occurs under an odd (<paramref name="negated"/>) or even number of negations.</summary>
    public bool HasKnown(bool negated) => this switch
    {
        KnownCondition => !negated,
        NotCondition not => not.Operand.HasKnown(!negated),
        AllCondition all => all.Parts.Any(part => part.HasKnown(negated)),
        AnyCondition any => any.Parts.Any(part => part.HasKnown(negated)),
        _ => false,
    };

    /// <summary>The smallest parts that are true, false or unknown on their own.</summary>
    public IEnumerable<Condition> Atoms() => this switch
    {
        NotCondition not => not.Operand.Atoms(),
        AllCondition all => all.Parts.SelectMany(part => part.Atoms()),
        AnyCondition any => any.Parts.SelectMany(part => part.Atoms()),
        _ => [this],
    };
}

internal sealed record ConstantCondition(bool Value) : Condition;

/// <summary>A boolean fact, bare.</summary>
internal sealed record FactCondition(Fact Fact) : Condition;

internal sealed record KnownCondition(Fact Fact) : Condition;

internal sealed record NotCondition(Condition Operand) : Condition;

internal sealed record AllCondition(IReadOnlyList<Condition> Parts) : Condition;

internal sealed record AnyCondition(IReadOnlyList<Condition> Parts) : Condition;

internal sealed record CompareCondition(Comparison Operator, Term Left, Term Right) : Condition;

/// <summary><c>fact in [a, b]</c>.</summary>
internal sealed record MemberCondition(Fact Fact, IReadOnlyList<Value> Values) : Condition;

/// <summary><c>set has a</c>, <c>set has [a, b]</c> (any of them), <c>set has fact</c>, <c>fact in set</c>.</summary>
internal sealed record ContainsCondition(Fact Set, ulong AnyOf, Fact? Member) : Condition;

/// <summary>A value in a comparison.</summary>
internal abstract record Term(FactType Type, CodeList? Codes)
{
    public IEnumerable<Fact> Facts() => this switch
    {
        FactTerm fact => [fact.Fact],
        ShiftTerm shift => shift.Moment.Facts(),
        GapTerm gap => gap.Later.Facts().Concat(gap.Earlier.Facts()),
        SumTerm sum => sum.Left.Facts().Concat(sum.Right.Facts()),
        _ => [],
    };
}

internal sealed record FactTerm(Fact Fact) : Term(Fact.Type, Fact.Codes);

internal sealed record ConstantTerm(FactType Type, CodeList? Codes, Value Value, Length Length = default) : Term(Type, Codes);

/// <summary>A moment and a fixed length; the result is a moment.</summary>
internal sealed record ShiftTerm(Term Moment, int Sign, Length Length) : Term(FactType.Instant, null);

/// <summary>The time between two moments.</summary>
internal sealed record GapTerm(Term Later, Term Earlier) : Term(FactType.Duration, null);

/// <summary>Two numbers added or subtracted.</summary>
internal sealed record SumTerm(Term Left, int Sign, Term Right) : Term(FactType.Number, null);
