using Waymark.Model;

namespace Waymark.Charts;

/// <summary>Bars from zero. A missing figure is its reason in words, never a bar of no length.</summary>
internal static class BarDrawing
{
    private static readonly LocalText s_kind = new("Bar chart", "条形图");

    /// <summary>A strip at the foot of the plot that holds no data, for the code.</summary>
    public const double StampStrip = 20;

    public static Body Draw(BarFigure figure, ChartOptions options)
    {
        var (head, language) = (figure.Head, options.Language);
        var values = figure.Bars.SelectMany(b => new[] { b.Datum.Value, b.Datum.Low, b.Datum.High }).OfType<double>()
            .ToList();
        var ticks = LinearScale.NiceTicks(Math.Min(0, values.DefaultIfEmpty(0).Min()),
            Math.Max(0, values.DefaultIfEmpty(1).Max()), 4);
        var unit = NumberScale.For(ticks.Max(Math.Abs), language);
        var description = Describer.Describe(head, s_kind, [.. figure.Bars.Select(b =>
            (b.Name.In(language), b.Datum))], language);
        var (height, paint) = figure.Horizontal ? Across(figure, options, ticks, unit)
            : Upright(figure, options, ticks, unit);
        return new(height, paint, Describer.Table(head, Words.Name, figure.Bars, language), description,
            Notes(figure.Bars, language));
    }

    public static IReadOnlyList<string> Notes(IReadOnlyList<NamedDatum> rows, string language)
    {
        var marks = rows.Select(r => r.Datum).Where(d => !d.IsMissing).Select(d => d.Status).Distinct().Order()
            .Where(s => s is ObservationStatus.Provisional or ObservationStatus.Forecast)
            .Select(s => (s == ObservationStatus.Provisional ? Words.Provisional : Words.Projected).In(language))
                .ToList();
        return marks.Count == 0 ? [] : [Words.Join(marks, language)];
    }

    /// <summary>The number at the end of a bar with its letter, or why there is none.</summary>
    public static string ValueText(Datum datum, string language) => datum.Value is { } value
        ? NumberText.Rounded(value, language) + (datum.IsProvisional ? " p" : datum.IsProjected ? " e" : "")
        : Words.Reason(datum.Status).In(language);

    private static (double Height, Action<SvgWriter> Paint) Across(BarFigure figure, ChartOptions options,
        IReadOnlyList<double> ticks, NumberScale unit)
    {
        var language = options.Language;
        var width = Frame.Inner(options);
        var names = figure.Bars.Select(b => TextWidth.Wrap(b.Name.In(language), width * 0.3)).ToList();
        var left = Math.Ceiling(names.SelectMany(n => n).Select(l => TextWidth.Of(l)).DefaultIfEmpty(0).Max() + 12);
        var right = Math.Ceiling(figure.Bars.Where(b => !b.Datum.IsMissing)
            .Select(b => TextWidth.Of(ValueText(b.Datum, language), bold: true)).DefaultIfEmpty(20).Max() + 10);
        var tops = new List<double>();
        var y = 28.0;
        foreach (var name in names)
        {
            tops.Add(y);
            y += Math.Max(26, (name.Count * 16) + 8);
        }

        var plot = new Box(left, 28, Math.Max(60, width - left - right), y - 28 + StampStrip);
        var x = new LinearScale(ticks[0], ticks[^1], plot.X, plot.Right);
        return (y + StampStrip + 24, Paint);

        void Paint(SvgWriter w)
        {
            w.Label("k", 0, 14, unit.With(figure.Head.Unit.Name.In(language), language));
            for (var i = 0; i < ticks.Count; i++)
            {
                w.Line(ticks[i] == 0 ? "z" : "g", x[ticks[i]], plot.Y - 4, x[ticks[i]], plot.Bottom);
                w.Label("m", x[ticks[i]], plot.Bottom + 16, NumberText.Exact(ticks[i] / unit.Divisor));
            }

            var taken = new List<(double X, double Y)>();
            for (var i = 0; i < figure.Bars.Count; i++)
            {
                var (datum, top) = (figure.Bars[i].Datum, tops[i]);
                var rowHeight = (i + 1 < tops.Count ? tops[i + 1] : y) - top;
                var middle = top + (rowHeight / 2);
                for (var l = 0; l < names[i].Count; l++)
                {
                    w.Label("k e", plot.X - 8, middle + 4.5 + ((l - ((names[i].Count - 1) / 2.0)) * 16), names[i][l]);
                }

                if (datum.Value is not { } value)
                {
                    w.Label("n", x[0] + 6, middle + 4.5, ValueText(datum, language));
                    taken.AddRange(Sweep(x[0], x[0] + TextWidth.Of(ValueText(datum, language)) + 6, middle));
                    continue;
                }

                w.Rect("bar", Math.Min(x[0], x[value]), middle - 8, Math.Abs(x[value] - x[0]), 16);
                Interval(w, datum, v => (x[v], middle), true);
                var end = Math.Max(Math.Max(x[0], x[value]), datum.HasInterval ? x[datum.High!.Value] : 0);
                w.Label("t halo", end + 6, middle + 4.5, ValueText(datum, language));
                taken.AddRange(Sweep(Math.Min(x[0], x[value]), end + 6 + TextWidth.Of(ValueText(datum, language)),
                    middle));
            }

            Frame.Stamp(w, figure.Head, language, plot, taken);
        }

        static IEnumerable<(double X, double Y)> Sweep(double from, double to, double at)
        {
            for (var p = from; p <= to; p += 12)
            {
                yield return (p, at);
            }
        }
    }

