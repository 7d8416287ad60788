using System.Text;
using Waymark.Model;

namespace Waymark.Matching;

/// <summary>
/// The mark that exports of registers carry in their first line, behind a byte-order mark or in gzip too: such files are made for one purpose
/// and are no input for linking (misuse M03).
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
            using var unpacked = path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? new System.IO.Compression.GZipStream(file, System.IO.Compression.CompressionMode.Decompress) : (Stream)file;
            var head = new byte[64];
            var length = unpacked.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
            var text = head.AsSpan(0, length);
            var plain = text.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE]) ? Encoding.Unicode.GetString(text[2..]) : Encoding.UTF8.GetString(text).TrimStart('\uFEFF');
            return plain.TrimStart('"').StartsWith(Text, StringComparison.OrdinalIgnoreCase)
                ? Error.Refused("matching.marked-export", "The file is an export of a register and may not be linked.", "该文件是登记册的导出文件，不得用于链接。", path)
                    .WithHint("Registers are linked inside a linkage project.", "登记册只能在链接项目内进行链接。")
                : true;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            return true;
        }
    }
}
