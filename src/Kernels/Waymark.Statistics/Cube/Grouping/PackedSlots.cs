using System.Buffers;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Waymark.Statistics.Cube.Columns;
using Waymark.Statistics.Cube.Queries;

namespace Waymark.Statistics.Cube.Grouping;

/// <summary>
/// How sum and count share a word: the low <paramref name="Shift"/> bits count, the rest sums. A word is exact for
/// <paramref name="FlushRows"/> rows of magnitude up to <paramref name="MaxMagnitude"/>; then all words are emptied into wide
/// sums. <paramref name="Lanes"/> copies of few slots keep neighbouring rows of a sorted file from waiting for each other.
/// </summary>
internal sealed record PackedShape(int Slots, int Lanes, int Shift, long FlushRows, long Rows, ulong MaxMagnitude)
{
    public static PackedShape For(int slots, CubeBlock[] blocks)
    {
        var rows = blocks.Sum(block => (long)block.Rows);
        var lanes = slots <= 512 ? 4 : slots <= 1024 ? 2 : 1;
        var narrow = blocks.Where(block => block.Values.Width < 8 && block.Values.MaxMagnitude <= 1ul << 31).ToList();
        var magnitude = narrow.Count == 0 ? 1 : Math.Max(1, narrow.Max(block => block.Values.MaxMagnitude));

        // rows × magnitude < 2^(63 − shift) and rows < 2^shift: the widest equal share of the 63 bits.
        var shift = 1;
        while (shift < 40 && Flush(shift + 1) > Flush(shift))
        {
            shift++;
        }

        return new(slots, lanes, shift, Flush(shift), rows, magnitude);

        long Flush(int bits) => Math.Min((1L << bits) - 1, (long)((1ul << (63 - bits)) / magnitude) - 1);
    }

    /// <summary>Emptying the words must be rare against adding rows to them; else the rows go to the wide sums at once.</summary>
    public bool Packs(ValueColumn values) => values.Width < 8 && values.MaxMagnitude <= MaxMagnitude
        && FlushRows >= GroupPlan.Chunk && (FlushRows >= Rows || FlushRows >= 2L * Slots * Lanes);
}

/// <summary>The slots of one worker. The plan has proved that no sum of the whole answer leaves 64 bits.</summary>
internal sealed class PackedSlots(PackedShape shape) : IDisposable
{
    private readonly int _length = shape.Slots * shape.Lanes;
    private readonly long[] _words = Rent(shape.Slots * shape.Lanes);
    private long[]? _sums;
    private long[]? _counts;
    private long _rows;

    /// <summary>Adds all rows; the first slots take those that are out.</summary>
    public void Add(ValueColumn values, int start, ReadOnlySpan<uint> slots)
    {
        if (!MakeRoom(values, slots.Length))
        {
            AddWide(values, start, slots);
            return;
        }

        ref var word = ref MemoryMarshal.GetArrayDataReference(_words);
        var shift = shape.Shift;
        if (values.Width == 0)
        {
            var step = (values.Min << shift) + 1;
            foreach (var slot in slots)
            {
                Unsafe.Add(ref word, slot) += step;
            }

            return;
        }

        // Walking references instead of indices saves three of nine instructions a row in the hottest loop of the house.
        ref var value = ref MemoryMarshal.GetReference(values.AsInts(start, slots.Length));
        ref var at = ref MemoryMarshal.GetReference(slots);
        for (var left = slots.Length; left > 0; left--)
        {
            if (left >= 8)
            {
                Bump(ref word, at, value, shift);
                Bump(ref word, Unsafe.Add(ref at, 1), Unsafe.Add(ref value, 1), shift);
                Bump(ref word, Unsafe.Add(ref at, 2), Unsafe.Add(ref value, 2), shift);
                Bump(ref word, Unsafe.Add(ref at, 3), Unsafe.Add(ref value, 3), shift);
                Bump(ref word, Unsafe.Add(ref at, 4), Unsafe.Add(ref value, 4), shift);
                Bump(ref word, Unsafe.Add(ref at, 5), Unsafe.Add(ref value, 5), shift);
                Bump(ref word, Unsafe.Add(ref at, 6), Unsafe.Add(ref value, 6), shift);
                at = ref Unsafe.Add(ref at, 7);
                value = ref Unsafe.Add(ref value, 7);
                left -= 7;
            }

            Bump(ref word, at, value, shift);
            at = ref Unsafe.Add(ref at, 1);
            value = ref Unsafe.Add(ref value, 1);
        }
    }

