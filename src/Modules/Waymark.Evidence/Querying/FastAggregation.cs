using Waymark.Evidence.Catalogue;
using Waymark.Evidence.Contracts;
using Waymark.Model;
using Waymark.Statistics.Cube;
using Waymark.Statistics.Cube.Grouping;
using Waymark.Statistics.Cube.Queries;

namespace Waymark.Evidence.Querying;

/// <summary>
/// The kernel's group-by where the totals rule has nothing to choose: every dimension that is not grouped holds one code, or
/// leaves only; one unit, one definition, one edition (or editions that do not claim to be complete); no conditions beside.
/// </summary>
internal static class FastAggregation
{
    public static IReadOnlyList<Group>? Run(EvidenceCatalogue catalogue, LoadedSeries series, QueryScope scope, SeriesQuery query,
        IReadOnlySet<string> named, AggregationGuard guard, CancellationToken cancellationToken)
    {
        var cube = scope.Cube;
        if (query.Measure == "count" && scope.Rows.Count == 0 && !query.GroupBy.Contains("year"))
        {
            return Count(scope, query, cancellationToken);
        }

        if (query.Measure != "sum" || scope.Rows.Count > 0 || query.GroupBy.Any(column => column is "year" or "unit" or "definition")
            || cube.Codes("unit").Count != 1 || cube.Codes("definition").Count != 1
            || (scope.Vintages.Any(vintage => vintage.Complete) && scope.Vintages.Select(vintage => vintage.ReleaseOrder).Distinct().Count() > 1))
        {
            return null;
        }

        foreach (var dimension in series.Definition.Dimensions.Where(dimension => !query.GroupBy.Contains(dimension.Id)))
        {
            var codes = cube.Codes(dimension.Id).Where(code => !named.Contains(dimension.Id) || scope.Filter.Where[dimension.Id].Contains(code)).ToList();
            if (codes.Count > 1 && codes.Exists(code => catalogue.KindOf(dimension, code) != CodeKind.Leaf))
            {
                return null;
            }
        }

        var periods = cube.Periods.Where(period => (scope.Filter.From is null || period.FirstDay >= scope.Filter.From.Value.FirstDay)
            && (scope.Filter.To is null || period.LastDay <= scope.Filter.To.Value.LastDay) && (scope.Filter.Periods is null || scope.Filter.Periods(period))).ToList();
        if (guard.Check(cube.Codes("unit"), cube.Codes("definition"), periods, query) is not null)
        {
            return null; // the slow path sees which periods really occur, and refuses with the reason
        }

        return (query.NewestReported ? Newest(scope, query, cancellationToken) : null) ?? Sums(scope, query, cancellationToken);
    }

    /// <summary>
    /// The newest period alone, where it is surely the newest reported one: no period can have more groups than there are
    /// combinations of the codes asked for, so that half of those is enough whatever the other periods hold.
    /// </summary>
    private static List<Group>? Newest(QueryScope scope, SeriesQuery query, CancellationToken cancellationToken)
    {
        var (cube, filter) = (scope.Cube, scope.Filter);
        var periods = cube.Periods.Where(filter.Matches).ToList();
        if (!query.GroupBy.Contains(CubeSchema.PeriodColumn) || periods.Count < 2)
        {
            return null;
        }

        var most = query.GroupBy.Where(name => name != CubeSchema.PeriodColumn).Aggregate(1L, (product, name) =>
            Math.Min(int.MaxValue, product * (filter.Where.TryGetValue(name, out var codes) ? cube.Codes(name).Count(codes.Contains) : cube.Codes(name).Count)));
        var newest = periods.Max();
        var groups = Sums(scope with { Filter = filter with { Periods = period => period == newest && filter.Periods?.Invoke(period) != false } }, query, cancellationToken);
        return groups is not null && groups.Count(group => group.Value is not null) >= GroupRows.Enough(most) ? groups : null;
    }

    private static List<Group>? Sums(QueryScope scope, SeriesQuery query, CancellationToken cancellationToken)
    {
        var cube = scope.Cube;
        var grouped = cube.Group(new CubeQuery { Filter = scope.Filter, GroupBy = query.GroupBy, MaxGroups = 1_000_000, Threads = scope.Threads }, cancellationToken);
        if (!grouped.TryGet(out var result))
        {
            return null;
        }

        var groups = new List<Group>(result.Count);
        for (var at = 0; at < result.Count; at++)
        {
            // Ranges and withheld figures need their bounds, which stand in the segments.
            if (result.With(at, Comparator.Between) + result.With(at, Comparator.AtMost) + result.With(at, Comparator.AtLeast) > 0
                || result.Missing(at, ObservationStatus.Suppressed) > 0)
            {
                return null;
            }

            var (codes, period) = Key(result, at);
            var (value, missing) = (result.Sum(at)?.ToDecimal(), result.Missing(at));
            groups.Add(new(codes, period, value, value, null, value is null ? Comparator.None : Comparator.Equal,
                value is not null ? ObservationStatus.Normal : ObservationStatus.Missing, result.Figures(at), missing, cube.Codes("unit")[0]));
        }

        return groups;
    }

    /// <summary>How many observations there are: nothing is added that could be counted twice.</summary>
    private static List<Group>? Count(QueryScope scope, SeriesQuery query, CancellationToken cancellationToken)
    {
        var grouped = scope.Cube.Group(new CubeQuery { Filter = scope.Filter, GroupBy = query.GroupBy, MaxGroups = 1_000_000, Threads = scope.Threads }, cancellationToken);
        if (!grouped.TryGet(out var result))
        {
            return null;
        }

        var groups = new List<Group>(result.Count);
        for (var at = 0; at < result.Count; at++)
        {
            var ranges = result.With(at, Comparator.Between) + result.With(at, Comparator.AtMost);
            var (figures, missing) = (result.Figures(at) - ranges + result.With(at, Comparator.Code), result.Missing(at) + ranges);
            var (codes, period) = Key(result, at);
            groups.Add(new(codes, period, figures + missing, figures + missing, null, Comparator.Equal, ObservationStatus.Normal, figures, missing, "observation"));
        }

        return groups;
    }

    private static (List<string> Codes, Period? Period) Key(GroupResult result, int group)
    {
        var codes = new List<string>();
        Period? period = null;
        for (var column = 0; column < result.Columns.Count; column++)
        {
            if (result.Columns[column] == CubeSchema.PeriodColumn)
            {
                period = result.Period(group, column);
            }
            else
            {
                codes.Add(result.Code(group, column));
            }
        }

        return (codes, period);
    }
}
