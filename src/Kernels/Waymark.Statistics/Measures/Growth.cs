using Waymark.Model;

namespace Waymark.Statistics.Measures;

/// <summary>What a reader must know before believing a growth figure.</summary>
[Flags]
public enum GrowthFlags
{
    None = 0,

    /// <summary>One end is marked as a break of the series.</summary>
    AcrossBreak = 1,

    /// <summary>The ends were read from different vintages.</summary>
    AcrossVintages = 2,

    /// <summary>The ends follow different definitions.</summary>
    AcrossDefinitions = 4,

    /// <summary>One end is a bound, a range or "about".</summary>
    Inexact = 8,

    /// <summary>The base is not above zero, so no percentage exists.</summary>
    NoBase = 16,
}

/// <summary><see cref="Percent"/> is exact decimal; <see cref="AnnualPercent"/> is an estimator (compound rate over the years between).</summary>
public sealed record GrowthStep(Figure From, Figure To, decimal Absolute, decimal? Percent, double? AnnualPercent, GrowthFlags Flags);

/// <summary>Change between two figures of one series, and along a series.</summary>
public static class Growth
{
    /// <summary>Refuses different units and missing ends; everything else that weakens the comparison is a flag.</summary>
    public static Result<GrowthStep> Between(Figure from, Figure to)
    {
        if (Comparability.Units(from, to) is { } refused)
        {
            return refused;
        }

        if (from.Status.IsMissing() || to.Status.IsMissing())
        {
            var gap = from.Status.IsMissing() ? from : to;
            return Error.NotFound("statistics.missing", $"The figure for {gap.Period} is missing ({gap.Status}).", $"{gap.Period} 的数字缺失（{gap.Status}）。");
        }

        var flags = (from.Status == ObservationStatus.Break || to.Status == ObservationStatus.Break ? GrowthFlags.AcrossBreak : GrowthFlags.None)
            | (from.Vintage != to.Vintage ? GrowthFlags.AcrossVintages : GrowthFlags.None)
            | (from.Definition != to.Definition ? GrowthFlags.AcrossDefinitions : GrowthFlags.None)
            | (from.Comparator != Comparator.Equal || to.Comparator != Comparator.Equal ? GrowthFlags.Inexact : GrowthFlags.None)
            | (from.Value <= 0 ? GrowthFlags.NoBase : GrowthFlags.None);
        decimal? percent = from.Value > 0 ? (to.Value - from.Value) * 100 / from.Value : null;
        var years = (Middle(to.Period) - Middle(from.Period)) / 365.2425;
        double? annual = from.Value > 0 && to.Value > 0 && years > 0
            ? (Math.Pow((double)(to.Value / from.Value), 1 / years) - 1) * 100 : null;
        return new GrowthStep(from, to, to.Value - from.Value, percent, annual, flags);
    }

    /// <summary>Each figure against the one before; the first refusal ends it.</summary>
    public static Result<IReadOnlyList<GrowthStep>> Steps(IReadOnlyList<Figure> series)
    {
        List<GrowthStep> steps = [];
        for (var i = 1; i < series.Count; i++)
        {
            var step = Between(series[i - 1], series[i]);
            if (!step.IsOk)
            {
                return step.Error;
            }

            steps.Add(step.Value);
        }

        return steps;
    }

    /// <summary>
    /// Steps whose percentage stands out from the others: modified z-score above the threshold (Iglewicz and Hoaglin 1993;
    /// 0.6745 · |x − median| / MAD &gt; 3.5). A sign of a break, not a proof (DQ09).
    /// </summary>
    public static IReadOnlyList<GrowthStep> Outliers(IReadOnlyList<GrowthStep> steps, decimal threshold = 3.5m)
    {
        var known = steps.Where(step => step.Percent is not null).ToList();
        if (known.Count < 4)
        {
            return [];
        }

        var median = Median(known.Select(step => step.Percent!.Value));
        var spread = Median(known.Select(step => Math.Abs(step.Percent!.Value - median)));
        return spread == 0 ? [] : [.. known.Where(step => 0.6745m * Math.Abs(step.Percent!.Value - median) / spread > threshold)];
    }

    internal static decimal Median(IEnumerable<decimal> values)
    {
        var sorted = values.Order().ToList();
        return (sorted[(sorted.Count - 1) / 2] + sorted[sorted.Count / 2]) / 2;
    }

    private static double Middle(Period period) => period.Granularity == Granularity.Undated ? double.NaN : period.Basis switch
    {
        PeriodBasis.Start => period.FirstDay.DayNumber,
        PeriodBasis.End => period.LastDay.DayNumber,
        _ => (period.FirstDay.DayNumber + period.LastDay.DayNumber) / 2.0,
    };
}
