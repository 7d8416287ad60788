using System.Text;
using Waymark.Casework.Contracts;
using Waymark.Casework.Documents;
using Waymark.Casework.People;
using Waymark.Casework.Registers;
using Waymark.Casework.Guards;
using Waymark.Protection.Contracts;
using Waymark.Storage;
using static Waymark.Casework.Tests.Node;

namespace Waymark.Casework.Tests;

/// <summary>What packs cannot weaken: return gates, erasure, children, situations, safe contact.</summary>
public sealed class ProtectionTests
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

    private static readonly Actor s_decider = new("decider-1", "case-worker", ["asylum/decisions"], true, "key-decider-1");

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

    [Fact]
    public async Task Nothing_leads_behind_the_return_gates_but_decisions_on_the_facts_of_now__M19_M21_M24()
    {
        await using var node = await OpenAsync(Return);
        var adult = await node.PersonAsync("Tekle Haile", "1980-05-06", RecordPartition.General);
        var record = Ok(await node.Cases.CreateAsync(Desk(), new("edited", null, new Dictionary<string, string> { ["ground"] = "stay ended" }, [("subject", adult.Id)]), default)).Address;
        async Task<string> StepAsync(string step)
        {
            var state = await node.Cases.OpenAsync(Desk(), record, default);
            var answer = await node.Cases.StepAsync(Desk(), record, step, Ok(state).Document.StateVersion, null, default);
            return answer.Error?.Code ?? answer.Refusal?.Code ?? answer.Value!.State;
        }

        (await StepAsync("counsel")).ShouldBe("counselled");
        (await StepAsync("arrange")).ShouldBe("return.gate-non-refoulement");
        await DecideAsync(node, adult, ReturnGate.NonRefoulement);
        (await StepAsync("arrange")).ShouldBe("return.gate-appeal");
        await DecideAsync(node, adult, ReturnGate.Appeal);
        (await StepAsync("arrange")).ShouldBe("travel-arranged");

        // Stopped and the stop undone: the way back leads through the gates as they stand then.
        var stopped = Ok(await node.Cases.StepAsync(Desk(), record, "stop", Ok(await node.Cases.OpenAsync(Desk(), record, default)).Document.StateVersion, null, default));
        node.Clock.Advance(TimeSpan.FromDays(31));
        (await node.Cases.UndoAsync(Desk(), record, stopped.Version, "mistake", default)).Error!.Code.ShouldBe("return.gate-non-refoulement");
        (await StepAsync("reopen")).ShouldBe("counselled");
        await DecideAsync(node, adult, ReturnGate.NonRefoulement, ReturnGate.Appeal);
        (await StepAsync("arrange")).ShouldBe("travel-arranged");

        // A new claim on the travel day: the record falls back by itself.
        Ok(await node.Cases.ChangeAsync(Desk(), adult, new([new("feared-areas", 0, "ERI")]), default));
        Ok(await node.Cases.OpenAsync(Desk(), record, default)).Document.State.ShouldBe("counselled");
        (await StepAsync("arrange")).ShouldBe("return.gate-non-refoulement");
        await DecideAsync(node, adult, ReturnGate.NonRefoulement, ReturnGate.Appeal);
        (await StepAsync("arrange")).ShouldBe("travel-arranged");

        // A child who joins has a case of their own: the record falls back, and a best-interest decision is needed too.
        var child = await node.PersonAsync("Sara Haile", "2012", RecordPartition.General);
        Ok(await node.Cases.PersonAsync(Desk(), record, "subject", child.Id, add: true, default)).State.ShouldBe("counselled");
        await DecideAsync(node, adult, ReturnGate.NonRefoulement, ReturnGate.Appeal);
        node.Clock.Advance(TimeSpan.FromMinutes(40));
        (await node.Cases.DecideReturnAsync(Desk(s_decider with { IsHardware = false }), child, Decision(ReturnGate.NonRefoulement, child.Id), default)).Error!.Code.ShouldBe("return.credential", "whoever runs the login decides nothing (M56)");
        (await node.Cases.DecideReturnAsync(Desk(s_decider), child, Decision(ReturnGate.NonRefoulement, child.Id), default)).Error!.Code.ShouldBe("return.gate-best-interest");
        (await StepAsync("arrange")).ShouldBe("return.gate-non-refoulement");
        await DecideAsync(node, child, ReturnGate.BestInterest, ReturnGate.NonRefoulement, ReturnGate.Appeal);
        (await StepAsync("arrange")).ShouldBe("travel-arranged");
    }

    [Fact]
    public async Task A_decision_of_the_return_unit_or_by_the_dozen_opens_nothing__M20()
    {
        await using var node = await OpenAsync(Return);
        var adult = await node.PersonAsync("Tekle Haile", "1980-05-06", RecordPartition.General);
        var other = await node.PersonAsync("Meron Abebe", "1981-05-06", RecordPartition.General);
        Ok(await node.Cases.DecideReturnAsync(Desk(s_decider), adult, Decision(ReturnGate.NonRefoulement, adult.Id), default));
        (await node.Cases.DecideReturnAsync(Desk(s_decider), other, Decision(ReturnGate.NonRefoulement, other.Id), default)).Error!.Code.ShouldBe("return.held");
        (await node.Cases.DecideReturnAsync(Desk(s_decider), adult, Decision(ReturnGate.Appeal, adult.Id) with { Interview = null }, default)).Error!.Code.ShouldBe("return.reasons");
        (await node.Store.Queue.ListAsync("protection.alarm", 10, default)).Count.ShouldBeGreaterThanOrEqualTo(1);
        var person = new RecordDocument { Register = "person", Id = new('a', 32), PackVersion = "1", PackHash = "h", State = "current", Control = new("u", 1), OpenedBy = "w" };
        var facts = ReturnGates.Facts(person);
        var own = new ReturnDecision(person.Id, ReturnGate.NonRefoulement, true, "x", ["returns"], node.Clock.GetUtcNow(), facts, null, "", "", null, "");
        ReturnGates.Closed(person, [own], ["returns"], node.Clock.GetUtcNow())!.Code.ShouldBe("return.gate-non-refoulement");
    }

    [Fact]
    public void A_pack_cannot_lead_around_the_return_gates__M19()
    {
        RepositoryPacks.Written(Return).Plan.ShouldNotBeNull();
        foreach (var (from, to) in new[] { ("to: departed, action: return-step", "to: departed"), ("from: [stopped], to: counselled", "from: [stopped], to: travel-arranged") })
        {
            var (plan, errors) = RepositoryPacks.Written(Return.Replace(from, to, StringComparison.Ordinal));
            plan.ShouldBeNull();
            errors.ShouldContain(error => error.Contains("register.return-gate", StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task An_erased_person_is_in_no_byte_of_the_store()
    {
        await using var node = await OpenAsync();
        const string Seed = "Zebulonqvist";
        var person = await node.PersonAsync(Seed + " Hassan", "2004-05-06");
        var enquirer = await node.PersonAsync("Yusuf Hassan");
        var record = Ok(await node.Cases.CreateAsync(Desk(), new("tracing", null, new Dictionary<string, string> { ["relation"] = "brother", ["separated-at"] = Seed + " harbour" },
            [("sought", person.Id), ("enquirer", enquirer.Id)]), default)).Address;
        Ok(await node.Cases.SearchPersonsAsync(Desk(), record, new(Seed), default)).Candidates.Count.ShouldBe(1);
        node.Clock.Advance(TimeSpan.FromMinutes(5));
        Ok(await node.Cases.EraseAsync(Desk(Supervisor), Second with { }, person, default)).Records.ShouldBe(2);

        (await node.Cases.OpenAsync(Desk(), person, default)).Error!.Code.ShouldBe("case.nothing");
        Ok(await node.Cases.SearchPersonsAsync(Desk(), record, new(Seed), default)).Candidates.ShouldBeEmpty();
        var view = Ok(await node.Cases.OpenAsync(Desk(), record, default));
        view.Document.Fields.Keys.ShouldBe(["relation"], "what is about the enquirer stays, what was about the person is gone");
        var seed = Encoding.UTF8.GetBytes(Seed);
        Directory.EnumerateFiles(node.Folder, "*", SearchOption.AllDirectories).Where(file => Holds(file, seed)).ShouldBeEmpty();
        Directory.EnumerateFiles(node.Folder, "*", SearchOption.AllDirectories).Count(file => file.Contains("data", StringComparison.Ordinal)).ShouldBeGreaterThan(0);
    }

    private static bool Holds(string file, byte[] seed)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes.AsSpan().IndexOf(seed) >= 0 || bytes.AsSpan().IndexOf(Encoding.Unicode.GetBytes(Encoding.UTF8.GetString(seed))) >= 0;
    }

    private static RecordDocument Person(params (string Path, string Json)[] fields) => new()
    {
        Register = "person", Id = new('a', 32), PackVersion = "1", PackHash = "h", State = "current", Control = new("u", 1), OpenedBy = "w",
        Fields = fields.ToDictionary(field => field.Path, field => new FieldState(1, [new("c", new(field.Json), "w", default)]), StringComparer.Ordinal),
    };

    [Theory]
    [InlineData("\"2008-06-02\"", true)]
    [InlineData("\"2008-06-01\"", false)]
    [InlineData("\"2008\"", true)]
    [InlineData("\"2007\"", false)]
    [InlineData("\"2007~\"", true)]
    [InlineData("\"200X\"", true)]
    public void Whoever_may_be_under_eighteen_counts_as_a_child__F4_M33(string birth, bool child) =>
        PersonCore.MayBeChild(Person(("birth", birth)), new(2026, 6, 1)).ShouldBe(child);

    [Fact]
    public void A_person_without_a_birth_date_counts_as_a_child() => PersonCore.MayBeChild(Person(), new(2026, 6, 1)).ShouldBeTrue();

    [Fact]
    public void Only_channels_called_safe_are_used_and_a_relative_knows_nothing_unless_allowed__G15()
    {
        var relative = new string('b', 32);
        var person = Person(("contacts/1/contact", """{"channel":"phone","safe":"unknown","value":"1"}"""), ("contacts/2/contact", """{"channel":"message","codeWord":"lemon","safe":"yes","value":"2"}"""),
            ("relations/r/to", $$"""{"id":"{{relative}}","register":"person"}"""));
        SafeContact.Channels(person).Single().ShouldBe(new("message", "2", null, "lemon", null));
        SafeContact.Check(new(relative, null, null), [person], new HashSet<string> { "place" })!.Code.ShouldBe("output.barred");
        SafeContact.Check(new(relative, null, null), [person], new HashSet<string> { "name" }).ShouldBeNull();
        var allowed = Person(("relations/r/to", $$"""{"id":"{{relative}}","register":"person"}"""), ("relations/r/may-know-whereabouts", "\"yes\""));
        SafeContact.Check(new(relative, null, null), [allowed], new HashSet<string> { "place" }).ShouldBeNull();
    }

    [Fact]
    public void A_situation_that_turns_warns_and_proposes_protection__S069()
    {
        var person = Person(("situations/1/situation", """{"code":"smuggled"}"""), ("situations/1/from", "\"2025-01\""),
            ("situations/2/situation", """{"code":"in-debt-to-smugglers"}"""), ("situations/2/from", "\"2025-03\""));
        Situations.Warning(person)!.To.ShouldBe(Situation.InDebtToSmugglers);
        Situations.Warning(Person(("situations/1/situation", """{"code":"smuggled"}"""))).ShouldBeNull();
    }

    [Fact]
    public void Working_days_are_those_of_the_unit_and_a_day_ends_in_its_zone()
    {
        var plan = RepositoryPacks.Tracing;
        var record = Person() with { Register = "tracing", State = "open", StateSince = new(2026, 11, 20, 22, 30, 0, TimeSpan.Zero) };
        var bangkok = new UnitCalendar(TimeZoneInfo.FindSystemTimeZoneById("Asia/Bangkok"), new HashSet<DayOfWeek> { DayOfWeek.Saturday, DayOfWeek.Sunday }, new HashSet<DateOnly> { new(2026, 11, 25) });
        // Saturday 21 November in Bangkok; ten working days without the holiday end on Monday 7 December, midnight there.
        Clocks.Of(plan, record, bangkok).Single(clock => clock.Clock.Id == "first-answer").Due.ShouldBe(new(2026, 12, 7, 17, 0, 0, TimeSpan.Zero));
    }
}
