using Waymark.Rules.Language;

namespace Waymark.Rules.Engine;

/// <summary>
/// Carries out compiled conditions. A truth value is two bits, "can be true" and "can be false", so unknown is both; the stack is one
/// 64-bit register, which bounds depth and allocates nothing.
/// </summary>
internal sealed class Machine(Step[] steps, string[] texts, long[][] lists, string[][] textLists, TermComparison[] terms)
{
    internal const uint True = 1;
    internal const uint False = 2;
    internal const uint Unknown = 3;

    public static Truth ToTruth(uint bits) => bits switch { True => Truth.True, False => Truth.False, _ => Truth.Unknown };

    public uint Run(Program program, RequestFacts facts)
    {
        var numbers = facts.Numbers;
        var known = facts.Known;
        ulong stack = 0;
        for (var at = program.Start; at < program.End; at++)
        {
            ref readonly var step = ref steps[at];
            uint truth;
            switch (step.Operation)
            {
                case Operation.Constant:
                    truth = (uint)step.K;
                    break;
                case Operation.Known:
                    truth = Of(known[step.A]);
                    break;
                case Operation.Not:
                    truth = (uint)stack & 3;
                    stack >>= 2;
                    truth = (truth >> 1) | ((truth & 1) << 1);
                    break;
                case Operation.And:
                    truth = ((uint)stack & (uint)(stack >> 2) & 1) | (((uint)stack | (uint)(stack >> 2)) & 2);
                    stack >>= 4;
                    break;
                case Operation.Or:
                    truth = (((uint)stack | (uint)(stack >> 2)) & 1) | ((uint)stack & (uint)(stack >> 2) & 2);
                    stack >>= 4;
                    break;
                case Operation.JumpIfFalse:
                    if ((stack & 3) == False)
                    {
                        at = program.Start + step.B - 1;
                    }

                    continue;
                case Operation.JumpIfTrue:
                    if ((stack & 3) == True)
                    {
                        at = program.Start + step.B - 1;
                    }

                    continue;
                case Operation.Terms:
                    truth = Compare(terms[step.K], facts);
                    break;
                default:
                    truth = known[step.A] ? OnKnown(in step, facts, numbers, known) : Unknown;
                    break;
            }

            stack = (stack << 2) | truth;
        }

        return (uint)stack & 3;
    }

    private uint OnKnown(in Step step, RequestFacts facts, long[] numbers, bool[] known)
    {
        var value = numbers[step.A];
        switch (step.Operation)
        {
            case Operation.Truth: return Of(value != 0);
            case Operation.EqualK: return Of(value == step.K);
            case Operation.NotEqualK: return Of(value != step.K);
            case Operation.LessK: return Of(value < step.K);
            case Operation.LessOrEqualK: return Of(value <= step.K);
            case Operation.GreaterK: return Of(value > step.K);
            case Operation.GreaterOrEqualK: return Of(value >= step.K);
            case Operation.InMask: return Of(((ulong)step.K >> (int)value & 1) != 0);
            case Operation.HasAny: return Of((value & step.K) != 0);
            case Operation.InList: return Of(lists[step.K].AsSpan().Contains(value));
            case Operation.TextEqualK: return Of(string.Equals(facts.Texts[step.A], texts[step.K], StringComparison.Ordinal));
            case Operation.TextNotEqualK: return Of(!string.Equals(facts.Texts[step.A], texts[step.K], StringComparison.Ordinal));
            case Operation.TextInList: return Of(Array.IndexOf(textLists[step.K], facts.Texts[step.A]) >= 0);
        }

        if (!known[step.B])
        {
            return Unknown;
        }

        var other = numbers[step.B];
        return step.Operation switch
        {
            Operation.EqualF => Of(value == other),
            Operation.NotEqualF => Of(value != other),
            Operation.LessF => Of(value < other),
            Operation.LessOrEqualF => Of(value <= other),
            Operation.GreaterF => Of(value > other),
            Operation.GreaterOrEqualF => Of(value >= other),
            Operation.TextEqualF => Of(string.Equals(facts.Texts[step.A], facts.Texts[step.B], StringComparison.Ordinal)),
            Operation.TextNotEqualF => Of(!string.Equals(facts.Texts[step.A], facts.Texts[step.B], StringComparison.Ordinal)),
            Operation.HasFact => Of(((ulong)value >> (int)other & 1) != 0),
            _ => throw new InvalidOperationException($"Operation {step.Operation}"),
        };
    }

    private static uint Of(bool value) => value ? True : False;

    private static uint Compare(TermComparison comparison, RequestFacts facts)
    {
        if (!Amount(comparison.Left, facts, out var left) || !Amount(comparison.Right, facts, out var right))
        {
            return Unknown;
        }

        return Of(comparison.Operator switch
        {
            Comparison.Equal => left == right,
            Comparison.NotEqual => left != right,
            Comparison.Less => left < right,
            Comparison.LessOrEqual => left <= right,
            Comparison.Greater => left > right,
            _ => left >= right,
        });
    }

    /// <summary>The amount of a term; false when a fact is unknown or the calendar or the numbers end.</summary>
    internal static bool Amount(Term term, RequestFacts facts, out long amount)
    {
        amount = 0;
        switch (term)
        {
            case ConstantTerm constant:
                amount = constant.Value.Number;
                return true;
            case FactTerm { Fact: var fact }:
                amount = facts.Numbers[fact.Index];
                return facts.Known[fact.Index];
            case ShiftTerm shift:
                return Amount(shift.Moment, facts, out var moment) && shift.Length.TryAdd(moment, shift.Sign, out amount);
            case GapTerm gap:
                var both = Amount(gap.Later, facts, out var later) & Amount(gap.Earlier, facts, out var earlier);
                amount = later - earlier;
                return both;
            case SumTerm sum:
                var known = Amount(sum.Left, facts, out var left) & Amount(sum.Right, facts, out var right);
                var total = (Int128)left + (sum.Sign * (Int128)right);
                amount = (long)total;
                return known && total == amount;
            default:
                return false;
        }
    }
}
