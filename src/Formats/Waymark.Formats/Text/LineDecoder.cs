using System.Buffers;
using System.Text;
using System.Text.Unicode;

namespace Waymark.Formats;

/// <summary>
/// Decodes a text that is not UTF-8 throughout, line by line: UTF-8 where valid, Windows-1252 where not.
/// </summary>
internal static class LineDecoder
{
    /// <summary>
    /// Code points of bytes 0x80–0x9F in Windows-1252 (WHATWG index); the five undefined ones map to themselves.
    /// </summary>
    private static readonly char[] High =
    [
        '\u20AC', '\u0081', '\u201A', '\u0192', '\u201E', '\u2026', '\u2020', '\u2021', '\u02C6', '\u2030', '\u0160',
            '\u2039', '\u0152', '\u008D', '\u017D', '\u008F',
        '\u0090', '\u2018', '\u2019', '\u201C', '\u201D', '\u2022', '\u2013', '\u2014', '\u02DC', '\u2122', '\u0161',
            '\u203A', '\u0153', '\u009D', '\u017E', '\u0178',
    ];

    private static readonly SearchValues<byte> LineEnds = SearchValues.Create("\r\n"u8);

    /// <param name="body">The text after its byte order mark.</param>
    /// <param name="bodyStart">Where it begins in the file.</param>
    public static (ReadOnlyMemory<byte> Utf8, List<TextSource.Patch> Patches, bool SawUtf8) Decode(ReadOnlySpan<byte> body,
        int bodyStart)
    {
        var patches = new List<TextSource.Patch>();
        var result = new byte[body.Length + (body.Length / 8) + 16];
        var (written, at, line, sawUtf8) = (0, 0, 1, false);
        while (at < body.Length)
        {
            var length = body[at..].IndexOfAny(LineEnds);
            var stop = length < 0 ? body.Length : at + length;
            var text = body[at..stop];
            var ending = stop >= body.Length ? 0 : body[stop] == '\r' && stop + 1 < body.Length
                && body[stop + 1] == '\n' ? 2 : 1;
            // Room for what this line needs, not for the most that a line could: one line may be the whole file.
            var (ascii, valid) = (Ascii.IsValid(text), Utf8.IsValid(text));
            var room = written + text.Length + (valid ? 0 : 2 * CountHigh(text)) + 2;
            if (room > result.Length)
            {
                Array.Resize(ref result, Math.Max(result.Length + (result.Length / 2), room));
            }

            if (valid)
            {
                sawUtf8 |= !ascii;
                text.CopyTo(result.AsSpan(written));
                written += text.Length;
            }
            else
            {
                var from = written;
                written += Windows1252(text, result.AsSpan(written));
                patches.Add(new(line, bodyStart + at, bodyStart + stop, from, written));
            }

            body.Slice(stop, ending).CopyTo(result.AsSpan(written));
            written += ending;
            at = stop + ending;
            line++;
        }

        return (result.AsMemory(0, written), patches, sawUtf8);
    }

    private static int CountHigh(ReadOnlySpan<byte> text)
    {
        var count = 0;
        foreach (var value in text)
        {
            count += value >> 7;
        }

        return count;
    }

    /// <summary>The text of Windows-1252 bytes in UTF-8.</summary>
    public static byte[] ToUtf8(ReadOnlySpan<byte> text)
    {
        var result = new byte[text.Length * 3];
        return result.AsSpan(0, Windows1252(text, result)).ToArray();
    }

    private static int Windows1252(ReadOnlySpan<byte> text, Span<byte> into)
    {
        var written = 0;
        foreach (var value in text)
        {
            if (value < 0x80)
            {
                into[written++] = value;
            }
            else
            {
                written += new Rune(value < 0xA0 ? High[value - 0x80] : (char)value).EncodeToUtf8(into[written..]);
            }
        }

        return written;
    }
}
