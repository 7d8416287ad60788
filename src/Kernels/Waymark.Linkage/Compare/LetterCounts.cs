using System.Numerics;

namespace Waymark.Linkage;

/// <summary>
/// How often each of fourteen groups of bytes stands in a value (four bits each, up to seven) and how long the value is, in one word. Two such words show that two
/// values cannot be alike before either value is read: an edit changes at most one count up and one count down, and letters that
/// only one value has cannot be matched.
/// </summary>
internal static class LetterCounts
{
    private const int Groups = 14;
    private const int Most = 7;
    private const int LengthShift = 4 * Groups;

    /// <summary>Lengths from here on are not told apart, and nothing is said about such values.</summary>
    private const int Longest = 63;
    private const ulong Counts = (1UL << LengthShift) - 1;
    private const ulong High = 0x8888_8888_8888_8888 & Counts;

    /// <summary>Frequent letters have a group of their own.</summary>
    private static ReadOnlySpan<byte> OfLetter => [0, 10, 11, 11, 1, 12, 13, 13, 2, 13, 11, 3, 10, 4, 5, 10, 13, 6, 7, 8, 9, 12, 9, 12, 9, 12];

    public static ulong Of(ReadOnlySpan<byte> value)
    {
        ulong counts = 0;
        foreach (var b in value)
        {
            var shift = 4 * (b is >= (byte)'a' and <= (byte)'z' ? OfLetter[b - 'a'] : b is >= (byte)'0' and <= (byte)'9' ? b - '0' : b % Groups);
            counts += ((counts >> shift) & 15) < Most ? 1UL << shift : 0;
        }

        return counts | ((ulong)Math.Min(value.Length, Longest) << LengthShift);
    }

    /// <summary>How many letters at least the first has beyond the second, and the second beyond the first; edits are at least the larger.</summary>
    public static (int More, int Fewer) Apart(ulong a, ulong b)
    {
        var (x, y) = (a & Counts, b & Counts);
        return (Sum((x | High) - y), Sum((y | High) - x));
    }

    /// <summary>The first four bytes of a value, zero where it ends sooner.</summary>
    public static uint StartOf(ReadOnlySpan<byte> value)
    {
        uint start = 0;
        for (var i = Math.Min(value.Length, 4) - 1; i >= 0; i--)
        {
            start = (start << 8) | value[i];
        }

        return start;
    }

    /// <summary>
    /// True when the values are more than two edits apart and so few of their letters can be matched that Jaro–Winkler stays below a bound: the sum of the matched shares of both
    /// that it takes (in ten-thousandths, <see cref="Below84"/> or <see cref="Below83"/>) is the smaller the more of the first four letters are the same.
    /// </summary>
    public static bool CannotBeAlike(ulong a, ulong b, uint startA, uint startB, ReadOnlySpan<ushort> shares)
    {
        var (more, fewer) = Apart(a, b);
        var (first, second) = ((int)(a >> LengthShift), (int)(b >> LengthShift));
        var common = Math.Min(first - more, second - fewer);
        var same = BitOperations.TrailingZeroCount(startA ^ startB) / 8;
        return Math.Max(more, fewer) > 2 && Math.Max(first, second) < Longest && 10_000 * common * (first + second) < shares[same] * first * second;
    }

    /// <summary>3 (bound − p / 10) / (1 − p / 10) − 1 for p same letters at the start, a little less for rounding.</summary>
    public static ReadOnlySpan<ushort> Below84 => [15_199, 14_666, 13_999, 13_142, 11_999];

    public static ReadOnlySpan<ushort> Below83 => [14_899, 14_333, 13_624, 12_714, 11_499];

    /// <summary>Four-bit differences, eight added to each: the sum of those that are positive.</summary>
    private static int Sum(ulong differences)
    {
        var positive = differences & High;
        var sum = differences & (positive - (positive >> 3));
        const ulong Even = 0x0F0F_0F0F_0F0F_0F0F;
        return (int)((((sum & Even) + ((sum >> 4) & Even)) * 0x0101_0101_0101_0101) >> 56);
    }
}
