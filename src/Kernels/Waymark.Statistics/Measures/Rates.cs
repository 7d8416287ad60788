using Waymark.Model;

namespace Waymark.Statistics.Measures;

/// <summary>
/// A share or rate that cannot lose its denominator: <see cref="Denominator"/> names it for the reader.
/// <see cref="Value"/> is per <see cref="Per"/> (100 for percent). <see cref="Bounds"/> is set when numerator or denominator
/// is a bound or a range.
/// </summary>
public sealed record Ratio(decimal Value, decimal Per, LocalText Denominator, Figure Part, Figure Whole, Interval? Bounds)
{
    /// <summary>Rounded half up, as published.</summary>
    public decimal Rounded(int decimals) => Rounding.HalfUp(Value, decimals);
}

/// <summary>Shares and rates with a named denominator.</summary>
public static class Rates
{
    /// <summary>
    /// The share of a part in its whole, in percent. Part and whole must agree in unit, definition and period: two shares of
    /// one numerator over different bases are different figures.
    /// </summary>
    public static Result<Ratio> Share(Figure part, Figure whole, LocalText denominator) =>
        Comparability.All(part, whole) is { } refused ? refused : Divide(part, whole, 100, denominator);

    /// <summary>
    /// A rate of one thing per so many of another (deaths per 1,000 crossings, resettled persons per person in need). Units
    /// differ by nature; the periods must agree and the base must be named.
    /// </summary>
    public static Result<Ratio> Rate(Figure events, Figure basis, decimal per, LocalText denominator) =>
        Comparability.Periods(events, basis) is { } refused ? refused : Divide(events, basis, per, denominator);

    private static Result<Ratio> Divide(Figure part, Figure whole, decimal per, LocalText denominator)
    {
        if (denominator.Count == 0)
        {
            return Error.Invalid("statistics.no-denominator", "A share must name its denominator.", "比例必须说明分母。");
        }

        if (part.Status.IsMissing() || whole.Status.IsMissing())
        {
            return Error.NotFound("statistics.missing", $"A figure for {part.Period} is missing ({part.Status}, {whole.Status}); missing is not zero.",
                $"{part.Period} 的数字缺失（{part.Status}、{whole.Status}）；缺失不等于零。");
        }

        if (whole.Value == 0)
        {
            return Error.Invalid("statistics.zero-base", $"The denominator for {whole.Period} is zero.", $"{whole.Period} 的分母为零。");
        }

        var exact = part.Comparator == Comparator.Equal && whole.Comparator == Comparator.Equal;
        var bounds = !exact && part.Interval is { } a && whole.Interval is { } b && !(a.Lower < 0) && !(b.Lower < 0)
            ? Interval.Ratio(a, b) * per : (Interval?)null;
        return new Ratio(part.Value * per / whole.Value, per, denominator, part, whole, bounds);
    }
}
