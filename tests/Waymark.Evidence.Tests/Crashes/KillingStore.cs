using System.Diagnostics;
using Waymark.Model;
using Waymark.Storage;

namespace Waymark.Evidence.Tests.Crashes;

/// <summary>During: the call has begun and runs somewhere between its first and its last byte. After: it was answered as durable, and nobody heard it.</summary>
internal enum KillMoment { During, After }

/// <summary>
/// Which durable call of the process is its last, counted from 1; 0 never kills. Commits count, and where <paramref name="CountsPuts"/>
/// bytes put away before one, too. <paramref name="Microseconds"/>: how long a call runs before it is cut.
/// </summary>
internal sealed record KillPoint(int Call, KillMoment Moment, int Microseconds, bool CountsPuts);

/// <summary>
/// A store whose process sends itself SIGKILL at one chosen durable call: a commit, or bytes put away before one. Nothing is
/// flushed, no handler runs, no lock is given back; what the product itself would do is not touched.
/// </summary>
internal sealed class KillingStore : IStore, IBlobStore
{
    private readonly IStore _store;
    private readonly KillPoint _point;
    private int _calls;

    public KillingStore(IStore store, KillPoint point) => (_store, _point) = (store, point);

    public StoreInfo Info => _store.Info;

    public IRecordStore Records => _store.Records;

    public ISeriesStore Series => _store.Series;

    public IBlobStore Blobs => this;

    public IQueue Queue => _store.Queue;

    public ILedgerStore Ledger => _store.Ledger;

    public Task<Result<CommitReceipt>> CommitAsync(WriteSet writes, CancellationToken cancellationToken) =>
        DurableAsync(() => _store.CommitAsync(writes, cancellationToken), counts: true);

    public Task<Result<BlobId>> PutAsync(Stream content, CancellationToken cancellationToken) =>
        DurableAsync(() => _store.Blobs.PutAsync(content, cancellationToken), _point.CountsPuts);

    public Task<Result<IReadOnlyList<BlobId>>> PutManyAsync(IReadOnlyList<ReadOnlyMemory<byte>> contents, CancellationToken cancellationToken) =>
        DurableAsync(() => _store.Blobs.PutManyAsync(contents, cancellationToken), _point.CountsPuts);

    public Task<Stream?> OpenAsync(BlobId id, CancellationToken cancellationToken) => _store.Blobs.OpenAsync(id, cancellationToken);

    public Task<byte[]?> ReadAsync(BlobId id, CancellationToken cancellationToken) => _store.Blobs.ReadAsync(id, cancellationToken);

    public Task<bool> ExistsAsync(BlobId id, CancellationToken cancellationToken) => _store.Blobs.ExistsAsync(id, cancellationToken);

    public Task<BlobInfo?> FindAsync(BlobId id, CancellationToken cancellationToken) => _store.Blobs.FindAsync(id, cancellationToken);

    public Task<Result<bool>> ShredAsync(BlobId id, CancellationToken cancellationToken) => _store.Blobs.ShredAsync(id, cancellationToken);

    public Task<int> SweepAsync(TimeSpan age, CancellationToken cancellationToken) => _store.Blobs.SweepAsync(age, cancellationToken);

    public Task<Result<StoreReport>> VerifyAsync(IProgress<StoreProgress>? progress, CancellationToken cancellationToken) => _store.VerifyAsync(progress, cancellationToken);

    public Task<Result<StoreReport>> BackupAsync(string folder, IProgress<StoreProgress>? progress, CancellationToken cancellationToken) =>
        _store.BackupAsync(folder, progress, cancellationToken);

    public ValueTask DisposeAsync() => _store.DisposeAsync();

    private async Task<T> DurableAsync<T>(Func<Task<T>> call, bool counts)
    {
        if (!counts || ++_calls != _point.Call)
        {
            return await call();
        }

        if (_point.Moment == KillMoment.After)
        {
            await call();
        }
        else
        {
            _ = Task.Run(call);
            var begun = Stopwatch.GetTimestamp();
            while (Stopwatch.GetElapsedTime(begun).TotalMicroseconds < _point.Microseconds)
            {
                Thread.SpinWait(20);
            }
        }

        using var self = Process.GetCurrentProcess();
        self.Kill();
        await Task.Delay(Timeout.InfiniteTimeSpan);
        throw new UnreachableException();
    }
}
