using Waymark.Model;
using Waymark.Storage;

namespace Waymark.Protection.Tests;

/// <summary>A store that stops taking writes when told to, and lets something happen right before each.</summary>
internal sealed class BrokenStore(IStore inner, Func<bool> broken, Func<Task>? before = null) : IStore
{
    public StoreInfo Info => inner.Info;

    public IRecordStore Records => inner.Records;

    public ISeriesStore Series => inner.Series;

    public IBlobStore Blobs => inner.Blobs;

    public IQueue Queue => inner.Queue;

    public ILedgerStore Ledger => inner.Ledger;

    public async Task<Result<CommitReceipt>> CommitAsync(WriteSet writes, CancellationToken cancellationToken)
    {
        await (before?.Invoke() ?? Task.CompletedTask);
        return broken() ? Error.Unavailable("store.unavailable", "Down.", "不可用。") : await inner.CommitAsync(writes, cancellationToken);
    }

    public Task<Result<StoreReport>> VerifyAsync(IProgress<StoreProgress>? progress, CancellationToken cancellationToken) => inner.VerifyAsync(progress, cancellationToken);

    public Task<Result<StoreReport>> BackupAsync(string folder, IProgress<StoreProgress>? progress, CancellationToken cancellationToken) => inner.BackupAsync(folder, progress, cancellationToken);

    public ValueTask DisposeAsync() => inner.DisposeAsync();
}
