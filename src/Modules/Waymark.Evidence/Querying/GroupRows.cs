using System.Runtime.InteropServices;
using Waymark.Evidence.Contracts;
using Waymark.Model;

namespace Waymark.Evidence.Querying;

/// <summary>Groups with what a derived measure put beside them: extra columns, and notes for the reader.</summary>
internal sealed record DerivedGroups(IReadOnlyList<Group> Groups, IReadOnlyList<ExtraColumn> Extra, IReadOnlyList<LocalText> Notes);

internal sealed record ExtraColumn(string Id, LocalText Name, IReadOnlyDictionary<Group, QueryCell> Cells);

/// <summary>Turns groups into rows of an answer, sorts them, and turns a long answer into a pivot.</summary>
internal static class GroupRows
{
    public static bool IsTime(string column) => column is "period" or "year";

    public static (IReadOnlyList<QueryColumn> Columns, IReadOnlyList<IReadOnlyList<QueryCell>> Rows) Build(
        LoadedSeries series, SeriesQuery query, IReadOnlyList<Group> groups, IReadOnlyList<ExtraColumn> extra)
    {
        List<QueryColumn> columns =
        [
            .. query.GroupBy.Select(column => IsTime(column)
                ? new QueryColumn(column, column == "year" ? new("Year", "年份") : new("Period", "时期"), ColumnRole.Period)
                : series.Definition.Dimension(column) is { } dimension ? new QueryColumn(column, dimension.Name, ColumnRole.Dimension, dimension.Concept.Id)
                : new QueryColumn(column, LocalText.In("en", column), ColumnRole.Attribute)),
            new("value", new("Value", "数值"), ColumnRole.Measure),
            new("status", new("Status", "状态"), ColumnRole.Attribute),
            new("unit", new("Unit", "单位"), ColumnRole.Attribute),
            new("lower", new("Lower end", "下限"), ColumnRole.Attribute),
            new("upper", new("Upper end", "上限"), ColumnRole.Attribute),
            new("comparator", new("Sign", "关系符号"), ColumnRole.Attribute),
            new("figures", new("Figures in it", "包含的数字"), ColumnRole.Attribute),
            new("missing", new("Missing in it", "缺失的数字"), ColumnRole.Attribute),
            .. extra.Select(column => new QueryColumn(column.Id, column.Name, ColumnRole.Attribute)),
        ];
        return (columns, [.. groups.Select(group => Row(group, query, extra))]);
    }

    private static List<QueryCell> Row(Group group, SeriesQuery query, IReadOnlyList<ExtraColumn> extra)
    {
        var cells = new List<QueryCell>(query.GroupBy.Count + 9);
        var at = 0;
        foreach (var column in query.GroupBy)
        {
            cells.Add(QueryCell.Of(IsTime(column) ? group.Period!.Value.ToString() : group.Codes[at++]));
        }

        cells.Add(new QueryCell(group.Value, null, group.Upper));
        cells.Add(QueryCell.Of(group.Status.Letter()));
        cells.Add(QueryCell.Of(group.Unit));
        cells.Add(QueryCell.Of(group.Upper is null ? null : group.Lower));
        cells.Add(QueryCell.Of(group.Upper));
        cells.Add(QueryCell.Of(group.Comparator.Sign()));
        cells.Add(QueryCell.Of(group.Figures));
        cells.Add(QueryCell.Of(group.Missing));
        cells.AddRange(extra.Select(column => column.Cells.GetValueOrDefault(group)));
        return cells;
    }

    /// <summary>
    /// The groups of the newest period that is reported at least half as often as the best reported one; a lone figure does not
    /// stand for a period while another has two. None without figures.
    /// </summary>
    public static IReadOnlyList<Group> Newest(IReadOnlyList<Group> groups)
    {
        var reported = new Dictionary<Period, int>();
        foreach (var group in groups)
        {
            if (group is { Period: { } period, Value: not null })
            {
                CollectionsMarshal.GetValueRefOrAddDefault(reported, period, out _)++;
            }
        }

        if (reported.Count == 0)
        {
            return [];
        }

        var enough = Enough(reported.Values.Max());
        var newest = reported.Where(pair => pair.Value >= enough).Max(pair => pair.Key);
        return [.. groups.Where(group => group.Period == newest)];
    }

