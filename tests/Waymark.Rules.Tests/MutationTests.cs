using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;
using Shouldly;
using Waymark.Packs;
using Waymark.Packs.Content;
using Xunit;

namespace Waymark.Rules.Tests;

/// <summary>Whatever is taken away, no request that was denied becomes permitted.</summary>
public sealed class MutationTests
{
    [Fact]
    public void Taking_any_fact_from_a_denied_request_leaves_it_denied()
    {
        var (checks, permits) = (0, 0);
        for (var seed = 0; seed <= (LongRun.Is ? 300 : 30); seed++)
        {
            var library = seed == 0 ? Sample.Standard : GeneratedPacks.Make(seed);
            var set = RulePackSet.Compile(library.Vocabulary!, library.Packs).Value;
            var requests = new Requests(library, seed + 1_000);
            var facts = set.NewRequest();
            for (var i = 0; i < 300; i++)
            {
                requests.Next(facts);
                if (set.Decide(facts).IsPermit)
                {
                    permits++;
                    continue;
                }

                foreach (var (fact, value) in facts.All.ToList())
                {
                    facts.Remove(fact);
                    set.Decide(facts).IsPermit.ShouldBeFalse($"seed {seed}, request {i} without {fact}");
                    facts.Set(fact, value);
                    checks++;
                }
            }
        }

        LongRun.Report("rules-facts-taken", 1_000, new JsonObject { ["facts taken from denied requests"] = checks, ["let through"] = 0, ["permits among the requests"] = permits });
        permits.ShouldBeGreaterThan(100);
    }

    [Fact]
    public void Taking_any_line_rule_code_fact_or_pack_from_the_files_lets_no_denied_request_through()
    {
        var original = Sample.Standard;
        List<ListedPack> profile = [.. original.Packs.Select(pack => new ListedPack(pack.Id, pack.Hash)), new("vocabulary/rules", original.Vocabulary!.Hash)];
        var set = RulePackSet.Compile(original.Vocabulary!, original.Packs, profile).Value;
        var requests = Denied(set);
        requests.Count.ShouldBeGreaterThan(50);
        var (refused, broken, mutants) = (0, 0, 0);
        foreach (var (vocabulary, packs) in Mutants())
        {
            mutants++;
            var (library, errors) = Sample.ReadAll(vocabulary, packs);
            refused += errors.Count > 0 ? 1 : 0;
            var compiled = library?.Vocabulary is null ? default : RulePackSet.Compile(library.Vocabulary, library.Packs, profile);
            if (library?.Vocabulary is null || !compiled.IsOk)
            {
                continue;
            }

            broken += compiled.Value.Broken.Count > 0 ? 1 : 0;
            foreach (var request in requests)
            {
                var read = AuthZen.Read(library.Vocabulary, request);
                (read.IsOk && compiled.Value.Decide(read.Value).IsPermit).ShouldBeFalse();
            }
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{mutants} mutants: {refused} with faults, {broken} unlike the profile, {requests.Count} denied requests each");
        mutants.ShouldBeGreaterThan(100);
        (refused + broken).ShouldBeGreaterThanOrEqualTo(mutants);
    }

    [Fact]
    public void M75_a_hostile_mutant_of_a_rule_pack_is_refused_with_its_line_or_has_another_hash()
    {
        string[] poison = ["&a ", "*a", "!!x ", "<<: *x\n", "---\n", "no", "on: true\n", "а", "е", "Ａ", "\t", "\u202E", "\u0000", "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[", "{{", "modality: permit\n", "when: true\n", "floor: true\n", "(((((((((((((((((((((((((((", " or true", " and not ", "0777", "~", "id: F-03\n"];
        var cases = new LongCases("rules-hostile-packs", 75, few: 1_500, many: 100_000);
        var hash = Sample.Standard.Find("harbour")!.Hash;
        var denied = Denied(RulePackSet.Compile(Sample.Standard.Vocabulary!, Sample.Standard.Packs).Value).Take(40).ToList();
        List<ListedPack> profile = [.. Sample.Standard.Packs.Select(pack => new ListedPack(pack.Id, pack.Hash))];
        foreach (var (i, random) in cases.Take())
        {
            var text = new StringBuilder(Sample.Harbour);
            for (var steps = random.Next(1, 3); steps > 0; steps--)
            {
                var at = random.Next(text.Length);
                _ = random.Next(4) switch
                {
                    0 => text.Remove(at, Math.Min(random.Next(1, 60), text.Length - at)),
                    1 => text.Insert(at, text.ToString(at, Math.Min(random.Next(1, 80), text.Length - at))),
                    _ => text.Insert(at, poison[random.Next(poison.Length)]),
                };
            }

            var clock = Stopwatch.StartNew();
            var mutant = text.ToString();
            var (library, errors) = Load(mutant);
            clock.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(5), $"mutant {i}");
            if (errors.Count > 0)
            {
                cases["refused with a line"]++;
                errors.ShouldAllBe(error => HasLine(error.Where), $"mutant {i}: {errors[0]}");
                errors.ShouldAllBe(error => error.Message.Count == 2);
                continue;
            }

            if (library!.Find("harbour")!.Hash != hash)
            {
                cases["read as another pack, which lets nothing through"]++;
                var set = RulePackSet.Compile(library.Vocabulary!, library.Packs, profile).Value;
                denied.ShouldAllBe(request => !set.Decide(AuthZen.Read(library.Vocabulary!, request).Value).IsPermit, $"mutant {i}");
            }
        }

        cases["refused with a line"].ShouldBeGreaterThan(cases.Done / 2);
    }

