using System.Globalization;
using Waymark.Casework.Documents;

namespace Waymark.Pages.Data;

/// <summary>A date as far as it is known, as people read it; files keep EDTF (ISO 8601-2), forms too, so that what is entered reads back.</summary>
public static class DateText
{
    public static string Shown(string edtf, ITexts texts)
    {
        if (Edtf.Read(edtf) is not { } date)
        {
            return edtf;
        }

        return date.Text.Split('/') switch
        {
            ["..", var until] => texts.Format("date.until", ("day", One(until, texts))),
            [var since, ".."] => texts.Format("date.since", ("day", One(since, texts))),
            [var since, var until] => texts.Format("date.span", ("from", One(since, texts)), ("until", One(until, texts))),
            _ when DateTimeOffset.TryParseExact(date.Text, "yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var moment) => Display.Moment(moment, texts),
            _ => One(date.Text, texts),
        };
    }

    private static string One(string text, ITexts texts)
    {
        var mark = text[^1] is '?' or '~' or '%' ? text[^1] : ' ';
        var known = Known(mark == ' ' ? text : text[..^1], texts);
        return mark switch
        {
            '~' => texts.Format("date.about", ("day", known)),
            '?' => texts.Format("date.uncertain", ("day", known)),
            '%' => texts.Format("date.about-uncertain", ("day", known)),
            _ => known,
        };
    }

    private static string Known(string text, ITexts texts)
    {
        if (DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
        {
            return Display.Date(day, texts);
        }

        if (DateOnly.TryParseExact(text, "yyyy-MM", CultureInfo.InvariantCulture, DateTimeStyles.None, out var month))
        {
            return texts.Language == "zh" ? string.Create(CultureInfo.InvariantCulture, $"{month.Year}年{month.Month}月") : month.ToString("MMMM yyyy", texts.Culture);
        }

        return text.Count(letter => letter == 'X') switch
        {
            0 => texts.Format("date.year", ("year", text)),
            1 => texts.Format("date.decade", ("year", text.Replace('X', '0'))),
            _ => texts.Format("date.span", ("from", texts.Format("date.year", ("year", text.Replace('X', '0')))), ("until", texts.Format("date.year", ("year", text.Replace('X', '9'))))),
        };
    }
}
