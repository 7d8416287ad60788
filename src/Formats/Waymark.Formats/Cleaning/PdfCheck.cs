using System.Globalization;
using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Text;
using Waymark.Model;

namespace Waymark.Formats.Cleaning;

/// <summary>
/// Looks into a PDF for what can act: scripts, programs to start, embedded files, forms that send. Names are read with their escapes, and packed streams are unpacked to
/// look inside. One that is locked cannot be looked into and is refused too. ISO 32000-1, 7.3.5 and 12.6.
/// </summary>
public static class PdfCheck
{
    /// <summary>What all packed streams of a document may come to together; more cannot be looked into.</summary>
    private const int MostBytes = 256 << 20;

    private const int MostStream = 64 << 20;

    // An action with a script always carries "JavaScript" too; names shorter than five letters stand in packed points by chance.
    private static readonly HashSet<string> s_active = new(StringComparer.Ordinal)
    {
        "JavaScript", "Launch", "EmbeddedFile", "EmbeddedFiles", "Filespec", "RichMedia", "SubmitForm", "ImportData", "GoToE", "GoToR", "Rendition", "Movie", "Sound", "Encrypt",
    };

    public static Error? Fault(ReadOnlyMemory<byte> content)
    {
        var tail = content.Span[Math.Max(0, content.Length - 1_024)..];
        if (tail.LastIndexOf("%%EOF"u8) is not (>= 0 and var end) || tail[(end + 5)..].ContainsAnyExcept((byte)'\r', (byte)'\n', (byte)' '))
        {
            return CleaningFaults.Damaged();
        }

        if (Acts(content.Span))
        {
            return CleaningFaults.Active();
        }

        var bytes = MemoryMarshal.TryGetArray(content, out var array) ? array : new(content.ToArray());
        var (at, left) = (0, MostBytes);
        while (content.Span[at..].IndexOf("stream"u8) is >= 0 and var found)
        {
            at += found + 6;
            var start = at + (content.Span[at..].StartsWith("\r\n"u8) ? 2 : 1);
            if (start + 2 < content.Length && (content.Span[start] & 0x0F) == 8 && ((content.Span[start] << 8) | content.Span[start + 1]) % 31 == 0)
            {
                var most = Math.Min(left, MostStream);
                var open = Unpack(bytes[start..], most);
                left -= open.Length;
                if (open.Length >= most || Acts(open))
                {
                    return CleaningFaults.Active();
                }
            }
        }

        return null;
    }

    /// <summary>What is in a packed stream; not a packed stream after all, or cut short: what came out of it.</summary>
    private static ReadOnlySpan<byte> Unpack(ArraySegment<byte> packed, int most)
    {
        var made = new MemoryStream();
        try
        {
            using var stream = new ZLibStream(new MemoryStream(packed.Array!, packed.Offset, packed.Count, writable: false), CompressionMode.Decompress);
            var buffer = new byte[16_384];
            int read;
            while (made.Length < most && (read = stream.Read(buffer, 0, (int)Math.Min(buffer.Length, most - made.Length))) > 0)
            {
                made.Write(buffer, 0, read);
            }
        }
        catch (Exception fault) when (fault is InvalidDataException or IOException)
        {
            return made.GetBuffer().AsSpan(0, (int)made.Length);
        }

        return made.GetBuffer().AsSpan(0, (int)made.Length);
    }

    private static bool Acts(ReadOnlySpan<byte> bytes)
    {
        var name = new StringBuilder();
        for (var at = bytes.IndexOf((byte)'/'); at >= 0 && at < bytes.Length;)
        {
            name.Clear();
            for (at++; at < bytes.Length && name.Length < 20 && (char.IsAsciiLetterOrDigit((char)bytes[at]) || bytes[at] == '#'); at++)
            {
                if (bytes[at] == '#' && at + 2 < bytes.Length && byte.TryParse(Encoding.ASCII.GetString(bytes.Slice(at + 1, 2)), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var letter))
                {
                    name.Append((char)letter);
                    at += 2;
                }
                else
                {
                    name.Append((char)bytes[at]);
                }
            }

            if (s_active.Contains(name.ToString()) || (name.Length == 3 && name.ToString() == "XFA" && at < bytes.Length && " [(<\r\n"u8.Contains(bytes[at])))
            {
                return true;
            }

            var next = at < bytes.Length ? bytes[at..].IndexOf((byte)'/') : -1;
            at = next < 0 ? -1 : at + next;
        }

        return false;
    }
}