    [Theory]
    [InlineData("id: HR-01", "id: HR-02", "rules.duplicate-rule")]
    [InlineData("    topic: purpose\n", "    topic: purpose\n    topic: other\n", "pack.duplicate-key")]
    [InlineData("    topic: purpose\n", "    topic: &x purpose\n", "pack.anchor")]
    [InlineData("mandatory: true", "mandatory: no", "pack.ambiguous-boolean")]
    [InlineData("consent.status = given", "consent.status = givеn", "rules.unknown-sign")]
    [InlineData("id: HR-01", "id: НR-01", "pack.pattern")]
    [InlineData("modality: prohibit", "modality: prоhibit", "pack.unknown-word")]
    [InlineData("scope: {action: [read, collect]}", "scope: {action: [[[[[[read]]]]]]}", "pack.wrong-shape")]
    [InlineData("floor: true", "floor: 1", null)]
    [InlineData("value: 72", "value: 0x48", "pack.ambiguous-number")]
    public void M75_known_tricks_are_refused_by_name(string part, string instead, string? code)
    {
        Sample.Harbour.Replace(part, instead, StringComparison.Ordinal).ShouldSatisfyAllConditions(text =>
        {
            if (code is not null)
            {
                text.ShouldNotBe(Sample.Harbour);
                Load(text).Errors.ShouldContain(error => error.Code == code, string.Join('\n', Load(text).Errors));
            }
        });
    }

    private static (RuleLibrary? Library, IReadOnlyList<Model.Error> Errors) Load(string harbour)
    {
        var files = Directory.EnumerateFiles(Path.Combine(Sample.Root, "packs", "schema"), "*.schema.json").Where(file => file.Contains("rules", StringComparison.Ordinal) || file.Contains("vocabulary", StringComparison.Ordinal))
            .ToDictionary(file => "schema/" + Path.GetFileName(file), File.ReadAllBytes, StringComparer.Ordinal);
        files["vocabulary/rules.yaml"] = Encoding.UTF8.GetBytes(Sample.Vocabulary);
        files["rules/floor.yaml"] = Encoding.UTF8.GetBytes(Sample.Floor);
        files["rules/harbour.yaml"] = Encoding.UTF8.GetBytes(harbour);
        var outcome = PackLibrary.Load([new PackMemory("packs", files)]);
        var errors = new PackErrors();
        errors.AddRange(outcome.Errors);
        var documents = RuleDocuments.Of(outcome.Library, errors);
        var library = RuleLibrary.Read(documents.Vocabulary!, documents.Packs);
        return (library, [.. errors.All, .. library.Errors]);
    }

    private static bool HasLine(string? where) => where?.Split(':') is [.., var line, var column] && int.TryParse(line, out _) && int.TryParse(column, out _);

    private static List<byte[]> Denied(RulePackSet set)
    {
        var requests = new Requests(Sample.Standard, 4);
        var facts = set.NewRequest();
        var denied = new List<byte[]>();
        for (var i = 0; i < 400; i++)
        {
            requests.Next(facts);
            if (!set.Decide(facts).IsPermit)
            {
                denied.Add(DecisionRecord.RequestBytes(facts));
            }
        }

        return denied;
    }

    /// <summary>Every file without one of its lines, one of its blocks, and every set of files without one of them.</summary>
    private static IEnumerable<(string Vocabulary, string[] Packs)> Mutants()
    {
        yield return (Sample.Vocabulary, [Sample.Floor]);
        yield return (Sample.Vocabulary, [Sample.Harbour]);
        foreach (var text in Without(Sample.Vocabulary))
        {
            yield return (text, [Sample.Floor, Sample.Harbour]);
        }

        foreach (var text in Without(Sample.Floor))
        {
            yield return (Sample.Vocabulary, [text, Sample.Harbour]);
        }

        foreach (var text in Without(Sample.Harbour))
        {
            yield return (Sample.Vocabulary, [Sample.Floor, text]);
        }
    }

    private static IEnumerable<string> Without(string text)
    {
        var lines = text.Split('\n');
        for (var i = 1; i < lines.Length - 1; i++)
        {
            if (lines[i].Length > 0)
            {
                yield return string.Join('\n', lines.Where((_, line) => line != i));
            }

            if (lines[i].StartsWith("  - id: ", StringComparison.Ordinal))
            {
                var end = i + 1;
                while (end < lines.Length && lines[end].StartsWith("    ", StringComparison.Ordinal))
                {
                    end++;
                }

                yield return string.Join('\n', lines.Where((_, line) => line < i || line >= end));
            }

            if (lines[i].Contains("[{code:", StringComparison.Ordinal))
            {
                var first = lines[i].IndexOf("[{", StringComparison.Ordinal);
                var next = lines[i].IndexOf("}, {", StringComparison.Ordinal);
                yield return string.Join('\n', lines.Select((line, at) => at == i && next > 0 ? line[..(first + 1)] + line[(next + 3)..] : line));
            }
        }
    }
}
