using System.IO.Compression;
using System.Xml;
using Waymark.Model;

namespace Waymark.Formats.Cleaning;

/// <summary>
/// Looks into an office document (Open XML or OpenDocument) for what can act: macros, controls, embedded files, calls to other addresses. One that has any is refused; the
/// others are kept as they are, for download only.
/// </summary>
public static class OfficeCheck
{
    private const int MostEntries = 4_000;

    private const long MostBytes = 200L << 20;

    private static readonly string[] s_active =
    [
        "vbaproject", "vbadata", "/activex/", "/embeddings/", "/externallinks/", "/ctrlprops/", "/customui/", "basic/", "scripts/", "objectreplacements/", "/macrosheets/", "/dialogsheets/", "attachedtoolbars",
        "/queries/", "connections.xml", "encryptedpackage",
    ];

    public static Error? Fault(ReadOnlyMemory<byte> content)
    {
        try
        {
            // The archive begins with the first byte and ends with the last: nothing rides before, between or behind.
            if (!EndsWithDirectory(content.Span))
            {
                return CleaningFaults.Damaged();
            }

            using var archive = new ZipArchive(new MemoryStream(content.ToArray(), writable: false), ZipArchiveMode.Read);
            var names = archive.Entries.Select(entry => entry.FullName).ToList();
            if (names.Count > MostEntries || names.Distinct(StringComparer.OrdinalIgnoreCase).Count() != names.Count || !(names.Contains("[Content_Types].xml") || names.FirstOrDefault() == "mimetype"))
            {
                return CleaningFaults.Damaged();
            }

            if (archive.Entries.Any(entry => entry.IsEncrypted || s_active.Any(word => Plain(entry).Contains(word, StringComparison.Ordinal)) || Plain(entry).StartsWith("/object ", StringComparison.Ordinal)))
            {
                return CleaningFaults.Active();
            }

            var left = MostBytes;
            foreach (var entry in archive.Entries)
            {
                var name = Plain(entry);
                // What an entry says of its own size is not believed: it is read and counted.
                var isRead = name.EndsWith(".rels", StringComparison.Ordinal) || name is "/[content_types].xml" or "/meta-inf/manifest.xml" or "/content.xml";
                using var open = entry.Open();
                using var read = new Counting(open, left);
                if (isRead && Acts(read))
                {
                    return CleaningFaults.Active();
                }

                read.CopyTo(Stream.Null);

                left = read.Left;
            }

            return null;
        }
        catch (Exception fault) when (fault is InvalidDataException or XmlException or NotSupportedException or IOException)
        {
            return CleaningFaults.Damaged();
        }
    }

    private static string Plain(ZipArchiveEntry entry) => "/" + entry.FullName.Replace('\\', '/').ToLowerInvariant();

    /// <summary>The ending that programs expect, by the parts that are there.</summary>
    public static string Ending(byte[] content)
    {
        using var archive = new ZipArchive(new MemoryStream(content, writable: false), ZipArchiveMode.Read);
        var names = archive.Entries.Select(entry => entry.FullName).ToHashSet(StringComparer.Ordinal);
        return names.Contains("word/document.xml") ? "docx" : names.Contains("xl/workbook.xml") ? "xlsx" : names.Contains("ppt/presentation.xml") ? "pptx" : names.Contains("mimetype") ? "odf" : "zip";
    }

    private static bool EndsWithDirectory(ReadOnlySpan<byte> bytes) => bytes.Length >= 22 && bytes[^22..].StartsWith("PK\u0005\u0006"u8) && bytes[^2] == 0 && bytes[^1] == 0;

    /// <summary>Relations to other addresses (links that a reader must click aside), macro types, scripts and linked objects.</summary>
    private static bool Acts(Stream part)
    {
        using var reader = XmlReader.Create(part, new() { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null, MaxCharactersInDocument = MostBytes });
        while (reader.Read())
        {
            if (reader.NodeType != XmlNodeType.Element)
            {
                continue;
            }

            var type = reader.GetAttribute("Type") ?? "";
            if ((string.Equals(reader.GetAttribute("TargetMode"), "External", StringComparison.OrdinalIgnoreCase) && !type.EndsWith("/hyperlink", StringComparison.Ordinal))
                || (reader.GetAttribute("ContentType") ?? "").Contains("macro", StringComparison.OrdinalIgnoreCase)
                || reader.LocalName is "object-ole" or "script" or "event-listener" or "encryption-data" or "plugin" or "applet"
                || (reader.LocalName is "object" or "image" or "section-source" && (reader.GetAttribute("href", "http://www.w3.org/1999/xlink") ?? "").Contains(':', StringComparison.Ordinal)))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Reads on until the bound; past it the document counts as damaged.</summary>
    private sealed class Counting(Stream inner, long left) : Stream
    {
        public long Left { get; private set; } = left;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override int Read(Span<byte> buffer)
        {
            var read = inner.Read(buffer);
            return (Left -= read) >= 0 ? read : throw new InvalidDataException();
        }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
