using Waymark.Model;
using Waymark.Storage;

namespace Waymark.Misuse.Tests;

/// <summary>
/// A store as tests compose it, to take out what a guard stands on: it forgets some registers, or answers with documents that nobody wrote.
/// Everything else is the real store beneath.
/// </summary>
internal sealed class ComposedStore(IStore inner) : IStore, IRecordStore
{
    /// <summary>Registers that are read as empty.</summary>
    public HashSet<string> Forgotten { get; } = new(StringComparer.Ordinal);

    /// <summary>Records that are answered whatever the store holds.</summary>
    public Dictionary<(string Register, string Id), StoredRecord> Planted { get; } = [];

    public StoreInfo Info => inner.Info;

    public IRecordStore Records => this;

    public ISeriesStore Series => inner.Series;

    public IBlobStore Blobs => inner.Blobs;

    public IQueue Queue => inner.Queue;

    public ILedgerStore Ledger => inner.Ledger;

    public Task<Result<CommitReceipt>> CommitAsync(WriteSet writes, CancellationToken cancellationToken) =>
        inner.CommitAsync(Forgotten.Count == 0 ? writes : writes with { Records = [.. writes.Records.Where(write => !Forgotten.Contains(write.Register))] }, cancellationToken);

    public Task<Result<StoreReport>> VerifyAsync(IProgress<StoreProgress>? progress, CancellationToken cancellationToken) => inner.VerifyAsync(progress, cancellationToken);

    public Task<Result<StoreReport>> BackupAsync(string folder, IProgress<StoreProgress>? progress, CancellationToken cancellationToken) => inner.BackupAsync(folder, progress, cancellationToken);

    public ValueTask DisposeAsync() => inner.DisposeAsync();

    public Task<StoredRecord?> GetAsync(RecordPartition partition, string register, string id, CancellationToken cancellationToken) =>
        Planted.TryGetValue((register, id), out var planted) ? Task.FromResult<StoredRecord?>(planted)
        : Forgotten.Contains(register) ? Task.FromResult<StoredRecord?>(null) : inner.Records.GetAsync(partition, register, id, cancellationToken);

    public Task<IReadOnlyList<StoredRecord>> GetManyAsync(RecordPartition partition, string register, IReadOnlyList<string> ids, CancellationToken cancellationToken) =>
        inner.Records.GetManyAsync(partition, register, ids, cancellationToken);

    public Task<IReadOnlyList<StoredRecord>> ScanAsync(RecordPartition partition, string register, string? after, int limit, CancellationToken cancellationToken) =>
        inner.Records.ScanAsync(partition, register, after, limit, cancellationToken);

    public Task<KeyMatches> SearchAsync(KeySearch search, CancellationToken cancellationToken) => inner.Records.SearchAsync(search, cancellationToken);

    public Task<Result<IndexPage>> ListIndexedAsync(IndexQuery query, CancellationToken cancellationToken) => inner.Records.ListIndexedAsync(query, cancellationToken);

    public Task<Result<RecordPage>> ListAsync(RecordQuery query, CancellationToken cancellationToken) =>
        Forgotten.Contains(query.Register) ? Task.FromResult<Result<RecordPage>>(new RecordPage([], null)) : inner.Records.ListAsync(query, cancellationToken);

    public IAsyncEnumerable<StoredOperation> HistoryAsync(RecordPartition partition, string register, string id, CancellationToken cancellationToken) =>
        inner.Records.HistoryAsync(partition, register, id, cancellationToken);

    public Task<Result<bool>> CompactAsync(CancellationToken cancellationToken) => inner.Records.CompactAsync(cancellationToken);
}
