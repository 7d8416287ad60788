using System.Runtime.InteropServices;
using Waymark.Statistics.Cube.Columns;
using Waymark.Statistics.Cube.Queries;

namespace Waymark.Statistics.Cube.Grouping;

/// <summary>
/// Keys wider than 62 bits (many dimensions of many codes): 128-bit keys in an ordinary dictionary, row by row. Slow and
/// plain; it also serves as a second opinion on the fast paths in tests.
/// </summary>
internal static class TuplePath
{
    public static (NumericGroups Groups, List<SpecialEntry> Specials, UInt128[] WideKeys) Run(
        GroupPlan plan, int scale, CancellationToken cancellationToken)
    {
        var numbers = new Dictionary<UInt128, Amount>();
        var specials = new Dictionary<(UInt128 Key, int Mark), SpecialSlot>();
        Span<byte> mask = stackalloc byte[GroupPlan.Chunk];
        var strides = plan.Columns.Select((_, i) => plan.Strides128(i)).ToArray();
        foreach (var block in plan.Blocks)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var factor = GroupEngine.Power(scale - block.Scale);
            for (var start = 0; start < block.Rows; start += GroupPlan.Chunk)
            {
                var chunk = mask[..Math.Min(GroupPlan.Chunk, block.Rows - start)];
                plan.Filter.Base(block, start, chunk);
                plan.Filter.And(block.Marks, start, plan.Filter.Selected, chunk);
                for (var i = 0; i < chunk.Length; i++)
                {
                    if (chunk[i] != 0)
                    {
                        Add(block, start + i, factor);
                    }
                }
            }
        }

        UInt128[] keys = [.. numbers.Keys.Concat(specials.Keys.Select(place => place.Key)).Distinct().Order()];
        var numbered = keys.Select((key, i) => (key, i)).ToDictionary(pair => pair.key, pair => (ulong)pair.i);
        var groups = numbers.OrderBy(pair => pair.Key).ToList();
        return (
            new(groups.Select(pair => numbered[pair.Key]).ToArray(), new(groups.Select(pair => pair.Value.Sum).ToArray()),
                groups.Select(pair => pair.Value.Count).ToArray(), new(groups.Select(pair => pair.Value.Least).ToArray()),
                new(groups.Select(pair => pair.Value.Greatest).ToArray())),
            [.. specials.OrderBy(pair => pair.Key).Select(pair => new SpecialEntry(
                numbered[pair.Key.Key], pair.Key.Mark, pair.Value.Count, pair.Value.Sum, pair.Value.Reach))],
            keys);

        void Add(CubeBlock block, int row, Int128 factor)
        {
            var key = UInt128.Zero;
            for (var i = 0; i < strides.Length; i++)
            {
                var (column, code) = (plan.Columns[i], block.Keys[plan.Columns[i].Column][row]);
                key += strides[i] * (column.RankOf is { } ranks ? ranks[code] : (uint)code);
            }

            var number = block.Marks[row];
            var mark = plan.Cube.Marks[number];
            if (mark.IsNumber)
            {
                ref var amount = ref CollectionsMarshal.GetValueRefOrAddDefault(numbers, key, out var known);
                var value = checked(block.Values[row] * factor);
                amount.Least = known ? Int128.Min(amount.Least, value) : value;
                amount.Greatest = known ? Int128.Max(amount.Greatest, value) : value;
                amount.Sum = checked(amount.Sum + value);
                amount.Count++;
            }

            if (mark.IsSpecial)
            {
                ref var slot = ref CollectionsMarshal.GetValueRefOrAddDefault(specials, (key, number), out _);
                slot.Count++;
                slot.Sum += mark.IsNumber ? block.Values[row] * factor : 0;
                slot.Reach += mark.IsNumber && block.UpperOf(row) is { } upper ? ((Int128)upper - block.Values[row]) * factor : 0;
            }
        }
    }

    private struct Amount
    {
        public Int128 Sum;
        public Int128 Least;
        public Int128 Greatest;
        public long Count;
    }
}
