using System.Collections.Concurrent;
using System.Runtime.CompilerServices;

namespace Waymark.Charts;

/// <summary>
/// Places the world on the drawing. Coordinates are written as whole half units in a group scaled by one half: finer
/// than a screen pixel, and shorter than decimals. What does not depend on the data (outlines, sea, net, dotted lines) is
/// projected once for a set of boundaries, a view and a width.
/// </summary>
internal sealed class MapCanvas
{
    /// <summary>Views of one set that are kept; a further one is drawn anew each time.</summary>
    private const int MostKept = 16;

    private static readonly ConditionalWeakTable<BoundarySet, ConcurrentDictionary<(MapView, double), MapCanvas>> s_kept = [];

    private readonly ConcurrentDictionary<BoundaryPolygon, IReadOnlyList<OutlineRing>> _outlines = new(ReferenceEqualityComparer.Instance);
    private readonly Lazy<string> _sea, _graticule, _notAgreed;
    private readonly BoundarySet _set;
    private readonly IProjection _projection;
    private readonly double? _middle;
    private readonly double _scale, _x0, _y0;

    private MapCanvas(BoundarySet set, MapView view, double width)
    {
        _set = set;
        (_sea, _graticule, _notAgreed) = (new(DrawSea), new(() => DrawGraticule(30)), new(DrawNotAgreed));
        Width = width;
        if (view is RegionView region)
        {
            var radius = Math.Clamp(region.Radius, 1, 85);
            var lambert = new LambertAzimuthal(region.Longitude, region.Latitude);
            var half = 2 * Math.Sin(radius * Math.PI / 360);
            _projection = lambert;
            _scale = width / (2 * half);
            Height = Math.Round(width * 0.72);
            (_x0, _y0) = (-half, Height / _scale / 2);
            Extent = Seen(region);
            ShowsAntarctica = true;
            return;
        }

        var world = (WorldView)view;
        var equal = new EqualEarth(world.CentralMeridian);
        _projection = equal;
        _middle = world.CentralMeridian;
        _scale = width / (2 * EqualEarth.MaxX);
        var north = equal.Forward(_middle.Value, 84.5).Y;
        var south = world.Antarctica ? -EqualEarth.MaxY : equal.Forward(_middle.Value, -57.5).Y;
        (_x0, _y0) = (-EqualEarth.MaxX, world.Antarctica ? EqualEarth.MaxY : north);
        Height = Math.Ceiling((_y0 - south) * _scale);
        Extent = (-180, world.Antarctica ? -90 : -57.5, 180, 90);
        ShowsAntarctica = world.Antarctica;
    }

    /// <summary>The canvas of a set, a view and a width; safe for any number of callers.</summary>
    public static MapCanvas Of(BoundarySet set, MapView view, double width)
    {
        var kept = s_kept.GetOrCreateValue(set);
        return kept.TryGetValue((view, width), out var known) ? known
            : kept.Count >= MostKept ? new(set, view, width) : kept.GetOrAdd((view, width), _ => new(set, view, width));
    }

    public double Width { get; }

    public double Height { get; }

    public bool ShowsAntarctica { get; }

    /// <summary>West, south, east, north in degrees: which notes apply.</summary>
    public (double West, double South, double East, double North) Extent { get; }

    public bool IsWorld => _middle is not null;

    /// <summary>Where a place stands on the drawing; null when it is outside the frame.</summary>
    public (double X, double Y)? Place(double longitude, double latitude)
    {
        var lon = _middle is { } m ? longitude + (Math.Floor((m + 180 - longitude) / 360) * 360) : longitude;
        if (_projection is LambertAzimuthal lambert && lambert.DistanceTo(lon, latitude) > 120)
        {
            return null;
        }

        var (x, y) = ToDrawing(_projection.Forward(lon, latitude));
        return x >= -1 && x <= Width + 1 && y >= -1 && y <= Height + 1 ? (x, y) : null;
    }

    /// <summary>Adds the outline of an area; false when nothing of it is in the frame.</summary>
    public bool Add(PathBuilder path, BoundaryPolygon polygon)
    {
        var rings = _outlines.GetOrAdd(polygon, key =>
            [.. _set.RingsOf(key).SelectMany(Parts).Select(part => PathBuilder.Outline(part, 2)).OfType<OutlineRing>()]);
        foreach (var ring in rings)
        {
            path.Add(ring);
        }

        return rings.Count > 0;
    }

    /// <summary>The lines that are not agreed, dotted on every map.</summary>
    public string NotAgreed => _notAgreed.Value;

    /// <summary>The outline of the whole world map, or the frame of a regional one.</summary>
    public string Sea => _sea.Value;

    /// <summary>Meridians and parallels every 30 degrees.</summary>
    public string Graticule => _graticule.Value;

