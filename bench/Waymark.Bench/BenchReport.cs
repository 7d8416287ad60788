using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Waymark.Bench;

/// <summary>
/// The table of one run and its file under <c>bench/results/&lt;cpu&gt;/</c>: date, seed, commit, processor, rows. What is
/// committed are ratios measured side by side; milliseconds stand beside them as information.
/// </summary>
internal sealed class BenchReport(string area, BenchOptions options, TimeProvider clock)
{
    private readonly JsonArray _rows = [];
    private readonly JsonObject _facts = [];

    public void Fact(string name, JsonNode? value)
    {
        _facts[name] = value;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name}: {value}"));
    }

    public void Row(JsonObject row) => _rows.Add(row);

    public string Save()
    {
        var report = new JsonObject
        {
            ["area"] = area,
            ["date"] = clock.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm'Z'", CultureInfo.InvariantCulture),
            ["seed"] = options.Seed,
            ["runs"] = options.Runs,
            ["threads"] = options.Threads,
            ["commit"] = Commit,
            ["processor"] = Processor(),
            ["cores"] = Environment.ProcessorCount,
            ["runtime"] = Environment.Version.ToString(),
            ["facts"] = _facts,
            ["rows"] = _rows,
        };
        var path = PathOf(area);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, report.ToJsonString(new JsonSerializerOptions { WriteIndented = true }) + "\n", new UTF8Encoding(false));
        return Path.GetRelativePath(Root(), path);
    }

    /// <summary>What an earlier run on such a processor saved; null when none did.</summary>
    public static JsonObject? Saved(string area) => File.Exists(PathOf(area)) ? JsonNode.Parse(File.ReadAllText(PathOf(area))) as JsonObject : null;

    public static string Root() => WorkingCopy.Root;

    public static string Commit { get; } = Asked();

    private static string PathOf(string area) => Path.Combine(Root(), "bench", "results", Slug(Processor()), area + ".json");

    private static string Processor()
    {
        const string Source = "/proc/cpuinfo";
        var line = File.Exists(Source) ? File.ReadLines(Source).FirstOrDefault(text => text.StartsWith("model name", StringComparison.Ordinal)) : null;
        var name = line?[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim() ?? "unknown";
        return System.Runtime.Intrinsics.Vector512.IsHardwareAccelerated ? name + " AVX-512" : name;
    }

    private static string Slug(string text) => string.Join('-', text.ToLowerInvariant()
        .Split([.. text.ToLowerInvariant().Where(sign => !char.IsAsciiLetterOrDigit(sign)).Distinct()], StringSplitOptions.RemoveEmptyEntries));

    private static string Asked()
    {
        try
        {
            using var git = Process.Start(new ProcessStartInfo("git", ["rev-parse", "--short=12", "HEAD"])
            {
                WorkingDirectory = Root(), UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true,
            });
            var answer = git?.StandardOutput.ReadToEnd().Trim();
            git?.WaitForExit();
            return string.IsNullOrEmpty(answer) ? "unknown" : answer;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return "unknown";
        }
    }
}
