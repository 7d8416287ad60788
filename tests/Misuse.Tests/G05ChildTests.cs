using Waymark.Casework.Contracts;
using Waymark.Casework.Documents;
using Waymark.Casework.People;
using Waymark.Casework.Tests;
using Waymark.Storage;
using static Waymark.Casework.Tests.Node;

namespace Waymark.Misuse.Tests;

/// <summary>Group 5: children.</summary>
[Missing("M33", "a date of birth that nobody disputes can be replaced by one person; there is no register of final age decisions")]
[Missing("M34", "the monitor is told by a duty that somebody opens, not by a message")]
[Missing("M35", "what another node asks about a child comes with exchange (part 6)")]
[Missing("M36", "nothing publishes a photo (part 7)")]
[Missing("M37", "assent and the guardian's consent are kept as one consent; a guardian who is feared is barred like anybody else and has no procedure of their own")]
public sealed class G05ChildTests
{
    [Fact]
    [Proves(Parts.All, Door.Module, Door.MergeSplitUndo)]
    public async Task M33_whoever_may_be_a_child_has_a_childs_protection()
    {
        using var trial = new Trial();
        var day = new DateOnly(2026, 6, 1);
        await using var node = await OpenAsync();
        async Task<Seen> AgeAsync(RecordAddress person) =>
            await node.Cases.OpenAsync(Desk(), person, default) is var view && PersonCore.MayBeChild(Ok(view).Document, day) ? new(false, "child") : new(true, null);
        foreach (var birth in new[] { null, "2008-06-02", "2008", "2007~", "200X", "2008-01-01?" })
        {
            var person = await node.PersonAsync("Sara Haile", birth, RecordPartition.General);
            await trial.RefusedAsync(Door.Module, () => AgeAsync(person), "child");
        }

        // An adult's record laid over a child's makes nobody an adult; nor does one who says otherwise.
        var (child, adult) = (await node.PersonAsync("Sara Haile", "2010", RecordPartition.General), await node.PersonAsync("Sara Haile", "1999-05-06", RecordPartition.General));
        var seen = Ok(await node.Cases.OpenAsync(Desk(), child, default)).Document.Fields["birth"].Version;
        Ok(await node.Cases.ChangeAsync(Desk(Colleague), child, new([new("birth", seen, "1998-01-01") { IsDispute = true }]), default));
        await trial.RefusedAsync(Door.Module, () => AgeAsync(child), "child");
        Ok(await node.Cases.MergeAsync(Desk(), adult, child, "same person", null, default));
        await trial.RefusedAsync(Door.MergeSplitUndo, () => AgeAsync(adult), "child");
        var grown = await node.PersonAsync("Sara Haile", "2008-05-31", RecordPartition.General);
        await trial.PassesAsync(async () => (await AgeAsync(grown)).Harm, "whoever is certainly eighteen");

        // What hangs on it: no step of return and no serious decision without one on the best interest.
        foreach (var id in new[] { "FLOOR-04b-UNMET", "FLOOR-04c-UNMET" })
        {
            var (pack, scenario) = Shipped.Scenario(id);
            Seen Ask(Waymark.Rules.RuleLibrary rules) =>
                Waymark.Rules.RulePackSet.Compile(rules.Vocabulary!, Waymark.Rules.ScenarioRunner.PacksOf(rules, rules.Find(pack.Id)!, scenario)).Value.Decide(Waymark.Rules.ScenarioRunner.Facts(rules.Vocabulary!, scenario)) is var answer
                    ? new(answer.IsPermit, answer.Ground.ToString()) : null!;
            await trial.RefusedAsync(Door.Module, () => Task.FromResult(Ask(Shipped.Rules)));
            await trial.HarmsWithoutAsync("F4", () => Task.FromResult(Ask(Shipped.Without("floor", id[..^"-UNMET".Length]))));
        }
    }