    private static (double Height, Action<SvgWriter> Paint) Upright(BarFigure figure, ChartOptions options,
        IReadOnlyList<double> ticks, NumberScale unit)
    {
        var language = options.Language;
        var width = Frame.Inner(options);
        var labels = ticks.Select(t => NumberText.Exact(t / unit.Divisor)).ToList();
        var left = Math.Ceiling(labels.Max(l => TextWidth.Of(l)) + 9);
        var band = new OrdinalScale(figure.Bars.Count, left, width);
        var names = figure.Bars.Select(b => TextWidth.Wrap(b.Name.In(language), Math.Max(20, band.Step - 4))).ToList();
        var lines = names.Select(n => n.Count).DefaultIfEmpty(1).Max();
        var height = Math.Clamp(width * 0.45, 230, 340) + (lines * 16);
        var plot = new Box(left, 28, width - left, height - 28 - 10 - (lines * 16));
        var y = new LinearScale(ticks[0], ticks[^1], plot.Bottom, plot.Y);
        return (height, Paint);

        void Paint(SvgWriter w)
        {
            w.Label("k", 0, 14, unit.With(figure.Head.Unit.Name.In(language), language));
            for (var i = 0; i < ticks.Count; i++)
            {
                w.Line(ticks[i] == 0 ? "z" : "g", plot.X, y[ticks[i]], plot.Right, y[ticks[i]]);
                w.Label("e", plot.X - 7, y[ticks[i]] + 4.5, labels[i]);
            }

            var taken = new List<(double X, double Y)>();
            var barWidth = Math.Min(46, band.Step * 0.7);
            for (var i = 0; i < figure.Bars.Count; i++)
            {
                var (datum, middle) = (figure.Bars[i].Datum, band.Middle(i));
                for (var l = 0; l < names[i].Count; l++)
                {
                    w.Label("k m", middle, plot.Bottom + 17 + (l * 16), names[i][l]);
                }

                if (datum.Value is not { } value)
                {
                    var reason = TextWidth.Wrap(ValueText(datum, language), Math.Max(20, band.Step - 4));
                    for (var l = 0; l < reason.Count; l++)
                    {
                        w.Label("n m", middle, y[0] - 8 - ((reason.Count - 1 - l) * 16), reason[l]);
                    }

                    continue;
                }

                w.Rect("bar", middle - (barWidth / 2), Math.Min(y[0], y[value]), barWidth, Math.Abs(y[0] - y[value]));
                Interval(w, datum, v => (middle, y[v]), false);
                var top = datum.HasInterval ? y[datum.High!.Value] : Math.Min(y[0], y[value]);
                var text = ValueText(datum, language);
                if (TextWidth.Of(text, bold: true) <= band.Step)
                {
                    w.Label("t halo m", middle, top - 6, text);
                }

                for (var p = top - 16; p < plot.Bottom; p += 10)
                {
                    taken.AddRange([(middle - (barWidth / 2), p), (middle, p), (middle + (barWidth / 2), p)]);
                }
            }

            Frame.Stamp(w, figure.Head, language, plot, taken);
        }
    }

    public static void Interval(SvgWriter w, Datum datum, Func<double, (double X, double Y)> at, bool across)
    {
        if (datum is not { HasInterval: true, Low: { } low, High: { } high })
        {
            return;
        }

        var (a, b) = (at(low), at(high));
        var path = new PathBuilder(10);
        _ = across
            ? path.Move(a.X, a.Y - 4).Line(a.X, a.Y + 4).Move(a.X, a.Y).Line(b.X, b.Y).Move(b.X, b.Y - 4)
                .Line(b.X, b.Y + 4)
            : path.Move(a.X - 4, a.Y).Line(a.X + 4, a.Y).Move(a.X, a.Y).Line(b.X, b.Y).Move(b.X - 4, b.Y)
                .Line(b.X + 4, b.Y);
        w.Path("iv", path.ToString());
    }
}
