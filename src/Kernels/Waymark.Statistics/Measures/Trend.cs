using Waymark.Model;

namespace Waymark.Statistics.Measures;

/// <summary>A straight line by least squares. <see cref="Slope"/> is per unit of x; <see cref="SlopeError"/> its standard error (null for two points).</summary>
public sealed record TrendLine(double Slope, double Intercept, double Determination, double? SlopeError, int Points)
{
    public double At(double x) => Intercept + (Slope * x);
}

/// <summary>Ordinary least squares on a series; an estimator, hence doubles.</summary>
public static class Trend
{
    /// <summary>Fits y = intercept + slope · x; needs two different x. Centred sums keep the digits of years and millions.</summary>
    public static Result<TrendLine> Fit(IReadOnlyList<(double X, double Y)> points)
    {
        var n = points.Count;
        var meanX = n == 0 ? 0 : points.Average(point => point.X);
        var meanY = n == 0 ? 0 : points.Average(point => point.Y);
        var xx = points.Sum(point => (point.X - meanX) * (point.X - meanX));
        if (n < 2 || xx == 0)
        {
            return Error.Invalid("statistics.too-few-points", "A trend needs figures at two different times.", "趋势至少需要两个不同时点的数字。");
        }

        var xy = points.Sum(point => (point.X - meanX) * (point.Y - meanY));
        var yy = points.Sum(point => (point.Y - meanY) * (point.Y - meanY));
        var slope = xy / xx;
        var residual = Math.Max(0, yy - (slope * xy));
        return new TrendLine(slope, meanY - (slope * meanX), yy == 0 ? 1 : 1 - (residual / yy),
            n > 2 ? Math.Sqrt(residual / (n - 2) / xx) : null, n);
    }

    /// <summary>The trend of figures over their first years; missing figures are left out, unlike units refused.</summary>
    public static Result<TrendLine> OfYears(IReadOnlyList<Figure> series)
    {
        var known = series.Where(figure => !figure.Status.IsMissing()).ToList();
        return known.Select(figure => Comparability.Units(known[0], figure)).FirstOrDefault(error => error is not null)
            ?? Fit([.. known.Select(figure => ((double)figure.Period.FirstYear, (double)figure.Value))]);
    }
}
