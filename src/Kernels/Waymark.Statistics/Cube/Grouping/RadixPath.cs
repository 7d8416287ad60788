using System.Buffers;
using System.Runtime.CompilerServices;
using Waymark.Statistics.Cube.Columns;

namespace Waymark.Statistics.Cube.Grouping;

/// <summary>A row on its way to its partition: key and value, in 8 bytes when both fit 32 bits, else in 16.</summary>
internal interface IEntry<TSelf> where TSelf : struct, IEntry<TSelf>
{
    ulong Key { get; }

    long Value { get; }

    static abstract TSelf Of(ulong key, long value);
}

internal readonly struct NarrowEntry : IEntry<NarrowEntry>
{
    private readonly ulong _bits;

    private NarrowEntry(ulong bits) => _bits = bits;

    public ulong Key => _bits >> 32;

    public long Value => (int)_bits;

    public static NarrowEntry Of(ulong key, long value) => new((key << 32) | (uint)value);
}

internal readonly record struct WideEntry(ulong Key, long Value) : IEntry<WideEntry>
{
    public static WideEntry Of(ulong key, long value) => new(key, value);
}

/// <summary>
/// Many groups: rows are first thrown into partitions by key range, then each partition is grouped in a table that fits the
/// cache. Ranges keep the order of keys, so joining the partitions needs no further sort.
/// </summary>
internal static class RadixPath
{
    private const int Page = 4096;

    public static NumericGroups Run<TEntry, TSlot>(
        GroupPlan plan, CubeBlock[] blocks, List<SpecialCounts> specials, bool wide, CancellationToken cancellationToken)
        where TEntry : struct, IEntry<TEntry>
        where TSlot : struct, ISlot<TSlot>
    {
        var partitions = blocks.Sum(block => (long)block.Rows) > 1 << 21 ? 256 : 32;
        var domain = (ulong)plan.Domain;
        var shift = 0;
        while (domain >> shift >= (ulong)partitions)
        {
            shift++;
        }

        partitions = (int)(domain >> shift) + 1;
        var workers = Workers.Run(blocks, plan.Threads, () => new Worker<TEntry>(plan, partitions, shift),
            (worker, block) => worker.Add(block), cancellationToken);
        specials.AddRange(workers.Select(worker => worker.Specials));

        var (keys, slots) = (new ulong[partitions][], new TSlot[partitions][]);
        var next = -1;
        Workers.Each(plan.Threads, _ =>
        {
            var table = new GroupTable<TSlot>();
            for (var part = Interlocked.Increment(ref next); part < partitions; part = Interlocked.Increment(ref next))
            {
                cancellationToken.ThrowIfCancellationRequested();
                table.Clear();
                foreach (var worker in workers)
                {
                    worker.Drain(part, table);
                }

                (keys[part], slots[part]) = table.ToSorted();
            }
        });
        return NumericGroups.From(Join(keys), Join(slots), wide);
    }

    private static T[] Join<T>(T[][] parts)
    {
        var joined = new T[parts.Sum(part => part.Length)];
        var at = 0;
        foreach (var part in parts)
        {
            part.CopyTo(joined, at);
            at += part.Length;
        }

        return joined;
    }

    private sealed class Worker<TEntry>(GroupPlan plan, int partitions, int shift) where TEntry : struct, IEntry<TEntry>
    {
        private readonly WideReader _reader = new(plan);
        private readonly TEntry[][] _open = [.. Enumerable.Range(0, partitions).Select(_ => ArrayPool<TEntry>.Shared.Rent(Page))];
        private readonly int[] _filled = new int[partitions];
        private readonly List<TEntry[]>[] _full = [.. Enumerable.Range(0, partitions).Select(_ => new List<TEntry[]>())];

        public SpecialCounts Specials { get; } = new(plan);

        public void Add(CubeBlock block)
        {
            for (var start = 0; start < block.Rows; start += GroupPlan.Chunk)
            {
                var count = _reader.Read(block, start, Specials);
                var (keys, values) = (_reader.Keys, _reader.Values);
                for (var i = 0; i < count; i++)
                {
                    var part = (int)(keys[i] >> shift);
                    ref var filled = ref _filled[part];
                    _open[part][filled] = TEntry.Of(keys[i], values[i]);
                    if (++filled == Page)
                    {
                        Turn(part);
                    }
                }
            }
        }

        public void Drain<TSlot>(int part, GroupTable<TSlot> table) where TSlot : struct, ISlot<TSlot>
        {
            foreach (var page in _full[part])
            {
                Drain(page.AsSpan(0, Page), table);
                ArrayPool<TEntry>.Shared.Return(page);
            }

            Drain(_open[part].AsSpan(0, _filled[part]), table);
            ArrayPool<TEntry>.Shared.Return(_open[part]);
        }

        private static void Drain<TSlot>(ReadOnlySpan<TEntry> entries, GroupTable<TSlot> table) where TSlot : struct, ISlot<TSlot>
        {
            foreach (ref readonly var entry in entries)
            {
                TSlot.Add(ref table.Of(entry.Key), entry.Value);
            }
        }

        [MethodImpl(MethodImplOptions.NoInlining)]
        private void Turn(int part)
        {
            _full[part].Add(_open[part]);
            _open[part] = ArrayPool<TEntry>.Shared.Rent(Page);
            _filled[part] = 0;
        }
    }
}
