using Waymark.Model;

namespace Waymark.Storage;

/// <summary>
/// A store that stands in front of another and passes everything on; who derives from it changes what is asked or answered on the way.
/// It ends the one behind it with itself where it owns it; otherwise that is left to whoever opened it.
/// </summary>
public abstract class StoreInFront(IStore inner, bool ownsInner = true) : IStore
{
    public virtual StoreInfo Info => Inner.Info;

    public virtual IRecordStore Records => Inner.Records;

    public virtual ISeriesStore Series => Inner.Series;

    public virtual IBlobStore Blobs => Inner.Blobs;

    public virtual IQueue Queue => Inner.Queue;

    public virtual ILedgerStore Ledger => Inner.Ledger;

    /// <summary>The store behind this one.</summary>
    protected IStore Inner { get; } = inner;

    public virtual Task<Result<CommitReceipt>> CommitAsync(WriteSet writes, CancellationToken cancellationToken) => Inner.CommitAsync(writes, cancellationToken);

    public virtual Task<Result<StoreReport>> VerifyAsync(IProgress<StoreProgress>? progress, CancellationToken cancellationToken) => Inner.VerifyAsync(progress, cancellationToken);

    public virtual Task<Result<StoreReport>> BackupAsync(string folder, IProgress<StoreProgress>? progress, CancellationToken cancellationToken) => Inner.BackupAsync(folder, progress, cancellationToken);

    public virtual ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ownsInner ? Inner.DisposeAsync() : ValueTask.CompletedTask;
    }
}
