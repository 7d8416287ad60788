using Waymark.Protection.Contracts;
using Waymark.Protection.Features;
using Waymark.Protection.Tests;
using Waymark.Rules;

namespace Waymark.Misuse.Tests;

/// <summary>Group 2: enforcement misuse.</summary>
[Missing("M15", "registers of wanted persons are not built; what is exported to another node comes with exchange (part 6)")]
public sealed class G02EnforcementTests
{
    [Fact]
    [Proves(Parts.All, Door.Module, Door.CommandLine)]
    public async Task M15_police_data_serve_no_second_use_and_not_for_ever()
    {
        using var trial = new Trial();
        using var call = new Installation();
        foreach (var id in new[] { "GOLD-13a", "GOLD-13b", "GOLD-15", "UNTOC-04-DENIES" })
        {
            var (pack, scenario) = Shipped.Scenario(id);
            await trial.RefusedAsync(Door.Module, () =>
            {
                var answer = Shipped.Set(pack, scenario).Explain(ScenarioRunner.Facts(Shipped.Words, scenario));
                return Task.FromResult(new Seen(answer.Decision.IsPermit, answer.Decision.Ground.ToString(), string.Join(' ', answer.Duties.Select(duty => duty.Rule.Id))));
            });
            await trial.RefusedAsync(Door.CommandLine, async () =>
            {
                var (code, output, error) = await Attempts.DecideAsync(call, scenario);
                return new(code == 0, code == 5 ? "exit.5" : null, output + error);
            });
        }

        // After five years the record is not only refused; the refusal carries the duty to delete or review.
        var (police, old) = Shipped.Scenario("GOLD-13a");
        Shipped.Set(police, old).Explain(ScenarioRunner.Facts(Shipped.Words, old)).Duties.Select(duty => duty.Rule.Id).ShouldContain("INT-18b");
        await trial.PassesAsync(() => Task.FromResult(new[] { "GOLD-13c", "UNTOC-04-PASSES" }.All(id => Shipped.Scenario(id) is var (pack, scenario) && Shipped.Set(pack, scenario).Decide(ScenarioRunner.Facts(Shipped.Words, scenario)).IsPermit)));
        await trial.HarmsWithoutAsync("the rule of re-evaluation", () =>
        {
            var open = Shipped.Without("interpol", "INT-18");
            var (pack, scenario) = Shipped.Scenario("GOLD-13a");
            var set = RulePackSet.Compile(open.Vocabulary!, ScenarioRunner.PacksOf(open, open.Find(pack.Id)!, scenario)).Value;
            return Task.FromResult(new Seen(set.Decide(ScenarioRunner.Facts(open.Vocabulary!, scenario)).IsPermit, null));
        });
    }

