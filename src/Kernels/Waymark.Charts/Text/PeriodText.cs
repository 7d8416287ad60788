using System.Globalization;
using Waymark.Model;

namespace Waymark.Charts;

/// <summary>Periods in words: 14 September 2026, 2026年9月14日; quarters, halves, fiscal years and spans likewise.</summary>
public static class PeriodText
{
    private static readonly string[] s_months =
    [
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
            "December",
    ];

    /// <summary>The period in full words.</summary>
    public static string In(Period period, string language) =>
        Words.IsChinese(language) ? Chinese(period) : English(period);

    /// <summary>The short form for axis labels: "Jun 2026".</summary>
    public static string Abbreviated(Period period, string language) =>
        period.Granularity == Granularity.Month && !Words.IsChinese(language)
            ? $"{s_months[period.Part - 1][..3]} {Year(period.FirstYear)}"
            : In(period, language);

    /// <summary>Middle of the period as a day number, where its figure stands on a time axis; null when undated.</summary>
    public static double? Middle(Period period) => period.Granularity == Granularity.Undated
        ? null
        : (period.FirstDay.DayNumber + period.LastDay.DayNumber + 1) / 2.0;

    private static string English(Period p) => p.Granularity switch
    {
        Granularity.Undated => "undated",
        Granularity.FiscalYear => $"fiscal year {Year(p.FirstYear)}",
        Granularity.HalfYear => $"{(p.Part == 1 ? "first" : "second")} half of {Year(p.FirstYear)}",
        Granularity.Quarter => $"Q{Year(p.Part)} {Year(p.FirstYear)}",
        Granularity.Month => $"{s_months[p.Part - 1]} {Year(p.FirstYear)}",
        Granularity.Day => $"{Year(p.FirstDay.Day)} {s_months[p.FirstDay.Month - 1]} {Year(p.FirstYear)}",
        Granularity.YearRange => $"{Year(p.FirstYear)}\u2013{Year(p.LastYear)}",
        _ => Year(p.FirstYear),
    };

    private static string Chinese(Period p) => p.Granularity switch
    {
        Granularity.Undated => "无日期",
        Granularity.FiscalYear => $"{Year(p.FirstYear)}财年",
        Granularity.HalfYear => $"{Year(p.FirstYear)}年{(p.Part == 1 ? "上" : "下")}半年",
        Granularity.Quarter => $"{Year(p.FirstYear)}年第{"一二三四"[p.Part - 1]}季度",
        Granularity.Month => $"{Year(p.FirstYear)}年{Year(p.Part)}月",
        Granularity.Day => $"{Year(p.FirstYear)}年{Year(p.FirstDay.Month)}月{Year(p.FirstDay.Day)}日",
        Granularity.YearRange => $"{Year(p.FirstYear)}\u2013{Year(p.LastYear)}年",
        _ => $"{Year(p.FirstYear)}年",
    };

    private static string Year(int year) => year.ToString(CultureInfo.InvariantCulture);
}
