using Waymark.Model;

namespace Waymark.Storage;

/// <summary>
/// The door to everything durable. All changes go through <see cref="CommitAsync"/>: one <see cref="WriteSet"/> is one
/// atomic change, decided outside, compared-and-set inside. No caller ever holds a transaction open.
/// Implemented twice (SQLite, PostgreSQL) and proved by one conformance suite.
/// </summary>
public interface IStore : IAsyncDisposable
{
    /// <summary>Kind, versions and whether the store takes writes now.</summary>
    StoreInfo Info { get; }

    IRecordStore Records { get; }

    ISeriesStore Series { get; }

    IBlobStore Blobs { get; }

    IQueue Queue { get; }

    /// <summary>
    /// Applies all of the write set or nothing. Errors: <c>store.conflict</c> (an expected version or precondition no
    /// longer holds; names which), <c>store.missing-blob</c>, <c>store.full</c> (disk), <c>store.read-only</c>,
    /// <c>store.unavailable</c>. When the task returns a receipt, the change is durable.
    /// </summary>
    Task<Result<CommitReceipt>> CommitAsync(WriteSet writes, CancellationToken cancellationToken);

    /// <summary>Reads everything back and checks it: hashes of blobs, references, versions, the engine's own check.</summary>
    Task<Result<StoreReport>> VerifyAsync(IProgress<StoreProgress>? progress, CancellationToken cancellationToken);

    /// <summary>
    /// Writes a consistent copy of the whole store to a new folder while others read and write; never the key store.
    /// Error <c>backup.target-exists</c> when the folder holds anything.
    /// </summary>
    Task<Result<StoreReport>> BackupAsync(string folder, IProgress<StoreProgress>? progress, CancellationToken cancellationToken);
}

/// <summary>What a store is: <c>sqlite</c> or <c>postgres</c>, engine and schema version, and why it may refuse writes.</summary>
public sealed record StoreInfo(string Kind, string EngineVersion, int SchemaVersion, string Location, LocalText? ReadOnlyReason);

/// <summary>What a committed write set got: the store-wide sequence number and the system time of the commit.</summary>
public sealed record CommitReceipt(long Sequence, DateTimeOffset SystemTime);

/// <summary>Counts of what was read, and every fault found with its place.</summary>
public sealed record StoreReport(IReadOnlyDictionary<string, long> Counts, IReadOnlyList<Error> Faults);

public sealed record StoreProgress(string Step, long Done, long? Of);

/// <summary>
/// One atomic change as data. Order inside does not matter; every part sees the state before the commit.
/// Limits: 1,000 parts, 4 MiB of documents (<c>store.too-large</c>).
/// </summary>
public sealed record WriteSet
{
    /// <summary>Who and why, for the audit trail: an account or job id and a short stable reason code; never personal data.</summary>
    public required string Actor { get; init; }

    public required string Reason { get; init; }

    public IReadOnlyList<RecordWrite> Records { get; init; } = [];

    /// <summary>Versions of records that the decision was based on and that must not have moved.</summary>
    public IReadOnlyList<Precondition> Preconditions { get; init; } = [];

    /// <summary>New vintages in state <see cref="VintageState.Staged"/>.</summary>
    public IReadOnlyList<VintageWrite> Vintages { get; init; } = [];

    /// <summary>Segments of staged vintages; their blobs are stored already.</summary>
    public IReadOnlyList<SegmentWrite> Segments { get; init; } = [];

    /// <summary>State flips of vintages. A flip to visible gives the vintage the commit's system time.</summary>
    public IReadOnlyList<VintageFlip> Flips { get; init; } = [];

    /// <summary>References that keep blobs from being swept.</summary>
    public IReadOnlyList<BlobReference> BlobReferences { get; init; } = [];

    public IReadOnlyList<QueueItem> Tasks { get; init; } = [];
}
