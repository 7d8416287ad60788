using Waymark.Model;

namespace Waymark.Charts;

/// <summary>Bars of two parts that make one hundred per cent, both parts labelled.</summary>
internal static class ShareDrawing
{
    private static readonly LocalText s_kind = new("Bars of two parts", "两部分构成条形图");

    public static Body Draw(ShareFigure figure, ChartOptions options)
    {
        var (head, language) = (figure.Head, options.Language);
        var width = Frame.Inner(options);
        var names = figure.Rows.Select(r => TextWidth.Wrap(r.Name.In(language), width * 0.3)).ToList();
        var left = Math.Ceiling(names.SelectMany(n => n).Select(l => TextWidth.Of(l)).DefaultIfEmpty(0).Max() + 12);
        var row = names.Select(n => n.Count).DefaultIfEmpty(1).Max() * 16 + 14;
        var plot = new Box(left, 48, Math.Max(60, width - left - 1), (figure.Rows.Count * row) + 22);
        var x = new LinearScale(0, 100, plot.X, plot.Right);
        var (first, second) = (figure.FirstPart.In(language), figure.SecondPart.In(language));
        var description = Describer.Describe(head, s_kind, [.. figure.Rows.Select(r =>
            ($"{r.Name.In(language)} ({first})", r.Datum))], language);
        return new(plot.Bottom + 4, Paint, Table(), description, BarDrawing.Notes(figure.Rows, language));

        void Paint(SvgWriter w)
        {
            w.Label("k", 0, 14, head.Unit.Name.In(language));
            w.Rect("bar", plot.X, 28, 12, 12);
            w.Label("k", plot.X + 18, 39, first);
            var next = plot.X + 18 + TextWidth.Of(first) + 22;
            w.Rect("bar2 sw", next, 28, 12, 12);
            w.Label("k", next + 18, 39, second);
            for (var i = 0; i < figure.Rows.Count; i++)
            {
                var middle = plot.Y + (row * (i + 0.5));
                for (var l = 0; l < names[i].Count; l++)
                {
                    w.Label("k e", plot.X - 8, middle + 4.5 + ((l - ((names[i].Count - 1) / 2.0)) * 16), names[i][l]);
                }

                if (Share(figure.Rows[i].Datum) is not { } share)
                {
                    w.Label("n", plot.X + 6, middle + 4.5, Words.Reason(figure.Rows[i].Datum.Status).In(language));
                    continue;
                }

                w.Rect("bar", plot.X, middle - 11, x[share] - plot.X, 22);
                w.Rect("bar2", x[share], middle - 11, plot.Right - x[share], 22);
                var mark = figure.Rows[i].Datum.IsProvisional ? " p" : figure.Rows[i].Datum.IsProjected ? " e" : "";
                var (one, two) = (NumberText.Exact(share, 1) + "%" + mark, NumberText.Exact(100 - share, 1) + "%");
                if (x[share] - plot.X > TextWidth.Of(one, bold: true) + 12)
                {
                    w.Label("t on", plot.X + 7, middle + 4.5, one);
                }

                if (plot.Right - x[share] > TextWidth.Of(two, bold: true) + 12)
                {
                    w.Label("t e", plot.Right - 7, middle + 4.5, two);
                }
            }

            // The last strip of the plot holds no data, so the code never covers a bar.
            Frame.Stamp(w, head, language, plot, Enumerable.Range(0, figure.Rows.Count)
                .SelectMany(i => new[] { (plot.X + 1, plot.Y + (row * i) + 5),
                    (plot.Right - 1, plot.Y + (row * i) + 5) }).ToList());
        }

        TableTwin Table()
        {
            var unit = head.Unit.Name.In(language);
            return new(head.Subtitle(language),
                [new(Words.Name.In(language), false), new(Describer.WithUnit(first, unit, language), true),
                    new(Describer.WithUnit(second, unit, language), true)],
                [.. figure.Rows.Select(r => (IReadOnlyList<string>)[r.Name.In(language), Words.Cell(r.Datum, language),
                    Share(r.Datum) is { } share ? NumberText.Exact(LinearScale.Clean(100 - share))
                        : Words.Reason(r.Datum.IsMissing ? r.Datum.Status : ObservationStatus.Missing).In(language)])]);
        }
    }

    /// <summary>A share outside 0 to 100 is no share and is not drawn.</summary>
    private static double? Share(Datum datum) => datum.Value is { } v and >= 0 and <= 100 ? v : null;
}
