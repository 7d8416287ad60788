using System.Net;
using Waymark.App.Accounts;
using Waymark.Casework.Contracts;
using Waymark.Casework.Documents;
using Waymark.Casework.Engine;
using Waymark.Casework.Guards;
using Waymark.Casework.Registers;
using Waymark.Casework.Tests;
using Waymark.Casework.Tests.Registers;
using Waymark.Packs;
using Waymark.Protection.Contracts;
using Waymark.Site.Tests.Web;
using Waymark.Storage;
using Waymark.Storage.Sqlite;
using static Waymark.Casework.Tests.Node;

namespace Waymark.Misuse.Tests;

/// <summary>Group 3: return abuse. The guard that is taken out is what makes a step one of return: the same register whose steps do not say so has no gates.</summary>
[Missing("M19", "offline edits and what another node sends come with exchange (part 6)")]
[Missing("M25", "a list of people who went back goes to no authority without their consent and a review; what is counted of them comes with publication (part 7)")]
public sealed class G03ReturnTests
{
    private const string Return = """
        id: edited
        kind: registers
        version: 1.0.0
        title: {en: Returns, zh: 遣返}
        source: a test
        licence: CC0-1.0
        reference: RT
        profiles: [humanitarian]
        partition: general
        class: labour
        system: protection
        purposes: [family-tracing]
        sensitivity: high
        persons: [{role: subject, en: person, zh: 当事人, category: migrant-irregular, least: 1, most: 9, principal: true}]
        fields: [{id: ground, type: text, en: ground, zh: 理由, category: none}]
        states:
          - {id: draft, en: draft, zh: 草稿, initial: true}
          - {id: counselled, en: counselled, zh: 已咨询}
          - {id: travel-arranged, en: travel arranged, zh: 行程已安排}
          - {id: departed, en: departed, zh: 已启程, terminal: true}
          - {id: stopped, en: stopped, zh: 已停止, terminal: true}
        transitions:
          - {id: counsel, en: counsel, zh: 咨询, from: [draft], to: counselled}
          - {id: arrange, en: arrange travel, zh: 安排行程, from: [counselled], to: travel-arranged, action: return-step}
          - {id: depart, en: depart, zh: 启程, from: [travel-arranged], to: departed, action: return-step}
          - {id: stop, en: stop, zh: 停止, from: [draft, counselled, travel-arranged], to: stopped}
          - {id: reopen, en: reopen, zh: 重新打开, from: [stopped], to: counselled}
        retention: {months: 12, then: review, en: r, zh: r}
        view: {columns: [ground]}
        """;

    /// <summary>Another edition of the register that takes its records over as the pack says.</summary>
    private const string Moves = """
        migrations:
          - {from: 1.0.0, states: {counselled: departed}, fields: []}

        """;

    private static readonly Actor s_decider = new("decider-1", "case-worker", ["asylum/decisions"], true, "key-decider-1");

    private static readonly Actor s_watch = new("watch-1", "case-worker", ["protection/north", "protection/south"]);

    private static string Ungated => Return.Replace(", action: return-step", "", StringComparison.Ordinal);

