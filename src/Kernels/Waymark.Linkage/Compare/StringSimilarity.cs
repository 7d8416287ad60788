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
        for (var i = 0; i < a.Length; i++)
        {
            var to = Math.Min(b.Length, i + window + 1);
            for (var j = Math.Max(0, i - window); j < to; j++)
            {
                if (a[i] == b[j] && (takenB >> j & 1) == 0)
                {
                    takenA |= 1UL << i;
                    takenB |= 1UL << j;
                    matches++;
                    break;
                }
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

    private static int Table(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b, int most)
    {
        if (b.Length > Longest)
        {
            var swap = a;
            a = b;
            b = swap;
        }

        Span<int> two = stackalloc int[b.Length + 1];
        Span<int> one = stackalloc int[b.Length + 1];
        Span<int> now = stackalloc int[b.Length + 1];
        for (var j = 0; j <= b.Length; j++)
        {
            one[j] = j;
        }

        for (var i = 1; i <= a.Length; i++)
        {
            now[0] = i;
            var best = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var cost = a[i - 1] == b[j - 1] ? 0 : 1;
                var value = Math.Min(Math.Min(now[j - 1], one[j]) + 1, one[j - 1] + cost);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                {
                    value = Math.Min(value, two[j - 2] + 1);
                }

                now[j] = value;
                best = Math.Min(best, value);
            }

            if (best > most)
            {
                return most + 1;
            }

            var keep = two;
            two = one;
            one = now;
            now = keep;
        }

        return Math.Min(one[b.Length], most + 1);
    }
}
