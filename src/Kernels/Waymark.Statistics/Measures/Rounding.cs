namespace Waymark.Statistics.Measures;

/// <summary>Rounding as published statistics do it: half up in magnitude, in decimal arithmetic (SEED-O01).</summary>
public static class Rounding
{
    /// <summary>
    /// Rounds to <paramref name="decimals"/> places, a half away from zero; negative places round to tens, hundreds …
    /// </summary>
    public static decimal HalfUp(decimal value, int decimals) => decimals >= 0
        ? Math.Round(value, decimals, MidpointRounding.AwayFromZero)
        : Math.Round(value / Unit(decimals), 0, MidpointRounding.AwayFromZero) * Unit(decimals);

    /// <summary>One unit of the last place kept: 0.01 for two decimals, 100 for minus two.</summary>
    public static decimal Unit(int decimals)
    {
        var unit = 1m;
        for (var i = 0; i < Math.Abs(decimals); i++)
        {
            unit = decimals > 0 ? unit / 10 : unit * 10;
        }

        return unit;
    }

    /// <summary>
    /// True when parts and a total, each rounded to the given places, are consistent: the residual is within half a unit of
    /// the last place for every rounded figure, the total included (DQ03, DQ10).
    /// </summary>
    public static bool Adds(IReadOnlyCollection<decimal> parts, decimal total, int decimals) =>
        Math.Abs(total - parts.Sum()) <= Unit(decimals) / 2 * (parts.Count + 1);
}