    [Fact]
    [Proves(Parts.All, Door.Module, Door.Import, Door.MergeSplitUndo, Door.RegisterMigration, Door.PackFolder)]
    public async Task M19_no_operation_in_any_order_leads_behind_the_return_gates()
    {
        using var trial = new Trial();
        for (var seed = 1; seed <= 3; seed++)
        {
            var walked = await WalkAsync(Return, seed, 60);
            await trial.RefusedAsync(Door.Module, () => Task.FromResult(walked));
            await trial.RefusedAsync(Door.MergeSplitUndo, () => Task.FromResult(walked));
        }

        await using (var node = await OpenAsync(Return))
        {
            var (record, adult, _) = await FileAsync(node);

            // Whatever an import says about where a file stands, it begins at the beginning.
            await trial.RefusedAsync(Door.Import, async () =>
            {
                var made = await node.Cases.CreateAsync(Desk(), new("edited", null, new Dictionary<string, string>(StringComparer.Ordinal) { ["ground"] = "departed", ["state"] = "departed" }, [("subject", adult.Id)]), default);
                return new(made.IsOk, made.Error?.Code);
            }, "case.unknown-field");
            await trial.RefusedAsync(Door.RegisterMigration, () => MigratedAsync(node, record, Return), "register.migration");
            await trial.PassesAsync(async () =>
            {
                await DecideAsync(node, adult, ReturnGate.NonRefoulement, ReturnGate.Appeal);
                return await StepAsync(node, record, "arrange") == "travel-arranged" && await StepAsync(node, record, "depart") == "departed";
            }, "with decisions on the facts of now");
        }

        foreach (var (from, to) in new[] { ("to: departed, action: return-step", "to: departed"), ("from: [stopped], to: counselled", "from: [stopped], to: travel-arranged") })
        {
            await trial.RefusedAsync(Door.PackFolder, () =>
            {
                var (plan, faults) = RepositoryPacks.Written(Return.Replace(from, to, StringComparison.Ordinal));
                return Task.FromResult(new Seen(plan is not null, faults.Any(fault => fault.Contains("register.return-gate", StringComparison.Ordinal)) ? "register.return-gate" : null, string.Join('\n', faults)));
            }, "register.return-gate");
        }

        await trial.HarmsWithoutAsync("the gates, on the walk", () => WalkAsync(Ungated, 1, 60));
        await using var open = await OpenAsync(Ungated);
        await trial.HarmsWithoutAsync("the gates, in a migration", async () => await MigratedAsync(open, (await FileAsync(open)).Record, Ungated));
    }

    [Fact]
    [Proves(Parts.All, Door.Page, Door.Fragment, Door.Api, Door.Print, Door.Key)]
    public async Task M19_no_address_of_a_server_takes_a_step_of_return_without_decisions()
    {
        using var trial = new Trial();
        await using var node = await ClosedNode.StartAsync("authority");
        using var worker = await node.SignInAsync(Roles.CaseWorker);
        (await node.StateAsync(worker, "voluntary-return")).ShouldBeTrue();
        var desk = new CaseDesk(new("prepared", Roles.CaseWorker, [ClosedNode.Unit]), ClosedNode.Unit, "voluntary-return");
        var person = Ok(await node.Cases.CreateAsync(desk, new("person", null, new Dictionary<string, string>(StringComparer.Ordinal) { ["names/a/name"] = "Tekle Haile", ["birth"] = "1980-05-06" }, [], RecordPartition.General), default)).Address;
        var values = new Dictionary<string, string>(Packed.Plan("return").Tests.Single(test => test.Id == "voluntary").Values, StringComparer.Ordinal);
        foreach (var decided in new[] { "non-refoulement-decision", "best-interest-decision", "ground-decision", "non-refoulement" })
        {
            values.Remove(decided);
        }

        var file = Ok(await node.Cases.CreateAsync(desk, new("return", null, values, [("returnee", person.Id)]), default)).Address;
        async Task<(string State, long Seen)> NowAsync() => Ok(await node.Cases.OpenAsync(desk, file, default)).Document is var now ? (now.State, now.StateVersion) : default;
        Dictionary<string, string> Form(string step, long seen) => new(StringComparer.Ordinal)
        {
            ["step"] = step, ["seen"] = seen.ToString(System.Globalization.CultureInfo.InvariantCulture), ["unit"] = ClosedNode.Unit, ["purpose"] = "voluntary-return",
        };
        var address = $"/cases/return/{file.Id}/step";
        foreach (var step in new[] { "pass-voluntary", "pass-ordered", "arrange-voluntary", "depart-voluntary", "depart-ordered" })
        {
            var (state, seen) = await NowAsync();
            foreach (var (door, attempt) in Web.Doors(node.Site, worker, await node.MakeKeyAsync(Roles.CaseWorker, Purpose.ReadEvidence), address, Form(step, seen), (_, _) => false))
            {
                await trial.RefusedAsync(door, async () => await attempt() with { Harm = (await NowAsync()).State != state });
            }
        }

        await trial.PassesAsync(async () =>
        {
            var before = await NowAsync();
            using var heard = await node.Site.PostFormAsync(worker, address, Form("stop", before.Seen));
            return heard.StatusCode == HttpStatusCode.Redirect;
        }, "the form itself is taken");
        var register = Packed.Without("return", "kind: decision, field: non-refoulement-decision", "when: non-refoulement = risk-excluded");
        await trial.HarmsWithoutAsync("the decision as a guard", () => Packed.StepAsync(register, "voluntary", null, false, ("non-refoulement-decision", null), ("non-refoulement", null)));
        (await Packed.StepAsync(Packed.Plan("return"), "voluntary", null, false, ("non-refoulement-decision", null), ("non-refoulement", null))).Code.ShouldBe("step.decision");
    }

