using Waymark.Casework.Contracts;
using Waymark.Casework.Tests;
using Waymark.Matching.Contracts;
using Waymark.Protection.Contracts;
using Waymark.Protection.Features;
using Waymark.Protection.Tests;
using Waymark.Rules;
using Waymark.Storage;
using Node = Waymark.Casework.Tests.Node;

namespace Waymark.Misuse.Tests;

/// <summary>Group 2: enforcement misuse.</summary>
[Missing("M10", "no notice is issued, received or kept: there is no register of them; notices between nodes come with exchange (part 6)")]
[Missing("M11", "nothing publishes a name or photo (part 7); notices between nodes come with exchange (part 6)")]
[Missing("M12", "no door: nothing takes a passenger list. A list of persons dropped as evidence is stopped (M50), and forbidden registers are compared by nothing (M03)")]
[Missing("M16", "no door: no register keeps money sent or paid, and no financial file is taken in")]
[Missing("M18", "no door: forecasts come with assessment (part 7)")]
[Missing("M15", "registers of wanted persons are not built; what is exported to another node comes with exchange (part 6)")]
public sealed class G02EnforcementTests
{
    [Fact]
    [Proves(Parts.All, Door.Module, Door.CommandLine)]
    public async Task M10_a_political_notice_is_no_notice_and_a_request_between_authorities_about_it_goes_nowhere()
    {
        using var trial = new Trial();
        await GoldenAsync(trial, ["GOLD-10", "GOLD-11a", "GOLD-12a", "GOLD-12b"], ["GOLD-11b"]);
        var plan = Packed.Plan("assistance-request");
        foreach (var (fact, value) in new[] { ("matter", "political"), ("refugee-check", "refugee"), ("feared-harm", "feared"), ("rights-risk", "feared"), ("victim-data", "yes") })
        {
            var code = plan.Field(fact)!.Codes is { } codes && codes.Find(value) is null ? codes.Codes.First(known => known.Id is not ("ordinary" or "nothing-known" or "not-checked")).Id : value;
            await trial.RefusedAsync(Door.Module, () => Packed.StepAsync(plan, "clears", null, false, (fact, code)), "step.condition");
            await trial.HarmsWithoutAsync(fact, () => Packed.StepAsync(Packed.Without("assistance-request", "when: " + fact + " ="), "clears", null, false, (fact, code)));
        }

        // Whatever the reason, the other side reads one word.
        plan.States.Where(state => state.Id is "refused").Select(state => state.Outward!.In("en")).ShouldBe(["not possible"]);
        await trial.PassesAsync(async () => (await Packed.StepAsync(plan, "clears")).Harm, "an ordinary matter that was checked");
    }

