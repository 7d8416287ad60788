namespace Waymark.Charts;

/// <summary>
/// Cuts rings for the map: at the meridian opposite the middle of a world map, and at the frame of a regional one
/// (Sutherland and Hodgman 1974 against one straight edge at a time). Filled by the even-odd rule the result is exact.
/// </summary>
internal static class RingClipper
{
    /// <summary>Steps along the edges no longer than this many degrees, so that cut meridians and poles bend as the map does.</summary>
    private const double Longest = 5;

    /// <summary>
    /// The parts of a ring of longitude and latitude that lie within 180° of the middle, each shifted by whole turns so
    /// that its longitudes run from middle − 180 to middle + 180.
    /// </summary>
    public static IEnumerable<List<(double X, double Y)>> AtCutMeridian(IReadOnlyList<(double X, double Y)> ring,
        double middle)
    {
        var (west, east) = (middle - 180, middle + 180);
        var least = ring.Min(p => p.X);
        var most = ring.Max(p => p.X);
        for (var turn = Math.Ceiling((west - most) / 360); least + (turn * 360) < east; turn++)
        {
            var shift = turn * 360;
            List<(double X, double Y)> part = [.. ring.Select(p => (p.X + shift, p.Y))];
            if (least + shift < west)
            {
                part = Half(part, p => p.X - west);
            }

            if (most + shift > east)
            {
                part = Half(part, p => east - p.X);
            }

            if (part.Count >= 3)
            {
                yield return Dense(part);
            }
        }
    }

    /// <summary>The part of a drawn ring inside a frame.</summary>
    public static List<(double X, double Y)> InFrame(List<(double X, double Y)> ring, double x0, double y0, double x1,
        double y1)
    {
        var part = Half(ring, p => p.X - x0);
        part = Half(part, p => x1 - p.X);
        part = Half(part, p => p.Y - y0);
        return Half(part, p => y1 - p.Y);
    }

    private static List<(double X, double Y)> Half(List<(double X, double Y)> ring, Func<(double X, double Y),
        double> inside)
    {
        var result = new List<(double X, double Y)>(ring.Count + 4);
        for (var i = 0; i < ring.Count; i++)
        {
            var (p, q) = (ring[i], ring[(i + 1) % ring.Count]);
            var (a, b) = (inside(p), inside(q));
            if (a >= 0)
            {
                result.Add(p);
            }

            if (a >= 0 != b >= 0)
            {
                var t = a / (a - b);
                result.Add((p.X + (t * (q.X - p.X)), p.Y + (t * (q.Y - p.Y))));
            }
        }

        return result;
    }

    internal static List<(double X, double Y)> Dense(List<(double X, double Y)> ring)
    {
        var result = new List<(double X, double Y)>(ring.Count);
        for (var i = 0; i < ring.Count; i++)
        {
            var (p, q) = (ring[i], ring[(i + 1) % ring.Count]);
            result.Add(p);
            var steps = (int)(Math.Max(Math.Abs(q.X - p.X), Math.Abs(q.Y - p.Y)) / Longest);
            for (var s = 1; s <= steps; s++)
            {
                var t = s / (steps + 1.0);
                result.Add((p.X + (t * (q.X - p.X)), p.Y + (t * (q.Y - p.Y))));
            }
        }

        return result;
    }
}
