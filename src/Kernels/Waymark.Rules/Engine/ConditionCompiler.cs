using Waymark.Rules.Language;

namespace Waymark.Rules.Engine;

/// <summary>Turns conditions into instructions, all in one array, so that deciding walks memory in a line.</summary>
internal sealed class ConditionCompiler
{
    private readonly List<Step> _steps = [];
    private readonly List<string> _texts = [];
    private readonly List<long[]> _lists = [];
    private readonly List<string[]> _textLists = [];
    private readonly List<TermComparison> _terms = [];

    public Program Add(Condition condition)
    {
        var start = _steps.Count;
        Emit(condition, start);
        return new(start, _steps.Count);
    }

    public Machine Finish() => new([.. _steps], [.. _texts], [.. _lists], [.. _textLists], [.. _terms]);

    private void Emit(Condition condition, int start)
    {
        switch (condition)
        {
            case ConstantCondition constant:
                _steps.Add(new(Operation.Constant, k: constant.Value ? 1 : 2));
                break;
            case FactCondition plain:
                _steps.Add(new(Operation.Truth, plain.Fact.Index));
                break;
            case KnownCondition known:
                _steps.Add(new(Operation.Known, known.Fact.Index));
                break;
            case NotCondition not:
                Emit(not.Operand, start);
                _steps.Add(new(Operation.Not));
                break;
            case AllCondition all:
                Join(all.Parts, Operation.And, Operation.JumpIfFalse, start);
                break;
            case AnyCondition any:
                Join(any.Parts, Operation.Or, Operation.JumpIfTrue, start);
                break;
            case CompareCondition compare:
                Compare(compare);
                break;
            case MemberCondition member:
                Member(member);
                break;
            case ContainsCondition { Member: { } code } contains:
                _steps.Add(new(Operation.HasFact, contains.Set.Index, code.Index));
                break;
            case ContainsCondition contains:
                _steps.Add(new(Operation.HasAny, contains.Set.Index, k: unchecked((long)contains.AnyOf)));
                break;
        }
    }

    private void Join(IReadOnlyList<Condition> parts, Operation join, Operation jump, int start)
    {
        var jumps = new List<int>();
        for (var i = 0; i < parts.Count; i++)
        {
            Emit(parts[i], start);
            if (i > 0)
            {
                _steps.Add(new(join));
            }

            if (i < parts.Count - 1)
            {
                jumps.Add(_steps.Count);
                _steps.Add(default);
            }
        }

        foreach (var at in jumps)
        {
            _steps[at] = new(jump, b: _steps.Count - start);
        }
    }

    private void Compare(CompareCondition compare)
    {
        var (left, right, sign) = compare.Left is ConstantTerm ? (compare.Right, compare.Left, Mirror(compare.Operator)) : (compare.Left, compare.Right, compare.Operator);
        if (left is FactTerm { Fact: var fact })
        {
            if (right is ConstantTerm constant)
            {
                _steps.Add(fact.Type == FactType.TextId
                    ? new(sign == Comparison.Equal ? Operation.TextEqualK : Operation.TextNotEqualK, fact.Index, k: Text(constant.Value.Text!))
                    : new(Operation.EqualK + (byte)sign, fact.Index, k: constant.Value.Number));
                return;
            }

            if (right is FactTerm { Fact: var other })
            {
                _steps.Add(fact.Type == FactType.TextId
                    ? new(sign == Comparison.Equal ? Operation.TextEqualF : Operation.TextNotEqualF, fact.Index, other.Index)
                    : new(Operation.EqualF + (byte)sign, fact.Index, other.Index));
                return;
            }
        }

        _steps.Add(new(Operation.Terms, k: _terms.Count));
        _terms.Add(new(sign, left, right));
    }

    private static Comparison Mirror(Comparison comparison) => comparison switch
    {
        Comparison.Less => Comparison.Greater,
        Comparison.LessOrEqual => Comparison.GreaterOrEqual,
        Comparison.Greater => Comparison.Less,
        Comparison.GreaterOrEqual => Comparison.LessOrEqual,
        _ => comparison,
    };

    private void Member(MemberCondition member)
    {
        if (member.Fact.Type == FactType.TextId)
        {
            _steps.Add(new(Operation.TextInList, member.Fact.Index, k: _textLists.Count));
            _textLists.Add([.. member.Values.Select(value => value.Text!)]);
        }
        else if (member.Fact.Type == FactType.Code && member.Fact.Codes!.Codes.Count <= 64)
        {
            var mask = member.Values.Aggregate(0UL, (bits, value) => bits | 1UL << (int)value.Number);
            _steps.Add(new(Operation.InMask, member.Fact.Index, k: unchecked((long)mask)));
        }
        else
        {
            _steps.Add(new(Operation.InList, member.Fact.Index, k: _lists.Count));
            _lists.Add([.. member.Values.Select(value => value.Number)]);
        }
    }

    private int Text(string text)
    {
        _texts.Add(text);
        return _texts.Count - 1;
    }
}
