using Waymark.Model;
using Waymark.Protection.Contracts;
using Waymark.Protection.Features;
using Waymark.Storage;

namespace Waymark.Protection.Tests;

/// <summary>The gate: decides, records with a leaf, and only then hands out, masked.</summary>
public sealed class GateTests
{
    [Fact]
    public async Task What_the_data_were_collected_for_is_not_the_askers_to_state_and_unknown_it_permits_nothing()
    {
        await using var desk = await Desk.OpenAsync();
        var ask = Desk.Ask();
        (await desk.Gate.OpenAsync(ask, Desk.Read, default)).IsPermitted.ShouldBeTrue();
        var stated = new Dictionary<string, IReadOnlyList<string>>(ask.Facts, StringComparer.Ordinal) { ["purpose.declared"] = ["protection"] };
        (await desk.Gate.OpenAsync(ask with { Facts = stated }, Desk.Read, default)).Refusal!.Code.ShouldBe("gate.own-fact");
        (await desk.Gate.OpenAsync(ask with { Matter = "C-2", DeclaredPurpose = null }, Desk.Read, default)).IsPermitted.ShouldBeFalse();
        (await desk.Gate.OpenAsync(ask with { Matter = "C-3", DeclaredPurpose = "assistance" }, Desk.Read, default)).IsPermitted.ShouldBeFalse();
    }

    [Theory]
    [InlineData("transfer")]
    [InlineData("publish")]
    [InlineData("issue-notice")]
    public async Task M56_nothing_leaves_without_a_trusted_key_whatever_the_rules_say(string action)
    {
        await using var desk = await Desk.OpenAsync();
        var seen = Desk.Worker with { IsHardware = false };
        (await desk.Gate.OpenAsync(Desk.Ask(action, actor: seen), Desk.Read, default)).Refusal!.Code.ShouldBe("gate.credential");
        (await desk.Gate.ActAsync(Desk.Ask(action, actor: seen), _ => throw new InvalidOperationException("no effect"), default)).Refusal!.Code.ShouldBe("gate.credential");
        (await desk.Gate.CarryAsync("list", ["person-1"], [Desk.Ask(action, actor: seen, persons: ["person-1"])], default)).Held!.Code.ShouldBe("gate.credential");
        (await desk.Gate.OpenAsync(Desk.Ask(action), Desk.Read, default)).Refusal?.Code.ShouldNotBe("gate.credential");
        (await desk.Gate.OpenAsync(Desk.Ask(actor: seen), Desk.Read, default)).IsPermitted.ShouldBeTrue("reading needs none");
    }

    [Fact]
    public async Task What_is_handed_out_is_masked_and_stands_in_the_ledger_first()
    {
        await using var desk = await Desk.OpenAsync();
        var waitingBefore = (await desk.Log.ChainAsync(default)).Waiting;
        var waiting = 0L;
        var answer = await desk.Gate.OpenAsync(Desk.Ask(), async cancellationToken =>
        {
            waiting = (await desk.Log.ChainAsync(cancellationToken)).Waiting;
            return new Card("Awa", "Harbour town");
        }, default);
        answer.IsPermitted.ShouldBeTrue(answer.Refusal?.Text.In("en"));
        answer.Value.ShouldBe(new Card("Awa", null), "the place of a victim is masked");
        waiting.ShouldBe(waitingBefore + 1, "the leaf was there before the first byte was read");
        answer.Permit!.Duties.Select(duty => duty.Id).ShouldBe(["mask-place"]);
    }

    [Fact]
    public async Task M88_when_the_leaf_cannot_be_written_nothing_is_read_and_nothing_happens()
    {
        var broken = false;
        await using var desk = await Desk.OpenAsync(around: store => new BrokenStore(store, () => broken));
        broken = true;
        var read = false;
        var answer = await desk.Gate.OpenAsync(Desk.Ask(), _ =>
        {
            read = true;
            return Task.FromResult(new Card("Awa", null));
        }, default);
        (answer.IsPermitted, read, answer.Error!.Code).ShouldBe((false, false, "store.unavailable"));
    }