    [Fact]
    [Proves(Parts.All, Door.Module)]
    public async Task M11_an_adult_who_declined_is_not_found_by_whoever_asks_in_two_years()
    {
        using var trial = new Trial();
        await using var nobody = await Node.OpenAsync();
        var (alone, _, _, _) = await Traced.SearchedAsync(nobody, "Chen Wei", "1961-01-02");
        Node.Ok(await nobody.Cases.LookAsync(Node.Desk(), alone, default));
        var start = nobody.Clock.GetUtcNow();
        async Task<string> YearsLaterAsync(Node node, RecordAddress request, int years)
        {
            node.Clock.Advance(start.AddDays(365 * years) - node.Clock.GetUtcNow());
            return await Traced.TranscriptAsync(node, request);
        }

        async Task<(RecordAddress Request, RecordAddress Enquirer, RecordAddress Found, RecordAddress Person)> DeclinedAsync(Node node, string world = "declined")
        {
            var made = await Traced.SearchedAsync(node);
            var id = await Traced.CandidateAsync(node, made.Request);
            await Traced.AnswerAsync(node, Node.South, id, PairChoice.Same);
            await Traced.AnswerAsync(node, Node.SouthColleague, id, PairChoice.Same);
            await Traced.HolderAsync(node, made.Found, made.Person, made.Enquirer, world);
            return made;
        }

        await using var node = await Node.OpenAsync();
        var held = await DeclinedAsync(node);
        string? quiet = null;
        for (var year = 1; year <= 2; year++)
        {
            quiet = await YearsLaterAsync(nobody, alone, year);
            await trial.NeutralAsync(Door.Module, async () => new(false, "same", await YearsLaterAsync(node, held.Request, year)), () => Task.FromResult(new Seen(false, "same", quiet)));
        }

        await using (var agreed = await Node.OpenAsync())
        {
            var told = await DeclinedAsync(agreed, "agreed");
            await trial.PassesAsync(async () => await YearsLaterAsync(agreed, told.Request, 2) != quiet, "whoever agreed is told of");
        }

        // The pack lets the holder tell whatever was answered, and the floor has no rule that the person decides (F9).
        await trial.HarmsWithoutAsync("the word of the person found", async () =>
        {
            await using var open = await Node.OpenAsync(edit: (path, text) => path switch
            {
                "rules/floor.yaml" => RepositoryPacks.WithoutRules(text, "FLOOR-09"),
                "registers/found-person/pack.yaml" => string.Join('\n', text.Replace("    from: [agreed]\n    to: told", "    from: [agreed, declined]\n    to: told", StringComparison.Ordinal).Split('\n')
                    .Where(line => !line.Contains("still agrees", StringComparison.Ordinal) && !line.Contains("The answer says what may be told", StringComparison.Ordinal))
                    .Select(line => line.StartsWith("  - {id: declined,", StringComparison.Ordinal) ? line.Replace(", terminal: true", "", StringComparison.Ordinal) : line)),
                _ => text,
            });
            var exposed = await DeclinedAsync(open);
            await open.SafeAsync(exposed.Person, Node.Desk(Node.South));
            await open.SafeAsync(exposed.Enquirer, Node.Desk());
            var state = Node.Ok(await open.Cases.OpenAsync(Node.Desk(Node.South), exposed.Found, default)).Document.StateVersion;
            var told = await open.Cases.StepAsync(Node.Desk(Node.SouthColleague), exposed.Found, "tell", state, null, default);
            return new(await YearsLaterAsync(open, exposed.Request, 2) != quiet, told.Error?.Code ?? told.Refusal?.Code);
        });
    }

    [Fact]
    [Proves(Parts.All, Door.Module, Door.CommandLine, Door.Print, Door.Export)]
    public async Task M13_a_victims_words_reach_no_police_without_their_consent_labelled_a_suspect_or_not()
    {
        using var trial = new Trial();
        await GoldenAsync(trial, ["GOLD-01a", "GOLD-01b", "GOLD-02a"], ["GOLD-02b", "GOLD-03"]);
        var plan = Packed.Plan("trafficking-victim");
        const string Consent = "survivor:prosecution:law-enforcement";
        await trial.RefusedAsync(Door.Module, () => Packed.StepAsync(plan, "to-justice", Consent), "step.consent");
        await trial.RefusedAsync(Door.Module, () => Packed.StepAsync(plan, "to-justice", null, true), "step.second-person");
        await trial.RefusedAsync(Door.Module, () => Packed.StepAsync(plan, "to-justice", null, false, ("cooperation", "undecided")), "step.condition");
        await trial.HarmsWithoutAsync("the consent", () => Packed.StepAsync(Packed.Without("trafficking-victim", "kind: consent, purpose: prosecution"), "to-justice", Consent));
        async Task<Seen> PrintAsync(Node node)
        {
            var person = await node.PersonAsync("Mariam Invented", "1990", RecordPartition.Victim);
            var sheet = await node.Cases.PrintAsync(Node.Desk(), person, new(null, "Police (invented)", "CHE") { Kind = "law-enforcement" }, default);
            return new(sheet.IsOk, sheet.Error?.Code ?? sheet.Refusal?.Code, string.Join('|', sheet.Refusal?.InTheWay.Select(line => line.In("en")) ?? []));
        }

        async Task<Seen> ExportAsync(Node node)
        {
            var (record, _, _) = await node.TracingAsync();
            var police = await node.ReceiverAsync("Police (invented)", "CHE", type: "law-enforcement");
            var list = await node.Cases.ExportAsync(Node.Desk(), new("tracing", [record.Id], police.Id, "asked"), default);
            return new(list.Value?.Rows.Count > 0, list.Error?.Code ?? list.Refusal?.Code ?? "withheld", string.Join('|', list.Refusal?.InTheWay.Select(line => line.In("en")) ?? []));
        }

        await using (var node = await Node.OpenAsync())
        {
            await trial.RefusedAsync(Door.Print, () => PrintAsync(node));
            await trial.RefusedAsync(Door.Export, () => ExportAsync(node));
        }

        // Without both rules about the other side: that a victim or witness consents (F3), and that it is not where they fear harm (F1).
        await using var open = await Node.WithoutAsync("FLOOR-03", "FLOOR-01b", "FLOOR-09");
        await trial.HarmsWithoutAsync("F3 and F1, on a sheet", () => PrintAsync(open));
        await trial.HarmsWithoutAsync("F3 and F1, on a list", () => ExportAsync(open));
    }

