using Waymark.Model;

namespace Waymark.Storage;

/// <summary>The SHA-256 of the content, as 64 lower-case hexadecimal digits.</summary>
public readonly record struct BlobId(string Hex)
{
    public static BlobId Of(ReadOnlySpan<byte> content) =>
        new(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(content)));

    public override string ToString() => Hex;
}

/// <summary>
/// Content-addressed bytes: snapshots of source files and column segments. Stored first, in chunks of 4 MiB; the write set
/// that follows holds references only; what no write set ever referenced is swept. Public evidence only: case files are
/// addressed by a key per case (M41) and come with their own store class.
/// </summary>
public interface IBlobStore
{
    /// <summary>Stores the bytes durably and answers their address; the same bytes again are a no-op.</summary>
    Task<Result<BlobId>> PutAsync(Stream content, CancellationToken cancellationToken);

    /// <summary>Stores several small blobs in one durable step (column segments of one import).</summary>
    Task<Result<IReadOnlyList<BlobId>>> PutManyAsync(IReadOnlyList<ReadOnlyMemory<byte>> contents, CancellationToken cancellationToken);

    /// <summary>A forward reader, or null when the blob is not there.</summary>
    Task<Stream?> OpenAsync(BlobId id, CancellationToken cancellationToken);

    /// <summary>The whole blob at once; null when it is not there. Use for segments, not for snapshots of unknown size.</summary>
    Task<byte[]?> ReadAsync(BlobId id, CancellationToken cancellationToken);

    Task<bool> ExistsAsync(BlobId id, CancellationToken cancellationToken);

    /// <summary>Destroys the bytes of a referenced blob on purpose (M50); the reference stays as a tombstone with the hash.</summary>
    Task<Result<bool>> ShredAsync(BlobId id, CancellationToken cancellationToken);

    /// <summary>Removes blobs that nothing references and that are older than <paramref name="age"/>; answers how many.</summary>
    Task<int> SweepAsync(TimeSpan age, CancellationToken cancellationToken);
}

/// <summary>Says that <paramref name="Owner"/> ("snapshot/…", "vintage/…") needs the blob; <paramref name="Remove"/> takes it back.</summary>
public sealed record BlobReference(string Owner, BlobId Blob, bool Remove = false);