    /// <summary>How many groups a period must report where the best reported one has so many.</summary>
    public static long Enough(long most) => Math.Max(Math.Min(most, 2), (most + 1) / 2);

    public static Result<IReadOnlyList<Group>> Sort(IReadOnlyList<Group> groups, SeriesQuery query)
    {
        var words = query.Sort.Concat(query.GroupBy.Where(column => !query.Sort.Contains(column) && !query.Sort.Contains("-" + column)));
        var places = new List<int[]>();
        foreach (var word in words)
        {
            var (name, sign) = word.StartsWith('-') ? (word[1..], -1) : (word, 1);
            if (name is not ("value" or "period") && !query.GroupBy.Contains(name))
            {
                return QueryErrors.BadValue("sort", name);
            }

            var at = query.GroupBy.Where(column => !IsTime(column)).ToList().IndexOf(name);
            places.Add(name == "value" ? Places(groups, group => group.Value ?? decimal.MinValue, Comparer<decimal>.Default, sign)
                : IsTime(name) ? Places(groups, Moment, Comparer<long>.Default, sign)
                : Places(groups, group => group.Codes[at], StringComparer.Ordinal, sign));
        }

        var order = Enumerable.Range(0, groups.Count).ToArray();
        Array.Sort(order, (left, right) =>
        {
            foreach (var place in places)
            {
                if (place[left] != place[right])
                {
                    return place[left] - place[right];
                }
            }

            return left - right;
        });
        return Result<IReadOnlyList<Group>>.Ok([.. order.Select(at => groups[at])]);
    }

    /// <summary>Per group the place of its key among the distinct keys: a large answer compares small integers.</summary>
    private static int[] Places<TKey>(IReadOnlyList<Group> groups, Func<Group, TKey> key, IComparer<TKey> order, int sign) where TKey : notnull
    {
        var placeOf = new Dictionary<TKey, int>();
        foreach (var group in groups)
        {
            placeOf.TryAdd(key(group), 0);
        }

        var place = 0;
        foreach (var distinct in placeOf.Keys.Order(order).ToList())
        {
            placeOf[distinct] = sign * place++;
        }

        return [.. groups.Select(group => placeOf[key(group)])];
    }

    private static long Moment(Group group) =>
        group.Period is { } period ? ((long)period.FirstDay.DayNumber << 24) | (period.ToCode() & 0xFF_FFFF) : 0L;

    /// <summary>The values of one grouped column become columns; what does not exist stays empty, never zero.</summary>
    public static Result<(IReadOnlyList<QueryColumn> Columns, IReadOnlyList<IReadOnlyList<QueryCell>> Rows)> Pivot(
        IReadOnlyList<QueryColumn> columns, IReadOnlyList<IReadOnlyList<QueryCell>> rows, SeriesQuery query, string pivot)
    {
        var across = query.GroupBy.ToList().IndexOf(pivot);
        if (across < 0 || query.GroupBy.Count < 2)
        {
            return QueryErrors.NeedsGrouping("pivot", pivot);
        }

        var value = query.GroupBy.Count;
        var heads = rows.Select(row => row[across].Text!).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
        if (heads.Count > 1_000)
        {
            return QueryErrors.TooMany("columns", 1_000);
        }

        var stubs = Enumerable.Range(0, query.GroupBy.Count).Where(at => at != across).ToList();
        List<QueryColumn> turned = [.. stubs.Select(at => columns[at]), .. heads.Select(head => new QueryColumn(head, LocalText.In("en", head), ColumnRole.Measure))];
        var byStub = new Dictionary<string, QueryCell[]>(StringComparer.Ordinal);
        var order = new List<(string Key, IReadOnlyList<QueryCell> Stub)>();
        foreach (var row in rows)
        {
            var key = string.Join('\u001f', stubs.Select(at => row[at].Text));
            if (!byStub.TryGetValue(key, out var cells))
            {
                byStub[key] = cells = new QueryCell[heads.Count];
                order.Add((key, [.. stubs.Select(at => row[at])]));
            }

            cells[heads.IndexOf(row[across].Text!)] = row[value];
        }

        return Result<(IReadOnlyList<QueryColumn>, IReadOnlyList<IReadOnlyList<QueryCell>>)>.Ok(
            (turned, [.. order.Select(stub => (IReadOnlyList<QueryCell>)[.. stub.Stub, .. byStub[stub.Key]])]));
    }
}
