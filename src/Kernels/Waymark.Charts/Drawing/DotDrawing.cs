using Waymark.Model;

namespace Waymark.Charts;

/// <summary>Dots on a common scale with their intervals; an estimate is an open dot.</summary>
internal static class DotDrawing
{
    private static readonly LocalText s_kind = new("Dot chart", "点图");
    private static readonly LocalText s_log = new("logarithmic axis", "对数轴");
    private static readonly LocalText s_estimate = new("open dot: estimate; bar: interval", "空心点：估计；横条：区间");

    public static Body Draw(DotFigure figure, ChartOptions options)
    {
        var (head, language) = (figure.Head, options.Language);
        var width = Frame.Inner(options);
        var values = figure.Rows.SelectMany(r => new[] { r.Datum.Value, r.Datum.Low, r.Datum.High }).OfType<double>()
            .ToList();
        var logarithmic = figure.Logarithmic && values.Count > 0 && values.TrueForAll(v => v > 0);
        var ticks = logarithmic ? LogScale.Ticks(values.Min(), values.Max())
            : LinearScale.NiceTicks(Math.Min(0, values.DefaultIfEmpty(0).Min()),
                Math.Max(0, values.DefaultIfEmpty(1).Max()), 5);
        var unit = logarithmic ? new NumberScale(1, "") : NumberScale.For(ticks.Max(Math.Abs), language);
        var names = figure.Rows.Select(r => TextWidth.Wrap(r.Name.In(language), width * 0.32)).ToList();
        var left = Math.Ceiling(names.SelectMany(n => n).Select(l => TextWidth.Of(l)).DefaultIfEmpty(0).Max() + 14);
        var row = names.Select(n => n.Count).DefaultIfEmpty(1).Max() * 16 + 10;
        var plot = new Box(left, 28, Math.Max(60, width - left - 30),
            (figure.Rows.Count * row) + BarDrawing.StampStrip);
        var linear = new LinearScale(ticks[0], ticks[^1], plot.X + 4, plot.Right);
        var log = new LogScale(ticks[0], ticks[^1], plot.X + 4, plot.Right);
        double X(double value) => logarithmic ? log[value]!.Value : linear[value];
        var notes = new List<string>(BarDrawing.Notes(figure.Rows, language));
        if (figure.Rows.Any(r => r.Datum.HasInterval || r.Datum.Status == ObservationStatus.Estimated))
        {
            notes.Add(s_estimate.In(language));
        }

        var description = Describer.Describe(head, s_kind, [.. figure.Rows.Select(r =>
            (r.Name.In(language), r.Datum))], language);
        return new(plot.Bottom + 26, Paint, Describer.Table(head, Words.Name, figure.Rows, language), description,
            notes);

        void Paint(SvgWriter w)
        {
            var axis = unit.With(head.Unit.Name.In(language), language);
            w.Label("k", 0, 14, logarithmic ? Describer.WithUnit(axis, s_log.In(language), language) : axis);
            foreach (var tick in ticks)
            {
                w.Line(tick == 0 ? "z" : "g", X(tick), plot.Y - 4, X(tick), plot.Bottom);
                w.Label("m", X(tick), plot.Bottom + 16, logarithmic ? NumberText.Rounded(tick, language)
                    : NumberText.Exact(tick / unit.Divisor));
            }

            var taken = new List<(double X, double Y)>();
            for (var i = 0; i < figure.Rows.Count; i++)
            {
                var datum = figure.Rows[i].Datum;
                var middle = plot.Y + (row * (i + 0.5));
                for (var l = 0; l < names[i].Count; l++)
                {
                    w.Label("k e", plot.X - 8, middle + 4.5 + ((l - ((names[i].Count - 1) / 2.0)) * 16), names[i][l]);
                }

                w.Line("g", plot.X, middle, plot.Right, middle);
                taken.AddRange([(plot.X + 20, middle), (plot.Right - 20, middle)]);
                if (datum.Value is not { } value)
                {
                    w.Label("n halo", plot.X + 10, middle + 4.5, Words.Reason(datum.Status).In(language));
                    taken.AddRange([(plot.X + 10, middle), (plot.X + 60, middle)]);
                    continue;
                }

                if (datum is { HasInterval: true, Low: { } low, High: { } high })
                {
                    w.Line("ivd", X(low), middle, X(high), middle);
                    taken.AddRange([(X(low), middle), (X(high), middle)]);
                }

                w.Circle(datum.Status == ObservationStatus.Estimated ? "est" : "dot", X(value), middle, 5);
                taken.Add((X(value), middle));
                if (datum.IsProvisional || datum.IsProjected)
                {
                    w.Label("k halo m", X(value), middle - 8, datum.IsProvisional ? "p" : "e");
                }
            }

            Frame.Stamp(w, head, language, plot, taken);
        }
    }
}
