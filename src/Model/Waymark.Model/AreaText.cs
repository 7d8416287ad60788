using System.Buffers;
using System.Text;

namespace Waymark.Model;

/// <summary>
/// The one normalisation before an area's text is looked up: Unicode NFC, blanks of any kind at the ends removed, runs of
/// blanks inside made one space. Case, accents, apostrophes and punctuation stay: nothing is fuzzy.
/// </summary>
public static class AreaText
{
    /// <summary>The longest text that can name an area; anything longer is not looked up.</summary>
    public const int Longest = 300;

    /// <summary>
    /// Letters that NFC leaves alone wherever they stand (all below the combining marks, Cyrillic, Arabic letters, dashes and quotation marks,
    /// Han), so that the common names need no call into the normaliser, which allocates.
    /// </summary>
    private static readonly SearchValues<char> Inert = SearchValues.Create(
        [.. Letters(0x0000, 0x02FF), .. Letters(0x0400, 0x0482), .. Letters(0x0621, 0x064A), .. Letters(0x2010, 0x2027), .. Letters(0x4E00, 0x9FFF)]);

    public static string Normalise(string text)
    {
        Span<char> buffer = stackalloc char[Longest];
        var length = Collapse(text.IsNormalized() ? text : text.Normalize(NormalizationForm.FormC), buffer);
        return length < 0 ? text : length == text.Length ? text : buffer[..length].ToString();
    }

    /// <summary>
    /// Writes the normalised form and returns its length; -1 when it is too long or not well formed. Allocates only for text that is
    /// not in NFC already.
    /// </summary>
    public static int Normalise(ReadOnlySpan<char> text, Span<char> destination)
    {
        if (text.Length > destination.Length)
        {
            return -1;
        }

        if (text.IndexOfAnyExcept(Inert) < 0)
        {
            return Collapse(text, destination);
        }

        try
        {
            return text.IsNormalized() ? Collapse(text, destination) : Collapse(text.ToString().Normalize(), destination);
        }
        catch (ArgumentException)
        {
            return -1;
        }
    }

    private static IEnumerable<char> Letters(int from, int to) => Enumerable.Range(from, to - from + 1).Select(letter => (char)letter);

    private static int Collapse(ReadOnlySpan<char> text, Span<char> destination)
    {
        text = text.Trim();
        var length = 0;
        var afterBlank = false;
        foreach (var letter in text)
        {
            var isBlank = char.IsWhiteSpace(letter);
            if (isBlank && afterBlank)
            {
                continue;
            }

            if (length == destination.Length)
            {
                return -1;
            }

            destination[length++] = isBlank ? ' ' : letter;
            afterBlank = isBlank;
        }

        return length;
    }
}
