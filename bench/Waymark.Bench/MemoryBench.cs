using System.Globalization;
using System.Text.Json.Nodes;

namespace Waymark.Bench;

/// <summary>
/// What an observation costs in memory: in the cube, by its own account and by the heap, and in a whole served process that has
/// just read the series from its store and answered a page of it. There is no peer: a database server keeps its pages elsewhere.
/// </summary>
internal sealed class MemoryBench : IBenchmark
{
    private const int CubeLimit = 64;
    private const int ProcessLimit = 200;
    private const int RowsAFile = 1_000_000;

    public string Verb => "cube-memory";

    public string What => "bytes per observation of the cube and of a served process at 10^7 observations (2*10^5 with --sample)";

    public async Task<int> RunAsync(BenchOptions options, CancellationToken cancellationToken)
    {
        var report = new BenchReport("cube-memory", options, TimeProvider.System);
        var rows = options.Rows ?? (options.Sample ? 200_000 : 10_000_000);
        report.Fact("observations", rows);
        var (accounted, heap) = Cube(rows, options.Seed);
        var passed = Row(report, "cube, six dimensions, four vintages, with key index (accounted)", accounted, CubeLimit)
            & Row(report, "cube, the same, managed heap after a full collection", heap, CubeLimit);
        if (ServedWaymark.Find() is null)
        {
            report.Fact("process", "skipped: build src/App/Waymark.App -c Release first");
        }
        else if (!options.Sample)
        {
            passed &= await ProcessAsync(options, report, rows, cancellationToken).ConfigureAwait(false);
        }

        Console.WriteLine(passed ? "within its gates" : "A GATE FAILED");
        if (!options.Sample)
        {
            Console.WriteLine($"saved {report.Save()}");
        }

        return passed ? 0 : 3;
    }

    private static (double Accounted, double Heap) Cube(int rows, int seed)
    {
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var builder = CubeData.Build(rows, seed);
        var after = GC.GetTotalMemory(forceFullCollection: true);
        var accounted = builder.MemoryBytes;
        GC.KeepAlive(builder);
        return (accounted / (double)rows, (after - before) / (double)rows);
    }

    private static async Task<bool> ProcessAsync(BenchOptions options, BenchReport report, int rows, CancellationToken cancellationToken)
    {
        await using var served = new ServedWaymark();
        List<string> files = [];
        for (var from = 0; from < rows; from += RowsAFile)
        {
            // Files of a million rows, each of years of its own, as an agency's archive would come.
            var path = Path.Combine(served.Folder, string.Create(CultureInfo.InvariantCulture, $"applicants-{files.Count}.csv"));
            GeneratedFiles.Applicants(path, Math.Min(RowsAFile, rows - from), 1850 + (20 * files.Count), options.Seed + files.Count);
            files.Add(path);
        }

        await served.ImportAsync(files, cancellationToken).ConfigureAwait(false);
        await served.ServeAsync(cancellationToken).ConfigureAwait(false);
        using var client = new HttpClient { BaseAddress = served.Address, Timeout = TimeSpan.FromMinutes(10) };
        client.DefaultRequestHeaders.Add("Accept", "text/html");
        var idle = served.Memory().Now;
        var page = await client.GetStringAsync("/data/eurostat/first-time-applicants?view=chart", cancellationToken).ConfigureAwait(false);
        report.Fact("kilobytes of the page", page.Length / 1024);
        report.Fact("megabytes of the process before the series was asked for", idle >> 20);
        var (now, peak) = served.Memory();
        report.Fact("megabytes at most, while the cube was built", peak >> 20);
        return Row(report, "whole process, after its first page", now / (double)rows, ProcessLimit);
    }

    private static bool Row(BenchReport report, string what, double bytes, int limit)
    {
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what}: {bytes:0.0} bytes an observation (limit {limit})"));
        report.Row(new JsonObject { ["what"] = what, ["bytes_an_observation"] = Math.Round(bytes, 1), ["limit"] = limit });
        return bytes <= limit;
    }
}
