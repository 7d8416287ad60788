using System.Buffers;
using Waymark.Model;

namespace Waymark.Matching.Contracts;

/// <summary>
/// The mark of a register's export: such files are made for one purpose and are no input for linking (misuse M03). Lists carry it in every row,
/// workbooks in a cell; a first line that begins with <see cref="Text"/> marks any text. Whatever reads rows of persons asks here first.
/// </summary>
public static class ExportMark
{
    /// <summary>How the first line of a marked file begins.</summary>
    public const string Text = "# " + Word;

    private const string Word = "waymark-export";
    private const int CopyLength = 12;
    private const int Head = 4_096;
    private static readonly SearchValues<byte> s_digits = SearchValues.Create("0123456789abcdefABCDEF"u8);

    /// <summary>A cell that marks a file as the copy with this number, wherever it stands.</summary>
    public static string Of(string copy) => Word + " " + copy;

    /// <summary>Refuses a file that carries the mark at its beginning; a file that cannot be opened is left to its reader.</summary>
    public static Result<bool> Check(string path)
    {
        try
        {
            using var file = File.OpenRead(path);
            using var unpacked = TextPieces.Unpacked(file);
            var head = new byte[Head];
            var length = unpacked.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
            return Check(head.AsSpan(0, length), path);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            return true;
        }
    }

    /// <summary>The same for the first bytes of a text, unpacked, or for a cell.</summary>
    public static Result<bool> Check(ReadOnlySpan<byte> head, string name)
    {
        // Byte-order marks and the zero bytes of UTF-16 are no part of the words.
        Span<byte> plain = stackalloc byte[Head];
        var length = 0;
        foreach (var b in head[..Math.Min(head.Length, Head)])
        {
            plain[length] = b;
            length += b is > 0 and < 0x80 ? 1 : 0;
        }

        var words = plain[..length];
        var first = System.Text.Encoding.ASCII.GetString(words[..Math.Min(length, 64)]).TrimStart('"', ' ', '\t', '\r', '\n');
        return first.StartsWith(Text, StringComparison.OrdinalIgnoreCase) || IsIn(words) ? Refused(name) : true;
    }

    /// <summary>Whether a text in UTF-8 holds the mark of a copy anywhere: rows may have been sorted, cut or laid under others.</summary>
    internal static bool IsIn(ReadOnlySpan<byte> text)
    {
        for (int at; (at = text.IndexOf("waymark-export "u8)) >= 0;)
        {
            text = text[(at + Word.Length + 1)..];
            if (text.Length >= CopyLength && !text[..CopyLength].ContainsAnyExcept(s_digits))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether a cell of a workbook is the mark.</summary>
    internal static bool IsIn(string cell) => cell.Contains(Word, StringComparison.OrdinalIgnoreCase) && !Check(System.Text.Encoding.UTF8.GetBytes(cell), "").IsOk;

    internal static Error Refused(string name) =>
        Error.Refused("matching.marked-export", "The file is an export of a register and may not be linked.", "该文件是登记册的导出文件，不得用于链接。", name)
            .WithHint("Registers are linked inside a linkage project.", "登记册只能在链接项目内进行链接。");
}
