using System.Globalization;
using System.Text.Json.Nodes;
using Waymark.App.Hosting;
using Waymark.Bench;
using Waymark.Site.Tests.Web;

namespace Waymark.Site.Tests.Casework;

/// <summary>How often answers to either kind of question took so long (in tenths of a millisecond) and were so many bytes: enough to go on counting in another run.</summary>
internal sealed class ProbeTally(string door, int seed)
{
    private static readonly string[] s_kinds = ["time, there", "time, none", "length, there", "length, none"];
    private readonly Dictionary<string, SortedDictionary<int, int>> _counts = s_kinds.ToDictionary(kind => kind, _ => new SortedDictionary<int, int>(), StringComparer.Ordinal);
    private readonly SortedSet<string> _commits = new(StringComparer.Ordinal);

    public int Count => _counts[s_kinds[0]].Values.Sum() + _counts[s_kinds[1]].Values.Sum();

    private string Area => "existence-" + door;

    /// <summary>What earlier runs of this seed kept, or nothing yet.</summary>
    public static ProbeTally Saved(string door, int seed)
    {
        var tally = new ProbeTally(door, seed);
        if (BenchReport.Saved(tally.Area) is { } saved && (int?)saved["seed"] == seed && saved["facts"] is JsonObject facts && s_kinds.All(kind => facts[kind] is not null))
        {
            foreach (var kind in s_kinds)
            {
                foreach (var pair in ((string)facts[kind]!).Split(' ', StringSplitOptions.RemoveEmptyEntries))
                {
                    tally._counts[kind][int.Parse(pair[..pair.IndexOf(':', StringComparison.Ordinal)], CultureInfo.InvariantCulture)] = int.Parse(pair[(pair.IndexOf(':', StringComparison.Ordinal) + 1)..], CultureInfo.InvariantCulture);
                }
            }

            tally._commits.UnionWith(((string?)facts["commits"] ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries));
        }

        return tally;
    }

    public void Add(bool isThere, double milliseconds, int length)
    {
        var at = isThere ? 0 : 1;
        foreach (var (kind, value) in new[] { (s_kinds[at], (int)(milliseconds * 10)), (s_kinds[at + 2], length) })
        {
            _counts[kind][value] = _counts[kind].GetValueOrDefault(value) + 1;
        }
    }

    /// <summary>How well the best threshold on one feature alone parts the two kinds; 0.5 is not at all.</summary>
    public Dictionary<string, double> Areas()
    {
        var slot = (int)(AnswerGrid.Slot.TotalMilliseconds * 10);
        return new(StringComparer.Ordinal)
        {
            ["time"] = ExistenceTests.Area(Values(0, 1), Values(1, 1)), ["slot of the grid"] = ExistenceTests.Area(Values(0, slot), Values(1, slot)), ["length"] = ExistenceTests.Area(Values(2, 1), Values(3, 1)),
        };
    }

    public void Save(int lanes)
    {
        _commits.Add(BenchReport.Commit);
        var report = new BenchReport(Area, new BenchOptions(Seed: seed, Runs: 1, Threads: lanes), TimeProvider.System);
        report.Fact("probes", Count);
        report.Fact("load", Environment.GetEnvironmentVariable("WAYMARK_LOAD") ?? "");
        report.Fact("commits", string.Join(' ', _commits));
        foreach (var (feature, area) in Areas())
        {
            report.Row(new JsonObject { ["feature"] = feature, ["area"] = Math.Round(area, 4) });
        }

        foreach (var (kind, counts) in _counts)
        {
            report.Fact(kind, string.Join(' ', counts.Select(pair => string.Create(CultureInfo.InvariantCulture, $"{pair.Key}:{pair.Value}"))));
        }

        report.Save();
    }

    private IEnumerable<double> Values(int kind, int width) => _counts[s_kinds[kind]].SelectMany(pair => Enumerable.Repeat((double)(pair.Key / width), pair.Value));
}
