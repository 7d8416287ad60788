using System.Text;
using System.Text.RegularExpressions;

namespace Waymark.Evidence.Profiles;

/// <summary>How labels and texts of publishers are compared: white space, line breaks, quotes, dashes and case never decide.</summary>
public static partial class LabelText
{
    private const int LongestMarks = 48;

    /// <summary>Wall time, so a busy machine must not run into it: patterns of packs take microseconds unless they run away.</summary>
    public static readonly TimeSpan RegexLimit = TimeSpan.FromSeconds(5);

    /// <summary>White space collapsed, typographic quotes and dashes made plain; case kept.</summary>
    public static string Tidy(string text)
    {
        var builder = new StringBuilder(text.Length);
        var gap = false;
        foreach (var letter in text)
        {
            if (char.IsWhiteSpace(letter) || letter is '\u200B' or '\uFEFF' or '\u00AD')
            {
                gap = builder.Length > 0;
                continue;
            }

            if (gap)
            {
                builder.Append(' ');
                gap = false;
            }

            builder.Append(letter switch
            {
                '\u2018' or '\u2019' or '\u02BC' or '`' => '\'',
                '\u201C' or '\u201D' => '"',
                '\u2010' or '\u2011' or '\u2012' or '\u2013' or '\u2014' or '\u2212' => '-',
                _ => letter,
            });
        }

        return builder.ToString();
    }

    /// <summary>The form in which labels are equal.</summary>
    public static string Normalise(string text) => Tidy(text).ToLowerInvariant();

    /// <summary>The label without footnote signs glued to its end: "Refugees2", "Type of data (a)", "Name*".</summary>
    public static string WithoutMarks(string normalised)
    {
        // Marks stand at the end; looking at the end alone keeps the work bounded on notes of a thousand characters.
        var start = Math.Max(0, normalised.Length - LongestMarks);
        return start == 0 ? Marks().Replace(normalised, "") : string.Concat(normalised.AsSpan(0, start), Marks().Replace(normalised[start..], ""));
    }

    /// <summary>Small letters and digits, "-" for everything else.</summary>
    public static string Slug(string text)
    {
        var builder = new StringBuilder(text.Length);
        foreach (var letter in text.ToLowerInvariant())
        {
            if (char.IsLetterOrDigit(letter))
            {
                builder.Append(letter);
            }
            else if (builder.Length > 0 && builder[^1] != '-')
            {
                builder.Append('-');
            }
        }

        return builder.ToString().TrimEnd('-');
    }

    public static Regex Regex(string pattern) =>
        new(pattern, RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, RegexLimit);

    [GeneratedRegex(@"(?:\s*(?:\([a-z0-9]{1,2}\)|[*\u2020\u2021\u00B9\u00B2\u00B3]+|(?<=[a-z).])\d{1,2}(?:,\d{1,2})*))+$", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 2000)]
    private static partial Regex Marks();
}
