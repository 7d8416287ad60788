using System.Diagnostics;
using System.Globalization;
using Npgsql;

namespace Storage.Conformance.Speed;

/// <summary>
/// Processor time of this program and of the database server's processes: on a machine that others use too it says more than
/// the wall clock. Linux only; without a server, or one on another machine, its time is 0.
/// </summary>
internal sealed class ProcessorTime
{
    private readonly int _server;

    private ProcessorTime(int server) => _server = server;

    public static async Task<ProcessorTime> OfAsync(string? connection)
    {
        if (connection is null)
        {
            return new(0);
        }

        await using var source = NpgsqlDataSource.Create(connection);
        await using var command = source.CreateCommand("select pg_backend_pid()");
        var backend = (int)(await command.ExecuteScalarAsync())!;
        return new(Fields(backend) is { } fields ? int.Parse(fields[1], CultureInfo.InvariantCulture) : 0);
    }

    /// <summary>Of this program, and of the server, until now.</summary>
    public (TimeSpan Client, TimeSpan Server) Now()
    {
        using var self = Process.GetCurrentProcess();
        var ticks = 0L;
        foreach (var folder in _server == 0 ? [] : Directory.EnumerateDirectories("/proc"))
        {
            // Fields after the name: state, parent, …; 11 and 12 are user and system time, 13 and 14 those of children that ended.
            if (int.TryParse(Path.GetFileName(folder), out var pid) && Fields(pid) is { } fields
                && (pid == _server || fields[1] == _server.ToString(CultureInfo.InvariantCulture)))
            {
                ticks += fields[11..(pid == _server ? 15 : 13)].Sum(field => long.Parse(field, CultureInfo.InvariantCulture));
            }
        }

        return (self.TotalProcessorTime, TimeSpan.FromMilliseconds(ticks * 10));
    }

    private static string[]? Fields(int pid)
    {
        try
        {
            var text = File.ReadAllText($"/proc/{pid}/stat");
            return text[(text.LastIndexOf(')') + 2)..].Split(' ');
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
