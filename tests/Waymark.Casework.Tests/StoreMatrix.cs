using System.Diagnostics;
using Waymark.Storage;
using Waymark.Storage.Postgres;
using Waymark.Storage.Sqlite;

[assembly: AssemblyFixture(typeof(Waymark.Casework.Tests.StoreMatrix))]

namespace Waymark.Casework.Tests;

/// <summary>Both stores; the PostgreSQL server is a private one, started on first use and stopped at the end.</summary>
public sealed class StoreMatrix : IAsyncDisposable
{
    private static readonly Lazy<Task<(string? Connection, string Data, string Reason)>> s_server = new(StartAsync);

    private static int s_schemas;

    public static TheoryData<string> Kinds => ["sqlite", "postgres"];

    internal static async Task<Func<string, TimeProvider, Task<IStore>>> OpenerAsync(string kind)
    {
        var location = await LocationAsync(kind);
        return (folder, clock) => OpenAtAsync(location, folder, clock);
    }

    /// <summary>Where a store of this kind lives, for a process of its own: a schema on the server, or nothing, for it lives in the node's folder.</summary>
    internal static async Task<string> LocationAsync(string kind)
    {
        if (kind == "sqlite")
        {
            return "";
        }

        var (connection, _, reason) = await s_server.Value;
        if (connection is null)
        {
            Console.WriteLine("skipped: " + reason);
            Assert.Skip(reason);
        }

        var schema = $"casework_{Environment.ProcessId}_{Interlocked.Increment(ref s_schemas)}";
        await using var session = new Npgsql.NpgsqlConnection(connection);
        await session.OpenAsync();
        await using var create = new Npgsql.NpgsqlCommand($"create schema {schema}", session);
        await create.ExecuteNonQueryAsync();
        return $"{connection};Search Path={schema};Maximum Pool Size=8;Application Name={schema}";
    }

    internal static async Task<IStore> OpenAtAsync(string location, string folder, TimeProvider clock)
    {
        var opened = location.Length == 0 ? await SqliteStore.OpenAsync(Path.Combine(folder, "data"), clock, null, default) : await PostgresStore.OpenAsync(location, clock, null, default);
        return opened.IsOk ? opened.Value : throw new InvalidOperationException(opened.Error.ToString());
    }

    /// <summary>A server finishes what it has received and only then notices that nobody listens any more; this waits until it has.</summary>
    internal static async Task SettleAsync(string location)
    {
        if (location.Length == 0)
        {
            return;
        }

        var name = new Npgsql.NpgsqlConnectionStringBuilder(location).ApplicationName;
        await using var session = new Npgsql.NpgsqlConnection(new Npgsql.NpgsqlConnectionStringBuilder(location) { Pooling = false, ApplicationName = "settle" }.ToString());
        await session.OpenAsync();
        await using var others = new Npgsql.NpgsqlCommand("select count(*) from pg_stat_activity where application_name = $1", session) { Parameters = { new() { Value = name } } };
        while (await others.ExecuteScalarAsync() is not 0L)
        {
            await Task.Delay(2);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (s_server.IsValueCreated && await s_server.Value is { Connection: not null } server)
        {
            Npgsql.NpgsqlConnection.ClearAllPools();
            await RunAsync("tools/postgres/stop", server.Data);
        }
    }

    private static async Task<(string?, string, string)> StartAsync()
    {
        var (code, output, error) = await RunAsync("tools/postgres/start", "15");
        var lines = output.Split('\n').Where(line => line.Contains('=', StringComparison.Ordinal)).ToDictionary(line => line[..line.IndexOf('=', StringComparison.Ordinal)], line => line[(line.IndexOf('=', StringComparison.Ordinal) + 1)..]);
        return code == 0 ? (lines["connection"], lines["data"], "") : (null, "", "PostgreSQL 15: " + error.Trim());
    }

    private static async Task<(int Code, string Output, string Error)> RunAsync(string script, string argument)
    {
        using var process = Process.Start(new ProcessStartInfo(Path.Combine(Path.GetDirectoryName(RepositoryPacks.Folder)!, script), [argument]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true })!;
        var error = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, output, await error);
    }
}
