using Waymark.Statistics.Cube.Columns;
using Waymark.Statistics.Cube.Queries;

namespace Waymark.Statistics.Cube.Grouping;

/// <summary>
/// Few possible groups: one slot for each, addressed by the key itself. Where it pays, sum and count share one 64-bit word
/// (<see cref="PackedSlots"/>), so a row costs one read and one write.
/// </summary>
internal static class DensePath
{
    /// <summary>Slots per worker that still answer faster than partitioning first.</summary>
    public const int MaxPackedSlots = 1 << 21;

    public const int MaxFullSlots = 1 << 17;

    public static NumericGroups Packed(GroupPlan plan, CubeBlock[] blocks, List<SpecialCounts> specials, CancellationToken cancellationToken)
    {
        var shape = PackedShape.For((int)plan.Domain + KeyKernel.Spill, blocks);
        var workers = Workers.Run(blocks, plan.Threads, () => new PackedWorker(plan, shape), (worker, block) => worker.Add(block), cancellationToken);
        specials.AddRange(workers.Select(worker => worker.Specials));
        try
        {
            return PackedSlots.Read([.. workers.Select(worker => worker.Slots)], (int)plan.Domain, plan.Threads);
        }
        finally
        {
            foreach (var worker in workers)
            {
                worker.Slots.Dispose();
            }
        }
    }

    public static NumericGroups Full(GroupPlan plan, CubeBlock[] blocks, List<SpecialCounts> specials, CancellationToken cancellationToken)
    {
        var workers = Workers.Run(blocks, plan.Threads, () => new FullWorker(plan), (worker, block) => worker.Add(block), cancellationToken);
        specials.AddRange(workers.Select(worker => worker.Specials));
        List<ulong> keys = [];
        List<FullSlot> slots = [];
        for (var key = 0; key < (int)plan.Domain; key++)
        {
            var slot = default(FullSlot);
            foreach (var worker in workers)
            {
                FullSlot.Merge(ref slot, in worker.Slots[key]);
            }

            if (slot.Count > 0)
            {
                keys.Add((ulong)key);
                slots.Add(slot);
            }
        }

        return NumericGroups.From([.. keys], slots.ToArray(), wide: true);
    }

    private sealed class PackedWorker(GroupPlan plan, PackedShape shape)
    {
        private readonly ChunkReader _reader = new(plan);

        public PackedSlots Slots { get; } = new(shape);

        public SpecialCounts Specials { get; } = new(plan);

        public void Add(CubeBlock block) => _reader.Read(block, Specials, (start, keys, mask, selected) =>
        {
            if (selected * 2 >= keys.Length)
            {
                KeyKernel.Seal(mask, keys, (uint)shape.Slots, shape.Lanes);
                Slots.Add(block.Values, start, keys);
            }
            else
            {
                Slots.AddSome(block.Values, start, keys, mask);
            }
        });
    }

    private sealed class FullWorker(GroupPlan plan)
    {
        private readonly ChunkReader _reader = new(plan);
        private readonly long[] _scratch = new long[GroupPlan.Chunk];

        public FullSlot[] Slots { get; } = new FullSlot[(int)plan.Domain];

        public SpecialCounts Specials { get; } = new(plan);

        public void Add(CubeBlock block) => _reader.Read(block, Specials, (start, keys, mask, _) =>
        {
            var values = block.Values.Read(start, keys.Length, _scratch);
            for (var row = 0; row < keys.Length; row++)
            {
                if (mask[row] != 0)
                {
                    FullSlot.Add(ref Slots[keys[row]], values[row]);
                }
            }
        });
    }
}

/// <summary>Walks a block chunk by chunk: mask, narrow keys, special rows; hands the rows with figures to the path.</summary>
internal sealed class ChunkReader(GroupPlan plan)
{
    private readonly byte[] _base = new byte[GroupPlan.Chunk];
    private readonly byte[] _mask = new byte[GroupPlan.Chunk];
    private readonly uint[] _keys = new uint[GroupPlan.Chunk];

    public delegate void Rows(int start, Span<uint> keys, ReadOnlySpan<byte> mask, int selected);

    public void Read(CubeBlock block, SpecialCounts specials, Rows rows)
    {
        var hasSpecial = FilterPlan.AnyIn(plan.Filter.Specials, block);
        for (var start = 0; start < block.Rows; start += GroupPlan.Chunk)
        {
            var count = Math.Min(GroupPlan.Chunk, block.Rows - start);
            var pass = _base.AsSpan(0, count);
            var mask = _mask.AsSpan(0, count);
            var keys = _keys.AsSpan(0, count);
            plan.Filter.Base(block, start, pass);
            KeyKernel.Narrow(plan, block, start, keys);
            if (hasSpecial)
            {
                pass.CopyTo(mask);
                plan.Filter.And(block.Marks, start, plan.Filter.Specials, mask);
                specials.Add(block, start, mask, keys);
            }

            plan.Filter.And(block.Marks, start, plan.Filter.Numbers, pass);
            if (Masks.Count(pass) is > 0 and var selected)
            {
                rows(start, keys, pass, selected);
            }
        }
    }
}
