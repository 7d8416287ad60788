using Waymark.Model;

namespace Waymark.Storage;

/// <summary>
/// Records as documents with versions and operations. A register is a named set of records ("evidence.snapshot",
/// "app.account", "evidence.waiver"); internal registers and those of case work share this port. The document is the
/// truth of now, the operations are how it came about; both are written together.
/// </summary>
public interface IRecordStore
{
    /// <summary>The record as it is now, or null when there is none (also for one that was removed).</summary>
    Task<StoredRecord?> GetAsync(string register, string id, CancellationToken cancellationToken);

    /// <summary>
    /// One page of a register, ordered by the chosen head and then by id. Continue with <see cref="RecordPage.Next"/>.
    /// </summary>
    Task<RecordPage> ListAsync(RecordQuery query, CancellationToken cancellationToken);

    /// <summary>All operations on one record, oldest first.</summary>
    IAsyncEnumerable<StoredOperation> HistoryAsync(string register, string id, CancellationToken cancellationToken);
}

/// <summary>
/// A write to one record. <paramref name="ExpectedVersion"/> 0 means "must not exist". <paramref name="Document"/> is
/// UTF-8 JSON, null removes the record. <paramref name="Operation"/> is UTF-8 JSON that says what was done.
/// <paramref name="Heads"/> are at most 16 declared fields by which the register is listed and filtered.
/// </summary>
public sealed record RecordWrite(
    string Register,
    string Id,
    long ExpectedVersion,
    ReadOnlyMemory<byte>? Document,
    ReadOnlyMemory<byte> Operation,
    IReadOnlyList<RecordHead> Heads);

/// <summary>A field by which records are found: name and text value (ordinal order; pad numbers and write dates as ISO 8601).</summary>
public sealed record RecordHead(string Name, string Value);

public sealed record Precondition(string Register, string Id, long Version);

public sealed record StoredRecord(string Register, string Id, long Version, ReadOnlyMemory<byte> Document, DateTimeOffset WrittenAt);

public sealed record StoredOperation(long Version, string Actor, string Reason, ReadOnlyMemory<byte> Operation, DateTimeOffset At);

/// <summary>
/// A page request. <paramref name="Where"/>: all heads must equal. <paramref name="OrderBy"/>: a head name, null orders by id.
/// <paramref name="Limit"/> at most 1,000. <paramref name="After"/>: the token of the page before.
/// </summary>
public sealed record RecordQuery(
    string Register,
    IReadOnlyList<RecordHead> Where,
    string? OrderBy = null,
    bool Descending = false,
    int Limit = 100,
    string? After = null);

public sealed record RecordPage(IReadOnlyList<StoredRecord> Records, string? Next);
