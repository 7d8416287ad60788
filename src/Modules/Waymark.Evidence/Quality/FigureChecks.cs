using Waymark.Evidence.Contracts;
using Waymark.Model;
using Waymark.Statistics.Cube;
using Waymark.Statistics.Cube.Queries;

namespace Waymark.Evidence.Quality;

/// <summary>Checks that look at single figures and at the run of figures of one key over time.</summary>
internal static class FigureChecks
{
    /// <summary>kind <c>range</c>: figures below <c>least</c> or above <c>greatest</c>. They stay in the series; the finding says so.</summary>
    public static async Task<IReadOnlyList<CheckFinding>> RangeAsync(CheckContext context, CancellationToken cancellationToken)
    {
        var (least, greatest) = (context.Check.Number("least", decimal.MinValue), context.Check.Number("greatest", decimal.MaxValue));
        return await EachAsync(context, observation => observation.Value?.ToDecimal() is { } value && (value < least || value > greatest),
            value => ($"{value} lies outside {Bound(least)} to {Bound(greatest)}; it is kept as published.", $"{value} 超出 {Bound(least)} 至 {Bound(greatest)} 的范围；按公布值保留。"), cancellationToken);

        static string Bound(decimal bound) => bound is decimal.MinValue or decimal.MaxValue ? "…" : CheckContext.Number(bound);
    }

    /// <summary>kind <c>multiple-of</c>: a publisher that rounds to <c>of</c> prints nothing else; other figures were put in by somebody (E138).</summary>
    public static Task<IReadOnlyList<CheckFinding>> MultipleOfAsync(CheckContext context, CancellationToken cancellationToken)
    {
        var of = context.Check.Number("of", 5);
        return EachAsync(context, observation => observation.Value?.ToDecimal() is { } value && value % of != 0,
            value => ($"{value} is no multiple of {CheckContext.Number(of)}, to which the publisher rounds.", $"{value} 不是发布机构取整单位 {CheckContext.Number(of)} 的倍数。"), cancellationToken);
    }

    /// <summary>
    /// kind <c>outlier</c>: a step in the run of one key that is <c>score</c> robust deviations (median, MAD of the logarithmic steps) from its other steps; runs of
    /// fewer than <c>steps</c> steps and figures under <c>least</c> are left alone.
    /// </summary>
    public static async Task<IReadOnlyList<CheckFinding>> OutlierAsync(CheckContext context, CancellationToken cancellationToken)
    {
        var (score, steps, least) = ((double)context.Check.Number("score", 6), (int)context.Check.Number("steps", 6), context.Check.Number("least", 1000));
        var found = new List<(double Score, ObservationView Before, ObservationView After)>();
        foreach (var run in Runs(context))
        {
            var points = run.Where(point => point.Value?.ToDecimal() >= least).OrderBy(point => point.Period).ToList();
            if (points.Count <= steps)
            {
                continue;
            }

            var logs = points.Zip(points.Skip(1), (before, after) => Math.Log(after.Value!.Value.ToDouble() / before.Value!.Value.ToDouble())).ToList();
            var median = Median(logs);
            var spread = Math.Max(1.4826 * Median([.. logs.Select(log => Math.Abs(log - median))]), 0.01);
            found.AddRange(logs.Select((log, at) => (Math.Abs(log - median) / spread, points[at], points[at + 1])).Where(step => step.Item1 > score));
        }

        var findings = new List<CheckFinding>();
        foreach (var (size, before, after) in found.OrderByDescending(step => step.Score).Take(CheckContext.MostFindings))
        {
            var (from, to) = (CheckContext.Number(before.Value!.Value.ToDecimal()), CheckContext.Number(after.Value!.Value.ToDecimal()));
            findings.Add(context.Finding(
                $"From {from} ({before.Period}) to {to} ({after.Period}): {size:0} times the usual step of this run.",
                $"由 {from}（{before.Period}）到 {to}（{after.Period}）：为该序列通常变动的 {size:0} 倍。",
                context.Key(after), after.Period.ToString(), [await context.CellAsync(before, cancellationToken), await context.CellAsync(after, cancellationToken)]));
        }

        return findings;
    }

