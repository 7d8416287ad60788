using System.Globalization;
using Waymark.Model;

namespace Waymark.Statistics.Measures;

/// <summary>
/// What is known of a number: it lies between <paramref name="Lower"/> and <paramref name="Upper"/>, both ends included; a
/// null end is open. Arithmetic keeps the promise: the result holds every value the operands allow.
/// </summary>
public readonly record struct Interval(decimal? Lower, decimal? Upper)
{
    /// <summary>Nothing is known.</summary>
    public static Interval Anything { get; }

    /// <summary>Both ends known and equal.</summary>
    public bool IsExact => Lower is not null && Lower == Upper;

    /// <summary>Upper minus lower; null when an end is open.</summary>
    public decimal? Width => Upper - Lower;

    /// <summary>The comparator that says the same in a table.</summary>
    public Comparator Comparator => this switch
    {
        { IsExact: true } => Comparator.Equal,
        { Lower: not null, Upper: not null } => Comparator.Between,
        { Lower: not null } => Comparator.AtLeast,
        { Upper: not null } => Comparator.AtMost,
        _ => Comparator.None,
    };

    public static Interval Exactly(decimal value) => new(value, value);

    public static Interval AtLeast(decimal value) => new(value, null);

    public static Interval AtMost(decimal value) => new(null, value);

    /// <summary>A published figure as an interval; "about" has no width that anybody stated, so it is refused with null.</summary>
    public static Interval? Of(decimal value, Comparator comparator, decimal? upper = null, bool nonNegative = true) => comparator switch
    {
        Comparator.Equal => Exactly(value),
        Comparator.AtLeast => AtLeast(value),
        Comparator.AtMost => new(nonNegative ? 0 : null, value),
        Comparator.Between when upper >= value => new(value, upper),
        _ => null,
    };

    /// <summary>The numbers that are printed as <paramref name="value"/> when rounded to <paramref name="decimals"/> places.</summary>
    public static Interval Rounded(decimal value, int decimals)
    {
        var half = Rounding.Unit(decimals) / 2;
        return new(value - half, value + half);
    }

    public bool Contains(decimal value) => (Lower is null || value >= Lower) && (Upper is null || value <= Upper);

    public bool Overlaps(Interval other) =>
        (Lower is null || other.Upper is null || Lower <= other.Upper) && (Upper is null || other.Lower is null || Upper >= other.Lower);

    public static Interval operator +(Interval left, Interval right) => new(left.Lower + right.Lower, left.Upper + right.Upper);

    public static Interval operator -(Interval value) => new(-value.Upper, -value.Lower);

    public static Interval operator -(Interval left, Interval right) => left + -right;

    public static Interval operator *(Interval value, decimal factor) => factor switch
    {
        0 => Exactly(0),
        > 0 => new(value.Lower * factor, value.Upper * factor),
        _ => new(value.Upper * factor, value.Lower * factor),
    };

    /// <summary>
    /// The quotient of two quantities that are not negative (a share, a rate). A denominator that may be zero leaves the upper
    /// end open; one that is zero leaves nothing known.
    /// </summary>
    public static Interval Ratio(Interval numerator, Interval denominator)
    {
        if (numerator.Lower < 0 || denominator.Lower < 0)
        {
            throw new ArgumentOutOfRangeException(nameof(numerator), "shares are of quantities that are not negative");
        }

        decimal? lower = denominator.Upper is > 0 and var most && numerator.Lower is { } least ? least / most
            : denominator.Upper == 0 ? null : 0;
        decimal? upper = denominator.Lower is > 0 and var fewest && numerator.Upper is { } greatest ? greatest / fewest : null;
        return new(lower, upper);
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"[{Lower}, {Upper}]");
}
