using Waymark.Casework.Contracts;
using Waymark.Matching.Contracts;
using Waymark.Protection.Contracts;
using static Waymark.Casework.Tests.Node;
using static Waymark.Casework.Tests.Traced;

namespace Waymark.Casework.Tests;

/// <summary>What a family is told: only what the person found agreed to, while it stands, by two people, over a safe channel; every name is invented.</summary>
public sealed class TellingTests
{
    [Fact]
    public async Task What_was_agreed_is_shown_with_safe_channels_only_and_each_look_is_a_decision__F9()
    {
        await using var node = await OpenAsync();
        var (request, _) = await AgreedAsync(node);
        var answer = await node.Cases.DisclosureAsync(Desk(), request, default);
        var sheet = Ok(answer);
        answer.Decision.ShouldNotBeNull();
        (sheet.Answer, sheet.MayTell).ShouldBe(("contact-wanted", "that she is well"));
        sheet.To.ShouldHaveSingleItem().Channels.ShouldHaveSingleItem().Value.ShouldBe("+000 invented");
        (await node.Cases.DisclosureAsync(Desk(South), request, default)).Error!.Code.ShouldBe("case.nothing");
        (await node.Cases.StepAsync(Desk(), request, "tell", sheet.StateVersion, null, default)).Error!.Code.ShouldBe("step.second-person");
    }

    [Fact]
    public async Task Whoever_takes_the_word_back_is_not_told_on_any_more__F9()
    {
        await using var node = await OpenAsync();
        var (request, person) = await AgreedAsync(node);
        var seen = Ok(await node.Cases.DisclosureAsync(Desk(), request, default)).StateVersion;
        (await node.Consents.WithdrawAsync(person.Id, "family-tracing", "by phone", default)).IsOk.ShouldBeTrue();
        (await node.Cases.DisclosureAsync(Desk(), request, default)).Error!.Code.ShouldBe("tracing.nothing-to-tell");
        (await node.Cases.StepAsync(Desk(Colleague), request, "tell", seen, null, default)).Error!.Code.ShouldBe("tracing.nothing-to-tell");
    }

    [Fact]
    public async Task An_identification_that_was_wrong_is_called_back_before_anybody_is_told__M69()
    {
        await using var node = await OpenAsync();
        var expert = new Actor("forensic-1", "case-worker", ["forensic/east", "protection/south"], true, "key-forensic-1");
        var (request, enquirer, _, person) = await SearchedAsync(node, isFound: false);
        await node.SafeAsync(enquirer, Desk());
        (await node.Consents.RecordAsync(new(enquirer.Id, "family-tracing", "family", ConsentChoice.Given, node.Clock.GetUtcNow(), null, "1", "so", "oral-recorded", true, true, "interpreter-2", null, null, "worker-3"), default)).IsOk.ShouldBeTrue();
        var body = await DeadAsync(node, person);
        Task StepAsync(CaseDesk desk, RecordAddress record, string step) => Traced.StepAsync(node, desk, record, step);
        async Task GiveAsync(RecordAddress record)
        {
            Ok(await node.Cases.HandOverAsync(Desk(South), record, HandOverAct.Offer, "forensic/east", default));
            Ok(await node.Cases.HandOverAsync(Forensic, record, HandOverAct.Accept, null, default));
            Ok(await node.Cases.HandOverAsync(Desk(South), record, HandOverAct.Commit, null, default));
        }

        var id = await CandidateAsync(node, request);
        await AnswerAsync(node, South, id, PairChoice.Same);
        await AnswerAsync(node, SouthColleague, id, PairChoice.Same);
        Ok(await node.Cases.QueueAsync(Desk(South), default)).Waiting.Count.ShouldBe(0);
        (await node.Cases.StepAsync(Desk(South), body, "match", Ok(await node.Cases.OpenAsync(Desk(South), body, default)).Document.StateVersion, null, default)).IsOk.ShouldBeFalse("two people of one unit name nobody dead (M69)");
        await AnswerAsync(node, expert, id, PairChoice.Same);
        await StepAsync(Desk(South), body, "match");
        var paper = Ok(await node.Cases.CreateAsync(Desk(South), new("death-record", null, new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["body"] = body.Id, ["authority"] = "Registry (invented)", ["number"] = "D-1", ["issued-on"] = "2026-05-20", ["seen"] = "original",
        }, [("deceased", person.Id)]), default)).Address;
        await StepAsync(Desk(South), paper, "enter");
        await GiveAsync(paper);
        await StepAsync(Forensic, paper, "confirm");
        Ok(await node.Cases.ChangeAsync(Desk(South), body, new([new("death-record", 0, paper.Id)]), default));
        await GiveAsync(body);
        Ok(await node.Cases.OpenAsync(Desk(), request, default)).Document.Fields.ContainsKey("outcome").ShouldBeFalse("nothing is passed on before the identification");
        await StepAsync(Forensic, body, "identify");
        await StepAsync(Desk(), request, "locate");
        Ok(await node.Cases.DisclosureAsync(Desk(), request, default)).Outcome.ShouldBe("located-deceased");

        await StepAsync(Forensic, body, "wrong");
        Ok(await node.Cases.OpenAsync(Desk(), request, default)).Document.One("outcome").ShouldBeNull();
        (await node.Cases.DisclosureAsync(Desk(), request, default)).Error!.Code.ShouldBe("tracing.nothing-to-tell");
        await StepAsync(Desk(), request, "search-on");
        Ok(await node.Cases.OpenAsync(Desk(), request, default)).Document.State.ShouldBe("active");
    }

    private static CaseDesk Forensic => Desk(new("forensic-2", "case-worker", ["forensic/east"], true, "key-forensic-2"));
}
