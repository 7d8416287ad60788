using Waymark.Model;
using Waymark.Storage;

namespace Waymark.Protection.Tests;

/// <summary>A store that stops taking writes when told to.</summary>
internal sealed class BrokenStore(IStore inner, Func<bool> broken) : IStore
{
    public StoreInfo Info => inner.Info;

    public IRecordStore Records => inner.Records;

    public ISeriesStore Series => inner.Series;

    public IBlobStore Blobs => inner.Blobs;

    public IQueue Queue => inner.Queue;

    public ILedgerStore Ledger => inner.Ledger;

    public Task<Result<CommitReceipt>> CommitAsync(WriteSet writes, CancellationToken cancellationToken) =>
        broken() ? Task.FromResult(Result<CommitReceipt>.Fail(Error.Unavailable("store.unavailable", "Down.", "不可用。"))) : inner.CommitAsync(writes, cancellationToken);

    public Task<Result<StoreReport>> VerifyAsync(IProgress<StoreProgress>? progress, CancellationToken cancellationToken) => inner.VerifyAsync(progress, cancellationToken);

    public Task<Result<StoreReport>> BackupAsync(string folder, IProgress<StoreProgress>? progress, CancellationToken cancellationToken) => inner.BackupAsync(folder, progress, cancellationToken);

    public ValueTask DisposeAsync() => inner.DisposeAsync();
}
