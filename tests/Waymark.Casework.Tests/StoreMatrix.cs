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
        if (kind == "sqlite")
        {
            return async (folder, clock) => (await SqliteStore.OpenAsync(Path.Combine(folder, "data"), clock, null, default)).Value;
        }

        var (connection, _, reason) = await s_server.Value;
        if (connection is null)
        {
            Console.WriteLine("skipped: " + reason);
            Assert.Skip(reason);
        }

        var schema = $"casework_{Environment.ProcessId}_{Interlocked.Increment(ref s_schemas)}";
        return async (_, clock) =>
        {
            await using (var session = new Npgsql.NpgsqlConnection(connection))
            {
                await session.OpenAsync();
                await using var create = new Npgsql.NpgsqlCommand($"create schema if not exists {schema}", session);
                await create.ExecuteNonQueryAsync();
            }

            var opened = await PostgresStore.OpenAsync($"{connection};Search Path={schema};Maximum Pool Size=8", clock, null, default);
            return opened.IsOk ? opened.Value : throw new InvalidOperationException(opened.Error.ToString());
        };
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
