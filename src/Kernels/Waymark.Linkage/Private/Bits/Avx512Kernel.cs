using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Waymark.Linkage.Private;

/// <summary>How five words of weights 1, 1, 2, 4 and 8 become weighted counts per byte.</summary>
internal interface IByteCount512
{
    static abstract Vector512<byte> Fold(Vector512<ulong> ones1, Vector512<ulong> ones2, Vector512<ulong> twos, Vector512<ulong> fours, Vector512<ulong> eights);
}

/// <summary>
/// Eight records a block, their 16 words kept in registers while the rows of a tile pass by. Full adders are two three-input
/// operations each; .NET 10 has no vector population count, so bytes are counted by <typeparamref name="TCount"/>.
/// </summary>
internal readonly struct Avx512Kernel<TCount> : IBlockKernel
    where TCount : struct, IByteCount512
{
    private const byte Sum = 0x96;
    private const byte Carry = 0xE8;

    public static int Lanes => 8;

    public static int BlockWords => IBlockKernel.Words * Lanes;

    public static void Place(ReadOnlySpan<ulong> words, int lane, Span<ulong> block) => IBlockKernel.Interleave(words, lane, Lanes, block);

    public static void Add(ref ulong block, ref ulong rows, int stride, int count, bool fresh, ref ulong counts) =>
        Run<Adding>(ref block, ref rows, stride, count, fresh, ref counts, ref Unsafe.NullRef<long>(), ref Unsafe.NullRef<long>(), ref Unsafe.NullRef<BlockHit>());

    public static int Compare(
        ref ulong block, ref ulong rows, int stride, int count, bool fresh, ref ulong counts, ref long rowLimits, ref long laneLimits, ref BlockHit hits) =>
        fresh
            ? Run<ComparingAll>(ref block, ref rows, stride, count, fresh, ref counts, ref rowLimits, ref laneLimits, ref hits)
            : Run<Comparing>(ref block, ref rows, stride, count, fresh, ref counts, ref rowLimits, ref laneLimits, ref hits);

    private readonly struct Adding;

    private readonly struct Comparing;

    private readonly struct ComparingAll;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int Run<TMode>(
        ref ulong block, ref ulong rows, int stride, int count, bool fresh, ref ulong counts, ref long rowLimits, ref long laneLimits, ref BlockHit hits)
        where TMode : struct
    {
        var b0 = Vector512.LoadUnsafe(ref block, 0);
        var b1 = Vector512.LoadUnsafe(ref block, 8);
        var b2 = Vector512.LoadUnsafe(ref block, 16);
        var b3 = Vector512.LoadUnsafe(ref block, 24);
        var b4 = Vector512.LoadUnsafe(ref block, 32);
        var b5 = Vector512.LoadUnsafe(ref block, 40);
        var b6 = Vector512.LoadUnsafe(ref block, 48);
        var b7 = Vector512.LoadUnsafe(ref block, 56);
        var b8 = Vector512.LoadUnsafe(ref block, 64);
        var b9 = Vector512.LoadUnsafe(ref block, 72);
        var b10 = Vector512.LoadUnsafe(ref block, 80);
        var b11 = Vector512.LoadUnsafe(ref block, 88);
        var b12 = Vector512.LoadUnsafe(ref block, 96);
        var b13 = Vector512.LoadUnsafe(ref block, 104);
        var b14 = Vector512.LoadUnsafe(ref block, 112);
        var b15 = Vector512.LoadUnsafe(ref block, 120);
        var limits = typeof(TMode) == typeof(Adding) ? Vector512<long>.Zero : Vector512.LoadUnsafe(ref laneLimits);
        var found = 0;
        ref var a = ref rows;
        for (var row = 0; row < count; row++)
        {
            // Long chains first, so that their carries are ready when the second half needs them.
            var x0 = b0 & Vector512.Create(a);
            var x1 = b1 & Vector512.Create(Unsafe.Add(ref a, 1));
            var x2 = b2 & Vector512.Create(Unsafe.Add(ref a, 2));
            var s0 = Avx512F.TernaryLogic(x0, x1, x2, Sum);
            var c0 = Avx512F.TernaryLogic(x0, x1, x2, Carry);
            var x3 = b3 & Vector512.Create(Unsafe.Add(ref a, 3));
            var x4 = b4 & Vector512.Create(Unsafe.Add(ref a, 4));
            var x5 = b5 & Vector512.Create(Unsafe.Add(ref a, 5));
            var s1 = Avx512F.TernaryLogic(x3, x4, x5, Sum);
            var c1 = Avx512F.TernaryLogic(x3, x4, x5, Carry);
            var x6 = b6 & Vector512.Create(Unsafe.Add(ref a, 6));
            var ones1 = Avx512F.TernaryLogic(s0, s1, x6, Sum);
            var c2 = Avx512F.TernaryLogic(s0, s1, x6, Carry);
            var t0 = Avx512F.TernaryLogic(c0, c1, c2, Sum);
            var d0 = Avx512F.TernaryLogic(c0, c1, c2, Carry);
            var x7 = b7 & Vector512.Create(Unsafe.Add(ref a, 7));
            var x8 = b8 & Vector512.Create(Unsafe.Add(ref a, 8));
            var x9 = b9 & Vector512.Create(Unsafe.Add(ref a, 9));
            var s2 = Avx512F.TernaryLogic(x7, x8, x9, Sum);
            var c3 = Avx512F.TernaryLogic(x7, x8, x9, Carry);
            var x10 = b10 & Vector512.Create(Unsafe.Add(ref a, 10));
            var x11 = b11 & Vector512.Create(Unsafe.Add(ref a, 11));
            var x12 = b12 & Vector512.Create(Unsafe.Add(ref a, 12));
            var s3 = Avx512F.TernaryLogic(x10, x11, x12, Sum);
            var c4 = Avx512F.TernaryLogic(x10, x11, x12, Carry);
            var x13 = b13 & Vector512.Create(Unsafe.Add(ref a, 13));
            var s4 = Avx512F.TernaryLogic(s2, s3, x13, Sum);
            var c5 = Avx512F.TernaryLogic(s2, s3, x13, Carry);
            var t1 = Avx512F.TernaryLogic(c3, c4, c5, Sum);
            var d1 = Avx512F.TernaryLogic(c3, c4, c5, Carry);
            var x14 = b14 & Vector512.Create(Unsafe.Add(ref a, 14));
            var x15 = b15 & Vector512.Create(Unsafe.Add(ref a, 15));
            var ones2 = Avx512F.TernaryLogic(s4, x14, x15, Sum);
            var c6 = Avx512F.TernaryLogic(s4, x14, x15, Carry);
            var twos = Avx512F.TernaryLogic(t0, t1, c6, Sum);
            var d2 = Avx512F.TernaryLogic(t0, t1, c6, Carry);
            var fours = Avx512F.TernaryLogic(d0, d1, d2, Sum);
            var eights = Avx512F.TernaryLogic(d0, d1, d2, Carry);
            var bytes = TCount.Fold(ones1, ones2, twos, fours, eights);
            var common = Avx512BW.SumAbsoluteDifferences(bytes, Vector512<byte>.Zero).AsUInt64();

            if (typeof(TMode) == typeof(Adding))
            {
                var before = fresh ? Vector512<ulong>.Zero : Vector512.LoadUnsafe(ref counts, (nuint)(row * 8));
                (before + common).StoreUnsafe(ref counts, (nuint)(row * 8));
            }
            else
            {
                if (typeof(TMode) == typeof(Comparing))
                {
                    common += Vector512.LoadUnsafe(ref counts, (nuint)(row * 8));
                }

                var hit = Vector512.GreaterThanOrEqual((common << 16).AsInt64(), limits + Vector512.Create(Unsafe.Add(ref rowLimits, row)));
                var mask = hit.ExtractMostSignificantBits();
                if (mask != 0)
                {
                    common.StoreUnsafe(ref counts, (nuint)(row * 8));
                    Unsafe.Add(ref hits, found++) = new(row, mask);
                }
            }

            a = ref Unsafe.Add(ref a, stride);
        }

        return found;
    }
}

