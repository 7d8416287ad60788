using System.Diagnostics.CodeAnalysis;
using Waymark.Model;
using Waymark.Storage.Engine;

namespace Waymark.Storage.Postgres;

/// <summary>
/// Group commit: while one transaction is on its way, those that come wait, and then go together in the next one, up to 128 write sets that do not meet. So many
/// callers share one round trip, one plan and one flush, no timer is needed, and a single caller never waits for company. Each write set is applied or refused on
/// its own. What holds more than records, tasks and leaves, or is large, goes its own way as before.
/// </summary>
internal sealed class PostgresWriter(PostgresDatabase database, TimeProvider clock)
{
    private const int Together = 128;

    /// <summary>Locks of one transaction: the server keeps room for 64 on every connection it allows.</summary>
    private const int MostKeys = 512;

    private const long MostBytes = 1 << 20;
    private readonly Lock _gate = new();
    private readonly LinkedList<Waiting> _waiting = [];
    private bool _busy;

    public Task<Result<CommitReceipt>> CommitAsync(WriteSet writes, CancellationToken cancellationToken)
    {
        var waiting = new Waiting(writes, cancellationToken);
        if (!waiting.MayShare)
        {
            return AloneAsync(writes, cancellationToken);
        }

        lock (_gate)
        {
            if (_busy)
            {
                _waiting.AddLast(waiting);
                return waiting.Answer.Task.WaitAsync(cancellationToken);
            }

            _busy = true;
        }

        return FirstAsync(waiting);
    }

    /// <summary>Nobody was on the way: this one goes at once, on its caller's own thread; those that come meanwhile go after it.</summary>
    private async Task<Result<CommitReceipt>> FirstAsync(Waiting first)
    {
        try
        {
            return await AloneAsync(first.Writes, first.Cancellation);
        }
        finally
        {
            Next();
        }
    }

    private void Next()
    {
        lock (_gate)
        {
            if (_waiting.Count == 0)
            {
                _busy = false;
                return;
            }
        }

        // Not on the thread of the caller, who has the answer.
        _ = Task.Run(DrainAsync);
    }

    private async Task DrainAsync()
    {
        while (TryTake(out var group))
        {
            if (group is [var single])
            {
                await AnswerAloneAsync(single);
            }
            else
            {
                await AnswerTogetherAsync(group);
            }
        }
    }

    private bool TryTake([NotNullWhen(true)] out List<Waiting>? group)
    {
        group = [];
        var (changed, compared, bytes) = (new HashSet<string>(StringComparer.Ordinal), new HashSet<string>(StringComparer.Ordinal), 0L);
        lock (_gate)
        {
            for (var node = _waiting.First; node is not null && group.Count < Together;)
            {
                var (waiting, at) = (node.Value, node);
                node = node.Next;
                if (waiting.Cancellation.IsCancellationRequested)
                {
                    waiting.Answer.TrySetCanceled(waiting.Cancellation);
                    _waiting.Remove(at);
                    continue;
                }

                if (changed.Count + compared.Count + waiting.Changed.Count + waiting.Compared.Count > MostKeys || bytes + waiting.Bytes > MostBytes)
                {
                    break;
                }

                // One that meets another of the group waits for the next; what comes after it may go before it, as between two connections.
                if (!changed.Overlaps(waiting.Changed) && !compared.Overlaps(waiting.Changed) && !changed.Overlaps(waiting.Compared))
                {
                    changed.UnionWith(waiting.Changed);
                    compared.UnionWith(waiting.Compared);
                    bytes += waiting.Bytes;
                    group.Add(waiting);
                    _waiting.Remove(at);
                }
            }

            _busy = group.Count > 0;
            return _busy;
        }
    }

    private async Task AnswerTogetherAsync(List<Waiting> group)
    {
        try
        {
            var now = clock.Now();
            var done = await database.WriteTogetherAsync(
                PostgresCommit.Together(group.ConvertAll(waiting => waiting.Writes), now),
                row => (Sequences: row.GetFieldValue<long?[]>(0), Broken: row.GetFieldValue<string?[]>(1)));
            if (done is not { } answer)
            {
                // The server undid all of it for the sake of one of them: each gets its own try, and its own answer.
                await Task.WhenAll(group.Select(AnswerAloneAsync));
                return;
            }

            for (var i = 0; i < group.Count; i++)
            {
                group[i].Answer.TrySetResult(
                    !answer.IsOk ? answer.Error
                    : answer.Value.Broken[i] is { } broken ? StoreErrors.Conflict(broken)
                    : new CommitReceipt(answer.Value.Sequences[i]!.Value, StoreTime.At(now)));
            }
        }
        catch (Exception bug)
        {
            // Nothing may be left waiting for an answer that never comes.
            group.ForEach(waiting => waiting.Answer.TrySetException(bug));
        }
    }

    private async Task AnswerAloneAsync(Waiting waiting)
    {
        try
        {
            waiting.Answer.TrySetResult(await AloneAsync(waiting.Writes, waiting.Cancellation));
        }
        catch (OperationCanceledException cancelled)
        {
            waiting.Answer.TrySetCanceled(cancelled.CancellationToken);
        }
        catch (Exception bug)
        {
            waiting.Answer.TrySetException(bug);
        }
    }

    private Task<Result<CommitReceipt>> AloneAsync(WriteSet writes, CancellationToken cancellationToken) =>
        database.WriteAsync(PostgresCommit.Statements(writes, clock.Now()), row => new CommitReceipt(row.GetInt64(0), row.Time(1)), new(0, default), cancellationToken);

    private sealed class Waiting(WriteSet writes, CancellationToken cancellation)
    {
        public WriteSet Writes => writes;

        public CancellationToken Cancellation => cancellation;

        public TaskCompletionSource<Result<CommitReceipt>> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public IReadOnlyList<string> Changed { get; } = [.. PostgresCommit.Changed(writes)];

        public IReadOnlyList<string> Compared { get; } = [.. PostgresCommit.Compared(writes)];

        public long Bytes { get; } = writes.Records.Sum(r => (long)(r.Document?.Length ?? 0) + r.Operation.Length + (64L * (r.Index?.Keys.Count ?? 0)))
            + writes.Tasks.Sum(t => (long)t.Payload.Length) + writes.Leaves.Sum(l => (long)l.Length);

        public bool MayShare => writes is { Vintages.Count: 0, Segments.Count: 0, Flips.Count: 0, BlobReferences.Count: 0, Leases.Count: 0 }
            && Changed.Count + Compared.Count <= PostgresLocks.MaximumKeys && Bytes <= MostBytes / 4;
    }
}
