using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Waymark.App.Api;
using Waymark.App.CommandLine;
using Waymark.App.Configuration;
using Waymark.App.Hosting;
using Waymark.Pages;
using Waymark.Protection.Contracts;
using Waymark.Protection.Features;
using Waymark.Protection.Tests;
using Waymark.Rules;
using Waymark.Site.Tests.Support;
using LongRun = Waymark.Rules.Tests.LongRun;

namespace Waymark.Misuse.Tests;

/// <summary>Group 12: rule packs tampered with and silently downgraded.</summary>
[Missing("M74", "old agreements, protocols and algorithms come with exchange (part 6)")]
[Missing("M73", "the profile stands in a signed node descriptor with exchange (part 6)")]
[Missing("M77", "evidence behind an opening fact is named and not laid down; the same account cannot state it within a day")]
public sealed class G12RulePackTests
{
    [Fact]
    [Proves(Parts.All, Door.Module, Door.PackFolder, Door.CommandLine)]
    public async Task M72_a_pack_of_the_operator_that_weakens_grants_nothing()
    {
        using var trial = new Trial();
        static string Weaken(string packs) => packs.Replace("when: purpose = purpose.declared", "when: known(purpose)", StringComparison.Ordinal);
        var ask = Desk.Ask(purpose: "assistance", more: [("purpose.declared", "protection")]);
        async Task<Seen> Ask(bool adopted)
        {
            await using var desk = await Desk.OpenAsync(adopted, Weaken);
            var answer = await desk.Gate.OpenAsync(ask, Desk.Read, default);
            return new(answer.IsPermitted, answer.Refusal?.Code);
        }

        await trial.RefusedAsync(Door.Module, () => Ask(adopted: false), "gate.not-adopted");

        // A second file of the same id in the operator's folder replaces nothing, and the verb that compares says what would open.
        using var call = new Installation();
        foreach (var (folder, text) in new[] { ("own", "mode: grants\nrules: []\n"), ("again", "extends: false\nrules: []\n") })
        {
            Directory.CreateDirectory(Path.Combine(call.Folder, folder, "rules"));
            await File.WriteAllTextAsync(Path.Combine(call.Folder, folder, "rules", "floor.yaml"),
                "id: floor\nkind: rules\nversion: 9.0.0\ntitle: {en: Floor, zh: 底线}\nsource: x\nlicence: CC0-1.0\ninstrument: {id: FLOOR, en: Floor, zh: 底线}\nfloor: true\n" + text);
            await trial.RefusedAsync(Door.PackFolder, async () =>
            {
                var (code, output, error) = await call.RunAsync("rules", "check", folder);
                return new(code == 0, code == 0 ? null : "exit." + code, output + error);
            });
        }

        CopyPacks(Path.Combine(call.Folder, "newer"));
        var file = Path.Combine(call.Folder, "newer", "rules", "unhcr.yaml");
        var rule = (await File.ReadAllTextAsync(file)).Split('\n');
        var at = Array.FindIndex(rule, line => line.StartsWith("    modality: prohibit", StringComparison.Ordinal));
        await File.WriteAllLinesAsync(file, rule.Select((line, index) => index == at ? "    modality: permit" : line));
        await trial.RefusedAsync(Door.CommandLine, async () =>
        {
            var (code, output, error) = await call.RunAsync("rules", "diff", Installation.Packs, "newer");
            return new(code == 0, code is 3 or 5 ? "exit." + code : null, output + error);
        });
        await trial.PassesAsync(async () =>
        {
            await using var desk = await Desk.OpenAsync(edit: packs => packs.Replace("when: purpose = purpose.declared", "when: purpose = purpose.declared and purpose != assistance", StringComparison.Ordinal));
            return (await desk.Gate.OpenAsync(Desk.Ask(), Desk.Read, default)).IsPermitted;
        }, "a pack that only tightens");
        await trial.HarmsWithoutAsync("adoption by two", () => Ask(adopted: true));
    }

