using Waymark.Model;

namespace Waymark.Charts;

/// <summary>A shaded map with its legend open, hatch for no data, circles for small places, dots for lines not agreed.</summary>
internal static class ChoroplethDrawing
{
    private static readonly LocalText s_kind = new("Shaded map", "分级设色地图");
    private static readonly LocalText s_small = new("Circles stand for small islands and city states.",
        "圆点表示小岛屿和城市国家。");

    public static Body Draw(ChoroplethFigure figure, BoundarySet set, ChartOptions options)
    {
        var (head, language) = (figure.Head, options.Language);
        var map = MapCanvas.Of(set, figure.View, Frame.Inner(options));
        var data = ByArea(figure.Areas);
        var values = figure.Areas.Select(a => a.Datum.Value).OfType<double>().ToList();
        var breaks = figure.Limits is { } limits ? ClassBreaks.At(limits) : ClassBreaks.Find(values);
        var palette = Palette(breaks.Count);
        var legend = new MapLegend(head, language, breaks, palette, map.Width, set.Polygons.Any(p => !p.IsAssigned));
        var missing = figure.Areas.Count(a => !set.Shows(a.Id));
        var extra = missing == 0 ? "" : Words.IsChinese(language) ? $"{missing} 项不在地图上，见表格"
            : $"{missing} are not on the map and stand in the table";
        var description = Describer.Describe(head, s_kind, [.. figure.Areas.Select(a =>
            (a.Name.In(language), a.Datum))], language, extra);
        return new(map.Height + 10 + legend.Height, Paint, Describer.Table(head, Words.Area, figure.Areas, language),
            description, Notes(set, map, options, true));

        void Paint(SvgWriter w)
        {
            var hatch = Frame.Hatch(w, head, 10);
            w.Open("g").Attribute("transform", "scale(.5)");
            w.Path("sea", map.Sea);
            if (figure.Graticule)
            {
                w.Path("grat", map.Graticule);
            }

            w.Open("g").Class("land").Attribute("fill-rule", "evenodd");
            Land(w, hatch);
            w.Close();
            Lines(w, map);
            w.Close();
            Points(w);
            Frame.Stamp(w, head, language, new Box(0, 0, map.Width, map.Height), CrowdedCorners(map),
                share: map.IsWorld ? 0.27 : 0.5);
            legend.Draw(w, map.Height + 10, hatch);
        }

        void Land(SvgWriter w, string hatch)
        {
            var shown = set.Polygons.Where(p => p.Id != "ATA" || map.ShowsAntarctica).ToList();
            foreach (var group in shown.GroupBy(p => ClassOf(p)).OrderBy(g => g.Key))
            {
                var css = group.Key < 0 ? "q0" : $"q{palette[group.Key]}";
                if (!figure.AreaPaths)
                {
                    var path = new PathBuilder(2, whole: true);
                    foreach (var polygon in group)
                    {
                        map.Add(path, polygon);
                    }

                    PathOf(w, css, path, hatch, null);
                    continue;
                }

                foreach (var polygon in group)
                {
                    var path = new PathBuilder(2, whole: true);
                    map.Add(path, polygon);
                    PathOf(w, css, path, hatch, polygon.IsAssigned ? polygon.Id : null);
                }
            }
        }

        void Points(SvgWriter w)
        {
            w.Open("g").Class("pts");
            foreach (var point in set.Points)
            {
                if (data.TryGetValue(point.Id, out var datum) && datum.Value is { } value
                    && map.Place(point.Longitude, point.Latitude) is { } at)
                {
                    w.Open("circle").Class($"q{palette[breaks.ClassOf(value)]}");
                    if (figure.AreaPaths)
                    {
                        w.Attribute("data-a", point.Id);
                    }

                    w.Attribute("cx", at.X).Attribute("cy", at.Y).Attribute("r", 3).Close();
                }
            }

            w.Close();
        }

        int ClassOf(BoundaryPolygon polygon)
        {
            if (!polygon.IsAssigned)
            {
                return -1;
            }

            if (!data.TryGetValue(polygon.Id, out var datum) && polygon.Within is { } parent)
            {
                data.TryGetValue(parent, out datum);
            }

            return datum?.Value is { } value ? breaks.ClassOf(value) : -1;
        }
    }

    public static Dictionary<string, Datum> ByArea(IReadOnlyList<NamedDatum> areas)
    {
        var data = new Dictionary<string, Datum>(StringComparer.Ordinal);
        foreach (var area in areas)
        {
            data[area.Id] = area.Datum;
        }

        return data;
    }

    public static void Lines(SvgWriter w, MapCanvas map) => w.Path("dis", map.NotAgreed);

    /// <summary>The disclaimer with the operator's name, and the notes whose places are in the frame.</summary>
    public static IReadOnlyList<string> Notes(BoundarySet set, MapCanvas map, ChartOptions options, bool small)
    {
        var name = (options.Operator ?? Words.Operator).In(options.Language);
        var (west, south, east, north) = map.Extent;
        var notes = set.NotesFor(west, south, east, north).Where(n => !map.IsWorld || n.OnWorldMaps)
            .Select(n => n.Text.In(options.Language).Replace("{operator}", name, StringComparison.Ordinal)).ToList();
        if (small && set.Points.Count > 0)
        {
            notes.Add(s_small.In(options.Language));
        }

        return notes;
    }

    /// <summary>Spreads few classes over the scale so that neighbours differ.</summary>
    private static int[] Palette(int classes) => classes switch
    {
        1 => [4],
        2 => [2, 5],
        3 => [2, 4, 6],
        4 => [2, 3, 5, 6],
        5 => [2, 3, 4, 5, 6],
        _ => [1, 2, 3, 4, 5, 6],
    };

    private static void PathOf(SvgWriter w, string css, PathBuilder path, string hatch, string? area)
    {
        if (path.IsEmpty)
        {
            return;
        }

        w.Open("path").Class(css);
        if (css == "q0")
        {
            w.Attribute("fill", hatch);
        }

        if (area is not null)
        {
            w.Attribute("data-a", area);
        }

        w.Attribute("d", path.ToString()).Close();
    }

    /// <summary>The south-west corner of the world is open sea; the others are marked as taken.</summary>
    private static List<(double X, double Y)> CrowdedCorners(MapCanvas map) =>
        [(5, 5), (map.Width - 5, 5), (map.Width - 5, map.Height - 5)];
}
