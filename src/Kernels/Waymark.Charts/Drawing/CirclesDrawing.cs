using Waymark.Model;

namespace Waymark.Charts;

/// <summary>Circles by area on a plain map; large ones are drawn first, so that small ones stay in sight.</summary>
internal static class CirclesDrawing
{
    private const double Largest = 30;
    private static readonly LocalText s_kind = new("Map of circles", "比例圆地图");

    public static Body Draw(CirclesFigure figure, BoundarySet set, ChartOptions options)
    {
        var (head, language) = (figure.Head, options.Language);
        var map = MapCanvas.Of(set, figure.View, Frame.Inner(options));
        var most = figure.Areas.Select(a => a.Datum.Value).OfType<double>().DefaultIfEmpty(0).Max();
        var steps = Steps(most);
        var legendHeight = (Largest * 2) + 30;
        var absent = figure.Areas.Count(a => !set.Shows(a.Id));
        var extra = absent == 0 ? "" : Words.IsChinese(language) ? $"{absent} 项不在地图上，见表格"
            : $"{absent} are not on the map and stand in the table";
        var description = Describer.Describe(head, s_kind, [.. figure.Areas.Select(a =>
            (a.Name.In(language), a.Datum))], language, extra);
        return new(map.Height + legendHeight, Paint, Describer.Table(head, Words.Area, figure.Areas, language),
            description,
            ChoroplethDrawing.Notes(set, map, options, false));

        double Radius(double value) => most > 0 ? Math.Max(0.8, Largest * Math.Sqrt(value / steps[^1])) : 0;

        void Paint(SvgWriter w)
        {
            w.Open("g").Attribute("transform", "scale(.5)");
            w.Path("sea", map.Sea);
            w.Open("g").Class("base").Attribute("fill-rule", "evenodd");
            var land = new PathBuilder(2, whole: true);
            foreach (var polygon in set.Polygons.Where(p => p.Id != "ATA" || map.ShowsAntarctica))
            {
                map.Add(land, polygon);
            }

            w.Path("", land.ToString());
            w.Close();
            ChoroplethDrawing.Lines(w, map);
            w.Close();
            var taken = new List<(double X, double Y)>();
            foreach (var area in figure.Areas.Where(a => a.Datum.Value is > 0).OrderByDescending(a => a.Datum.Value)
                .ThenBy(a => a.Id, StringComparer.Ordinal))
            {
                if (Middle(set, area.Id) is { } place && map.Place(place.X, place.Y) is { } at)
                {
                    w.Circle("pc", at.X, at.Y, Radius(area.Datum.Value!.Value));
                    taken.Add(at);
                }
            }

            Frame.Stamp(w, head, language, new Box(0, 0, map.Width, map.Height),
                [.. taken, (5, 5), (map.Width - 5, 5), (map.Width - 5, map.Height - 5)],
                share: map.IsWorld ? 0.27 : 0.5);
            Legend(w, map.Height + 10);
        }

        void Legend(SvgWriter w, double y)
        {
            w.Label("k", 0, y + 13, head.Unit.Name.In(language));
            var x = 0.0;
            foreach (var step in steps)
            {
                var radius = Radius(step);
                w.Circle("pce", x + radius + 1, y + 22 + Largest, radius);
                w.Label("", x + (radius * 2) + 8, y + 26.5 + Largest, NumberText.Rounded(step, language));
                x += (radius * 2) + 24 + TextWidth.Of(NumberText.Rounded(step, language));
            }
        }
    }

    /// <summary>Three round sizes for the legend; the largest is not below the largest figure.</summary>
    private static IReadOnlyList<double> Steps(double most)
    {
        if (most <= 0)
        {
            return [1];
        }

        var top = LinearScale.NiceStep(most);
        top = top < most ? LinearScale.NiceStep(most * 1.3) : top;
        top = top < most ? top * 2 : top;
        return [LinearScale.Clean(top / 20), LinearScale.Clean(top / 4), LinearScale.Clean(top)];
    }

    /// <summary>The point symbol of an area, or the centre of gravity of its largest ring.</summary>
    private static (double X, double Y)? Middle(BoundarySet set, string id)
    {
        if (set.Points.FirstOrDefault(p => p.Id == id) is { } point)
        {
            return (point.Longitude, point.Latitude);
        }

        if (set.Polygons.FirstOrDefault(p => p.Id == id && p.IsAssigned) is not { } polygon)
        {
            return null;
        }

        (double Size, double X, double Y) best = default;
        foreach (var ring in set.RingsOf(polygon))
        {
            double size = 0, x = 0, y = 0;
            for (int i = 0, j = ring.Count - 1; i < ring.Count; j = i++)
            {
                var cross = (ring[j].X * ring[i].Y) - (ring[i].X * ring[j].Y);
                (size, x, y) = (size + cross, x + ((ring[j].X + ring[i].X) * cross),
                    y + ((ring[j].Y + ring[i].Y) * cross));
            }

            if (Math.Abs(size) > best.Size)
            {
                best = (Math.Abs(size), x / (3 * size), y / (3 * size));
            }
        }

        return (best.X, best.Y);
    }
}
