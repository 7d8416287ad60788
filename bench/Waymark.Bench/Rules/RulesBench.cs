using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Waymark.Packs;
using Waymark.Packs.Content;
using Waymark.Rules;

namespace Waymark.Bench.Rules;

/// <summary>
/// Decisions per second of processor time on the benchmark policy, at three sizes, beside Cedar and node-casbin on the same requests in the same run; each decision compared.
/// Gates: no allocation, no difference, ten times the best peer; full sizes also count what an explanation costs.
/// </summary>
internal sealed class RulesBench : IBenchmark
{
    private const int Kept = 10_000;

    public string Verb => "rules";

    public string What => "decide and explain by rule packs, beside cedar-wasm and node-casbin";

    public async Task<int> RunAsync(BenchOptions options, CancellationToken cancellationToken)
    {
        var report = new BenchReport("rules", options, TimeProvider.System);
        var packs = Path.Combine(BenchReport.Root(), "packs");
        report.Fact("load", Load());
        report.Fact("request seed", BenchmarkPolicy.Seed);
        report.Fact("allowed of 10,000", BenchmarkPolicy.Requests(Kept).Count(request => BenchmarkPolicy.IsAllowed(request)));
        var failed = false;
        foreach (var families in new[] { 1, 10, 100 })
        {
            cancellationToken.ThrowIfCancellationRequested();
            var (row, isGood) = await SizeAsync(packs, families, options, cancellationToken);
            report.Row(row);
            failed |= !isGood;
        }

        AllPacks(packs, options, report);
        report.Fact("load at the end", Load());
        if (!options.Sample)
        {
            Console.WriteLine($"saved {report.Save()}");
        }

        return failed ? 3 : 0;
    }

    private static async Task<(JsonObject Row, bool IsGood)> SizeAsync(string packs, int families, BenchOptions options, CancellationToken cancellationToken)
    {
        var set = BenchmarkSet.Compile(packs, families);
        var drawn = BenchmarkPolicy.Requests(Kept).ToArray();
        var requests = drawn.Select(request => BenchmarkSet.Facts(set, request, families)).ToArray();
        var differences = Enumerable.Range(0, Kept).Count(i => set.Decide(requests[i]).IsPermit != BenchmarkPolicy.IsAllowed(drawn[i]));
        var rounds = options.Sample ? 3 : 20;
        var permits = 0;
        var (decide, explain, _) = Measurement.Pair(options.Sample ? 3 : options.Runs,
            () =>
            {
                for (var round = 0; round < rounds; round++)
                {
                    foreach (var facts in requests)
                    {
                        permits += set.Decide(facts).IsPermit ? 1 : 0;
                    }
                }
            },
            () =>
            {
                foreach (var facts in requests)
                {
                    permits += set.Explain(facts).Decision.IsPermit ? 1 : 0;
                }
            });
        var (p50, p99) = Latency(set, requests);
        var wall = rounds * Kept / decide.Milliseconds * 1_000;
        var perSecond = PerProcessorSecond(rounds * Kept, () =>
        {
            for (var round = 0; round < rounds; round++)
            {
                foreach (var facts in requests)
                {
                    permits += set.Decide(facts).IsPermit ? 1 : 0;
                }
            }
        });
        var explained = PerProcessorSecond(Kept, () =>
        {
            foreach (var facts in requests)
            {
                permits += set.Explain(facts).Decision.IsPermit ? 1 : 0;
            }
        });
        var row = new JsonObject
        {
            ["rules"] = (families * 8) + 4,
            ["decisions per second"] = Math.Round(perSecond),
            ["explained per second"] = Math.Round(explained),
            ["decisions per second by the wall clock"] = Math.Round(wall),
            ["explained per second by the wall clock"] = Math.Round(Kept / explain!.Value.Milliseconds * 1_000),
            ["bytes allocated by decisions"] = decide.AllocatedBytes,
            ["p50 microseconds"] = p50,
            ["p99 microseconds"] = p99,
            ["differences from the predicate"] = differences,
        };
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{row["rules"]} rules: {perSecond / 1e6:F2} M decisions/s, {explained / 1e3:F0} k explained/s, p50 {p50:F2} us, p99 {p99:F2} us, {decide.AllocatedBytes} bytes, {differences} differences"));
        var isGood = differences == 0 && decide.AllocatedBytes == 0 && await PeersAsync(row, set, families, perSecond, options, cancellationToken);
        return (row, isGood && permits > 0);
    }

    /// <summary>The best of five by processor time, so that neighbours on a busy machine do not count; peers are measured alike.</summary>
    private static double PerProcessorSecond(int count, Action work)
    {
        var best = TimeSpan.MaxValue;
        for (var i = 0; i < 5; i++)
        {
            var before = Environment.CpuUsage.TotalTime;
            work();
            var used = Environment.CpuUsage.TotalTime - before;
            best = used < best ? used : best;
        }

        return count / best.TotalSeconds;
    }

