using Waymark.Statistics.Cube.Columns;

namespace Waymark.Statistics.Cube.Grouping;

/// <summary>Many possible groups, few real ones: one hash table per worker, joined at the end.</summary>
internal static class HashPath
{
    public static NumericGroups Run<TSlot>(
        GroupPlan plan, CubeBlock[] blocks, List<SpecialCounts> specials, bool wide, CancellationToken cancellationToken)
        where TSlot : struct, ISlot<TSlot>
    {
        var workers = Workers.Run(blocks, plan.Threads, () => new Worker<TSlot>(plan), (worker, block) => worker.Add(block), cancellationToken);
        specials.AddRange(workers.Select(worker => worker.Specials));
        var joined = workers[0].Table;
        foreach (var worker in workers.Skip(1))
        {
            worker.Table.ForEach((key, slot) => TSlot.Merge(ref joined.Of(key), in slot));
        }

        var (keys, slots) = joined.ToSorted();
        return NumericGroups.From(keys, slots, wide);
    }

    private sealed class Worker<TSlot>(GroupPlan plan) where TSlot : struct, ISlot<TSlot>
    {
        private readonly WideReader _reader = new(plan);

        public GroupTable<TSlot> Table { get; } = new();

        public SpecialCounts Specials { get; } = new(plan);

        public void Add(CubeBlock block)
        {
            for (var start = 0; start < block.Rows; start += GroupPlan.Chunk)
            {
                var count = _reader.Read(block, start, Specials);
                var (keys, values) = (_reader.Keys, _reader.Values);
                for (var i = 0; i < count; i++)
                {
                    TSlot.Add(ref Table.Of(keys[i]), values[i]);
                }
            }
        }
    }
}

/// <summary>Reads a chunk into the composite keys and values of its selected rows, close together.</summary>
internal sealed class WideReader(GroupPlan plan)
{
    private readonly byte[] _base = new byte[GroupPlan.Chunk];
    private readonly byte[] _mask = new byte[GroupPlan.Chunk];
    private readonly ulong[] _allKeys = new ulong[GroupPlan.Chunk];
    private readonly long[] _scratch = new long[GroupPlan.Chunk];

    public ulong[] Keys { get; } = new ulong[GroupPlan.Chunk];

    public long[] Values { get; } = new long[GroupPlan.Chunk];

    /// <summary>How many rows were selected; they stand at the front of <see cref="Keys"/> and <see cref="Values"/>.</summary>
    public int Read(CubeBlock block, int start, SpecialCounts specials)
    {
        var count = Math.Min(GroupPlan.Chunk, block.Rows - start);
        var pass = _base.AsSpan(0, count);
        var mask = _mask.AsSpan(0, count);
        var keys = _allKeys.AsSpan(0, count);
        plan.Filter.Base(block, start, pass);
        if (pass.IndexOf((byte)0xFF) < 0)
        {
            return 0;
        }

        KeyKernel.Wide(plan, block, start, keys);
        if (Queries.FilterPlan.AnyIn(plan.Filter.Specials, block))
        {
            pass.CopyTo(mask);
            plan.Filter.And(block.Marks, start, plan.Filter.Specials, mask);
            specials.Add(block, start, mask, keys);
        }

        plan.Filter.And(block.Marks, start, plan.Filter.Numbers, pass);
        var values = block.Values.Read(start, count, _scratch);
        var selected = 0;
        for (var row = 0; row < pass.Length; row++)
        {
            Keys[selected] = keys[row];
            Values[selected] = values[row];
            selected += pass[row] & 1;
        }

        return selected;
    }
}