    [Fact]
    [Proves(Parts.All, Door.Module, Door.CommandLine, Door.PackFolder)]
    public async Task M14_to_be_smuggled_rescued_or_without_papers_is_no_offence()
    {
        using var trial = new Trial();
        await GoldenAsync(trial, ["GOLD-28"], []);
        string[] situations = ["irregular-entry", "being-smuggled", "being-trafficked", "being-rescued"];
        foreach (var situation in situations)
        {
            await trial.RefusedAsync(Door.Module, () => Task.FromResult(Attempts.Floor(Shipped.Rules, "FLOOR-11-DENIES", "FLOOR-11", ("offence.type", situation))), "FLOOR-11");
        }

        // A list of offences that somebody brings along with their register.
        static string Pack(string category) => Packed.Text("assistance-request").Replace("\nfields:\n", "\n  charges:\n    version: 1.0.0\n    codes:\n      - {code: irregular-entry, en: irregular entry, zh: 非正常入境}\nfields:\n  - {id: charge, type: code, codes: charges, en: charge, zh: 指控, category: " + category + "}\n", StringComparison.Ordinal);
        await trial.RefusedAsync(Door.PackFolder, () =>
        {
            var (plan, faults) = Packed.Written("assistance-request", Pack("criminal"));
            return Task.FromResult(new Seen(plan is not null, faults.Contains("register.no-offence", StringComparison.Ordinal) ? "register.no-offence" : null, faults));
        }, "register.no-offence");
        await trial.PassesAsync(() => Task.FromResult(Attempts.Floor(Shipped.Rules, "FLOOR-11-PASSES", "FLOOR-11").Harm), "what is no offence");
        await trial.HarmsWithoutAsync("F11", () => Task.FromResult(Attempts.Floor(Shipped.Without("floor", "FLOOR-11"), "FLOOR-11-DENIES", "FLOOR-11")));
        await trial.HarmsWithoutAsync("what the reader knows of a field about offences", () => Task.FromResult(new Seen(Packed.Written("assistance-request", Pack("narrative")).Plan is not null, null, Packed.Written("assistance-request", Pack("narrative")).Faults)));
    }

    /// <summary>Golden scenarios of the packs that ship, by the kernel and by the command line's own verb: those that are refused, and their lawful neighbours.</summary>
    private static async Task GoldenAsync(Trial trial, string[] refused, string[] lawful)
    {
        using var call = new Installation();
        foreach (var id in refused)
        {
            var (pack, scenario) = Shipped.Scenario(id);
            await trial.RefusedAsync(Door.Module, () => Task.FromResult(Shipped.Set(pack, scenario).Decide(ScenarioRunner.Facts(Shipped.Words, scenario)) is var answer ? new Seen(answer.IsPermit, answer.Ground.ToString()) : null!));
            await trial.RefusedAsync(Door.CommandLine, async () => await Attempts.DecideAsync(call, scenario) is var (code, output, error) ? new(code == 0, code == 5 ? "exit.5" : null, output + error) : null!);
        }

        if (lawful.Length > 0)
        {
            await trial.PassesAsync(() => Task.FromResult(lawful.All(id => Shipped.Scenario(id) is var (pack, scenario) && Shipped.Set(pack, scenario).Decide(ScenarioRunner.Facts(Shipped.Words, scenario)).IsPermit)), string.Join(' ', lawful));
        }
    }

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
