using Waymark.Model;

namespace Waymark.Storage;

/// <summary>
/// Records as documents with versions and operations. A register is a named set of records ("evidence.snapshot",
/// "app.account", "evidence.waiver"); internal registers and those of case work share this port. The document is the
/// truth of now, the operations are how it came about; both are written together.
/// </summary>
public interface IRecordStore
{
    /// <summary>The record of the general partition as it is now, or null when there is none (also for one that was removed).</summary>
    Task<StoredRecord?> GetAsync(string register, string id, CancellationToken cancellationToken) =>
        GetAsync(RecordPartition.General, register, id, cancellationToken);

    /// <summary>The record as it is now, or null when there is none (also for one that was removed).</summary>
    Task<StoredRecord?> GetAsync(RecordPartition partition, string register, string id, CancellationToken cancellationToken);

    /// <summary>
    /// Those of these records (at most 1,000) that are there, in the order of <paramref name="ids"/>; all of one moment.
    /// </summary>
    Task<IReadOnlyList<StoredRecord>> GetManyAsync(
        RecordPartition partition, string register, IReadOnlyList<string> ids, CancellationToken cancellationToken);

    /// <summary>
    /// All records of a register and partition whatever any index says, in the order of their ids (UTF-8 bytes), those after <paramref name="after"/>
    /// first; at most <paramref name="limit"/> (1 to 1,000). For work on a register as a whole, never for a list that somebody sees.
    /// </summary>
    Task<IReadOnlyList<StoredRecord>> ScanAsync(RecordPartition partition, string register, string? after, int limit, CancellationToken cancellationToken);

    /// <summary>
    /// The records that carry any of the keys and may be seen. It reads the keys' table alone, no document and no second
    /// table; weighing the answer is the caller's. A question outside its limits is a bug (<see cref="ArgumentException"/>).
    /// </summary>
    Task<KeyMatches> SearchAsync(KeySearch search, CancellationToken cancellationToken);

    /// <summary>
    /// One page of the indexed records of a register that may be seen, without their documents. Errors:
    /// <c>store.bad-page-token</c>, <c>store.invalid</c>.
    /// </summary>
    Task<Result<IndexPage>> ListIndexedAsync(IndexQuery query, CancellationToken cancellationToken);

    /// <summary>
    /// One page of a register of the general partition, ordered by the chosen head and then by id. Continue with <see cref="RecordPage.Next"/>.
    /// Order is that of the UTF-8 bytes, the same on every store. A record without the head that orders is not in the
    /// list, so write that head on every record (an empty value counts). Errors: <c>store.bad-page-token</c>,
    /// <c>store.invalid</c>.
    /// </summary>
    Task<Result<RecordPage>> ListAsync(RecordQuery query, CancellationToken cancellationToken);

    /// <summary>
    /// After an erasure: rewrites the tables of records, heads, indexes and keys, so that what was removed or replaced leaves no
    /// byte in them, nor in the embedded store's log. It waits for readers, and others wait for it: seconds to minutes on a large
    /// store. A server's own log, its archives and its standbys are beyond its reach: they end with their retention
    /// (docs/operations/running.md). Errors: <c>store.unavailable</c> (readers held on too long; nothing is lost, try again),
    /// <c>store.full</c> (it needs as much room again), <c>store.read-only</c>.
    /// </summary>
    Task<Result<bool>> CompactAsync(CancellationToken cancellationToken);

    /// <summary>All operations on one record of the general partition, oldest first.</summary>
    IAsyncEnumerable<StoredOperation> HistoryAsync(string register, string id, CancellationToken cancellationToken) =>
        HistoryAsync(RecordPartition.General, register, id, cancellationToken);

    /// <summary>All operations on one record, oldest first.</summary>
    IAsyncEnumerable<StoredOperation> HistoryAsync(
        RecordPartition partition, string register, string id, CancellationToken cancellationToken);
}

/// <summary>
/// A write to one record. <paramref name="ExpectedVersion"/> 0 means "must not exist". Each write adds one to the
/// version; a removed record keeps its count, so that one made again under the same id never repeats a version.
/// <paramref name="Document"/> is UTF-8 JSON, null removes the record (its operations stay); empty bytes are refused, so
/// that a null array, which converts to empty memory, never removes by accident. <paramref name="Operation"/> is UTF-8 JSON that says what was done.
/// <paramref name="Heads"/> are at most 16 declared fields by which the register is listed and filtered, each name once,
/// values of at most 1,024 characters; they replace the heads of the version before. Heads are for internal registers: only
/// the general partition takes them.
/// </summary>
public sealed record RecordWrite(
    string Register,
    string Id,
    long ExpectedVersion,
    ReadOnlyMemory<byte>? Document,
    ReadOnlyMemory<byte> Operation,
    IReadOnlyList<RecordHead> Heads)
{
    /// <summary>Where the record lives.</summary>
    public RecordPartition Partition { get; init; }

    /// <summary>How it is listed and searched; null for internal registers and for a removed record. At most 20,000 keys in one write set.</summary>
    public RecordIndex? Index { get; init; }
}

/// <summary>A field by which records are found: name and text value (ordinal order; pad numbers and write dates as ISO 8601).</summary>
public sealed record RecordHead(string Name, string Value);

/// <summary>A version that must still hold at the commit; 0 says that the record must not exist.</summary>
public sealed record Precondition(string Register, string Id, long Version)
{
    /// <summary>Where the record lives.</summary>
    public RecordPartition Partition { get; init; }
}

public sealed record StoredRecord(string Register, string Id, long Version, ReadOnlyMemory<byte> Document, DateTimeOffset WrittenAt);

public sealed record StoredOperation(long Version, string Actor, string Reason, ReadOnlyMemory<byte> Operation, DateTimeOffset At);

/// <summary>
/// A page request. <paramref name="Where"/>: all heads must equal. <paramref name="OrderBy"/>: a head name, null orders by id.
/// <paramref name="Limit"/> 1 to 1,000. <paramref name="After"/>: the token of the page before.
/// <paramref name="From"/> (inclusive) and <paramref name="Below"/> (exclusive) bound the values that order: the head, or the id.
/// </summary>
public sealed record RecordQuery(
    string Register,
    IReadOnlyList<RecordHead> Where,
    string? OrderBy = null,
    bool Descending = false,
    int Limit = 100,
    string? After = null,
    string? From = null,
    string? Below = null);

public sealed record RecordPage(IReadOnlyList<StoredRecord> Records, string? Next);
