using System.Globalization;

namespace Waymark.Charts;

/// <summary>
/// Numbers as people read them in English (1,234,567.8; 1.2 million) and Chinese (1,234,567.8; 120 万). Exact in tables,
/// rounded in sentences. The same everywhere: no culture of the machine is asked.
/// </summary>
public static class NumberText
{
    /// <summary>All digits, grouped by thousands, up to <paramref name="decimals"/> places; a true minus sign.</summary>
    public static string Exact(double value, int decimals = 6)
    {
        var text = Math.Abs(value).ToString("#,##0." + new string('#', decimals), CultureInfo.InvariantCulture);
        return value < 0 && text.Any(c => c is >= '1' and <= '9') ? "\u2212" + text : text;
    }

    /// <summary>Three significant digits with a word for the power of ten, for sentences and labels.</summary>
    public static string Rounded(double value, string language)
    {
        var scale = NumberScale.For(Math.Abs(value), language, sentence: true);
        var scaled = value / scale.Divisor;
        var magnitude = Math.Abs(scaled);
        var digits = scale.Divisor > 1 || magnitude < 100 ? Exact(scaled,
            magnitude >= 100 ? 0 : magnitude >= 10 ? 1 : 2) : Exact(scaled, 0);
        return scale.Word.Length == 0 ? digits : $"{digits} {scale.Word}";
    }
}

/// <summary>The power of ten an axis or a sentence is written in, and its word ("million", "万"); 1 and empty for plain digits.</summary>
public readonly record struct NumberScale(double Divisor, string Word)
{
    /// <summary>
    /// The scale for figures up to <paramref name="largest"/>. Chinese counts in 万 (10⁴) and 亿 (10⁸). On axes plain
    /// digits stay longer than in sentences.
    /// </summary>
    public static NumberScale For(double largest, string language, bool sentence = false)
    {
        if (Words.IsChinese(language))
        {
            return largest >= 1e8 ? new(1e8, "亿") : largest >= (sentence ? 1e4 : 1e5) ? new(1e4, "万") : new(1, "");
        }

        return largest >= (sentence ? 1e9 : 2e9) ? new(1e9, "billion") : largest >= 1e6 ? new(1e6, "million")
            : new(1, "");
    }

    /// <summary>The unit with the scale before it: "million persons", "万人".</summary>
    public string With(string unit, string language) =>
        Word.Length == 0 ? unit : Words.IsChinese(language) ? Word + unit : $"{Word} {unit}";
}
