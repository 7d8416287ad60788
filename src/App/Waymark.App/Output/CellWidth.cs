using System.Globalization;
using System.Text;

namespace Waymark.App.Output;

/// <summary>How many columns a text takes on a terminal: East Asian wide characters two, combining marks none.</summary>
public static class CellWidth
{
    // Unicode East Asian Width W and F, in blocks; the narrow gaps inside them do not occur in names and figures.
    private static readonly (int From, int To)[] s_wide =
    [
        (0x1100, 0x115F), (0x2E80, 0x303E), (0x3041, 0x33FF), (0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xA000, 0xA4CF),
        (0xA960, 0xA97F), (0xAC00, 0xD7A3), (0xF900, 0xFAFF), (0xFE30, 0xFE6F), (0xFF00, 0xFF60), (0xFFE0, 0xFFE6),
        (0x1F300, 0x1F64F), (0x1F900, 0x1F9FF), (0x20000, 0x3FFFD),
    ];

    public static int Of(string text) => text.EnumerateRunes().Sum(Of);

    public static string PadRight(string text, int width) => text + new string(' ', Math.Max(0, width - Of(text)));

    public static string PadLeft(string text, int width) => new string(' ', Math.Max(0, width - Of(text))) + text;

    /// <summary>Control characters become visible signs, so that a value from a file can neither move the cursor nor colour the screen.</summary>
    public static string Printable(string text) => text.AsSpan().IndexOfAnyInRange('\0', '\u009f') < 0 || !text.Any(char.IsControl)
        ? text
        : string.Concat(text.Select(c => char.IsControl(c) ? c is '\n' or '\r' or '\t' ? ' ' : '\ufffd' : c));

    private static int Of(Rune rune) => Rune.GetUnicodeCategory(rune) switch
    {
        UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark or UnicodeCategory.Format or UnicodeCategory.Control => 0,
        _ => Array.Exists(s_wide, range => rune.Value >= range.From && rune.Value <= range.To) ? 2 : 1,
    };
}
