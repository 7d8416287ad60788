namespace Waymark.Storage;

/// <summary>
/// Bitemporal observations as immutable column segments. A vintage is one import of one series; it is staged while its
/// segments are written, becomes visible by one flip with a system time, and is never changed afterwards. What was
/// known at time t is exactly the vintages visible at t. The in-memory cube is a cache rebuilt from here.
/// </summary>
public interface ISeriesStore
{
    /// <summary>
    /// Vintages of one series, or of all when <paramref name="series"/> is null: the visible ones in order of sequence,
    /// then the staged and discarded ones in order of staging. A citation that must hold for ever names the
    /// <see cref="StoredVintage.VisibleFrom"/> of the newest vintage it saw, not the reader's clock.
    /// </summary>
    Task<IReadOnlyList<StoredVintage>> VintagesAsync(string? series, CancellationToken cancellationToken);

    /// <summary>One vintage in whatever state, or null.</summary>
    Task<StoredVintage?> FindVintageAsync(string id, CancellationToken cancellationToken);

    /// <summary>The segments of one vintage in order of ordinal.</summary>
    Task<IReadOnlyList<StoredSegment>> SegmentsAsync(string vintage, CancellationToken cancellationToken);

    /// <summary>The sequence number of the newest visible vintage, 0 when there is none; a cheap way to see whether a cache is stale.</summary>
    Task<long> NewestSequenceAsync(CancellationToken cancellationToken);
}

public enum VintageState
{
    /// <summary>Being written; seen by nobody but its import, resumed or swept after a crash.</summary>
    Staged = 0,

    /// <summary>Part of the evidence base from its system time on.</summary>
    Visible = 1,

    /// <summary>Never became visible; the flip removed its segments, and their blobs are swept.</summary>
    Discarded = 2,
}

/// <summary>
/// A new vintage. <paramref name="Id"/> is chosen by the caller and unique. <paramref name="Release"/> is the publisher's
/// edition ("2020", "2025-01-12"); <paramref name="ReleaseOrder"/> sorts editions of a series (higher is newer), so that an
/// old edition imported late never hides a newer one. <paramref name="Import"/> names the import record. Writing the
/// same staged vintage again is a no-op, so that an import resumes; anything else under a known id is <c>store.conflict</c>.
/// </summary>
public sealed record VintageWrite(string Id, string Series, string Import, string Release, long ReleaseOrder);

/// <summary>
/// One immutable block of at most 65,536 observations; its bytes are the blob, which the segment keeps from being swept.
/// Writing the same (vintage, ordinal) again with the same blob is a no-op; with another, or into a vintage that is not
/// staged, it is <c>store.conflict</c>.
/// </summary>
public sealed record SegmentWrite(string Vintage, int Ordinal, BlobId Blob, int Observations);

/// <summary>
/// From staged to visible or to discarded; nothing else (<c>store.invalid</c>). A vintage that is not in
/// <paramref name="From"/> is <c>store.conflict</c>.
/// </summary>
public sealed record VintageFlip(string Vintage, VintageState From, VintageState To);

/// <summary>A vintage as stored. <paramref name="Sequence"/> is 0 until it is visible.</summary>
public sealed record StoredVintage(
    string Id,
    string Series,
    string Import,
    string Release,
    long ReleaseOrder,
    VintageState State,
    long Sequence,
    DateTimeOffset StagedAt,
    DateTimeOffset? VisibleFrom,
    long Observations);

public sealed record StoredSegment(string Vintage, int Ordinal, BlobId Blob, int Observations);
