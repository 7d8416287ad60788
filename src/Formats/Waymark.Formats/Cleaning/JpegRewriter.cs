using System.Buffers.Binary;
using Waymark.Model;

namespace Waymark.Formats.Cleaning;

/// <summary>
/// Writes a JPEG anew, segment by segment: tables, frame and scans are checked and copied, everything else (EXIF with positions and thumbnails, comments, profiles, what
/// follows the end) is left out. Of EXIF one number stays, how the camera was turned, in a segment of our own making. The points themselves are not decoded: what is
/// hidden in them survives. ITU-T T.81.
/// </summary>
public static class JpegRewriter
{
    /// <summary>Scans of a progressive picture; each costs a pass of whoever draws it.</summary>
    private const int MostScans = 100;

    private static ReadOnlySpan<byte> Jfif => [0xFF, 0xE0, 0, 16, 0x4A, 0x46, 0x49, 0x46, 0, 1, 1, 0, 0, 1, 0, 1, 0, 0];

    public static Result<byte[]> Rewrite(ReadOnlyMemory<byte> file, int mostPixels)
    {
        var bytes = file.Span;
        using var body = new MemoryStream(bytes.Length);
        var (at, frames, scans, turned, colours) = (2, 0, 0, 1, (byte?)null);
        while (true)
        {
            if (at + 2 > bytes.Length || bytes[at] != 0xFF)
            {
                return CleaningFaults.Damaged();
            }

            var marker = bytes[at + 1];
            if (marker == 0xFF)
            {
                at++;
                continue;
            }

            if (marker == 0xD9)
            {
                break;
            }

            var length = at + 4 > bytes.Length ? 0 : BinaryPrimitives.ReadUInt16BigEndian(bytes[(at + 2)..]);
            if (marker < 0xC0 || marker is >= 0xD0 and <= 0xD8 || length < 2 || at + 2 + length > bytes.Length)
            {
                return CleaningFaults.Damaged();
            }

            var segment = bytes.Slice(at, 2 + length);
            var content = segment[4..];
            at += 2 + length;
            switch (marker)
            {
                case 0xC0 or 0xC1 or 0xC2:
                    if (++frames > 1 || content.Length < 6 || content[0] != 8 || content[5] is not (1 or 3 or 4) || content.Length != 6 + (3 * content[5]))
                    {
                        return CleaningFaults.Damaged();
                    }

                    var points = (long)BinaryPrimitives.ReadUInt16BigEndian(content[1..]) * BinaryPrimitives.ReadUInt16BigEndian(content[3..]);
                    if (points == 0 || points > mostPixels)
                    {
                        return points == 0 ? CleaningFaults.Damaged() : CleaningFaults.TooManyPixels();
                    }

                    body.Write(segment);
                    break;
                case 0xC4 when IsHuffman(content):
                case 0xDB when IsQuantisation(content):
                case 0xDD when content.Length == 2:
                    body.Write(segment);
                    break;
                case 0xDA when frames == 1 && ++scans <= MostScans && content.Length >= 6 && content[0] is >= 1 and <= 4 && content.Length == 4 + (2 * content[0]):
                    body.Write(segment);
                    var end = Scan(bytes, at);
                    body.Write(bytes[at..end]);
                    at = end;
                    break;
                case 0xE1 when content.StartsWith("Exif\0\0"u8):
                    turned = Turned(content[6..]);
                    break;
                case 0xEE when content.Length >= 12 && content.StartsWith("Adobe"u8):
                    // Without it the colours of some pictures are drawn wrong; one byte of it says how.
                    colours = Math.Min(content[11], (byte)2);
                    break;
                case >= 0xE0 and <= 0xEF or 0xFE:
                    break;
                default:
                    return CleaningFaults.Damaged();
            }
        }

        return frames == 1 && scans > 0 ? Assemble(body, turned, colours) : CleaningFaults.Damaged();
    }

    private static byte[] Assemble(MemoryStream body, int turned, byte? colours)
    {
        using var made = new MemoryStream((int)body.Length + 96);
        made.Write([0xFF, 0xD8]);
        made.Write(Jfif);
        if (turned != 1)
        {
            made.Write([0xFF, 0xE1, 0, 34]);
            made.Write("Exif\0\0MM\0*\0\0\0\u0008\0\u0001\u0001\u0012\0\u0003\0\0\0\u0001\0"u8);
            made.Write([(byte)turned, 0, 0, 0, 0, 0, 0]);
        }

        if (colours is { } transform)
        {
            made.Write([0xFF, 0xEE, 0, 14, 0x41, 0x64, 0x6F, 0x62, 0x65, 0, 100, 0, 0, 0, 0, transform]);
        }

        body.WriteTo(made);
        made.Write([0xFF, 0xD9]);
        return made.ToArray();
    }

    /// <summary>Where the points of a scan end: at the first marker that is neither a stuffed byte nor a restart.</summary>
    private static int Scan(ReadOnlySpan<byte> bytes, int at)
    {
        while (at + 1 < bytes.Length && !(bytes[at] == 0xFF && bytes[at + 1] is not 0 and not (>= 0xD0 and <= 0xD7)))
        {
            at++;
        }

        return at + 1 < bytes.Length ? at : bytes.Length;
    }

    private static bool IsHuffman(ReadOnlySpan<byte> content)
    {
        while (content.Length >= 17)
        {
            var count = 0;
            foreach (var some in content[1..17])
            {
                count += some;
            }

            if ((content[0] & 0xEC) != 0 || count > 256 || content.Length < 17 + count)
            {
                return false;
            }

            content = content[(17 + count)..];
        }

        return content.Length == 0;
    }

    private static bool IsQuantisation(ReadOnlySpan<byte> content)
    {
        while (content.Length > 0)
        {
            var size = content[0] >> 4 == 0 ? 65 : 129;
            if ((content[0] & 0xEC) != 0 || content.Length < size)
            {
                return false;
            }

            content = content[size..];
        }

        return true;
    }

    /// <summary>The one number that is read from EXIF: how the camera was turned, 1 to 8; 1 when it is not certain.</summary>
    private static int Turned(ReadOnlySpan<byte> tiff)
    {
        if (tiff.Length < 14 || !(tiff.StartsWith("II"u8) || tiff.StartsWith("MM"u8)))
        {
            return 1;
        }

        var isLittle = tiff[0] == 'I';
        var at = isLittle ? BinaryPrimitives.ReadUInt32LittleEndian(tiff[4..]) : BinaryPrimitives.ReadUInt32BigEndian(tiff[4..]);
        if (at > tiff.Length - 2)
        {
            return 1;
        }

        var entries = tiff[(int)at..];
        for (var entry = 0; entry < Short(entries, isLittle) && 2 + (12 * entry) + 12 <= entries.Length; entry++)
        {
            var one = entries.Slice(2 + (12 * entry), 12);
            if (Short(one, isLittle) == 0x0112 && Short(one[8..], isLittle) is >= 1 and <= 8 and var turned)
            {
                return turned;
            }
        }

        return 1;
    }

    private static int Short(ReadOnlySpan<byte> bytes, bool isLittle) => isLittle ? BinaryPrimitives.ReadUInt16LittleEndian(bytes) : BinaryPrimitives.ReadUInt16BigEndian(bytes);
}