    /// <summary>kind <c>break</c>: figures that the publisher marks as a break; growth across them means nothing.</summary>
    public static IEnumerable<CheckFinding> Breaks(CheckContext context)
    {
        var breaks = context.Current(new CubeFilter { Statuses = StatusSet.Of(ObservationStatus.Break) }).ToList();
        if (breaks.Count > 0)
        {
            yield return context.Finding($"{breaks.Count} figures are marked as a break in the series, the first in {breaks.Min(one => one.Period)}.",
                $"有 {breaks.Count} 个数字标为序列中断，最早为 {breaks.Min(one => one.Period)}。");
        }
    }

    /// <summary>kind <c>completeness</c>: the share of figures among what was published; under <c>least</c> (0 to 1) is a finding.</summary>
    public static IEnumerable<CheckFinding> Completeness(CheckContext context)
    {
        var grouped = context.Series.Cube.Group(new CubeQuery());
        if (grouped is not { IsOk: true, Value: { Count: 1 } result })
        {
            yield break;
        }

        var (figures, missing) = (result.Figures(0) + result.With(0, Comparator.Code), result.Missing(0));
        var share = figures + missing == 0 ? 1 : (decimal)figures / (figures + missing);
        if (share < context.Check.Number("least", 0.5m))
        {
            yield return context.Finding($"{CheckContext.Number(Math.Round(share * 100, 1))} % of the cells hold a figure; {CheckContext.Number(missing)} are missing or withheld.",
                $"{CheckContext.Number(Math.Round(share * 100, 1))}% 的单元格有数字；{CheckContext.Number(missing)} 个缺失或未公布。");
        }
    }

    /// <summary>kind <c>timeliness</c>: the newest period ended more than <c>months</c> months ago.</summary>
    public static IEnumerable<CheckFinding> Timeliness(CheckContext context)
    {
        var dated = context.Series.Cube.Periods.Where(period => period.Granularity != Granularity.Undated && period.LastDay <= DateOnly.FromDateTime(context.Now.UtcDateTime)).ToList();
        if (dated.Count == 0)
        {
            yield break;
        }

        var last = dated.MaxBy(period => period.LastDay);
        var today = DateOnly.FromDateTime(context.Now.UtcDateTime);
        var months = ((today.Year - last.LastDay.Year) * 12) + today.Month - last.LastDay.Month;
        if (months > context.Check.Number("months", 36))
        {
            yield return context.Finding($"The newest figures are of {last}: {months} months old.", $"最新数字为 {last}：距今 {months} 个月。", period: last.ToString());
        }
    }

    private static async Task<IReadOnlyList<CheckFinding>> EachAsync(
        CheckContext context, Func<ObservationView, bool> isFault, Func<string, (string En, string Zh)> evidence, CancellationToken cancellationToken)
    {
        var faults = context.Current().Where(isFault).ToList();
        var findings = new List<CheckFinding>();
        foreach (var fault in faults.Take(CheckContext.MostFindings))
        {
            var (en, zh) = evidence(CheckContext.Number(fault.Value!.Value.ToDecimal()));
            findings.Add(context.Finding(en, zh, context.Key(fault), fault.Period.ToString(), [await context.CellAsync(fault, cancellationToken)]));
        }

        return findings;
    }

    private static IEnumerable<IGrouping<string, ObservationView>> Runs(CheckContext context) => context.Current(new CubeFilter { Statuses = StatusSet.Figures })
        .Where(observation => observation.Value is not null)
        .GroupBy(observation => string.Join('\u001f', Enumerable.Range(0, context.Series.Definition.Dimensions.Count).Select(observation.Code)), StringComparer.Ordinal);

    private static double Median(List<double> values)
    {
        var sorted = values.Order().ToList();
        return sorted.Count == 0 ? 0 : sorted.Count % 2 == 1 ? sorted[sorted.Count / 2] : (sorted[(sorted.Count / 2) - 1] + sorted[sorted.Count / 2]) / 2;
    }
}
