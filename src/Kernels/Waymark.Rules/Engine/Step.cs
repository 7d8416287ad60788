namespace Waymark.Rules.Engine;

/// <summary>Operations of the stack machine. Suffix K: fact against constant; F: fact against fact.</summary>
internal enum Operation : byte
{
    Constant,
    Truth,
    Known,
    EqualK,
    NotEqualK,
    LessK,
    LessOrEqualK,
    GreaterK,
    GreaterOrEqualK,
    EqualF,
    NotEqualF,
    LessF,
    LessOrEqualF,
    GreaterF,
    GreaterOrEqualF,
    TextEqualK,
    TextNotEqualK,
    TextEqualF,
    TextNotEqualF,
    InMask,
    InList,
    TextInList,
    HasAny,
    HasFact,
    Terms,
    Not,
    And,
    Or,
    JumpIfFalse,
    JumpIfTrue,
}

/// <summary>One instruction: operation, up to two facts (or a jump in <see cref="B"/>), a constant or the place of one.</summary>
internal readonly struct Step(Operation operation, int a = 0, int b = 0, long k = 0)
{
    public readonly Operation Operation = operation;
    public readonly ushort A = (ushort)a;
    public readonly ushort B = (ushort)b;
    public readonly long K = k;
}

/// <summary>Where a condition's instructions stand among all.</summary>
internal readonly record struct Program(int Start, int End);

/// <summary>A comparison of sums of moments, lengths and numbers: too rare for instructions of its own.</summary>
internal sealed record TermComparison(Language.Comparison Operator, Language.Term Left, Language.Term Right);
