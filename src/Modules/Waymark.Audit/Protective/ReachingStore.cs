using Waymark.Audit.Contracts;
using Waymark.Model;
using Waymark.Storage;

namespace Waymark.Audit.Protective;

/// <summary>
/// A store through which nothing that needs a leaf is done while the ledger is out of reach, although the store itself would still take the leaf: nobody would
/// number it, or nobody outside would confirm it. What only protects goes through the local leaf instead.
/// </summary>
public sealed class ReachingStore(IStore inner, ILedgerReach reach) : IStore
{
    public StoreInfo Info => inner.Info;

    public IRecordStore Records => inner.Records;

    public ISeriesStore Series => inner.Series;

    public IBlobStore Blobs => inner.Blobs;

    public IQueue Queue => inner.Queue;

    public ILedgerStore Ledger => inner.Ledger;

    public async Task<Result<CommitReceipt>> CommitAsync(WriteSet writes, CancellationToken cancellationToken) =>
        writes.Leaves.Count > 0 && await reach.OutAsync(cancellationToken) is { } problem ? problem : await inner.CommitAsync(writes, cancellationToken);

    public Task<Result<StoreReport>> VerifyAsync(IProgress<StoreProgress>? progress, CancellationToken cancellationToken) => inner.VerifyAsync(progress, cancellationToken);

    public Task<Result<StoreReport>> BackupAsync(string folder, IProgress<StoreProgress>? progress, CancellationToken cancellationToken) => inner.BackupAsync(folder, progress, cancellationToken);

    /// <summary>The store belongs to whoever opened it.</summary>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
