using Waymark.Evidence.Catalogue;
using Waymark.Evidence.Contracts;
using Waymark.Model;
using Waymark.Statistics.Cube.Queries;

namespace Waymark.Evidence.Quality;

/// <summary>Totals against their parts, and one series against another that should say the same.</summary>
internal static class SumChecks
{
    /// <summary>
    /// kind <c>total-equals-parts</c>: the published total of <c>dimension</c> against the sum of its leaves (or of <c>parts</c>), for each combination of the
    /// other dimensions. Where a part is missing or withheld the sum is a lower bound, and only an excess is a fault. <c>tolerance</c> is absolute.
    /// </summary>
    public static IEnumerable<CheckFinding> TotalEqualsParts(CheckContext context)
    {
        var name = context.Check.Text("dimension") ?? "";
        if (context.Series.Definition.Dimension(name) is not { } dimension)
        {
            yield break;
        }

        var parts = context.Check.List("parts");
        var tolerance = context.Check.Number("tolerance", 0);
        var others = context.Series.Definition.Dimensions.Where(other => other.Id != name).Select(other => other.Id).Append("period").ToList();
        var totals = Sums(context, CubeFilter.Everything.And(name, CodeSet.Of(context.Check.Text("total") ?? dimension.Total)), others);
        var sums = Sums(context, CubeFilter.Everything.And(name, parts.Count > 0 ? CodeSet.Of(parts) : context.Leaves(name)), others);
        foreach (var (key, total) in totals)
        {
            if (total.Value is not { } stated || !sums.TryGetValue(key, out var sum) || sum.Value is not { } added)
            {
                continue;
            }

            var difference = stated - added;
            if (sum.Missing > 0 ? difference < -tolerance : Math.Abs(difference) > tolerance)
            {
                yield return context.Finding(
                    $"The total is {CheckContext.Number(stated)}, its parts add up to {CheckContext.Number(added)}: {CheckContext.Number(difference)} are not explained.",
                    $"合计为 {CheckContext.Number(stated)}，各部分之和为 {CheckContext.Number(added)}：有 {CheckContext.Number(difference)} 未得到解释。",
                    KeyOf(others, key), PeriodOf(key));
            }
        }
    }

    /// <summary>
    /// kind <c>agreement</c>: this series and <c>other</c> state the same figure for the shared dimensions; more than <c>percent</c> apart is a finding. <c>by</c>
    /// names the dimensions to compare, the rest is summed or taken as total.
    /// </summary>
    public static async Task<IReadOnlyList<CheckFinding>> AgreementAsync(CheckContext context, CancellationToken cancellationToken)
    {
        if (context.Check.Text("other") is not { } id || await context.Cubes.FindAsync(id, cancellationToken) is not { } other)
        {
            return [];
        }

        var by = context.Check.List("by").Append("period").ToList();
        var mine = Sums(context, Totals(context, by), by);
        var theirs = Sums(context with { Series = other }, Totals(context with { Series = other }, by), by);
        var percent = context.Check.Number("percent", 0);
        return [.. mine.Where(pair => pair.Value.Value is not null && theirs.TryGetValue(pair.Key, out var found) && found.Value is not null)
            .Select(pair => (pair.Key, Mine: pair.Value.Value!.Value, Theirs: theirs[pair.Key].Value!.Value))
            .Where(pair => Math.Abs(pair.Mine - pair.Theirs) * 100 > percent * Math.Max(Math.Abs(pair.Mine), Math.Abs(pair.Theirs)))
            .OrderByDescending(pair => Math.Abs(pair.Mine - pair.Theirs))
            .Select(pair => context.Finding(
                $"{context.Series.Definition.Id} says {CheckContext.Number(pair.Mine)}, {id} says {CheckContext.Number(pair.Theirs)}.",
                $"{context.Series.Definition.Id} 为 {CheckContext.Number(pair.Mine)}，{id} 为 {CheckContext.Number(pair.Theirs)}。",
                KeyOf(by, pair.Key), PeriodOf(pair.Key)))];
    }

