using System.Text;
using System.Text.Json.Nodes;
using Shouldly;
using Waymark.Packs;
using Waymark.Packs.Content;
using Xunit;

namespace Waymark.Rules.Tests;

/// <summary>
/// The packs that ship, with one of their rules, codes, facts or files taken away: under a profile that lists them by hash no denied request becomes permitted.
/// Without the profile some do, which is why there is one.
/// </summary>
public sealed class CatalogueMutationTests
{
    private const int Seed = 72;

    private static readonly string Packs = Path.Combine(Sample.Root, "packs");

    private static readonly Dictionary<string, byte[]> Schemas = Directory.EnumerateFiles(Path.Combine(Packs, "schema"), "*.schema.json")
        .Where(file => file.Contains("rules", StringComparison.Ordinal) || file.Contains("vocabulary", StringComparison.Ordinal))
        .ToDictionary(file => "schema/" + Path.GetFileName(file), File.ReadAllBytes, StringComparer.Ordinal);

    private static readonly string Words = File.ReadAllText(Path.Combine(Packs, "vocabulary", "rules.yaml"));

    [Fact]
    public void Taking_any_rule_code_fact_or_pack_away_lets_no_denied_request_through_and_without_the_profile_some_would()
    {
        var library = CataloguePacks.Library;
        List<ListedPack> profile = [.. library.Packs.Select(pack => new ListedPack(pack.Id, pack.Hash)), new("vocabulary/rules", library.Vocabulary!.Hash)];
        var whole = RulePackSet.Compile(library.Vocabulary, library.Packs, profile).Value;
        whole.Broken.ShouldBeEmpty();
        var scenarios = library.Packs.SelectMany(pack => pack.Scenarios.Select(scenario => (Packs: ScenarioRunner.PacksOf(library, pack, scenario), Scenario: scenario))).Where(pair => !pair.Scenario.ExpectsPermit).ToList();
        var step = LongRun.Is ? 1 : 61;
        var (rules, words, opened) = (0, 0, 0);

        // Every pack, and every rule: the denied scenarios that the pack takes part in, over the packs of the scenario.
        foreach (var pack in library.Packs.Where(pack => pack.Rules.Count > 0))
        {
            var file = Path.Combine(Packs, "rules", pack.Id + ".yaml");
            var texts = Blocks(File.ReadAllText(file)).Where((_, at) => (at + Seed) % step == 0).Prepend("");
            foreach (var text in texts)
            {
                rules++;
                var mutant = text.Length == 0 ? null : Read(pack.Id, text, library.Vocabulary);
                if (pack.IsFloor && mutant is null)
                {
                    RulePackSet.Compile(library.Vocabulary, [.. library.Packs.Where(known => known != pack)], profile).Error!.Code.ShouldBe("rules.no-floor");
                    continue;
                }

                foreach (var group in scenarios.Where(pair => pair.Packs.Contains(pack)).GroupBy(pair => string.Join(' ', pair.Packs.Select(known => known.Id)), StringComparer.Ordinal))
                {
                    var names = group.First().Packs;
                    List<RulePack> packs = [.. names.Where(known => known != pack), .. mutant is null ? Array.Empty<RulePack>() : [mutant]];
                    var listed = RulePackSet.Compile(library.Vocabulary, packs, [.. names.Select(known => new ListedPack(known.Id, known.Hash))]).Value;
                    var free = RulePackSet.Compile(library.Vocabulary, packs).Value;
                    listed.Broken.ShouldHaveSingleItem().Id.ShouldBe(pack.Id);
                    foreach (var (_, scenario) in group)
                    {
                        var facts = ScenarioRunner.Facts(library.Vocabulary, scenario);
                        listed.Decide(facts).IsPermit.ShouldBeFalse($"{scenario.Id} without a part of {pack.Id}");
                        opened += free.Decide(facts).IsPermit ? 1 : 0;
                    }
                }
            }
        }

        // Every fact and every code of the vocabulary: its hash stands in the profile, and what the packs then cannot say is refused with a line.
        foreach (var text in WordsWithoutOne().Where((_, at) => (at + Seed) % (step * 3) == 0 || LongRun.Is))
        {
            words++;
            var errors = new PackErrors();
            var documents = Load(text, null, errors);
            var vocabulary = documents is null ? null : Vocabulary.Read(documents).Vocabulary;
            if (vocabulary is not null)
            {
                vocabulary.Hash.ShouldNotBe(library.Vocabulary.Hash);
                var floor = CataloguePacks.Documents.Packs.Single(known => known.IsFloor);
                var (read, faults) = RulePack.Read(floor, vocabulary);
                if (read is not null && faults.Count == 0)
                {
                    var set = RulePackSet.Compile(vocabulary, [read], profile).Value;
                    set.Broken.ShouldNotBeEmpty();
                    set.Decide(set.NewRequest()).IsPermit.ShouldBeFalse();
                }
            }
        }

        LongRun.Report("rules-mutants", Seed, new JsonObject
        {
            ["packs and rules taken away"] = rules, ["facts and codes taken away"] = words, ["denied requests"] = scenarios.Count, ["let through under the profile"] = 0,
            ["let through if there were no profile"] = opened,
        });
        opened.ShouldBeGreaterThan(0, "the profile is what keeps them denied");
    }

