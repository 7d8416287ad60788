using System.Globalization;

namespace Waymark.Rules;

/// <summary>Reads a value as packs and requests write it.</summary>
internal static class ValueReader
{
    public static readonly IReadOnlyDictionary<string, (long Milliseconds, int Months)> Units = new Dictionary<string, (long, int)>(StringComparer.Ordinal)
    {
        ["second"] = (1_000, 0),
        ["minute"] = (60_000, 0),
        ["hour"] = (3_600_000, 0),
        ["day"] = (Value.Day, 0),
        ["week"] = (7 * Value.Day, 0),
        ["month"] = (0, 1),
        ["year"] = (0, 12),
    };

    /// <summary>The value of <paramref name="text"/> for the fact, or null.</summary>
    public static Value? Read(Fact fact, string text) => fact.Type switch
    {
        FactType.Boolean => text switch { "true" => Value.Of(true), "false" => Value.Of(false), _ => null },
        FactType.Code => fact.Codes!.Find(text) is { } code ? Value.Of(code) : null,
        FactType.Codes => fact.Codes!.Find(text) is { } member ? Value.Of([member]) : null,
        FactType.Whole => Number(text) is { } whole && whole.Number % Value.Scale == 0 ? whole : null,
        FactType.Number => Number(text),
        FactType.TextId => text.Length is > 0 and <= 200 ? Value.Of(text) : null,
        FactType.Date => Date(text),
        FactType.Instant => Instant(text),
        FactType.Duration => Length(text) is { } length ? new Value(length.Total) : null,
        _ => IsCountry(text) ? Value.OfCountry(text) : null,
    };

    public static Value? Number(string text) => decimal.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
        ? Value.Of(number) : null;

    public static Value? Date(string text) => DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
        ? Value.Of(new DateTimeOffset(day.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero)) : null;

    public static Value? Instant(string text) => Date(text)
        ?? (DateTimeOffset.TryParseExact(text, ["yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK"], CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal, out var moment) ? Value.Of(moment) : null);

    /// <summary>A length such as <c>72 hour</c>.</summary>
    public static Length? Length(string text)
    {
        var blank = text.IndexOf(' ', StringComparison.Ordinal);
        return blank > 0 && long.TryParse(text.AsSpan(0, blank), NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? Length(count, text[(blank + 1)..].Trim()) : null;
    }

    public static Length? Length(decimal count, string unit)
    {
        if (!Units.TryGetValue(unit.Length > 1 && unit[^1] == 's' ? unit[..^1] : unit, out var size) || count < 0)
        {
            return null;
        }

        var longest = size.Months > 0 ? 120_000m / size.Months : 3_650_000m * Value.Day / size.Milliseconds;
        return count > longest || (size.Months > 0 && count != decimal.Truncate(count)) ? null
            : new(decimal.ToInt64(count * size.Milliseconds), (int)(count * size.Months));
    }

    public static bool IsCountry(string text) => text.Length is 2 or 3 && text.All(letter => char.IsAsciiLetterUpper(letter) || char.IsAsciiDigit(letter)) && char.IsAsciiLetterUpper(text[0]);
}

/// <summary>A length of time: exact milliseconds plus calendar months.</summary>
internal readonly record struct Length(long Milliseconds, int Months)
{
    /// <summary>In milliseconds, months at their mean.</summary>
    public long Total => Milliseconds + (Months * Value.Month);

    /// <summary>Adds the length <paramref name="sign"/> times; false when the calendar ends.</summary>
    public bool TryAdd(long moment, int sign, out long result)
    {
        result = 0;
        if (moment is < -62_135_596_800_000 or > 253_402_300_799_999)
        {
            return false;
        }

        var start = DateTimeOffset.FromUnixTimeMilliseconds(moment);
        var months = (start.Year * 12) + start.Month - 1 + (sign * Months);
        if (months is < 12 or >= 120_000)
        {
            return false;
        }

        result = (Months == 0 ? moment : start.AddMonths(sign * Months).ToUnixTimeMilliseconds()) + (sign * Milliseconds);
        return result is >= -62_135_596_800_000 and <= 253_402_300_799_999;
    }
}
