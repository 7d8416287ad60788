using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Waymark.Statistics.Cube.Columns;

namespace Waymark.Statistics.Cube.Grouping;

/// <summary>Composite keys of a run of rows: the sum of rank × stride over the grouped columns.</summary>
internal static class KeyKernel
{
    /// <summary>Keys of a domain below 2³¹, by SIMD.</summary>
    public static void Narrow(GroupPlan plan, CubeBlock block, int start, Span<uint> keys)
    {
        var constant = 0u;
        for (var i = 0; i < plan.Columns.Length; i++)
        {
            var column = plan.Columns[i];
            var key = block.Keys[column.Column];
            constant += key.Width == 0 ? (column.RankOf is { } ranks ? ranks[key.Min] : (uint)key.Min) * (uint)plan.Strides[i] : 0;
        }

        keys.Fill(constant);
        for (var i = 0; i < plan.Columns.Length; i++)
        {
            var column = plan.Columns[i];
            var (key, stride) = (block.Keys[column.Column], (uint)plan.Strides[i]);
            if (key.Width == 0)
            {
                continue;
            }

            if (column.RankOf is { } ranks)
            {
                for (var row = 0; row < keys.Length; row++)
                {
                    keys[row] += ranks[key[start + row]] * stride;
                }
            }
            else if (key.Width == 1)
            {
                Add(key.AsBytes(start, keys.Length), stride, keys);
            }
            else if (key.Width == 2)
            {
                Add(key.AsShorts(start, keys.Length), stride, keys);
            }
            else
            {
                Add(key.AsInts(start, keys.Length), stride, keys);
            }
        }
    }

    /// <summary>Keys of a domain below 2⁶².</summary>
    public static void Wide(GroupPlan plan, CubeBlock block, int start, Span<ulong> keys)
    {
        if (plan.Domain < int.MaxValue)
        {
            Span<uint> narrow = stackalloc uint[keys.Length];
            Narrow(plan, block, start, narrow);
            for (var row = 0; row < keys.Length; row++)
            {
                keys[row] = narrow[row];
            }

            return;
        }

        keys.Clear();
        for (var i = 0; i < plan.Columns.Length; i++)
        {
            var column = plan.Columns[i];
            var (key, stride) = (block.Keys[column.Column], plan.Strides[i]);
            switch (column.RankOf, key.Width)
            {
                case (null, 1):
                    var bytes = key.AsBytes(start, keys.Length);
                    for (var row = 0; row < keys.Length; row++)
                    {
                        keys[row] += bytes[row] * stride;
                    }

                    break;
                case (null, 2):
                    var shorts = key.AsShorts(start, keys.Length);
                    for (var row = 0; row < keys.Length; row++)
                    {
                        keys[row] += shorts[row] * stride;
                    }

                    break;
                case (null, _):
                    for (var row = 0; row < keys.Length; row++)
                    {
                        keys[row] += (ulong)key[start + row] * stride;
                    }

                    break;
                default:
                    for (var row = 0; row < keys.Length; row++)
                    {
                        keys[row] += column.RankOf[key[start + row]] * stride;
                    }

                    break;
            }
        }
    }

    /// <summary>Slots before the first real one: rows that are out are added there, to different ones in turn.</summary>
    public const int Spill = 8;

    /// <summary>
    /// Turns keys into slots: <see cref="Spill"/> + key where the mask is on, one of the first eight (which nobody reads)
    /// where it is off, so that the adding loop needs no branch. With more than one lane, neighbouring rows go to different
    /// copies of the slots: rows of a sorted file hit one group again and again, and would otherwise wait for each other.
    /// </summary>
    public static void Seal(ReadOnlySpan<byte> mask, Span<uint> keys, uint lane, int lanes)
    {
        ref var key = ref MemoryMarshal.GetReference(keys);
        ref var bit = ref MemoryMarshal.GetReference(mask);
        var i = 0;
        if (Vector256.IsHardwareAccelerated)
        {
            var indices = Vector256<uint>.Indices;
            var offset = Vector256.Create((uint)Spill) + ((indices & Vector256.Create((uint)lanes - 1)) * lane);
            for (; i <= keys.Length - 8; i += 8)
            {
                var eight = Vector128.CreateScalarUnsafe(Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref bit, i))).AsSByte();
                var (low, _) = Vector128.Widen(eight);
                var on = Vector256.Create(Vector128.WidenLower(low), Vector128.WidenUpper(low)).AsUInt32();
                Vector256.ConditionalSelect(on, Vector256.LoadUnsafe(ref key, (nuint)i) + offset, indices).StoreUnsafe(ref key, (nuint)i);
            }
        }

        for (; i < keys.Length; i++)
        {
            keys[i] = mask[i] == 0 ? (uint)i % Spill : keys[i] + Spill + ((uint)(i & (lanes - 1)) * lane);
        }
    }

    private static void Add(ReadOnlySpan<byte> codes, uint stride, Span<uint> keys)
    {
        ref var code = ref MemoryMarshal.GetReference(codes);
        ref var key = ref MemoryMarshal.GetReference(keys);
        var i = 0;
        if (Vector256.IsHardwareAccelerated)
        {
            var times = Vector256.Create(stride);
            for (; i <= keys.Length - 32; i += 32)
            {
                var (low, high) = Vector256.Widen(Vector256.LoadUnsafe(ref code, (nuint)i));
                Add(low, times, ref key, i);
                Add(high, times, ref key, i + 16);
            }
        }

        for (; i < keys.Length; i++)
        {
            keys[i] += codes[i] * stride;
        }
    }

    private static void Add(ReadOnlySpan<ushort> codes, uint stride, Span<uint> keys)
    {
        ref var code = ref MemoryMarshal.GetReference(codes);
        ref var key = ref MemoryMarshal.GetReference(keys);
        var i = 0;
        if (Vector256.IsHardwareAccelerated)
        {
            var times = Vector256.Create(stride);
            for (; i <= keys.Length - 16; i += 16)
            {
                Add(Vector256.LoadUnsafe(ref code, (nuint)i), times, ref key, i);
            }
        }

        for (; i < keys.Length; i++)
        {
            keys[i] += codes[i] * stride;
        }
    }

    private static void Add(ReadOnlySpan<int> codes, uint stride, Span<uint> keys)
    {
        for (var i = 0; i < keys.Length; i++)
        {
            keys[i] += (uint)codes[i] * stride;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(Vector256<ushort> codes, Vector256<uint> times, ref uint key, int at)
    {
        var (low, high) = Vector256.Widen(codes);
        (Vector256.LoadUnsafe(ref key, (nuint)at) + (low * times)).StoreUnsafe(ref key, (nuint)at);
        (Vector256.LoadUnsafe(ref key, (nuint)at + 8) + (high * times)).StoreUnsafe(ref key, (nuint)at + 8);
    }
}
