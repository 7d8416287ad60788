using System.Diagnostics;
using System.Globalization;

namespace Waymark.Bench;

/// <summary>The built program as a process of its own over a folder of its own: what a reader's browser talks to.</summary>
internal sealed class ServedWaymark : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("waymark-bench-").FullName;
    private Process? _server;

    /// <summary>The program, or null when it is not built: <c>dotnet build src/App/Waymark.App -c Release</c>.</summary>
    public static string? Find()
    {
        var path = Path.Combine(BenchReport.Root(), "src", "App", "Waymark.App", "bin", "Release", "net10.0", "waymark");
        return File.Exists(path) ? path : null;
    }

    /// <summary>The folder of published files, beside the repository or named by WAYMARK_SHARED; null when absent.</summary>
    public static string? Data() => WorkingCopy.Shared is { } shared ? Path.Combine(shared, "data", "evidence") : null;

    public Uri Address { get; private set; } = new("http://127.0.0.1");

    public string Folder => _folder;

    public async Task ImportAsync(IEnumerable<string> files, CancellationToken cancellationToken)
    {
        using var import = Start("import", files);
        var output = import.StandardOutput.ReadToEndAsync(cancellationToken);
        var errors = import.StandardError.ReadToEndAsync(cancellationToken);
        await import.WaitForExitAsync(cancellationToken).ConfigureAwait(false);
        if (import.ExitCode is not (0 or 3))
        {
            throw new InvalidOperationException($"import ended with {import.ExitCode}: {await output.ConfigureAwait(false)}{await errors.ConfigureAwait(false)}");
        }
    }

    public async Task ServeAsync(CancellationToken cancellationToken)
    {
        _server = Start("serve", ["--port", "0"]);
        _server.ErrorDataReceived += static (_, _) => { };
        _server.BeginErrorReadLine();
        while (await _server.StandardOutput.ReadLineAsync(cancellationToken).ConfigureAwait(false) is { } line)
        {
            if (line.Split(' ').FirstOrDefault(word => word.StartsWith("http://", StringComparison.Ordinal)) is { } address)
            {
                Address = new(address);
                return;
            }
        }

        throw new InvalidOperationException("the server ended before it was ready");
    }

    /// <summary>Resident bytes of the server now and at most, as the kernel counts them.</summary>
    public (long Now, long Peak) Memory()
    {
        var lines = File.ReadAllLines($"/proc/{_server!.Id}/status");
        return (Read("VmRSS:"), Read("VmHWM:"));

        long Read(string name) => 1024 * long.Parse(
            lines.First(line => line.StartsWith(name, StringComparison.Ordinal))[name.Length..].Replace("kB", "", StringComparison.Ordinal), NumberStyles.Integer, CultureInfo.InvariantCulture);
    }

    /// <summary>Processor time of the server so far.</summary>
    public TimeSpan Worked()
    {
        _server!.Refresh();
        return _server.TotalProcessorTime;
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is { HasExited: false } running)
        {
            running.Kill();
            await running.WaitForExitAsync().ConfigureAwait(false);
        }

        _server?.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private Process Start(string verb, IEnumerable<string> words)
    {
        var start = new ProcessStartInfo(Find()!, [verb, .. words, "--data", Path.Combine(_folder, "data")])
        {
            UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = _folder,
        };
        start.Environment["WAYMARK_LIMITS_REQUESTS_PER_MINUTE"] = "1000000";
        return Process.Start(start)!;
    }
}

/// <summary>Made-up files in the layout of a published table: first-time asylum applicants by month, citizenship and sex.</summary>
internal static class GeneratedFiles
{
    public static readonly string[] Areas = ["AUT", "BEL", "BGR", "HRV", "CYP", "CZE", "DNK", "EST", "FIN", "FRA", "DEU", "GRC", "HUN", "IRL", "ITA", "LVA", "LTU", "LUX", "MLT", "NLD", "POL", "PRT", "ROU", "SVK", "SVN", "ESP", "SWE", "NOR", "CHE", "ISL"];

    public static readonly string[] Origins =
    [
        "AFG", "ALB", "DZA", "AGO", "ARG", "ARM", "AZE", "BGD", "BLR", "BEN", "BOL", "BIH", "BRA", "BFA", "BDI", "KHM", "CMR", "CAF", "TCD", "CHN",
        "COL", "COM", "COG", "COD", "CUB", "DJI", "DOM", "ECU", "EGY", "SLV", "ERI", "ETH", "GAB", "GMB", "GEO", "GHA", "GTM", "GIN", "GNB", "HTI",
        "HND", "IND", "IDN", "IRN", "IRQ", "JAM", "JOR", "KAZ", "KEN", "KGZ", "LAO", "LBN", "LBR", "LBY", "MDG", "MWI", "MYS", "MLI", "MRT", "MEX",
        "MDA", "MNG", "MNE", "MAR", "MOZ", "MMR", "NPL", "NIC", "NER", "NGA", "MKD", "PAK", "PRY", "PER", "PHL", "RUS", "RWA", "SEN", "SRB", "SLE",
        "SOM", "ZAF", "SSD", "LKA", "SDN", "SYR", "TJK", "TZA", "THA", "TGO", "TUN", "TUR", "TKM", "UGA", "UKR", "UZB", "VEN", "VNM", "YEM", "ZMB",
    ];

    /// <summary>One file of <paramref name="rows"/> distinct keys, in the order of such files; more rows reach further back in time.</summary>
    public static void Applicants(string path, int rows, int firstYear, int seed)
    {
        var random = new Random(seed);
        using var file = new StreamWriter(path);
        file.Write("\"geo\",\"t\",\"nat\",\"sex\",\"n\"\n");
        var months = (rows / (Areas.Length * Origins.Length * 2)) + 1;
        for (var row = 0; row < rows; row++)
        {
            var (cell, month) = (row / months, row % months);
            file.Write(string.Create(CultureInfo.InvariantCulture,
                $"{Areas[cell / 2 / Origins.Length]},{firstYear + (month / 12)}-{(month % 12) + 1:00},{Origins[cell / 2 % Origins.Length]},{(cell % 2 == 0 ? "female" : "male")},{(int)Math.Exp(random.NextDouble() * 9)}\n"));
        }
    }
}
