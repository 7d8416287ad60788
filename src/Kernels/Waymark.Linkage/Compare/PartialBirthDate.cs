using System.Globalization;

namespace Waymark.Linkage;

/// <summary>A birth date as far as it is known; 0 = part not known. Any calendar: hypotheses are tried when two are compared.</summary>
public readonly record struct PartialBirthDate(short Year, byte Month, byte Day, bool Estimated)
{
    public bool IsEmpty => Year == 0;

    /// <summary>All of it in one word: dates are compared and looked up by the million.</summary>
    private uint Packed => ((uint)(ushort)Year << 16) | ((uint)Month << 10) | ((uint)Day << 1) | (Estimated ? 1u : 0);

    public bool Equals(PartialBirthDate other) => Year == other.Year && Month == other.Month && Day == other.Day && Estimated == other.Estimated;

    public override int GetHashCode() => (int)(Packed * 0x9E3779B1);

    /// <summary>1 January, or no day: what offices write when they do not know.</summary>
    public bool IsDefaultDay => Month == 0 || Day == 0 || (Month == 1 && Day == 1);

    /// <summary>Year in the common era for keys: Buddhist years are brought back.</summary>
    public int KeyYear => Year >= 2400 ? Year - 543 : Year;

    /// <summary>
    /// Reads yyyy-mm-dd, yyyymmdd, dd/mm/yyyy (day first unless that is impossible), yyyy-mm, mm/yyyy, yyyy, dd/mm/yy, with -, /, . or space, also in
    /// other digits once folded, and with the East Asian words for year, month and day. Anything else is empty.
    /// </summary>
    public static PartialBirthDate Read(ReadOnlySpan<char> folded)
    {
        Span<int> parts = stackalloc int[4];
        Span<int> widths = stackalloc int[4];
        var count = 0;
        var inNumber = false;
        foreach (var c in folded)
        {
            if (c is >= '0' and <= '9')
            {
                if (!inNumber)
                {
                    if (count == 3)
                    {
                        break;
                    }

                    count++;
                    inNumber = true;
                }

                if (widths[count - 1]++ >= 8)
                {
                    return default;
                }

                parts[count - 1] = parts[count - 1] * 10 + (c - '0');
            }
            else if (char.IsLetter(c) && count < 3 && !"年月日년월일".Contains(c))
            {
                return default;
            }
            else
            {
                inNumber = false;
            }
        }

        return count switch
        {
            1 when widths[0] == 8 => Make(parts[0] / 10000, parts[0] / 100 % 100, parts[0] % 100),
            1 when widths[0] is 3 or 4 => Make(parts[0], 0, 0),
            2 when widths[0] >= 3 => Make(parts[0], parts[1], 0),
            2 when widths[1] >= 3 => Make(parts[1], parts[0], 0),
            3 when widths[0] >= 3 => Make(parts[0], parts[1], parts[2]),
            3 when widths[2] >= 3 => parts[1] > 12 ? Make(parts[2], parts[0], parts[1]) : Make(parts[2], parts[1], parts[0]),
            3 when parts[0] > 31 => OfShortYear(parts[0], parts[1], parts[2]),
            3 => parts[1] > 12 ? OfShortYear(parts[2], parts[0], parts[1]) : OfShortYear(parts[2], parts[1], parts[0]),
            _ => default,
        };
    }

    /// <summary>
    /// Reads what <see cref="Read(ReadOnlySpan{char})"/> reads and dates whose month is a word ("12 mar 1990", "march 12th, 1990", "12 de marzo de 1990").
    /// </summary>
    public static PartialBirthDate Read(string folded, LinkageKnowledge knowledge)
    {
        Span<int> numbers = stackalloc int[2];
        Span<int> widths = stackalloc int[2];
        var (month, count) = (0, 0);
        var months = knowledge.Months.GetAlternateLookup<ReadOnlySpan<char>>();
        for (int from = 0, to; from < folded.Length; from = to)
        {
            var (digit, letter) = (char.IsAsciiDigit(folded[from]), char.IsLetter(folded[from]));
            for (to = from + 1; to < folded.Length && char.IsAsciiDigit(folded[to]) == digit && char.IsLetter(folded[to]) == letter; to++)
            {
            }

            var run = folded.AsSpan(from, to - from);
            if (letter && (!months.TryGetValue(run, out var said) || (said != 0 && month != 0)))
            {
                return Read(folded.AsSpan());
            }

            if (letter)
            {
                month += months[run];
            }
            else if (digit)
            {
                if (count == 2 || run.Length > 4)
                {
                    return Read(folded.AsSpan());
                }

                (numbers[count], widths[count]) = (int.Parse(run, CultureInfo.InvariantCulture), run.Length);
                count++;
            }
        }

        return count switch
        {
            _ when month == 0 => Read(folded.AsSpan()),
            1 when widths[0] >= 3 => Make(numbers[0], month, 0),
            2 when widths[0] >= 3 => Make(numbers[0], month, numbers[1]),
            2 when widths[1] >= 3 => Make(numbers[1], month, numbers[0]),
            2 => numbers[0] > 31 ? OfShortYear(numbers[0], month, numbers[1]) : OfShortYear(numbers[1], month, numbers[0]),
            _ => default,
        };
    }

    /// <summary>The same date in the common era under one calendar hypothesis, as a day number, or 0 when it has none.</summary>
    public int DayNumber(Calendar? calendar)
    {
        if (IsEmpty || Month == 0 || Day == 0)
        {
            return 0;
        }

        if (calendar is null)
        {
            return Year is < 1 or > 2399 || Month > 12 || Day > DateTime.DaysInMonth(Year, Month)
                ? 0
                : new DateOnly(Year, Month, Day).DayNumber;
        }

        if (Year < 1 || Year > 9000 || Month > 12 || Day > calendar.GetDaysInMonth(Year, Month))
        {
            return 0;
        }

        return DateOnly.FromDateTime(calendar.ToDateTime(Year, Month, Day, 0, 0, 0, 0)).DayNumber;
    }

    /// <summary>Years of two digits: up to 30 of this century, else of the last. Whole dates only, so that "00/00/00" says nothing.</summary>
    private static PartialBirthDate OfShortYear(int year, int month, int day) =>
        year > 99 || month is < 1 or > 12 || day is < 1 or > 31 ? default : Make(year > 30 ? 1900 + year : 2000 + year, month, day);

    private static PartialBirthDate Make(int year, int month, int day)
    {
        if (year is < 1 or > 3000)
        {
            return default;
        }

        if (month is < 1 or > 13)
        {
            (month, day) = day is >= 1 and <= 12 && month is > 12 and <= 31 ? (day, month) : (0, 0);
        }

        return new PartialBirthDate((short)year, (byte)month, (byte)(day is < 1 or > 31 ? 0 : day), false);
    }
}

