using System.Text;
using System.Text.Unicode;
using Waymark.Model;

namespace Waymark.Formats;

/// <summary>How the characters of a text are stored.</summary>
public enum TextEncoding : byte
{
    Utf8,
    Utf8WithMark,
    Utf16LittleEndian,
    Utf16BigEndian,

    /// <summary>Windows-1252 throughout (Latin-1 is its subset in use).</summary>
    Windows1252,

    /// <summary>UTF-8 with some lines that can only be Windows-1252: two encodings in one file.</summary>
    Mixed,

    /// <summary>Stated by the caller's <see cref="TextHints"/>.</summary>
    Stated,
}

/// <summary>What a source profile knows of a text beforehand; what is null is detected.</summary>
public sealed record TextHints(byte? Delimiter = null, Encoding? Encoding = null);

/// <summary>
/// A delimited text made ready to walk: its characters as UTF-8, its delimiter, and the lines that had to be read in a
/// second encoding. A line that is not valid UTF-8 is decoded as Windows-1252; bytes that it leaves undefined become
/// the
/// control characters of the same number, so nothing is lost.
/// </summary>
public sealed class TextSource
{
    private readonly ReadOnlyMemory<byte> _original;
    private readonly int _bodyStart;
    private readonly List<Patch>? _patches;
    private readonly ReadLimits _limits;

    private TextSource(ReadOnlyMemory<byte> original, ReadOnlyMemory<byte> utf8, TextEncoding encoding, int bodyStart,
        List<Patch>? patches, ReadLimits limits, string name) =>
        (_original, Utf8, Encoding, _bodyStart, _patches, _limits, Name) = (original, utf8, encoding, bodyStart,
            patches, limits, name);

    /// <summary>The text without byte order mark; lines are those of the file.</summary>
    public ReadOnlyMemory<byte> Utf8 { get; }

    public TextEncoding Encoding { get; }

    public byte Delimiter { get; private set; } = (byte)',';

    internal string Name { get; }

    /// <summary>
    /// Numbers of the lines decoded as Windows-1252, ascending; empty unless the encoding is Mixed or Windows1252.
    /// </summary>
    public IReadOnlyList<int> FallbackLines => _patches is null ? [] : [.. _patches.Select(static patch => patch.Line)];

    /// <summary>A new walk from the start, for readers that take fields as spans.</summary>
    public CsvCursor Cursor() => new(Utf8, Delimiter, _limits, Name);

    internal static TextSource Create(ReadOnlyMemory<byte> bytes, string name, ReadLimits limits, TextHints? hints)
    {
        var source = Decode(bytes, name, limits, hints?.Encoding);
        source.Delimiter = hints?.Delimiter ?? DelimiterDetector.Detect(source.Utf8, name, limits);
        return source.Delimiter == (byte)'\t' && PackedKeys.Split(source.Utf8) is { } split
            ? new(source._original, split, source.Encoding, source._bodyStart, source._patches, limits, name) { Delimiter = source.Delimiter } : source;
    }

    /// <summary>The bytes of the file behind a stretch of <see cref="Utf8"/>; for UTF-16 the stretch itself.</summary>
    internal ReadOnlyMemory<byte> Original(int start, int end)
    {
        if (Encoding is TextEncoding.Utf16LittleEndian or TextEncoding.Utf16BigEndian or TextEncoding.Stated)
        {
            return Utf8[start..end];
        }

        var from = ToOriginal(start);
        return _original[from..Math.Max(from, ToOriginal(end))];
    }

    private int ToOriginal(int position)
    {
        if (_patches is null)
        {
            return position + _bodyStart;
        }

        var (low, high) = (0, _patches.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = _patches[middle].NewStart <= position ? (middle + 1, high) : (low, middle);
        }

        if (low == 0)
        {
            return position + _bodyStart;
        }

        var patch = _patches[low - 1];
        if (position >= patch.NewEnd)
        {
            return patch.OldEnd + (position - patch.NewEnd);
        }

        // Inside a decoded line: count characters, each of which was one byte.
        var characters = 0;
        foreach (var value in Utf8.Span[patch.NewStart..position])
        {
            characters += (value & 0xC0) != 0x80 ? 1 : 0;
        }

        return patch.OldStart + characters;
    }

    private static TextSource Decode(ReadOnlyMemory<byte> bytes, string name, ReadLimits limits, Encoding? stated)
    {
        var span = bytes.Span;
        if (stated is not null and not UTF8Encoding)
        {
            return Transcode(bytes, name, limits, stated, 0, TextEncoding.Stated);
        }

        if (span is [0xFF, 0xFE, ..])
        {
            return Transcode(bytes, name, limits, System.Text.Encoding.Unicode, 2, TextEncoding.Utf16LittleEndian);
        }

        if (span is [0xFE, 0xFF, ..])
        {
            return Transcode(bytes, name, limits, System.Text.Encoding.BigEndianUnicode, 2,
                TextEncoding.Utf16BigEndian);
        }

        if (GuessUtf16(span) is { } guessed)
        {
            return Transcode(bytes, name, limits, guessed == TextEncoding.Utf16LittleEndian
                ? System.Text.Encoding.Unicode : System.Text.Encoding.BigEndianUnicode, 0, guessed);
        }

        var mark = span is [0xEF, 0xBB, 0xBF, ..] ? 3 : 0;
        var body = bytes[mark..];
        if (System.Text.Unicode.Utf8.IsValid(body.Span))
        {
            return new(bytes, body, mark == 0 ? TextEncoding.Utf8 : TextEncoding.Utf8WithMark, mark, null, limits,
                name);
        }

        var (utf8, patches, sawUtf8) = LineDecoder.Decode(body.Span, mark);
        return new(bytes, utf8, sawUtf8 || mark > 0 ? TextEncoding.Mixed : TextEncoding.Windows1252, mark, patches,
            limits, name);
    }

    private static TextSource Transcode(ReadOnlyMemory<byte> bytes, string name, ReadLimits limits, Encoding encoding,
        int skip, TextEncoding kind)
    {
        if (bytes.Length * 3L > limits.MaxUncompressedBytes)
        {
            throw new UnreadableException(Faults.TooLarge(name, "uncompressed-bytes", limits.MaxUncompressedBytes));
        }

        var utf8 = System.Text.Encoding.Convert(encoding, System.Text.Encoding.UTF8, bytes[skip..].ToArray());
        return new(bytes, utf8, kind, skip, null, limits, name);
    }

    /// <summary>UTF-16 without a mark shows as NUL in every other byte of mostly Latin text.</summary>
    private static TextEncoding? GuessUtf16(ReadOnlySpan<byte> bytes)
    {
        var sample = bytes[..Math.Min(bytes.Length & ~1, 4096)];
        if (sample.Length < 4)
        {
            return null;
        }

        var (even, odd) = (0, 0);
        for (var i = 0; i < sample.Length; i += 2)
        {
            even += sample[i] == 0 ? 1 : 0;
            odd += sample[i + 1] == 0 ? 1 : 0;
        }

        var pairs = sample.Length / 2;
        return odd > pairs * 0.4 && even < pairs * 0.02 ? TextEncoding.Utf16LittleEndian
            : even > pairs * 0.4 && odd < pairs * 0.02 ? TextEncoding.Utf16BigEndian : null;
    }

    /// <summary>A line that was decoded as Windows-1252: where it lies in the file and in the result.</summary>
    internal readonly record struct Patch(int Line, int OldStart, int OldEnd, int NewStart, int NewEnd);
}
