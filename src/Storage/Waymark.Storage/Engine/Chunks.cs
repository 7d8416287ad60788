using System.Security.Cryptography;
using Waymark.Model;

namespace Waymark.Storage.Engine;

/// <summary>A piece of a blob: its own address and its bytes.</summary>
internal sealed record Chunk(string Id, byte[] Bytes);

/// <summary>What a blob consists of.</summary>
internal sealed record BlobParts(string Id, long Length, IReadOnlyList<(string Chunk, int Length)> Chunks);

/// <summary>Cuts bytes into chunks of 4 MiB, each addressed by its hash.</summary>
internal static class Chunks
{
    public const int Size = 4 * 1024 * 1024;
    public const int MaximumTogether = 64 * 1024 * 1024;

    /// <summary>Fills one chunk from the stream; an empty array at the end.</summary>
    public static async Task<byte[]> ReadAsync(Stream content, CancellationToken cancellationToken)
    {
        // Most files are far smaller than a chunk: grow to it instead of starting with it.
        var buffer = new byte[content.CanSeek ? (int)Math.Clamp(content.Length - content.Position, 1, Size) : 64 * 1024];
        var read = 0;
        while (read < Size)
        {
            if (read == buffer.Length)
            {
                Array.Resize(ref buffer, Math.Min(Size, buffer.Length * 4));
            }

            var now = await content.ReadAsync(buffer.AsMemory(read), cancellationToken);
            if (now == 0)
            {
                break;
            }

            read += now;
        }

        Array.Resize(ref buffer, read);
        return buffer;
    }

    /// <summary>Cuts a blob that is in memory.</summary>
    public static (BlobParts Blob, IReadOnlyList<Chunk> Chunks) Cut(ReadOnlyMemory<byte> content)
    {
        if (content.Length <= Size)
        {
            var id = BlobId.Of(content.Span).Hex;
            return content.Length == 0
                ? (new(id, 0, []), [])
                : (new(id, content.Length, [(id, content.Length)]), [new(id, content.ToArray())]);
        }

        var chunks = new List<Chunk>();
        for (var at = 0; at < content.Length; at += Size)
        {
            var bytes = content.Slice(at, Math.Min(Size, content.Length - at)).ToArray();
            chunks.Add(new(BlobId.Of(bytes).Hex, bytes));
        }

        return (new(BlobId.Of(content.Span).Hex, content.Length, [.. chunks.Select(c => (c.Id, c.Bytes.Length))]), chunks);
    }

    /// <summary>
    /// Reads a stream to its end, hands every chunk but the last to <paramref name="store"/>, and answers what the blob
    /// consists of, with the last chunk, which is stored together with that. One chunk is stored while the next is read
    /// and hashed; after the first error nothing more is handed on.
    /// </summary>
    public static async Task<(BlobParts Blob, Chunk? Last, Error? Failed)> CutAsync(
        Stream content, Func<Chunk, Task<Error?>> store, CancellationToken cancellationToken)
    {
        using var whole = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var parts = new List<(string, int)>();
        var (length, last, storing) = (0L, (Chunk?)null, Task.FromResult<Error?>(null));
        try
        {
            while (await ReadAsync(content, cancellationToken) is { Length: > 0 } bytes)
            {
                if (last is not null)
                {
                    if (await storing is { } failed)
                    {
                        return (new("", 0, []), null, failed);
                    }

                    storing = store(last);
                    whole.AppendData(last.Bytes);
                }

                last = new(BlobId.Of(bytes).Hex, bytes);
                parts.Add((last.Id, bytes.Length));
                length += bytes.Length;
            }
        }
        finally
        {
            // Also when the stream breaks off: nothing goes on behind the caller's back.
            await storing;
        }

        // A blob of one chunk has its address: most are, and are hashed once.
        if (parts.Count != 1)
        {
            whole.AppendData(last?.Bytes ?? []);
        }

        var id = parts is [var (only, _)] ? only : Convert.ToHexStringLower(whole.GetHashAndReset());
        return (new(id, length, parts), last, await storing);
    }

    /// <summary>A whole blob out of its chunks in order; a blob of no bytes has none.</summary>
    public static byte[] Join(BlobId id, long length, List<(string? Chunk, byte[]? Bytes)> parts)
    {
        var where = $"blob/{id}";
        if (parts is [(null, _)])
        {
            return length == 0 ? [] : throw new StoreException(StoreErrors.Corrupt(where, "its chunks are missing"));
        }

        if (parts is [var only])
        {
            return Checked(only.Chunk!, only.Bytes, where);
        }

        var whole = new byte[length];
        var at = 0;
        foreach (var (chunk, bytes) in parts)
        {
            var piece = Checked(chunk!, bytes, where);
            if (at + piece.Length > whole.Length)
            {
                throw new StoreException(StoreErrors.Corrupt(where, "more bytes than its length says"));
            }

            piece.CopyTo(whole, at);
            at += piece.Length;
        }

        return at == length ? whole : throw new StoreException(StoreErrors.Corrupt(where, "fewer bytes than its length says"));
    }

    /// <summary>The bytes, when they are what their address says.</summary>
    public static byte[] Checked(string id, byte[]? bytes, string where) =>
        bytes is not null && BlobId.Of(bytes).Hex == id
            ? bytes
            : throw new StoreException(StoreErrors.Corrupt(where, bytes is null ? $"chunk {id} is missing" : $"chunk {id} has other bytes"));
}

/// <summary>Reads a blob forward, one chunk in memory at a time.</summary>
internal sealed class ChunkStream(
    IReadOnlyList<string> chunks, long length, Func<string, CancellationToken, Task<byte[]>> read) : Stream
{
    private byte[] _current = [];
    private int _at;
    private int _next;
    private long _position;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => length;

    public override long Position { get => _position; set => throw new NotSupportedException(); }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_at == _current.Length && _next < chunks.Count && !buffer.IsEmpty)
        {
            _current = await read(chunks[_next], cancellationToken);
            _at = 0;
            _next++;
        }

        var count = Math.Min(buffer.Length, _current.Length - _at);
        _current.AsSpan(_at, count).CopyTo(buffer.Span);
        _at += count;
        _position += count;
        return count;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <summary>For readers that know no tasks (ZIP, XLS); the wait is for local or near bytes.</summary>
    public override int Read(byte[] buffer, int offset, int count) =>
        ReadAsync(buffer.AsMemory(offset, count)).AsTask().GetAwaiter().GetResult();

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
