using System.Runtime.Intrinsics;
using Waymark.Statistics.Cube.Columns;

namespace Waymark.Statistics.Cube.Queries;

/// <summary>
/// Row masks (255 = in, 0 = out) by SIMD. Every function has a scalar twin in <see cref="MaskReference"/>, and a property
/// test holds them equal.
/// </summary>
internal static class Masks
{
    /// <summary>mask = superseded later than <paramref name="asOf"/>.</summary>
    public static void Later(ReadOnlySpan<ushort> to, ushort asOf, Span<byte> mask)
    {
        var i = 0;
        if (Vector256.IsHardwareAccelerated)
        {
            var limit = Vector256.Create(asOf);
            for (; i <= mask.Length - 32; i += 32)
            {
                var low = Vector256.GreaterThan(Vector256.Create(to[i..]), limit);
                var high = Vector256.GreaterThan(Vector256.Create(to[(i + 16)..]), limit);
                Vector256.Narrow(low, high).CopyTo(mask[i..]);
            }
        }

        MaskReference.Later(to[i..], asOf, mask[i..]);
    }

    /// <summary>mask &amp;= table[code].</summary>
    public static void AndTable(CodeColumn column, int start, ReadOnlySpan<byte> table, Span<byte> mask)
    {
        if (column.Width == 1 && column.Max < 16 && Vector128.IsHardwareAccelerated)
        {
            AndSmallTable(column.AsBytes(start, mask.Length), table, mask);
            return;
        }

        if (column.Width is 1 or 2 && Few(table[..(column.Max + 1)]) is { Length: > 0 } few)
        {
            if (column.Width == 1)
            {
                AndEqualsAny(column.AsBytes(start, mask.Length), few, mask);
            }
            else
            {
                AndEqualsAny(column.AsShorts(start, mask.Length), few, mask);
            }

            return;
        }

        MaskReference.AndTable(column, start, table, mask);
    }

    public static void AndBetween(ReadOnlySpan<long> values, long low, long high, Span<byte> mask)
    {
        for (var i = 0; i < mask.Length; i++)
        {
            mask[i] &= values[i] >= low & values[i] <= high ? (byte)0xFF : (byte)0;
        }
    }

    /// <summary>How many rows are in: the sum of 1 for every 255.</summary>
    public static int Count(ReadOnlySpan<byte> mask)
    {
        var (i, count) = (0, 0);
        if (Vector256.IsHardwareAccelerated)
        {
            for (; i <= mask.Length - 32; i += 32)
            {
                count += int.PopCount((int)Vector256.Create(mask[i..]).ExtractMostSignificantBits());
            }
        }

        for (; i < mask.Length; i++)
        {
            count += mask[i] & 1;
        }

        return count;
    }

    /// <summary>The first row from <paramref name="from"/> on that is in, or -1.</summary>
    public static int Next(ReadOnlySpan<byte> mask, int from)
    {
        var next = mask[from..].IndexOf((byte)0xFF);
        return next < 0 ? -1 : from + next;
    }

    private static void AndSmallTable(ReadOnlySpan<byte> codes, ReadOnlySpan<byte> table, Span<byte> mask)
    {
        Span<byte> sixteen = stackalloc byte[16];
        sixteen.Clear();
        table[..Math.Min(16, table.Length)].CopyTo(sixteen);
        var look = Vector128.Create<byte>(sixteen);
        var i = 0;
        for (; i <= mask.Length - 16; i += 16)
        {
            (Vector128.Shuffle(look, Vector128.Create(codes[i..])) & Vector128.Create<byte>(mask[i..])).CopyTo(mask[i..]);
        }

        for (; i < mask.Length; i++)
        {
            mask[i] &= table[codes[i]];
        }
    }

    private static void AndEqualsAny(ReadOnlySpan<byte> codes, ReadOnlySpan<int> few, Span<byte> mask)
    {
        var i = 0;
        for (; i <= mask.Length - 32; i += 32)
        {
            var row = Vector256.Create(codes[i..]);
            var any = Vector256<byte>.Zero;
            foreach (var code in few)
            {
                any |= Vector256.Equals(row, Vector256.Create((byte)code));
            }

            (any & Vector256.Create<byte>(mask[i..])).CopyTo(mask[i..]);
        }

        for (; i < mask.Length; i++)
        {
            mask[i] &= few.Contains(codes[i]) ? (byte)0xFF : (byte)0;
        }
    }

    private static void AndEqualsAny(ReadOnlySpan<ushort> codes, ReadOnlySpan<int> few, Span<byte> mask)
    {
        var i = 0;
        for (; i <= mask.Length - 32; i += 32)
        {
            var (first, second) = (Vector256.Create(codes[i..]), Vector256.Create(codes[(i + 16)..]));
            var (low, high) = (Vector256<ushort>.Zero, Vector256<ushort>.Zero);
            foreach (var code in few)
            {
                low |= Vector256.Equals(first, Vector256.Create((ushort)code));
                high |= Vector256.Equals(second, Vector256.Create((ushort)code));
            }

            (Vector256.Narrow(low, high) & Vector256.Create<byte>(mask[i..])).CopyTo(mask[i..]);
        }

        for (; i < mask.Length; i++)
        {
            mask[i] &= few.Contains(codes[i]) ? (byte)0xFF : (byte)0;
        }
    }

    /// <summary>The codes that pass, when there are at most four of them: then comparing beats looking up.</summary>
    private static int[] Few(ReadOnlySpan<byte> table)
    {
        if (!Vector256.IsHardwareAccelerated || table.Count((byte)0xFF) > 4)
        {
            return [];
        }

        List<int> few = [];
        for (var code = table.IndexOf((byte)0xFF); code >= 0 && code < table.Length; code++)
        {
            if (table[code] != 0)
            {
                few.Add(code);
            }
        }

        return [.. few];
    }
}

/// <summary>The same masks row by row: the reference the fast ones are held to, and the tail of each.</summary>
internal static class MaskReference
{
    public static void Later(ReadOnlySpan<ushort> to, ushort asOf, Span<byte> mask)
    {
        for (var i = 0; i < mask.Length; i++)
        {
            mask[i] = to[i] > asOf ? (byte)0xFF : (byte)0;
        }
    }

    public static void AndTable(CodeColumn column, int start, ReadOnlySpan<byte> table, Span<byte> mask)
    {
        switch (column.Width)
        {
            case 1:
                var bytes = column.AsBytes(start, mask.Length);
                for (var i = 0; i < mask.Length; i++)
                {
                    mask[i] &= table[bytes[i]];
                }

                break;
            case 2:
                var shorts = column.AsShorts(start, mask.Length);
                for (var i = 0; i < mask.Length; i++)
                {
                    mask[i] &= table[shorts[i]];
                }

                break;
            default:
                for (var i = 0; i < mask.Length; i++)
                {
                    mask[i] &= table[column[start + i]];
                }

                break;
        }
    }
}