    [Fact]
    [Proves(Parts.All, Door.Module)]
    public async Task M20_decisions_by_the_dozen_of_the_own_unit_or_without_hearing_open_nothing()
    {
        using var trial = new Trial();
        await using (var node = await OpenAsync(Return))
        {
            var people = await PeopleAsync(node);
            await trial.RefusedAsync(Door.Module, async () =>
            {
                var (made, code) = await QuotaAsync(node, people, TimeSpan.FromSeconds(90));
                return new(made > 1, code);
            }, "return.held");
            (await node.Store.Queue.ListAsync("protection.alarm", 10, default)).Count.ShouldBeGreaterThanOrEqualTo(1, "oversight is told");
            foreach (var wrong in new Func<ReturnDecision, ReturnDecision>[]
            {
                made => made with { Interview = null }, made => made with { Language = "" }, made => made with { OwnWords = "no" }, made => made with { CountryInformation = null }, made => made with { Reasons = "as usual" },
            })
            {
                await trial.RefusedAsync(Door.Module, async () => await node.Cases.DecideReturnAsync(Desk(s_decider), people[0], wrong(Decision(ReturnGate.Appeal, people[0].Id)), default) is var done ? new(done.IsOk, done.Error?.Code) : null!, "return.reasons");
            }

            await trial.RefusedAsync(Door.Module, async () => await node.Cases.DecideReturnAsync(Desk(s_decider with { IsHardware = false }), people[0], Decision(ReturnGate.Appeal, people[0].Id), default) is var done ? new(done.IsOk, done.Error?.Code) : null!, "return.credential");

            // A decision of the unit that wants the return stands for nothing at its gates.
            node.Clock.Advance(TimeSpan.FromHours(1));
            var file = Ok(await node.Cases.CreateAsync(Desk(), new("edited", null, new Dictionary<string, string>(StringComparer.Ordinal) { ["ground"] = "stay ended" }, [("subject", people[0].Id)]), default)).Address;
            await StepAsync(node, file, "counsel");
            Ok(await node.Cases.DecideReturnAsync(Desk(Colleague), people[0], Decision(ReturnGate.NonRefoulement, people[0].Id), default));
            await trial.RefusedAsync(Door.Module, async () => await StepAsync(node, file, "arrange") is var state ? new(state == "travel-arranged", state) : null!, "return.gate-non-refoulement");
        }

        await using (var node = await OpenAsync(Return))
        {
            await trial.PassesAsync(async () => (await QuotaAsync(node, await PeopleAsync(node), TimeSpan.FromMinutes(40))).Made == 4, "an honest day");
        }

        ComposedStore? composed = null;
        await using var open = await OpenAsync(Return, async (folder, clock) => composed = new ComposedStore((await SqliteStore.OpenAsync(Path.Combine(folder, "data"), clock, null, default)).Value));
        composed!.Forgotten.Add("casework.return-decision");
        await trial.HarmsWithoutAsync("the memory of what the officer decided", async () =>
        {
            var (made, code) = await QuotaAsync(open, await PeopleAsync(open), TimeSpan.FromSeconds(90));
            return new(made == 4, code);
        });
    }

