using System.Diagnostics;
using Storage.Conformance.Harness;
using Xunit;

[assembly: AssemblyFixture(typeof(Servers))]
[assembly: System.Runtime.Versioning.SupportedOSPlatform("linux")]

namespace Storage.Conformance.Harness;

/// <summary>
/// The PostgreSQL servers of the matrix, started on first use by tools/postgres/start and stopped at the end. A connection
/// string in WAYMARK_TEST_POSTGRES_15 or _18 uses that server instead.
/// </summary>
public sealed class Servers : IAsyncDisposable
{
    private static readonly Lock _gate = new();
    private static readonly Dictionary<string, Task<(string? Connection, string Reason)>> _running = [];
    private static readonly List<string> _folders = [];

    public static string Root => WorkingCopy.Root;

    /// <summary>A connection string, or the reason why this version cannot be tested here.</summary>
    internal static Task<(string? Connection, string Reason)> ConnectionAsync(string version)
    {
        lock (_gate)
        {
            return _running.TryGetValue(version, out var known) ? known : _running[version] = Task.Run(() => StartAsync(version));
        }
    }

    public async ValueTask DisposeAsync()
    {
        Npgsql.NpgsqlConnection.ClearAllPools();
        foreach (var folder in _folders)
        {
            if (await RunAsync("tools/postgres/stop", folder) is { Code: not 0 } failed)
            {
                Console.Error.WriteLine(failed.Error);
            }
        }

        TemporaryFolders.Remove();
    }

    private static async Task<(string? Connection, string Reason)> StartAsync(string version)
    {
        if (Environment.GetEnvironmentVariable($"WAYMARK_TEST_POSTGRES_{version}") is { Length: > 0 } given)
        {
            return (given, "");
        }

        var (code, output, error) = await RunAsync("tools/postgres/start", version);
        if (code == 3)
        {
            return (null, error.Trim());
        }

        if (code != 0)
        {
            throw new InvalidOperationException($"tools/postgres/start {version}: {error}");
        }

        var lines = output.Split('\n').Where(l => l.Contains('=', StringComparison.Ordinal))
            .ToDictionary(l => l[..l.IndexOf('=', StringComparison.Ordinal)], l => l[(l.IndexOf('=', StringComparison.Ordinal) + 1)..]);
        lock (_gate)
        {
            _folders.Add(lines["data"]);
        }

        return (lines["connection"], "");
    }

    private static async Task<(int Code, string Output, string Error)> RunAsync(string script, string argument)
    {
        using var process = Process.Start(new ProcessStartInfo(Path.Combine(Root, script), [argument])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        // The server inherits nothing of these pipes that would keep them open: the script writes its output to files.
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, await output, await error);
    }
}