/// <summary>Levels of agreement of two birth dates, from nothing to everything; 0 = cannot be compared.</summary>
internal static class DateLevels
{
    /// <remarks>
    /// Near: years within reach of an estimate or of a default day. Partial: the year, where a side knows no more; PartialMonth: the month too.
    /// </remarks>
    public const int Null = 0, Differ = 1, Near = 2, YearOnly = 3, DayMonthOnly = 4, OnePart = 5, Turned = 6, Partial = 7, ExactDefault = 8, Exact = 9,
        PartialMonth = 10;

    public const int Count = 11;

    /// <summary>Before it a year alone is one of history, not of another calendar.</summary>
    public const int EarliestAlive = 1920;

    private static readonly HijriCalendar Hijri = new();
    private static readonly PersianCalendar Persian = new();

    public static int Compare(PartialBirthDate a, PartialBirthDate b)
    {
        if (a.IsEmpty || b.IsEmpty)
        {
            return Null;
        }

        if (a == b)
        {
            return a.Month == 0 ? Partial : a.Day == 0 ? PartialMonth : a.IsDefaultDay ? ExactDefault : Exact;
        }

        var years = Math.Abs(a.Year - b.Year);
        if (years >= 500)
        {
            return OtherEra(a, b);
        }

        if (years == 0)
        {
            return SameYear(a, b);
        }

        var sameDay = a.Month != 0 && a.Day != 0 && a.Month == b.Month && a.Day == b.Day;
        if (sameDay && !(a.Month == 1 && a.Day == 1))
        {
            return years <= 3 || OneDigit(a.Year, b.Year) ? OnePart : DayMonthOnly;
        }

        if (years is 7 or 8 && Ethiopian(a, b))
        {
            return Turned;
        }

        return years <= 3 && (a.Estimated || b.Estimated || a.IsDefaultDay || b.IsDefaultDay) ? Near : Differ;
    }