    /// <summary>
    /// kind <c>mirror</c>: what a country says of another against what the other says of it: <c>from</c> and <c>to</c> change places in <c>other</c> (S027).
    /// The discrepancy is |R − S| / max(R, S).
    /// </summary>
    public static async Task<IReadOnlyList<CheckFinding>> MirrorAsync(CheckContext context, CancellationToken cancellationToken)
    {
        if (context.Check.Text("other") is not { } id || await context.Cubes.FindAsync(id, cancellationToken) is not { } other
            || context.Check.Text("from") is not { } from || context.Check.Text("to") is not { } to)
        {
            return [];
        }

        var mine = Sums(context, Totals(context, [from, to, "period"]), [from, to, "period"]);
        var (otherFrom, otherTo) = (context.Check.Text("other-from") ?? from, context.Check.Text("other-to") ?? to);
        var reversed = context with { Series = other };
        var theirs = Sums(reversed, Totals(reversed, [otherFrom, otherTo, "period"]), [otherTo, otherFrom, "period"]);
        var percent = context.Check.Number("percent", 20);
        return [.. mine.Where(pair => pair.Value.Value is not null && theirs.TryGetValue(pair.Key, out var found) && found.Value is not null)
            .Select(pair => (pair.Key, Mine: pair.Value.Value!.Value, Theirs: theirs[pair.Key].Value!.Value))
            .Where(pair => Math.Max(pair.Mine, pair.Theirs) > 0 && Math.Abs(pair.Mine - pair.Theirs) * 100 > percent * Math.Max(pair.Mine, pair.Theirs))
            .OrderByDescending(pair => Math.Abs(pair.Mine - pair.Theirs))
            .Select(pair => context.Finding(
                $"One side reports {CheckContext.Number(pair.Mine)}, the other {CheckContext.Number(pair.Theirs)}: {CheckContext.Number(Math.Round(Math.Abs(pair.Mine - pair.Theirs) * 100 / Math.Max(pair.Mine, pair.Theirs), 1))} % apart.",
                $"一方报告 {CheckContext.Number(pair.Mine)}，另一方报告 {CheckContext.Number(pair.Theirs)}：相差 {CheckContext.Number(Math.Round(Math.Abs(pair.Mine - pair.Theirs) * 100 / Math.Max(pair.Mine, pair.Theirs), 1))}%。",
                KeyOf([from, to, "period"], pair.Key), PeriodOf(pair.Key)))];
    }

    internal readonly record struct Sum(decimal? Value, long Missing);

    /// <summary>Dimensions that are not compared stand at their total where one is published, else at their leaves.</summary>
    private static CubeFilter Totals(CheckContext context, IReadOnlyList<string> by) => context.Series.Definition.Dimensions
        .Where(dimension => !by.Contains(dimension.Id)).Aggregate(CubeFilter.Everything, (filter, dimension) =>
            context.Series.Cube.Codes(dimension.Id).Contains(dimension.Total, StringComparer.Ordinal)
                ? filter.And(dimension.Id, CodeSet.Of(dimension.Total)) : filter.And(dimension.Id, context.Leaves(dimension.Id)));

    internal static Dictionary<string, Sum> Sums(CheckContext context, CubeFilter filter, IReadOnlyList<string> by)
    {
        var grouped = context.Series.Cube.Group(new CubeQuery { Filter = filter, GroupBy = by });
        var sums = new Dictionary<string, Sum>(StringComparer.Ordinal);
        for (var group = 0; grouped.IsOk && group < grouped.Value.Count; group++)
        {
            var key = string.Join('\u001f', Enumerable.Range(0, by.Count).Select(column => grouped.Value.Code(group, column)));
            sums[key] = new(grouped.Value.Sum(group)?.ToDecimal(), grouped.Value.Missing(group));
        }

        return sums;
    }

    internal static Dictionary<string, string> KeyOf(IReadOnlyList<string> names, string key) =>
        names.Zip(key.Split('\u001f')).Where(pair => pair.First != "period").ToDictionary(pair => pair.First, pair => pair.Second, StringComparer.Ordinal);

    internal static string PeriodOf(string key) => key[(key.LastIndexOf('\u001f') + 1)..];
}
