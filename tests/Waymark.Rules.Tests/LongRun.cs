using System.Text.Json.Nodes;
using Waymark.Bench;
using Xunit;

namespace Waymark.Rules.Tests;

/// <summary>
/// The long form of a proof (<c>./test --long</c>): the same test over far more cases. What it found is written beside the benchmarks, with date, seed, commit and processor.
/// </summary>
internal static class LongRun
{
    public static bool Is { get; } = Environment.GetEnvironmentVariable("WAYMARK_LONG") == "1";

    /// <summary>Prints what was found; a long run also saves it under <c>bench/results</c>.</summary>
    public static void Report(string area, int seed, JsonObject facts)
    {
        TestContext.Current.TestOutputHelper?.WriteLine($"{area}, seed {seed}: {facts.ToJsonString()}");
        if (!Is)
        {
            return;
        }

        var report = new BenchReport(area, new BenchOptions(Seed: seed, Runs: 1, Threads: 1), TimeProvider.System);
        report.Fact("processor seconds", Math.Round(Environment.CpuUsage.TotalTime.TotalSeconds));
        foreach (var (name, value) in facts)
        {
            report.Fact(name, value?.DeepClone());
        }

        report.Save();
    }
}
