namespace Waymark.Charts;

/// <summary>
/// Classes of a shaded map: at most six, with round limits (1, 2, 2.5 or 5 × 10ⁿ) near the quantiles, so that each
/// class holds areas and a reader can say the limit aloud. A value belongs to the class whose lower limit it reaches.
/// </summary>
public sealed class ClassBreaks
{
    public const int Most = 6;

    private ClassBreaks(IReadOnlyList<double> limits) => Limits = limits;

    /// <summary>Lower limits of the second and further classes, rising strictly.</summary>
    public IReadOnlyList<double> Limits { get; }

    public int Count => Limits.Count + 1;

    /// <summary>Zero-based class of a value.</summary>
    public int ClassOf(double value)
    {
        var index = 0;
        while (index < Limits.Count && value >= Limits[index])
        {
            index++;
        }

        return index;
    }

    /// <summary>Limits as given; unordered, repeated or too many limits are put right (the first five kept).</summary>
    public static ClassBreaks At(IEnumerable<double> limits) =>
        new([.. limits.Where(double.IsFinite).Distinct().Order().Take(Most - 1)]);

    /// <summary>Round limits found from the values.</summary>
    public static ClassBreaks Find(IEnumerable<double> values, int most = Most)
    {
        double[] sorted = [.. values.Where(double.IsFinite).Order()];
        if (sorted.Length == 0 || sorted[0] == sorted[^1])
        {
            return new([]);
        }

        var candidates = Candidates(sorted[0], sorted[^1]);
        var limits = new List<double>();
        var wanted = Math.Min(Math.Clamp(most, 1, Most), sorted.Distinct().Count());
        for (var i = 1; i < wanted; i++)
        {
            var target = sorted[(int)((long)i * sorted.Length / wanted)];
            var nearest = candidates.MinBy(c => Math.Abs(Position(c) - Position(target)));
            var below = limits.Count == 0 ? double.NegativeInfinity : limits[^1];
            if (nearest > below && HasValue(sorted, below, nearest))
            {
                limits.Add(nearest);
            }
        }

        while (limits.Count > 0 && !HasValue(sorted, limits[^1], double.PositiveInfinity))
        {
            limits.RemoveAt(limits.Count - 1);
        }

        return new(limits);
    }

    private static bool HasValue(double[] sorted, double from, double below) => sorted.Any(v => v >= from && v < below);

    /// <summary>Signed, compressed position, so that "nearest" means nearest in proportion.</summary>
    private static double Position(double value) => Math.Sign(value) * Math.Log(1 + (Math.Abs(value) * 1e6));

    private static List<double> Candidates(double from, double to)
    {
        var list = new List<double>();
        if (from < 0)
        {
            list.Add(0);
        }

        var top = Math.Max(Math.Abs(from), Math.Abs(to));
        var high = (int)Math.Ceiling(Math.Log10(top));
        foreach (var lead in new[] { 1.0, 2, 2.5, 5 })
        {
            for (var power = high - 9; power <= high; power++)
            {
                var value = LinearScale.Clean(lead * Math.Pow(10, power));
                if (value > from && value <= to)
                {
                    list.Add(value);
                }

                if (-value > from && -value <= to)
                {
                    list.Add(-value);
                }
            }
        }

        // A narrow span far from zero has no power of ten inside it: fall back on even round steps.
        list.AddRange(list.Count >= 4 ? [] : LinearScale.NiceTicks(from, to, 6).Where(t => t > from && t <= to));
        return [.. list.Distinct().Order()];
    }
}
