using System.Buffers.Binary;
using System.IO.Compression;

namespace Waymark.Formats;

/// <summary>Takes gzip off a file and reads streams, both within limits.</summary>
internal static class Container
{
    public static bool IsGzip(ReadOnlySpan<byte> bytes) => bytes is [0x1F, 0x8B, 0x08, ..];

    public static byte[] ReadAll(Stream stream, string name, long limit, CancellationToken cancellation)
    {
        using var memory = new MemoryStream();
        var buffer = new byte[1 << 16];
        for (int read; (read = stream.Read(buffer)) > 0;)
        {
            cancellation.ThrowIfCancellationRequested();
            if (memory.Length + read > limit)
            {
                throw new UnreadableException(Faults.TooLarge(name, "file-bytes", limit));
            }

            memory.Write(buffer, 0, read);
        }

        return memory.ToArray();
    }

    /// <summary>The content, unpacked when it is gzip (once: gzip inside gzip stays unknown).</summary>
    public static (ReadOnlyMemory<byte> Content, bool Packed) Unpack(ReadOnlyMemory<byte> bytes, string name,
        ReadLimits limits, CancellationToken cancellation)
    {
        if (bytes.Length == 0)
        {
            throw new UnreadableException(Faults.Empty(name));
        }

        if (bytes.Length > limits.MaxFileBytes)
        {
            throw new UnreadableException(Faults.TooLarge(name, "file-bytes", limits.MaxFileBytes));
        }

        return IsGzip(bytes.Span) ? (Gunzip(bytes, name, limits, long.MaxValue, cancellation), true) : (bytes, false);
    }

    /// <summary>
    /// Unpacks all, or at most <paramref name="prefix"/> bytes. The checksum and the length are verified at the end.
    /// </summary>
    public static ReadOnlyMemory<byte> Gunzip(ReadOnlyMemory<byte> bytes, string name, ReadLimits limits, long prefix,
        CancellationToken cancellation)
    {
        var stated = bytes.Length >= 18 ? BinaryPrimitives.ReadUInt32LittleEndian(bytes.Span[^4..]) : 0;

        // Room at once for what it states, as far as the ratio allows that: growing by doubling would hold three times as much.
        var guess = Math.Min(Math.Min(stated, bytes.Length * (long)limits.MaxRatio), Math.Min(prefix, limits.MaxUncompressedBytes));
        var result = new byte[Math.Max(256, guess + 1)];
        var length = 0;
        using var packed = new MemoryStream(bytes.ToArray(), writable: false);
        using var stream = new GZipStream(packed, CompressionMode.Decompress);
        try
        {
            while (length < prefix)
            {
                cancellation.ThrowIfCancellationRequested();
                if (length == result.Length)
                {
                    Array.Resize(ref result, (int)Math.Min(Array.MaxLength, result.Length * 2L));
                }

                var read = stream.Read(result, length, result.Length - length);
                if (read == 0)
                {
                    break;
                }

                length += read;
                Check(length, bytes.Length, name, limits);
            }
        }
        catch (InvalidDataException)
        {
            throw new UnreadableException(Faults.Damaged(name, "the gzip stream breaks off or fails its checksum",
                "gzip 数据中断或校验失败"));
        }

        if (length < prefix && (uint)length != stated && stream.Read(result.AsSpan(0, 1)) == 0
            && !HasSeveralMembers(bytes.Span))
        {
            throw new UnreadableException(Faults.Damaged(name, "the gzip stream is shorter or longer than it states",
                "gzip 数据长度与声明不符"));
        }

        return result.AsMemory(0, (int)Math.Min(length, prefix));
    }

    public static void Check(long unpacked, long packed, string name, ReadLimits limits)
    {
        if (unpacked > limits.MaxUncompressedBytes)
        {
            throw new UnreadableException(Faults.TooLarge(name, "uncompressed-bytes", limits.MaxUncompressedBytes));
        }

        if (unpacked > limits.RatioFloorBytes && unpacked > packed * limits.MaxRatio)
        {
            throw new UnreadableException(Faults.Bomb(name, limits.MaxRatio));
        }
    }

    /// <summary>Concatenated gzip members state the length of the last one only.</summary>
    private static bool HasSeveralMembers(ReadOnlySpan<byte> bytes) =>
        bytes[10..].IndexOf((ReadOnlySpan<byte>)[0x1F, 0x8B, 0x08]) >= 0;
}