    private static int SameYear(PartialBirthDate a, PartialBirthDate b)
    {
        if (a.IsDefaultDay || b.IsDefaultDay)
        {
            var bothMonths = a.Month != 0 && b.Month != 0 && !(a.Month == 1 && a.Day == 1) && !(b.Month == 1 && b.Day == 1);
            return !bothMonths ? Partial : a.Month == b.Month ? PartialMonth : YearOnly;
        }

        if (a.Month == b.Day && a.Day == b.Month)
        {
            return Turned;
        }

        return a.Month == b.Month || a.Day == b.Day ? OnePart : YearOnly;
    }

    /// <summary>Buddhist, Hijri and Persian years lie five to seven centuries away from the common era.</summary>
    private static int OtherEra(PartialBirthDate a, PartialBirthDate b)
    {
        var (late, early) = a.Year > b.Year ? (a, b) : (b, a);
        if (late.Year - early.Year == 543)
        {
            return late.Month != early.Month || late.Day != early.Day ? SameYear(late with { Year = early.Year }, early)
                : late.Month == 0 ? Partial : late.Day == 0 ? PartialMonth : Turned;
        }

        var (persian, hijri) = (Compare(late, early, Persian, 1), Compare(late, early, Hijri, 2));
        return persian == Turned || hijri == Turned ? Turned : Math.Max(persian, hijri);
    }

    /// <summary>A date of the common era and one of another calendar, whose days may be off by a few; a year or month of one lies across two of the other.</summary>
    private static int Compare(PartialBirthDate late, PartialBirthDate early, Calendar calendar, int slack)
    {
        var (day, other) = (late.DayNumber(null), early.DayNumber(calendar));
        if (day != 0 && other != 0 && Math.Abs(day - other) <= slack)
        {
            return Turned;
        }

        var (x, y) = (Days(late, null), Days(early, calendar));
        if ((!late.IsDefaultDay && !early.IsDefaultDay) || late.Year < EarliestAlive || x.From == 0 || y.From == 0)
        {
            return Differ;
        }

        var apart = Math.Max(x.From - y.To, y.From - x.To);
        return apart > slack ? (apart <= 3 * 366 ? Near : Differ) : SaysMonth(late) && SaysMonth(early) ? PartialMonth : Partial;
    }

    private static bool SaysMonth(PartialBirthDate date) => date.Month != 0 && !(date.Month == 1 && date.Day == 1);

    /// <summary>First and last day that a date may mean, as day numbers: one, a month, or a year where the day is a default; 0 when it has none.</summary>
    private static (int From, int To) Days(PartialBirthDate date, Calendar? calendar)
    {
        if (!date.IsDefaultDay)
        {
            var day = date.DayNumber(calendar);
            return (day, day);
        }

        var first = SaysMonth(date) ? date with { Day = 1 } : date with { Month = 1, Day = 1 };
        var next = SaysMonth(date) && date.Month < 12 ? first with { Month = (byte)(date.Month + 1) } : first with { Year = (short)(date.Year + 1), Month = 1 };
        var (from, after) = (first.DayNumber(calendar), next.DayNumber(calendar));
        return from == 0 || after == 0 ? (0, 0) : (from, after - 1);
    }

    /// <summary>The Ethiopian date of the earlier year in the common era: day number of 1 Meskerem year y is fixed by the Coptic rule.</summary>
    private static bool Ethiopian(PartialBirthDate a, PartialBirthDate b)
    {
        var (late, early) = a.Year > b.Year ? (a, b) : (b, a);
        var day = late.DayNumber(null);
        if (day == 0 || early.Month == 0 || early.Day is 0 or > 30)
        {
            return false;
        }

        // 1 Meskerem of year 1 is 29 August 8 CE (Julian) = day number 2795 of the proleptic common calendar.
        var ethiopian = 2795 + 365 * (early.Year - 1) + early.Year / 4 + 30 * (early.Month - 1) + early.Day - 1;
        return Math.Abs(ethiopian - day) <= 1;
    }

    private static bool OneDigit(int a, int b)
    {
        var differing = 0;
        for (var i = 0; i < 4; i++)
        {
            differing += a % 10 == b % 10 ? 0 : 1;
            a /= 10;
            b /= 10;
        }

        return differing == 1;
    }
}
