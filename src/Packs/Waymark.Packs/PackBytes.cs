using System.Globalization;
using System.Text;

namespace Waymark.Packs;

/// <summary>
/// The first gate for any pack file: size, strict UTF-8, and no character that hides or reorders text
/// (controls, bidirectional overrides, a byte order mark inside).
/// </summary>
public static class PackBytes
{
    /// <summary>The largest YAML file: 4 MiB.</summary>
    public const int LargestYaml = 4 * 1024 * 1024;

    /// <summary>The largest file beside a pack: 64 MiB.</summary>
    public const int LargestFile = 64 * 1024 * 1024;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The text of the file, or null with the reason added to <paramref name="errors"/>.</summary>
    public static string? ToText(string file, ReadOnlySpan<byte> bytes, int largest, PackErrors errors)
    {
        if (bytes.Length > largest)
        {
            errors.Add(file, new(1, 1), "pack.too-large",
                $"The file has {bytes.Length} bytes; the limit is {largest}.", $"文件有 {bytes.Length} 字节，上限为 {largest}。");
            return null;
        }

        if (bytes.StartsWith("\uFEFF"u8))
        {
            bytes = bytes[3..];
        }

        string text;
        try
        {
            text = Strict.GetString(bytes);
        }
        catch (DecoderFallbackException failure)
        {
            var lines = bytes[..Math.Clamp(failure.Index, 0, bytes.Length)];
            errors.Add(file, new(lines.Count((byte)'\n') + 1, lines.Length - lines.LastIndexOf((byte)'\n')),
                "pack.not-utf8", "The file is not valid UTF-8.", "文件不是有效的 UTF-8。");
            return null;
        }

        return HasHidden(file, text, errors) ? null : text;
    }

    private static bool HasHidden(string file, string text, PackErrors errors)
    {
        var (line, column) = (1, 0);
        foreach (var letter in text)
        {
            column++;
            if (letter == '\n')
            {
                (line, column) = (line + 1, 0);
            }
            else if (IsHidden(letter))
            {
                var code = ((int)letter).ToString("X4", CultureInfo.InvariantCulture);
                errors.Add(file, new(line, column), "pack.hidden-character",
                    $"The character U+{code} is not allowed: it cannot be seen or changes the order of text.",
                    $"不允许使用字符 U+{code}：它不可见或会改变文字顺序。");
                return true;
            }
        }

        return false;
    }

    private static bool IsHidden(char letter) => letter switch
    {
        '\t' or '\n' or '\r' => false,
        < ' ' => true,
        >= '\u007F' and <= '\u009F' => true,
        >= '\u202A' and <= '\u202E' => true,
        >= '\u2066' and <= '\u2069' => true,
        '\u2028' or '\u2029' or '\uFEFF' or '\uFFFE' or '\uFFFF' => true,
        _ => false,
    };
}
