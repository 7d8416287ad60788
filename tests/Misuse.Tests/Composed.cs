using Waymark.Model;
using Waymark.Storage;

namespace Waymark.Misuse.Tests;

/// <summary>
/// A store as tests compose it, to take out what a guard stands on: it forgets some registers, or answers with documents that nobody wrote.
/// Everything else is the real store beneath.
/// </summary>
internal sealed class ComposedStore(IStore inner) : StoreInFront(inner), IRecordStore
{
    /// <summary>Registers that are read as empty.</summary>
    public HashSet<string> Forgotten { get; } = new(StringComparer.Ordinal);

    /// <summary>Records that are answered whatever the store holds.</summary>
    public Dictionary<(string Register, string Id), StoredRecord> Planted { get; } = [];

    public override IRecordStore Records => this;

    public override Task<Result<CommitReceipt>> CommitAsync(WriteSet writes, CancellationToken cancellationToken) =>
        Inner.CommitAsync(Forgotten.Count == 0 ? writes : writes with { Records = [.. writes.Records.Where(write => !Forgotten.Contains(write.Register))] }, cancellationToken);

    public Task<StoredRecord?> GetAsync(RecordPartition partition, string register, string id, CancellationToken cancellationToken) =>
        Planted.TryGetValue((register, id), out var planted) ? Task.FromResult<StoredRecord?>(planted)
        : Forgotten.Contains(register) ? Task.FromResult<StoredRecord?>(null) : Inner.Records.GetAsync(partition, register, id, cancellationToken);

    public Task<IReadOnlyList<StoredRecord>> GetManyAsync(RecordPartition partition, string register, IReadOnlyList<string> ids, CancellationToken cancellationToken) =>
        Inner.Records.GetManyAsync(partition, register, ids, cancellationToken);

    public Task<IReadOnlyList<StoredRecord>> ScanAsync(RecordPartition partition, string register, string? after, int limit, CancellationToken cancellationToken) =>
        Inner.Records.ScanAsync(partition, register, after, limit, cancellationToken);

    public Task<KeyMatches> SearchAsync(KeySearch search, CancellationToken cancellationToken) => Inner.Records.SearchAsync(search, cancellationToken);

    public Task<Result<IndexPage>> ListIndexedAsync(IndexQuery query, CancellationToken cancellationToken) => Inner.Records.ListIndexedAsync(query, cancellationToken);

    public Task<Result<RecordPage>> ListAsync(RecordQuery query, CancellationToken cancellationToken) =>
        Forgotten.Contains(query.Register) ? Task.FromResult<Result<RecordPage>>(new RecordPage([], null)) : Inner.Records.ListAsync(query, cancellationToken);

    public IAsyncEnumerable<StoredOperation> HistoryAsync(RecordPartition partition, string register, string id, CancellationToken cancellationToken) =>
        Inner.Records.HistoryAsync(partition, register, id, cancellationToken);

    public Task<Result<bool>> CompactAsync(CancellationToken cancellationToken) => Inner.Records.CompactAsync(cancellationToken);
}