    /// <summary>One decision at a time; the clock's own cost is taken off.</summary>
    private static (double P50, double P99) Latency(RulePackSet set, RequestFacts[] requests)
    {
        var ticks = new long[requests.Length * 10];
        var clock = long.MaxValue;
        for (var i = 0; i < 10_000; i++)
        {
            var started = Stopwatch.GetTimestamp();
            clock = Math.Min(clock, Stopwatch.GetTimestamp() - started);
        }

        for (var i = 0; i < ticks.Length; i++)
        {
            var started = Stopwatch.GetTimestamp();
            _ = set.Decide(requests[i % requests.Length]);
            ticks[i] = Stopwatch.GetTimestamp() - started - clock;
        }

        Array.Sort(ticks);
        double Microseconds(double share) => Math.Round(ticks[(int)(share * (ticks.Length - 1))] * 1e6 / Stopwatch.Frequency, 3);
        return (Microseconds(0.5), Microseconds(0.99));
    }

    private static async Task<bool> PeersAsync(JsonObject row, RulePackSet set, int families, double ours, BenchOptions options, CancellationToken cancellationToken)
    {
        var folder = Path.Combine(BenchReport.Root(), "bench", "peers");
        if (!Directory.Exists(Path.Combine(folder, "node_modules", "casbin")))
        {
            row["peers"] = "absent: run bench/peers/install";
            Console.WriteLine("  peers absent: run bench/peers/install");
            return true;
        }

        // Large sets are slow in the peers: fewer requests there, and the count stands in the report.
        var check = families switch { 1 => options.Sample ? 10_000 : options.Rows ?? 1_000_000, 10 => options.Sample ? 1_000 : 10_000, _ => options.Sample ? 300 : 2_000 };
        var timed = Math.Min(check, options.Sample ? 2_000 : families switch { 1 => 20_000, 10 => 5_000, _ => 1_000 });
        using var node = Process.Start(new ProcessStartInfo("node", ["rules-peers.mjs", $"{families}", $"{check}", $"{timed}"])
        {
            WorkingDirectory = folder, UseShellExecute = false, RedirectStandardOutput = true,
        })!;
        var text = await node.StandardOutput.ReadToEndAsync(cancellationToken);
        await node.WaitForExitAsync(cancellationToken);
        var peers = JsonNode.Parse(text)!.AsObject();
        var (isGood, best) = (true, 0.0);
        foreach (var (name, answer) in peers)
        {
            if (answer?["absent"] is { } reason)
            {
                row[name] = reason.GetValue<string>();
                continue;
            }

            var bits = Convert.FromBase64String(answer!["bits"]!.GetValue<string>());
            var (differences, at) = (0, 0);
            foreach (var request in BenchmarkPolicy.Requests(check))
            {
                var theirs = (bits[at >> 3] >> (at & 7) & 1) == 1;
                differences += set.Decide(BenchmarkSet.Facts(set, request, families)).IsPermit != theirs ? 1 : 0;
                at++;
            }

            var perSecond = answer["perSecond"]!.GetValue<double>();
            best = Math.Max(best, perSecond);
            isGood &= differences == 0;
            row[name] = new JsonObject { ["decisions per second"] = Math.Round(perSecond), ["compared"] = check, ["differences"] = differences, ["times faster"] = Math.Round(ours / perSecond, 1) };
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {name}: {perSecond:F0} decisions/s, {differences} differences in {check}, ours {ours / perSecond:F0} times as fast"));
        }

        return isGood && (best == 0 || ours >= 10 * best);
    }

    /// <summary>Every pack of the repository together, on the requests of the packs' own tests.</summary>
    private static void AllPacks(string packs, BenchOptions options, BenchReport report)
    {
        var outcome = PackLibrary.Load([packs]);
        var errors = new PackErrors();
        var documents = RuleDocuments.Of(outcome.Library, errors);
        if (documents.Vocabulary is null || documents.Packs.Count == 0)
        {
            report.Fact("all packs", "absent");
            return;
        }

        var library = RuleLibrary.Read(documents.Vocabulary, documents.Packs);
        var compiled = library.Vocabulary is { } words ? RulePackSet.Compile(words, library.Packs) : default;
        var requests = library.Packs.SelectMany(pack => pack.Scenarios).Select(scenario => ScenarioRunner.Facts(library.Vocabulary!, scenario)).ToArray();
        if (library.Vocabulary is null || !compiled.IsOk || requests.Length == 0)
        {
            report.Fact("all packs", "not usable");
            return;
        }

        var set = compiled.Value;
        var rounds = Math.Max(1, 20_000 / requests.Length);
        var (decide, explain, _) = Measurement.Pair(options.Sample ? 3 : options.Runs, () => Each(facts => set.Decide(facts).IsPermit), () => Each(facts => set.Explain(facts).Decision.IsPermit));
        report.Fact("all packs: rules", library.Packs.Sum(pack => pack.Rules.Count));
        _ = explain;
        report.Fact("all packs: decisions per second", Math.Round(PerProcessorSecond(rounds * requests.Length, () => Each(facts => set.Decide(facts).IsPermit))));
        report.Fact("all packs: explained per second", Math.Round(PerProcessorSecond(rounds * requests.Length, () => Each(facts => set.Explain(facts).Decision.IsPermit))));
        report.Fact("all packs: bytes allocated by decisions", decide.AllocatedBytes);

        void Each(Func<RequestFacts, bool> work)
        {
            for (var round = 0; round < rounds; round++)
            {
                foreach (var facts in requests)
                {
                    work(facts);
                }
            }
        }
    }

    private static string Load() => File.Exists("/proc/loadavg") ? string.Join(' ', File.ReadAllText("/proc/loadavg").Split(' ').Take(3)) : "unknown";
}
