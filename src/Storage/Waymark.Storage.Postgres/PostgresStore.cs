using Npgsql;
using Waymark.Model;
using Waymark.Storage.Backup;
using Waymark.Storage.Engine;

namespace Waymark.Storage.Postgres;

/// <summary>
/// The store for many machines: PostgreSQL 15 or later. Write sets of one process that do not meet share a round trip, a
/// transaction and a flush (<see cref="PostgresWriter"/>); those that meet, here or on other machines, are ordered by advisory
/// locks, so both stores answer the same interleavings alike.
/// </summary>
public sealed class PostgresStore : IStore, IPortableStore
{
    private readonly PostgresDatabase _database;
    private readonly PostgresWriter _writer;
    private readonly TimeProvider _clock;

    private PostgresStore(StoreInfo info, PostgresDatabase database, TimeProvider clock)
    {
        (Info, _database, _writer, _clock) = (info, database, new(database, clock), clock);
        Records = new PostgresRecords(database);
        Series = new PostgresSeries(database);
        Blobs = new PostgresBlobs(database, clock);
        Queue = new PostgresQueue(database, clock);
        Ledger = new PostgresLedger(database, clock);
    }

    public StoreInfo Info { get; }

    public IRecordStore Records { get; }

    public ISeriesStore Series { get; }

    public IBlobStore Blobs { get; }

    public IQueue Queue { get; }

    public ILedgerStore Ledger { get; }

    /// <summary>
    /// Connects, and brings the database forward when it is older. The tables live in the first schema of the search path.
    /// A standby or a read-only database is opened for reading (<see cref="StoreInfo.ReadOnlyReason"/>). Errors:
    /// <c>store.cannot-open</c> (connection string, database), <c>store.unavailable</c> (no answer, sign-in),
    /// <c>store.newer</c>, <c>store.changed-script</c>, <c>store.older</c> (read-only and older).
    /// </summary>
    public static async Task<Result<IStore>> OpenAsync(
        string connectionString, TimeProvider clock, PostgresStoreOptions? options, CancellationToken cancellationToken)
    {
        NpgsqlConnectionStringBuilder settings;
        try
        {
            settings = new(connectionString);
            if (string.IsNullOrWhiteSpace(settings.Host))
            {
                return StoreErrors.CannotOpen("WAYMARK_STORE", "the connection string names no host");
            }

            settings.ApplicationName ??= "waymark";
            // The statements of this assembly are few and constant: the server parses each once per connection.
            settings.MaxAutoPrepare = Math.Max(settings.MaxAutoPrepare, 64);
            settings.AutoPrepareMinUsages = 2;
            // Nothing of this assembly outlives its transaction in a session, so there is nothing to reset between two of them.
            settings.NoResetOnClose = true;
        }
        catch (Exception problem) when (problem is ArgumentException or FormatException or KeyNotFoundException)
        {
            // What was given is not repeated: it may hold a password.
            return StoreErrors.CannotOpen("WAYMARK_STORE", "this is not a connection string of PostgreSQL");
        }

        var location = $"{settings.Host}:{settings.Port}/{settings.Database}";
        var source = NpgsqlDataSource.Create(settings);
        try
        {
            var opened = await OpenAsync(source, location, clock, options ?? new(), cancellationToken);
            if (!opened.IsOk)
            {
                await source.DisposeAsync();
            }

            return opened;
        }
        catch (Exception problem) when (PostgresErrors.Of(problem, location) is { } error)
        {
            await source.DisposeAsync();
            return error;
        }
        catch
        {
            await source.DisposeAsync();
            throw;
        }
    }

    public Task<Result<CommitReceipt>> CommitAsync(WriteSet writes, CancellationToken cancellationToken) =>
        WriteSetRules.Check(writes) is { } error
            ? Task.FromResult<Result<CommitReceipt>>(error)
            : _writer.CommitAsync(writes, cancellationToken);

    public async Task<Result<StoreReport>> VerifyAsync(IProgress<StoreProgress>? progress, CancellationToken cancellationToken)
    {
        var counts = new Dictionary<string, long>(StringComparer.Ordinal);
        var faults = new List<Error>();
        try
        {
            await using var snapshot = await PostgresSnapshot.BeginAsync(_database, cancellationToken);
            foreach (var (law, sql) in VerifyQueries.All)
            {
                progress?.Report(new("law", faults.Count, null));
                faults.AddRange((await snapshot.TextsAsync(sql, cancellationToken))
                    .ConvertAll(where => StoreErrors.Corrupt(where, $"it does not hold that {law}")));
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

    public Task<Result<StoreReport>> BackupAsync(string folder, IProgress<StoreProgress>? progress, CancellationToken cancellationToken) =>
        BackupWriter.WriteAsync(this, Info, folder, _clock, progress, cancellationToken);

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    async Task<IPortableSnapshot> IPortableStore.SnapshotAsync(CancellationToken cancellationToken) =>
        await PostgresSnapshot.BeginAsync(_database, cancellationToken);

    async Task<bool> IPortableStore.IsEmptyAsync(CancellationToken cancellationToken)
    {
        var any = string.Join(" or ", PortableSchema.Tables.Select(t => $"exists (select 1 from {t.Name})"));
        return !await _database.FirstAsync($"select {any}", row => row.GetBoolean(0), cancellationToken);
    }

    Task IPortableStore.ImportAsync(
        IAsyncEnumerable<Chunk> chunks, Func<PortableTable, IAsyncEnumerable<object?[]>> rows, CancellationToken cancellationToken) =>
        PostgresImport.FillAsync(_database, _clock, chunks, rows, cancellationToken);

    private static async Task<Result<IStore>> OpenAsync(
        NpgsqlDataSource source, string location, TimeProvider clock, PostgresStoreOptions options, CancellationToken cancellationToken)
    {
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        if (connection.PostgreSqlVersion.Major < 15)
        {
            return StoreErrors.CannotOpen(location, $"PostgreSQL {connection.PostgreSqlVersion} is older than 15");
        }

        await using var question = new NpgsqlCommand(
            "select pg_is_in_recovery() or current_setting('transaction_read_only')::boolean", connection);
        var readOnly = await question.ExecuteScalarAsync(cancellationToken) is true;
        var reason = options.ReadOnly
            ? new LocalText("The store was opened for reading only.", "数据存储以只读方式打开。")
            : readOnly ? new LocalText("The database server is a standby or read-only.", "数据库服务器为备用节点或只读。") : null;
        var error = reason is null
            ? await PostgresMigrator.MigrateAsync(connection, clock, location, cancellationToken)
            : await PostgresMigrator.CheckAsync(connection, location, cancellationToken);
        if (error is not null)
        {
            return error;
        }

        var info = new StoreInfo("postgres", connection.PostgreSqlVersion.ToString(), PostgresMigrator.Scripts.Count, location, reason)
        {
            ClockAhead = await AheadAsync(connection, clock, cancellationToken),
        };
        return new PostgresStore(info, new(source, location, reason is not null), clock);
    }

    /// <summary>Our clock against the server's, half of the way there and back taken off.</summary>
    private static async Task<TimeSpan?> AheadAsync(NpgsqlConnection connection, TimeProvider clock, CancellationToken cancellationToken)
    {
        await using var question = new NpgsqlCommand("select clock_timestamp()", connection);
        var asked = clock.GetUtcNow();
        var answered = await question.ExecuteScalarAsync(cancellationToken);
        return answered is DateTime server ? asked + ((clock.GetUtcNow() - asked) / 2) - new DateTimeOffset(server, TimeSpan.Zero) : null;
    }
}