    [Fact]
    [Proves(Parts.All, Door.Module, Door.CommandLine, Door.PackFolder)]
    public async Task M34_no_step_detains_a_child_and_a_report_of_it_is_always_taken()
    {
        using var trial = new Trial();
        using var call = new Installation();
        var (_, detain) = Shipped.Scenario("FLOOR-04-DENIES");
        await trial.RefusedAsync(Door.Module, () => Task.FromResult(Attempts.Floor(Shipped.Rules, detain.Id, "FLOOR-04")), "FLOOR-04");
        await trial.RefusedAsync(Door.CommandLine, async () => await Attempts.DecideAsync(call, detain) is var (code, output, error) ? new(code == 0, code == 5 ? "exit.5" : null, output + error) : null!);
        await trial.RefusedAsync(Door.PackFolder, () => Task.FromResult(new Seen(RepositoryPacks.Registers().All.SelectMany(plan => plan.Transitions).Any(step => step.Action == "detain"), "no.step")));
        await trial.PassesAsync(() => Task.FromResult(Shipped.Scenario("FLOOR-04e-ARISES") is var (pack, report) && Shipped.Set(pack, report).Explain(Waymark.Rules.ScenarioRunner.Facts(Shipped.Words, report)) is var said
            && said.Decision.IsPermit && said.Duties.Any(duty => duty.Rule.Id == "FLOOR-04e")), "a report is taken and sets a release going");
        await trial.HarmsWithoutAsync("F4", () => Task.FromResult(Attempts.Floor(Shipped.Without("floor", "FLOOR-04"), detain.Id, "FLOOR-04")));
    }

    [Fact]
    [Proves(Parts.All, Door.Module, Door.Print)]
    public async Task M35_a_relative_of_whom_nobody_said_so_learns_no_place_and_nobody_agrees_for_a_child_alone()
    {
        using var trial = new Trial();
        await using var node = await OpenAsync();
        async Task<Seen> SheetAsync(params (string Path, string Value)[] said)
        {
            var relative = await node.PersonAsync("Uncle Invented", "1970");
            var child = await node.PersonAsync("Sara Haile", "2014", RecordPartition.Missing,
                [("relations/r/to", $$"""{"id":"{{relative.Id}}","register":"person"}"""), ("relations/r/kind", "claims-guardian"), ("relations/r/basis", "declared"), .. said]);
            var record = Ok(await node.Cases.CreateAsync(Desk(), new("tracing", null, new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["relation"] = "other-relative", ["separated-at"] = "Zuwara",
            }, [("sought", child.Id), ("enquirer", relative.Id)]), default)).Address;
            node.Clock.Advance(TimeSpan.FromHours(25));
            foreach (var person in new[] { child, relative })
            {
                (await node.Consents.RecordAsync(new(person.Id, "family-tracing", "family", Waymark.Protection.Contracts.ConsentChoice.Given, node.Clock.GetUtcNow(), null, "1", "ar", "oral-recorded", true, true, "interpreter-1", null, null, "worker-1"), default)).IsOk.ShouldBeTrue();
            }

            var sheet = await node.Cases.PrintAsync(Desk(), record, new(relative.Id, null, null) { Kind = "family" }, default);
            return new(sheet.IsOk, sheet.Error?.Code ?? sheet.Refusal?.Code, string.Join('|', sheet.Refusal?.InTheWay.Select(line => line.In("en")) ?? []));
        }

        await trial.RefusedAsync(Door.Print, () => SheetAsync(), "output.barred");
        await trial.RefusedAsync(Door.Print, () => SheetAsync(("relations/r/may-know-whereabouts", "no")), "output.barred");
        await trial.RefusedAsync(Door.Print, () => SheetAsync(("relations/r/may-know-whereabouts", "unknown")), "output.barred");
        await trial.PassesAsync(async () => await SheetAsync(("relations/r/may-know-whereabouts", "yes")) is { Harm: true }, "a relative who may know");

