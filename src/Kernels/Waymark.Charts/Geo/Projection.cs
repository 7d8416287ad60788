namespace Waymark.Charts;

/// <summary>
/// An equal-area projection of the unit sphere. Degrees in; x to the east and y to the north, in radii of the sphere, out.
/// </summary>
public interface IProjection
{
    (double X, double Y) Forward(double longitude, double latitude);

    /// <summary>The place shown at a point; null when the point lies off the map.</summary>
    (double Longitude, double Latitude)? Inverse(double x, double y);
}

/// <summary>
/// Equal Earth (Šavrič, Patterson and Jenny 2018, doi 10.1080/13658816.2018.1504949), on the sphere. The default middle
/// of 11° E puts the cut at 169° W, in the Bering Strait, so that Chukotka stays whole.
/// </summary>
public sealed class EqualEarth(double centralMeridian = 11) : IProjection
{
    private const double A1 = 1.340264, A2 = -0.081106, A3 = 0.000893, A4 = 0.003796;
    private const double Radians = Math.PI / 180;
    private static readonly double s_m = Math.Sqrt(3) / 2;

    public double CentralMeridian { get; } = centralMeridian;

    /// <summary>Half the width of the world, 2.7066…</summary>
    public static double MaxX { get; } = Math.PI / (s_m * A1);

    /// <summary>Half the height of the world, 1.3173…</summary>
    public static double MaxY { get; } = Y(Math.PI / 3);

    /// <inheritdoc />
    /// <remarks>Longitudes run on beyond ±180 from the middle, so a ring cut at the edge keeps its side.</remarks>
    public (double X, double Y) Forward(double longitude, double latitude)
    {
        var theta = Math.Asin(s_m * Math.Sin(latitude * Radians));
        var x = (longitude - CentralMeridian) * Radians * Math.Cos(theta) / (s_m * Slope(theta));
        return (x, Y(theta));
    }

    public (double Longitude, double Latitude)? Inverse(double x, double y)
    {
        if (Math.Abs(y) > MaxY + 1e-9)
        {
            return null;
        }

        var theta = y / A1;
        for (var i = 0; i < 16; i++)
        {
            var step = (Y(theta) - y) / Slope(theta);
            theta -= step;
            if (Math.Abs(step) < 1e-14)
            {
                break;
            }
        }

        var latitude = Math.Asin(Math.Clamp(Math.Sin(theta) / s_m, -1, 1)) / Radians;
        var longitude = s_m * x * Slope(theta) / Math.Cos(theta) / Radians;
        return Math.Abs(longitude) > 180 + 1e-6 ? null : (longitude + CentralMeridian, latitude);
    }

    private static double Y(double t)
    {
        var t2 = t * t;
        var t6 = t2 * t2 * t2;
        return t * (A1 + (A2 * t2) + (t6 * (A3 + (A4 * t2))));
    }

    private static double Slope(double t)
    {
        var t2 = t * t;
        var t6 = t2 * t2 * t2;
        return A1 + (3 * A2 * t2) + (t6 * ((7 * A3) + (9 * A4 * t2)));
    }
}

/// <summary>Lambert azimuthal equal-area on the sphere (Snyder 1987, Map Projections: A Working Manual, chapter 24).</summary>
public sealed class LambertAzimuthal(double longitude, double latitude) : IProjection
{
    private const double Radians = Math.PI / 180;
    private readonly double _sin = Math.Sin(latitude * Radians);
    private readonly double _cos = Math.Cos(latitude * Radians);

    public double Longitude { get; } = longitude;

    public double Latitude { get; } = latitude;

    /// <inheritdoc />
    /// <remarks>The antipode of the middle is a circle, not a point; it is given a place on it.</remarks>
    public (double X, double Y) Forward(double longitude, double latitude)
    {
        var (sinF, cosF) = Math.SinCos(latitude * Radians);
        var (sinL, cosL) = Math.SinCos((longitude - Longitude) * Radians);
        var k = Math.Sqrt(2 / Math.Max(1e-12, 1 + (_sin * sinF) + (_cos * cosF * cosL)));
        return (k * cosF * sinL, k * ((_cos * sinF) - (_sin * cosF * cosL)));
    }

    public (double Longitude, double Latitude)? Inverse(double x, double y)
    {
        var rho = Math.Sqrt((x * x) + (y * y));
        if (rho > 2 + 1e-9)
        {
            return null;
        }

        if (rho < 1e-12)
        {
            return (Longitude, Latitude);
        }

        var (sinC, cosC) = Math.SinCos(2 * Math.Asin(Math.Min(1, rho / 2)));
        var phi = Math.Asin(Math.Clamp((cosC * _sin) + (y * sinC * _cos / rho), -1, 1));
        var lambda = Math.Atan2(x * sinC, (rho * _cos * cosC) - (y * _sin * sinC));
        return (Longitude + (lambda / Radians), phi / Radians);
    }

    /// <summary>Angle in degrees between the middle and a place.</summary>
    public double DistanceTo(double longitude, double latitude)
    {
        var (sinF, cosF) = Math.SinCos(latitude * Radians);
        return Math.Acos(Math.Clamp((_sin * sinF) + (_cos * cosF * Math.Cos((longitude - Longitude) * Radians)), -1,
            1)) / Radians;
    }
}
