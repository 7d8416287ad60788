using Waymark.Statistics.Cube.Columns;
using Waymark.Statistics.Cube.Queries;

namespace Waymark.Statistics.Cube.Grouping;

/// <summary>What one special mark of one group amounts to, exact at the scale of the answer.</summary>
internal readonly record struct SpecialEntry(ulong Key, int Mark, long Count, Int128 Sum, Int128 Reach);

/// <summary>
/// Counts, per group and mark, the observations a reader of the sum must know of: gaps by reason, bounds, ranges, "about",
/// codes. One instance per worker; <see cref="Collect"/> joins them in key order, so the answer does not depend on who
/// counted what.
/// </summary>
internal sealed class SpecialCounts(GroupPlan plan)
{
    private readonly GroupTable<SpecialSlot> _table = new();
    private readonly long[]? _dense = plan.FitsWord && plan.Domain * (uint)plan.Marks <= 1 << 19 && plan.Filter.Specials.AsSpan().ContainsAnyExcept((byte)0)
        ? new long[(int)plan.Domain * plan.Marks] : null;

    /// <summary>Adds the rows of the mask. <paramref name="keys"/> are composite keys, row by row.</summary>
    public void Add(CubeBlock block, int start, ReadOnlySpan<byte> mask, ReadOnlySpan<uint> keys)
    {
        for (var row = Masks.Next(mask, 0); row >= 0; row = Masks.Next(mask, row + 1))
        {
            Add(block, start + row, keys[row]);
        }
    }

    public void Add(CubeBlock block, int start, ReadOnlySpan<byte> mask, ReadOnlySpan<ulong> keys)
    {
        for (var row = Masks.Next(mask, 0); row >= 0; row = Masks.Next(mask, row + 1))
        {
            Add(block, start + row, keys[row]);
        }
    }

    public void Add(CubeBlock block, int row, ulong key)
    {
        var mark = block.Marks[row];
        var place = (key * (ulong)plan.Marks) + (ulong)mark;
        if (!plan.Cube.Marks[mark].IsNumber && _dense is not null)
        {
            _dense[place]++;
            return;
        }

        ref var slot = ref _table.Of(place);
        slot.Count++;
        if (plan.Cube.Marks[mark].IsNumber)
        {
            slot.Sum += block.Values[row];
            slot.Reach += block.UpperOf(row) is { } upper ? (Int128)upper - block.Values[row] : 0;
        }
    }

    public static List<SpecialEntry> Collect(GroupPlan plan, IReadOnlyList<SpecialCounts> workers, Int128 factor)
    {
        var joined = new GroupTable<SpecialSlot>(workers.Sum(worker => worker._table.Count) + 16);
        foreach (var worker in workers)
        {
            worker._table.ForEach(Join);
            for (var place = 0; worker._dense is not null && place < worker._dense.Length; place++)
            {
                if (worker._dense[place] > 0)
                {
                    Join((ulong)place, new() { Count = worker._dense[place] });
                }
            }
        }

        var (keys, slots) = joined.ToSorted();
        var marks = (ulong)plan.Marks;
        return [.. keys.Select((place, at) => new SpecialEntry(place / marks, (int)(place % marks), slots[at].Count,
            checked(slots[at].Sum * factor), checked(slots[at].Reach * factor)))];

        void Join(ulong place, SpecialSlot from)
        {
            ref var into = ref joined.Of(place);
            into.Count += from.Count;
            into.Sum += from.Sum;
            into.Reach += from.Reach;
        }
    }

    /// <summary>Joins entries of different scales, both in order of key and mark.</summary>
    public static List<SpecialEntry> Union(List<SpecialEntry> left, List<SpecialEntry> right) => left.Count == 0 ? right : right.Count == 0 ? left
        : [.. left.Concat(right).GroupBy(entry => (entry.Key, entry.Mark)).OrderBy(group => group.Key)
            .Select(group => new SpecialEntry(group.Key.Key, group.Key.Mark, group.Sum(entry => entry.Count),
                group.Aggregate(Int128.Zero, (sum, entry) => checked(sum + entry.Sum)),
                group.Aggregate(Int128.Zero, (sum, entry) => checked(sum + entry.Reach))))];
}
