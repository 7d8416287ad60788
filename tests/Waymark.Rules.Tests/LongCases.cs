using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Waymark.Bench;

namespace Waymark.Rules.Tests;

/// <summary>
/// The cases of one proof, each drawn by chance of its own, so that no case depends on those before it. A few by default; a long run takes what no long run before it took,
/// piece by piece, until all are done or the minutes of WAYMARK_LONG_MINUTES are over. After each piece it keeps under <c>bench/results</c> what was counted so far, and which
/// commit counted it: run it again and it goes on. A piece in which a case fails is not kept.
/// </summary>
internal sealed class LongCases(string area, int seed, int few, int many)
{
    private const int Pieces = 100;
    private readonly Dictionary<string, long> _sums = new(StringComparer.Ordinal);
    private readonly JsonArray _pieces = [];

    /// <summary>What was counted in all cases up to now, those of earlier pieces too.</summary>
    public long this[string what]
    {
        get => _sums.GetValueOrDefault(what);
        set => _sums[what] = value;
    }

    /// <summary>Cases that were taken up to now.</summary>
    public int Done { get; private set; }

    public IEnumerable<(int Number, Random Random)> Take()
    {
        if (LongRun.Is)
        {
            GoOn();
        }

        var (began, all) = (Stopwatch.GetTimestamp(), LongRun.Is ? many : few);
        var minutes = double.TryParse(Environment.GetEnvironmentVariable("WAYMARK_LONG_MINUTES"), CultureInfo.InvariantCulture, out var given) ? given : double.MaxValue;
        while (Done < all && (!LongRun.Is || Stopwatch.GetElapsedTime(began).TotalMinutes < minutes))
        {
            var (from, busy) = (Done, Environment.CpuUsage.TotalTime);
            var to = LongRun.Is ? Math.Min(all, from + Math.Max(1, many / Pieces)) : all;
            for (var number = from; number < to; number++)
            {
                yield return (number, new Random(unchecked((seed * 1_000_003) + number)));
            }

            Done = to;
            if (LongRun.Is)
            {
                Keep(from, Environment.CpuUsage.TotalTime - busy);
            }
        }
    }

    private void GoOn()
    {
        if (BenchReport.Saved(area) is not { } saved || (int?)saved["seed"] != seed || saved["facts"] is not JsonObject facts || (int?)facts["of"] != many || saved["rows"] is not JsonArray rows
            || ((int?)facts["cases"] == many && (string?)saved["commit"] != BenchReport.Commit))
        {
            // Nothing yet, or all of it by another commit: from the beginning.
            return;
        }

        Done = (int)facts["cases"]!;
        foreach (var (what, sum) in facts.Where(fact => fact.Key is not ("cases" or "of")))
        {
            _sums[what] = (long)sum!;
        }

        foreach (var row in rows)
        {
            _pieces.Add(row!.DeepClone());
        }
    }

    private void Keep(int from, TimeSpan busy)
    {
        // Pieces of one commit are one row.
        if (_pieces is [.., JsonObject last] && (string?)last["commit"] == BenchReport.Commit && (int?)last["to"] == from)
        {
            (last["to"], last["processor seconds"]) = (Done, Math.Round((double)last["processor seconds"]! + busy.TotalSeconds, 1));
        }
        else
        {
            _pieces.Add(new JsonObject { ["from"] = from, ["to"] = Done, ["commit"] = BenchReport.Commit, ["processor seconds"] = Math.Round(busy.TotalSeconds, 1) });
        }

        var report = new BenchReport(area, new BenchOptions(Seed: seed, Runs: 1, Threads: 1), TimeProvider.System);
        report.Fact("cases", Done);
        report.Fact("of", many);
        foreach (var (what, sum) in _sums)
        {
            report.Fact(what, sum);
        }

        foreach (var piece in _pieces)
        {
            report.Row((JsonObject)piece!.DeepClone());
        }

        report.Save();
    }
}
