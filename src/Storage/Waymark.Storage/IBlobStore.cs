using System.Diagnostics.CodeAnalysis;
using Waymark.Model;

namespace Waymark.Storage;

/// <summary>The SHA-256 of the content, as 64 lower-case hexadecimal digits.</summary>
public readonly record struct BlobId(string Hex)
{
    public static BlobId Of(ReadOnlySpan<byte> content) =>
        new(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(content)));

    /// <summary>Whether the text is an address: 64 lower-case hexadecimal digits.</summary>
    public static bool IsValid([NotNullWhen(true)] string? hex) =>
        hex is { Length: 64 } && hex.All(char.IsAsciiHexDigitLower);

    public override string ToString() => Hex;
}

/// <summary>
/// Content-addressed bytes: snapshots of source files and column segments. Stored first, in chunks of 4 MiB; the write set
/// that follows holds references only; what no write set ever referenced is swept. Public evidence only: case files are
/// addressed by a key per case (M41) and come with their own store class.
/// </summary>
public interface IBlobStore
{
    /// <summary>
    /// Stores the bytes durably and answers their address; the same bytes again are a no-op that makes them young for
    /// <see cref="SweepAsync"/>. Errors: <c>store.full</c>, <c>store.read-only</c>, <c>store.unavailable</c>, and
    /// <c>blob.shredded</c> for bytes that were destroyed on purpose: they do not come back by the same door.
    /// </summary>
    Task<Result<BlobId>> PutAsync(Stream content, CancellationToken cancellationToken);

    /// <summary>
    /// Stores several small blobs in one durable step (column segments of one import); all of them or none.
    /// At most 64 MiB in one call (<c>store.too-large</c>). Errors as <see cref="PutAsync"/>.
    /// </summary>
    Task<Result<IReadOnlyList<BlobId>>> PutManyAsync(IReadOnlyList<ReadOnlyMemory<byte>> contents, CancellationToken cancellationToken);

    /// <summary>
    /// A forward reader, or null when the blob is not there (never stored, swept or shredded). Every chunk is checked
    /// against its hash as it is read; a damaged one throws <see cref="StoreException"/> (<c>store.corrupt</c>).
    /// </summary>
    Task<Stream?> OpenAsync(BlobId id, CancellationToken cancellationToken);

    /// <summary>The whole blob at once; null when it is not there. Use for segments, not for snapshots of unknown size.</summary>
    Task<byte[]?> ReadAsync(BlobId id, CancellationToken cancellationToken);

    /// <summary>Whether the bytes can be read now: false for a blob that was shredded.</summary>
    Task<bool> ExistsAsync(BlobId id, CancellationToken cancellationToken);

    /// <summary>Length and dates, also of a shredded blob; null when nothing was ever stored or it was swept.</summary>
    Task<BlobInfo?> FindAsync(BlobId id, CancellationToken cancellationToken);

    /// <summary>
    /// Destroys the bytes of a blob on purpose (M50); references and a tombstone with the hash stay. Answers false when
    /// there was nothing to destroy. A chunk that an unshredded blob shares stays until that one is shredded too. What a
    /// database server keeps in its own logs and backups is outside a store's reach.
    /// </summary>
    Task<Result<bool>> ShredAsync(BlobId id, CancellationToken cancellationToken);

    /// <summary>Removes blobs (and parts of unfinished uploads) that nothing references and that are older than <paramref name="age"/>; answers how many.</summary>
    Task<int> SweepAsync(TimeSpan age, CancellationToken cancellationToken);
}

/// <summary>Says that <paramref name="Owner"/> ("snapshot/…", "vintage/…") needs the blob; <paramref name="Remove"/> takes it back.</summary>
public sealed record BlobReference(string Owner, BlobId Blob, bool Remove = false);

/// <summary>What is known of a blob besides its bytes. <paramref name="Length"/> in bytes.</summary>
public sealed record BlobInfo(BlobId Id, long Length, DateTimeOffset StoredAt, DateTimeOffset? ShreddedAt);