    [Fact]
    [Proves(Parts.All, Door.Module, Door.PackFolder)]
    public async Task M73_with_every_choice_of_packs_the_floor_holds()
    {
        using var trial = new Trial();
        var cases = Shipped.Floor.Scenarios.Where(scenario => !scenario.ExpectsPermit).ToList();
        cases.Count.ShouldBeGreaterThan(15);
        var others = Shipped.Rules.Packs.Where(pack => !pack.IsFloor).ToList();
        var random = new Random(73);
        var subsets = LongRun.Is ? 20_000 : 150;
        for (var i = 0; i < subsets + (others.Count * 2); i++)
        {
            var packs = i < others.Count ? others.Where((_, at) => at != i) : i < others.Count * 2 ? others.Where((_, at) => at == i - others.Count) : others.Where(_ => random.Next(2) == 0);
            RulePackSet.Compile(Shipped.Words, [.. packs]).Error!.Code.ShouldBe("rules.no-floor");
            var set = RulePackSet.Compile(Shipped.Words, [Shipped.Floor, .. packs]).Value;
            foreach (var scenario in cases)
            {
                set.Decide(ScenarioRunner.Facts(Shipped.Words, scenario)).IsPermit.ShouldBeFalse($"{scenario.Id} with {string.Join(' ', packs.Select(pack => pack.Id))}");
            }
        }

        await trial.RefusedAsync(Door.PackFolder, () => Task.FromResult(new Seen(false, RulePackSet.Compile(Shipped.Words, others).Error?.Code)), "rules.no-floor");
        await using var node = await Shipped.Node.OpenAsync();
        foreach (var controller in new[] { "police", "other", "", "UNHCR", "unhcr " })
        {
            await trial.RefusedAsync(Door.Module, async () =>
            {
                var (gate, _, _) = node.Over(node.Book(Shipped.Rules.Packs, controller));
                var answer = await gate.OpenAsync(Asked("C-" + controller), Desk.Read, default);
                return new(answer.IsPermitted, answer.Refusal?.Code);
            });
        }

        await using var desk = await Desk.OpenAsync();
        await trial.PassesAsync(async () => (await desk.Gate.OpenAsync(Desk.Ask(), Desk.Read, default)).IsPermitted);
        await using var open = await Desk.OpenAsync(edit: packs => packs.Replace("when: consent.status != given", "when: consent.status != given and not log.entry", StringComparison.Ordinal));
        await trial.HarmsWithoutAsync("a floor in the set", async () =>
        {
            var answer = await open.Gate.OpenAsync(Desk.Ask("transfer", more: [("recipient.type", "law-enforcement"), ("review.legal", "done")]), Desk.Read, default);
            return new(answer.IsPermitted, answer.Refusal?.Code);
        });
    }

    [Fact]
    [Proves(Parts.All, Door.Setting, Door.CommandLine, Door.Module)]
    public async Task M76_the_floor_holds_under_every_setting_variable_and_flag()
    {
        using var trial = new Trial();
        var opener = new TestOpener(withPages: true);
        var cases = Shipped.Floor.Scenarios.Where(scenario => !scenario.ExpectsPermit).ToList();
        async Task<Seen> Under(string key, string value)
        {
            using var here = new Called();
            var flags = new Dictionary<string, string>(StringComparer.Ordinal) { ["data"] = Path.Combine(here.Folder, "data"), [key] = value };
            var read = SettingsReader.Read(new(flags, new Dictionary<string, string>(StringComparer.Ordinal) { ["WAYMARK_PACKS_ROOT"] = Installation.Packs }, here.Folder, null));
            if (!read.IsOk)
            {
                return new(false, read.Error.Code);
            }

            var platform = await Platform.OpenAsync(opener, read.Value with { Store = StoreKind.Sqlite }, TimeProvider.System, default);
            if (!platform.IsOk)
            {
                return new(false, platform.Error.Code);
            }

            await using var opened = platform.Value;
            var services = new ServiceCollection();
            services.AddProtection(opened);
            await using var provider = services.BuildServiceProvider();
            var book = provider.GetRequiredService<RuleBookSource>().Book;
            return new(book is null || !book.Rules.Packs.Any(pack => pack.IsFloor && pack.Hash == Shipped.Floor.Hash)
                || cases.Any(scenario => book.Rules.Decide(Again(book, scenario)).IsPermit), "floor.held", $"{key}={value}");
        }

        string[] fuzz = ["", "on", "off", "none", "true", "false", "0", "1", "-1", "*", "admin", "public", "closed", "unhcr", "../..", "http://127.0.0.1:1", "\u202e", new string('x', 300)];
        var random = new Random(76);
        foreach (var rule in SettingCatalogue.All.Where(rule => rule.Key is not "data" and not "keys"))
        {
            foreach (var value in (rule.Words ?? []).Append(rule.Default).Concat(fuzz.Where(_ => LongRun.Is || random.Next(6) == 0)).Distinct())
            {
                await trial.RefusedAsync(Door.Setting, () => Under(rule.Key, value));
            }
        }

        foreach (var name in new[] { "WAYMARK_DEBUG", "WAYMARK_SKIP_FLOOR", "WAYMARK_FLOOR", "WAYMARK_SAMPLE", "WAYMARK_PROTECTION", "WAYMARK_PROTECTION_FLOOR", "WAYMARK_YES", "WAYMARK_RULES_MODE", "WAYMARK_TEST" })
        {
            await trial.RefusedAsync(Door.Setting, () => Task.FromResult(new Seen(false,
                SettingsReader.Read(new(new Dictionary<string, string>(), new Dictionary<string, string> { [name] = "1" }, "/tmp", null)).Error?.Code)), "config.unknown-variable");
        }

        // Flags, those that are there and those that somebody may hope for: the floor's own denial stays one, or the call is refused.
        using var call = new Installation();
        await File.WriteAllBytesAsync(Path.Combine(call.Folder, "ask.json"), DecisionRecord.RequestBytes(ScenarioRunner.Facts(Shipped.Words, Shipped.Scenario("FLOOR-02-DENIES").Scenario)));
        foreach (var flag in new[] { "--yes", "--force", "--no-floor", "--sample", "--debug", "--as=administrator", "--json", "--quiet", "--verbose", "--lang=zh", "--no-color" })
        {
            await trial.RefusedAsync(Door.CommandLine, async () =>
            {
                var (code, output, error) = await call.RunAsync("rules", "decide", "ask.json", flag);
                return new(code == ExitCode.Done, code is ExitCode.Refused or ExitCode.Usage ? "exit." + code : null, output + error);
            });
        }

        await using var desk = await Desk.OpenAsync();
        await trial.RefusedAsync(Door.Module, async () =>
        {
            var answer = await desk.Gate.OpenAsync(Desk.Ask(actor: new("admin-1", "administrator", ["protection/north"])), Desk.Read, default);
            return new(answer.IsPermitted, answer.Refusal?.Code);
        }, "gate.purpose");
        await trial.PassesAsync(async () => (await Under("maps", "off")).Bytes == "maps=off", "a setting that is one");
        await trial.HarmsWithoutAsync("a floor among the packs", () =>
        {
            var open = Shipped.Without("floor", "FLOOR-05");
            var (pack, scenario) = Shipped.Scenario("GOLD-07a");
            Shipped.Set(pack, scenario).Decide(ScenarioRunner.Facts(Shipped.Words, scenario)).IsPermit.ShouldBeFalse();
            var set = RulePackSet.Compile(open.Vocabulary!, ScenarioRunner.PacksOf(open, open.Find(pack.Id)!, scenario)).Value;
            return Task.FromResult(new Seen(set.Decide(ScenarioRunner.Facts(open.Vocabulary!, scenario)).IsPermit, null));
        });
    }

