using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Waymark.Linkage;

/// <summary>Similarities of short byte strings. Symmetric in their arguments.</summary>
public static class StringSimilarity
{
    private const int Longest = 64;

    /// <summary>Jaro–Winkler (Winkler 1990), prefix weight 0.1 up to 4; strings above 64 bytes are compared by their first 64.</summary>
    public static double JaroWinkler(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b)
    {
        a = a.Length > Longest ? a[..Longest] : a;
        b = b.Length > Longest ? b[..Longest] : b;
        if (a.Length > b.Length || (a.Length == b.Length && a.SequenceCompareTo(b) > 0))
        {
            var swap = a;
            a = b;
            b = swap;
        }

        if (a.IsEmpty)
        {
            return b.IsEmpty ? 1 : 0;
        }

        var window = Math.Max(0, b.Length / 2 - 1);
        ulong takenA = 0;
        ulong takenB = 0;
        var matches = 0;
        Span<byte> room = stackalloc byte[Longest];
        b.CopyTo(room);
        for (var i = 0; i < a.Length; i++)
        {
            var (from, to) = (Math.Max(0, i - window), Math.Min(b.Length, i + window + 1));
            if (from < to && (Places(room, b.Length, a[i]) & ~takenB & (ulong.MaxValue >> (64 - to)) & (ulong.MaxValue << from)) is not 0 and var free)
            {
                takenA |= 1UL << i;
                takenB |= free & (~free + 1);
                matches++;
            }
        }

        if (matches == 0)
        {
            return 0;
        }

        var half = 0;
        var left = takenA;
        var right = takenB;
        while (left != 0)
        {
            var i = System.Numerics.BitOperations.TrailingZeroCount(left);
            var j = System.Numerics.BitOperations.TrailingZeroCount(right);
            half += a[i] == b[j] ? 0 : 1;
            left &= left - 1;
            right &= right - 1;
        }

        var m = (double)matches;
        var jaro = (m / a.Length + m / b.Length + (m - half / 2.0) / m) / 3;
        var prefix = 0;
        while (prefix < 4 && prefix < a.Length && a[prefix] == b[prefix])
        {
            prefix++;
        }

        return jaro + prefix * 0.1 * (1 - jaro);
    }

    /// <summary>Which letters and digits occur, one bit each (letters a–z, digits share the rest).</summary>
    public static uint Letters(ReadOnlySpan<byte> text)
    {
        uint letters = 0;
        foreach (var b in text)
        {
            letters |= 1u << (b is >= (byte)'a' and <= (byte)'z' ? b - 'a' : 26 + (b % 6));
        }

        return letters;
    }

    /// <summary>True when fewer than half the letters are shared: then no similarity used here can be reached.</summary>
    public static bool Unlike(uint lettersA, uint lettersB) =>
        2 * System.Numerics.BitOperations.PopCount(lettersA & lettersB)
        < Math.Min(System.Numerics.BitOperations.PopCount(lettersA), System.Numerics.BitOperations.PopCount(lettersB));

    /// <summary>Edits (insert, delete, replace, swap neighbours), counted up to <paramref name="most"/> + 1.</summary>
    public static int Edits(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b, int most)
    {
        while (a.Length > 0 && b.Length > 0 && a[0] == b[0])
        {
            a = a[1..];
            b = b[1..];
        }

        while (a.Length > 0 && b.Length > 0 && a[^1] == b[^1])
        {
            a = a[..^1];
            b = b[..^1];
        }

        if (Math.Abs(a.Length - b.Length) > most || Math.Min(a.Length, b.Length) > Longest)
        {
            return most + 1;
        }

        if (a.IsEmpty || b.IsEmpty)
        {
            return Math.Min(Math.Max(a.Length, b.Length), most + 1);
        }

        if (a.Length == 1 && b.Length == 1)
        {
            return 1;
        }

        return Table(a, b, most);
    }

    /// <summary>
    /// Rows of the table of distances as two words of differences (Hyyrö 2003, restricted Damerau): a step for each byte of <paramref name="a"/>, whatever the
    /// length of the other.
    /// </summary>
    private static int Table(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b, int most)
    {
        if (b.Length > Longest)
        {
            var swap = a;
            a = b;
            b = swap;
        }

        Span<byte> room = stackalloc byte[Longest];
        b.CopyTo(room);
        var (up, down, diagonal, before) = (ulong.MaxValue, 0UL, 0UL, 0UL);
        var last = 1UL << (b.Length - 1);
        var distance = b.Length;
        for (var i = 0; i < a.Length; i++)
        {
            var equal = Places(room, b.Length, a[i]);
            var swapped = ((~diagonal & equal) << 1) & before;
            diagonal = (((equal & up) + up) ^ up) | equal | down | swapped;
            var (risen, fallen) = (down | ~(diagonal | up), diagonal & up);
            distance += (risen & last) != 0 ? 1 : (fallen & last) != 0 ? -1 : 0;

            // Each byte to come lowers the last cell by one at the most.
            if (distance - (a.Length - 1 - i) > most)
            {
                return most + 1;
            }

            (risen, fallen) = ((risen << 1) | 1, fallen << 1);
            (up, down) = (fallen | ~(diagonal | risen), diagonal & risen);
            before = equal;
        }

        return Math.Min(distance, most + 1);
    }

    /// <summary>Where a byte stands in the first <paramref name="length"/> bytes of a room of 64; bits above may be set too.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Places(Span<byte> room, int length, byte value)
    {
        var wanted = Vector128.Create(value);
        ulong places = Vector128.Equals(Vector128.LoadUnsafe(ref room[0]), wanted).ExtractMostSignificantBits();
        for (var at = 16; at < length; at += 16)
        {
            places |= (ulong)Vector128.Equals(Vector128.LoadUnsafe(ref room[at]), wanted).ExtractMostSignificantBits() << at;
        }

        return places;
    }
}
