using System.Globalization;
using System.Text.RegularExpressions;
using Waymark.Evidence.Contracts;
using Waymark.Model;

namespace Waymark.Pages.Data;

/// <summary>How numbers, dates and missing values are written on pages. Exact in tables; ISO 8601 only in files.</summary>
public static partial class Display
{
    /// <summary>Words of a pack at the start of a label: packs write them as they stand inside a sentence. Scripts without capitals stay as they are.</summary>
    public static string Label(string words) => words.Length == 0 ? words : char.ToUpperInvariant(words[0]) + words[1..];

    /// <summary>A figure with grouping, all its decimals, and the sign of its comparator; a range with both ends.</summary>
    public static string Figure(decimal? number, decimal? upper, string? comparator, CultureInfo culture)
    {
        if (number is not { } value)
        {
            return upper is { } most ? "≤ " + Number(most, culture) : "";
        }

        if (upper is { } high && high != value)
        {
            return $"{Number(value, culture)} – {Number(high, culture)}";
        }

        return comparator switch
        {
            ">=" => "≥ " + Number(value, culture),
            "<=" => "≤ " + Number(value, culture),
            "~" => "≈ " + Number(value, culture),
            _ => Number(value, culture),
        };
    }

    public static string Number(decimal value, CultureInfo culture) =>
        value.ToString("#,##0.############", culture);

    /// <summary>A value as the evidence base words it ("522575", "1–5", "≥ 1200"), its numbers grouped; codes stay as they are.</summary>
    public static string Grouped(string value, CultureInfo culture) => value.Any(char.IsLetter) ? value
        : WholeNumber().Replace(value, number => decimal.TryParse(number.ValueSpan, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var parsed) ? Number(parsed, culture) : number.Value);

    public static string Count(long value, CultureInfo culture) => value.ToString("#,##0", culture);

    /// <summary>14 September 2026, 2026年9月14日: the civil calendar whatever the culture's own is.</summary>
    public static string Date(DateTimeOffset moment, ITexts texts) => Date(DateOnly.FromDateTime(moment.UtcDateTime), texts);

    /// <summary>The day of a deadline where the unit is.</summary>
    public static string Due(DateTimeOffset due, ITexts texts) => Date(DateOnly.FromDateTime(due.DateTime), texts);

    /// <summary>A deadline of the last three days is counted in hours.</summary>
    public static string Due(DateTimeOffset due, ITexts texts, DateTimeOffset now) => due - now is var left && left > TimeSpan.Zero && left <= TimeSpan.FromHours(72)
        ? texts.Format("protection.hours-left", ("hours", Count((int)left.TotalHours, texts.Culture))) : Due(due, texts);

    public static string Date(DateOnly day, ITexts texts) => texts.Language == "zh"
        ? string.Create(CultureInfo.InvariantCulture, $"{day.Year}年{day.Month}月{day.Day}日")
        : day.ToString("d MMMM yyyy", texts.Culture);

    public static string Moment(DateTimeOffset moment, ITexts texts) =>
        $"{Date(moment, texts)} {moment.UtcDateTime.ToString("HH:mm", CultureInfo.InvariantCulture)} UTC";

    /// <summary>A span of years or periods as the catalogue shows it.</summary>
    public static string Span(string? first, string? last) => (first, last) switch
    {
        (null, _) or (_, null) => "",
        _ when first == last => first,
        _ => $"{first} – {last}",
    };

    /// <summary>The name of a code in the reader's language, else the code itself, never nothing.</summary>
    public static string Name(QueryResult result, string dimension, string? code, ITexts texts)
    {
        if (code is null)
        {
            return "";
        }

        return result.Names.TryGetValue(dimension, out var names) && names.TryGetValue(code, out var name)
            ? name.In(texts.Language)
            : code.StartsWith('?') ? $"“{code[1..]}”" : code;
    }

    /// <summary>Kilobytes or megabytes, for files.</summary>
    public static string Size(long bytes, CultureInfo culture) => bytes switch
    {
        < 1024 => $"{bytes.ToString(culture)} B",
        < 1024 * 1024 => $"{(bytes / 1024m).ToString("#,##0", culture)} KB",
        _ => $"{(bytes / 1048576m).ToString("#,##0.0", culture)} MB",
    };

    [GeneratedRegex(@"\d+(?:\.\d+)?", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex WholeNumber();

    /// <summary>The class of a status tag and whether the status is worth showing.</summary>
    public static string StatusKind(string? letter) => letter switch
    {
        "B" or "D" or "P" or "E" or "F" or "I" or "U" => "warn",
        "Q" => "info",
        _ => "",
    };
}