/// <summary>Byte counts by two lookups of a nibble per word.</summary>
internal readonly struct NibbleCount512 : IByteCount512
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<byte> Fold(Vector512<ulong> ones1, Vector512<ulong> ones2, Vector512<ulong> twos, Vector512<ulong> fours, Vector512<ulong> eights)
    {
        var bytes = OnesPerByte(eights);
        bytes = bytes + bytes + OnesPerByte(fours);
        bytes = bytes + bytes + OnesPerByte(twos);
        return bytes + bytes + OnesPerByte(ones1) + OnesPerByte(ones2);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<byte> OnesPerByte(Vector512<ulong> bits)
    {
        var table = Vector512.Create(Vector256.Create(
            (byte)0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4, 0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4));
        var low = Vector512.Create((byte)15);
        return Avx512BW.Shuffle(table, bits.AsByte() & low) + Avx512BW.Shuffle(table, (bits.AsUInt16() >> 4).AsByte() & low);
    }
}

/// <summary>
/// Byte counts by one lookup of seven bits per word; the five top bits, gathered into one byte, are weighed by a sixth lookup.
/// </summary>
internal readonly struct VbmiCount512 : IByteCount512
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<byte> Fold(Vector512<ulong> ones1, Vector512<ulong> ones2, Vector512<ulong> twos, Vector512<ulong> fours, Vector512<ulong> eights)
    {
        // Tables are written out so that they are constants of the compiled code. Number of bits of 0…63; the lookup of seven bits
        // takes it twice, the second time one higher.
        var low = Vector512.Create(
            0x0302020102010100UL, 0x0403030203020201UL, 0x0403030203020201UL, 0x0504040304030302UL,
            0x0403030203020201UL, 0x0504040304030302UL, 0x0504040304030302UL, 0x0605050405040403UL).AsByte();
        var high = Vector512.Create(
            0x0403030203020201UL, 0x0504040304030302UL, 0x0504040304030302UL, 0x0605050405040403UL,
            0x0504040304030302UL, 0x0605050405040403UL, 0x0605050405040403UL, 0x0706060506050504UL).AsByte();

        // Bit 4: eights, bit 3: fours, bit 2: twos, bits 1 and 0: ones; bit 5 of the index is somebody else's.
        var weights = Vector512.Create(
            0x0403030202010100UL, 0x0807070606050504UL, 0x0C0B0B0A0A090908UL, 0x100F0F0E0E0D0D0CUL,
            0x0403030202010100UL, 0x0807070606050504UL, 0x0C0B0B0A0A090908UL, 0x100F0F0E0E0D0D0CUL).AsByte();

        // TernaryLogic 0xCA chooses: where the first is set take the second, else the third.
        const byte choose = 0xCA;
        var top = Avx512F.TernaryLogic(Vector512.Create(0x0202020202020202UL), ones1 >> 6, ones2 >> 7, choose);
        top = Avx512F.TernaryLogic(Vector512.Create(0x0404040404040404UL), twos >> 5, top, choose);
        top = Avx512F.TernaryLogic(Vector512.Create(0x0808080808080808UL), fours >> 4, top, choose);
        top = Avx512F.TernaryLogic(Vector512.Create(0x1010101010101010UL), eights >> 3, top, choose);
        var bytes = Avx512Vbmi.PermuteVar64x8x2(low, eights.AsByte(), high);
        bytes = bytes + bytes + Avx512Vbmi.PermuteVar64x8x2(low, fours.AsByte(), high);
        bytes = bytes + bytes + Avx512Vbmi.PermuteVar64x8x2(low, twos.AsByte(), high);
        var ones = Avx512Vbmi.PermuteVar64x8x2(low, ones1.AsByte(), high) + Avx512Vbmi.PermuteVar64x8x2(low, ones2.AsByte(), high);
        return bytes + bytes + ones + Avx512Vbmi.PermuteVar64x8(weights, top.AsByte());
    }
}
