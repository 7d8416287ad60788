using Waymark.Evidence.Catalogue;
using Waymark.Evidence.Contracts;
using Waymark.Model;
using Waymark.Packs;
using Waymark.Statistics.Cube.Queries;

namespace Waymark.Evidence.Querying;

/// <summary>Answers questions to series: lists, sums, shares, growth, ranks, pivots, at any vintage.</summary>
public sealed class QueryEngine(EvidenceCatalogue catalogue, ISeriesCubes cubes, TimeProvider time)
{
    /// <summary>What a bridge leads between: groups by these as well, so that nothing is added before it is bridged.</summary>
    private static readonly string[] Meaning = ["unit", "definition"];

    private int _adding;

    /// <summary>Rows of one answer at most; more is paged.</summary>
    private const int MostRows = 1_000_000;

    private static readonly HashSet<string> Measures = new(StringComparer.Ordinal) { "sum", "count", "mean", "min", "max", "share", "growth", "rank", "top" };

    public async Task<Result<QueryResult>> RunAsync(SeriesQuery query, CancellationToken cancellationToken)
    {
        if (query.Series.StartsWith(AcrossSources.Prefix, StringComparison.Ordinal))
        {
            return await new AcrossSources(catalogue, this, time).RunAsync(query, cancellationToken);
        }

        if (query.Bridges.Count > 0)
        {
            return await BridgedAsync(query, cancellationToken);
        }

        var found = await FindAsync(query.Series, cancellationToken);
        if (!found.TryGet(out var series))
        {
            return found.Error!;
        }

        if (query.GroupBy.Count > 0 && query.Measure is null)
        {
            query = query with { Measure = "sum" };
        }

        if (query.Measure is { } measure && !Measures.Contains(measure))
        {
            return QueryErrors.NoMeasure(measure);
        }

        if (query.Limit is < 0 or > MostRows || query.Offset < 0)
        {
            return QueryErrors.BadValue("limit", query.Limit.ToString(System.Globalization.CultureInfo.InvariantCulture));
        }

        var attributes = new HashSet<string>(StringComparer.Ordinal);
        foreach (var segment in query.Where.Any(condition => series.Definition.Dimension(condition.Dimension.Split('.')[0]) is null) ? series.Cube.Segments : [])
        {
            attributes.UnionWith(await series.Rows.AttributesAsync(segment, cancellationToken));
        }

        var compiler = new FilterCompiler(catalogue, series, attributes);
        var filter = compiler.Compile(query);
        if (!filter.IsOk)
        {
            return filter.Error;
        }

        var opened = QueryScope.Open(series, query, filter.Value, time.GetUtcNow(), compiler.Rows);
        if (!opened.TryGet(out var scope))
        {
            return opened.Error!;
        }

        if (scope.IsEmpty)
        {
            return Answer(series, scope, [], [], 0, [new("Nothing of this series was known then.", "当时尚无此数列的任何数据。")]);
        }

        return query.Measure is null
            ? await ListAsync(series, scope, query, cancellationToken)
            : await AggregateAsync(series, scope, query, compiler.Named, cancellationToken);
    }

    /// <summary>The loaded series, or an error that names the nearest id.</summary>
    public async Task<Result<LoadedSeries>> FindAsync(string id, CancellationToken cancellationToken)
    {
        if (await cubes.FindAsync(id, cancellationToken) is { } series)
        {
            return series;
        }

        var known = (await cubes.AllAsync(cancellationToken)).Select(loaded => loaded.Definition.Id).ToList();
        return QueryErrors.NoSeries(id, Suggestion.For(id, known));
    }

