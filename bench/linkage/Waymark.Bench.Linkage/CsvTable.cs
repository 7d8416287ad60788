using System.Buffers;
using System.IO.Compression;
using Waymark.Model;

namespace Waymark.Linkage.Bench;

/// <summary>Reads a CSV or CSV.gz file into a <see cref="LinkageTable"/>: bytes in, dictionary-encoded columns out, columns shared between threads.</summary>
public static class CsvTable
{
    private const int Block = 4 << 20;

    public static Result<LinkageTable> Read(string path, string? id)
    {
        using var file = File.OpenRead(path);
        using Stream stream = path.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(file, CompressionMode.Decompress) : file;
        return Read(stream, Path.GetFileName(path), id);
    }

    public static Result<LinkageTable> Read(Stream stream, string name, string? id)
    {
        LinkageColumnBuilder[]? columns = null;
        var pending = Task.CompletedTask;
        var carry = Array.Empty<byte>();
        var row = 1L;
        for (var end = false; !end;)
        {
            var buffer = ArrayPool<byte>.Shared.Rent(carry.Length + Block);
            carry.CopyTo(buffer, 0);
            var length = carry.Length;
            var got = stream.ReadAtLeast(buffer.AsSpan(length, buffer.Length - length), Block / 2, throwOnEndOfStream: false);
            end = got == 0;
            length += got;
            var (starts, used) = Cut(buffer.AsSpan(0, length), end);
            carry = buffer.AsSpan(used, length - used).ToArray();
            pending.GetAwaiter().GetResult();
            if (columns is null)
            {
                if (starts.Count == 0)
                {
                    return Error.Faulty("csv.empty", "The file has no header.", "文件没有表头。", name);
                }

                var at = buffer.AsSpan(0, length).StartsWith("\uFEFF"u8) ? 3 : 0;
                columns = Header(buffer.AsSpan(at, starts[0].End - at));
                starts.RemoveAt(0);
            }

            var (own, cells) = (columns, Fields(buffer, starts, columns.Length, ref row));
            if (cells is null)
            {
                return Error.Faulty("csv.width", "A row has another number of fields than the header.", "行的字段数与表头不同。", $"{name}:{row}");
            }

            pending = Task.Run(() =>
            {
                var rows = cells.Length / (2 * own.Length);
                Parallel.For(0, own.Length, new ParallelOptions { MaxDegreeOfParallelism = 2 }, c => Fill(own[c], buffer, cells, c, own.Length, rows));
                ArrayPool<byte>.Shared.Return(buffer);
            });
        }

        pending.GetAwaiter().GetResult();
        return LinkageTable.Create(name, [.. columns!.Select(c => c.Build())], id);
    }

    private static (List<(int Start, int End)> Lines, int Used) Cut(ReadOnlySpan<byte> text, bool end)
    {
        var lines = new List<(int, int)>(text.Length / 40 + 4);
        var start = 0;
        for (var at = 0; at < text.Length;)
        {
            var next = text[at..].IndexOfAny((byte)'\n', (byte)'"');
            if (next < 0)
            {
                break;
            }

            at += next;
            if (text[at] == '"')
            {
                var close = text[(at + 1)..].IndexOf((byte)'"');
                if (close < 0)
                {
                    break;
                }

                at += close + 2;
                continue;
            }

            var stop = at > start && text[at - 1] == '\r' ? at - 1 : at;
            if (stop > start)
            {
                lines.Add((start, stop));
            }

            start = ++at;
        }

        if (end && start < text.Length)
        {
            lines.Add((start, text.Length));
            start = text.Length;
        }

        return (lines, start);
    }

    private static LinkageColumnBuilder[] Header(ReadOnlySpan<byte> line)
    {
        var names = System.Text.Encoding.UTF8.GetString(line).Split(',');
        return [.. names.Select(n => new LinkageColumnBuilder(n.Trim('"'), 1 << 14))];
    }

    private static int[]? Fields(byte[] buffer, List<(int Start, int End)> lines, int width, ref long row)
    {
        var cells = new int[lines.Count * width * 2];
        var at = 0;
        foreach (var (start, end) in lines)
        {
            row++;
            var from = start;
            var field = 0;
            for (; field < width && from <= end; field++)
            {
                var text = buffer.AsSpan(from, end - from);
                int length;
                if (!text.IsEmpty && text[0] == '"')
                {
                    length = 1;
                    while (length < text.Length && (text[length] != '"' || (length + 1 < text.Length && text[length + 1] == '"')))
                    {
                        length += text[length] == '"' ? 2 : 1;
                    }

                    cells[at++] = from + 1;
                    cells[at++] = -(length - 1);
                    length++;
                }
                else
                {
                    length = text.IndexOf((byte)',');
                    length = length < 0 ? text.Length : length;
                    cells[at++] = from;
                    cells[at++] = length;
                }

                from += length + 1;
            }

            if (field != width || from <= end)
            {
                return null;
            }
        }

        return cells;
    }

    private static void Fill(LinkageColumnBuilder column, byte[] buffer, int[] cells, int at, int width, int rows)
    {
        for (var row = 0; row < rows; row++)
        {
            var start = cells[(row * width + at) * 2];
            var length = cells[(row * width + at) * 2 + 1];
            if (length >= 0)
            {
                column.Add(buffer.AsSpan(start, length));
            }
            else
            {
                var text = System.Text.Encoding.UTF8.GetString(buffer, start, -length).Replace("\"\"", "\"", StringComparison.Ordinal);
                column.Add(System.Text.Encoding.UTF8.GetBytes(text));
            }
        }
    }
}