    [Fact]
    [Proves(Parts.All, Door.Module)]
    public async Task M77_no_golden_refusal_is_flipped_by_whoever_was_refused()
    {
        using var trial = new Trial();
        await using var node = await Shipped.Node.OpenAsync();
        await node.AdoptAsync(node.Book(Shipped.Rules.Packs, "unhcr"));
        var cases = Shipped.Scenarios.Where(pair => pair.Scenario.Id.StartsWith("GOLD-", StringComparison.Ordinal) && !pair.Scenario.ExpectsPermit).ToList();
        cases.Count.ShouldBeGreaterThan(20);
        var (tried, harms, passed) = (0, 0, 0);
        var taken = 0;
        foreach (var (pack, scenario) in cases)
        {
            var packs = ScenarioRunner.PacksOf(Shipped.Rules, pack, scenario);
            var facts = ScenarioRunner.Facts(Shipped.Words, scenario);
            var controller = Text(facts, "controller.organisation");
            if (controller is null || Text(facts, "purpose") is null)
            {
                continue;
            }

            var book = node.Book([.. packs.OrderByDescending(known => known.IsFloor)], controller);
            var (gate, _, consents) = node.Over(book);
            var explained = book.Rules.Explain(facts, new(null, fact => !fact.IsFloor));
            foreach (var change in explained.NearestPermits.SelectMany(permit => permit.Changes).DistinctBy(change => change.Fact.Id).Take(LongRun.Is ? 50 : 3))
            {
                change.Fact.IsFloor.ShouldBeFalse($"{scenario.Id} names {change.Fact}");
                foreach (var hasMemory in new[] { true, false })
                {
                    node.Store.Forgotten.Clear();
                    if (!hasMemory)
                    {
                        node.Store.Forgotten.Add("protection.decision");
                    }

                    var matter = $"{scenario.Id}-{taken++}";
                    if (Text(facts, "consent.status") == "given")
                    {
                        await consents.RecordAsync(new(matter, Text(facts, "purpose")!, Text(facts, "recipient.type") ?? "none", ConsentChoice.Given, node.Clock.GetUtcNow(), null, "v1", "en", Text(facts, "consent.form") ?? "written", true, true, null, null, null, "worker-1"), default);
                    }

                    var first = Request(facts, matter);
                    (await gate.OpenAsync(first, Desk.Read, default)).IsPermitted.ShouldBeFalse(scenario.Id);
                    foreach (var value in Values(change.Fact))
                    {
                        var stated = new Dictionary<string, IReadOnlyList<string>>(first.Facts, StringComparer.Ordinal) { [change.Fact.Id] = value };
                        var flipped = await gate.OpenAsync(first with { Facts = stated }, Desk.Read, default);
                        tried++;
                        harms += hasMemory && flipped.IsPermitted ? 1 : 0;
                        passed += !hasMemory && flipped.IsPermitted ? 1 : 0;
                    }
                }
            }
        }

        node.Store.Forgotten.Clear();
        tried.ShouldBeGreaterThan(20);
        await trial.RefusedAsync(Door.Module, () => Task.FromResult(new Seen(harms > 0, "gate.flipped", $"{harms} of {tried}")));
        await using var desk = await Desk.OpenAsync();
        await trial.PassesAsync(async () =>
        {
            (await desk.Gate.OpenAsync(Desk.Ask("transfer", more: [("review.legal", "pending")]), Desk.Read, default)).IsPermitted.ShouldBeFalse();
            return (await desk.Gate.OpenAsync(Desk.Ask("transfer", actor: Desk.Supervisor, more: [("review.legal", "done")]), Desk.Read, default)).IsPermitted;
        }, "somebody else states and shows the fact");
        ComposedStore? composed = null;
        await using var open = await Desk.OpenAsync(around: store => composed = new ComposedStore(store));
        composed!.Forgotten.Add("protection.decision");
        await trial.HarmsWithoutAsync("the memory of refusals", async () =>
        {
            (await open.Gate.OpenAsync(Desk.Ask("transfer", more: [("review.legal", "pending")]), Desk.Read, default)).IsPermitted.ShouldBeFalse();
            return new((await open.Gate.OpenAsync(Desk.Ask("transfer", more: [("review.legal", "done")]), Desk.Read, default)).IsPermitted, $"golden: {passed}");
        });
    }

