using System.Numerics;
using System.Runtime.CompilerServices;

namespace Waymark.Linkage.Private;

/// <summary>One record a block, one word at a time: what "common bits" means.</summary>
internal readonly struct ScalarKernel : IBlockKernel
{
    public static int Lanes => 1;

    public static int BlockWords => IBlockKernel.Words * Lanes;

    public static void Place(ReadOnlySpan<ulong> words, int lane, Span<ulong> block) => IBlockKernel.Interleave(words, lane, Lanes, block);

    public static void Add(ref ulong block, ref ulong rows, int stride, int count, bool fresh, ref ulong counts)
    {
        for (var row = 0; row < count; row++)
        {
            var before = fresh ? 0 : Unsafe.Add(ref counts, row);
            Unsafe.Add(ref counts, row) = before + Count(ref block, ref Unsafe.Add(ref rows, row * stride));
        }
    }

    public static int Compare(
        ref ulong block, ref ulong rows, int stride, int count, bool fresh, ref ulong counts, ref long rowLimits, ref long laneLimits, ref BlockHit hits)
    {
        var found = 0;
        for (var row = 0; row < count; row++)
        {
            var common = Count(ref block, ref Unsafe.Add(ref rows, row * stride)) + (fresh ? 0 : Unsafe.Add(ref counts, row));
            if ((long)common << 16 >= Unsafe.Add(ref rowLimits, row) + laneLimits)
            {
                Unsafe.Add(ref counts, row) = common;
                Unsafe.Add(ref hits, found++) = new(row, 1);
            }
        }

        return found;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Count(ref ulong block, ref ulong row)
    {
        // Four sums, so that one addition does not wait for the one before.
        var (a, b, c, d) = (0, 0, 0, 0);
        for (var k = 0; k < IBlockKernel.Words; k += 4)
        {
            a += BitOperations.PopCount(Unsafe.Add(ref block, k) & Unsafe.Add(ref row, k));
            b += BitOperations.PopCount(Unsafe.Add(ref block, k + 1) & Unsafe.Add(ref row, k + 1));
            c += BitOperations.PopCount(Unsafe.Add(ref block, k + 2) & Unsafe.Add(ref row, k + 2));
            d += BitOperations.PopCount(Unsafe.Add(ref block, k + 3) & Unsafe.Add(ref row, k + 3));
        }

        return (ulong)(a + b + c + d);
    }
}