    [Fact]
    public async Task People_who_open_one_matter_in_the_same_moment_all_get_an_answer_and_a_leaf()
    {
        // Between what a question read and its commit, others open the same matter: the trail of purposes has moved.
        var others = 3;
        Desk? desk = null;
        await using var opened = await Desk.OpenAsync(around: store => new BrokenStore(store, () => false, async () =>
        {
            if (desk is not null && others > 0)
            {
                var other = $"worker-{others--}0";
                (await desk.Gate.OpenAsync(Desk.Ask() with { Actor = Desk.Ask().Actor with { Account = other } }, Desk.Read, default)).IsPermitted.ShouldBeTrue();
            }
        }));
        desk = opened;
        var before = (await opened.Log.ChainAsync(default)).Waiting;
        var answer = await opened.Gate.OpenAsync(Desk.Ask(), Desk.Read, default);
        answer.IsPermitted.ShouldBeTrue(answer.Error?.ToString());
        others.ShouldBe(0);
        (await opened.Log.ChainAsync(default)).Waiting.ShouldBe(before + 4, "one leaf each");
    }

    [Fact]
    public async Task An_effect_its_decision_and_its_leaf_are_one_commit()
    {
        await using var desk = await Desk.OpenAsync();
        WriteSet Effect(Permit permit) => new()
        {
            Actor = "worker-1", Reason = "card.changed", Records = [new("test.card", "c1", 0, "{}"u8.ToArray(), "{}"u8.ToArray(), [])],
        };
        var first = await desk.Gate.ActAsync(Desk.Ask("update"), Effect, default);
        first.IsPermitted.ShouldBeTrue(first.Refusal?.Text.In("en"));
        var after = (await desk.Log.ChainAsync(default)).Waiting;

        // The same write again conflicts; then neither decision nor leaf is there either.
        var second = await desk.Gate.ActAsync(Desk.Ask("update"), Effect, default);
        second.Error!.Code.ShouldBe("store.conflict");
        (await desk.Log.ChainAsync(default)).Waiting.ShouldBe(after);
    }

    [Fact]
    public async Task A_refusal_says_why_in_both_languages_and_is_recorded_too()
    {
        await using var desk = await Desk.OpenAsync();
        var answer = await desk.Gate.OpenAsync(Desk.Ask("transfer", more: [("recipient.type", "law-enforcement"), ("review.legal", "done")]), Desk.Read, default);
        answer.IsPermitted.ShouldBeFalse();
        answer.Refusal!.Code.ShouldBe("gate.prohibited");
        answer.Refusal.Reasons.ShouldContain(line => line.In("en").Contains("F-03", StringComparison.Ordinal));
        answer.Refusal.Reasons.ShouldContain(line => line.In("zh").Contains("受害人", StringComparison.Ordinal));
        (await desk.Log.DecisionAsync(Desk.Worker, answer.Refusal.Decision!, default)).ShouldNotBeNull().IsPermit.ShouldBeFalse();
    }

    [Fact]
    public async Task GOLD_01_and_its_neighbour_consent_is_read_from_the_record_and_never_from_the_asker()
    {
        await using var desk = await Desk.OpenAsync();
        var ask = Desk.Ask("transfer", more: [("recipient.type", "law-enforcement"), ("review.legal", "done")]);
        (await desk.Gate.OpenAsync(ask, Desk.Read, default)).Refusal!.Code.ShouldBe("gate.prohibited");
        var stated = new Dictionary<string, IReadOnlyList<string>>(ask.Facts) { ["consent.status"] = ["given"] };
        (await desk.Gate.OpenAsync(ask with { Facts = stated }, Desk.Read, default)).Refusal!.Code.ShouldBe("gate.own-fact");

        var consent = new Consent("person-1", "protection", "law-enforcement", ConsentChoice.Given, desk.Clock.GetUtcNow(), desk.Clock.GetUtcNow().AddDays(30), "v3", "bm", "oral", true, true, "A. Traoré", "M. Diallo", null, "worker-1");
        (await desk.Consents.RecordAsync(consent, default)).IsOk.ShouldBeTrue();
        var permitted = await desk.Gate.OpenAsync(ask, Desk.Read, default);
        permitted.IsPermitted.ShouldBeTrue(permitted.Refusal?.Text.In("en"));

        (await desk.Consents.WithdrawAsync("person-1", null, "phone", default)).IsOk.ShouldBeTrue();
        (await desk.Gate.OpenAsync(ask, Desk.Read, default)).Refusal!.Code.ShouldBe("gate.prohibited");
        (await desk.Consents.RecordAsync(consent, default)).Error!.Code.ShouldBe("consent.withdrawn", "M84: staff cannot undo a withdrawal with the old act");
    }

