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
internal sealed class KillingStore(IStore store, KillPoint point) : StoreInFront(store), IBlobStore
{
    private int _calls;

    public override IBlobStore Blobs => this;

    public override Task<Result<CommitReceipt>> CommitAsync(WriteSet writes, CancellationToken cancellationToken) =>
        DurableAsync(() => Inner.CommitAsync(writes, cancellationToken), counts: true);

    public Task<Result<BlobId>> PutAsync(Stream content, CancellationToken cancellationToken) =>
        DurableAsync(() => Inner.Blobs.PutAsync(content, cancellationToken), point.CountsPuts);

    public Task<Result<IReadOnlyList<BlobId>>> PutManyAsync(IReadOnlyList<ReadOnlyMemory<byte>> contents, CancellationToken cancellationToken) =>
        DurableAsync(() => Inner.Blobs.PutManyAsync(contents, cancellationToken), point.CountsPuts);

    public Task<Stream?> OpenAsync(BlobId id, CancellationToken cancellationToken) => Inner.Blobs.OpenAsync(id, cancellationToken);

    public Task<byte[]?> ReadAsync(BlobId id, CancellationToken cancellationToken) => Inner.Blobs.ReadAsync(id, cancellationToken);

    public Task<bool> ExistsAsync(BlobId id, CancellationToken cancellationToken) => Inner.Blobs.ExistsAsync(id, cancellationToken);

    public Task<BlobInfo?> FindAsync(BlobId id, CancellationToken cancellationToken) => Inner.Blobs.FindAsync(id, cancellationToken);

    public Task<Result<bool>> ShredAsync(BlobId id, CancellationToken cancellationToken) => Inner.Blobs.ShredAsync(id, cancellationToken);

    public Task<int> SweepAsync(TimeSpan age, CancellationToken cancellationToken) => Inner.Blobs.SweepAsync(age, cancellationToken);

    private async Task<T> DurableAsync<T>(Func<Task<T>> call, bool counts)
    {
        if (!counts || ++_calls != point.Call)
        {
            return await call();
        }

        if (point.Moment == KillMoment.After)
        {
            await call();
        }
        else
        {
            _ = Task.Run(call);
            var begun = Stopwatch.GetTimestamp();
            while (Stopwatch.GetElapsedTime(begun).TotalMicroseconds < point.Microseconds)
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
