using System.Collections.Frozen;
using Waymark.Model;

namespace Waymark.Charts;

/// <summary>What a boundary line is: agreed; not agreed (dotted on every map); or known and on purpose not drawn.</summary>
public enum LineStatus : byte { Agreed, NotAgreed, NotDrawn }

/// <summary>
/// The outline of an area. <paramref name="Id"/> is the area code (ISO 3166-1 alpha-3), or the label id of a place that
/// is assigned to none (<paramref name="IsAssigned"/> false). <paramref name="Within"/> names the area whose figure is
/// shown when this one has none of its own. Rings are lists of arcs (negative: ~arc, walked backwards), filled even-odd.
/// </summary>
public sealed record BoundaryPolygon(string Id, bool IsAssigned, string? Within,
    IReadOnlyList<IReadOnlyList<int>> Rings);

/// <summary>A line between areas; arcs as in a ring.</summary>
public sealed record BoundaryLine(string Id, LineStatus Status, IReadOnlyList<int> Arcs);

/// <summary>A symbol for an area too small for an outline; degrees.</summary>
public sealed record BoundaryPoint(string Id, double Longitude, double Latitude);

/// <summary>
/// A note for every regional map whose extent meets its own, and for world maps when <paramref name="OnWorldMaps"/>;
/// degrees. <c>{operator}</c> in the text is a slot.
/// </summary>
public sealed record BoundaryNote(string Id, double West, double South, double East, double North, bool OnWorldMaps,
    LocalText Text);

/// <summary>A place with the answer it must give; <paramref name="Expected"/> as <see cref="BoundaryAnswer.ToString"/> writes it.</summary>
public sealed record BoundaryTest(double Longitude, double Latitude, string Expected, string Why);

/// <summary>What stands at a place: an area, a place assigned to none, or nothing (water, or land not drawn).</summary>
public sealed record BoundaryAnswer(string? Id, bool IsAssigned)
{
    public static BoundaryAnswer Nothing { get; } = new(null, false);

    /// <summary>The area code, "~" and the label id when not assigned, "-" for nothing.</summary>
    public override string ToString() => Id is null ? "-" : IsAssigned ? Id : "~" + Id;
}

/// <summary>
/// One deployment's view of the world's boundaries: a drawing for statistical maps, never a source of boundaries.
/// Arcs are shared, so neighbours meet without slivers. Read by <see cref="BoundaryParser"/>.
/// </summary>
public sealed class BoundarySet
{
    private readonly (double X, double Y)[][] _arcs;
    private readonly Outline[] _outlines;
    private readonly FrozenSet<string> _shown;

    internal BoundarySet(
        (double X, double Y)[][] arcs,
        IReadOnlyList<BoundaryPolygon> polygons,
        IReadOnlyList<BoundaryLine> lines,
        IReadOnlyList<BoundaryPoint> points,
        IReadOnlyList<BoundaryNote> notes,
        IReadOnlyList<BoundaryTest> tests)
    {
        (_arcs, Polygons, Lines, Points, Notes, Tests) = (arcs, polygons, lines, points, notes, tests);
        _shown = polygons.Where(p => p.IsAssigned).Select(p => p.Id).Concat(points.Select(p => p.Id)).ToFrozenSet(StringComparer.Ordinal);
        _outlines = [.. polygons.Select(p => new Outline(p, [.. p.Rings.Select(r => Walk(r, closed: true))]))];
    }

    public int ArcCount => _arcs.Length;

    public IReadOnlyList<BoundaryPolygon> Polygons { get; }

    public IReadOnlyList<BoundaryLine> Lines { get; }

    public IReadOnlyList<BoundaryPoint> Points { get; }

    public IReadOnlyList<BoundaryNote> Notes { get; }

    public IReadOnlyList<BoundaryTest> Tests { get; }

    /// <summary>Whether an area has an outline or a symbol of its own.</summary>
    public bool Shows(string id) => _shown.Contains(id);

    /// <summary>The rings of an outline as longitude and latitude, not closed; longitudes are continuous and may pass 180.</summary>
    public IReadOnlyList<IReadOnlyList<(double X, double Y)>> RingsOf(BoundaryPolygon polygon) =>
        _outlines.First(o => ReferenceEquals(o.Polygon, polygon)).Rings;

    /// <summary>The polylines of a line: arcs that follow on each other are joined.</summary>
    public IReadOnlyList<IReadOnlyList<(double X, double Y)>> PathsOf(BoundaryLine line)
    {
        var paths = new List<List<(double X, double Y)>>();
        foreach (var arc in line.Arcs)
        {
            var next = Walk([arc], closed: false);
            if (paths.Count > 0 && paths[^1][^1] == next[0])
            {
                paths[^1].AddRange(next.Skip(1));
            }
            else
            {
                paths.Add([.. next]);
            }
        }

        return paths;
    }

    /// <summary>Which area a place lies in, at the detail of the drawing. Degrees; any longitude.</summary>
    public BoundaryAnswer Locate(double longitude, double latitude)
    {
        foreach (var outline in _outlines)
        {
            if (outline.Contains(longitude, latitude))
            {
                return new(outline.Polygon.Id, outline.Polygon.IsAssigned);
            }
        }

        return BoundaryAnswer.Nothing;
    }

    /// <summary>Notes for a map that shows the given extent, in the order of the data.</summary>
    public IReadOnlyList<BoundaryNote> NotesFor(double west, double south, double east, double north) =>
        [.. Notes.Where(n => n.West <= east && n.East >= west && n.South <= north && n.North >= south)];

    private (double X, double Y)[] Walk(IReadOnlyList<int> arcs, bool closed)
    {
        var points = new List<(double X, double Y)>();
        foreach (var index in arcs)
        {
            var arc = _arcs[index < 0 ? ~index : index];
            for (var i = points.Count > 0 ? 1 : 0; i < arc.Length; i++)
            {
                points.Add(index < 0 ? arc[^(i + 1)] : arc[i]);
            }
        }

        if (closed && points.Count > 1 && points[^1] == points[0])
        {
            points.RemoveAt(points.Count - 1);
        }

        return [.. points];
    }

    private sealed class Outline(BoundaryPolygon polygon, (double X, double Y)[][] rings)
    {
        private readonly double _west = rings.Min(r => r.Min(p => p.X));
        private readonly double _east = rings.Max(r => r.Max(p => p.X));
        private readonly double _south = rings.Min(r => r.Min(p => p.Y));
        private readonly double _north = rings.Max(r => r.Max(p => p.Y));

        public BoundaryPolygon Polygon { get; } = polygon;

        public (double X, double Y)[][] Rings { get; } = rings;

        public bool Contains(double longitude, double latitude)
        {
            if (latitude < _south || latitude > _north)
            {
                return false;
            }

            for (var x = longitude + (Math.Ceiling((_west - longitude) / 360) * 360); x <= _east; x += 360)
            {
                var inside = false;
                foreach (var ring in Rings)
                {
                    inside ^= Crosses(ring, x, latitude);
                }

                if (inside)
                {
                    return true;
                }
            }

            return false;
        }

        private static bool Crosses((double X, double Y)[] ring, double x, double y)
        {
            var inside = false;
            for (int i = 0, j = ring.Length - 1; i < ring.Length; j = i++)
            {
                var (a, b) = (ring[i], ring[j]);
                inside ^= a.Y > y != b.Y > y && x < ((b.X - a.X) * (y - a.Y) / (b.Y - a.Y)) + a.X;
            }

            return inside;
        }
    }
}
