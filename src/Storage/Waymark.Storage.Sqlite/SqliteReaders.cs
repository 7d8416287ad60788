using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;
using Waymark.Storage.Engine;

namespace Waymark.Storage.Sqlite;

/// <summary>Connections that read WAL snapshots: they never wait for the writer and never make it wait.</summary>
internal sealed class SqliteReaders(string file, bool immutable, SqliteStoreOptions options) : IDisposable
{
    private readonly ConcurrentBag<SqliteSession> _idle = [];
    private readonly SemaphoreSlim _places = new(options.Readers, options.Readers);
    private volatile bool _closed;

    /// <summary>Answers a short question on the caller's thread.</summary>
    public async Task<T> ReadAsync<T>(Func<SqliteSession, T> question, CancellationToken cancellationToken)
    {
        using var loan = await BorrowAsync(cancellationToken);
        return Guard(() => question(loan.Session));
    }

    /// <summary>Turns what SQLite throws into the store's own exception.</summary>
    public T Guard<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (SqliteException problem) when (SqliteErrors.Of(problem, file) is { } error)
        {
            throw new StoreException(error, problem);
        }
    }

    public async Task<Loan> BorrowAsync(CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_closed, this);
        await _places.WaitAsync(cancellationToken);
        try
        {
            return new(this, _idle.TryTake(out var session)
                ? session
                : Guard(() => SqliteSession.Open(file, SqliteOpenMode.ReadOnly, immutable, options)));
        }
        catch
        {
            _places.Release();
            throw;
        }
    }

    public void Dispose()
    {
        _closed = true;
        while (_idle.TryTake(out var session))
        {
            session.Dispose();
        }
    }

    /// <summary>A session that goes back when disposed.</summary>
    internal sealed class Loan(SqliteReaders readers, SqliteSession session) : IDisposable
    {
        private bool _returned;

        public SqliteSession Session => session;

        public void Dispose()
        {
            if (_returned)
            {
                return;
            }

            _returned = true;
            if (readers._closed || session.HasTransaction)
            {
                session.Dispose();
            }
            else
            {
                readers._idle.Add(session);
            }

            readers._places.Release();
        }
    }
}
