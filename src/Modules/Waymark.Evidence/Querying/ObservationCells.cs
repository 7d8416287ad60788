using Waymark.Model;
using Waymark.Statistics.Cube;

namespace Waymark.Evidence.Querying;

/// <summary>Observations of a cube as cells. The columns are those of its schema, then the period.</summary>
internal sealed class ObservationCells : ICells
{
    private readonly QueryScope _scope;
    private readonly IReadOnlyList<long> _rows;
    private readonly Dictionary<long, (decimal? Lower, decimal? Upper)> _withheld = [];
    private readonly int _unit;
    private readonly int _definition;

    private ObservationCells(QueryScope scope, IReadOnlyList<long> rows)
    {
        (_scope, _rows) = (scope, rows);
        (_unit, _definition) = (scope.Cube.Schema.ColumnOf("unit"), scope.Cube.Schema.ColumnOf("definition"));
    }

    public int Count => _rows.Count;

    public HashSet<int> Units { get; } = [];

    public HashSet<int> Definitions { get; } = [];

    public HashSet<int> Periods { get; } = [];

    /// <summary>Reads beforehand the ends between which withheld figures lie; they stand in the segments.</summary>
    public static async Task<ObservationCells> OpenAsync(LoadedSeries series, QueryScope scope, IReadOnlyList<long> rows, CancellationToken cancellationToken)
    {
        var cells = new ObservationCells(scope, rows);
        foreach (var number in rows)
        {
            var row = scope.Cube[number];
            if (row.Status == ObservationStatus.Suppressed && row.Value is null)
            {
                var beside = await series.Rows.ReadAsync(row.Cell.Segment, row.Cell.Row, cancellationToken);
                cells._withheld[number] = (beside.LowerWhenSuppressed, beside.UpperWhenSuppressed);
            }
        }

        return cells;
    }

    public int Code(int cell, int column) => _scope.Cube[_rows[cell]].CodeNumber(column);

    public void Read(int cell, out Tally tally)
    {
        var row = _scope.Cube[_rows[cell]];
        var vintage = _scope.Vintages[row.From];
        tally = Tally.Of(in row, vintage.ReleaseOrder, vintage.Complete, _withheld.TryGetValue(row.Number, out var ends) ? ends : null);
        Periods.Add(row.CodeNumber(_scope.Cube.Schema.Dimensions.Count));
        if (_unit >= 0)
        {
            var (unit, definition) = (row.CodeNumber(_unit), row.CodeNumber(_definition));
            Units.Add(unit);
            Definitions.Add(definition);
            (tally.Units, tally.Definitions) = (1ul << unit, 1ul << definition);
        }
    }
}

/// <summary>Some of the cells of a table, perhaps with the period replaced by a group of periods.</summary>
internal sealed class CellView(CellTable table, IReadOnlyList<int> chosen, int period, int[] periodOf) : ICells
{
    public int Count => chosen.Count;

    public int Code(int cell, int column) => column == period ? periodOf[table.Code(chosen[cell], column)] : table.Code(chosen[cell], column);

    public void Read(int cell, out Tally tally) => table.Read(chosen[cell], out tally);

    /// <summary>What one step of the table did for the chosen cells.</summary>
    public CollapseCounts CountsOf(int step)
    {
        var counts = default(CollapseCounts);
        foreach (var cell in chosen)
        {
            counts.Add(table.CountsOf(cell, step));
        }

        return counts;
    }
}