    [Fact]
    public async Task A_consent_lapses_at_its_end()
    {
        await using var desk = await Desk.OpenAsync();
        await desk.Consents.RecordAsync(
            new("person-1", "protection", "law-enforcement", ConsentChoice.Given, desk.Clock.GetUtcNow(), desk.Clock.GetUtcNow().AddDays(1), "v3", "bm", "oral", true, true, null, null, null, "worker-1"), default);
        (await desk.Consents.FindAsync("person-1", "protection", "law-enforcement", default)).ShouldNotBeNull();
        desk.Clock.Advance(TimeSpan.FromDays(1));
        (await desk.Consents.FindAsync("person-1", "protection", "law-enforcement", default)).ShouldBeNull();
    }

    [Fact]
    public async Task M01_enforcement_is_refused_whatever_the_role_and_its_lawful_neighbour_passes()
    {
        await using var desk = await Desk.OpenAsync();
        var enforcement = Desk.Ask(purpose: "immigration-enforcement", actor: Desk.Supervisor, more: [("purpose.declared", "immigration-enforcement")]);
        (await desk.Gate.OpenAsync(enforcement, Desk.Read, default)).Refusal!.Code.ShouldBe("gate.prohibited");
        (await desk.Gate.OpenAsync(enforcement with { Actor = Desk.Worker }, Desk.Read, default)).Refusal!.Code.ShouldBe("gate.purpose");
        (await desk.Gate.OpenAsync(Desk.Ask(), Desk.Read, default)).IsPermitted.ShouldBeTrue();
    }

    [Fact]
    public async Task M02_one_account_gets_no_second_purpose_in_one_matter_and_the_officer_sees_a_new_one()
    {
        await using var desk = await Desk.OpenAsync();
        (await desk.Gate.OpenAsync(Desk.Ask(), Desk.Read, default)).IsPermitted.ShouldBeTrue();
        var assistance = Desk.Ask(purpose: "assistance", more: [("purpose.declared", "assistance")]);
        (await desk.Gate.OpenAsync(assistance, Desk.Read, default)).Refusal!.Code.ShouldBe("gate.other-purpose");
        var other = await desk.Gate.OpenAsync(assistance with { Actor = Desk.Supervisor }, Desk.Read, default);
        other.IsPermitted.ShouldBeTrue(other.Refusal?.Text.In("en"));
        (await desk.Store.Queue.ListAsync("protection.alarm", 10, default)).Count.ShouldBe(2, "the attempt, and the purpose that is new for the person");
        (await desk.Gate.OpenAsync(Desk.Ask() with { CarriedPurposes = new HashSet<string> { "assistance" } }, Desk.Read, default)).Refusal!.Code.ShouldBe("gate.not-carried");
    }

    [Fact]
    public async Task M77_refused_and_then_stated_otherwise_is_held_until_somebody_else_states_it()
    {
        await using var desk = await Desk.OpenAsync();
        var pending = Desk.Ask("transfer", more: [("review.legal", "pending")]);
        (await desk.Gate.OpenAsync(pending, Desk.Read, default)).Refusal!.Code.ShouldBe("gate.unmet");
        var flipped = Desk.Ask("transfer", more: [("review.legal", "done")]);
        (await desk.Gate.OpenAsync(flipped, Desk.Read, default)).Refusal!.Code.ShouldBe("gate.flipped");
        (await desk.Gate.OpenAsync(flipped with { Actor = Desk.Supervisor }, Desk.Read, default)).IsPermitted.ShouldBeTrue("another person states it");
        desk.Clock.Advance(Gate.FlipWindow + TimeSpan.FromMinutes(1));
        (await desk.Gate.OpenAsync(flipped, Desk.Read, default)).IsPermitted.ShouldBeTrue("a day later");
    }

