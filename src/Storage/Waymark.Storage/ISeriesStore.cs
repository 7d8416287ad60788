namespace Waymark.Storage;

/// <summary>
/// Bitemporal observations as immutable column segments. A vintage is one import of one series; it is staged while its
/// segments are written, becomes visible by one flip with a system time, and is never changed afterwards. What was
/// known at time t is exactly the vintages visible at t. The in-memory cube is a cache rebuilt from here.
/// </summary>
public interface ISeriesStore
{
    /// <summary>Vintages in order of sequence; of one series, or of all when <paramref name="series"/> is null.</summary>
    Task<IReadOnlyList<StoredVintage>> VintagesAsync(string? series, CancellationToken cancellationToken);

    /// <summary>The segments of one vintage in order of ordinal.</summary>
    Task<IReadOnlyList<StoredSegment>> SegmentsAsync(string vintage, CancellationToken cancellationToken);

    /// <summary>The sequence number of the newest visible vintage; a cheap way to see whether a cache is stale.</summary>
    Task<long> NewestSequenceAsync(CancellationToken cancellationToken);
}

public enum VintageState
{
    /// <summary>Being written; seen by nobody but its import, resumed or swept after a crash.</summary>
    Staged = 0,

    /// <summary>Part of the evidence base from its system time on.</summary>
    Visible = 1,

    /// <summary>Never became visible; its segments are swept.</summary>
    Discarded = 2,
}

/// <summary>
/// A new vintage. <paramref name="Id"/> is chosen by the caller and unique. <paramref name="Release"/> is the publisher's
/// edition ("2020", "2025-01-12"); <paramref name="ReleaseOrder"/> sorts editions of a series (higher is newer), so that an
/// old edition imported late never hides a newer one. <paramref name="Import"/> names the import record.
/// </summary>
public sealed record VintageWrite(string Id, string Series, string Import, string Release, long ReleaseOrder);

/// <summary>One immutable block of at most 65,536 observations; its bytes are the blob. Writing the same (vintage, ordinal) again with the same blob is a no-op.</summary>
public sealed record SegmentWrite(string Vintage, int Ordinal, BlobId Blob, int Observations);

public sealed record VintageFlip(string Vintage, VintageState From, VintageState To);

public sealed record StoredVintage(
    string Id,
    string Series,
    string Import,
    string Release,
    long ReleaseOrder,
    VintageState State,
    long Sequence,
    DateTimeOffset? VisibleFrom,
    long Observations);

public sealed record StoredSegment(string Vintage, int Ordinal, BlobId Blob, int Observations);