    [Fact]
    [Proves(Parts.All, Door.Module, Door.MergeSplitUndo)]
    public async Task M21_any_new_fact_ends_the_decisions_also_on_the_day_of_travel()
    {
        using var trial = new Trial();
        (string Path, string Value)[] facts = [("feared-areas", "ERI"), ("situations/a/situation", "trafficked"), ("needs", "illness"), ("vital", "missing"), ("birth", "1981"), ("relations/r/kind", "child")];
        await using (var node = await OpenAsync(Return))
        {
            var (record, adult, _) = await FileAsync(node);
            foreach (var (path, value) in facts)
            {
                await ArrangedAsync(node, record, adult);
                await trial.RefusedAsync(Door.Module, () => TravelsAfterAsync(node, record, adult, path, value), "return.gate-non-refoulement");
            }

            // Taking the new fact back is a change as well; and a decision ends by itself.
            await ArrangedAsync(node, record, adult);
            var changed = Ok(await node.Cases.OpenAsync(Desk(), adult, default)).Document.Version;
            await trial.RefusedAsync(Door.MergeSplitUndo, async () =>
            {
                Ok(await node.Cases.UndoAsync(Desk(), adult, changed, "mistake", default));
                return await StepAsync(node, record, "depart") is var state ? new(state == "departed", state) : null!;
            });
            await ArrangedAsync(node, record, adult);
            await trial.PassesAsync(async () => await StepAsync(node, record, "depart") == "departed", "nothing changed");
        }

        await using (var node = await OpenAsync(Return))
        {
            var (record, adult, _) = await FileAsync(node);
            await ArrangedAsync(node, record, adult);
            node.Clock.Advance(TimeSpan.FromDays(31));
            await trial.RefusedAsync(Door.Module, async () => await StepAsync(node, record, "depart") is var state ? new(state == "departed", state) : null!, "return.gate-non-refoulement");
            var stopped = Ok(await node.Cases.StepAsync(Desk(), record, "stop", Ok(await node.Cases.OpenAsync(Desk(), record, default)).Document.StateVersion, null, default));
            await trial.RefusedAsync(Door.MergeSplitUndo, async () => await node.Cases.UndoAsync(Desk(), record, stopped.Version, "mistake", default) is var done ? new(done.IsOk, done.Error?.Code) : null!, "return.gate-non-refoulement");
        }

        await using var open = await OpenAsync(Ungated);
        var (file, person, _) = await FileAsync(open);
        (await StepAsync(open, file, "arrange")).ShouldBe("travel-arranged");
        await trial.HarmsWithoutAsync("the gates", () => TravelsAfterAsync(open, file, person, "feared-areas", "ERI"));
    }

    [Fact]
    [Proves(Parts.All, Door.Module)]
    public async Task M23_a_wish_under_pressure_is_none()
    {
        using var trial = new Trial();
        var plan = Packed.Plan("return");
        (string Guard, string Path, string? Value)[] missing =
        [
            ("independent-advice = yes and own-language", "independent-advice", "no"), ("independent-advice = yes and own-language", "own-language", "no"), ("request.time - informed-on", "informed-on", "2026-01-12"),
            ("in-detention = no or counsel-confirmed", "in-detention", "yes"), ("in-detention = no or counsel-confirmed", "in-detention", null), ("wish-withdrawn = no", "wish-withdrawn", "yes"),
        ];
        foreach (var (guard, path, value) in missing)
        {
            await trial.RefusedAsync(Door.Module, () => Packed.StepAsync(plan, "voluntary", null, false, (path, value)), "step.condition");
            await trial.HarmsWithoutAsync(guard, () => Packed.StepAsync(Packed.Without("return", guard), "voluntary", null, false, (path, value)));
        }

        await trial.RefusedAsync(Door.Module, () => Packed.StepAsync(plan, "voluntary", "returnee:voluntary-return"), "step.consent");
        await trial.HarmsWithoutAsync("the consent", () => Packed.StepAsync(Packed.Without("return", "kind: consent, purpose: voluntary-return"), "voluntary", "returnee:voluntary-return"));

        // Each of them is asked again at every step up to the door of the aircraft.
        foreach (var step in plan.Transitions.Where(step => step.Id is "arrange-voluntary" or "depart-voluntary"))
        {
            var asked = step.Guards.SelectMany(known => known.Condition?.Facts.Select(fact => fact.Id) ?? []).ToHashSet(StringComparer.Ordinal);
            await trial.RefusedAsync(Door.Module, () => Task.FromResult(new Seen(missing.Any(one => !asked.Contains(one.Path)) || step.Guards.All(known => known.Kind != GuardKind.Consent), "asked-again", step.Id)));
        }

        await trial.PassesAsync(async () => (await Packed.StepAsync(plan, "voluntary")).Harm, "advised, informed, seven days, free and not withdrawn");
    }

