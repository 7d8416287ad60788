using Waymark.Casework.Contracts;
using Waymark.Protection.Contracts;
using static Waymark.Casework.Tests.Node;
using static Waymark.Casework.Tests.Requested;

namespace Waymark.Casework.Tests;

/// <summary>What is kept about a person, made for that person: out of every register and partition, without what is about others.</summary>
public sealed class AccessAnswerTests
{
    private static readonly Actor s_officer = Requested.Officer;
    private static readonly CaseDesk s_desk = Requested.OfficersDesk;

    [Fact]
    public async Task Only_the_officer_with_a_key_prepares_it_and_a_limit_holds_until_its_last_day()
    {
        await using var node = await OpenAsync();
        var (_, _, enquirer) = await node.TracingAsync();
        var request = await RequestAsync(node, enquirer.Id, ("right", "access"), ("identity", "verified"), ("limit", "danger"), ("limit-ends", "2026-06-10"));
        await StepsAsync(node, request, "identify", "begin");
        (await node.Cases.KeptAsync(s_desk with { Actor = s_officer with { IsHardware = false } }, request, default)).Error!.Code.ShouldBe("access.role");
        (await node.Cases.KeptAsync(s_desk with { Actor = s_officer with { Role = "oversight" } }, request, default)).Error!.Code.ShouldBe("access.role");
        (await node.Cases.KeptAsync(s_desk, request, default)).Error!.Code.ShouldBe("access.limited");
        node.Clock.Advance(TimeSpan.FromDays(10));
        Ok(await node.Cases.KeptAsync(s_desk, request, default)).Records.ShouldNotBeEmpty();

        // Another right is another request, and other registers have none.
        (await node.Cases.KeptAsync(s_desk, await RequestAsync(node, enquirer.Id, ("right", "correction")), default)).Error!.Code.ShouldBe("case.nothing");
        (await node.Cases.KeptAsync(s_desk, new("subject-request", new string('0', 32)), default)).Error!.Code.ShouldBe("case.nothing");
    }

    [Fact]
    public async Task A_request_about_ones_data_is_followed_by_one_word_also_under_review()
    {
        await using var node = await OpenAsync();
        var (_, _, enquirer) = await node.TracingAsync();
        var request = await RequestAsync(node, enquirer.Id, ("right", "access"), ("identity", "verified"));
        var code = Ok(await node.Cases.GiveCodeAsync(s_desk, request, default)).Shown;
        (await node.Cases.WordAsync(code, default)).ShouldBe(OutwardWord.Received);
        await StepsAsync(node, request, "identify", "begin");
        (await node.Cases.WordAsync(code, default)).ShouldBe(OutwardWord.InWork);
    }

    [Fact]
    public async Task A_correction_that_was_granted_stands_in_the_record_beside_what_stood_and_whoever_works_on_it_chooses__R33()
    {
        await using var node = await OpenAsync();
        var (tracing, _, enquirer) = await node.TracingAsync();
        var request = await RequestAsync(node, enquirer.Id, ("right", "correction"), ("identity", "verified"), ("corrections/a/record", "tracing " + tracing.Id), ("corrections/a/field", "cause"), ("corrections/a/value", "conflict"),
            ("corrections/b/record", "person " + enquirer.Id), ("corrections/b/field", "birth"), ("corrections/b/value", "1991-04-03"));
        await StepsAsync(node, request, "identify", "begin");
        await EnterAsync(node, request, ("outcome", "granted"), ("third-persons-masked", "yes"), ("channel", "by-hand"), ("answer", "We changed it. (invented)"));
        async Task<CaseAnswer<Changed>> GrantAsync() => await node.Cases.StepAsync(s_desk, request, "grant", Ok(await node.Cases.OpenAsync(s_desk, request, default)).Document.StateVersion, null, default);

        // The cause is about the person sought: not corrected on somebody else's word, and then nothing is.
        (await GrantAsync()).Error!.Where.ShouldBe("corrections/field");
        Ok(await node.Cases.OpenAsync(Desk(), enquirer, default)).Document.Fields["birth"].Claims.Count.ShouldBe(1);
        await EnterAsync(node, request, ("corrections/a/field", "relation"), ("corrections/a/value", "spouse"));
        Ok(await GrantAsync()).State.ShouldBe("answered");

        var said = Ok(await node.Cases.OpenAsync(Desk(), tracing, default)).Document.Fields["relation"];
        (said.Claims.Count, said.IsConflict).ShouldBe((2, false));
        said.Claims[1].Source!.ShouldStartWith("SR-");
        Ok(await node.Cases.OpenAsync(Desk(), enquirer, default)).Document.Fields["birth"].Claims.Select(claim => claim.Value.Text).ShouldBe(["1990-03-04", "1991-04-03"]);
        Ok(await node.Cases.ResolveAsync(Desk(), tracing, "relation", said.Version, [said.Claims[1].Id], "as he says", default));
        var chosen = Ok(await node.Cases.OpenAsync(Desk(), tracing, default)).Document;
        chosen.One("relation")!.Value.Member("code").ShouldBe("spouse");
        Ok(await node.Cases.UndoAsync(Desk(), tracing, chosen.Version, "asked again", default));
        Ok(await node.Cases.OpenAsync(Desk(), tracing, default)).Document.Fields["relation"].Claims.Count.ShouldBe(2, "nothing that was ever said is lost");
    }

    [Fact]
    public async Task An_objection_that_was_upheld_stops_the_use_it_names_until_it_is_reviewed__R33()
    {
        await using var node = await OpenAsync();
        var (tracing, _, enquirer) = await node.TracingAsync();
        var (other, _, _) = await node.TracingAsync();
        var request = await RequestAsync(node, enquirer.Id, ("right", "objection"), ("identity", "verified"), ("objected-record", "tracing " + tracing.Id), ("objected-purposes", "family-tracing"));
        await StepsAsync(node, request, "identify", "begin");
        await EnterAsync(node, request, ("outcome", "granted"), ("third-persons-masked", "yes"), ("channel", "by-hand"), ("answer", "We stop. (invented)"));
        Ok(await node.Cases.OpenAsync(Desk(), tracing, default));
        await StepsAsync(node, request, "grant");

        var refused = (await node.Cases.OpenAsync(Desk(), tracing, default)).Refusal.ShouldNotBeNull();
        (refused.Code, refused.Decision is not null).ShouldBe(("gate.stopped", true));
        refused.Text.In("en").ShouldContain("objected");
        Ok(await node.Cases.ListAsync(Desk(), new("tracing"), default)).Rows.Single(row => row.Address.Id == tracing.Id).Stopped.ShouldNotBeNull();
        Ok(await node.Cases.OpenAsync(Desk(), other, default));
        Ok(await node.Cases.RestrictAsync(Desk(), tracing, ["worker-1"], default)).IsVersion.ShouldBeTrue("what protects stays open");

        // Under review it is open again, and so it is for another use than the one objected to.
        await StepsAsync(node, request, "review");
        Ok(await node.Cases.OpenAsync(Desk(), tracing, default));
    }
}
