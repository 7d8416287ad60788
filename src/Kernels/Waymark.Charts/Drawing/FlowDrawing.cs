using Waymark.Model;

namespace Waymark.Charts;

/// <summary>
/// Origin by destination as a shaded table. Rows and columns are ranked by what may be shown; the rest is summed as
/// "other", marked as "at least" where a part has no figure. There are no totals.
/// </summary>
internal static class FlowDrawing
{
    private static readonly LocalText s_kind = new("Flow table", "流动表");

    private static readonly LocalText s_hatch = new("hatched: no figure; ≥: at least, since a part has no figure",
        "斜线：无数据；≥：至少，因部分无数据");

    /// <summary>Classes of the scale on which text has 4.5:1 in light and in dark; the middle ones have not.</summary>
    private static readonly int[] s_levels = [1, 2, 5, 6];

    private sealed record Cell(double? Value, ObservationStatus Reason, bool Partial, bool Exists);

    public static Body Draw(FlowFigure figure, ChartOptions options)
    {
        var (head, language) = (figure.Head, options.Language);
        var top = Math.Clamp(figure.Top, 1, 12);
        var (rows, restRows) = Rank(figure.Flows, f => f.From, top);
        var (columns, restColumns) = Rank(figure.Flows, f => f.To, top);
        var cells = Grid(figure, rows, restRows.Count > 0, columns, restColumns.Count > 0);
        var rowNames = Names(figure, rows, restRows.Count, language);
        var columnNames = Names(figure, columns, restColumns.Count, language);
        var width = Frame.Inner(options);
        var wrappedRows = rowNames.Select(n => TextWidth.Wrap(n, width * 0.2)).ToList();
        var left = Math.Ceiling(wrappedRows.SelectMany(n => n).Max(l => TextWidth.Of(l)) + 12);
        var step = (width - left) / columnNames.Count;
        var wrappedColumns = columnNames.Select(n => TextWidth.Wrap(n, step - 6)).ToList();
        var headHeight = (wrappedColumns.Max(n => n.Count) * 16) + 8;
        var row = Math.Max(30, (wrappedRows.Max(n => n.Count) * 16) + 8);
        var plot = new Box(left, 24 + headHeight, width - left, (row * rowNames.Count) + 22);
        var shown = cells.Cast<Cell>().Where(c => c.Value is > 0).Select(c => c.Value!.Value).ToList();
        var breaks = ClassBreaks.Find(shown, s_levels.Length);
        var unit = NumberScale.For(shown.DefaultIfEmpty(0).Max() / 10, language);
        var data = figure.Flows.Select(f => ($"{Name(figure, f.From, language)} → {Name(figure, f.To, language)}",
            f.Datum)).ToList();
        return new(plot.Bottom + 4, Paint, Table(), Describer.Describe(head, s_kind, data, language),
            [s_hatch.In(language)]);

        void Paint(SvgWriter w)
        {
            var hatch = Frame.Hatch(w, head);
            var axis = Words.IsChinese(language) ? $"{figure.FromHead.In(language)} → {figure.ToHead.In(language)}，"
                : $"{figure.FromHead.In(language)} → {figure.ToHead.In(language)}, ";
            w.Label("k", 0, 14, axis + unit.With(head.Unit.Name.In(language), language));
            for (var c = 0; c < columnNames.Count; c++)
            {
                for (var l = 0; l < wrappedColumns[c].Count; l++)
                {
                    w.Label("k m", left + (step * (c + 0.5)), plot.Y - 8 - ((wrappedColumns[c].Count - 1 - l) * 16),
                        wrappedColumns[c][l]);
                }
            }

            for (var r = 0; r < rowNames.Count; r++)
            {
                var y = plot.Y + (row * r);
                for (var l = 0; l < wrappedRows[r].Count; l++)
                {
                    w.Label("k e", left - 8, y + (row / 2.0) + 4.5 + ((l - ((wrappedRows[r].Count - 1) / 2.0)) * 16),
                        wrappedRows[r][l]);
                }

                for (var c = 0; c < columnNames.Count; c++)
                {
                    PaintCell(w, hatch, cells[r, c], left + (step * c), y);
                }
            }

            var taken = Enumerable.Range(0, rowNames.Count).SelectMany(r =>
                new[] { (plot.X + 1, plot.Y + (row * r) + 5), (plot.Right - 1, plot.Y + (row * r) + 5) });
            Frame.Stamp(w, head, language, plot, taken.ToList());
        }

        void PaintCell(SvgWriter w, string hatch, Cell cell, double x, double y)
        {
            if (cell.Value is not { } value)
            {
                w.Open("rect").Class("cell").Attribute("fill", hatch).Attribute("x", x).Attribute("y", y)
                    .Attribute("width", step).Attribute("height", (double)row).Close();
                return;
            }

            var level = value > 0 ? s_levels[breaks.ClassOf(value)] : s_levels[0];
            w.Rect($"cell q{level}", x, y, step, row);
            var text = (cell.Partial ? "≥ " : "") + NumberText.Exact(value / unit.Divisor, unit.Divisor > 1 ? 2 : 0);
            w.Label(level >= 5 ? "m on" : "k m", x + (step / 2), y + (row / 2.0) + 4.5, text);
        }

        TableTwin Table()
        {
            var heads = new List<TableColumn> { new(figure.FromHead.In(language), false) };
            heads.AddRange(columnNames.Select(n => new TableColumn(Describer.WithUnit(n, head.Unit.Name.In(language),
                language), true)));
            var body = new List<IReadOnlyList<string>>();
            for (var r = 0; r < rowNames.Count; r++)
            {
                var line = new List<string> { rowNames[r] };
                for (var c = 0; c < columnNames.Count; c++)
                {
                    var cell = cells[r, c];
                    line.Add(cell.Value is { } v ? (cell.Partial ? "≥ " : "") + NumberText.Exact(v)
                        : Words.Reason(cell.Reason).In(language));
                }

                body.Add(line);
            }

            return new(head.Subtitle(language), heads, body);
        }
    }

