using System.Globalization;
using Waymark.Casework.Registers;
using Waymark.Model;

namespace Waymark.App.Configuration;

/// <summary>
/// Calendars of units, read from lines <c>unit,zone,days of rest,holidays</c>: <c>protection/north,Asia/Bangkok,sat sun,2026-12-31 2027-01-01</c>. The unit <c>*</c> speaks for all
/// without a line of their own. Zones are those of the IANA database; nothing is guessed.
/// </summary>
public static class UnitCalendars
{
    private const int MostLines = 1_000;

    private static readonly string[] s_days = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

    /// <summary>The calendar of every unit. Errors <c>calendar.line</c>, <c>calendar.zone</c>, <c>calendar.rest</c>, <c>calendar.holiday</c>, <c>calendar.twice</c>, each with the number of its line.</summary>
    public static Result<Func<string, UnitCalendar>> Read(IEnumerable<string> lines)
    {
        var known = new Dictionary<string, UnitCalendar>(StringComparer.Ordinal);
        var number = 0;
        foreach (var line in lines.Take(MostLines))
        {
            number++;
            if (line.Trim() is not { Length: > 0 } text || text[0] == '#')
            {
                continue;
            }

            var where = number.ToString(CultureInfo.InvariantCulture);
            if (text.Split(',', StringSplitOptions.TrimEntries) is not [{ Length: > 0 } unit, var zone, var rest, .. var more] || more.Length > 1)
            {
                return Error.Invalid("calendar.line", "Each line is a unit, a time zone, days of rest and holidays, with commas between.", "每行依次为单位、时区、休息日与节假日，以逗号分隔。", where);
            }

            if (!TimeZoneInfo.TryFindSystemTimeZoneById(zone, out var found))
            {
                return Error.Invalid("calendar.zone", $"There is no time zone \"{zone}\".", $"没有时区“{zone}”。", where);
            }

            var days = Words(rest).Select(word => Array.IndexOf(s_days, word.ToLowerInvariant())).ToList();
            if (days.Contains(-1) || days.Distinct().Count() == s_days.Length)
            {
                return Error.Invalid("calendar.rest", "Days of rest are written sun mon tue wed thu fri sat, and on one day at least the unit works.", "休息日写作 sun mon tue wed thu fri sat，且至少有一个工作日。", where);
            }

            var holidays = new HashSet<DateOnly>();
            foreach (var word in more.SelectMany(Words))
            {
                if (!DateOnly.TryParseExact(word, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
                {
                    return Error.Invalid("calendar.holiday", $"\"{word}\" is no day; write 2026-12-31.", $"“{word}”不是日期；请写作 2026-12-31。", where);
                }

                holidays.Add(day);
            }

            if (!known.TryAdd(unit, new(found, days.Select(day => (DayOfWeek)day).ToHashSet(), holidays)))
            {
                return Error.Invalid("calendar.twice", $"\"{unit}\" has two lines.", $"“{unit}”有两行。", where);
            }
        }

        var others = known.GetValueOrDefault("*", UnitCalendar.Default);
        return Result<Func<string, UnitCalendar>>.Ok(unit => known.GetValueOrDefault(unit, others));
    }

    private static string[] Words(string text) => text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
