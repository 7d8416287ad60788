using System.Numerics;

namespace Waymark.Rules.Engine;

/// <summary>Per code of one fact, the slots of the rules that can matter.</summary>
internal sealed class FactIndex
{
    private readonly ulong[][] _byCode;
    private readonly ulong[] _permissions;
    private readonly int _slot;
    private readonly bool _isSet;

    public FactIndex(Fact fact, RuleTable table, Func<CompiledRule, IReadOnlySet<int>?> codesOf)
    {
        Fact = fact;
        _slot = fact.Index;
        _isSet = fact.Type == FactType.Codes;
        _permissions = table.KindMasks[(int)RuleKind.Permission];
        var codes = table.Rules.OfType<CompiledRule>().ToDictionary(rule => rule, codesOf);
        _byCode = [.. fact.Codes!.Codes.Select(code => table.Bits(rule => codes[rule] is not { } named || named.Contains(code.Index)))];
    }

    public Fact Fact { get; }

    /// <summary>Narrows the candidates; an unknown fact narrows nothing.</summary>
    public void Narrow(Span<ulong> candidates, RequestFacts facts)
    {
        if (!facts.Known[_slot])
        {
            return;
        }

        if (_isSet)
        {
            NarrowSet(candidates, unchecked((ulong)facts.Numbers[_slot]));
            return;
        }

        And(candidates, _byCode[facts.Numbers[_slot]]);
    }

    /// <summary>Of a set, a permission must match every code; all other rules match on any.</summary>
    private void NarrowSet(Span<ulong> candidates, ulong set)
    {
        if (BitOperations.IsPow2(set))
        {
            And(candidates, _byCode[BitOperations.TrailingZeroCount(set)]);
            return;
        }

        for (var word = 0; word < candidates.Length; word++)
        {
            var (any, all) = (0UL, ulong.MaxValue);
            for (var rest = set; rest != 0; rest &= rest - 1)
            {
                var bits = _byCode[BitOperations.TrailingZeroCount(rest)][word];
                any |= bits;
                all &= bits;
            }

            candidates[word] &= (any & ~_permissions[word]) | (all & _permissions[word]);
        }
    }

    private static void And(Span<ulong> candidates, ulong[] bits)
    {
        var word = 0;
        if (Vector.IsHardwareAccelerated)
        {
            for (; word <= candidates.Length - Vector<ulong>.Count; word += Vector<ulong>.Count)
            {
                var part = candidates.Slice(word, Vector<ulong>.Count);
                (new Vector<ulong>(part) & new Vector<ulong>(bits, word)).CopyTo(part);
            }
        }

        for (; word < candidates.Length; word++)
        {
            candidates[word] &= bits[word];
        }
    }
}
