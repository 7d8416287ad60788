using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;

namespace Waymark.Bench;

/// <summary>
/// How long somebody waits who has just built the program and starts it on an empty folder: until the address is printed, packs and
/// reference evidence loaded, and until the first page has come. The processor time is what a busy machine disturbs least.
/// </summary>
internal sealed class StartBench : IBenchmark
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    public string Verb => "start";

    public string What => "seconds from the start on an empty folder to the first page";

    public async Task<int> RunAsync(BenchOptions options, CancellationToken cancellationToken)
    {
        var report = new BenchReport("start", options, TimeProvider.System);
        if (ServedWaymark.Find() is null)
        {
            Console.WriteLine("skipped: build src/App/Waymark.App -c Release first");
            return 0;
        }

        report.Fact("load of the machine before", (await File.ReadAllTextAsync("/proc/loadavg", cancellationToken).ConfigureAwait(false)).Split(' ')[0]);
        await using var served = new ServedWaymark();
        var began = Stopwatch.GetTimestamp();
        await served.ServeAsync(cancellationToken).ConfigureAwait(false);
        var printed = Stopwatch.GetElapsedTime(began);
        using var client = new HttpClient { BaseAddress = served.Address, Timeout = TimeSpan.FromMinutes(5) };
        client.DefaultRequestHeaders.Add("Accept", "text/html");
        var page = await client.GetStringAsync("/", cancellationToken).ConfigureAwait(false);
        var (answered, worked) = (Stopwatch.GetElapsedTime(began), served.Worked());
        report.Fact("kilobytes of the page", page.Length / 1024);
        var passed = worked < Limit;
        foreach (var (what, seconds) in new[] { ("until the address is printed", printed), ("until the first page has come", answered), ("processor time until then", worked) })
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what}: {seconds.TotalSeconds:0.00} s"));
            report.Row(new JsonObject { ["what"] = what, ["seconds"] = Math.Round(seconds.TotalSeconds, 2), ["limit"] = Limit.TotalSeconds });
        }

        Console.WriteLine(passed ? "within its gate" : "THE GATE FAILED");
        if (!options.Sample)
        {
            Console.WriteLine($"saved {report.Save()}");
        }

        return passed ? 0 : 3;
    }
}
