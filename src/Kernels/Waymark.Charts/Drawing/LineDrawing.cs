using Waymark.Model;

namespace Waymark.Charts;

/// <summary>Lines over time: labels at the ends instead of a legend, unit above the axis.</summary>
internal static class LineDrawing
{
    private static readonly LocalText s_kind = new("Line chart", "折线图");

    public static Body Draw(LineFigure figure, ChartOptions options)
    {
        var (head, language) = (figure.Head, options.Language);
        var width = Frame.Inner(options);
        var height = Math.Clamp(width * 0.5, 250, 380);
        var values = Values(figure.Series).ToList();
        var low = figure.FromZero ? Math.Min(0, values.DefaultIfEmpty(0).Min()) : values.DefaultIfEmpty(0).Min();
        var ticks = LinearScale.NiceTicks(low, values.DefaultIfEmpty(1).Max());
        var unit = NumberScale.For(ticks.Max(Math.Abs), language);
        var labels = ticks.Select(t => NumberText.Exact(t / unit.Divisor)).ToList();
        var left = Math.Ceiling(labels.Max(l => TextWidth.Of(l)) + 9);
        var ends = figure.Series.Select(s => EndLabel(s, language, width * 0.28)).ToList();
        var right = Math.Ceiling(ends.Max(e => e.Max(l => TextWidth.Of(l, bold: true))) + 14 + (figure.Series.Count > 1
            ? 18 : 0));
        var plot = new Box(left, 28, Math.Max(80, width - left - right), height - 28 - 24);
        var days = figure.Series.SelectMany(s => s.Points).Select(p => PeriodText.Middle(p.At)).OfType<double>()
            .ToList();
        var x = new TimeScale(days.DefaultIfEmpty(0).Min(), days.DefaultIfEmpty(1).Max(), plot.X + 6, plot.Right);
        var y = new LinearScale(ticks[0], ticks[^1], plot.Bottom, plot.Y);
        var lines = figure.Series.Select((s, i) => new LinePaths(s, i + 1, d => x[d], v => y[v])).ToList();
        var notes = Marks(figure.Series, lines, language, figure.FromZero ? null : ticks[0]);
        return new(height, Paint, Table(figure.Head, figure.Series, language),
            Describe(head, s_kind, figure.Series, language), notes);

        void Paint(SvgWriter w)
        {
            w.Label("k", 0, 14, unit.With(head.Unit.Name.In(language), language));
            for (var i = 0; i < ticks.Count; i++)
            {
                w.Line(ticks[i] == 0 ? "z" : "g", plot.X, y[ticks[i]], plot.Right, y[ticks[i]]);
                w.Label("e", plot.X - 7, y[ticks[i]] + 4.5, labels[i]);
            }

            if (days.Count > 0)
            {
                var all = figure.Series.SelectMany(s => s.Points).Select(p => p.At)
                    .Where(p => PeriodText.Middle(p) is not null).ToList();
                foreach (var tick in x.Ticks(all, language))
                {
                    w.Line("z", x[tick.Day], plot.Bottom, x[tick.Day], plot.Bottom + 4);
                    w.Label("m", x[tick.Day], plot.Bottom + 18, tick.Label);
                }
            }

            lines.ForEach(l => l.DrawBands(w));
            lines.ForEach(l => l.DrawLine(w));
            EndLabels(w, lines, ends, plot);
            Frame.Stamp(w, head, language, plot, [.. lines.SelectMany(l => l.Trace)]);
        }
    }

    public static IEnumerable<double> Values(IEnumerable<LineSeries> series) => series.SelectMany(s => s.Points)
        .SelectMany(p =>
        new[] { p.Datum.Value, p.Datum.Low, p.Datum.High }).OfType<double>();

    public static string Describe(FigureHead head, LocalText kind, IReadOnlyList<LineSeries> series, string language) =>
        Describer.Describe(head, kind,
            [.. series.SelectMany(s => s.Points.Select(p => ($"{s.Name.In(language)} {PeriodText.In(p.At, language)}",
                p.Datum)))], language);

