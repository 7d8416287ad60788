using System.Globalization;
using System.Text;

namespace Waymark.Charts;

/// <summary>A closed ring in counts of the grid: where it starts, and its relative steps up to the "z", the same wherever it is drawn.</summary>
internal sealed record OutlineRing(long X, long Y, string Steps);

/// <summary>
/// Path data in the shortest usual form: one "m" per ring, relative steps on a grid of 1/<c>grid</c>, separators only
/// where numbers would run together, repeated points dropped. Rounding is done on absolute places, so it never adds up.
/// With <c>whole</c> the steps are written as counts of the grid, for a group that is scaled by 1/<c>grid</c>.
/// </summary>
internal sealed class PathBuilder(int grid, bool whole = false)
{
    private readonly StringBuilder _text = new();
    private (long X, long Y) _at;
    private (long X, long Y) _start;
    private bool _lines;
    private int _steps;

    public override string ToString() => _text.ToString();

    public bool IsEmpty => _text.Length == 0;

    public PathBuilder Move(double x, double y)
    {
        var p = Snap(x, y);
        // "m" at the very start counts from the origin; bare pairs after any "m" are relative lines.
        _text.Append('m');
        Pair(p.X - _at.X, p.Y - _at.Y, first: true);
        (_at, _start, _lines, _steps) = (p, p, false, _text.Length);
        return this;
    }

    /// <summary>A ring to be drawn many times, in whole steps; null where it is too small for the grid.</summary>
    public static OutlineRing? Outline(IReadOnlyList<(double X, double Y)> points, int grid)
    {
        var path = new PathBuilder(grid, whole: true);
        return path.Ring(points) ? new(path._start.X, path._start.Y, path._text.ToString(path._steps, path._text.Length - path._steps)) : null;
    }

    /// <summary>Adds a ring made by <see cref="Outline"/> on the same grid; only for paths in whole steps.</summary>
    public void Add(OutlineRing ring)
    {
        _text.Append('m');
        Pair(ring.X - _at.X, ring.Y - _at.Y, first: true);
        _text.Append(ring.Steps);
        (_at, _start, _lines) = ((ring.X, ring.Y), (ring.X, ring.Y), false);
    }

    public PathBuilder Line(double x, double y)
    {
        var p = Snap(x, y);
        if (p == _at && _lines)
        {
            return this;
        }

        Pair(p.X - _at.X, p.Y - _at.Y, first: false);
        (_at, _lines) = (p, true);
        return this;
    }

    public PathBuilder Close()
    {
        _text.Append('z');
        (_at, _lines) = (_start, false);
        return this;
    }

    /// <summary>Adds a closed ring; one with fewer than three different places on the grid is left out.</summary>
    public bool Ring(IReadOnlyList<(double X, double Y)> points)
    {
        var places = new List<(long X, long Y)>(points.Count);
        foreach (var (x, y) in points)
        {
            var p = Snap(x, y);
            if (places.Count == 0 || places[^1] != p)
            {
                places.Add(p);
            }
        }

        while (places.Count > 1 && places[^1] == places[0])
        {
            places.RemoveAt(places.Count - 1);
        }

        if (places.Count < 3)
        {
            return false;
        }

        Move(places[0].X / (double)grid, places[0].Y / (double)grid);
        for (var i = 1; i < places.Count; i++)
        {
            var next = i + 1 < places.Count ? places[i + 1] : places[0];
            var (ax, ay) = (places[i].X - _at.X, places[i].Y - _at.Y);
            var (bx, by) = (next.X - places[i].X, next.Y - places[i].Y);
            var straight = (ax * by) - (ay * bx) == 0 && (ax * bx) + (ay * by) > 0;
            if (!straight)
            {
                Line(places[i].X / (double)grid, places[i].Y / (double)grid);
            }
        }

        Close();
        return true;
    }

    /// <summary>Writes a number given in grid units; a blank first only where it would join the number before it.</summary>
    internal static void Append(StringBuilder text, long units, int grid, bool separated)
    {
        if (units % grid == 0)
        {
            if (!separated && units >= 0)
            {
                text.Append(' ');
            }

            text.Append(units / grid);
            return;
        }

        var digits = Math.Abs(units) / (double)grid;
        var number = (units < 0 ? "-" : "") + digits.ToString("#.###", CultureInfo.InvariantCulture);
        if (!separated && number[0] != '-' && !(number[0] == '.' && HasPoint(text)))
        {
            text.Append(' ');
        }

        text.Append(number);
    }

    private static bool HasPoint(StringBuilder text)
    {
        for (var i = text.Length - 1; i >= 0 && (char.IsAsciiDigit(text[i]) || text[i] == '.'); i--)
        {
            if (text[i] == '.')
            {
                return true;
            }
        }

        return false;
    }

    private void Pair(long dx, long dy, bool first)
    {
        var unit = whole ? 1 : grid;
        Append(_text, dx, unit, first);
        Append(_text, dy, unit, separated: false);
    }

    private (long X, long Y) Snap(double x, double y) =>
        ((long)Math.Round(x * grid, MidpointRounding.AwayFromZero),
            (long)Math.Round(y * grid, MidpointRounding.AwayFromZero));
}