    [Fact]
    [Proves(Parts.All, Door.Module, Door.MergeSplitUndo)]
    public async Task M24_a_child_or_relative_added_to_a_file_has_gates_of_their_own()
    {
        using var trial = new Trial();
        async Task<Seen> JoinedAsync(Node node, RecordAddress record, RecordAddress person)
        {
            var joined = Ok(await node.Cases.PersonAsync(Desk(), record, "subject", person.Id, add: true, default)).State;
            var state = await StepAsync(node, record, joined == "travel-arranged" ? "depart" : "arrange");
            return new(state is "departed" or "travel-arranged", state);
        }

        await using (var node = await OpenAsync(Return))
        {
            var (record, adult, _) = await FileAsync(node);
            await ArrangedAsync(node, record, adult);
            var child = await node.PersonAsync("Sara Haile", "2012", RecordPartition.General);
            await trial.RefusedAsync(Door.Module, () => JoinedAsync(node, record, child), "return.gate-non-refoulement");

            // The adult's decisions are not the child's, and the child's begin with the best interest.
            node.Clock.Advance(TimeSpan.FromMinutes(40));
            await trial.RefusedAsync(Door.Module, async () => await node.Cases.DecideReturnAsync(Desk(s_decider), child, Decision(ReturnGate.NonRefoulement, child.Id), default) is var done ? new(done.IsOk, done.Error?.Code) : null!, "return.gate-best-interest");
            await trial.RefusedAsync(Door.MergeSplitUndo, async () =>
            {
                var joined = Ok(await node.Cases.OpenAsync(Desk(), record, default)).Document.Version;
                var undone = await node.Cases.UndoAsync(Desk(), record, joined, "mistake", default);
                var now = Ok(await node.Cases.OpenAsync(Desk(), record, default)).Document;
                return new(now is { State: "travel-arranged" or "departed" } && now.Persons.Count > 1, undone.Error?.Code ?? now.State);
            });
            if (Ok(await node.Cases.OpenAsync(Desk(), record, default)).Document.Persons.Count == 1)
            {
                Ok(await node.Cases.PersonAsync(Desk(), record, "subject", child.Id, add: true, default));
            }

            await trial.PassesAsync(async () =>
            {
                await DecideAsync(node, adult, ReturnGate.NonRefoulement, ReturnGate.Appeal);
                await DecideAsync(node, child, ReturnGate.BestInterest, ReturnGate.NonRefoulement, ReturnGate.Appeal);
                return await StepAsync(node, record, "arrange") == "travel-arranged";
            }, "each with decisions of their own");
        }

        // Returning one parent alone: the family is asked about at each step, and torn apart it ends there.
        await trial.RefusedAsync(Door.Module, () => Packed.StepAsync(Packed.Plan("return"), "ordered", null, false, ("family-unity", "torn")), "step.condition");
        await trial.HarmsWithoutAsync("the unity of the family", () => Packed.StepAsync(Packed.Without("return", "when: family-unity = kept"), "ordered", null, false, ("family-unity", "torn")));
        await using var open = await OpenAsync(Ungated);
        var (file, _, _) = await FileAsync(open);
        (await StepAsync(open, file, "arrange")).ShouldBe("travel-arranged");
        await trial.HarmsWithoutAsync("the gates", async () => await JoinedAsync(open, file, await open.PersonAsync("Sara Haile", "2012", RecordPartition.General)));
    }

    [Fact]
    [Proves(Parts.All, Door.Module, Door.PackFolder)]
    public async Task M25_whoever_went_back_is_followed_by_no_authority_and_only_with_consent()
    {
        using var trial = new Trial();
        await trial.RefusedAsync(Door.PackFolder, () => Task.FromResult(new Seen(RepositoryPacks.Registers(NodeProfile.Authority).Find("reintegration") is not null, "no.register")));
        await trial.RefusedAsync(Door.PackFolder, () =>
        {
            var (wide, faults) = Packed.Written("reintegration", Packed.Text("reintegration").Replace("profiles: [humanitarian]", "profiles: [humanitarian, authority]", StringComparison.Ordinal));
            return Task.FromResult(new Seen(wide is not null, faults.Contains("register.profile", StringComparison.Ordinal) ? "register.profile" : null, faults));
        });
        var plan = Packed.Plan("reintegration");
        bool Asks(RegisterPlan register) => Paths.Reachable(register, step => step.Guards.Any(guard => guard.Kind == GuardKind.Consent)).Contains("agreed");
        await trial.RefusedAsync(Door.Module, () => Task.FromResult(new Seen(Asks(plan), "step.consent")));
        await trial.RefusedAsync(Door.Module, () => Task.FromResult(new Seen(plan.Transitions.Any(step => step.Recipient != "none"), "no.recipient")));
        await trial.PassesAsync(() => Task.FromResult(Paths.Reachable(plan, _ => false).Contains("agreed") && RepositoryPacks.Registers(NodeProfile.Humanitarian).Find("reintegration") is not null), "with consent, at an organisation");
        await trial.HarmsWithoutAsync("the consent", () => Task.FromResult(new Seen(Asks(Packed.Without("reintegration", "kind: consent")), null)));
    }

