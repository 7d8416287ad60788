using System.Text;
using System.Text.Unicode;

namespace Waymark.Matching;

/// <summary>
/// Lines that are not UTF-8: Windows-1252 where that reads as Latin letters among ASCII, else not known. Runs of high bytes are what
/// other encodings look like, and are never guessed at.
/// </summary>
internal sealed class LineEncoding
{
    private const int LongestRun = 2;
    private readonly Encoding _windows = CodePagesEncodingProvider.Instance.GetEncoding(1252)!;

    public int WindowsLines { get; private set; }

    public int FirstWindowsLine { get; private set; }

    /// <summary>Lines whose encoding is not known; they are set aside.</summary>
    public HashSet<int> UnknownLines { get; } = [];

    /// <summary>The text with its Windows-1252 lines in UTF-8; returned as it is when all of it is UTF-8.</summary>
    public (byte[] Text, int Length) Repair(byte[] text, int length, int firstLine)
    {
        if (Utf8.IsValid(text.AsSpan(0, length)))
        {
            return (text, length);
        }

        var repaired = new byte[length * 2];
        var written = 0;
        var line = firstLine;
        for (var from = 0; from < length; line++)
        {
            var to = text.AsSpan(from, length - from).IndexOf((byte)'\n');
            to = to < 0 ? length : from + to + 1;
            var own = text.AsSpan(from, to - from);
            from = to;
            if (repaired.Length < written + (own.Length * 3))
            {
                Array.Resize(ref repaired, repaired.Length + (own.Length * 3) + (length / 2));
            }

            if (Utf8.IsValid(own))
            {
                own.CopyTo(repaired.AsSpan(written));
                written += own.Length;
                continue;
            }

            if (ReadsAsLatin(own))
            {
                FirstWindowsLine = WindowsLines++ == 0 ? line : FirstWindowsLine;
            }
            else
            {
                UnknownLines.Add(line);
            }

            written += Encoding.UTF8.GetBytes(_windows.GetString(own), repaired.AsSpan(written));
        }

        return (repaired, written);
    }

    private bool ReadsAsLatin(ReadOnlySpan<byte> line)
    {
        var run = 0;
        Span<char> character = stackalloc char[1];
        foreach (var value in line)
        {
            run = value < 0x80 ? 0 : run + 1;
            if (run == 0)
            {
                continue;
            }

            _windows.GetChars([value], character);
            if (run > LongestRun || !(char.IsLetter(character[0]) || character[0] is '\u2019' or '\u2018' or '\u2013' or '\u00A0' or 'º' or 'ª' or '°'))
            {
                return false;
            }
        }

        return true;
    }
}
