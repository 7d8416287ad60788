using Waymark.Model;

namespace Waymark.Formats;

/// <summary>Tells formats apart by their first bytes and opens each.</summary>
internal static class FormatOpener
{
    public static Opened Open(ReadOnlyMemory<byte> content, string name, ReadLimits limits, TextHints? hints, bool nested = false)
    {
        var span = content.Span;
        if (span.IsEmpty)
        {
            throw new UnreadableException(Faults.Empty(name));
        }

        if (nested && span.StartsWith("PK"u8))
        {
            throw new UnreadableException(Faults.Unsupported(name, "a package inside an archive", "压缩包中的压缩包"));
        }

        if (span.StartsWith("PK\x03\x04"u8) || span.StartsWith("PK\x05\x06"u8))
        {
            return Workbooks.PackageOpener.Open(content, name, limits);
        }

        if (span.StartsWith((ReadOnlySpan<byte>)[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1]))
        {
            return Workbooks.BiffOpener.Open(content, name, limits);
        }

        RefuseKnown(span, name);
        return FirstCharacter(span) is (byte)'{' or (byte)'['
            ? Json.JsonOpener.Open(content, name, limits, hints)
            : OpenText(content, name, limits, hints);
    }

    public static Opened OpenText(ReadOnlyMemory<byte> content, string name, ReadLimits limits, TextHints? hints)
    {
        RefuseBinary(content.Span, name);
        var text = TextSource.Create(content, name, limits, hints);
        var sheet = new Sheet("", 0, SheetVisibility.Visible, name,
            () => new CellStore(limits, isText: true, name), _ => new TextRows(text, limits), text);
        return new(FileFormat.DelimitedText, [sheet], text, []);
    }

    private static void RefuseKnown(ReadOnlySpan<byte> span, string name)
    {
        var (what, whatZh) = span switch
        {
            [(byte)'%', (byte)'P', (byte)'D', (byte)'F', ..] => ("a PDF document", "PDF 文档"),
            [(byte)'P', (byte)'A', (byte)'R', (byte)'1', ..] => ("a Parquet file", "Parquet 文件"),
            [0x1F, 0x8B, ..] => ("gzip inside gzip", "嵌套的 gzip"),
            [0x89, (byte)'P', (byte)'N', (byte)'G', ..] => ("a picture", "图片"),
            [0xFF, 0xD8, 0xFF, ..] => ("a picture", "图片"),
            [(byte)'7', (byte)'z', 0xBC, 0xAF, ..] => ("a 7z archive", "7z 压缩包"),
            [0x09, 0x00 or 0x02 or 0x04 or 0x08, ..] when span.Length > 4 && span[2] is 4 or 6 or 8 && span[3] == 0 =>
                ("a worksheet of Excel 2 to 4", "Excel 2 至 4 的工作表"),
            _ => ("", ""),
        };
        if (what.Length > 0)
        {
            throw new UnreadableException(Faults.Unsupported(name, what, whatZh));
        }

        var head = span[..Math.Min(span.Length, 512)];
        if (FirstCharacter(span) == (byte)'<' && (Has(head, "<html"u8) || Has(head, "<HTML"u8)
            || Has(head, "<!DOCTYPE"u8)
            || Has(head, "<table"u8) || Has(head, "<?xml"u8)))
        {
            throw new UnreadableException(Faults.Unsupported(name, "a page of HTML or XML", "HTML 或 XML 页面"));
        }
    }

    private static bool Has(ReadOnlySpan<byte> head, ReadOnlySpan<byte> what) => head.IndexOf(what) >= 0;

    private static byte FirstCharacter(ReadOnlySpan<byte> span)
    {
        span = span is [0xEF, 0xBB, 0xBF, ..] ? span[3..] : span;
        return span.TrimStart(" \t\r\n"u8) is [var first, ..] ? first : (byte)0;
    }

    /// <summary>
    /// More than one control character in fifty means that this is no text, unless all of it is valid UTF-8 and most
    /// of it
    /// printable (UTF-16 shows as NUL and is let through).
    /// </summary>
    private static void RefuseBinary(ReadOnlySpan<byte> span, string name)
    {
        if (span is [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..])
        {
            return;
        }

        var sample = span[..Math.Min(span.Length, 8192)];
        var (controls, nuls) = (0, 0);
        foreach (var value in sample)
        {
            nuls += value == 0 ? 1 : 0;
            controls += value is < 0x20 and not ((byte)'\t' or (byte)'\n' or (byte)'\r' or 0 or 0x0B or 0x0C) ? 1 : 0;
        }

        var utf16 = nuls > sample.Length * 0.2 && nuls < sample.Length * 0.6;
        if ((controls > (sample.Length / 50) + 1 && (controls > sample.Length / 4
            || !System.Text.Unicode.Utf8.IsValid(span)))
            || (nuls > (sample.Length / 50) + 1 && !utf16))
        {
            throw new UnreadableException(Faults.Unknown(name));
        }
    }
}
