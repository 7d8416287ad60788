using System.Globalization;
using System.Text.RegularExpressions;

namespace Waymark.Model;

/// <summary>The length of the unit a period is counted in.</summary>
public enum Granularity : byte { Year, FiscalYear, HalfYear, Quarter, Month, Day, YearRange, Undated }

/// <summary>What moment or span inside the period a figure is about; a mid-year stock and an end-year stock never mix silently.</summary>
public enum PeriodBasis : byte { During, Start, Middle, End }

/// <summary>
/// A period of time as statistics publish it: a year, a fiscal year, a quarter, a month, a day, or a span of years.
/// Text form follows SDMX: <c>2020</c>, <c>2020-Q1</c>, <c>2020-S1</c>, <c>2020-05</c>, <c>2020-05-31</c>,
/// <c>2010/2015</c> (both ends named, as the source names them), <c>FY2020</c>, and <c>undated</c>.
/// A value of 8 bytes; ordered by first day, then by length.
/// </summary>
public readonly partial struct Period : IEquatable<Period>, IComparable<Period>
{
    private readonly short _from;
    private readonly short _to;
    private readonly byte _part;
    private readonly byte _day;

    private Period(Granularity granularity, PeriodBasis basis, int from, int to, int part = 0, int day = 0) =>
        (Granularity, Basis, _from, _to, _part, _day) = (granularity, basis, (short)from, (short)to, (byte)part, (byte)day);

    public Granularity Granularity { get; }

    public PeriodBasis Basis { get; }

    /// <summary>The (first) calendar year; 0 when undated.</summary>
    public int FirstYear => _from;

    /// <summary>The last calendar year; equals <see cref="FirstYear"/> but for spans; 0 when undated.</summary>
    public int LastYear => _to;

    /// <summary>Quarter 1–4, half-year 1–2 or month 1–12; 0 otherwise.</summary>
    public int Part => _part;

    public static Period Undated { get; } = new(Granularity.Undated, PeriodBasis.During, 0, 0);

    public static Period Year(int year, PeriodBasis basis = PeriodBasis.During) => new(Granularity.Year, basis, year, year);

    public static Period FiscalYear(int year) => new(Granularity.FiscalYear, PeriodBasis.During, year, year);

    public static Period HalfYear(int year, int half) => new(Granularity.HalfYear, PeriodBasis.During, year, year, half);

    public static Period Quarter(int year, int quarter) => new(Granularity.Quarter, PeriodBasis.During, year, year, quarter);

    public static Period Month(int year, int month) => new(Granularity.Month, PeriodBasis.During, year, year, month);

    public static Period Day(DateOnly day) => new(Granularity.Day, PeriodBasis.During, day.Year, day.Year, day.Month, day.Day);

    public static Period Years(int from, int to) => new(Granularity.YearRange, PeriodBasis.During, from, to);

    public Period WithBasis(PeriodBasis basis) => new(Granularity, basis, _from, _to, _part, _day);

    /// <summary>Packs the period into 64 bits for columns and keys; <see cref="FromCode"/> is its inverse.</summary>
    public long ToCode() => ((long)(ushort)_from << 40) | ((long)_part << 32) | ((long)_day << 24)
        | ((long)(_to - _from) << 8 & 0xFFFF00) | (long)((byte)Granularity << 2) | (byte)Basis;

    public static Period FromCode(long code)
    {
        var from = (short)(ushort)(code >> 40);
        return new((Granularity)((code >> 2) & 0x3F), (PeriodBasis)(code & 3), from, from + (int)((code >> 8) & 0xFFFF),
            (int)((code >> 32) & 0xFF), (int)((code >> 24) & 0xFF));
    }

    /// <summary>The first day covered; for a fiscal year that of the calendar year it is named after.</summary>
    public DateOnly FirstDay => Granularity switch
    {
        Granularity.Undated => DateOnly.MinValue,
        Granularity.HalfYear => new(_from, ((_part - 1) * 6) + 1, 1),
        Granularity.Quarter => new(_from, ((_part - 1) * 3) + 1, 1),
        Granularity.Month => new(_from, _part, 1),
        Granularity.Day => new(_from, _part, _day),
        _ => new(_from, 1, 1),
    };

    /// <summary>The last day covered.</summary>
    public DateOnly LastDay => Granularity switch
    {
        Granularity.Undated => DateOnly.MaxValue,
        Granularity.HalfYear => EndOfMonth(_part * 6),
        Granularity.Quarter => EndOfMonth(_part * 3),
        Granularity.Month => EndOfMonth(_part),
        Granularity.Day => FirstDay,
        _ => new(_to, 12, 31),
    };

    /// <summary>
    /// Reads the SDMX forms above, and the published variants <c>2020Q1</c>, <c>2010-2015</c>, <c>2020-mid</c>, <c>2020-end</c>,
    /// <c>2020-start</c>. Anything else is refused, never guessed.
    /// </summary>
    public static bool TryParse(string? text, out Period period)
    {
        period = Undated;
        if (text is null)
        {
            return false;
        }

        var match = Shape().Match(text.Trim());
        if (!match.Success)
        {
            return text.Trim() == "undated";
        }

        int Number(string group) => int.Parse(match.Groups[group].ValueSpan, CultureInfo.InvariantCulture);
        var year = Number("year");
        if (year is < 1 or > 9999)
        {
            return false;
        }

        if (match.Groups["to"].Success)
        {
            var to = Number("to");
            period = Years(year, to);
            return to >= year && to <= 9999;
        }

        if (match.Groups["fy"].Success)
        {
            period = FiscalYear(year);
        }
        else if (match.Groups["quarter"].Success)
        {
            period = Quarter(year, Number("quarter"));
        }
        else if (match.Groups["half"].Success)
        {
            period = HalfYear(year, Number("half"));
        }
        else if (match.Groups["day"].Success)
        {
            var (month, day) = (Number("month"), Number("day"));
            if (month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month))
            {
                return false;
            }

            period = Day(new(year, month, day));
        }
        else if (match.Groups["month"].Success)
        {
            var month = Number("month");
            if (month is < 1 or > 12)
            {
                return false;
            }

            period = Month(year, month);
        }
        else
        {
            period = Year(year, match.Groups["basis"].Value switch
            {
                "start" => PeriodBasis.Start,
                "mid" => PeriodBasis.Middle,
                "end" => PeriodBasis.End,
                _ => PeriodBasis.During,
            });
        }

        return true;
    }

    public static Period Parse(string text) =>
        TryParse(text, out var period) ? period : throw new FormatException($"'{text}' is not a period");

    /// <summary>The SDMX text; the basis is an attribute of its own (<see cref="BasisCode"/>) and not part of it.</summary>
    public override string ToString() => Granularity switch
    {
        Granularity.Year => Invariant($"{_from:0000}"),
        Granularity.FiscalYear => Invariant($"FY{_from:0000}"),
        Granularity.HalfYear => Invariant($"{_from:0000}-S{_part}"),
        Granularity.Quarter => Invariant($"{_from:0000}-Q{_part}"),
        Granularity.Month => Invariant($"{_from:0000}-{_part:00}"),
        Granularity.Day => Invariant($"{_from:0000}-{_part:00}-{_day:00}"),
        Granularity.YearRange => Invariant($"{_from:0000}/{_to:0000}"),
        _ => "undated",
    };

    /// <summary>"during", "start", "mid" or "end".</summary>
    public string BasisCode => Basis switch
    {
        PeriodBasis.Start => "start",
        PeriodBasis.Middle => "mid",
        PeriodBasis.End => "end",
        _ => "during",
    };

    public int CompareTo(Period other)
    {
        var byFirst = FirstDay.CompareTo(other.FirstDay);
        return byFirst != 0 ? byFirst : ToCode().CompareTo(other.ToCode());
    }

    public bool Equals(Period other) => ToCode() == other.ToCode();

    public override bool Equals(object? obj) => obj is Period other && Equals(other);

    public override int GetHashCode() => ToCode().GetHashCode();

    public static bool operator ==(Period left, Period right) => left.Equals(right);

    public static bool operator !=(Period left, Period right) => !left.Equals(right);

    public static bool operator <(Period left, Period right) => left.CompareTo(right) < 0;

    public static bool operator >(Period left, Period right) => left.CompareTo(right) > 0;

    public static bool operator <=(Period left, Period right) => left.CompareTo(right) <= 0;

    public static bool operator >=(Period left, Period right) => left.CompareTo(right) >= 0;

    private DateOnly EndOfMonth(int month) => new(_from, month, DateTime.DaysInMonth(_from, month));

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^(?:(?<fy>FY)\s?(?<year>\d{4})|(?<year>\d{4})(?:-?Q(?<quarter>[1-4])|-?[SH](?<half>[12])|[/\u2013-](?<to>\d{4})|-(?<month>\d\d)(?:-(?<day>\d\d))?|-(?<basis>start|mid|end))?)$",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 200)]
    private static partial Regex Shape();
}
