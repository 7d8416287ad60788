namespace Waymark.Linkage;

/// <summary>What a threshold would give, as the fitted model expects it; no labels are used.</summary>
/// <param name="Threshold">Lowest probability that is a link.</param>
/// <param name="Links">Pairs at or above it.</param>
/// <param name="ExpectedFalse">Sum of 1 - p over them.</param>
/// <param name="ExpectedMissed">Sum of p over compared pairs below it.</param>
public sealed record CalibrationPoint(double Threshold, long Links, double ExpectedFalse, double ExpectedMissed)
{
    public double ExpectedPrecision => Links == 0 ? 1 : 1 - ExpectedFalse / Links;

    public double ExpectedRecall => Links - ExpectedFalse + ExpectedMissed <= 0 ? 0 : (Links - ExpectedFalse) / (Links - ExpectedFalse + ExpectedMissed);

    public double ExpectedF1 => ExpectedPrecision + ExpectedRecall <= 0 ? 0 : 2 * ExpectedPrecision * ExpectedRecall / (ExpectedPrecision + ExpectedRecall);
}

internal static class Calibration
{
    /// <summary>Points at every hundredth.</summary>
    public static List<CalibrationPoint> Curve(IReadOnlyList<double> probabilities, IReadOnlyList<long> counts)
    {
        var links = new long[101];
        var sum = new double[101];
        for (var i = 0; i < probabilities.Count; i++)
        {
            var at = Math.Clamp((int)Math.Floor(probabilities[i] * 100), 0, 100);
            links[at] += counts[i];
            sum[at] += probabilities[i] * counts[i];
        }

        return Points(links, sum, 0);
    }

    /// <summary>The same from single pairs.</summary>
    public static List<CalibrationPoint> Curve(List<LinkedPair> pairs, double missedBelow = 0)
    {
        var links = new long[101];
        var sum = new double[101];
        foreach (var pair in pairs)
        {
            var at = Math.Clamp((int)Math.Floor(pair.Probability * 100.0), 0, 100);
            links[at]++;
            sum[at] += pair.Probability;
        }

        return Points(links, sum, missedBelow);
    }

    private static List<CalibrationPoint> Points(long[] links, double[] sum, double missedBelow)
    {
        var points = new List<CalibrationPoint>();
        var total = sum.Sum() + missedBelow;
        long linked = 0;
        var matched = 0.0;
        for (var at = 100; at >= 1; at--)
        {
            linked += links[at];
            matched += sum[at];
            points.Add(new(at / 100.0, linked, linked - matched, total - matched));
        }

        points.Reverse();
        return points;
    }

    /// <summary>
    /// The threshold with the highest expected F1. Where hardly anybody stands twice that would be one at which nearly all links are false, so it is
    /// never lower than what holds a group together.
    /// </summary>
    public static double Best(IReadOnlyList<CalibrationPoint> curve) =>
        curve.Where(p => p.Links > 0 && p.Threshold >= Linker.Cohesion).OrderByDescending(p => p.ExpectedF1).ThenBy(p => p.Threshold).FirstOrDefault()?.Threshold ?? 0.5;
}
