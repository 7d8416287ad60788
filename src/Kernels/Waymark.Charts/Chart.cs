using Waymark.Model;

namespace Waymark.Charts;

/// <summary>
/// The door of the kernel: a figure as data in; SVG text, table twin and alternative text out. Pure: the same figure and
/// options give the same bytes. No scripts and no style attributes, so a strict content security policy holds.
/// </summary>
public static class Chart
{
    /// <summary>Most series in one line chart; more lines cannot be told apart.</summary>
    public const int MostSeries = 5;

    private const int MostData = 50_000;

    /// <summary>
    /// Draws a figure. Errors: <c>charts.bad-id</c>, <c>charts.bad-width</c>, <c>charts.empty</c>, <c>charts.too-many-series</c>,
    /// <c>charts.too-much-data</c>, <c>charts.mixed-units</c> and <c>charts.forecast-without-interval</c> (misuse M101),
    /// <c>charts.no-boundaries</c> when a map is asked for where the deployment gives none.
    /// </summary>
    public static Result<Rendering> Render(Figure figure, ChartOptions options)
    {
        if (Check(figure, options) is { } error)
        {
            return error;
        }

        Body? body = figure switch
        {
            LineFigure line => LineDrawing.Draw(line, options),
            MultiplesFigure multiples => MultiplesDrawing.Draw(multiples, options),
            BarFigure bar => BarDrawing.Draw(bar, options),
            DotFigure dot => DotDrawing.Draw(dot, options),
            ShareFigure share => ShareDrawing.Draw(share, options),
            FlowFigure flow => FlowDrawing.Draw(flow, options),
            ChoroplethFigure map when options.Boundaries is { } set => ChoroplethDrawing.Draw(map, set, options),
            CirclesFigure map when options.Boundaries is { } set => CirclesDrawing.Draw(map, set, options),
            _ => null,
        };
        return body is null
            ? Error.Refused("charts.no-boundaries", "Maps are switched off here; the table has the same values.",
                "此处未启用地图；表格载有相同数值。", figure.Head.Id)
            : Frame.Assemble(figure.Head, options, body);
    }

    private static Error? Check(Figure figure, ChartOptions options)
    {
        var id = figure.Head.Id;
        if (id.Length is 0 or > 40 || !char.IsAsciiLetter(id[0])
            || !id.All(c => char.IsAsciiLetterOrDigit(c) || c == '-'))
        {
            return Error.Invalid("charts.bad-id", "The id of a figure is a letter, then letters, digits and hyphens.",
                "图的标识须以字母开头，后接字母、数字和连字符。", id);
        }

        if (!(options.Width is >= 240 and <= 4000))
        {
            return Error.Invalid("charts.bad-width", "The width is between 240 and 4000.", "宽度须在 240 至 4000 之间。", id);
        }

        var (data, units) = Data(figure);
        if (data.Count == 0)
        {
            return Error.Invalid("charts.empty", "There is nothing to draw.", "没有可绘制的内容。", id);
        }

        if (data.Count > MostData)
        {
            return Error.TooLarge("charts.too-much-data", "The figure has too many data.", "图中数据过多。", id)
                .WithHint("Choose fewer areas or a shorter time.", "请减少地区或缩短时间。");
        }

        if (figure is LineFigure { Series.Count: > MostSeries })
        {
            return Error.Invalid("charts.too-many-series", "A line chart has at most five lines.", "折线图最多五条线。", id)
                .WithHint("Use small multiples.", "请使用小型多图。");
        }

        var unit = figure.Head.Unit;
        if (units.FirstOrDefault(u => u.Code != unit.Code && !(u.IsCommensurableWith(unit)
            && u.Scale == unit.Scale)) is { } other)
        {
            return Error.Invalid("charts.mixed-units",
                $"One figure has one unit: {unit.Name.In("en")} and {other.Name.In("en")} do not share a scale.",
                $"一图一单位：{unit.Name.In("zh")}与{other.Name.In("zh")}不能共用一个刻度。", id);
        }

        return data.Any(d => d.IsProjected && !d.HasInterval)
            ? Error.Invalid("charts.forecast-without-interval",
                "A projection is shown with its interval or not at all.", "预测须连同区间一并显示，否则不予显示。", id)
            : null;
    }

    private static (IReadOnlyList<Datum> Data, IEnumerable<Unit> Units) Data(Figure figure) => figure switch
    {
        LineFigure f => (Points(f.Series), f.Series.Select(s => s.Unit).OfType<Unit>()),
        MultiplesFigure f => (Points(f.Panels), f.Panels.Select(s => s.Unit).OfType<Unit>()),
        BarFigure f => Rows(f.Bars),
        DotFigure f => Rows(f.Rows),
        ShareFigure f => Rows(f.Rows),
        ChoroplethFigure f => Rows(f.Areas),
        CirclesFigure f => Rows(f.Areas),
        FlowFigure f => ([.. f.Flows.Select(c => c.Datum)], []),
        _ => ([], []),
    };

    private static List<Datum> Points(IEnumerable<LineSeries> series) =>
        [.. series.SelectMany(s => s.Points).Select(p => p.Datum)];

    private static (IReadOnlyList<Datum> Data, IEnumerable<Unit> Units) Rows(IReadOnlyList<NamedDatum> rows) =>
        ([.. rows.Select(r => r.Datum)], rows.Select(r => r.Unit).OfType<Unit>());
}
