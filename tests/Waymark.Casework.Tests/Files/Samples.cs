using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using Waymark.Casework.Files;
using Waymark.Formats.Cleaning;

namespace Waymark.Casework.Tests.Files;

/// <summary>Invented files: pictures of a colour gradient, papers without content.</summary>
internal static class Samples
{
    public static byte[] Jpeg { get; } = Convert.FromBase64String("/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAA0JCgsKCA0LCgsODg0PEyAVExISEyccHhcgLikxMC4pLSwzOko+MzZGNywtQFdBRkxOUlNSMj5aYVpQYEpRUk//2wBDAQ4ODhMREyYVFSZPNS01T09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT0//wAARCAAIABADASIAAhEBAxEB/8QAFQABAQAAAAAAAAAAAAAAAAAAAAb/xAAWEAEBAQAAAAAAAAAAAAAAAAAAFGH/xAAVAQEBAAAAAAAAAAAAAAAAAAAEBv/EABcRAAMBAAAAAAAAAAAAAAAAAAAEFVL/2gAMAwEAAhEDEQA/AJGzSzQVsZTIys1o/9k=");

    public static byte[] Progressive { get; } = Convert.FromBase64String("/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAA0JCgsKCA0LCgsODg0PEyAVExISEyccHhcgLikxMC4pLSwzOko+MzZGNywtQFdBRkxOUlNSMj5aYVpQYEpRUk//2wBDAQ4ODhMREyYVFSZPNS01T09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT0//wgARCAAIABADASIAAhEBAxEB/8QAFQABAQAAAAAAAAAAAAAAAAAAAAX/xAAVAQEBAAAAAAAAAAAAAAAAAAADBf/aAAwDAQACEAMQAAABkCs3/8QAFRABAQAAAAAAAAAAAAAAAAAAABL/2gAIAQEAAQUCtb//xAAXEQADAQAAAAAAAAAAAAAAAAAAAxRR/9oACAEDAQE/Aa26f//EABcRAAMBAAAAAAAAAAAAAAAAAAADFFH/2gAIAQIBAT8BjVh//8QAFBABAAAAAAAAAAAAAAAAAAAAEP/aAAgBAQAGPwI//8QAFBABAAAAAAAAAAAAAAAAAAAAEP/aAAgBAQABPyEP/9oADAMBAAIAAwAAABAL/8QAFBEBAAAAAAAAAAAAAAAAAAAAAP/aAAgBAwEBPxAP/8QAFBEBAAAAAAAAAAAAAAAAAAAAAP/aAAgBAgEBPxBv/8QAFRABAQAAAAAAAAAAAAAAAAAAAHH/2gAIAQEAAT8QpT//2Q==");

    /// <summary>Interlaced, sixteen bits, with texts, time, gamma and colours of its program.</summary>
    public static byte[] Interlaced { get; } = Convert.FromBase64String("iVBORw0KGgoAAAANSUhEUgAAABAAAAAIEAIAAAFYgwQVAAAABGdBTUEAALGPC/xhBQAAACBjSFJNAAB6JgAAgIQAAPoAAACA6AAAdTAAAOpgAAA6mAAAF3CculE8AAAABmJLR0T///////8JWPfcAAAAB3RJTUUH6gsVDxIK+GHaCAAAAF9JREFUKM+1kdEJwDAIRJ+QUewwDpNlMkwyjN0l/StICdQP35/ocXcoe/MiYegThvEhXIXFUTEdTPmN6ADvCcEp04m27lykthzsKnQQ76Aj16O0cxYxhemFBgDZV2d4AM7bHgYzU3rLAAAAJXRFWHRkYXRlOmNyZWF0ZQAyMDI2LTExLTIxVDE1OjE4OjEwKzAwOjAwKG9L9QAAACV0RVh0ZGF0ZTptb2RpZnkAMjAyNi0xMS0yMVQxNToxODoxMCswMDowMFky80kAAAAASUVORK5CYII=");

    public static byte[] Png(int width, int height, byte[]? points = null, params (string Kind, byte[] Content)[] more)
    {
        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        (header[8], header[9]) = (8, 2);
        return [.. PngRewriter.Signature, .. Chunk("IHDR", header), .. more.SelectMany(one => Chunk(one.Kind, one.Content)), .. Chunk("IDAT", Pack(points ?? new byte[height * (1 + (3 * width))])), .. Chunk("IEND", [])];
    }

    public static byte[] Pack(byte[] open)
    {
        using var made = new MemoryStream();
        using (var packed = new ZLibStream(made, CompressionLevel.SmallestSize))
        {
            packed.Write(open);
        }

        return made.ToArray();
    }

    /// <summary>A camera's additions: which way up it was held, and where it stood.</summary>
    public static byte[] WithExif(string seed, byte turned = 6)
    {
        byte[] exif = [.. "Exif\0\0MM\0*\0\0\0\u0008\0\u0001\u0001\u0012\0\u0003\0\0\0\u0001\0"u8, turned, 0, 0, 0, 0, 0, 0, .. Encoding.ASCII.GetBytes(seed)];
        byte[] comment = Encoding.ASCII.GetBytes(seed);
        return [0xFF, 0xD8, 0xFF, 0xE1, 0, (byte)(exif.Length + 2), .. exif, 0xFF, 0xFE, 0, (byte)(comment.Length + 2), .. comment, .. Jpeg.AsSpan(2), .. "PK\u0003\u0004"u8, .. comment];
    }

    public static byte[] Pdf(string inside = "", byte[]? packed = null) =>
    [
        .. Encoding.ASCII.GetBytes($"%PDF-1.7\n1 0 obj\n<< /Type /Catalog {inside} >>\nendobj\n2 0 obj\n<< /Length {packed?.Length ?? 0} /Filter /FlateDecode >>\nstream\n"), .. packed ?? [],
        .. "\nendstream\nendobj\ntrailer << /Root 1 0 R >>\n%%EOF\n"u8,
    ];

    public static byte[] Docx(params (string Name, string Content)[] more)
    {
        using var made = new MemoryStream();
        using (var archive = new ZipArchive(made, ZipArchiveMode.Create))
        {
            foreach (var (name, content) in more.Prepend(("word/document.xml", "<document/>")).Prepend(("[Content_Types].xml", "<Types/>")))
            {
                using var entry = archive.CreateEntry(name).Open();
                entry.Write(Encoding.UTF8.GetBytes(content));
            }
        }

        return made.ToArray();
    }

    private static byte[] Chunk(string kind, byte[] content)
    {
        byte[] named = [.. Encoding.ASCII.GetBytes(kind), .. content];
        var (length, sum) = (new byte[4], new byte[4]);
        BinaryPrimitives.WriteInt32BigEndian(length, content.Length);
        BinaryPrimitives.WriteUInt32BigEndian(sum, PngRewriter.Sum(named));
        return [.. length, .. named, .. sum];
    }
}