    private static ReturnDecision Decision(ReturnGate gate, string about) => new("", gate, true, "", [], default, "", new DateOnly(2026, 5, 20), "ti", "I have told you what I fear and from whom.",
        new DateOnly(2026, 5, 1), $"{about}: {string.Concat(about.Reverse())} {about.ToUpperInvariant()} {string.Concat(about.Reverse()).ToUpperInvariant()}, heard on {gate}, weighed against the country information, risk excluded.") { Chain = "excluded" };

    private static async Task DecideAsync(Node node, RecordAddress person, params ReturnGate[] gates)
    {
        foreach (var gate in gates)
        {
            node.Clock.Advance(TimeSpan.FromMinutes(40));
            Ok(await node.Cases.DecideReturnAsync(Desk(s_decider), person, Decision(gate, person.Id), default)).IsVersion.ShouldBeFalse("a decision stands beside the record");
        }
    }

    /// <summary>How many of four people one officer decides about at this pace, and what stopped it.</summary>
    private static async Task<(int Made, string? Code)> QuotaAsync(Node node, IReadOnlyList<RecordAddress> people, TimeSpan pace)
    {
        var made = 0;
        foreach (var person in people)
        {
            node.Clock.Advance(pace);
            var done = await node.Cases.DecideReturnAsync(Desk(s_decider), person, Decision(ReturnGate.NonRefoulement, person.Id), default);
            if (done.Error is { } stop)
            {
                return (made, stop.Code);
            }

            made++;
        }

        return (made, null);
    }

    private static async Task<IReadOnlyList<RecordAddress>> PeopleAsync(Node node)
    {
        var people = new List<RecordAddress>();
        foreach (var name in new[] { "Tekle Haile", "Meron Abebe", "Awa Diallo", "Nura Osman" })
        {
            people.Add(await node.PersonAsync(name, "1980-05-06", RecordPartition.General));
        }

        return people;
    }

    /// <summary>A file in which somebody was counselled, its adult, and another record of the same person.</summary>
    private static async Task<(RecordAddress Record, RecordAddress Adult, RecordAddress Twin)> FileAsync(Node node)
    {
        var adult = await node.PersonAsync("Tekle Haile", "1980-05-06", RecordPartition.General);
        var twin = await node.PersonAsync("Tekle Hayle", "1980-05-06", RecordPartition.General);
        var record = Ok(await node.Cases.CreateAsync(Desk(), new("edited", null, new Dictionary<string, string>(StringComparer.Ordinal) { ["ground"] = "stay ended" }, [("subject", adult.Id)]), default)).Address;
        (await StepAsync(node, record, "counsel")).ShouldBe("counselled");
        return (record, adult, twin);
    }

    private static async Task ArrangedAsync(Node node, RecordAddress record, RecordAddress adult)
    {
        await DecideAsync(node, adult, ReturnGate.NonRefoulement, ReturnGate.Appeal);
        (await StepAsync(node, record, "arrange")).ShouldBe("travel-arranged");
    }

    /// <summary>Something new is entered about a person whose travel is arranged: the record falls back by itself, and no step leads on.</summary>
    private static async Task<Seen> TravelsAfterAsync(Node node, RecordAddress record, RecordAddress person, string path, string value)
    {
        var seen = Ok(await node.Cases.OpenAsync(Desk(), person, default)).Document.Fields.GetValueOrDefault(path)?.Version ?? 0;
        Ok(await node.Cases.ChangeAsync(Desk(), person, new([new(path, seen, value)]), default));
        var fell = Ok(await node.Cases.OpenAsync(Desk(), record, default)).Document.State == "counselled";
        var state = await StepAsync(node, record, fell ? "arrange" : "depart");
        return new(!fell || state is "departed" or "travel-arranged", state);
    }