    /// <summary>The question without its bridges, by unit and definition where it adds; then adjusted and brought together.</summary>
    private async Task<Result<QueryResult>> BridgedAsync(SeriesQuery query, CancellationToken cancellationToken)
    {
        var named = Bridging.Of(catalogue, query.Bridges);
        if (!named.TryGet(out var bridging))
        {
            return named.Error!;
        }

        var sums = query.GroupBy.Count > 0 || query.Measure is not null;
        if (sums && query.Measure is not (null or "sum"))
        {
            return QueryErrors.BridgeMeasure(query.Measure);
        }

        if (!sums)
        {
            var listed = await RunAsync(query with { Bridges = [] }, cancellationToken);
            return listed.TryGet(out var list) ? bridging.List(list) : listed.Error!;
        }

        var dated = bridging.Bridges.FirstOrDefault(bridge => bridge.ValidFrom is not null || bridge.ValidTo is not null);
        if (dated is not null && !query.GroupBy.Any(GroupRows.IsTime)
            && !(query is { From: { } from, To: { } to } && dated.Covers(from) && dated.Covers(to)))
        {
            return QueryErrors.BridgeNeedsPeriod(dated);
        }

        var asked = await RunAsync(query with
        {
            Bridges = [],
            Measure = "sum",
            GroupBy = [.. query.GroupBy, .. Meaning.Except(query.GroupBy, StringComparer.Ordinal)],
            Pivot = null,
            Offset = 0,
            Limit = MostRows,
        }, cancellationToken);
        return asked.TryGet(out var answer) ? bridging.Sum(answer, query) : asked.Error!;
    }

    private async Task<Result<QueryResult>> ListAsync(LoadedSeries series, QueryScope scope, SeriesQuery query, CancellationToken cancellationToken)
    {
        var listed = await new ObservationLister(series).ListAsync(scope, query, cancellationToken);
        if (!listed.IsOk)
        {
            return listed.Error;
        }

        var (columns, rows, total) = listed.Value;
        return Answer(series, scope, columns, rows, total, []);
    }

    private async Task<Result<QueryResult>> AggregateAsync(
        LoadedSeries series, QueryScope scope, SeriesQuery query, IReadOnlySet<string> named, CancellationToken cancellationToken)
    {
        var aggregator = new Aggregator(catalogue, series);
        Result<IReadOnlyList<Group>> grouped;
        try
        {
            // Alone, a question may use a second thread; beside others it would only take the processor from them.
            var alone = Interlocked.Increment(ref _adding) == 1;
            grouped = await aggregator.RunAsync(alone ? scope : scope with { Threads = 1 }, query, named, cancellationToken);
        }
        finally
        {
            Interlocked.Decrement(ref _adding);
        }

        if (!grouped.IsOk)
        {
            return grouped.Error;
        }

        var derived = query.Measure switch
        {
            "share" => await new Shares(this, catalogue, series).OfAsync(grouped.Value, query, cancellationToken),
            "growth" => DerivedMeasures.Growth(grouped.Value, query),
            "rank" => DerivedMeasures.Rank(grouped.Value, query, Leaf(series, query)),
            "top" => DerivedMeasures.Top(grouped.Value, query, Leaf(series, query)),
            _ => new DerivedGroups(grouped.Value, [], []),
        };
        if (!derived.IsOk)
        {
            return derived.Error;
        }

        var sorted = GroupRows.Sort(query.NewestReported ? GroupRows.Newest(derived.Value.Groups) : derived.Value.Groups, query);
        if (!sorted.IsOk)
        {
            return sorted.Error;
        }

        var (columns, rows) = GroupRows.Build(series, query, sorted.Value, derived.Value.Extra);
        if (query.Pivot is { } pivot)
        {
            var turned = GroupRows.Pivot(columns, rows, query, pivot);
            if (!turned.IsOk)
            {
                return turned.Error;
            }

            (columns, rows) = turned.Value;
        }

        IReadOnlyList<IReadOnlyList<QueryCell>> page = [.. rows.Skip((int)Math.Min(query.Offset, int.MaxValue)).Take(query.Limit)];
        return Answer(series, scope, columns, page, rows.Count, [.. aggregator.Notes, .. derived.Value.Notes]);
    }

