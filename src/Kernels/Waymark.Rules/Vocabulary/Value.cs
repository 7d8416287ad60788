using System.Globalization;

namespace Waymark.Rules;

/// <summary>
/// A value as the engine keeps it: one 64-bit number whose meaning the fact's type gives. Booleans 0 and 1; codes their place in the list;
/// sets a bit per code; numbers times 10⁶; moments milliseconds since 1970; lengths of time milliseconds; countries their letters. Identifiers
/// stand in <see cref="Text"/>.
/// </summary>
public readonly record struct Value(long Number, string? Text = null)
{
    internal const long Scale = 1_000_000;

    internal const long Day = 86_400_000;

    /// <summary>A twelfth of the mean Gregorian year.</summary>
    internal const long Month = 2_629_746_000;

    public static Value Of(bool value) => new(value ? 1 : 0);

    public static Value Of(Code code) => new(code.Index);

    public static Value Of(DateTimeOffset moment) => new(moment.ToUnixTimeMilliseconds());

    public static Value Of(string text) => new(0, text);

    /// <summary>A number; null when it has more than six decimals or does not fit.</summary>
    public static Value? Of(decimal number)
    {
        if (number is < -9_000_000_000_000m or > 9_000_000_000_000m)
        {
            return null;
        }

        var scaled = number * Scale;
        return decimal.Truncate(scaled) == scaled ? new(decimal.ToInt64(scaled)) : null;
    }

    /// <summary>A set of codes of a list of at most 64.</summary>
    public static Value Of(IEnumerable<Code> codes)
    {
        var bits = 0UL;
        foreach (var code in codes)
        {
            bits |= 1UL << code.Index;
        }

        return new(unchecked((long)bits));
    }

    internal static Value OfCountry(string letters)
    {
        var number = 0L;
        foreach (var letter in letters)
        {
            number = (number * 37) + (char.IsAsciiDigit(letter) ? letter - '0' + 27 : letter - 'A' + 1);
        }

        return new(number);
    }

    /// <summary>The value as packs write it.</summary>
    public string ToText(Fact fact) => fact.Type switch
    {
        FactType.Boolean => Number == 1 ? "true" : "false",
        FactType.Code => fact.Codes!.Codes[(int)Number].Id,
        FactType.Codes => $"[{string.Join(", ", CodesOf(fact).Select(code => code.Id))}]",
        FactType.Whole or FactType.Number => ((decimal)Number / Scale).ToString("0.######", CultureInfo.InvariantCulture),
        FactType.TextId => Text ?? "",
        FactType.Date => DateTimeOffset.FromUnixTimeMilliseconds(Number).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        FactType.Instant => DateTimeOffset.FromUnixTimeMilliseconds(Number).ToString("yyyy-MM-dd'T'HH:mm:ss.FFF'Z'", CultureInfo.InvariantCulture),
        FactType.Duration => LengthText(Number),
        _ => CountryText(Number),
    };

    internal IEnumerable<Code> CodesOf(Fact fact)
    {
        var bits = unchecked((ulong)Number);
        return fact.Codes!.Codes.Where(code => (bits >> code.Index & 1) == 1);
    }

    internal static string LengthText(long milliseconds)
    {
        (long Length, string Word)[] units = [(Month * 12, "year"), (Month, "month"), (Day, "day"), (3_600_000, "hour"), (60_000, "minute")];
        var unit = Array.Find(units, unit => milliseconds % unit.Length == 0 && milliseconds != 0);
        return unit.Word is null
            ? string.Create(CultureInfo.InvariantCulture, $"{milliseconds / 1000m:0.###} second")
            : string.Create(CultureInfo.InvariantCulture, $"{milliseconds / unit.Length} {unit.Word}");
    }

    private static string CountryText(long number)
    {
        var letters = "";
        for (; number > 0; number /= 37)
        {
            var digit = (int)(number % 37);
            letters = (char)(digit > 26 ? digit - 27 + '0' : digit - 1 + 'A') + letters;
        }

        return letters;
    }
}
