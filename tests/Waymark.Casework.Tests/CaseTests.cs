using Waymark.Casework.Contracts;
using Waymark.Casework.Documents;
using Waymark.Protection.Contracts;
using Waymark.Storage;
using static Waymark.Casework.Tests.Node;

namespace Waymark.Casework.Tests;

/// <summary>A case from intake to hand-over, through gate, machine and a real store.</summary>
public sealed class CaseTests
{
    private static readonly string[] s_noFilters = ["nationality", "citizenship", "religion", "state"];

    [Fact]
    public async Task A_tracing_request_is_opened_read_changed_and_undone()
    {
        await using var node = await OpenAsync();
        var (address, _, _) = await node.TracingAsync();
        var view = Ok(await node.Cases.OpenAsync(Desk(), address, default));
        view.Document.State.ShouldBe("draft");
        view.Reference.ShouldStartWith("TR-");
        view.Document.One("cause")!.Value.Member("code").ShouldBe("shipwreck");

        var changed = Ok(await node.Cases.ChangeAsync(Desk(), address, new([new("cause", view.Document.Fields["cause"].Version, "conflict")]), default));
        changed.Conflicts.ShouldBeEmpty();
        Ok(await node.Cases.UndoAsync(Desk(), address, changed.Version, "mistyped", default));
        Ok(await node.Cases.OpenAsync(Desk(), address, default)).Document.One("cause")!.Value.Member("code").ShouldBe("shipwreck");

        var history = Ok(await node.Cases.HistoryAsync(Desk(), address, default));
        history.Lines.Select(line => line.Operation.Kind).ShouldBe([OperationKind.Create, OperationKind.Change, OperationKind.Undo]);
        history.Lines.ShouldAllBe(line => line.Operation.Decision != null && line.Operation.By == "worker-1");
        var document = Ok(await node.Cases.OpenAsync(Desk(), address, default)).Document;
        RecordJson.Bytes(RecordMachine.Replay(history.Lines.Select(line => line.Operation)).Value).ShouldBe(RecordJson.Bytes(document));
    }

    [Fact]
    public async Task Two_people_at_once_keep_both_values_and_a_person_chooses__G8()
    {
        await using var node = await OpenAsync();
        var (address, _, _) = await node.TracingAsync();
        var seen = Ok(await node.Cases.OpenAsync(Desk(), address, default)).Document.Fields["cause"].Version;
        Ok(await node.Cases.ChangeAsync(Desk(), address, new([new("cause", seen, "conflict")]), default)).Conflicts.ShouldBeEmpty();
        Ok(await node.Cases.ChangeAsync(Desk(Colleague), address, new([new("cause", seen, "disaster")]), default)).Conflicts.ShouldBe(["cause"]);
        var open = Ok(await node.Cases.OpenAsync(Desk(), address, default)).Document;
        open.HasConflict.ShouldBeTrue();
        open.Fields["cause"].Claims.Select(claim => claim.Value.Member("code")).ShouldBe(["conflict", "disaster"], ignoreOrder: true);
        Ok(await node.Cases.ResolveAsync(Desk(), address, "cause", open.Fields["cause"].Version, [open.Fields["cause"].Claims[1].Id], "asked the family", default));
        Ok(await node.Cases.OpenAsync(Desk(), address, default)).Document.HasConflict.ShouldBeFalse();
    }

    [Fact]
    public async Task A_step_waits_for_its_guards_and_says_which()
    {
        await using var node = await OpenAsync();
        var (address, _, enquirer) = await node.TracingAsync();
        (await node.Cases.StepAsync(Desk(), address, "accept", 1, null, default)).Error!.Code.ShouldBe("step.consent");
        (await node.Consents.RecordAsync(new(enquirer.Id, "family-tracing", "none", ConsentChoice.Given, node.Clock.GetUtcNow(), null, "1", "bm", "oral-recorded", true, true, "interpreter-1", null, null, "worker-1"), default))
            .IsOk.ShouldBeTrue();
        var moved = Ok(await node.Cases.StepAsync(Desk(), address, "accept", 1, null, default));
        moved.State.ShouldBe("open");
        (await node.Cases.StepAsync(Desk(Colleague), address, "withdraw", 1, null, default)).Error!.Code.ShouldBe("record.state-moved");
        Ok(await node.Cases.OpenAsync(Desk(), address, default)).Due.ShouldNotBeNull("the first answer is due");
    }