    private static RulePack? Read(string id, string text, Vocabulary vocabulary)
    {
        var errors = new PackErrors();
        var outcome = PackLibrary.Load([new PackMemory("packs", new Dictionary<string, byte[]>(Schemas, StringComparer.Ordinal)
        {
            ["vocabulary/rules.yaml"] = Encoding.UTF8.GetBytes(Words), [$"rules/{id}.yaml"] = Encoding.UTF8.GetBytes(text),
        })]);
        errors.AddRange(outcome.Errors);
        return RuleDocuments.Of(outcome.Library, errors).Packs.SingleOrDefault() is { } document ? RulePack.Read(document, vocabulary).Pack : null;
    }

    private static Model.Rules.VocabularyDocument? Load(string words, string? pack, PackErrors errors)
    {
        var files = new Dictionary<string, byte[]>(Schemas, StringComparer.Ordinal) { ["vocabulary/rules.yaml"] = Encoding.UTF8.GetBytes(words) };
        if (pack is not null)
        {
            files["rules/mutant.yaml"] = Encoding.UTF8.GetBytes(pack);
        }

        var outcome = PackLibrary.Load([new PackMemory("packs", files)]);
        errors.AddRange(outcome.Errors);
        return RuleDocuments.Of(outcome.Library, errors).Vocabulary;
    }

    /// <summary>The text once without each of its rules.</summary>
    private static IEnumerable<string> Blocks(string text)
    {
        var lines = text.Split('\n');
        var start = Array.FindIndex(lines, line => line.StartsWith("rules:", StringComparison.Ordinal));
        for (var at = start + 1; at < lines.Length && (lines[at].Length == 0 || lines[at][0] is ' ' or '#'); at++)
        {
            if (lines[at].StartsWith("  - id: ", StringComparison.Ordinal))
            {
                var end = at + 1;
                while (end < lines.Length && (lines[end].StartsWith("    ", StringComparison.Ordinal) || lines[end].Length == 0))
                {
                    end++;
                }

                yield return string.Join('\n', lines.Where((_, line) => line < at || line >= end));
            }
        }
    }

    private static IEnumerable<string> WordsWithoutOne()
    {
        var lines = Words.Split('\n');
        for (var at = 0; at < lines.Length; at++)
        {
            if (lines[at].TrimStart().StartsWith("- {code: ", StringComparison.Ordinal) || lines[at].TrimStart().StartsWith("- {id: ", StringComparison.Ordinal))
            {
                yield return string.Join('\n', lines.Where((_, line) => line != at));
            }
        }
    }
}
