using System.Globalization;
using Waymark.Model;

namespace Waymark.Charts;

/// <summary>Maps positive values by their logarithm; what is not above zero has no place on it.</summary>
public readonly record struct LogScale(double From, double To, double Start, double End)
{
    /// <summary>Position, or null for values that a log scale cannot show.</summary>
    public double? this[double value] => value > 0 && From > 0 && To > From
        ? Start + ((Math.Log10(value) - Math.Log10(From)) / (Math.Log10(To) - Math.Log10(From)) * (End - Start))
        : null;

    /// <summary>Whole powers of ten that cover the span; within two powers also 2 and 5 times.</summary>
    public static IReadOnlyList<double> Ticks(double from, double to)
    {
        var low = (int)Math.Floor(Math.Log10(from) + 1e-9);
        var high = (int)Math.Ceiling(Math.Log10(to) - 1e-9);
        high = Math.Max(high, low + 1);
        var steps = high - low <= 2 ? new[] { 1.0, 2, 5 } : [1.0];
        var ticks = new List<double>();
        for (var p = low; p < high; p++)
        {
            ticks.AddRange(steps.Select(s => LinearScale.Clean(s * Math.Pow(10, p))));
        }

        ticks.Add(Math.Pow(10, high));
        return ticks;
    }
}

/// <summary>Places names at equal distances: the middle and the width of each band.</summary>
public readonly record struct OrdinalScale(int Count, double Start, double End)
{
    public double Step => Count == 0 ? 0 : (End - Start) / Count;

    public double Middle(int index) => Start + (Step * (index + 0.5));
}

/// <summary>A label on a time axis: where it stands (day number) and what it says.</summary>
public readonly record struct TimeTick(double Day, string Label);

/// <summary>Maps days to the drawing.</summary>
public readonly record struct TimeScale(double From, double To, double Start, double End)
{
    public double this[double day] => To == From ? (Start + End) / 2
        : Start + ((day - From) / (To - From) * (End - Start));

    /// <summary>
    /// Labels for the span of the periods given, as many as fit: years when the data are yearly or longer than four
    /// years, otherwise months; a label stands at the middle of the period it names.
    /// </summary>
    public IReadOnlyList<TimeTick> Ticks(IReadOnlyCollection<Period> periods, string language)
    {
        var first = periods.Min(p => p.FirstYear);
        var last = periods.Max(p => p.LastYear);
        var years = periods.All(p =>
            p.Granularity is Granularity.Year or Granularity.FiscalYear or Granularity.YearRange);
        var room = Math.Abs(End - Start);
        if (years || last - first >= 4)
        {
            var fit = Math.Max(2, (int)(room / 52));
            int[] steps = [1, 2, 5, 10, 20, 50, 100];
            var step = steps.FirstOrDefault(s => ((last - first) / s) + 1 <= fit, 200);
            var list = new List<TimeTick>();
            for (var year = (first + step - 1) / step * step; year <= last; year += step)
            {
                var day = years ? PeriodText.Middle(Period.Year(year))!.Value : new DateOnly(year, 1, 1).DayNumber;
                if (day >= From && day <= To)
                {
                    list.Add(new(day, year.ToString(CultureInfo.InvariantCulture)));
                }
            }

            return list;
        }

        var months = (int)Math.Ceiling((To - From) / 30.4) + 1;
        var places = Math.Max(2, (int)(room / 84));
        int[] widths = [1, 2, 3, 6, 12];
        var width = widths.FirstOrDefault(s => months / s <= places, 12);
        var ticks = new List<TimeTick>();
        for (var i = 0; i < (last - first + 1) * 12; i += width)
        {
            var month = Period.Month(first + (i / 12), (i % 12) + 1);
            var day = PeriodText.Middle(month)!.Value;
            if (day >= From - 16 && day <= To + 16)
            {
                ticks.Add(new(Math.Clamp(day, From, To), PeriodText.Abbreviated(month, language)));
            }
        }

        return ticks;
    }
}
