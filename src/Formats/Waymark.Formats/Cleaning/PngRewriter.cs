using System.Buffers.Binary;
using System.IO.Compression;
using Waymark.Model;

namespace Waymark.Formats.Cleaning;

/// <summary>
/// Writes a PNG anew: the compressed points are unpacked, checked against the size that the header tells, packed again and put into fresh chunks. Only what is needed to
/// draw is carried (header, palette, transparency, points); texts, positions, profiles, animation and whatever follows the end are gone. ISO/IEC 15948.
/// </summary>
public static class PngRewriter
{
    public static ReadOnlySpan<byte> Signature => [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A];

    // Colour type → bits of a point per bit of depth, and the depths that there are.
    private static readonly Dictionary<int, (int Channels, int[] Depths)> s_colours = new()
    {
        [0] = (1, [1, 2, 4, 8, 16]), [2] = (3, [8, 16]), [3] = (1, [1, 2, 4, 8]), [4] = (2, [8, 16]), [6] = (4, [8, 16]),
    };

    // Adam7: first column and row, step of columns and rows.
    private static readonly (int X, int Y, int Across, int Down)[] s_passes = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)];

    public static Result<byte[]> Rewrite(ReadOnlyMemory<byte> file, int mostPixels)
    {
        byte[]? header = null, palette = null, transparency = null;
        using var packed = new MemoryStream();
        var (at, isEnded) = (8, false);
        while (!isEnded)
        {
            if (Chunk(file.Span, at) is not { } length)
            {
                return CleaningFaults.Damaged();
            }

            var kind = file.Span.Slice(at + 4, 4);
            var content = file.Span.Slice(at + 8, length);
            if (header is null != kind.SequenceEqual("IHDR"u8))
            {
                return CleaningFaults.Damaged();
            }

            if (kind.SequenceEqual("IHDR"u8))
            {
                header = content.ToArray();
            }
            else if (kind.SequenceEqual("PLTE"u8))
            {
                palette = content.ToArray();
            }
            else if (kind.SequenceEqual("tRNS"u8))
            {
                transparency = content.ToArray();
            }
            else if (kind.SequenceEqual("IDAT"u8))
            {
                packed.Write(content);
            }

            isEnded = kind.SequenceEqual("IEND"u8);
            at += 12 + length;
        }

        if (header is not { Length: 13 } || palette is { Length: 0 or > 768 } || palette?.Length % 3 is > 0 || transparency is { Length: > 256 })
        {
            return CleaningFaults.Damaged();
        }

        var (width, height) = (BinaryPrimitives.ReadInt32BigEndian(header), BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(4)));
        if (width <= 0 || height <= 0 || !s_colours.TryGetValue(header[9], out var colour) || !colour.Depths.Contains(header[8]) || header[10] != 0 || header[11] != 0 || header[12] > 1
            || (header[9] == 3 && palette is null))
        {
            return CleaningFaults.Damaged();
        }

        if ((long)width * height > mostPixels)
        {
            return CleaningFaults.TooManyPixels();
        }

        packed.Position = 0;
        using var points = new MemoryStream();
        using (var again = new ZLibStream(points, CompressionLevel.Fastest, leaveOpen: true))
        {
            if (!Rows(packed, again, Shapes(width, height, header[12] == 1), colour.Channels * header[8]))
            {
                return CleaningFaults.Damaged();
            }
        }

        using var made = new MemoryStream();
        made.Write(Signature);
        Write(made, "IHDR"u8, header);
        if (palette is not null)
        {
            Write(made, "PLTE"u8, palette);
        }

        if (transparency is not null)
        {
            Write(made, "tRNS"u8, transparency);
        }

        Write(made, "IDAT"u8, points.GetBuffer().AsSpan(0, (int)points.Length));
        Write(made, "IEND"u8, []);
        return made.ToArray();
    }

    private static int? Chunk(ReadOnlySpan<byte> file, int at)
    {
        if (file.Length - at < 12)
        {
            return null;
        }

        var length = BinaryPrimitives.ReadUInt32BigEndian(file[at..]);
        return length <= file.Length - at - 12
            && Sum(file.Slice(at + 4, (int)length + 4)) == BinaryPrimitives.ReadUInt32BigEndian(file[(at + 8 + (int)length)..]) ? (int)length : null;
    }

    private static IEnumerable<(int Width, int Height)> Shapes(int width, int height, bool isInterlaced) => !isInterlaced ? [(width, height)]
        : s_passes.Select(pass => ((width - pass.X + pass.Across - 1) / pass.Across, (height - pass.Y + pass.Down - 1) / pass.Down)).Where(shape => shape.Item1 > 0 && shape.Item2 > 0);

    /// <summary>Copies exactly the rows there must be; more or fewer is a fault, so nothing rides along and nothing swells.</summary>
    private static bool Rows(Stream packed, Stream target, IEnumerable<(int Width, int Height)> shapes, int bits)
    {
        try
        {
            using var open = new ZLibStream(packed, CompressionMode.Decompress, leaveOpen: true);
            foreach (var (width, height) in shapes)
            {
                var row = new byte[1 + (int)((((long)width * bits) + 7) / 8)];
                for (var line = 0; line < height; line++)
                {
                    open.ReadExactly(row);
                    if (row[0] > 4)
                    {
                        return false;
                    }

                    target.Write(row);
                }
            }

            return open.ReadByte() < 0;
        }
        catch (Exception fault) when (fault is InvalidDataException or IOException)
        {
            return false;
        }
    }

    private static readonly uint[] s_sums = [.. Enumerable.Range(0, 256).Select(one => Enumerable.Range(0, 8).Aggregate((uint)one, (sum, _) => (sum & 1) == 1 ? 0xEDB88320 ^ (sum >> 1) : sum >> 1))];

    /// <summary>The check sum of a chunk (CRC-32 of ISO 3309).</summary>
    public static uint Sum(ReadOnlySpan<byte> bytes)
    {
        var sum = uint.MaxValue;
        foreach (var one in bytes)
        {
            sum = s_sums[(sum ^ one) & 0xFF] ^ (sum >> 8);
        }

        return ~sum;
    }

    private static void Write(MemoryStream target, ReadOnlySpan<byte> kind, ReadOnlySpan<byte> content)
    {
        var chunk = new byte[12 + content.Length];
        BinaryPrimitives.WriteInt32BigEndian(chunk, content.Length);
        kind.CopyTo(chunk.AsSpan(4));
        content.CopyTo(chunk.AsSpan(8));
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(8 + content.Length), Sum(chunk.AsSpan(4, content.Length + 4)));
        target.Write(chunk);
    }
}
