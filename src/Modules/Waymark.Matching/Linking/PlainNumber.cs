namespace Waymark.Matching;

/// <summary>Writes a number rounded to some digits, without zeros at its end: two of them stand in every line of links, so it is done digit by digit.</summary>
internal static class PlainNumber
{
    /// <summary>Room for any number that <see cref="Write"/> takes.</summary>
    public const int Longest = 32;

    private static readonly double[] s_tens = [1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000, 1_000_000_000];

    /// <summary>The number at the end of <paramref name="room"/>: finite, its rounded digits fewer than 19, at most nine of them behind the point.</summary>
    public static Span<byte> Write(double value, int digits, Span<byte> room)
    {
        var left = (long)Math.Round(Math.Abs(value) * s_tens[digits]);
        var isNegative = value < 0 && left > 0;
        var at = room.Length;
        for (; digits > 0; digits--, left /= 10)
        {
            if (left % 10 != 0 || at < room.Length)
            {
                room[--at] = (byte)('0' + (left % 10));
            }
        }

        if (at < room.Length)
        {
            room[--at] = (byte)'.';
        }

        do
        {
            room[--at] = (byte)('0' + (left % 10));
        }
        while ((left /= 10) > 0);
        if (isNegative)
        {
            room[--at] = (byte)'-';
        }

        return room[at..];
    }
}
