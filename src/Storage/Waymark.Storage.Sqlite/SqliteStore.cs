using Microsoft.Data.Sqlite;
using SQLitePCL;
using Waymark.Model;
using Waymark.Storage.Backup;
using Waymark.Storage.Engine;

namespace Waymark.Storage.Sqlite;

/// <summary>
/// The embedded store: one file <c>waymark.db</c> in the data folder, on the operating system's SQLite, in WAL mode with
/// <c>synchronous = full</c>. Several processes may use it at once (the server and the command line): their writers take
/// turns, their readers see every commit of the others.
/// </summary>
public sealed class SqliteStore : IStore, IPortableStore
{
    public const string FileName = "waymark.db";

    private readonly SqliteReaders _readers;
    private readonly SqliteWriter? _writer;
    private readonly TimeProvider _clock;
    private bool _disposed;

    internal SqliteStore(StoreInfo info, SqliteReaders readers, SqliteWriter? writer, TimeProvider clock)
    {
        (Info, _readers, _writer, _clock) = (info, readers, writer, clock);
        Records = new SqliteRecords(this, readers);
        Series = new SqliteSeries(readers);
        Blobs = new SqliteBlobs(this, readers, clock);
        Queue = new SqliteQueue(this, readers, clock);
        Ledger = new SqliteLedger(this, readers);
    }

    public StoreInfo Info { get; }

    public IRecordStore Records { get; }

    public ISeriesStore Series { get; }

    public IBlobStore Blobs { get; }

    public IQueue Queue { get; }

    public ILedgerStore Ledger { get; }

    /// <summary>
    /// Opens the store in this folder, making it when there is none and bringing it forward when it is older. A folder or
    /// file that cannot be written is opened for reading (<see cref="StoreInfo.ReadOnlyReason"/>). Errors:
    /// <c>store.cannot-open</c>, <c>store.read-only</c> (nothing there and nothing can be made), <c>store.newer</c>,
    /// <c>store.changed-script</c>, <c>store.older</c> (read-only and older), <c>store.corrupt</c>, <c>store.full</c>.
    /// </summary>
    public static Task<Result<IStore>> OpenAsync(
        string folder, TimeProvider clock, SqliteStoreOptions? options, CancellationToken cancellationToken) =>
        Task.Run(() => SqliteOpening.Open(Path.GetFullPath(folder), clock, options ?? new()), cancellationToken);

    public Task<Result<CommitReceipt>> CommitAsync(WriteSet writes, CancellationToken cancellationToken) =>
        WriteSetRules.Check(writes) is { } error
            ? Task.FromResult<Result<CommitReceipt>>(error)
            : WriteAsync((session, now) => SqliteCommit.Apply(session, writes, now), cancellationToken);

    public Task<Result<StoreReport>> VerifyAsync(IProgress<StoreProgress>? progress, CancellationToken cancellationToken) =>
        Task.Run(() => CheckAllAsync(progress, cancellationToken), cancellationToken);

    public Task<Result<StoreReport>> BackupAsync(string folder, IProgress<StoreProgress>? progress, CancellationToken cancellationToken) =>
        Task.Run(() => BackupWriter.WriteAsync(this, Info, folder, _clock, progress, cancellationToken), cancellationToken);

    public async ValueTask DisposeAsync()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        if (_writer is not null)
        {
            await _writer.DisposeAsync();
        }

