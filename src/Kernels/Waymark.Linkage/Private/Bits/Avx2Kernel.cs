using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Waymark.Linkage.Private;

/// <summary>
/// Four records a block. Eleven full adders turn 16 words into five of weights 1, 1, 2, 4 and 8 (Harley and Seal; Muła, Kurz and
/// Lemire 2018), so that only five are counted byte by byte.
/// </summary>
internal readonly struct Avx2Kernel : IBlockKernel
{
    public static int Lanes => 4;

    public static void Add(ref ulong block, ref ulong rows, int stride, int count, bool fresh, ref ulong counts)
    {
        for (var row = 0; row < count; row++)
        {
            var common = Count(ref block, ref Unsafe.Add(ref rows, row * stride));
            var before = fresh ? Vector256<ulong>.Zero : Vector256.LoadUnsafe(ref counts, (nuint)(row * 4));
            (before + common).StoreUnsafe(ref counts, (nuint)(row * 4));
        }
    }

    public static int Compare(
        ref ulong block, ref ulong rows, int stride, int count, bool fresh, ref ulong counts, ref long rowLimits, ref long laneLimits, ref int hits)
    {
        var found = 0;
        var limits = Vector256.LoadUnsafe(ref laneLimits);
        for (var row = 0; row < count; row++)
        {
            var common = Count(ref block, ref Unsafe.Add(ref rows, row * stride));
            common = fresh ? common : common + Vector256.LoadUnsafe(ref counts, (nuint)(row * 4));

            // AVX2 has only "greater than"; a miss is limit > count.
            var miss = Vector256.GreaterThan(limits + Vector256.Create(Unsafe.Add(ref rowLimits, row)), (common << 16).AsInt64());
            var mask = ~(int)miss.ExtractMostSignificantBits() & 15;
            if (mask != 0)
            {
                common.StoreUnsafe(ref counts, (nuint)(row * 4));
                Unsafe.Add(ref hits, found++) = (row << 8) | mask;
            }
        }

        return found;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<ulong> Count(ref ulong block, ref ulong row)
    {
        var (s0, c0) = Full(Both(ref block, ref row, 0), Both(ref block, ref row, 1), Both(ref block, ref row, 2));
        var (s1, c1) = Full(Both(ref block, ref row, 3), Both(ref block, ref row, 4), Both(ref block, ref row, 5));
        var (ones1, c2) = Full(s0, s1, Both(ref block, ref row, 6));
        var (t0, d0) = Full(c0, c1, c2);
        var (s2, c3) = Full(Both(ref block, ref row, 7), Both(ref block, ref row, 8), Both(ref block, ref row, 9));
        var (s3, c4) = Full(Both(ref block, ref row, 10), Both(ref block, ref row, 11), Both(ref block, ref row, 12));
        var (s4, c5) = Full(s2, s3, Both(ref block, ref row, 13));
        var (t1, d1) = Full(c3, c4, c5);
        var (ones2, c6) = Full(s4, Both(ref block, ref row, 14), Both(ref block, ref row, 15));
        var (twos, d2) = Full(t0, t1, c6);
        var (fours, eights) = Full(d0, d1, d2);

        var bytes = OnesPerByte(eights);
        bytes = bytes + bytes + OnesPerByte(fours);
        bytes = bytes + bytes + OnesPerByte(twos);
        bytes = bytes + bytes + OnesPerByte(ones1) + OnesPerByte(ones2);
        return Avx2.SumAbsoluteDifferences(bytes, Vector256<byte>.Zero).AsUInt64();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<ulong> Both(ref ulong block, ref ulong row, int k) =>
        Vector256.LoadUnsafe(ref block, (nuint)(k * 4)) & Vector256.Create(Unsafe.Add(ref row, k));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector256<ulong> Sum, Vector256<ulong> Carry) Full(Vector256<ulong> a, Vector256<ulong> b, Vector256<ulong> c)
    {
        var differ = a ^ b;
        return (differ ^ c, (a & b) | (differ & c));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<byte> OnesPerByte(Vector256<ulong> bits)
    {
        var table = Vector256.Create(
            (byte)0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4, 0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4);
        var low = Vector256.Create((byte)15);
        return Avx2.Shuffle(table, bits.AsByte() & low) + Avx2.Shuffle(table, (bits.AsUInt16() >> 4).AsByte() & low);
    }
}
