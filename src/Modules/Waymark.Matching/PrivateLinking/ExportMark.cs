using System.Text;
using Waymark.Model;

namespace Waymark.Matching;

/// <summary>
/// The mark that exports of registers carry in their first line, behind a byte-order mark or in gzip too, or in the first cell of a workbook:
/// such files are made for one purpose and are no input for linking (misuse M03). Whatever reads rows of persons asks here first.
/// </summary>
public static class ExportMark
{
    /// <summary>How the first line of a marked file begins.</summary>
    public const string Text = "# waymark-export";

    /// <summary>Refuses a file that carries the mark; a file that cannot be opened is left to its reader.</summary>
    public static Result<bool> Check(string path)
    {
        try
        {
            using var file = File.OpenRead(path);
            using var unpacked = TextPieces.Unpacked(file);
            var head = new byte[64];
            var length = unpacked.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
            return Check(head.AsSpan(0, length), path);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            return true;
        }
    }

    /// <summary>The same for the first bytes of a text, unpacked, or for the first cell of a sheet.</summary>
    public static Result<bool> Check(ReadOnlySpan<byte> head, string name)
    {
        // Byte-order marks and the zero bytes of UTF-16 are no part of the words.
        var plain = new StringBuilder(64);
        foreach (var b in head[..Math.Min(head.Length, 64)])
        {
            plain.Append(b is > 0 and < 0x80 ? ((char)b).ToString() : "");
        }

        return plain.ToString().TrimStart('"', ' ', '\t', '\r', '\n').StartsWith(Text, StringComparison.OrdinalIgnoreCase)
            ? Error.Refused("matching.marked-export", "The file is an export of a register and may not be linked.", "该文件是登记册的导出文件，不得用于链接。", name)
                .WithHint("Registers are linked inside a linkage project.", "登记册只能在链接项目内进行链接。")
            : true;
    }
}
