using System.Text;
using System.Text.Json.Nodes;
using Shouldly;
using Xunit;

namespace Waymark.Rules.Tests;

/// <summary>
/// Decisions of earlier versions of the engine, kept as they were written, come out byte for byte from the packs that decided them. The file is only ever added to:
/// a change of the engine that alters one of its bytes alters what an auditor reads about the past.
/// </summary>
public sealed class OldDecisionTests
{
    private static readonly DateTimeOffset s_then = new(2026, 11, 21, 9, 30, 0, TimeSpan.Zero);
    private static readonly string s_file = Path.Combine(Sample.Root, "tests", "Waymark.Rules.Tests", "Golden", "old-decisions.jsonl");

    [Fact]
    public void Every_old_decision_replays_to_the_same_bytes()
    {
        if (Environment.GetEnvironmentVariable("ACCEPT_GOLDEN") == "1" && !File.Exists(s_file))
        {
            Write();
            Assert.Fail($"{s_file} was written; read it and run again");
        }

        var set = RulePackSet.Compile(Sample.Standard.Vocabulary!, Sample.Standard.Packs).Value;
        var replayed = 0;
        foreach (var line in File.ReadLines(s_file))
        {
            var tab = line.IndexOf('\t', StringComparison.Ordinal);
            var facts = AuthZen.Read(set.Vocabulary, Encoding.UTF8.GetBytes(line[..tab])).Value;
            Encoding.UTF8.GetString(DecisionRecord.Of(set.Explain(facts), s_then, "salt"u8).ToBytes()).ShouldBe(line[(tab + 1)..]);
            replayed++;
        }

        replayed.ShouldBeGreaterThanOrEqualTo(60);
    }

    [Fact]
    public void Decisions_of_the_packs_that_ship_replay_to_the_same_bytes_with_the_packs_read_again()
    {
        // The packs are compiled anew for the replay; permits, denies and every ground are among the decisions.
        var library = CataloguePacks.Library;
        var (replayed, permits) = (0, 0);
        var step = LongRun.Is ? 1 : 5;
        foreach (var group in library.Packs.SelectMany(pack => pack.Scenarios.Select(scenario => (Packs: ScenarioRunner.PacksOf(library, pack, scenario), Scenario: scenario)))
            .Where((_, at) => at % step == 0).GroupBy(pair => string.Join(' ', pair.Packs.Select(pack => pack.Id)), StringComparer.Ordinal))
        {
            var set = RulePackSet.Compile(library.Vocabulary!, group.First().Packs).Value;
            var again = RulePackSet.Compile(library.Vocabulary!, [.. group.First().Packs.Reverse()]).Value;
            foreach (var (_, scenario) in group)
            {
                var facts = ScenarioRunner.Facts(library.Vocabulary!, scenario);
                var record = DecisionRecord.Of(set.Explain(facts), s_then, "salt"u8);
                var read = AuthZen.Read(again.Vocabulary, DecisionRecord.RequestBytes(facts)).Value;
                record.Replay(again, read, "salt"u8).Value.ToBytes().ShouldBe(record.ToBytes(), scenario.Id);
                replayed++;
                permits += record.Effect == Effect.Permit ? 1 : 0;
            }
        }

        LongRun.Report("rules-replay", 0, new JsonObject { ["decisions replayed"] = replayed, ["permits among them"] = permits, ["differences"] = 0 });
        permits.ShouldBeGreaterThan(10);
    }

    private static void Write()
    {
        var set = RulePackSet.Compile(Sample.Standard.Vocabulary!, Sample.Standard.Packs).Value;
        var requests = new Requests(Sample.Standard, 61);
        var facts = set.NewRequest();
        var text = new StringBuilder();
        for (var i = 0; i < 60; i++)
        {
            requests.Next(facts);
            text.Append(Encoding.UTF8.GetString(DecisionRecord.RequestBytes(facts))).Append('\t').Append(Encoding.UTF8.GetString(DecisionRecord.Of(set.Explain(facts), s_then, "salt"u8).ToBytes())).Append('\n');
        }

        Directory.CreateDirectory(Path.GetDirectoryName(s_file)!);
        File.WriteAllText(s_file, text.ToString());
    }
}
