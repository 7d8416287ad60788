using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace Waymark.Linkage.Private;

/// <summary>Two records a block: Arm counts bits of bytes by itself; on x64 two lookups of a nibble stand in for it.</summary>
internal readonly struct Vector128Kernel : IBlockKernel
{
    public static int Lanes => 2;

    public static int BlockWords => IBlockKernel.Words * Lanes;

    public static void Place(ReadOnlySpan<ulong> words, int lane, Span<ulong> block) => IBlockKernel.Interleave(words, lane, Lanes, block);

    public static void Add(ref ulong block, ref ulong rows, int stride, int count, bool fresh, ref ulong counts)
    {
        for (var row = 0; row < count; row++)
        {
            var common = Count(ref block, ref Unsafe.Add(ref rows, row * stride));
            var before = fresh ? Vector128<ulong>.Zero : Vector128.LoadUnsafe(ref counts, (nuint)(row * 2));
            (before + common).StoreUnsafe(ref counts, (nuint)(row * 2));
        }
    }

    public static int Compare(
        ref ulong block, ref ulong rows, int stride, int count, bool fresh, ref ulong counts, ref long rowLimits, ref long laneLimits, ref BlockHit hits)
    {
        var found = 0;
        var limits = Vector128.LoadUnsafe(ref laneLimits);
        for (var row = 0; row < count; row++)
        {
            var common = Count(ref block, ref Unsafe.Add(ref rows, row * stride));
            common = fresh ? common : common + Vector128.LoadUnsafe(ref counts, (nuint)(row * 2));
            var hit = Vector128.GreaterThanOrEqual((common << 16).AsInt64(), limits + Vector128.Create(Unsafe.Add(ref rowLimits, row)));
            if (hit != Vector128<long>.Zero)
            {
                common.StoreUnsafe(ref counts, (nuint)(row * 2));
                Unsafe.Add(ref hits, found++) = new(row, hit.ExtractMostSignificantBits());
            }
        }

        return found;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<ulong> Count(ref ulong block, ref ulong row)
    {
        // 16 words give at most 128 in a byte, so bytes do not overflow.
        var bytes = Vector128<byte>.Zero;
        for (var k = 0; k < IBlockKernel.Words; k++)
        {
            var both = Vector128.LoadUnsafe(ref block, (nuint)(k * 2)) & Vector128.Create(Unsafe.Add(ref row, k));
            bytes += OnesPerByte(both.AsByte());
        }

        return SumPerLane(bytes);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> OnesPerByte(Vector128<byte> bits)
    {
        if (AdvSimd.Arm64.IsSupported)
        {
            return AdvSimd.PopCount(bits);
        }

        var table = Vector128.Create((byte)0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4);
        var low = Vector128.Create((byte)15);
        return Ssse3.Shuffle(table, bits & low) + Ssse3.Shuffle(table, (bits.AsUInt16() >> 4).AsByte() & low);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<ulong> SumPerLane(Vector128<byte> bytes) => AdvSimd.Arm64.IsSupported
        ? AdvSimd.AddPairwiseWidening(AdvSimd.AddPairwiseWidening(AdvSimd.AddPairwiseWidening(bytes)))
        : Sse2.SumAbsoluteDifferences(bytes, Vector128<byte>.Zero).AsUInt64();
}
