using Npgsql;
using Storage.Conformance.Harness;
using Waymark.Storage;
using Waymark.Storage.Postgres;
using Waymark.Storage.Sqlite;
using Xunit;

namespace Waymark.Evidence.Tests.Crashes;

/// <summary>Where the store of a crash test lives: a folder, or a database of its own on the server of that version.</summary>
internal static class CrashPlace
{
    public static async Task<string> NewAsync(string kind)
    {
        if (kind == "sqlite")
        {
            return TemporaryFolders.New("import-crash");
        }

        var (connection, reason) = await Servers.ConnectionAsync(kind["postgres-".Length..]);
        if (connection is null)
        {
            Console.WriteLine($"skipped: {reason}");
            Assert.Skip(reason);
        }

        var name = $"waymark_import_{Environment.ProcessId}";
        await using var source = NpgsqlDataSource.Create(connection);
        await using var create = source.CreateCommand($"create database {name}");
        await create.ExecuteNonQueryAsync();
        return new NpgsqlConnectionStringBuilder(connection) { MaxPoolSize = 20, Database = name }.ToString();
    }

    public static async Task<IStore> OpenAsync(string kind, string location)
    {
        var opened = kind == "sqlite"
            ? await SqliteStore.OpenAsync(location, TimeProvider.System, null, CancellationToken.None)
            : await PostgresStore.OpenAsync(location, TimeProvider.System, null, CancellationToken.None);
        return opened.IsOk ? opened.Value : throw new InvalidOperationException(opened.Error.ToString());
    }

    /// <summary>A server finishes the batch it has received and only then notices that nobody listens; this waits until it has.</summary>
    public static async Task<Func<Task>> SettlerAsync(string kind, string location)
    {
        if (kind == "sqlite")
        {
            return () => Task.CompletedTask;
        }

        // One connection for the whole test: a connection of its own for every kill costs more than the question it asks.
        var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(location) { Pooling = false }.ToString());
        await connection.OpenAsync();
        return async () =>
        {
            await using var others = new NpgsqlCommand(
                "select count(*) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid() and backend_type = 'client backend'", connection);
            while (await others.ExecuteScalarAsync() is not 0L)
            {
                await Task.Delay(2);
            }
        };
    }
}
