using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Waymark.Packs;

/// <summary>
/// The identity of a pack's content: SHA-256, in lower-case hexadecimal, over the line <c>waymark-pack/1</c> and then, for the
/// pack file and each listed file in ordinal order of their paths, path, NUL, length as eight bytes (big end first) and bytes. Text files
/// (YAML, CSV, JSON) are taken without byte order mark and with LF line ends, so that a checkout on another system hashes alike.
/// </summary>
public static class PackHash
{
    public static string Of(IEnumerable<KeyValuePair<string, ReadOnlyMemory<byte>>> files)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData("waymark-pack/1\n"u8);
        Span<byte> length = stackalloc byte[8];
        foreach (var (path, bytes) in files.OrderBy(file => file.Key, StringComparer.Ordinal))
        {
            var canonical = Canonical(path, bytes.Span);
            hash.AppendData(Encoding.UTF8.GetBytes(path));
            hash.AppendData([0]);
            BinaryPrimitives.WriteInt64BigEndian(length, canonical.Length);
            hash.AppendData(length);
            hash.AppendData(canonical);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static ReadOnlySpan<byte> Canonical(string path, ReadOnlySpan<byte> bytes)
    {
        if (!(path.EndsWith(".yaml", StringComparison.Ordinal) || path.EndsWith(".csv", StringComparison.Ordinal)
            || path.EndsWith(".json", StringComparison.Ordinal)))
        {
            return bytes;
        }

        if (bytes.StartsWith("\uFEFF"u8))
        {
            bytes = bytes[3..];
        }

        if (bytes.IndexOf("\r\n"u8) < 0)
        {
            return bytes;
        }

        var lines = new byte[bytes.Length];
        var used = 0;
        for (var i = 0; i < bytes.Length; i++)
        {
            if (bytes[i] != '\r' || i + 1 >= bytes.Length || bytes[i + 1] != '\n')
            {
                lines[used++] = bytes[i];
            }
        }

        return lines.AsSpan(0, used);
    }
}
