using Waymark.Casework.Contracts;
using Waymark.Protection.Contracts;
using static Waymark.Casework.Tests.Node;

namespace Waymark.Casework.Tests;

/// <summary>A person's request to be erased: counted first, held by holds of either kind, and led to its end whatever is cut off.</summary>
public sealed class ErasingTests
{
    private static readonly Actor s_officer = new("dpo-1", "data-protection-officer", ["protection-office"], true, "key-dpo");

    [Fact]
    public async Task A_hold_of_the_nodes_register_keeps_a_person_from_being_erased_until_two_lift_it__M79_M86()
    {
        await using var node = await OpenAsync();
        var person = await node.PersonAsync("Amina Hassan");
        var record = Ok(await node.Cases.CreateAsync(Desk(), new("tracing", null, new Dictionary<string, string> { ["relation"] = "sister" }, [("sought", person.Id)]), default)).Address;
        (await node.Cases.PreviewErasureAsync(person.Id, default)).ShouldBe(new(2, 0, 0, 0));

        // Over the record the person is in, entered in one line as its form has it.
        var officer = Desk(Legal, "supervision");
        var hold = Ok(await node.Cases.CreateAsync(officer, new("legal-hold", null, new Dictionary<string, string>
        {
            ["ground"] = "complaint", ["reason"] = "complaint 7", ["lifted-why"] = "withdrawn", ["scope"] = "record", ["object"] = "tracing " + record.Id, ["until"] = "2026-12-31",
        }, []), default)).Address;
        async Task StepAsync(string step, Actor actor)
        {
            // A hold is known where it lies: all of them work in that unit.
            var desk = new CaseDesk(actor with { Units = [.. actor.Units, "legal"] }, "legal", "supervision");
            node.Clock.Advance(TimeSpan.FromMinutes(3));
            var state = Ok(await node.Cases.OpenAsync(desk, hold, default)).Document.StateVersion;
            Ok(await node.Cases.StepAsync(desk, hold, step, state, null, default));
        }

        await StepAsync("propose", Legal);
        (await node.Cases.PreviewErasureAsync(person.Id, default)).Holds.ShouldBe(0, "proposed is not ordered");
        await StepAsync("order", Legal with { Account = "legal-2", Credential = "key-legal-2" });
        (await node.Cases.PreviewErasureAsync(person.Id, default)).Holds.ShouldBe(1);
        (await node.Cases.EraseAsync(Desk(Supervisor), Second, person, default)).Error!.Code.ShouldBe("erasure.held");
        (await node.Cases.EraseAsync(Legal, person.Id, default)).Error!.Code.ShouldBe("erasure.held");

        // While its renewal is proposed it goes on holding, and nobody lets it lapse before its time.
        await StepAsync("renew", Legal);
        (await node.Cases.EraseAsync(Desk(Supervisor), Second, person, default)).Error!.Code.ShouldBe("erasure.held");
        var version = Ok(await node.Cases.OpenAsync(officer, hold, default)).Document.StateVersion;
        (await node.Cases.StepAsync(officer, hold, "lapse", version, null, default)).IsOk.ShouldBeFalse();

        // One proposes to lift it, which lifts nothing; the same one does not lift it, and somebody else does.
        await StepAsync("propose-lift", Legal);
        (await node.Cases.PreviewErasureAsync(person.Id, default)).Holds.ShouldBe(1);
        version = Ok(await node.Cases.OpenAsync(officer, hold, default)).Document.StateVersion;
        (await node.Cases.StepAsync(officer, hold, "lift", version, null, default)).IsOk.ShouldBeFalse();
        await StepAsync("lift", s_officer);
        (await node.Cases.PreviewErasureAsync((await node.PersonAsync("Somebody Else")).Id, default)).Holds.ShouldBe(0, "a hold holds whom it names");
        Ok(await node.Cases.EraseAsync(Desk(Supervisor), Second, person, default)).Records.ShouldBe(2);
    }

    [Fact]
    public async Task Renewals_of_a_hold_are_counted_by_what_was_done_and_the_third_needs_the_committee__M86()
    {
        await using var node = await OpenAsync();
        var record = (await node.TracingAsync()).Case;
        var hold = Ok(await node.Cases.CreateAsync(Desk(Legal, "supervision"), new("legal-hold", null, new Dictionary<string, string>
        {
            ["ground"] = "complaint", ["reason"] = "complaint 7", ["scope"] = "record", ["object"] = "tracing " + record.Id, ["until"] = "2026-12-31",
        }, []), default)).Address;
        async Task<CaseAnswer<Changed>> StepAsync(string step, string account)
        {
            var desk = Desk(Legal with { Account = account, Credential = "key-" + account }, "supervision");
            node.Clock.Advance(TimeSpan.FromMinutes(3));
            return await node.Cases.StepAsync(desk, hold, step, Ok(await node.Cases.OpenAsync(desk, hold, default)).Document.StateVersion, null, default);
        }

        Ok(await StepAsync("propose", "legal-1"));
        Ok(await StepAsync("order", "legal-2"));
        for (var renewal = 1; renewal <= 3; renewal++)
        {
            var renewed = Ok(await StepAsync("renew", "legal-1"));
            if (renewal == 1)
            {
                // Taken back, it was none.
                Ok(await node.Cases.UndoAsync(Desk(Legal, "supervision"), hold, renewed.Version, "too early", default));
                Ok(await StepAsync("renew", "legal-1"));
            }

            var (_, count, most) = Ok(await node.Cases.OpenAsync(Desk(Legal, "supervision"), hold, default)).Counted.ShouldHaveSingleItem();
            (count, most).ShouldBe((renewal, 2), "what was taken back does not count");
            var ordered = await StepAsync("order", "legal-2");
            (ordered.Error?.Code, ordered.IsOk).ShouldBe(renewal < 3 ? (null, true) : ("step.times", false));
        }

        (await StepAsync("order-again", "legal-2")).Error!.Code.ShouldBe("step.decision", "nobody of the committee agreed");
    }

    [Fact]
    public async Task What_a_stop_cut_off_is_swept_by_the_next_round_without_a_second_leave__M79()
    {
        await using var node = await OpenAsync();
        var person = await node.PersonAsync("Amina Hassan");
        Ok(await node.Cases.CreateAsync(Desk(), new("tracing", null, new Dictionary<string, string> { ["relation"] = "sister" }, [("sought", person.Id)]), default));
        (await node.Exceptions.BeginErasureAsync(Supervisor, Second, person.Id, default)).IsOk.ShouldBeTrue();
        (await node.Cases.FinishErasuresAsync(default)).ShouldBe(0, "it is under way");
        node.Clock.Advance(TimeSpan.FromMinutes(2));
        (await node.Cases.FinishErasuresAsync(default)).ShouldBe(1);
        (await node.Cases.OpenAsync(Desk(), person, default)).Error!.Code.ShouldBe("case.nothing");
        (await node.Cases.PreviewErasureAsync(person.Id, default)).Records.ShouldBe(1, "the request stays, without the person");
        (await node.Cases.FinishErasuresAsync(default)).ShouldBe(0);
    }
}
