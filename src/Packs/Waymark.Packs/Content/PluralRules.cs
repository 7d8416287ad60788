namespace Waymark.Packs.Content;

/// <summary>
/// Which plural form a whole number takes (Unicode CLDR, cardinal rules). Languages not listed here use "one" for 1 and "other" for the rest; Chinese,
/// Japanese, Korean, Vietnamese, Thai, Burmese, Khmer, Lao and Indonesian have one form.
/// </summary>
public static class PluralRules
{
    private static readonly HashSet<string> OneForm = new(StringComparer.Ordinal) { "zh", "ja", "ko", "vi", "th", "my", "km", "lo", "id", "ms" };

    public static string Form(string language, decimal count)
    {
        var number = Math.Abs(count);
        var whole = decimal.Truncate(number) == number;
        var tag = language.Split('-')[0];
        return tag switch
        {
            _ when OneForm.Contains(tag) => "other",
            "ar" when whole => Arabic(number),
            "ru" or "uk" when whole => Russian(number),
            "fr" or "pt" => number < 2 ? "one" : "other",
            "fa" or "am" or "bn" or "hi" => number <= 1 ? "one" : "other",
            _ => number == 1 ? "one" : "other",
        };
    }

    private static string Arabic(decimal number) => number switch
    {
        0 => "zero",
        1 => "one",
        2 => "two",
        _ when number % 100 is >= 3 and <= 10 => "few",
        _ when number % 100 is >= 11 and <= 99 => "many",
        _ => "other",
    };

    private static string Russian(decimal number) => (number % 10, number % 100) switch
    {
        (1, not 11) => "one",
        ( >= 2 and <= 4, < 12 or > 14) => "few",
        _ => "many",
    };
}
