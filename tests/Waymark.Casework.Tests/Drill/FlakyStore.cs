using Waymark.Model;
using Waymark.Storage;

namespace Waymark.Casework.Tests.Drill;

/// <summary>A store whose answers get lost now and then: one commit in nine says that the store is gone, before it was written or after.</summary>
internal sealed class FlakyStore(IStore inner) : IStore
{
    private int _count;

    public StoreInfo Info => inner.Info;

    public IRecordStore Records => inner.Records;

    public ISeriesStore Series => inner.Series;

    public IBlobStore Blobs => inner.Blobs;

    public IQueue Queue => inner.Queue;

    public ILedgerStore Ledger => inner.Ledger;

    public async Task<Result<CommitReceipt>> CommitAsync(WriteSet writes, CancellationToken cancellationToken)
    {
        var turn = Interlocked.Increment(ref _count) % 18;
        if (turn == 0)
        {
            return Error.Unavailable("store.unavailable", "Gone.", "不可用。");
        }

        var done = await inner.CommitAsync(writes, cancellationToken);
        return turn == 9 ? Error.Unavailable("store.unavailable", "Gone.", "不可用。") : done;
    }

    public Task<Result<StoreReport>> VerifyAsync(IProgress<StoreProgress>? progress, CancellationToken cancellationToken) => inner.VerifyAsync(progress, cancellationToken);

    public Task<Result<StoreReport>> BackupAsync(string folder, IProgress<StoreProgress>? progress, CancellationToken cancellationToken) => inner.BackupAsync(folder, progress, cancellationToken);

    public ValueTask DisposeAsync() => inner.DisposeAsync();
}