    [Fact]
    [Proves(Parts.All, Door.Module)]
    public async Task M17_life_at_risk_opens_no_rule_of_the_floor_and_not_a_second_time_unreviewed()
    {
        using var trial = new Trial();
        await using var node = await Shipped.Node.OpenAsync();
        var all = node.Book(Shipped.Rules.Packs, "unhcr");
        var (_, exceptions, _) = node.Over(all);
        var until = node.Clock.GetUtcNow().AddHours(48);

        // Every rule of the floor, by its id; and every exception of every pack: none of them suspends one.
        foreach (var rule in Shipped.Floor.Rules)
        {
            await trial.RefusedAsync(Door.Module, async () =>
            {
                var asked = await exceptions.InvokeAsync(Shipped.Node.Worker, "protection/north", "C-1", rule.Id, "life: at risk", until, default);
                return new(asked.IsOk, asked.Error?.Code);
            }, "derogation.floor");
        }

        var floor = Shipped.Floor.Rules.Select(rule => rule.Id).ToHashSet(StringComparer.Ordinal);
        var derogations = Shipped.Rules.Packs.SelectMany(pack => pack.Rules).Where(rule => rule.Kind == RuleKind.Derogation).ToList();
        derogations.Count.ShouldBeGreaterThan(5);
        derogations.SelectMany(rule => rule.Suspends).ShouldAllBe(suspended => !floor.Contains(suspended));

        // The same on the answers: with any exception in force, what the floor denies stays denied.
        foreach (var (pack, scenario) in Shipped.Scenarios.Where(pair => pair.Pack.IsFloor && !pair.Scenario.ExpectsPermit))
        {
            var set = Shipped.Set(pack, scenario);
            foreach (var derogation in derogations)
            {
                var facts = Shipped.Facts(scenario, ("derogation.rule", derogation.Id), ("derogation.reason", "life"), ("derogation.approver", "legal"), ("derogation.expiry", "2026-11-22T00:00:00Z"));
                set.Decide(facts).IsPermit.ShouldBeFalse($"{scenario.Id} with {derogation.Id}");
            }
        }

        ComposedStore? composed = null;
        await using var desk = await Desk.OpenAsync(around: store => composed = new ComposedStore(store));
        async Task<Seen> Second(string matter)
        {
            var asked = await desk.Exceptions.InvokeAsync(Desk.Worker, "protection/north", matter, "HR-06", "life at risk again", desk.Clock.GetUtcNow().AddHours(10), default);
            return new(asked.IsOk, asked.Error?.Code);
        }

        await trial.PassesAsync(async () =>
        {
            var asked = await desk.Exceptions.InvokeAsync(Desk.Worker, "protection/north", "C-1", "HR-06", "life at risk", desk.Clock.GetUtcNow().AddHours(48), default);
            (await desk.Exceptions.ApproveAsync(Desk.Legal, asked.Value.Id, default)).IsOk.ShouldBeTrue();
            return (await desk.Gate.OpenAsync(Desk.Ask("transfer", more: [("subject.urgent", "true")]), Desk.Read, default)).IsPermitted;
        });
        await trial.RefusedAsync(Door.Module, () => Second("C-2"), "derogation.unreviewed");
        composed!.Forgotten.Add("protection.derogation");
        await trial.HarmsWithoutAsync("the memory of what waits for review", () => Second("C-3"));
    }

    [Fact]
    [Proves(Parts.Attempt | Parts.Neighbour, Door.Module)]
    public async Task M17_an_exception_with_its_reason_in_words_works_over_the_packs_that_ship()
    {
        using var trial = new Trial();
        await using var node = await Shipped.Node.OpenAsync();
        var book = node.Book(Shipped.Rules.Packs, "unhcr");
        var (gate, exceptions, _) = node.Over(book);
        await node.AdoptAsync(book);
        var rule = Shipped.Rules.Packs.SelectMany(pack => pack.Rules).First(rule => rule.Kind == RuleKind.Derogation).Id;
        var ask = new GateRequest(Shipped.Node.Worker, "protection/north", "C-9", ["person-9"], "read", "protection",
            new Dictionary<string, IReadOnlyList<string>> { ["system"] = ["protection"], ["subject.category"] = ["refugee"], ["recipient.type"] = ["none"] });
        var before = await gate.OpenAsync(ask, Desk.Read, default);
        await trial.RefusedAsync(Door.Module, async () =>
        {
            var words = await exceptions.InvokeAsync(Shipped.Node.Worker, "protection/north", "C-9", rule, "her life is in danger tonight", node.Clock.GetUtcNow().AddHours(5), default);
            return new(words.IsOk, words.Error?.Code);
        }, "derogation.reason");
        var asked = await exceptions.InvokeAsync(Shipped.Node.Worker, "protection/north", "C-9", rule, "life: in danger tonight", node.Clock.GetUtcNow().AddHours(5), default);
        asked.IsOk.ShouldBeTrue(asked.Error?.ToString());
        (await exceptions.ApproveAsync(Shipped.Node.Legal, asked.Value.Id, default)).IsOk.ShouldBeTrue();
        await trial.PassesAsync(async () =>
        {
            var after = await gate.OpenAsync(ask, Desk.Read, default);
            after.Refusal?.Code.ShouldNotBe("gate.unknown-code", after.Refusal?.Text.In("en"));
            return before.Refusal?.Code == after.Refusal?.Code || after.IsPermitted;
        }, "an exception in force changes nothing that it is not about");
        await trial.RefusedAsync(Door.Module, async () =>
        {
            var late = await exceptions.InvokeAsync(Shipped.Node.Other, "protection/north", "C-9", rule, "life: in danger tonight", node.Clock.GetUtcNow().AddHours(73), default);
            return new(late.IsOk, late.Error?.Code);
        }, "derogation.too-long");
    }
}
