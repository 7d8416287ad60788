using System.Globalization;
using System.Text.RegularExpressions;
using Waymark.Evidence.Profiles;
using Waymark.Model;

namespace Waymark.Evidence.Reading;

/// <summary>Turns published time texts into periods by one rule (section 7 of the format).</summary>
internal sealed class PeriodReader(PeriodRule rule, Func<string?> release)
{
    /// <summary>The last year a calendar knows; what a file states beyond it is no period.</summary>
    private const int LastYear = 9999;

    private readonly Dictionary<(string Text, PeriodBasis Basis), Period?> _known = [];

    public bool BlankIsUndated => rule.BlankIsUndated;

    public Choice? Basis => rule.Basis;

    public Period? Read(string text, PeriodBasis basis)
    {
        if (!_known.TryGetValue((text, basis), out var period))
        {
            period = Parse(text.Trim(), basis);
            if (_known.Count < 100_000)
            {
                _known[(text, basis)] = period;
            }
        }

        return period;
    }

    private Period? Parse(string text, PeriodBasis basis)
    {
        if (text.Length == 0)
        {
            return rule.BlankIsUndated ? Period.Undated : null;
        }

        var found = ByPattern(text) ?? Plain(text) ?? ByFormat(text);
        if (found is not { } period)
        {
            return null;
        }

        period = Shape(period);
        if (period.LastYear > LastYear)
        {
            return null;
        }

        foreach (var exception in rule.Overrides)
        {
            if ((exception.From is null || period.FirstDay >= exception.From.Value.FirstDay)
                && (exception.To is null || period.LastDay <= exception.To.Value.LastDay)
                && (exception.Release is null || (release() is { } edition && exception.Release.IsMatch(edition))))
            {
                return period.WithBasis(exception.Basis);
            }
        }

        return period.Basis == PeriodBasis.During && period.Granularity is Granularity.Year or Granularity.Month or Granularity.Quarter
            or Granularity.HalfYear or Granularity.FiscalYear ? period.WithBasis(basis) : period;
    }

    private Period Shape(Period period)
    {
        if (period.Granularity == Granularity.Year && rule.Fiscal == true)
        {
            return Period.FiscalYear(period.FirstYear);
        }

        if (period.Granularity == Granularity.Year && rule.Span is { } span)
        {
            return Period.Years(period.FirstYear, period.FirstYear + span);
        }

        return (period.Granularity, rule.Granularity) switch
        {
            (Granularity.Day or Granularity.Month, "year") => Period.Year(period.FirstYear),
            (Granularity.Day, "month") => Period.Month(period.FirstYear, period.FirstDay.Month),
            _ => period,
        };
    }

    private static Period? Plain(string text)
    {
        if (Period.TryParse(text, out var period) && text != "undated")
        {
            return period;
        }

        if (text.EndsWith(".0", StringComparison.Ordinal) && Period.TryParse(text[..^2], out period))
        {
            return period;
        }

        return text.Length > 10 && text[10] is 'T' or ' ' && Period.TryParse(text[..10], out period) ? period : null;
    }

    private Period? ByFormat(string text)
    {
        foreach (var format in rule.Formats)
        {
            if (DateOnly.TryParseExact(text, format, CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
            {
                return format.Contains('d', StringComparison.Ordinal) ? Period.Day(day)
                    : format.Contains('M', StringComparison.Ordinal) ? Period.Month(day.Year, day.Month) : Period.Year(day.Year);
            }
        }

        return rule.Months is null ? null : ByMonthWord(text);
    }

    private Period? ByPattern(string text)
    {
        foreach (var pattern in rule.Patterns)
        {
            var match = pattern.Match(LabelText.Tidy(text));
            if (match.Success && Number(match, "year") is { } year and >= 1 and <= LastYear)
            {
                var month = match.Groups["month"] is { Success: true } word ? MonthOf(word.Value) : null;
                if (Number(match, "to") is { } to)
                {
                    to = to < 100 && year >= 1000 ? (year / 100 * 100) + to : to;
                    return to >= year && to <= LastYear ? Period.Years(year, to) : null;
                }

                return Number(match, "quarter") is { } quarter ? Period.Quarter(year, quarter)
                    : Number(match, "half") is { } half ? Period.HalfYear(year, half)
                    : match.Groups["month"].Success && month is null ? null
                    : month is { } known && Number(match, "day") is { } day ? Day(year, known, day)
                    : month is { } only ? Period.Month(year, only)
                    : Period.Year(year);
            }
        }

        return null;
    }

    /// <summary>"2014-January", "January 2014", "2014 Jan".</summary>
    private Period? ByMonthWord(string text)
    {
        var words = text.Split(['-', ' ', '/', ','], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (words.Length != 2)
        {
            return null;
        }

        var (year, month) = int.TryParse(words[0], NumberStyles.None, CultureInfo.InvariantCulture, out var first) && first > 31
            ? (first, MonthOf(words[1]))
            : int.TryParse(words[1], NumberStyles.None, CultureInfo.InvariantCulture, out var second) && second > 31 ? (second, MonthOf(words[0])) : (0, null);
        return year is >= 1000 and <= LastYear && month is { } known ? Period.Month(year, known) : null;
    }

    private int? MonthOf(string word)
    {
        if (int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            return number is >= 1 and <= 12 ? number : null;
        }

        var names = CultureInfo.GetCultureInfo(rule.Months ?? "en").DateTimeFormat;
        for (var month = 1; month <= 12; month++)
        {
            if (word.Equals(names.GetMonthName(month), StringComparison.OrdinalIgnoreCase)
                || word.TrimEnd('.').Equals(names.GetAbbreviatedMonthName(month).TrimEnd('.'), StringComparison.OrdinalIgnoreCase))
            {
                return month;
            }
        }

        return null;
    }

    private static Period? Day(int year, int month, int day) =>
        day >= 1 && day <= DateTime.DaysInMonth(year, month) ? Period.Day(new(year, month, day)) : null;

    private static int? Number(Match match, string group) => match.Groups[group] is { Success: true } found
        && int.TryParse(found.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
