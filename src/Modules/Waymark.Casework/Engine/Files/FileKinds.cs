using System.Text;
using Waymark.Formats.Cleaning;
using Waymark.Model;

namespace Waymark.Casework.Files;

/// <summary>The closed set of kinds of files that records take.</summary>
public enum FileKind { Png, Jpeg, Pdf, Office, Text }

/// <summary>How much is taken. Bytes; pixels of one picture; files of one record; bytes of all files of a unit.</summary>
public sealed record FileLimits(int FileBytes = 20 << 20, int Pixels = 50_000_000, int RecordFiles = 200, long UnitBytes = 2L << 30);

/// <summary>A file made safe to keep: its kind by content, the bytes that are kept, and whether they were written anew.</summary>
public sealed record CleanFile(FileKind Kind, byte[] Content, bool IsRewritten)
{
    public string Media => Kind switch
    {
        FileKind.Png => "image/png",
        FileKind.Jpeg => "image/jpeg",
        FileKind.Pdf => "application/pdf",
        FileKind.Text => "text/plain",
        _ => "application/octet-stream",
    };
}

/// <summary>
/// Decides by content alone what a file is, and makes it safe to keep: pictures are written anew, documents that can act are refused, text is text. Neither the name nor
/// the type that was sent is read.
/// </summary>
public static class FileKinds
{
    /// <summary>Errors: <c>file.empty</c>, <c>file.kind</c>, <c>file.damaged</c>, <c>file.pixels</c>, <c>file.active</c>.</summary>
    public static Result<CleanFile> Clean(ReadOnlyMemory<byte> content, FileLimits limits)
    {
        var bytes = content.Span;
        return bytes.Length == 0 ? Error.Invalid("file.empty", "The file is empty.", "文件为空。")
            : bytes.StartsWith(PngRewriter.Signature) ? PngRewriter.Rewrite(content, limits.Pixels).Select(made => new CleanFile(FileKind.Png, made, true))
            : bytes.StartsWith<byte>([0xFF, 0xD8, 0xFF]) ? JpegRewriter.Rewrite(content, limits.Pixels).Select(made => new CleanFile(FileKind.Jpeg, made, true))
            : bytes.StartsWith("%PDF-"u8) ? Kept(FileKind.Pdf, content, PdfCheck.Fault(content))
            : bytes.StartsWith("PK\u0003\u0004"u8) ? Kept(FileKind.Office, content, OfficeCheck.Fault(content))
            : IsText(bytes) ? new CleanFile(FileKind.Text, content.ToArray(), false)
            : Error.Invalid("file.kind", "By its content this is none of the kinds that are kept: JPEG, PNG, PDF, office document, plain text.",
                "按其内容，此文件不属于可保存的类型：JPEG、PNG、PDF、办公文档、纯文本。");
    }

    private static Result<CleanFile> Kept(FileKind kind, ReadOnlyMemory<byte> content, Error? fault) => fault is null ? new CleanFile(kind, content.ToArray(), false) : fault;

    private static bool IsText(ReadOnlySpan<byte> bytes)
    {
        try
        {
            foreach (var letter in new UTF8Encoding(false, true).GetString(bytes))
            {
                if (letter < ' ' && letter is not ('\t' or '\n' or '\r'))
                {
                    return false;
                }
            }

            return true;
        }
        catch (DecoderFallbackException)
        {
            return false;
        }
    }
}
