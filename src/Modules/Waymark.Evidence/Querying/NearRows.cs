using Waymark.Model;
using Waymark.Statistics.Cube;
using Waymark.Statistics.Cube.Queries;

namespace Waymark.Evidence.Querying;

/// <summary>
/// A filter narrowed to the codes between which a page of a sorted list lies: <paramref name="Skipped"/> matching rows stand
/// before it, <paramref name="Total"/> match in all (null: not counted, nothing was narrowed).
/// </summary>
internal sealed record NearRows(CubeFilter Filter, long Skipped, long? Total)
{
    /// <summary>So many rows are gathered and sorted as they are; counting first pays beyond.</summary>
    public const int Many = 16_384;

    /// <summary>Counts by the columns of the order, the first one first, until few rows are left or the page spans several codes.</summary>
    public static Result<NearRows> Of(CubeSnapshot cube, CubeFilter filter, IReadOnlyList<string> sort, long offset, int limit, CancellationToken cancellationToken)
    {
        var near = new NearRows(filter, 0, null);
        foreach (var (name, descending) in ObservationOrder.Columns(cube, sort))
        {
            if (cube.Schema.ColumnOf(name) < 0)
            {
                break; // figures are sorted, not counted
            }

            var counted = cube.CountBy(near.Filter, name, cancellationToken);
            if (!counted.TryGet(out var counts))
            {
                return counted.Error!;
            }

            var (rows, from) = (counts.Sum(), offset - near.Skipped);
            near = near with { Total = near.Total ?? rows };
            if (rows <= Many || from >= rows)
            {
                break;
            }

            var ranks = ObservationOrder.Ranks(cube, name);
            var order = Enumerable.Range(0, counts.Length).Where(code => counts[code] > 0).OrderBy(code => descending ? -ranks[code] : ranks[code]).ToList();
            var (codes, first, start) = (new HashSet<int>(), 0L, 0L);
            foreach (var code in order.TakeWhile(_ => start < from + limit))
            {
                if (start + counts[code] > from)
                {
                    first = codes.Count == 0 ? start : first;
                    codes.Add(code);
                }

                start += counts[code];
            }

            near = near with { Filter = Only(cube, near.Filter, name, codes), Skipped = near.Skipped + first };
            if (codes.Count != 1)
            {
                break;
            }
        }

        return near;
    }

    private static CubeFilter Only(CubeSnapshot cube, CubeFilter filter, string name, HashSet<int> codes)
    {
        if (name != CubeSchema.PeriodColumn)
        {
            return filter.And(name, CodeSet.Of(codes.Select(code => cube.Codes(name)[code])));
        }

        var periods = codes.Select(code => cube.Periods[code]).ToHashSet();
        return filter with { Periods = period => periods.Contains(period) && filter.Periods?.Invoke(period) != false };
    }
}