    private static async Task<string> StepAsync(Node node, RecordAddress record, string step, Actor? actor = null)
    {
        var now = Ok(await node.Cases.OpenAsync(Desk(s_watch), record, default)).Document;
        var answer = await node.Cases.StepAsync(Desk(actor), record, step, now.StateVersion, null, default);
        return answer.Error?.Code ?? answer.Refusal?.Code ?? answer.Value!.State;
    }

    /// <summary>Takes the register to its next edition, which says that whoever was counselled has departed.</summary>
    private static async Task<Seen> MigratedAsync(Node node, RecordAddress record, string register)
    {
        var outcome = PackLibrary.Load([RepositoryPacks.Node("", register.Replace("version: 1.0.0", "version: 2.0.0", StringComparison.Ordinal) + "\n" + Moves)]);
        var registers = RegisterLibrary.Read(outcome.Library, null);
        registers.Errors.Concat(outcome.Errors).Select(error => error.ToString()).ShouldBeEmpty();
        var parts = node.Parts with { Registers = registers };
        var run = await new Migrations(parts).ApplyAsync("admin-1", "edited", default);
        var state = Ok(await new Waymark.Casework.Features.Casework(parts).OpenAsync(Desk(), record, default)).Document.State;
        return new(state == "departed", run.Error?.Code, state);
    }

    /// <summary>Operations of the engine in random order by three people of two units, and never a decision: harm is that somebody travels.</summary>
    private static async Task<Seen> WalkAsync(string register, int seed, int acts)
    {
        await using var node = await OpenAsync(register);
        var (record, adult, twin) = await FileAsync(node);
        var (random, plan, trail) = (new Random(seed), node.Cases.Registers.Find("edited")!, new List<string>());
        var (beyond, group) = (false, RecordEngine.NewId());
        for (var act = 0; act < acts && !beyond; act++)
        {
            node.Clock.Advance(TimeSpan.FromSeconds(20));
            var now = Ok(await node.Cases.OpenAsync(Desk(s_watch), record, default)).Document;
            var desk = Desk(random.Next(5) == 0 ? South : now.Control.Unit == South.Units[0] ? SouthColleague : random.Next(2) == 0 ? Worker : Colleague);
            var (all, open) = (plan.Transitions, plan.From[plan.State(now.State)!.Index]);
            var step = (random.Next(4) == 0 || open.Length == 0 ? all[random.Next(all.Count)] : open[random.Next(open.Length)]).Id;
            var (what, done) = random.Next(10) switch
            {
                0 or 1 or 2 => ("step " + step, await node.Cases.StepAsync(desk, record, step, now.StateVersion, null, default)),
                3 => ("undo", await node.Cases.UndoAsync(desk, record, random.NextInt64(1, now.Version + 1), "mistake", default)),
                4 => ("person", await node.Cases.PersonAsync(desk, record, "subject", twin.Id, random.Next(2) == 0, default)),
                5 => ("hand over", await node.Cases.HandOverAsync(desk, record, Enum.GetValues<HandOverAct>()[random.Next(4)], "protection/south", default)),
                6 => ("merge", await node.Cases.MergeAsync(desk, adult, twin, "same person", null, default)),
                7 => ("split", await node.Cases.SplitAsync(desk, adult, twin, "two people", null, default)),
                8 => ("change", await node.Cases.ChangeAsync(desk, record, new([new("ground", now.Fields["ground"].Version, "stay ended " + act)]), default)),
                _ => ("assign", await node.Cases.AssignAsync(desk, record, desk.Actor.Account, default)),
            };
            if (act % 10 == 9)
            {
                await node.Cases.DoAsync(desk, new("edited", [new(record.Id, now.StateVersion)], BulkAct.Step, step), group = RecordEngine.NewId(), default);
            }
            else if (act % 10 == 4)
            {
                await node.Cases.UndoGroupAsync(desk, group, "mistake", default);
            }

            trail.Add($"{what} {done.Error?.Code ?? done.Refusal?.Code ?? "done"}");
            beyond = Ok(await node.Cases.OpenAsync(Desk(s_watch), record, default)).Document.State is "travel-arranged" or "departed";
        }

        trail.Count(line => line.EndsWith(" done", StringComparison.Ordinal)).ShouldBeGreaterThan(10, "a walk on which nothing happens proves nothing");
        return new(beyond, "return.gate-non-refoulement", string.Join(" | ", trail));
    }
}
