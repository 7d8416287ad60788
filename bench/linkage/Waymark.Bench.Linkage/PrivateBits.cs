using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Waymark.Linkage.Private;

namespace Waymark.Linkage.Bench;

/// <summary>Speed of the exact comparison of bit records on every path of this machine, and 100,000 × 100,000 of 1,024 bits as a whole.</summary>
internal static class PrivateBits
{
    private const int Seed = 20261121;

    public static int Run(string[] rest)
    {
        var small = Records(12_000, 1);
        var rows = new List<object>();
        var reference = DicePairs.Find(small, small, new(0.62) { Path = BitPath.Scalar }, CancellationToken.None).Value;
        foreach (var path in Enum.GetValues<BitPath>().Where(p => p != BitPath.Auto && BitPaths.IsSupported(p)))
        {
            foreach (var threads in new[] { 1, 2 })
            {
                var (seconds, cpu, outcome) = Best(5, () => DicePairs.Find(
                    small, small, new(0.62) { Path = path, Threads = threads, SkipHopeless = false }, CancellationToken.None).Value);
                var same = outcome.Pairs.SequenceEqual(reference.Pairs);
                var rate = outcome.Compared / seconds / 1e6;
                var perCpu = outcome.Compared / cpu / 1e6;
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{path,-10} {threads} thread(s): {rate,8:0} M comparisons/s, {perCpu,6:0} M per second of processor time  {(same ? "same as scalar" : "DIFFERS")}"));
                rows.Add(new { path = path.ToString(), threads, million_comparisons_per_second = Math.Round(rate), million_per_processor_second = Math.Round(perCpu), same_as_scalar = same });
                if (!same)
                {
                    return 1;
                }
            }
        }

        var encoded = Encoded(12_000);
        foreach (var threshold in new[] { 0.6, 0.7, 0.8 })
        {
            var (seconds, cpu, outcome) = Best(5, () => DicePairs.Find(encoded, encoded, new(threshold) { Threads = 1, SkipHopeless = false }, CancellationToken.None).Value);
            var plain = DicePairs.Find(encoded, encoded, new(threshold) { Path = BitPath.Scalar, SkipHopeless = false }, CancellationToken.None).Value;
            var same = outcome.Pairs.SequenceEqual(plain.Pairs);
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"as a preset encodes, {outcome.Path}, 1 thread, from {threshold:0.00}: {outcome.Compared / cpu / 1e6,6:0} M per second of processor time  {(same ? "same as scalar" : "DIFFERS")}"));
            rows.Add(new { path = outcome.Path.ToString(), threads = 1, encoded = EncodingPreset.Hardened.Name, threshold = Math.Round(threshold, 3), million_comparisons_per_second = Math.Round(outcome.Compared / seconds / 1e6), million_per_processor_second = Math.Round(outcome.Compared / cpu / 1e6), same_as_scalar = same });
        }

        if (rest.Contains("--short"))
        {
            return 0;
        }

        var left = Records(100_000, 2);
        var right = Records(100_000, 3);
        var whole = new List<object>();
        foreach (var skip in new[] { false, true })
        {
            var (seconds, cpu, outcome) = Best(3, () => DicePairs.Find(left, right, new(0.8) { Threads = 2, SkipHopeless = skip }, CancellationToken.None).Value);
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"100k x 100k, 1024 bit, {outcome.Path}, 2 threads, {(skip ? "with" : "without")} skipping: {seconds:0.00} s ({cpu:0.00} s of processor time), {outcome.Compared} compared, {outcome.Pairs.Count} pairs"));
            whole.Add(new { path = outcome.Path.ToString(), skipping = skip, seconds = Math.Round(seconds, 3), processor_seconds = Math.Round(cpu, 3), compared = outcome.Compared, pairs = outcome.Pairs.Count });
        }

        if (rest is ["--save", var file])
        {
            File.WriteAllText(file, JsonSerializer.Serialize(
                new
                {
                    area = "linkage-private-bits",
                    date = TimeProvider.System.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm'Z'", CultureInfo.InvariantCulture),
                    seed = Seed,
                    commit = Environment.GetEnvironmentVariable("WAYMARK_COMMIT"),
                    processor = Processor(),
                    cores = Environment.ProcessorCount,
                    load = File.Exists("/proc/loadavg") ? File.ReadAllText("/proc/loadavg").Split(' ')[0] : null,
                    runtime = Environment.Version.ToString(),
                    without_avx512 = Environment.GetEnvironmentVariable("DOTNET_EnableAVX512") == "0",
                    bits = 1024,
                    paths = rows,
                    hundred_thousand_squared = whole,
                },
                JsonOptions) + "\n");
        }

        return 0;
    }

    private static readonly JsonSerializerOptions JsonOptions = new() { WriteIndented = true };

    /// <summary>Wall and processor seconds, each the least of some runs: the second says what the code costs on a machine that others use too.</summary>
    private static (double Seconds, double Processor, DiceOutcome Outcome) Best(int runs, Func<DiceOutcome> run)
    {
        var (best, bestCpu) = (double.MaxValue, double.MaxValue);
        DiceOutcome? outcome = null;
        for (var i = 0; i < runs; i++)
        {
            var before = Environment.CpuUsage.TotalTime;
            var watch = Stopwatch.StartNew();
            outcome = run();
            best = Math.Min(best, watch.Elapsed.TotalSeconds);
            bestCpu = Math.Min(bestCpu, (Environment.CpuUsage.TotalTime - before).TotalSeconds);
        }

        return (best, bestCpu, outcome!);
    }

    /// <summary>Invented people as the default preset encodes them: what a linkage unit compares.</summary>
    private static BitRecords Encoded(int count)
    {
        var knowledge = PackFolder.Read(PackFolder.Find()).Value;
        return AttackScene.Prepare(AttackScene.Invent(count, Seed), knowledge, null, EncodingPreset.Hardened, Seed).Value.Set.Records;
    }

    private static BitRecords Records(int count, int stream)
    {
        var random = new Random(Seed + stream);
        var words = new ulong[count * 16];
        for (var i = 0; i < words.Length; i++)
        {
            words[i] = (ulong)random.NextInt64(long.MinValue, long.MaxValue);
        }

        return BitRecords.Create(1024, words).Value;
    }

    private static string Processor() => File.Exists("/proc/cpuinfo")
        ? File.ReadLines("/proc/cpuinfo").FirstOrDefault(l => l.StartsWith("model name", StringComparison.Ordinal))?.Split(':')[1].Trim() ?? "unknown"
        : "unknown";
}
