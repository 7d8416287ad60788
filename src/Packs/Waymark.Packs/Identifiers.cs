using System.Globalization;
using System.Text;

namespace Waymark.Packs;

/// <summary>
/// The shape of ids and keys. Ids are small Latin letters, digits, <c>-</c>, <c>.</c> and <c>/</c>; letters of other scripts that look
/// like Latin ones (а, е, о of Cyrillic …) are named in the refusal, since two ids that look alike are one id to a reader.
/// </summary>
public static class Identifiers
{
    public const int LongestId = 100;

    /// <summary>True for <c>areas</c>, <c>un-desa/migrant-stock-2020</c>; segments start with a letter or digit.</summary>
    public static bool IsId(string text)
    {
        if (text.Length is 0 or > LongestId)
        {
            return false;
        }

        var atStart = true;
        foreach (var letter in text)
        {
            if (letter == '/')
            {
                if (atStart)
                {
                    return false;
                }

                atStart = true;
            }
            else if (char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter))
            {
                atStart = false;
            }
            else if (atStart || letter is not ('-' or '.'))
            {
                return false;
            }
        }

        return !atStart && !text.Contains("..", StringComparison.Ordinal);
    }

    /// <summary>The first letter outside ASCII in an id, described for a message ("U+0430"), or null.</summary>
    public static string? FirstForeignLetter(string text)
    {
        foreach (var rune in text.EnumerateRunes())
        {
            if (!rune.IsAscii)
            {
                return string.Create(CultureInfo.InvariantCulture, $"U+{rune.Value:X4}");
            }
        }

        return null;
    }

    /// <summary>
    /// True when a word mixes Latin letters with letters that are drawn alike in Greek, Cyrillic, Armenian, Cherokee or
    /// the full-width forms. A word wholly in another script is not mixed.
    /// </summary>
    public static bool MixesLookAlikes(string text)
    {
        var latin = false;
        var alike = false;
        foreach (var rune in text.EnumerateRunes())
        {
            if (Rune.IsLetter(rune))
            {
                latin |= rune.Value < 0x0250;
                alike |= rune.Value is (>= 0x0370 and <= 0x03FF) or (>= 0x0400 and <= 0x052F) or (>= 0x0530 and <= 0x058F)
                    or (>= 0x13A0 and <= 0x13FF) or (>= 0x1C80 and <= 0x1C8F) or (>= 0x1D00 and <= 0x1D7F)
                    or (>= 0xFF21 and <= 0xFF5A) or (>= 0x1D400 and <= 0x1D7FF);
            }
        }

        return latin && alike;
    }
}
