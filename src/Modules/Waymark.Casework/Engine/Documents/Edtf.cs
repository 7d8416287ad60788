using System.Globalization;

namespace Waymark.Casework.Documents;

/// <summary>
/// A date as people know it: ISO 8601-2 (EDTF) level 1 as far as files need it: <c>2014</c>, <c>2014-03</c>, <c>2014-03-09</c>, with <c>?</c> uncertain,
/// <c>~</c> approximate, <c>%</c> both; <c>201X</c> for a decade; <c>2014/2016</c>, <c>../2016</c>, <c>2014/..</c> for spans; a moment with zone.
/// </summary>
public readonly record struct Edtf(string Text, DateOnly? First, DateOnly? Last, bool IsApproximate)
{
    /// <summary>A day known exactly.</summary>
    public bool IsExact => First is { } first && Last == first && !IsApproximate;

    public static Edtf? Read(string text)
    {
        var written = text.Trim().ToUpperInvariant();
        if (written.Length is 0 or > 40)
        {
            return null;
        }

        if (written.Contains('T', StringComparison.Ordinal))
        {
            return DateTimeOffset.TryParse(written, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var moment)
                ? new(moment.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture), DateOnly.FromDateTime(moment.UtcDateTime), DateOnly.FromDateTime(moment.UtcDateTime), false)
                : null;
        }

        if (written.Split('/') is [var from, var to])
        {
            var (start, end) = (from is ".." or "" ? default(Edtf?) : One(from), to is ".." or "" ? default(Edtf?) : One(to));
            if ((from is not (".." or "") && start is null) || (to is not (".." or "") && end is null) || (start is null && end is null) || start?.First > end?.Last)
            {
                return null;
            }

            return new($"{start?.Text ?? ".."}/{end?.Text ?? ".."}", start?.First, end?.Last, (start?.IsApproximate ?? false) || (end?.IsApproximate ?? false));
        }

        return One(written);
    }

    private static Edtf? One(string text)
    {
        var mark = text[^1] is '?' or '~' or '%' ? text[^1..] : "";
        var bare = text[..^mark.Length];
        if (bare.Length == 4 && bare.EndsWith('X') && int.TryParse(bare.TrimEnd('X'), NumberStyles.None, CultureInfo.InvariantCulture, out var known))
        {
            var scale = bare.Count(letter => letter == 'X') switch { 1 => 10, 2 => 100, _ => 0 };
            return scale == 0 || known == 0 ? null : new(text, new DateOnly(known * scale, 1, 1), new DateOnly((known * scale) + scale - 1, 12, 31), true);
        }

        if (DateOnly.TryParseExact(bare, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
        {
            return new(text, day, day, mark.Length > 0);
        }

        if (DateOnly.TryParseExact(bare, "yyyy-MM", CultureInfo.InvariantCulture, DateTimeStyles.None, out var month))
        {
            return new(text, month, month.AddMonths(1).AddDays(-1), mark.Length > 0);
        }

        return bare.Length == 4 && int.TryParse(bare, NumberStyles.None, CultureInfo.InvariantCulture, out var year) && year is >= 1 and <= 9_998
            ? new(text, new DateOnly(year, 1, 1), new DateOnly(year, 12, 31), mark.Length > 0) : null;
    }
}
