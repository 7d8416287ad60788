using Waymark.Model;
using Waymark.Packs;
using Waymark.Statistics.Cube;

namespace Waymark.Evidence.Querying;

/// <summary>
/// A stable order of observations: the asked columns, then every dimension in its order, then the period, then the vintage. Codes are
/// compared by their rank among the codes of the cube, so that a large answer sorts integers.
/// </summary>
internal static class ObservationOrder
{
    public static Result<IReadOnlyList<long>> Sort(CubeSnapshot cube, IReadOnlyList<long> rows, IReadOnlyList<string> sort, int? first, int? last)
    {
        var dimensions = cube.Schema.Dimensions;
        var keys = new List<Func<ObservationView, long>>();
        foreach (var word in sort)
        {
            var (name, sign) = word.StartsWith('-') ? (word[1..], -1L) : (word, 1L);
            if (Key(cube, name) is not { } key)
            {
                var known = dimensions.Append("period").Append("value").ToList();
                return QueryErrors.NoDimension(name, cube.Schema.Series, known, Suggestion.For(name, known));
            }

            keys.Add(view => sign * key(view));
        }

        keys.AddRange(dimensions.Where(name => !sort.Contains(name) && !sort.Contains("-" + name)).Select(name => Key(cube, name)!));
        keys.Add(Key(cube, "period")!);
        keys.Add(view => view.From);
        var sorted = rows.Count < 2 ? rows : Sorted(cube, rows, keys);
        return first is null && last is null ? Result<IReadOnlyList<long>>.Ok(sorted) : Result<IReadOnlyList<long>>.Ok(Ends(cube, sorted, first, last));
    }

    private static IReadOnlyList<long> Sorted(CubeSnapshot cube, IReadOnlyList<long> rows, List<Func<ObservationView, long>> keys)
    {
        var columns = keys.Select(key => rows.Select(row => key(cube[row])).ToArray()).ToArray();
        var order = Enumerable.Range(0, rows.Count).ToArray();
        Array.Sort(order, (left, right) =>
        {
            foreach (var column in columns)
            {
                var compared = column[left].CompareTo(column[right]);
                if (compared != 0)
                {
                    return compared;
                }
            }

            return rows[left].CompareTo(rows[right]);
        });
        return [.. order.Select(at => rows[at])];
    }

    private static Func<ObservationView, long>? Key(CubeSnapshot cube, string name)
    {
        switch (name)
        {
            case "period":
                return view => ((long)view.Period.FirstDay.DayNumber << 24) | (view.Period.ToCode() & 0xFF_FFFF);
            case "value":
                // Gaps come last in either direction: they are neither the least nor the greatest.
                return view => view.Value is { } value ? (long)Int128.Clamp(value.Mantissa, long.MinValue / 4, long.MaxValue / 4) : long.MaxValue / 2;
            default:
                var dimension = cube.Schema.ColumnOf(name);
                if (dimension < 0 || dimension >= cube.Schema.Dimensions.Count)
                {
                    return null;
                }

                var ranks = cube.Codes(name).Select((code, number) => (code, number)).OrderBy(pair => pair.code, StringComparer.Ordinal)
                    .Select((pair, rank) => (pair.code, rank)).ToDictionary(pair => pair.code, pair => (long)pair.rank, StringComparer.Ordinal);
                return view => ranks[view.Code(dimension)];
        }
    }

    /// <summary>The first or last n periods of each key (SDMX firstNObservations, lastNObservations).</summary>
    private static List<long> Ends(CubeSnapshot cube, IReadOnlyList<long> rows, int? first, int? last)
    {
        var dimensions = cube.Schema.Dimensions.Count;
        var kept = rows.GroupBy(row => string.Join('\u001f', Enumerable.Range(0, dimensions).Select(at => cube[row].Code(at))), StringComparer.Ordinal)
            .SelectMany(group =>
            {
                var byPeriod = group.OrderBy(row => cube[row].Period).ToList();
                return byPeriod.Take(first ?? 0).Concat(byPeriod.TakeLast(last ?? 0));
            }).ToHashSet();
        return [.. rows.Where(kept.Contains)];
    }
}