    [Fact]
    public async Task Nobody_else_can_tell_that_a_record_is_there__F8()
    {
        await using var node = await OpenAsync();
        var (address, _, _) = await node.TracingAsync();
        var other = await node.Cases.OpenAsync(Desk(South), address, default);
        var none = await node.Cases.OpenAsync(Desk(South), address with { Id = new('0', 32) }, default);
        (other.Error!.ToString(), other.Refusal).ShouldBe((none.Error!.ToString(), none.Refusal));
        Ok(await node.Cases.ListAsync(Desk(South), new("tracing"), default)).Rows.ShouldBeEmpty();
        Ok(await node.Cases.ListAsync(Desk(), new("tracing"), default)).Rows.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_need_to_know_list_hides_a_record_from_colleagues()
    {
        await using var node = await OpenAsync();
        var (address, _, _) = await node.TracingAsync();
        Ok(await node.Cases.RestrictAsync(Desk(), address, ["supervisor-1"], default));
        (await node.Cases.OpenAsync(Desk(Colleague), address, default)).Error!.Code.ShouldBe("case.nothing");
        Ok(await node.Cases.ListAsync(Desk(Colleague), new("tracing"), default)).Rows.ShouldBeEmpty();
        Ok(await node.Cases.ListAsync(Desk(), new("tracing"), default)).Rows.Count.ShouldBe(1);
        Ok(await node.Cases.OpenAsync(Desk(Supervisor), address, default));
    }

    [Fact]
    public async Task Lists_have_the_filters_of_their_view_and_no_others__M01()
    {
        await using var node = await OpenAsync();
        await node.TracingAsync();
        Ok(await node.Cases.ListAsync(Desk(), new("tracing") { Filters = new Dictionary<string, string> { ["cause"] = "shipwreck" } }, default)).Rows.Count.ShouldBe(1);
        Ok(await node.Cases.ListAsync(Desk(), new("tracing") { Filters = new Dictionary<string, string> { ["cause"] = "disaster" } }, default)).Rows.ShouldBeEmpty();
        foreach (var filter in s_noFilters)
        {
            (await node.Cases.ListAsync(Desk(), new("tracing") { Filters = new Dictionary<string, string> { [filter] = "x" } }, default)).Error!.Code.ShouldBe("case.filter");
        }

        (await node.Cases.ListAsync(Desk(), new("person"), default)).Error!.Code.ShouldBe("case.nothing");
    }

    [Fact]
    public async Task An_unknown_code_is_refused_and_the_nearest_named__G12()
    {
        await using var node = await OpenAsync();
        var (address, _, _) = await node.TracingAsync();
        var error = (await node.Cases.ChangeAsync(Desk(), address, new([new("cause", 1, "shipwrek")]), default)).Error!;
        error.Code.ShouldBe("value.unknown-code");
        error.Hint!.In("en").ShouldContain("shipwreck");
    }

    [Fact]
    public async Task Control_is_handed_over_in_three_acts_and_the_old_holder_loses_sight__G9()
    {
        await using var node = await OpenAsync();
        var (address, _, _) = await node.TracingAsync();
        (await node.Cases.HandOverAsync(Desk(South), address, HandOverAct.Accept, null, default)).Error!.Code.ShouldBe("case.nothing");
        Ok(await node.Cases.HandOverAsync(Desk(), address, HandOverAct.Offer, "protection/south", default));
        (await node.Cases.StepAsync(Desk(), address, "withdraw", 1, null, default)).Error!.Code.ShouldBe("case.in-transit");
        Ok(await node.Cases.HandOverAsync(Desk(South), address, HandOverAct.Accept, null, default));
        Ok(await node.Cases.OpenAsync(Desk(), address, default)).Document.Control.Unit.ShouldBe("protection/north");
        Ok(await node.Cases.HandOverAsync(Desk(), address, HandOverAct.Commit, null, default));
        (await node.Cases.OpenAsync(Desk(), address, default)).Error!.Code.ShouldBe("case.nothing");
        Ok(await node.Cases.OpenAsync(Desk(South), address, default)).Document.Control.ShouldBe(new ControlToken("protection/south", 2));
    }

    [Fact]
    public async Task A_reader_who_is_barred_gets_no_sheet__F10_M28()
    {
        await using var node = await OpenAsync();
        var husband = await node.PersonAsync("Karim Saleh");
        var sought = await node.PersonAsync("Leila Saleh", "1998", RecordPartition.Missing,
            ("barred/b/party", $$"""{"system":"person","value":"{{husband.Id}}"}"""), ("feared-areas", "ERI"));
        var enquirer = await node.PersonAsync("Sara Saleh");
        var made = Ok(await node.Cases.CreateAsync(Desk(), new("tracing", null, new Dictionary<string, string> { ["relation"] = "sister", ["cause"] = "journey" },
            [("sought", sought.Id), ("enquirer", enquirer.Id)]), default)).Address;
        (await node.Cases.PrintAsync(Desk(), made, new(husband.Id, null, null) { Kind = "none" }, default)).Error!.Code.ShouldBe("output.barred");
        (await node.Cases.PrintAsync(Desk(), made, new(null, "embassy", "ERI") { Kind = "none" }, default)).Error!.Code.ShouldBe("output.barred");
        Ok(await node.Cases.PrintAsync(Desk(), made, new(enquirer.Id, null, null) { Kind = "none" }, default)).Lines.ShouldNotBeEmpty();
    }

    [Fact]
    public async Task A_sheet_that_leaves_is_asked_for_as_a_transfer_to_its_reader_and_one_that_stays_as_a_look()
    {
        await using var node = await OpenAsync(rules: """

              - id: HR-05
                modality: prohibit
                scope: {action: [transfer], recipient.type: [employer]}
                cites: [{article: "5", status: unverified, basis: general}]
                topic: transfer
                en: Employers get nothing.
                zh: 不得提供给雇主。

            """);
        var (made, _, _) = await node.TracingAsync();
        Task<CaseAnswer<PrintSheet>> PrintAsync(string? kind) => node.Cases.PrintAsync(Desk(), made, new(null, "Harbour Works", "TUN") { Kind = kind }, default);
        (await PrintAsync(null)).Error!.Code.ShouldBe("print.kind", "no guess who reads it");
        (await node.Cases.CopyAsync(Ok(await PrintAsync("humanitarian-organisation")).Mark, default))!.To.ShouldBe("humanitarian-organisation");
        (await node.Cases.CopyAsync(Ok(await PrintAsync("none")).Mark, default))!.To.ShouldBeNull();
        string.Join(' ', (await PrintAsync("employer")).Refusal!.Reasons.Select(reason => reason.In("en"))).ShouldContain("Employers get nothing.");
        (await PrintAsync("humanitarian-organisation")).Refusal!.Code.ShouldBe("gate.flipped", "who was refused for one reader does not try another within a day");
        (await PrintAsync("somebody")).Refusal!.Code.ShouldBe("gate.fact", "a kind that the rules do not know");
    }

    [Fact]
    public async Task Merged_persons_keep_every_claim_and_come_apart_again()
    {
        await using var node = await OpenAsync();
        var one = await node.PersonAsync("Amina Hassan", "2004");
        var two = await node.PersonAsync("أمينة حسن", "2005-03-04");
        Ok(await node.Cases.MergeAsync(Desk(), one, two, "same person", null, default));
        var merged = Ok(await node.Cases.OpenAsync(Desk(), one, default)).Document;
        merged.Fields["birth"].Claims.Select(claim => claim.Value.Text).ShouldBe(["2004", "2005-03-04"], ignoreOrder: true);
        Ok(await node.Cases.OpenAsync(Desk(), two, default)).Document.State.ShouldBe("merged");
        Ok(await node.Cases.SplitAsync(Desk(), one, two, "two people", null, default));
        Ok(await node.Cases.OpenAsync(Desk(), one, default)).Document.Fields["birth"].Claims.Select(claim => claim.Value.Text).ShouldBe(["2004"]);
        Ok(await node.Cases.OpenAsync(Desk(), two, default)).Document.State.ShouldBe("current");
        var suspect = await node.PersonAsync("Amina Hassan", "2004", RecordPartition.Suspect);
        (await node.Cases.MergeAsync(Desk(), one, suspect, "no", null, default)).Error!.Code.ShouldBe("case.partition");
    }

    [Fact]
    public async Task A_severe_record_stands_in_the_list_of_its_unit_and_one_for_named_people_only_in_theirs__F8()
    {
        await using var node = await OpenAsync();
        CaseDesk Victims(Waymark.Protection.Contracts.Actor actor) => Desk(actor, "victim-support");
        var made = Ok(await node.Cases.CreateAsync(Victims(Worker), new("trafficking-victim", null, new Dictionary<string, string> { ["age-group"] = "adult" }, []), default)).Address;
        async Task<IEnumerable<string>> ListedAsync(Waymark.Protection.Contracts.Actor actor) =>
            Ok(await node.Cases.ListAsync(Victims(actor), new("trafficking-victim"), default)).Rows.Select(row => row.Address.Id);
        (await ListedAsync(Colleague)).ShouldBe([made.Id]);
        (await ListedAsync(South)).ShouldBeEmpty();
        Ok(await node.Cases.RestrictAsync(Victims(Worker), made, [Worker.Account], default));
        (await ListedAsync(Worker)).ShouldBe([made.Id], "once, by name and by unit");
        (await ListedAsync(Colleague)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_thread_is_listed_for_everybody_who_may_know_of_its_record_and_for_nobody_else()
    {
        await using var node = await OpenAsync();
        var (record, _, _) = await node.TracingAsync();
        var (silent, _, _) = await node.TracingAsync();
        var messages = node.Cases;
        (await messages.WriteAsync(Desk(), record, new(MessageKind.Note, "ask for another interpreter"), default)).IsOk.ShouldBeTrue();
        var colleagues = (await messages.ThreadsAsync(Desk(Colleague), "tracing", default)).Value!.Rows;
        (colleagues.Single().Row.Address.Id, colleagues[0].Entries).ShouldBe((record.Id, 1), "a colleague's record, and nothing was written in the other");
        (await messages.ThreadsAsync(Desk(), "tracing", default)).Value!.Rows.Select(row => row.Row.Address.Id).ShouldBe([record.Id, silent.Id], "the own open case without a word comes last");
        (await messages.ThreadsAsync(Desk(South), "tracing", default)).Value!.Rows.ShouldBeEmpty();
        Ok(await node.Cases.StepAsync(Desk(), record, "withdraw", Ok(await node.Cases.OpenAsync(Desk(), record, default)).Document.StateVersion, null, default));
        (await messages.ThreadsAsync(Desk(Colleague), "tracing", default)).Value!.Rows.Single().Row.Address.Id.ShouldBe(record.Id, "what was written stays findable when the case is over");
        Ok(await node.Cases.RestrictAsync(Desk(), record, [Worker.Account], default));
        (await messages.ThreadsAsync(Desk(Colleague), "tracing", default)).Value!.Rows.ShouldBeEmpty("a record for named people");
    }
}