    /// <summary>Periods down, series across; a status is said in words behind the number.</summary>
    public static TableTwin Table(FigureHead head, IReadOnlyList<LineSeries> series, string language)
    {
        var zh = Words.IsChinese(language);
        var unit = head.Unit.Name.In(language);
        var columns = new List<TableColumn> { new(Words.Period.In(language), false) };
        columns.AddRange(series.Select(s => new TableColumn(Describer.WithUnit(s.Name.In(language), unit, language),
            true)));
        var rows = new List<IReadOnlyList<string>>();
        foreach (var period in series.SelectMany(s => s.Points).Select(p => p.At).Distinct().Order())
        {
            var row = new List<string> { PeriodText.In(period, language) };
            row.AddRange(series.Select(s => s.Points.FirstOrDefault(p => p.At == period) is { } point ? Cell(point)
                : Words.Reason(ObservationStatus.Missing).In(language)));
            rows.Add(row);
        }

        return new(head.Subtitle(language), columns, rows);

        string Cell(TimePoint point)
        {
            var d = point.Datum;
            var parts = new List<string>();
            if (d.HasInterval)
            {
                parts.Add(zh ? $"{NumberText.Exact(d.Low!.Value)} 至 {NumberText.Exact(d.High!.Value)}"
                    : $"{NumberText.Exact(d.Low!.Value)} to {NumberText.Exact(d.High!.Value)}");
            }

            parts.Add(Words.Mark(point.BreakBefore ? ObservationStatus.Break : d.Status).In(language));
            var extra = d.IsMissing ? "" : Words.Join(parts, language);
            return Words.Cell(d, language) + (extra.Length == 0 ? "" : zh ? $"（{extra}）" : $" ({extra})");
        }
    }

    /// <summary>The marks that really occur, explained.</summary>
    public static List<string> Marks(IReadOnlyList<LineSeries> series, List<LinePaths> lines, string language,
        double? start)
    {
        var data = series.SelectMany(s => s.Points).Select(p => p.Datum).ToList();
        var marks = new List<string>();
        Add(data.Any(d => d.IsProvisional), Words.Provisional);
        Add(data.Any(d => d.IsProjected), Words.Projected);
        Add(data.Any(d => d.HasInterval), Words.Interval);
        Add(lines.Any(l => l.HasBreak), Words.Break);
        Add(lines.Any(l => l.HasGap), Words.Gap);
        if (start is { } s && s != 0)
        {
            marks.Add(Words.IsChinese(language) ? $"纵轴从 {NumberText.Exact(s)} 开始"
                : $"the axis starts at {NumberText.Exact(s)}, not at zero");
        }

        return marks.Count == 0 ? [] : [Words.Join(marks, language)];

        void Add(bool occurs, LocalText text)
        {
            if (occurs)
            {
                marks.Add(text.In(language));
            }
        }
    }

    private static List<string> EndLabel(LineSeries series, string language, double width)
    {
        var last = series.Points.Where(p => p.Datum.Value is not null).OrderBy(p => PeriodText.Middle(p.At))
            .LastOrDefault();
        var lines = TextWidth.Wrap(series.Name.In(language), width, bold: true).ToList();
        if (last?.Datum.Value is { } value)
        {
            lines.Add(NumberText.Rounded(value, language));
        }

        return lines;
    }

    /// <summary>Labels beside the ends, moved apart where they would overlap.</summary>
    private static void EndLabels(SvgWriter w, List<LinePaths> lines, List<List<string>> labels, Box plot)
    {
        var order = Enumerable.Range(0, lines.Count).Where(i => lines[i].End is not null)
            .OrderBy(i => lines[i].End!.Value.Y).ToList();
        var tops = order.Select(i => lines[i].End!.Value.Y - (labels[i].Count * 7.5)).ToList();
        for (var pass = 0; pass < 60; pass++)
        {
            for (var k = 1; k < order.Count; k++)
            {
                var overlap = tops[k - 1] + (labels[order[k - 1]].Count * 15) + 4 - tops[k];
                if (overlap > 0)
                {
                    tops[k - 1] -= overlap / 2;
                    tops[k] += overlap / 2;
                }
            }

            for (var k = 0; k < order.Count; k++)
            {
                tops[k] = Math.Clamp(tops[k], 0, Math.Max(0, plot.Bottom + 16 - (labels[order[k]].Count * 15)));
            }
        }

        for (var k = 0; k < order.Count; k++)
        {
            var end = lines[order[k]].End!.Value;
            w.Circle($"a{order[k] + 1}", end.X, end.Y, 4);
            var indent = lines.Count > 1 ? 18 : 0;
            if (indent > 0)
            {
                w.Line($"s{order[k] + 1}", plot.Right + 12, tops[k] + 7.5, plot.Right + 23, tops[k] + 7.5);
            }

            for (var i = 0; i < labels[order[k]].Count; i++)
            {
                w.Label(i + 1 < labels[order[k]].Count ? "t" : "", plot.Right + 11 + indent, tops[k] + 12 + (i * 15),
                    labels[order[k]][i]);
            }
        }
    }
}