    private static (List<string> Kept, List<string> Others) Rank(IReadOnlyList<Flow> flows, Func<Flow, string> key,
        int top)
    {
        var ranked = flows.GroupBy(key).OrderByDescending(g => g.Sum(f => f.Datum.Value ?? 0))
            .ThenBy(g => g.Key, StringComparer.Ordinal).Select(g => g.Key).ToList();
        return ranked.Count <= top + 1 ? (ranked, []) : (ranked[..top], ranked[top..]);
    }

    private static List<string> Names(FlowFigure figure, List<string> kept, int rest, string language)
    {
        var names = kept.Select(k => Name(figure, k, language)).ToList();
        if (rest > 0)
        {
            names.Add(Words.IsChinese(language) ? $"其他（{rest}）" : $"Other ({rest})");
        }

        return names;
    }

    private static string Name(FlowFigure figure, string key, string language) =>
        figure.Names.TryGetValue(key, out var name) ? name.In(language) : key;

    private static Cell[,] Grid(FlowFigure figure, List<string> rows, bool otherRow, List<string> columns,
        bool otherColumn)
    {
        var grid = new Cell[rows.Count + (otherRow ? 1 : 0), columns.Count + (otherColumn ? 1 : 0)];
        for (var r = 0; r < grid.GetLength(0); r++)
        {
            for (var c = 0; c < grid.GetLength(1); c++)
            {
                grid[r, c] = new(null, ObservationStatus.Missing, false, false);
            }
        }

        foreach (var flow in figure.Flows)
        {
            var r = rows.IndexOf(flow.From) is var fi and >= 0 ? fi : rows.Count;
            var c = columns.IndexOf(flow.To) is var ti and >= 0 ? ti : columns.Count;
            var cell = grid[r, c];
            grid[r, c] = flow.Datum.Value is { } value
                ? new((cell.Value ?? 0) + value, ObservationStatus.Normal,
                    cell.Partial || (cell is { Exists: true, Value: null }), true)
                : new(cell.Value, cell.Exists ? cell.Reason : flow.Datum.Status,
                    cell.Partial || cell.Value is not null, true);
        }

        return grid;
    }
}