    [Fact]
    public async Task A_pack_that_nobody_adopted_forbids_but_grants_nothing()
    {
        await using var desk = await Desk.OpenAsync(adopted: false);
        (await desk.Gate.OpenAsync(Desk.Ask(), Desk.Read, default)).Refusal!.Code.ShouldBe("gate.not-adopted");
        var hash = desk.Book.Rules.Packs.Single(pack => pack.Id == "harbour").Hash;
        (await desk.Book.AdoptAsync(Desk.Second, "harbour", hash, default)).Error!.Code.ShouldBe("adoption.role");
        (await desk.Book.AdoptAsync(Desk.Legal, "harbour", "other", default)).Error!.Code.ShouldBe("adoption.changed");
        (await desk.Book.AdoptAsync(Desk.Legal, "harbour", hash, default)).IsOk.ShouldBeTrue();
        (await desk.Gate.OpenAsync(Desk.Ask(), Desk.Read, default)).Refusal!.Code.ShouldBe("gate.not-adopted", "one person is not two");
        (await desk.Book.AdoptAsync(Desk.Second, "harbour", hash, default)).Error!.Code.ShouldBe("two.too-quick");
        desk.Clock.Advance(TimeSpan.FromMinutes(2));
        (await desk.Book.AdoptAsync(Desk.Second, "harbour", hash, default)).IsOk.ShouldBeTrue();
        (await desk.Gate.OpenAsync(Desk.Ask(), Desk.Read, default)).IsPermitted.ShouldBeTrue();
    }

    [Theory]
    [InlineData("two.same-account", "legal-1", "oversight/south", true, "key-second")]
    [InlineData("two.credential", "second-1", "oversight/south", false, "key-second")]
    [InlineData("two.same-device", "second-1", "oversight/south", true, "key-legal")]
    [InlineData("two.same-unit", "second-1", "legal", true, "key-second")]
    public async Task M52_each_shared_trait_alone_refuses(string code, string account, string unit, bool hardware, string key)
    {
        await using var desk = await Desk.OpenAsync(adopted: false);
        var hash = desk.Book.Rules.Packs.Single(pack => pack.Id == "harbour").Hash;
        (await desk.Book.AdoptAsync(Desk.Legal, "harbour", hash, default)).IsOk.ShouldBeTrue();
        desk.Clock.Advance(TimeSpan.FromMinutes(5));
        (await desk.Book.AdoptAsync(new(account, "supervisor", [unit], hardware, key), "harbour", hash, default)).Error!.Code.ShouldBe(code);
        (await desk.Book.AdoptAsync(Desk.Second, "harbour", hash, default)).IsOk.ShouldBeTrue();
    }

    [Fact]
    public async Task M53_more_than_25_persons_at_once_wait_for_two_others()
    {
        await using var desk = await Desk.OpenAsync();
        string[] Persons(int count) => [.. Enumerable.Range(0, count).Select(at => "person-" + at)];
        (await desk.Gate.OpenAsync(Desk.Ask(persons: Persons(26)), Desk.Read, default)).Refusal!.Code.ShouldBe("gate.bulk");
        (await desk.Gate.OpenAsync(Desk.Ask(persons: Persons(25)), Desk.Read, default)).IsPermitted.ShouldBeTrue();
    }

    [Fact]
    public async Task M40_what_the_asker_may_not_read_changes_no_byte_of_the_answer()
    {
        await using var desk = await Desk.OpenAsync(edit: packs => packs.Replace(
            "when: purpose = purpose.declared", "when: purpose = purpose.declared and not subject.fear and subject.urgent", StringComparison.Ordinal));
        async Task<string> Ask(string fear, string matter)
        {
            var answer = await desk.Gate.OpenAsync(
                Desk.Ask(matter: matter, more: [("subject.fear", fear), ("subject.urgent", "false")]) with { Hidden = new HashSet<string> { "subject.fear" } }, Desk.Read, default);
            return answer.Refusal!.Code + string.Join('|', answer.Refusal.Reasons.Select(line => line.In("en")));
        }

        var (feared, not) = (await Ask("true", "C-1"), await Ask("false", "C-2"));
        feared.ShouldBe(not);
        feared.ShouldNotContain("subject.fear");
    }

    [Fact]
    public async Task Another_units_matter_and_an_unknown_code_are_refused_with_a_reason()
    {
        await using var desk = await Desk.OpenAsync();
        (await desk.Gate.OpenAsync(Desk.Ask() with { Unit = "protection/south" }, Desk.Read, default)).Refusal!.Code.ShouldBe("gate.unit");
        (await desk.Gate.OpenAsync(Desk.Ask("gossip"), Desk.Read, default)).Refusal!.Code.ShouldBe("gate.unknown-code");
        (await desk.Gate.OpenAsync(Desk.Ask(more: [("no.such", "x")]), Desk.Read, default)).Refusal!.Code.ShouldBe("gate.fact");
        (await desk.Gate.OpenAsync(Desk.Ask(actor: new("reader-1", "reader", ["protection/north"])), Desk.Read, default)).Refusal!.Code.ShouldBe("gate.purpose");
    }
}
