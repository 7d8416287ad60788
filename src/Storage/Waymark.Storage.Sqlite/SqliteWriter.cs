using System.Threading.Channels;
using Microsoft.Data.Sqlite;
using Waymark.Model;
using Waymark.Storage.Engine;

namespace Waymark.Storage.Sqlite;

/// <summary>
/// The one writer of this process. It drains a bounded channel: <c>begin immediate</c>, a savepoint for each change (a
/// conflict rolls back that one only), whatever waits up to 256 changes, no timer, <c>commit</c> with
/// <c>synchronous = full</c>, then all get their answers. So many callers share one flush, and a single caller never
/// waits for company. Other processes may write too: SQLite's lock orders the transactions.
/// </summary>
internal sealed class SqliteWriter : IAsyncDisposable
{
    private const int Together = 256;
    private const int Waiting = 1_024;
    private readonly Channel<Change> _changes = Channel.CreateBounded<Change>(new BoundedChannelOptions(Waiting) { SingleReader = true });
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly SqliteSession _session;
    private readonly TimeProvider _clock;
    private readonly string _file;
    private readonly int _scripts;

    public SqliteWriter(SqliteSession session, TimeProvider clock, string file, int scripts)
    {
        (_session, _clock, _file, _scripts) = (session, clock, file, scripts);
        // A thread of its own: a flush blocks for milliseconds and must not hold a thread of the pool.
        new Thread(Drain) { IsBackground = true, Name = "sqlite writer" }.Start();
    }

    /// <summary>
    /// Applies a change as a whole or not at all; the answer comes after the flush. The change gets the session inside
    /// the transaction and the time of the transaction; an error as its result rolls it back.
    /// </summary>
    public async Task<Result<T>> WriteAsync<T>(Func<SqliteSession, long, Result<T>> change, CancellationToken cancellationToken)
    {
        var waiting = new Change<T>(change, cancellationToken);
        try
        {
            await _changes.Writer.WriteAsync(waiting, cancellationToken);
        }
        catch (ChannelClosedException)
        {
            return StoreErrors.Closed();
        }

        return await waiting.Answer.WaitAsync(cancellationToken);
    }

    /// <summary>Runs outside any transaction, in turn with the changes (checkpoints).</summary>
    public Task<Result<bool>> RunAloneAsync(Action<SqliteSession> work, CancellationToken cancellationToken) =>
        EnqueueAloneAsync(new Change<bool>((session, _) =>
        {
            work(session);
            return true;
        }, cancellationToken) { Alone = true }, cancellationToken);

    /// <summary>Answers what was accepted, then closes the connection.</summary>
    public async ValueTask DisposeAsync()
    {
        _changes.Writer.TryComplete();
        await _ended.Task;
        _session.Dispose();
    }

    private async Task<Result<bool>> EnqueueAloneAsync(Change<bool> waiting, CancellationToken cancellationToken)
    {
        await _changes.Writer.WriteAsync(waiting, cancellationToken);
        return await waiting.Answer.WaitAsync(cancellationToken);
    }

    private void Drain()
    {
        var group = new List<Change>(Together);
        try
        {
            while (_changes.Reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
            {
                group.Clear();
                while (group.Count < Together && _changes.Reader.TryPeek(out var next) && (!next.Alone || group.Count == 0))
                {
                    _changes.Reader.TryRead(out next);
                    group.Add(next!);
                    if (next!.Alone)
                    {
                        break;
                    }
                }

                Commit(group);
            }

            _ended.SetResult();
        }
        catch (Exception bug)
        {
            // Nothing may be left waiting for an answer that never comes.
            _changes.Writer.TryComplete(bug);
            group.ForEach(change => change.Fail(bug));
            while (_changes.Reader.TryRead(out var change))
            {
                change.Fail(bug);
            }

            _ended.SetResult();
        }
    }

    private void Commit(List<Change> group)
    {
        group.RemoveAll(change => change.IsCancelled());
        if (group is [{ Alone: true } alone])
        {
            Guard(group, () => alone.Apply(_session, _clock.Now()));
            alone.Release();
            return;
        }

        if (group.Count == 0)
        {
            return;
        }

        // Alone or locked out there is nothing to gain from another attempt.
        if (Guard(group, () => Transact(group)) is not { } problem || group.Count == 1 || problem.SqliteErrorCode == SQLitePCL.raw.SQLITE_BUSY)
        {
            group.ForEach(change => change.Release());
            return;
        }

        // One of them filled the disk or met damage and took the transaction with it: each gets its own, and its own answer.
        foreach (var change in group)
        {
            Guard([change], () => Transact([change]));
            change.Release();
        }
    }

    private void Transact(List<Change> group)
    {
        _session.Execute("begin immediate");
        // A newer version may have migrated the file while this process ran: it must not write by its old rules.
        if (_session.Number("pragma user_version") is { } scripts && scripts != _scripts)
        {
            _session.Execute("rollback");
            group.ForEach(change => change.Refuse(StoreErrors.Newer(_file, $"schema {scripts}")));
            return;
        }

        var now = _clock.Now();
        foreach (var change in group)
        {
            _session.Execute("savepoint change");
            if (!change.Apply(_session, now))
            {
                _session.Execute("rollback to change");
            }

            _session.Execute("release change");
        }

        _session.Execute("commit");
    }

    /// <summary>Runs it; when SQLite fails, rolls back, gives every change the error and answers what was thrown.</summary>
    private SqliteException? Guard(List<Change> group, Action work)
    {
        try
        {
            work();
            return null;
        }
        catch (SqliteException problem)
        {
            RollBack();
            var error = SqliteErrors.Of(problem, _file);
            foreach (var change in group)
            {
                if (error is null)
                {
                    change.Throw(problem);
                }
                else
                {
                    change.Refuse(error);
                }
            }

            return problem;
        }
    }

    private void RollBack()
    {
        if (_session.HasTransaction)
        {
            _session.Execute("rollback");
        }
    }

    private abstract class Change
    {
        public bool Alone { get; init; }

        public abstract bool IsCancelled();

        /// <summary>False when it must be rolled back. The answer is kept until <see cref="Release"/>, after the flush.</summary>
        public abstract bool Apply(SqliteSession session, long now);

        public abstract void Refuse(Error error);

        public abstract void Throw(Exception bug);

        public abstract void Release();

        public void Fail(Exception bug)
        {
            Throw(bug);
            Release();
        }
    }

    private sealed class Change<T>(Func<SqliteSession, long, Result<T>> apply, CancellationToken cancellationToken) : Change
    {
        private readonly TaskCompletionSource<Result<T>> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private Result<T> _result;
        private Exception? _bug;

        public Task<Result<T>> Answer => _answer.Task;

        public override bool IsCancelled() => cancellationToken.IsCancellationRequested && _answer.TrySetCanceled(cancellationToken);

        public override bool Apply(SqliteSession session, long now)
        {
            (_result, _bug) = (default, null);
            try
            {
                _result = apply(session, now);
                return _result.IsOk;
            }
            catch (SqliteException problem) when (SqliteErrors.EndsTransaction(problem))
            {
                throw;
            }
            catch (Exception bug)
            {
                // A bug in one change is that caller's exception, not everybody's.
                _bug = bug;
                return false;
            }
        }

        public override void Refuse(Error error) => _result = error;

        public override void Throw(Exception bug) => _bug = bug;

        public override void Release()
        {
            if (_bug is { } bug)
            {
                _answer.TrySetException(bug);
            }
            else
            {
                _answer.TrySetResult(_result);
            }
        }
    }
}
