using Waymark.Model;

namespace Waymark.Storage;

/// <summary>
/// The door to everything durable. All changes go through <see cref="CommitAsync"/>: one <see cref="WriteSet"/> is one
/// atomic change, decided outside, compared-and-set inside. No caller ever holds a transaction open.
/// Implemented twice (SQLite, PostgreSQL) and proved by one conformance suite. Reads that cannot be answered throw
/// <see cref="StoreException"/>.
/// </summary>
public interface IStore : IAsyncDisposable
{
    /// <summary>Kind, versions and whether the store takes writes now.</summary>
    StoreInfo Info { get; }

    IRecordStore Records { get; }

    ISeriesStore Series { get; }

    IBlobStore Blobs { get; }

    IQueue Queue { get; }

    ILedgerStore Ledger { get; }

    /// <summary>
    /// Applies all of the write set or nothing. Errors: <c>store.conflict</c> (an expected version or precondition no
    /// longer holds; names which), <c>store.missing-blob</c>, <c>store.full</c> (disk), <c>store.read-only</c>,
    /// <c>store.unavailable</c>, <c>store.corrupt</c>, <c>store.too-large</c>, <c>store.invalid</c> (a write set that
    /// could never be applied). When the task returns a receipt, the change is durable. A call that is cancelled or that
    /// answers <c>store.unavailable</c> may have been applied all the same: ask for the versions before trying again.
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

/// <summary>
/// A read that the store could not answer: server gone, disk failing, damaged data. The application maps
/// <see cref="Error"/> once, as it does for results.
/// </summary>
public sealed class StoreException(Error error, Exception? cause = null) : Exception(error.ToString(), cause)
{
    public Error Error { get; } = error;
}

/// <summary>What a store is: <c>sqlite</c> or <c>postgres</c>, engine and schema version, and why it may refuse writes.</summary>
public sealed record StoreInfo(string Kind, string EngineVersion, int SchemaVersion, string Location, LocalText? ReadOnlyReason)
{
    /// <summary>How far our clock was ahead of the server's when the store was opened (negative: behind); null where the store has no clock of its own.</summary>
    public TimeSpan? ClockAhead { get; init; }
}

/// <summary>
/// What a committed write set got: a store-wide sequence number, unique, with gaps, and the system time of the commit
/// (whole microseconds). Among commits that flip vintages both only rise, in the order in which they become visible:
/// a reader that saw number n never sees a smaller one appear later.
/// </summary>
public sealed record CommitReceipt(long Sequence, DateTimeOffset SystemTime);

/// <summary>Counts of what was read, and every fault found with its place.</summary>
public sealed record StoreReport(IReadOnlyDictionary<string, long> Counts, IReadOnlyList<Error> Faults);

public sealed record StoreProgress(string Step, long Done, long? Of);

/// <summary>
/// One atomic change as data. Expected versions, preconditions and leases are compared with the state before the commit;
/// new vintages are applied before segments and segments before flips, whatever the order given, so that one write set
/// may stage, fill and show a vintage. Limits: 1,000 parts, 4 MiB of documents, operations and payloads together
/// (<c>store.too-large</c>). Texts hold no NUL and no lone surrogates; keys have 1 to 512 characters (<c>store.invalid</c>).
/// </summary>
public sealed record WriteSet
{
    /// <summary>Who and why, for the audit trail: an account or job id and a short stable reason code; never personal data.</summary>
    public required string Actor { get; init; }

    public required string Reason { get; init; }

    public IReadOnlyList<RecordWrite> Records { get; init; } = [];

    /// <summary>Versions of records that the decision was based on and that must not have moved.</summary>
    public IReadOnlyList<Precondition> Preconditions { get; init; } = [];

    /// <summary>
    /// Jobs on whose behalf the change is made: the lease must still be held under this term, else
    /// <c>store.conflict</c>. It keeps a worker that was thought dead from writing after its successor began.
    /// </summary>
    public IReadOnlyList<JobTerm> Leases { get; init; } = [];

    /// <summary>New vintages in state <see cref="VintageState.Staged"/>.</summary>
    public IReadOnlyList<VintageWrite> Vintages { get; init; } = [];

    /// <summary>Segments of staged vintages; their blobs are stored already.</summary>
    public IReadOnlyList<SegmentWrite> Segments { get; init; } = [];

    /// <summary>State flips of vintages. A flip to visible gives the vintage the commit's system time.</summary>
    public IReadOnlyList<VintageFlip> Flips { get; init; } = [];

    /// <summary>References that keep blobs from being swept.</summary>
    public IReadOnlyList<BlobReference> BlobReferences { get; init; } = [];

    public IReadOnlyList<QueueItem> Tasks { get; init; } = [];

    /// <summary>
    /// Entries of the ledger, 1 to 65,535 bytes each (<c>LedgerLeaf.Encode()</c> of the kernel makes them). They become
    /// durable with the rest of the write set or not at all, and get their place in the tree within a second or two.
    /// </summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> Leaves { get; init; } = [];
}
