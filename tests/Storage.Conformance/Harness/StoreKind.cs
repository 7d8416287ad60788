using Npgsql;
using Waymark.Model;
using Waymark.Storage;
using Waymark.Storage.Postgres;
using Waymark.Storage.Sqlite;
using Xunit;

namespace Storage.Conformance.Harness;

/// <summary>One column of the matrix: where stores of this kind live and how they are opened.</summary>
public abstract class StoreKind
{
    private static int _schemas;

    public abstract string Name { get; }

    public static StoreKind Of(string name) => name switch
    {
        "sqlite" => new Sqlite(),
        "postgres-15" => new Postgres("15"),
        "postgres-18" => new Postgres("18"),
        _ => throw new ArgumentException(name, nameof(name)),
    };

    /// <summary>
    /// A place of its own for one store; skips the test with the reason when this kind is not on this machine. On a server
    /// it is a schema, or, for tests that touch everybody's sessions, a database (a thousand files each).
    /// </summary>
    public abstract Task<string> NewLocationAsync(bool alone = false);

    public abstract Task<Result<IStore>> OpenAsync(string location, TimeProvider clock, bool readOnly = false);

    /// <summary>Runs SQL behind the store's back, to damage it or to look.</summary>
    public abstract Task<List<string>> RunAsync(string location, string sql);

    /// <summary>
    /// Waits until nothing of a killed process is at work any more: a server finishes the batch it has received, and only
    /// then notices that nobody listens.
    /// </summary>
    public virtual Task SettleAsync(string location) => Task.CompletedTask;

    /// <summary>Somebody's look at a server as it is now, held open without touching a table; null where the store is one file and its writer waits for readers.</summary>
    public virtual Task<IAsyncDisposable?> LookAsync(string location) => Task.FromResult<IAsyncDisposable?>(null);

    private sealed class Sqlite : StoreKind
    {
        public override string Name => "sqlite";

        public override Task<string> NewLocationAsync(bool alone = false) => Task.FromResult(TemporaryFolders.New("store"));

        public override Task<Result<IStore>> OpenAsync(string location, TimeProvider clock, bool readOnly = false) =>
            SqliteStore.OpenAsync(location, clock, new() { ReadOnly = readOnly }, CancellationToken.None);

        public override Task<List<string>> RunAsync(string location, string sql)
        {
            using var session = SqliteSession.Open(Path.Combine(location, SqliteStore.FileName),
                Microsoft.Data.Sqlite.SqliteOpenMode.ReadWrite, immutable: false, new());
            session.Run("pragma foreign_keys = off");
            return Task.FromResult(session.Query(sql, row => row.GetValue(0).ToString()!));
        }
    }

    private sealed class Postgres(string version) : StoreKind
    {
        public override string Name => $"postgres-{version}";

        public override async Task<string> NewLocationAsync(bool alone = false)
        {
            var (connection, reason) = await Servers.ConnectionAsync(version);
            if (connection is null)
            {
                Console.WriteLine($"skipped: {reason}");
                Assert.Skip(reason);
            }

            var name = $"waymark_{Environment.ProcessId}_{Interlocked.Increment(ref _schemas)}";
            await using var source = NpgsqlDataSource.Create(connection);
            await using var create = source.CreateCommand(alone ? $"create database {name}" : $"create schema {name}");
            await create.ExecuteNonQueryAsync();
            var place = new NpgsqlConnectionStringBuilder(connection) { MaxPoolSize = 20 };
            if (alone)
            {
                place.Database = name;
            }
            else
            {
                place.SearchPath = name;
            }

            return place.ToString();
        }

        public override Task<Result<IStore>> OpenAsync(string location, TimeProvider clock, bool readOnly = false) =>
            PostgresStore.OpenAsync(location, clock, new() { ReadOnly = readOnly }, CancellationToken.None);

        public override async Task SettleAsync(string location)
        {
            await using var source = NpgsqlDataSource.Create(location);
            await using var others = source.CreateCommand(
                "select count(*) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid() and backend_type = 'client backend'");
            while (await others.ExecuteScalarAsync() is not 0L)
            {
            }
        }

        public override async Task<IAsyncDisposable?> LookAsync(string location)
        {
            var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(location) { Pooling = false }.ToString());
            await connection.OpenAsync();
            await using var look = new NpgsqlCommand("begin isolation level repeatable read; select pg_export_snapshot()", connection);
            await look.ExecuteNonQueryAsync();
            return connection;
        }

        public override async Task<List<string>> RunAsync(string location, string sql)
        {
            await using var source = NpgsqlDataSource.Create(location);
            await using var command = source.CreateCommand(sql);
            command.CommandTimeout = 300; // a machine under load reads all files of a database slowly
            await using var reader = await command.ExecuteReaderAsync();
            var found = new List<string>();
            while (await reader.ReadAsync())
            {
                found.Add(reader.GetValue(0).ToString()!);
            }

            return found;
        }
    }
}
