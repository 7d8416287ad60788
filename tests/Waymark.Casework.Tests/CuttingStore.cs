using Waymark.Model;
using Waymark.Storage;

namespace Waymark.Casework.Tests;

/// <summary>A store whose user is gone after some commits.</summary>
internal sealed class CuttingStore(IStore inner, int commits, CancellationTokenSource cut) : IStore
{
    private int _left = commits;

    public StoreInfo Info => inner.Info;

    public IRecordStore Records => inner.Records;

    public ISeriesStore Series => inner.Series;

    public IBlobStore Blobs => inner.Blobs;

    public IQueue Queue => inner.Queue;

    public ILedgerStore Ledger => inner.Ledger;

    public async Task<Result<CommitReceipt>> CommitAsync(WriteSet writes, CancellationToken cancellationToken)
    {
        if (_left-- <= 0)
        {
            await cut.CancelAsync();
            throw new OperationCanceledException(cut.Token);
        }

        return await inner.CommitAsync(writes, cancellationToken);
    }

    public Task<Result<StoreReport>> VerifyAsync(IProgress<StoreProgress>? progress, CancellationToken cancellationToken) => inner.VerifyAsync(progress, cancellationToken);

    public Task<Result<StoreReport>> BackupAsync(string folder, IProgress<StoreProgress>? progress, CancellationToken cancellationToken) => inner.BackupAsync(folder, progress, cancellationToken);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