    private string DrawNotAgreed()
    {
        var path = new PathBuilder(2, whole: true);
        foreach (var line in _set.Lines.Where(l => l.Status == LineStatus.NotAgreed))
        {
            Add(path, line);
        }

        return path.ToString();
    }

    /// <summary>Adds a line, broken where the map is cut or left.</summary>
    private void Add(PathBuilder path, BoundaryLine line)
    {
        foreach (var run in _set.PathsOf(line))
        {
            var open = false;
            (double X, double Y)? before = null;
            foreach (var (lon, lat) in run)
            {
                var at = Place(lon, lat);
                var jump = before is { } b && at is { } a && Math.Abs(a.X - b.X) > Width / 2;
                if (at is not { } p)
                {
                    open = false;
                }
                else if (!open || jump)
                {
                    path.Move(p.X, p.Y);
                    open = true;
                }
                else
                {
                    path.Line(p.X, p.Y);
                }

                before = at;
            }
        }
    }

    private string DrawSea()
    {
        var path = new PathBuilder(2, whole: true);
        if (_middle is not { } m)
        {
            path.Ring([(0, 0), (Width, 0), (Width, Height), (0, Height)]);
            return path.ToString();
        }

        var edge = new List<(double X, double Y)>();
        for (var lat = -90.0; lat <= 90; lat += 5)
        {
            edge.Add(ToDrawing(_projection.Forward(m + 180, lat)));
        }

        for (var lat = 90.0; lat >= -90; lat -= 5)
        {
            edge.Add(ToDrawing(_projection.Forward(m - 180, lat)));
        }

        path.Ring(RingClipper.InFrame(edge, -1, 0, Width + 1, Height));
        return path.ToString();
    }

    private string DrawGraticule(int step)
    {
        var path = new PathBuilder(2, whole: true);
        for (var lon = -180; lon < 180; lon += step)
        {
            Trace(Enumerable.Range(0, 37).Select(i => ((double)lon, -90.0 + (i * 5))));
        }

        for (var lat = -90 + step; lat < 90; lat += step)
        {
            var from = (_middle ?? 0) - 180;
            Trace(Enumerable.Range(0, 73).Select(i => (from + 0.001 + (i * 4.999), (double)lat)));
        }

        return path.ToString();

        void Trace(IEnumerable<(double Lon, double Lat)> places)
        {
            (double X, double Y)? before = null;
            foreach (var (lon, lat) in places)
            {
                var at = Place(lon, lat);
                if (at is { } p)
                {
                    _ = before is { } b && Math.Abs(b.X - p.X) < Width / 2 ? path.Line(p.X, p.Y) : path.Move(p.X, p.Y);
                }

                before = at;
            }
        }
    }

    /// <summary>The span of degrees inside the frame, found by looking at a net of its points.</summary>
    private (double West, double South, double East, double North) Seen(RegionView region)
    {
        var (west, south, east, north) = (region.Longitude, region.Latitude, region.Longitude, region.Latitude);
        for (var i = 0; i <= 20; i++)
        {
            for (var j = 0; j <= 20; j++)
            {
                var at = _projection.Inverse((i / 20.0 * Width / _scale) + _x0, _y0 - (j / 20.0 * Height / _scale));
                if (at is { } p)
                {
                    (west, east) = (Math.Min(west, p.Longitude), Math.Max(east, p.Longitude));
                    (south, north) = (Math.Min(south, p.Latitude), Math.Max(north, p.Latitude));
                }
            }
        }

        return (west, south, east, north);
    }

    private IEnumerable<List<(double X, double Y)>> Parts(IReadOnlyList<(double X, double Y)> ring)
    {
        if (_middle is { } m)
        {
            foreach (var part in RingClipper.AtCutMeridian(ring, m))
            {
                List<(double X, double Y)> drawn = [.. part.Select(p => ToDrawing(_projection.Forward(p.X, p.Y)))];
                if (drawn.Min(p => p.Y) <= Height && drawn.Max(p => p.Y) >= 0)
                {
                    yield return ShowsAntarctica ? drawn : RingClipper.InFrame(drawn, -1, -1, Width + 1, Height + 1);
                }
            }

            yield break;
        }

        // Far rings fold over the rim of the projection; a hemisphere and a bit is all a regional frame can show.
        var lambert = (LambertAzimuthal)_projection;
        if (ring.All(p => lambert.DistanceTo(p.X, p.Y) > 100))
        {
            yield break;
        }

        var flat = RingClipper.Dense([.. ring]).Select(p => ToDrawing(_projection.Forward(p.X, p.Y))).ToList();
        var framed = RingClipper.InFrame(flat, -2, -2, Width + 2, Height + 2);
        if (framed.Count >= 3)
        {
            yield return framed;
        }
    }

    private (double X, double Y) ToDrawing((double X, double Y) p) => ((p.X - _x0) * _scale, (_y0 - p.Y) * _scale);
}