    private Func<Group, bool> Leaf(LoadedSeries series, SeriesQuery query)
    {
        var dimensions = query.GroupBy.Where(column => !GroupRows.IsTime(column)).Select(series.Definition.Dimension).ToList();
        return group => dimensions.Select((dimension, at) => dimension is null ? CodeKind.Leaf : catalogue.KindOf(dimension, group.Codes[at])).All(kind => kind == CodeKind.Leaf);
    }

    private QueryResult Answer(LoadedSeries series, QueryScope scope, IReadOnlyList<QueryColumn> columns,
        IReadOnlyList<IReadOnlyList<QueryCell>> rows, long total, IReadOnlyList<LocalText> notes)
    {
        var releases = rows.Count == 0 ? [] : columns.Select((column, at) => (column, at)).Where(pair => pair.column.Id == "release")
            .SelectMany(pair => rows.Select(row => row[pair.at].Text)).Distinct(StringComparer.Ordinal).OfType<string>().ToList();
        var mixed = releases.Count > 1
            ? [new LocalText($"Figures of several releases stand side by side: {string.Join(", ", releases)}.", $"多个版本的数字并列：{string.Join("、", releases)}。")]
            : Array.Empty<LocalText>();
        var newest = scope.Vintages.Where(vintage => vintage.VisibleFrom <= scope.AsOf).ToList();
        return new QueryResult
        {
            Series = SeriesSummaries.Of(catalogue, series),
            Columns = columns,
            Rows = rows,
            Total = total,
            Notes = [.. notes, .. mixed, .. Withdrawn(scope)],
            Citation = Citations.Of(catalogue, series.Definition, newest.Count == 0 ? null : newest.MaxBy(vintage => vintage.ReleaseOrder)),
            Licence = series.Definition.Licence,
            AsOf = scope.AsOf,
            Sequence = newest.Count == 0 ? 0 : newest.Max(vintage => vintage.Sequence),
            Names = Names(series, columns, rows),
        };
    }

    /// <summary>A figure that was taken back is not silently absent.</summary>
    private static IEnumerable<LocalText> Withdrawn(QueryScope scope)
    {
        if (scope.Cube.Withdrawn > 0 && !scope.IsEmpty && !scope.Filter.History && scope.Rows.Count == 0
            && scope.Cube.Select(scope.Filter with { Withdrawn = true }, limit: 0) is { IsOk: true, Value.Total: > 0 and var count })
        {
            yield return new($"{count} figures that match were withdrawn: a newer complete edition no longer has them. They are not in this answer; the history and earlier moments still show them.",
                $"有 {count} 个符合条件的数字已被撤回：较新的完整版次不再包含它们。本结果不含这些数字；历史记录和较早时刻的查询仍可看到。");
        }
    }

    private Dictionary<string, IReadOnlyDictionary<string, LocalText>> Names(
        LoadedSeries series, IReadOnlyList<QueryColumn> columns, IReadOnlyList<IReadOnlyList<QueryCell>> rows)
    {
        var names = new Dictionary<string, IReadOnlyDictionary<string, LocalText>>(StringComparer.Ordinal);
        for (var at = 0; at < columns.Count; at++)
        {
            if (columns[at].Role == ColumnRole.Dimension && series.Definition.Dimension(columns[at].Id) is { } dimension)
            {
                var column = at;
                names[dimension.Id] = rows.Select(row => row[column].Text).OfType<string>().Distinct(StringComparer.Ordinal)
                    .ToDictionary(code => code, code => catalogue.NameOf(dimension, code), StringComparer.Ordinal);
            }
            else if (columns[at] is { Role: ColumnRole.Measure, Id: "value" } && series.Definition.Values is not null)
            {
                var column = at;
                names["value"] = rows.Select(row => row[column].Text).Distinct(StringComparer.Ordinal).Select(code => (Code: code, Name: series.Definition.NameOfValue(code)))
                    .Where(pair => pair.Name is not null).ToDictionary(pair => pair.Code!, pair => pair.Name!, StringComparer.Ordinal);
            }
        }

        return names;
    }
}
