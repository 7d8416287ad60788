using Waymark.Model;

namespace Waymark.Statistics.Measures;

/// <summary>How far two reports of one corridor lie apart: |R − S| / max(R, S), from 0 (agree) to 1.</summary>
public sealed record MirrorDiscrepancy(decimal Receiver, decimal Sender, decimal Value, bool SameDefinition);

/// <summary>Observed against expected cells; gaps are split by their stated reason, and cells without any observation are <see cref="Absent"/>.</summary>
public sealed record Completeness(long Expected, long Observed, IReadOnlyDictionary<ObservationStatus, long> Missing)
{
    public long Absent => Expected - Observed - Missing.Values.Sum();

    /// <summary>Observed / expected; null when nothing was expected. Cells that cannot exist are not expected.</summary>
    public decimal? Value => Expected - Impossible is > 0 and var possible ? (decimal)Observed / possible : null;

    private long Impossible => Missing.GetValueOrDefault(ObservationStatus.MissingCannotExist);
}

/// <summary>
/// Size and direction of revisions between two vintages. <see cref="BiasT"/> = mean / (sd / √n), the test whether revisions
/// lean one way; null for fewer than two revisions or when all are equal.
/// </summary>
public sealed record RevisionSize(int Count, decimal MeanAbsolute, decimal Mean, decimal? MeanAbsolutePercent, double? BiasT);

/// <summary>Total minus parts. <see cref="Holds"/>: within the rounding of the printed figures and no part missing.</summary>
public sealed record SumCheck(decimal Total, decimal Parts, decimal Residual, decimal Tolerance, int MissingParts)
{
    public bool Holds => MissingParts == 0 && Math.Abs(Residual) <= Tolerance;
}

/// <summary>Computed quality indicators (evidence.md 2.3).</summary>
public static class Quality
{
    /// <summary>Unit and period must agree; a different definition is the usual reason for a discrepancy and is reported, not refused.</summary>
    public static Result<MirrorDiscrepancy> Mirror(Figure receiver, Figure sender)
    {
        if ((Comparability.Units(receiver, sender) ?? Comparability.Periods(receiver, sender)) is { } refused)
        {
            return refused;
        }

        if (receiver.Status.IsMissing() || sender.Status.IsMissing() || receiver.Value < 0 || sender.Value < 0)
        {
            return Error.NotFound("statistics.no-mirror", $"Both sides must report a figure that is not negative for {receiver.Period}.",
                $"双方都须报告 {receiver.Period} 的非负数字。");
        }

        var greatest = Math.Max(receiver.Value, sender.Value);
        return new MirrorDiscrepancy(receiver.Value, sender.Value,
            greatest == 0 ? 0 : Math.Abs(receiver.Value - sender.Value) / greatest, receiver.Definition == sender.Definition);
    }

    /// <summary>Revision sizes over pairs of earlier and later value of the same key; at least one pair.</summary>
    public static Result<RevisionSize> Revisions(IReadOnlyCollection<(decimal Before, decimal After)> pairs)
    {
        if (pairs.Count == 0)
        {
            return Error.NotFound("statistics.no-revisions", "There is no pair of values to compare.", "没有可比较的前后数值。");
        }

        var revisions = pairs.Select(pair => pair.After - pair.Before).ToList();
        var mean = revisions.Sum() / revisions.Count;
        var based = pairs.Where(pair => pair.Before != 0).ToList();
        decimal? percent = based.Count == 0 ? null : based.Sum(pair => Math.Abs((pair.After - pair.Before) / pair.Before)) * 100 / based.Count;
        double? bias = null;
        if (revisions.Count > 1)
        {
            var deviation = Math.Sqrt(revisions.Sum(revision => Math.Pow((double)(revision - mean), 2)) / (revisions.Count - 1));
            bias = deviation > 0 ? (double)mean / (deviation / Math.Sqrt(revisions.Count)) : null;
        }

        return new RevisionSize(revisions.Count, revisions.Sum(Math.Abs) / revisions.Count, mean, percent, bias);
    }

    /// <summary>
    /// Parts against their total. <paramref name="decimals"/> is the place all were rounded to (−6 for millions): every
    /// printed figure may be off by half a unit of it. A null part is missing, not zero.
    /// </summary>
    public static SumCheck Sum(decimal total, IReadOnlyCollection<decimal?> parts, int decimals = 0)
    {
        var sum = parts.Sum() ?? 0;
        var known = parts.Count(part => part is not null);
        return new(total, sum, total - sum, Rounding.Unit(decimals) / 2 * (known + 1), parts.Count - known);
    }
}
