using Waymark.Model;

namespace Waymark.Charts;

/// <summary>One small line chart per series, all on the same scales.</summary>
internal static class MultiplesDrawing
{
    private static readonly LocalText s_kind = new("Small line charts on one scale", "同一尺度的小型折线图");

    public static Body Draw(MultiplesFigure figure, ChartOptions options)
    {
        var (head, language) = (figure.Head, options.Language);
        var width = Frame.Inner(options);
        var columns = Math.Clamp((int)(width / 200), 1, figure.Panels.Count);
        var rows = (figure.Panels.Count + columns - 1) / columns;
        var values = LineDrawing.Values(figure.Panels).ToList();
        var ticks = LinearScale.NiceTicks(Math.Min(0, values.DefaultIfEmpty(0).Min()), values.DefaultIfEmpty(1).Max(),
            2);
        var unit = NumberScale.For(ticks.Max(Math.Abs), language);
        var labels = ticks.Select(t => NumberText.Exact(t / unit.Divisor)).ToList();
        var left = Math.Ceiling(labels.Max(l => TextWidth.Of(l)) + 9);
        const double Gap = 22, PanelHeight = 118, Top = 24;
        var cell = (width - left - (Gap * (columns - 1))) / columns;
        var days = figure.Panels.SelectMany(s => s.Points).Select(p => PeriodText.Middle(p.At)).OfType<double>()
            .ToList();
        var boxes = figure.Panels.Select((_, i) => new Box(left + (i % columns * (cell + Gap)),
            Top + 22 + (i / columns * (PanelHeight + 24)), cell, PanelHeight - 46)).ToList();
        var lines = figure.Panels.Select((s, i) =>
        {
            var x = new TimeScale(days.DefaultIfEmpty(0).Min(), days.DefaultIfEmpty(1).Max(), boxes[i].X + 4,
                boxes[i].Right - 6);
            var y = new LinearScale(ticks[0], ticks[^1], boxes[i].Bottom, boxes[i].Y);
            return new LinePaths(s, 2, d => x[d], v => y[v]);
        }).ToList();
        var height = Top + (rows * (PanelHeight + 24)) + 6;
        return new(height, Paint, LineDrawing.Table(head, figure.Panels, language),
            LineDrawing.Describe(head, s_kind, figure.Panels, language),
            LineDrawing.Marks(figure.Panels, lines, language, null));

        void Paint(SvgWriter w)
        {
            w.Label("k", 0, 14, unit.With(head.Unit.Name.In(language), language));
            var all = figure.Panels.SelectMany(s => s.Points).Select(p => p.At)
                .Where(p => PeriodText.Middle(p) is not null).Order().ToList();
            for (var i = 0; i < boxes.Count; i++)
            {
                var box = boxes[i];
                w.Label("t", box.X, box.Y - 8, TextWidth.Wrap(figure.Panels[i].Name.In(language), cell, bold: true)[0]);
                var y = new LinearScale(ticks[0], ticks[^1], box.Bottom, box.Y);
                for (var t = 0; t < ticks.Count; t++)
                {
                    w.Line(ticks[t] == 0 ? "z" : "g", box.X, y[ticks[t]], box.Right, y[ticks[t]]);
                    if (i % columns == 0)
                    {
                        w.Label("e", box.X - 7, y[ticks[t]] + 4.5, labels[t]);
                    }
                }

                if (all.Count > 0)
                {
                    w.Label("", box.X, box.Bottom + 17, PeriodText.Abbreviated(all[0], language));
                    w.Label("e", box.Right, box.Bottom + 17, PeriodText.Abbreviated(all[^1], language));
                }

                lines[i].DrawBands(w);
                lines[i].DrawLine(w);
                if (lines[i].End is { } end)
                {
                    w.Circle("a2", end.X, end.Y, 3.5);
                }
            }

            Frame.Stamp(w, head, language, new Box(boxes[0].X, boxes[0].Y, cell, boxes[0].Height), [.. lines[0].Trace],
                brief: true);
        }
    }
}
