using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Waymark.Linkage.Private;

/// <summary>
/// 64 records a block. A row becomes a table for each of its nibbles, which says for the sixteen nibbles a record may have there how many bits both have;
/// one byte shuffle then looks up sixteen records at once, the low nibbles of a byte in one half of the vector and the high ones in the other, and no bit
/// is ever counted (lookup tables in registers: André, Kermarrec and Le Scouarnec 2015). Two rows share each load of a block.
/// </summary>
internal readonly struct Avx2Kernel : IBlockKernel
{
    private const int Bytes = IBlockKernel.Words * 8;

    /// <summary>For each byte of a row the table of its low and that of its high nibble.</summary>
    private const int RowBytes = Bytes * 32;

    /// <summary>A nibble adds at most 4 to a count of one byte, so 63 could be added before it overflows; three steps are about equally long.</summary>
    private const int Step = 43;

    public static int Lanes => 64;

    public static int TileRows => 48;

    public static int RowWords => RowBytes / 8;

    public static int BlockWords => Bytes * Lanes * 2 / 8;

    /// <summary>How many bits a nibble (16 bytes for each) has in common with 0 to 15.</summary>
    private static ReadOnlySpan<byte> CommonOnes =>
    [
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
        0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1,
        0, 0, 1, 1, 0, 0, 1, 1, 0, 0, 1, 1, 0, 0, 1, 1,
        0, 1, 1, 2, 0, 1, 1, 2, 0, 1, 1, 2, 0, 1, 1, 2,
        0, 0, 0, 0, 1, 1, 1, 1, 0, 0, 0, 0, 1, 1, 1, 1,
        0, 1, 0, 1, 1, 2, 1, 2, 0, 1, 0, 1, 1, 2, 1, 2,
        0, 0, 1, 1, 1, 1, 2, 2, 0, 0, 1, 1, 1, 1, 2, 2,
        0, 1, 1, 2, 1, 2, 2, 3, 0, 1, 1, 2, 1, 2, 2, 3,
        0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1,
        0, 1, 0, 1, 0, 1, 0, 1, 1, 2, 1, 2, 1, 2, 1, 2,
        0, 0, 1, 1, 0, 0, 1, 1, 1, 1, 2, 2, 1, 1, 2, 2,
        0, 1, 1, 2, 0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3,
        0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 2, 2, 2, 2,
        0, 1, 0, 1, 1, 2, 1, 2, 1, 2, 1, 2, 2, 3, 2, 3,
        0, 0, 1, 1, 1, 1, 2, 2, 1, 1, 2, 2, 2, 2, 3, 3,
        0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4,
    ];

    /// <summary>For each byte and sixteen records: their low nibbles, then their high ones.</summary>
    public static void Place(ReadOnlySpan<ulong> words, int lane, Span<ulong> block)
    {
        var from = MemoryMarshal.AsBytes(words);
        var to = MemoryMarshal.AsBytes(block)[((lane / 16 * 32) + (lane % 16))..];
        for (var p = 0; p < from.Length; p++)
        {
            to[p * Lanes * 2] = (byte)(from[p] & 15);
            to[(p * Lanes * 2) + 16] = (byte)(from[p] >> 4);
        }
    }

    public static void Prepare(ReadOnlySpan<ulong> words, Span<ulong> row)
    {
        var from = MemoryMarshal.AsBytes(words);
        var to = MemoryMarshal.AsBytes(row);
        for (var p = 0; p < from.Length; p++)
        {
            CommonOnes.Slice((from[p] & 15) * 16, 16).CopyTo(to[(p * 32)..]);
            CommonOnes.Slice((from[p] >> 4) * 16, 16).CopyTo(to[((p * 32) + 16)..]);
        }
    }

    public static void Add(ref ulong block, ref ulong rows, int stride, int count, bool fresh, ref ulong counts)
    {
        for (var row = 0; row < count; row += 2)
        {
            Two(ref Unsafe.As<ulong, byte>(ref block), ref Unsafe.As<ulong, byte>(ref Unsafe.Add(ref rows, row * stride)), stride * 8, fresh, ref CountsOf(ref counts, row));
        }
    }

    public static int Compare(
        ref ulong block, ref ulong rows, int stride, int count, bool fresh, ref ulong counts, ref long rowLimits, ref long laneLimits, ref BlockHit hits)
    {
        Add(ref block, ref rows, stride, count, fresh, ref counts);
        var lowest = long.MaxValue;
        for (var lane = 0; lane < Lanes; lane++)
        {
            lowest = Math.Min(lowest, Unsafe.Add(ref laneLimits, lane));
        }

        var found = 0;
        for (var row = 0; row < count; row++)
        {
            // The lanes have nearly as many ones, so few rows pass this and fail the limit of each lane.
            var needed = (Unsafe.Add(ref rowLimits, row) + lowest + 65535) >> 16;
            ref var common = ref CountsOf(ref counts, row);
            if (needed > BitRecords.MostBits || !Reaches(ref common, (short)(needed - 1)))
            {
                continue;
            }

            var mask = 0UL;
            for (var lane = 0; lane < Lanes; lane++)
            {
                mask |= (long)Unsafe.Add(ref common, lane) << 16 >= Unsafe.Add(ref rowLimits, row) + Unsafe.Add(ref laneLimits, lane) ? 1UL << lane : 0;
            }

            if (mask != 0)
            {
                // From the end, since a count moves to where later ones stood.
                for (var lane = Lanes - 1; lane >= 0; lane--)
                {
                    Unsafe.Add(ref counts, (row * Lanes) + lane) = Unsafe.Add(ref common, lane);
                }

                Unsafe.Add(ref hits, found++) = new(row, mask);
            }
        }

        return found;
    }

    /// <summary>Until they are handed out, the counts of a row take two bytes each, at the start of its place.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ref ushort CountsOf(ref ulong counts, int row) => ref Unsafe.As<ulong, ushort>(ref Unsafe.Add(ref counts, row * Lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool Reaches(ref ushort common, short below)
    {
        var limit = Vector256.Create(below);
        ref var at = ref Unsafe.As<ushort, short>(ref common);
        var reached = Vector256.GreaterThan(Vector256.LoadUnsafe(ref at), limit) | Vector256.GreaterThan(Vector256.LoadUnsafe(ref at, 16), limit)
            | Vector256.GreaterThan(Vector256.LoadUnsafe(ref at, 32), limit) | Vector256.GreaterThan(Vector256.LoadUnsafe(ref at, 48), limit);
        return reached != Vector256<short>.Zero;
    }

    /// <summary>Two rows (the one behind the last is counted too, and not looked at) with four vectors of records: eight sums in registers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Two(ref byte block, ref byte row, int stride, bool fresh, ref ushort counts)
    {
        for (var from = 0; from < Bytes; from += Step)
        {
            var (a0, a1, a2, a3) = (Vector256<byte>.Zero, Vector256<byte>.Zero, Vector256<byte>.Zero, Vector256<byte>.Zero);
            var (b0, b1, b2, b3) = (Vector256<byte>.Zero, Vector256<byte>.Zero, Vector256<byte>.Zero, Vector256<byte>.Zero);
            ref var records = ref Unsafe.Add(ref block, from * Lanes * 2);
            ref var first = ref Unsafe.Add(ref row, from * 32);
            ref var second = ref Unsafe.Add(ref first, stride);
            for (var p = Math.Min(Step, Bytes - from); p > 0; p--)
            {
                var (a, b) = (Vector256.LoadUnsafe(ref first), Vector256.LoadUnsafe(ref second));
                var nibbles = Vector256.LoadUnsafe(ref records);
                a0 += Avx2.Shuffle(a, nibbles);
                b0 += Avx2.Shuffle(b, nibbles);
                nibbles = Vector256.LoadUnsafe(ref records, 32);
                a1 += Avx2.Shuffle(a, nibbles);
                b1 += Avx2.Shuffle(b, nibbles);
                nibbles = Vector256.LoadUnsafe(ref records, 64);
                a2 += Avx2.Shuffle(a, nibbles);
                b2 += Avx2.Shuffle(b, nibbles);
                nibbles = Vector256.LoadUnsafe(ref records, 96);
                a3 += Avx2.Shuffle(a, nibbles);
                b3 += Avx2.Shuffle(b, nibbles);
                records = ref Unsafe.Add(ref records, Lanes * 2);
                first = ref Unsafe.Add(ref first, 32);
                second = ref Unsafe.Add(ref second, 32);
            }

            var sets = fresh && from == 0;
            Put(a0, a1, a2, a3, sets, ref counts);
            Put(b0, b1, b2, b3, sets, ref Unsafe.Add(ref counts, Lanes * 4));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Put(Vector256<byte> v0, Vector256<byte> v1, Vector256<byte> v2, Vector256<byte> v3, bool sets, ref ushort counts)
    {
        Put(v0, sets, ref counts);
        Put(v1, sets, ref Unsafe.Add(ref counts, 16));
        Put(v2, sets, ref Unsafe.Add(ref counts, 32));
        Put(v3, sets, ref Unsafe.Add(ref counts, 48));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Put(Vector256<byte> halves, bool sets, ref ushort counts)
    {
        var sum = Avx2.ConvertToVector256Int16(halves.GetLower()).AsUInt16() + Avx2.ConvertToVector256Int16(halves.GetUpper()).AsUInt16();
        (sets ? sum : sum + Vector256.LoadUnsafe(ref counts)).StoreUnsafe(ref counts);
    }
}
