using Waymark.Evidence.Contracts;
using Waymark.Model;
using Waymark.Statistics.Cube;
using Waymark.Statistics.Cube.Queries;

namespace Waymark.Evidence.Querying;

/// <summary>Lists observations as they stand: every dimension, the figure, its status and unit, and what the publisher put beside it.</summary>
internal sealed class ObservationLister(LoadedSeries series)
{
    private static readonly (string Id, LocalText Name)[] Trailing =
    [
        ("upper", new("Upper end", "上限")),
        ("comparator", new("Sign", "关系符号")),
        ("basis", new("Moment", "时点")),
        ("release", new("Release", "版本")),
        ("definition", new("Definition", "定义")),
        ("flags", new("Flags as published", "原始标记")),
        ("footnotes", new("Footnotes", "脚注")),
        ("cell", new("Cell", "单元格")),
    ];

    public async Task<Result<(IReadOnlyList<QueryColumn> Columns, IReadOnlyList<IReadOnlyList<QueryCell>> Rows, long Total)>> ListAsync(
        QueryScope scope, SeriesQuery query, CancellationToken cancellationToken)
    {
        var ordered = await PageAsync(scope, query, cancellationToken);
        if (!ordered.IsOk)
        {
            return ordered.Error;
        }

        var (page, total) = ordered.Value;
        var extras = new List<SegmentRow>(page.Count);
        foreach (var number in page)
        {
            var cell = scope.Cube[number].Cell;
            extras.Add(await series.Rows.ReadAsync(cell.Segment, cell.Row, cancellationToken));
        }

        var attributes = extras.SelectMany(extra => extra.Attributes.Select(pair => pair.Key)).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
        IReadOnlyList<IReadOnlyList<QueryCell>> rows = [.. page.Select((number, i) => Row(scope, scope.Cube[number], extras[i], attributes))];
        return (Columns(attributes), rows, total);
    }

    /// <summary>A page of a long list gathers only rows that can stand on it; the rest is counted.</summary>
    private static async Task<Result<(IReadOnlyList<long> Rows, long Total)>> PageAsync(QueryScope scope, SeriesQuery query, CancellationToken cancellationToken)
    {
        var near = new NearRows(scope.Filter, 0, null);
        if (scope.Rows.Count == 0 && query is { FirstObservations: null, LastObservations: null, Limit: < NearRows.Many })
        {
            var narrowed = NearRows.Of(scope.Cube, scope.Filter, query.Sort, query.Offset, query.Limit, cancellationToken);
            if (!narrowed.TryGet(out near))
            {
                return narrowed.Error!;
            }
        }

        var selected = await (scope with { Filter = near!.Filter }).SelectAsync(cancellationToken);
        if (!selected.IsOk)
        {
            return selected.Error;
        }

        var ordered = ObservationOrder.Page(scope.Cube, selected.Value, query.Sort, query.FirstObservations, query.LastObservations, query.Offset - near.Skipped, query.Limit);
        return ordered.IsOk ? (ordered.Value.Rows, near.Total ?? ordered.Value.Total) : ordered.Error;
    }

    private List<QueryColumn> Columns(IReadOnlyList<string> attributes) =>
    [
        .. series.Definition.Dimensions.Select(dimension => new QueryColumn(dimension.Id, dimension.Name, ColumnRole.Dimension, dimension.Concept.Id)),
        new("period", new("Period", "时期"), ColumnRole.Period),
        new("value", new("Value", "数值"), ColumnRole.Measure),
        new("status", new("Status", "状态"), ColumnRole.Attribute),
        new("unit", new("Unit", "单位"), ColumnRole.Attribute),
        .. Trailing.Select(column => new QueryColumn(column.Id, column.Name, ColumnRole.Attribute)),
        .. attributes.Select(name => new QueryColumn(name, LocalText.In("en", name), ColumnRole.Attribute)),
    ];

    private List<QueryCell> Row(QueryScope scope, ObservationView observation, SegmentRow extra, List<string> attributes)
    {
        var cells = new List<QueryCell>(series.Definition.Dimensions.Count + 12 + attributes.Count);
        for (var dimension = 0; dimension < series.Definition.Dimensions.Count; dimension++)
        {
            cells.Add(QueryCell.Of(observation.Code(dimension)));
        }

        var period = observation.Period;
        var suppressed = observation.Status == ObservationStatus.Suppressed;
        var upper = observation.Upper?.ToDecimal() ?? (suppressed ? extra.UpperWhenSuppressed : null);
        cells.Add(QueryCell.Of(period.ToString()));
        cells.Add(observation.ValueCode is { } code ? QueryCell.Of(code) : new QueryCell(observation.Value is null ? null : extra.Exact ?? observation.Value?.ToDecimal(), null, upper));
        cells.Add(QueryCell.Of(observation.Status.Letter()));
        cells.Add(QueryCell.Of(extra.Unit));
        cells.Add(QueryCell.Of(upper));
        cells.Add(QueryCell.Of(observation.Comparator.Sign()));
        cells.Add(QueryCell.Of(period.BasisCode));
        cells.Add(QueryCell.Of(scope.Vintages[observation.From].Release));
        cells.Add(QueryCell.Of(extra.Definition ?? series.Definition.Definition));
        cells.Add(QueryCell.Of(extra.Flags));
        string[] notes = [.. extra.Footnotes, .. series.Notes.On(observation, scope.AsOf).Select(note => note.Note.Text)];
        cells.Add(QueryCell.Of(notes.Length == 0 ? null : string.Join(" | ", notes)));
        cells.Add(QueryCell.Of(extra.Cell));
        foreach (var name in attributes)
        {
            cells.Add(QueryCell.Of(extra.Attributes.FirstOrDefault(pair => pair.Key == name).Value));
        }

        return cells;
    }
}
