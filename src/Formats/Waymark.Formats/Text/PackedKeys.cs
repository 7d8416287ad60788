namespace Waymark.Formats;

/// <summary>
/// The tab-separated files of Eurostat hold the whole key in the first field, parts separated by commas, and name them so in the
/// header: <c>freq,unit,geo\TIME_PERIOD</c>. Each part becomes a field of its own by turning those commas into tabs, byte for byte:
/// lengths, lines and places in the file stay as they are.
/// </summary>
internal static class PackedKeys
{
    private const int LongestHeader = 4_096;

    /// <summary>The text with the first field of every line split, or null when its header names no packed key.</summary>
    public static byte[]? Split(ReadOnlyMemory<byte> utf8)
    {
        if (!IsIn(utf8.Span))
        {
            return null;
        }

        var result = utf8.ToArray();
        var inKey = true;
        for (var i = 0; i < result.Length; i++)
        {
            switch (result[i])
            {
                case (byte)'\n' or (byte)'\r':
                    inKey = true;
                    break;
                case (byte)'\t':
                    inKey = false;
                    break;
                case (byte)',' when inKey:
                    result[i] = (byte)'\t';
                    break;
            }
        }

        return result;
    }

    /// <summary>Whether the first line is such a header; then tabs divide the file, however many commas its keys have.</summary>
    public static bool IsIn(ReadOnlySpan<byte> span)
    {
        var header = span[..Math.Min(span.Length, LongestHeader)];
        var end = header.IndexOfAny((byte)'\r', (byte)'\n');
        var first = header[..(end < 0 ? header.Length : end)].IndexOf((byte)'\t') is var tab and > 0 ? header[..tab] : default;
        return first.IndexOf((byte)',') > 0 && first.IndexOf((byte)'\\') > 0 && first.IndexOfAny((byte)'"', (byte)' ') < 0;
    }
}
