using Waymark.Model;
using Waymark.Packs;
using Waymark.Statistics.Cube;

namespace Waymark.Evidence.Querying;

/// <summary>
/// A stable order of observations: the asked columns, then every dimension in its order, then the period, then the vintage. Codes are
/// compared by their rank among the codes of the cube, so that a large answer sorts integers, and a page of it only what is near.
/// </summary>
internal static class ObservationOrder
{
    /// <summary>So few rows are sorted at once; more are first narrowed to those that can stand on the page.</summary>
    private const int Few = 2_048;

    /// <summary>Ranks beyond this are not counted but sorted: figures, mostly.</summary>
    private const long MostRanks = 1 << 16;

    /// <summary>The rows from <paramref name="offset"/> on in order, at most <paramref name="limit"/>, and how many there are in all.</summary>
    public static Result<(IReadOnlyList<long> Rows, long Total)> Page(CubeSnapshot cube, IReadOnlyList<long> rows, IReadOnlyList<string> sort, int? first, int? last, long offset, int limit)
    {
        var dimensions = cube.Schema.Dimensions;
        var keys = new List<Func<ObservationView, long>>();
        foreach (var word in sort)
        {
            var (name, sign) = word.StartsWith('-') ? (word[1..], -1L) : (word, 1L);
            if (Key(cube, name, sign) is not { } key)
            {
                var known = dimensions.Append("period").Append("value").ToList();
                return QueryErrors.NoDimension(name, cube.Schema.Series, known, Suggestion.For(name, known));
            }

            keys.Add(key);
        }

        keys.AddRange(Columns(cube, sort).Skip(sort.Count).Select(column => Key(cube, column.Name, 1)!));
        keys.Add(view => view.From);
        if (first is not null || last is not null)
        {
            rows = Ends(cube, rows, first, last);
        }

        var from = (int)Math.Min(offset, rows.Count);
        var page = new List<long>();
        Take(cube, rows, keys, 0, from, (int)Math.Min((long)from + limit, rows.Count), page);
        return (page, rows.Count);
    }

    /// <summary>The columns of the order: the asked ones, every dimension that tells rows apart, the period.</summary>
    public static IEnumerable<(string Name, bool Descending)> Columns(CubeSnapshot cube, IReadOnlyList<string> sort) =>
    [
        .. sort.Select(word => word.StartsWith('-') ? (word[1..], true) : (word, false)),
        .. cube.Schema.Dimensions.Where(name => cube.Codes(name).Count > 1 && !sort.Contains(name) && !sort.Contains("-" + name)).Select(name => (name, false)),
        (CubeSchema.PeriodColumn, false),
    ];

    /// <summary>By code number: the place of the code among all codes of a dimension, or of the period among all periods.</summary>
    public static long[] Ranks(CubeSnapshot cube, string name) => name == CubeSchema.PeriodColumn
        ? Ranks(cube.Periods, Comparer<Period>.Create((left, right) => PeriodKey(left).CompareTo(PeriodKey(right))))
        : Ranks(cube.Codes(name), StringComparer.Ordinal);

    /// <summary>Adds what stands at places <paramref name="from"/> to <paramref name="to"/> of the rows in order, looking closer only at rows whose first key puts them there.</summary>
    private static void Take(CubeSnapshot cube, IReadOnlyList<long> rows, List<Func<ObservationView, long>> keys, int at, int from, int to, List<long> page)
    {
        if (from >= to)
        {
            return;
        }

        if (rows.Count <= Few || at == keys.Count)
        {
            page.AddRange(Sorted(cube, rows, keys, at).Skip(from).Take(to - from));
            return;
        }

        var ranks = new long[rows.Count];
        var (least, most) = (long.MaxValue, long.MinValue);
        for (var i = 0; i < ranks.Length; i++)
        {
            var rank = ranks[i] = keys[at](cube[rows[i]]);
            (least, most) = (Math.Min(least, rank), Math.Max(most, rank));
        }

        if (most - least >= MostRanks)
        {
            page.AddRange(Sorted(cube, rows, keys, at).Skip(from).Take(to - from));
            return;
        }

        var counts = new int[most - least + 1];
        foreach (var rank in ranks)
        {
            counts[rank - least]++;
        }

        for (int rank = 0, start = 0; rank < counts.Length && start < to; start += counts[rank++])
        {
            if (start + counts[rank] > from)
            {
                var same = new List<long>(counts[rank]);
                for (var i = 0; i < ranks.Length; i++)
                {
                    if (ranks[i] == rank + least)
                    {
                        same.Add(rows[i]);
                    }
                }

                Take(cube, same, keys, at + 1, Math.Max(0, from - start), Math.Min(to - start, same.Count), page);
            }
        }
    }

    private static IEnumerable<long> Sorted(CubeSnapshot cube, IReadOnlyList<long> rows, List<Func<ObservationView, long>> keys, int at)
    {
        var columns = keys.Skip(at).Select(key => rows.Select(row => key(cube[row])).ToArray()).ToArray();
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
        return order.Select(place => rows[place]);
    }

    private static Func<ObservationView, long>? Key(CubeSnapshot cube, string name, long sign)
    {
        if (name == "value")
        {
            // Gaps come last in either direction: they are neither the least nor the greatest.
            return view => view.Value is { } value ? sign * (long)Int128.Clamp(value.Mantissa, long.MinValue / 4, long.MaxValue / 4) : long.MaxValue / 2;
        }

        var column = cube.Schema.ColumnOf(name);
        if (column < 0)
        {
            return null;
        }

        var ranks = Ranks(cube, name);
        return view => sign * ranks[view.CodeNumber(column)];
    }

    private static long PeriodKey(Period period) => ((long)period.FirstDay.DayNumber << 24) | (period.ToCode() & 0xFF_FFFF);

    /// <summary>By code number: the place of the code among all codes.</summary>
    private static long[] Ranks<T>(IReadOnlyList<T> codes, IComparer<T> order)
    {
        var ranks = new long[codes.Count];
        var place = 0;
        foreach (var number in Enumerable.Range(0, codes.Count).OrderBy(number => codes[number], order))
        {
            ranks[number] = place++;
        }

        return ranks;
    }

    /// <summary>The first or last n periods of each key (SDMX firstNObservations, lastNObservations).</summary>
    private static List<long> Ends(CubeSnapshot cube, IReadOnlyList<long> rows, int? first, int? last)
    {
        var dimensions = cube.Schema.Dimensions.Count;
        return [.. rows.GroupBy(row => string.Join('\u001f', Enumerable.Range(0, dimensions).Select(at => cube[row].Code(at))), StringComparer.Ordinal)
            .SelectMany(group =>
            {
                var byPeriod = group.OrderBy(row => cube[row].Period).ToList();
                return byPeriod.Take(first ?? 0).Concat(byPeriod.TakeLast(last ?? 0));
            }).Distinct().Order()];
    }
}
