using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Waymark.Formats;
using Waymark.Matching.Contracts;
using Waymark.Model;

namespace Waymark.Matching;

/// <summary>
/// Reads a file of persons for linking: delimited text (any delimiter; UTF-8, UTF-16, Windows-1252 or a stated encoding; also in gzip)
/// as a stream, workbooks and JSON tables through <see cref="TabularFile"/>. Rows that cannot be linked are kept aside with line
/// and reason; memory is that of the columns, not of the text.
/// </summary>
public static class RegisterReader
{
    private const int HeadBytes = 256 << 10;
    private const int LongestOpenQuote = 2 << 20;
    private static readonly ReadLimits Limits = ReadLimits.Default with { MaxColumns = 4_096, MaxCellBytes = 1 << 20 };

    public static Result<RegisterFile> Read(string path, RegisterOptions options, CancellationToken cancel)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16, FileOptions.SequentialScan);
            return Read(file, Path.GetFileName(path), options, cancel);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return RegisterFaults.Unreadable(path);
        }
        catch (InvalidDataException)
        {
            return Error.NotFound("matching.damaged", "The compressed file is damaged.", "压缩文件已损坏。", path);
        }
    }

    /// <summary>Reads from a stream that can seek; <paramref name="name"/> goes before the line in the place of an error.</summary>
    public static Result<RegisterFile> Read(Stream file, string name, RegisterOptions options, CancellationToken cancel)
    {
        var size = UnpackedSize(file);
        using var unpacked = TextPieces.Unpacked(file);
        var head = new byte[HeadBytes];
        var length = unpacked.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        if (length == 0)
        {
            return RegisterFaults.NoHeader(name);
        }

        var start = head.AsMemory(0, length);
        if (ExportMark.Check(start.Span, name).Error is { } marked)
        {
            return marked;
        }

        if (IsContainer(start.Span))
        {
            return WorkbookRows.Read(start, unpacked, name, options, cancel);
        }

        var detected = TabularFile.Detect(start, name, 1, Limits, cancel);
        if (!detected.IsOk)
        {
            return detected.Error with { Kind = ErrorKind.NotFound };
        }

        var (encoding, mark) = Encoding(start.Span, options.Encoding, detected.Value.Encoding);
        var delimiter = options.Delimiter ?? detected.Value.Delimiter ?? (byte)',';
        using var pieces = new TextPieces(unpacked, start[mark..], encoding);
        return ReadText(pieces, name, options, delimiter, encoding, size, cancel);
    }

    private static Result<RegisterFile> ReadText(
        TextPieces pieces, string name, RegisterOptions options, byte delimiter, Encoding? encoding, long size, CancellationToken cancel)
    {
        var sink = new RowSink(name, options);
        var lines = new LineEncoding();
        var faults = new List<Error>();
        var (work, length, line, taken, free) = (Array.Empty<byte>(), 0, 1, 0L, Array.Empty<byte>());
        for (var more = true; more;)
        {
            cancel.ThrowIfCancellationRequested();
            more = pieces.Append(ref work, ref length);
            var whole = more ? work.AsSpan(0, length).LastIndexOf((byte)'\n') + 1 : length;
            if (whole == 0)
            {
                continue;
            }

            if (ExportMark.IsIn(work.AsSpan(0, whole)))
            {
                return ExportMark.Refused(name);
            }

            var (text, end) = lines.Repair(work, whole, line);
            var (used, fault) = Take(sink, text, end, delimiter, ref line, more, lines, faults, name);
            if (fault is not null)
            {
                return fault;
            }

            taken += used;
            var rows = sink.RowsRead == 0 ? 0 : (long)((double)size / taken * sink.RowsRead * 1.02) + 64;
            sink.End((int)Math.Clamp(rows, 0, 200_000_000));

            // The columns go on reading this text, so what is left of it starts another: the one before, which they are done with.
            var left = end - used + length - whole;
            var next = free.Length >= left + TextPieces.PieceBytes ? free : new byte[left + TextPieces.PieceBytes + (64 << 10)];
            text.AsSpan(used, end - used).CopyTo(next);
            work.AsSpan(whole, length - whole).CopyTo(next.AsSpan(end - used));
            (free, work, length) = (text, next, left);
        }

        if (lines.UnknownLines.Count > Math.Max(10, sink.RowsRead / 100))
        {
            return RegisterFaults.UnknownEncoding(name, lines.UnknownLines.Min());
        }

        if (lines.WindowsLines > 0)
        {
            faults.Add(RegisterFaults.ReadAsWindows(name, lines.WindowsLines, lines.FirstWindowsLine));
        }

        return sink.Finish(encoding?.WebName ?? (lines.WindowsLines > 0 ? "utf-8, windows-1252" : "utf-8"), DelimiterName(delimiter), faults);
    }

    /// <summary>Hands the records of a text to the sink; how many bytes of it are done with, for the last record may go on in the next piece.</summary>
    private static (int Used, Error? Fault) Take(
        RowSink sink, byte[] text, int end, byte delimiter, ref int line, bool more, LineEncoding lines, List<Error> faults, string name)
    {
        var cursor = new CsvCursor(text.AsMemory(0, end), delimiter, Limits, name);
        sink.Begin(text);
        while (cursor.Read())
        {
            var (from, to) = cursor.Extent;
            if (more && cursor.Fault?.Code == "csv.unterminated-quote" && end - from < LongestOpenQuote)
            {
                line += cursor.Line - 1;
                return (from, null);
            }

            if (from == to)
            {
                continue;
            }

            if (!sink.HasHeader)
            {
                if (text.AsSpan(from, to - from).StartsWith("sep="u8))
                {
                    continue;
                }

                var header = Enumerable.Range(0, cursor.FieldCount).Select(i => System.Text.Encoding.UTF8.GetString(cursor.Field(i))).ToList();
                if (sink.Header(header) is { } wrong)
                {
                    return (0, wrong);
                }

                sink.Begin(text);
                continue;
            }

            if (cursor.Fault is { } fault && faults.Count < 200)
            {
                faults.Add(fault with { Where = string.Create(CultureInfo.InvariantCulture, $"{name}:{line + cursor.Line - 1}") });
            }

            var at = line + cursor.Line - 1;
            sink.Row(cursor, text, at, lines.UnknownLines.Count > 0 && lines.UnknownLines.Contains(at));
        }

        if (cursor.Stopped is { } stopped)
        {
            return (0, stopped);
        }

        line += text.AsSpan(0, end).Count((byte)'\n');
        return (end, null);
    }

    private static bool IsContainer(ReadOnlySpan<byte> head) =>
        head.StartsWith("PK\x03\x04"u8) || head.StartsWith((ReadOnlySpan<byte>)[0xD0, 0xCF, 0x11, 0xE0]) || head.TrimStart("\uFEFF \t\r\n"u8) is [(byte)'{' or (byte)'[', ..];

    private static (Encoding? Encoding, int Mark) Encoding(ReadOnlySpan<byte> head, Encoding? stated, TextEncoding? detected) => head switch
    {
        _ when stated is not null => (stated.CodePage == 65001 ? null : stated, head.StartsWith(stated.Preamble) ? stated.Preamble.Length : 0),
        [0xEF, 0xBB, 0xBF, ..] => (null, 3),
        [0xFF, 0xFE, ..] => (System.Text.Encoding.Unicode, 2),
        [0xFE, 0xFF, ..] => (System.Text.Encoding.BigEndianUnicode, 2),
        _ when detected == TextEncoding.Utf16LittleEndian => (System.Text.Encoding.Unicode, 0),
        _ when detected == TextEncoding.Utf16BigEndian => (System.Text.Encoding.BigEndianUnicode, 0),
        _ => (null, 0),
    };

    /// <summary>Bytes of the text; gzip says it in its last four.</summary>
    private static long UnpackedSize(Stream file)
    {
        Span<byte> bytes = stackalloc byte[4];
        if (file.Length < 20 || file.ReadAtLeast(bytes, 2, throwOnEndOfStream: false) < 2 || bytes[0] != 0x1F || bytes[1] != 0x8B)
        {
            file.Position = 0;
            return file.Length;
        }

        file.Position = file.Length - 4;
        file.ReadExactly(bytes);
        file.Position = 0;
        return Math.Min(BinaryPrimitives.ReadUInt32LittleEndian(bytes), file.Length * 40);
    }

    private static string DelimiterName(byte delimiter) => delimiter switch { (byte)'\t' => "tab", (byte)' ' => "space", _ => ((char)delimiter).ToString() };
}
