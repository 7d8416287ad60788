namespace Waymark.Charts;

/// <summary>
/// Estimates the width of a line of text without a font: advance widths of Noto Sans in classes, ideographs and
/// full-width signs one em. Good to about a tenth, on the wide side.
/// </summary>
public static class TextWidth
{
    /// <summary>Width in the unit of <paramref name="size"/>.</summary>
    public static double Of(string text, double size = 13, bool bold = false)
    {
        var em = 0.0;
        foreach (var rune in text.EnumerateRunes())
        {
            em += Em(rune.Value);
        }

        return em * size * (bold ? 1.07 : 1);
    }

    /// <summary>True for ideographs, kana, hangul and full-width signs, which take two columns in a terminal and one em here.</summary>
    public static bool IsWide(int rune) => rune is (>= 0x1100 and <= 0x115F) or (>= 0x2E80 and <= 0xA4CF)
        or (>= 0xAC00 and <= 0xD7A3) or (>= 0xF900 and <= 0xFAFF) or (>= 0xFE30 and <= 0xFE6F)
        or (>= 0xFF00 and <= 0xFF60) or (>= 0xFFE0 and <= 0xFFE6) or (>= 0x20000 and <= 0x3FFFD);

    /// <summary>Breaks a text into lines no wider than given: at spaces, or between ideographs; a longer word stays whole.</summary>
    public static IReadOnlyList<string> Wrap(string text, double width, double size = 13, bool bold = false)
    {
        var lines = new List<string>();
        var line = "";
        foreach (var piece in Pieces(text))
        {
            var candidate = line + piece;
            if (line.Length > 0 && Of(candidate.TrimEnd(), size, bold) > width)
            {
                lines.Add(line.TrimEnd());
                line = piece.TrimStart();
            }
            else
            {
                line = candidate;
            }
        }

        if (line.TrimEnd().Length > 0 || lines.Count == 0)
        {
            lines.Add(line.TrimEnd());
        }

        return lines;
    }

    private static IEnumerable<string> Pieces(string text)
    {
        var start = 0;
        for (var i = 0; i < text.Length; i++)
        {
            var end = i + 1 == text.Length;
            var wide = IsWide(text[i]) && (end || !IsClosing(text[i + 1]));
            if (end || text[i] == ' ' || wide || IsWide(text[i + 1]) && !IsClosing(text[i + 1])
                && !char.IsSurrogate(text[i]))
            {
                yield return text[start..(i + 1)];
                start = i + 1;
            }
        }
    }

    private static bool IsClosing(char c) => "，。、；：！？）》」』”’·）".Contains(c, StringComparison.Ordinal);

    private static double Em(int rune) => rune switch
    {
        ' ' => 0.26,
        'i' or 'j' or 'l' or 'I' or '.' or ',' or ':' or ';' or '\'' or '|' or '!' => 0.28,
        'f' or 't' or 'r' or '(' or ')' or '[' or ']' or '-' or '/' => 0.37,
        'm' or 'w' or 'M' or 'W' or '%' or '@' => 0.88,
        >= '0' and <= '9' => 0.572,
        >= 'a' and <= 'z' => 0.57,
        >= 'A' and <= 'Z' => 0.66,
        0x2013 or 0x2212 or 0x00B7 => 0.5,
        _ => IsWide(rune) ? 1.0 : 0.62,
    };
}
