namespace Waymark.Charts;

/// <summary>Maps a span of values to a span of the drawing in proportion.</summary>
public readonly record struct LinearScale(double From, double To, double Start, double End)
{
    public double this[double value] => To == From ? Start : Start + ((value - From) / (To - From) * (End - Start));

    public double Invert(double position) => End == Start ? From
        : From + ((position - Start) / (End - Start) * (To - From));

    /// <summary>
    /// Round values 1, 2, 2.5 or 5 × 10ⁿ apart that cover <paramref name="from"/> to <paramref name="to"/>, about
    /// <paramref name="count"/> of them (at least two, at most 2 × count + 2); ends lie on or outside the data.
    /// </summary>
    public static IReadOnlyList<double> NiceTicks(double from, double to, int count = 5)
    {
        if (!double.IsFinite(from) || !double.IsFinite(to))
        {
            return [0, 1];
        }

        (from, to) = (Math.Min(from, to), Math.Max(from, to));
        if (from == to)
        {
            (from, to) = (Math.Min(0, from), from == 0 ? 1 : Math.Max(0, to));
        }

        var step = NiceStep((to - from) / Math.Max(1, count));
        var first = Math.Floor((from / step) + 1e-9);
        var last = Math.Ceiling((to / step) - 1e-9);
        var ticks = new List<double>();
        for (var i = first; i <= last; i++)
        {
            ticks.Add(Clean(i * step));
        }

        return ticks;
    }

    /// <summary>The round step not much smaller than the raw one.</summary>
    public static double NiceStep(double raw)
    {
        var power = Math.Pow(10, Math.Floor(Math.Log10(raw)));
        var lead = raw / power;
        return power * (lead <= 1.2 ? 1 : lead <= 2.2 ? 2 : lead <= 3 ? 2.5 : lead <= 6 ? 5 : 10);
    }

    /// <summary>Takes off the dust of binary fractions (0.30000000000000004).</summary>
    internal static double Clean(double value)
    {
        var rounded = (double)Math.Round((decimal)Math.Clamp(value, -1e27, 1e27), 12);
        return Math.Abs(rounded - value) <= Math.Abs(value) * 1e-9 ? rounded : value;
    }
}