        // For a child nobody agrees without an assessment of best interests, whatever kinship was claimed.
        var plan = Packed.Plan("found-person");
        plan.Transition("agree-child")!.Guards.ShouldContain(guard => guard.Kind == Waymark.Casework.Registers.GuardKind.Assessment);
        static Seen Agreed(Waymark.Casework.Registers.RegisterPlan register)
        {
            var test = register.Tests.Single(known => known.Id == "child");
            var step = register.Transition(test.Do)!;
            var record = new RecordDocument
            {
                Register = register.Id, Id = new('0', 32), PackVersion = register.Version, PackHash = register.Hash, State = test.State, Control = new("unit", 1), OpenedBy = "worker-1", SteppedBy = "worker-1", SteppedByUnits = ["unit"],
                Persons = [.. test.Persons.Select(role => new Participant(role, role, default))],
                Fields = test.Values.Append(new("may-tell", "that they are well")).DistinctBy(value => value.Key)
                    .ToDictionary(value => value.Key, value => new FieldState(1, [new("c", ValueReader.Read(register.Field(value.Key)!, value.Value).Value, "worker-1", default)]), StringComparer.Ordinal),
            };
            var refused = Steps.Check(register, record, step, new("second-1", "case-worker", ["other"], new(2026, 1, 15, 9, 0, 0, TimeSpan.Zero)) { Consents = test.Consents.ToHashSet(StringComparer.Ordinal) });
            return new(refused is null, refused?.Code, refused?.Text.In("en") ?? "");
        }

        await trial.RefusedAsync(Door.Module, () => Task.FromResult(Agreed(plan)), "step.assessment");
        await trial.HarmsWithoutAsync("the assessment", () => Task.FromResult(Agreed(Packed.Without("found-person", "kind: assessment, field: best-interest"))));
    }

    [Fact]
    [Proves(Parts.All, Door.PackFolder)]
    public async Task M36_no_register_of_children_keeps_a_face_or_prints()
    {
        using var trial = new Trial();
        static string Pack(string @class, string type) => Packed.Text("best-interest").Replace("class: child", "class: " + @class, StringComparison.Ordinal)
            .Replace("\nfields:\n", "\nfields:\n  - {id: prints, type: " + type + ", en: prints, zh: 指纹, category: biometric}\n", StringComparison.Ordinal);
        foreach (var type in new[] { "identifier", "text", "file" })
        {
            await trial.RefusedAsync(Door.PackFolder, () =>
            {
                var (plan, faults) = Packed.Written("best-interest", Pack("child", type));
                return Task.FromResult(new Seen(plan is not null, faults.Contains("register.biometric", StringComparison.Ordinal) ? "register.biometric" : null, faults));
            }, "register.biometric");
        }

        await trial.PassesAsync(() => Task.FromResult(Packed.Written("best-interest", Packed.Text("best-interest")).Plan is not null), "the register as it ships");
        await trial.HarmsWithoutAsync("the class of the register", () => Task.FromResult(new Seen(Packed.Written("best-interest", Pack("service", "identifier")).Plan is not null, null, Packed.Written("best-interest", Pack("service", "identifier")).Faults)));
    }

    [Fact]
    [Proves(Parts.All, Door.Module)]
    public async Task M37_the_form_of_an_adult_opens_no_childs_case()
    {
        using var trial = new Trial();
        var plan = Packed.Plan("trafficking-victim");
        foreach (var age in new[] { "child", "not-settled", null })
        {
            await trial.RefusedAsync(Door.Module, () => Packed.StepAsync(plan, "opens-with-consent", null, false, ("age-group", age)), "step.condition");
        }

        await trial.RefusedAsync(Door.Module, () => Packed.StepAsync(plan, "opens-with-consent", "survivor:victim-support"), "step.consent");
        await trial.PassesAsync(async () => (await Packed.StepAsync(plan, "opens-with-consent")).Harm, "an adult's own consent");
        await trial.HarmsWithoutAsync("the question of age", () => Packed.StepAsync(Packed.Without("trafficking-victim", "when: age-group = adult"), "opens-with-consent", null, false, ("age-group", "child")));
    }
}
