using System.Globalization;
using Waymark.Model;

namespace Waymark.Pages.Data;

/// <summary>
/// Points in time as the product reads and writes them, on pages, in addresses, in the API and in a terminal alike: RFC 3339,
/// UTC when no offset is given.
/// </summary>
public static class MomentText
{
    public static string Write(DateTimeOffset value)
    {
        var utc = value.UtcDateTime;
        return utc.Ticks % TimeSpan.TicksPerSecond == 0
            ? utc.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture)
            : utc.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture);
    }

    /// <summary>
    /// Reads a date or a date with time. A date alone means its last instant: what was known on that day. Anything else is
    /// refused, never guessed.
    /// </summary>
    public static Result<DateTimeOffset> Read(string text, string what)
    {
        if (DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
        {
            return new DateTimeOffset(day.ToDateTime(TimeOnly.MaxValue), TimeSpan.Zero);
        }

        // A plus sign that was not percent-encoded arrives as a blank.
        var repaired = text.Length > 6 && text[^6] == ' ' ? string.Concat(text.AsSpan(0, text.Length - 6), "+", text.AsSpan(text.Length - 5)) : text;
        return repaired.Length >= 16 && repaired[10] is 'T' or 't' && DateTimeOffset.TryParse(repaired, CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal, out var moment)
            ? moment.ToUniversalTime()
            : Error.Invalid("time.unreadable", $"\"{text}\" is not a date or a time.", $"“{text}”不是日期或时间。", what)
                .WithHint("Write 2024-12-31 or 2024-12-31T12:00:00Z.", "请写成 2024-12-31 或 2024-12-31T12:00:00Z。");
    }

    /// <summary>
    /// The moment by which an answer is cited: whole seconds, unless something became known within that second, so that the
    /// address stays short and still means the figures that were seen.
    /// </summary>
    public static DateTimeOffset ForCitation(DateTimeOffset moment, IEnumerable<DateTimeOffset> known)
    {
        var whole = new DateTimeOffset(moment.UtcTicks - (moment.UtcTicks % TimeSpan.TicksPerSecond), TimeSpan.Zero);
        return known.Any(at => at > whole && at <= moment) ? moment : whole;
    }
}