    private static IEnumerable<string[]> Values(Fact fact) => fact.Type switch
    {
        FactType.Boolean => [["true"], ["false"]],
        FactType.Code => fact.Codes!.Codes.Take(8).Select(code => new[] { code.Id }),
        FactType.Codes => [[.. fact.Codes!.Codes.Select(code => code.Id)]],
        FactType.TextId => [["AGR-1"]],
        FactType.Date => [["2027-01-01"]],
        FactType.Instant => [["2026-11-21T08:00:00Z"]],
        _ => [["1"]],
    };

    /// <summary>What the asking module states: everything but what the gate keeps itself.</summary>
    private static GateRequest Request(RequestFacts facts, string matter)
    {
        string[] own =
        [
            "action", "purpose", "request.time", "actor.role", "log.entry", "controller.organisation", "controller.profile", "retention.legal_hold", "consent.status", "consent.scope", "consent.explicit", "consent.informed",
            "consent.form", "consent.withdrawn", "derogation.rule", "derogation.reason", "derogation.approver", "derogation.expiry",
        ];
        var stated = facts.All.Where(pair => !own.Contains(pair.Fact.Id)).ToDictionary(pair => pair.Fact.Id, pair => pair.Fact.Type == FactType.Codes
            ? [.. pair.Value.ToText(pair.Fact).Trim('[', ']').Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)]
            : (IReadOnlyList<string>)[pair.Value.ToText(pair.Fact)], StringComparer.Ordinal);
        return new(Shipped.Node.Worker, "protection/north", matter, [matter], Text(facts, "action")!, Text(facts, "purpose")!, stated);
    }

    private static string? Text(RequestFacts facts, string fact) => Shipped.Words.Find(fact) is { } known && facts[known] is { } value ? value.ToText(known) : null;

    private static RequestFacts Again(RuleBook book, Scenario scenario)
    {
        var facts = book.Rules.NewRequest();
        foreach (var (fact, value) in scenario.Given)
        {
            facts.Set(book.Rules.Vocabulary.Find(fact.Id)!, value);
        }

        return facts;
    }

    private static GateRequest Asked(string matter) => new(Shipped.Node.Worker, "protection/north", matter, ["person-1"], "read", "protection",
        new Dictionary<string, IReadOnlyList<string>> { ["system"] = ["protection"], ["subject.category"] = ["refugee"], ["recipient.type"] = ["none"] });

    private static void CopyPacks(string folder)
    {
        foreach (var file in Directory.EnumerateFiles(Installation.Packs, "*", SearchOption.AllDirectories))
        {
            var to = Path.Combine(folder, Path.GetRelativePath(Installation.Packs, file));
            Directory.CreateDirectory(Path.GetDirectoryName(to)!);
            File.Copy(file, to);
        }
    }
}
