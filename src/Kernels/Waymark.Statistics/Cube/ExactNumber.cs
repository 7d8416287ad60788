using System.Globalization;
using System.Numerics;

namespace Waymark.Statistics.Cube;

/// <summary>
/// An exact decimal number: <paramref name="Mantissa"/> / 10^<paramref name="Scale"/>. Sums of a cube are of this kind, so
/// that no total is ever rounded or wrapped; <see cref="TryToDecimal"/> says honestly when the number is wider than a decimal.
/// </summary>
public readonly record struct ExactNumber(Int128 Mantissa, int Scale) : IComparable<ExactNumber>
{
    public static ExactNumber Zero { get; }

    public bool TryToDecimal(out decimal value)
    {
        value = 0;
        if (Scale is < 0 or > 28 || Int128.Abs(Mantissa) >= (Int128.One << 96))
        {
            return false;
        }

        // Numbers of one segment share one scale; zeros that it adds behind the point would claim a precision nobody stated.
        var (magnitude, scale) = ((UInt128)Int128.Abs(Mantissa), Scale);
        while (scale > 0 && magnitude % 10 == 0)
        {
            (magnitude, scale) = (magnitude / 10, scale - 1);
        }

        value = new((int)(uint)magnitude, (int)(uint)(magnitude >> 32), (int)(uint)(magnitude >> 64), Mantissa < 0, (byte)scale);
        return true;
    }

    /// <summary>The number as a decimal; asking for one that does not fit is a bug and throws.</summary>
    public decimal ToDecimal() => TryToDecimal(out var value) ? value : throw new OverflowException($"{this} is wider than a decimal");

    /// <summary>For estimators only; counts stay exact.</summary>
    public double ToDouble() => (double)Mantissa / Math.Pow(10, Scale);

    /// <summary>Equal as numbers, whatever the scale: 1.0 equals 1.</summary>
    public bool Equals(ExactNumber other) => CompareTo(other) == 0;

    public override int GetHashCode()
    {
        var (mantissa, scale) = (Mantissa, Scale);
        while (scale > 0 && mantissa % 10 == 0)
        {
            (mantissa, scale) = (mantissa / 10, scale - 1);
        }

        return mantissa == 0 ? 0 : HashCode.Combine(mantissa, scale);
    }

    public int CompareTo(ExactNumber other) => Scale == other.Scale
        ? Mantissa.CompareTo(other.Mantissa)
        : ((BigInteger)Mantissa * BigInteger.Pow(10, other.Scale)).CompareTo((BigInteger)other.Mantissa * BigInteger.Pow(10, Scale));

    public static ExactNumber FromDecimal(decimal value)
    {
        Span<int> bits = stackalloc int[4];
        decimal.GetBits(value, bits);
        var magnitude = ((UInt128)(uint)bits[2] << 64) | ((UInt128)(uint)bits[1] << 32) | (uint)bits[0];
        return new(bits[3] < 0 ? -(Int128)magnitude : (Int128)magnitude, (bits[3] >> 16) & 0x7F);
    }

    public static bool operator <(ExactNumber left, ExactNumber right) => left.CompareTo(right) < 0;

    public static bool operator >(ExactNumber left, ExactNumber right) => left.CompareTo(right) > 0;

    public static bool operator <=(ExactNumber left, ExactNumber right) => left.CompareTo(right) <= 0;

    public static bool operator >=(ExactNumber left, ExactNumber right) => left.CompareTo(right) >= 0;

    public override string ToString()
    {
        var digits = Int128.Abs(Mantissa).ToString(CultureInfo.InvariantCulture).PadLeft(Scale + 1, '0');
        var sign = Mantissa < 0 ? "-" : "";
        return Scale == 0 ? sign + digits : $"{sign}{digits[..^Scale]}.{digits[^Scale..]}";
    }
}