    /// <summary>Adds the rows of a thin mask one by one.</summary>
    public void AddSome(ValueColumn values, int start, ReadOnlySpan<uint> keys, ReadOnlySpan<byte> mask)
    {
        var packs = MakeRoom(values, keys.Length);
        for (var row = Masks.Next(mask, 0); row >= 0; row = Masks.Next(mask, row + 1))
        {
            var (slot, value) = (keys[row] + KeyKernel.Spill, values[start + row]);
            if (packs)
            {
                _words[slot] += (value << shape.Shift) + 1;
            }
            else
            {
                _sums![slot] += value;
                _counts![slot]++;
            }
        }
    }

    public void Dispose() => ArrayPool<long>.Shared.Return(_words);

    /// <summary>Joins the workers into columns in key order; large domains are read by several threads.</summary>
    public static NumericGroups Read(PackedSlots[] workers, int domain, int threads)
    {
        var parts = domain < 1 << 16 ? 1 : threads;
        var bounds = Enumerable.Range(0, parts + 1).Select(part => (int)((long)domain * part / parts)).ToArray();
        var (partSums, partCounts) = (new long[domain], new long[domain]);
        var filled = new int[parts];
        Workers.Each(parts, part =>
        {
            for (var key = bounds[part]; key < bounds[part + 1]; key++)
            {
                var (sum, count) = (0L, 0L);
                foreach (var worker in workers)
                {
                    worker.Read(key + KeyKernel.Spill, ref sum, ref count);
                }

                (partSums[key], partCounts[key]) = (sum, count);
                filled[part] += count > 0 ? 1 : 0;
            }
        });

        var total = filled.Sum();
        var keys = new ulong[total];
        var (sums, counts) = total == domain ? (partSums, partCounts) : (new long[total], new long[total]);
        Workers.Each(parts, part =>
        {
            var at = filled.Take(part).Sum();
            for (var key = bounds[part]; key < bounds[part + 1]; key++)
            {
                if (partCounts[key] > 0)
                {
                    (keys[at], sums[at], counts[at]) = ((ulong)key, partSums[key], partCounts[key]);
                    at++;
                }
            }
        });
        return new(keys, new(sums), counts);
    }

    private static long[] Rent(int length)
    {
        var words = ArrayPool<long>.Shared.Rent(length);
        words.AsSpan(0, length).Clear();
        return words;
    }

    private void Read(int slot, ref long sum, ref long count)
    {
        for (var at = slot; at < _length; at += shape.Slots)
        {
            var word = _words[at];
            var rows = word & ((1L << shape.Shift) - 1);
            sum += (word - rows) >> shape.Shift;
            count += rows;
            if (_sums is not null)
            {
                sum += _sums[at];
                count += _counts![at];
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Bump(ref long word, uint slot, int value, int shift) =>
        Unsafe.Add(ref word, slot) += ((long)value << shift) + 1;

    private void AddWide(ValueColumn values, int start, ReadOnlySpan<uint> slots)
    {
        Span<long> scratch = stackalloc long[slots.Length];
        var wide = values.Read(start, slots.Length, scratch);
        for (var i = 0; i < slots.Length; i++)
        {
            _sums![slots[i]] += wide[i];
            _counts![slots[i]]++;
        }
    }

    /// <summary>Empties the words when they might overflow; false when this column must go to the wide sums at once.</summary>
    private bool MakeRoom(ValueColumn values, int rows)
    {
        var packs = shape.Packs(values);
        if (!packs || _rows + rows > shape.FlushRows)
        {
            _sums ??= new long[_length];
            _counts ??= new long[_length];
        }

        if (packs && _rows + rows > shape.FlushRows)
        {
            for (var i = 0; i < _length; i++)
            {
                var count = _words[i] & ((1L << shape.Shift) - 1);
                _sums![i] += (_words[i] - count) >> shape.Shift;
                _counts![i] += count;
            }

            Array.Clear(_words, 0, _length);
            _rows = 0;
        }

        _rows += packs ? rows : 0;
        return packs;
    }
}