        _readers.Dispose();
    }

    async Task<IPortableSnapshot> IPortableStore.SnapshotAsync(CancellationToken cancellationToken) =>
        await SqliteSnapshot.BeginAsync(_readers, cancellationToken);

    Task<bool> IPortableStore.IsEmptyAsync(CancellationToken cancellationToken) =>
        _readers.ReadAsync(SqliteImport.IsEmpty, cancellationToken);

    async Task IPortableStore.ImportAsync(
        IAsyncEnumerable<Chunk> chunks, Func<PortableTable, IAsyncEnumerable<object?[]>> rows, CancellationToken cancellationToken)
    {
        await foreach (var chunk in chunks)
        {
            await MustAsync((session, now) => SqliteImport.Store(session, chunk, now), cancellationToken);
        }

        await MustAsync((session, _) =>
        {
            foreach (var table in PortableSchema.Tables)
            {
                SqliteImport.Fill(session, table, rows(table).ToBlockingEnumerable(cancellationToken));
            }
        }, cancellationToken);
    }

    /// <summary>One change through the one writer; refused when the store can only be read.</summary>
    internal Task<Result<T>> WriteAsync<T>(Func<SqliteSession, long, Result<T>> change, CancellationToken cancellationToken) =>
        _writer is null
            ? Task.FromResult<Result<T>>(StoreErrors.ReadOnly(Info.Location))
            : _writer.WriteAsync(change, cancellationToken);

    /// <summary>Moves the log into the database file and cuts it to nothing, as far as readers allow.</summary>
    internal async Task CheckpointAsync(CancellationToken cancellationToken)
    {
        if (_writer is not null)
        {
            await _writer.RunAloneAsync(static session => session.Execute("pragma wal_checkpoint(truncate)"), cancellationToken);
        }
    }

    /// <summary>
    /// Freed cells are overwritten as they are freed, but a page that was split or joined may keep a copy in its free part:
    /// only a file that is written anew holds nothing else. Then the log, which has the old pages too, is cut to nothing.
    /// </summary>
    internal async Task<Result<bool>> CompactAsync(CancellationToken cancellationToken)
    {
        if (_writer is null)
        {
            return StoreErrors.ReadOnly(Info.Location);
        }

        var held = true;
        var done = await _writer.RunAloneAsync(session =>
        {
            session.Execute("vacuum");
            held = session.Number("pragma wal_checkpoint(truncate)") != 0;
        }, cancellationToken);
        return done.IsOk && held ? StoreErrors.Busy(Info.Location) : done;
    }

    private async Task MustAsync(Action<SqliteSession, long> change, CancellationToken cancellationToken)
    {
        var done = await WriteAsync<bool>((session, now) =>
        {
            change(session, now);
            return true;
        }, cancellationToken);
        if (!done.IsOk)
        {
            throw new StoreException(done.Error);
        }
    }

    private async Task<Result<StoreReport>> CheckAllAsync(IProgress<StoreProgress>? progress, CancellationToken cancellationToken)
    {
        var counts = new Dictionary<string, long>(StringComparer.Ordinal);
        var faults = new List<Error>();
        try
        {
            await using var snapshot = await SqliteSnapshot.BeginAsync(_readers, cancellationToken);
            progress?.Report(new("engine", 0, null));
            faults.AddRange(_readers.Guard(() => snapshot.Session
                .Query("pragma integrity_check", row => row.GetString(0)).Where(line => line != "ok")
                .Select(line => StoreErrors.Corrupt(Info.Location, line)).ToList()));
            faults.AddRange(_readers.Guard(() => snapshot.Session
                .Query("select \"table\", count(*) from pragma_foreign_key_check() group by 1", row => row.GetString(0))
                .ConvertAll(table => StoreErrors.Corrupt(table, "a row refers to one that is missing"))));
            foreach (var (law, sql) in VerifyQueries.All)
            {
                faults.AddRange(_readers.Guard(() => snapshot.Session.Query(sql, row => row.GetString(0))
                    .ConvertAll(where => StoreErrors.Corrupt(where, $"it does not hold that {law}"))));
            }

            await Verification.ReadBackAsync(snapshot, counts, faults, progress, cancellationToken);
        }
        catch (StoreException problem) when (problem.Error.Code == "store.corrupt")
        {
            // Damage that stops the reading is a finding, not a failure to look.
            faults.Add(problem.Error);
        }
        catch (StoreException problem)
        {
            return problem.Error;
        }

        return new StoreReport(counts, faults);
    }
}
