using Waymark.Casework.Contracts;
using Waymark.Matching.Contracts;
using Waymark.Model;
using Waymark.Protection.Contracts;
using Waymark.Storage;
using static Waymark.Casework.Tests.Node;
using static Waymark.Casework.Tests.Traced;

namespace Waymark.Casework.Tests;

/// <summary>Match reviews: the holder first, two people, the second blind, the person found asked before anybody is told; every name is invented.</summary>
public sealed class TracingTests
{
    [Fact]
    public async Task A_candidate_arises_at_the_holder_and_the_unit_of_the_request_learns_nothing__F8()
    {
        await using var node = await OpenAsync();
        var (request, _, found, _) = await SearchedAsync(node);
        var id = await CandidateAsync(node, request);
        Ok(await node.Cases.QueueAsync(Desk(), default)).Waiting.ShouldBeEmpty("the north asked; the south holds");
        (await node.Cases.CardAsync(Desk(), id, default)).Error!.Code.ShouldBe("case.nothing");
        var card = Ok(await node.Cases.CardAsync(Desk(South), id, default));
        card.Record.Id.ShouldBe(found.Id);
        card.Rows.Single(row => row.Field == "name").Agreement.ShouldBe(Agreement.Close);
        card.Rows.Single(row => row.Field == "birth date").Agreement.ShouldBe(Agreement.Consistent);
        card.Rows.Single(row => row.Field == "place").Agreement.ShouldBe(Agreement.Same);

        // Looking once more puts the same question only once.
        Ok(await node.Cases.LookAsync(Desk(), request, default));
        Ok(await node.Cases.QueueAsync(Desk(South), default)).Waiting.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Reasons_come_before_the_weight_and_the_second_reviewer_is_blind__M68()
    {
        await using var node = await OpenAsync();
        var id = await CandidateAsync(node, (await SearchedAsync(node)).Request);
        Ok(await node.Cases.CardAsync(Desk(South), id, default)).Score.ShouldBeNull();
        (await node.Cases.AnswerAsync(Desk(South), id, PairChoice.Same, "", default)).Error!.Code.ShouldBe("match.why");
        await AnswerAsync(node, South, id, PairChoice.Same);
        var first = Ok(await node.Cases.CardAsync(Desk(South), id, default));
        first.Score!.Explanation.Steps.Count.ShouldBe(first.Rows.Count);
        (first.Score.Explanation.StartBits + first.Score.Explanation.Steps.Sum(step => step.Bits)).ShouldBe(first.Score.Explanation.Weight, 1e-9);
        first.Decision.ShouldBeNull("one person decides nothing");

        var second = Ok(await node.Cases.CardAsync(Desk(SouthColleague), id, default));
        (second.OwnAnswer, second.Score, second.Decision, second.Opinions.Count).ShouldBe((null, null, null, 0));
        (await node.Cases.AnswerAsync(Desk(South), id, PairChoice.Same, "once more", default)).Error!.Code.ShouldBe("match.answered", "nobody answers twice");
        (await node.Cases.AnswerAsync(Desk(SouthColleague), id, PairChoice.Same, "the mother's name", default)).IsOk.ShouldBeTrue();
        (await node.Cases.AnswerAsync(Desk(SouthColleague), id, PairChoice.Same, "the mother's name", default)).Error!.Code.ShouldBe("match.answered");
        Ok(await node.Cases.CardAsync(Desk(South), id, default)).Opinions.Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_pair_is_looked_at_for_three_seconds__M68()
    {
        await using var node = await OpenAsync();
        var (request, _, _, _) = await SearchedAsync(node);
        await CandidateAsync(node, request);
        var other = Ok(await node.Cases.CreateAsync(Desk(South), new("person", null, new Dictionary<string, string>(StringComparer.Ordinal) { ["names/a/name"] = "Amina Hassan" }, [], RecordPartition.Missing), default)).Address;
        Ok(await node.Cases.CreateAsync(Desk(South), new("found-person", null, new Dictionary<string, string>(StringComparer.Ordinal) { ["age-group"] = "adult" }, [("found", other.Id)]), default));
        Ok(await node.Cases.LookAsync(Desk(), request, default));
        var waiting = Ok(await node.Cases.QueueAsync(Desk(South), default)).Waiting;
        waiting.Count.ShouldBe(2);
        Ok(await node.Cases.AnswerAsync(Desk(South), waiting[0].Id, PairChoice.Same, "looked", default));
        (await node.Cases.AnswerAsync(Desk(South), waiting[1].Id, PairChoice.Same, "looked", default)).Error!.Code.ShouldBe("matching.too-quick");
    }

    [Fact]
    public async Task Two_who_disagree_leave_an_open_conflict_until_a_third_person_settles_it()
    {
        await using var node = await OpenAsync();
        var id = await CandidateAsync(node, (await SearchedAsync(node)).Request);
        await AnswerAsync(node, South, id, PairChoice.Same);
        await AnswerAsync(node, SouthColleague, id, PairChoice.Different);
        var card = Ok(await node.Cases.CardAsync(Desk(South), id, default));
        (card.State, card.Decision).ShouldBe(("disputed", null));
        var third = new Actor("worker-5", "case-worker", ["protection/south"]);
        Ok(await node.Cases.CardAsync(Desk(third), id, default)).Opinions.ShouldBeEmpty("the third is blind too");
        await AnswerAsync(node, third, id, PairChoice.Different);
        Ok(await node.Cases.CardAsync(Desk(third), id, default)).Decision.ShouldBe(PairChoice.Different);
        (await node.Cases.TakeBackAsync(Desk(third), id, default)).Error!.Code.ShouldBe("match.decided");
    }

    [Fact]
    public async Task An_answer_is_taken_back_and_stays_in_the_history()
    {
        await using var node = await OpenAsync();
        var id = await CandidateAsync(node, (await SearchedAsync(node)).Request);
        await AnswerAsync(node, South, id, PairChoice.Same);
        Ok(await node.Cases.TakeBackAsync(Desk(South), id, default));
        Ok(await node.Cases.CardAsync(Desk(South), id, default)).ShouldSatisfyAllConditions(card => card.OwnAnswer.ShouldBeNull(), card => card.State.ShouldBe("proposed"));
        (await node.Cases.TakeBackAsync(Desk(South), id, default)).Error!.Code.ShouldBe("case.nothing");
        var operations = 0;
        await foreach (var _ in node.Store.Records.HistoryAsync(RecordPartition.Missing, "match", id, default))
        {
            operations++;
        }

        operations.ShouldBe(5, "made, answered, settled, taken back, settled");
    }

    [Fact]
    public async Task Only_a_confirmed_review_opens_the_steps_of_the_holder_and_nothing_is_merged()
    {
        await using var node = await OpenAsync();
        var (request, enquirer, found, person) = await SearchedAsync(node);
        var id = await CandidateAsync(node, request);
        await AnswerAsync(node, South, id, PairChoice.Same);
        Ok(await node.Cases.OpenAsync(Desk(South), found, default)).Document.Fields.ContainsKey("match-decision").ShouldBeFalse();
        await AnswerAsync(node, SouthColleague, id, PairChoice.Same);
        var held = Ok(await node.Cases.OpenAsync(Desk(South), found, default)).Document;
        held.One("match-decision")!.Value.Member("id").ShouldBe(id);
        held.One("tracing-request")!.Value.Member("id").ShouldBe(request.Id);
        Ok(await node.Cases.CardAsync(Desk(South), id, default));
        Ok(await node.Cases.OpenAsync(Desk(South), found, default)).Document.Persons.ShouldContain(one => one.Role == "seeker" && one.Person == enquirer.Id);
        Ok(await node.Cases.OpenAsync(Desk(South), person, default)).Document.State.ShouldBe("current", "two records stay two records");
    }

    [Fact]
    public async Task No_door_of_the_general_pages_reaches_a_review()
    {
        await using var node = await OpenAsync();
        var id = await CandidateAsync(node, (await SearchedAsync(node)).Request);
        var address = new RecordAddress("match", id);
        var desk = Desk(South);
        (await node.Cases.OpenAsync(desk, address, default)).Error!.Code.ShouldBe("case.nothing");
        (await node.Cases.ListAsync(desk, new("match"), default)).Error!.Code.ShouldBe("case.nothing");
        (await node.Cases.HistoryAsync(desk, address, default)).Error!.Code.ShouldBe("case.nothing");
        (await node.Cases.ChangeAsync(desk, address, new([new("answers/x/choice", 0, "same")]), default)).Error!.Code.ShouldBe("case.nothing");
        (await node.Cases.StepAsync(desk, address, "confirm", 1, null, default)).Error!.Code.ShouldBe("case.nothing");
        (await node.Cases.UndoAsync(desk, address, 1, "why", default)).Error!.Code.ShouldBe("case.nothing");
        (await node.Cases.PrintAsync(desk, address, new(null, null, null) { Kind = "none" }, default)).Error!.Code.ShouldBe("case.nothing");
        (await node.Cases.HandOverAsync(desk, address, HandOverAct.Offer, "protection/north", default)).Error!.Code.ShouldBe("case.nothing");
        (await node.Cases.CreateAsync(desk, new("match", null, new Dictionary<string, string>(StringComparer.Ordinal), []), default)).Error!.Code.ShouldBe("case.nothing");
    }

    [Fact]
    public async Task A_link_by_hand_that_somebody_may_be_the_one_sought_puts_the_question_to_two_the_second_blind()
    {
        await using var node = await OpenAsync();
        var (request, _, _, _) = await SearchedAsync(node, isFound: false);
        var both = Desk(new("worker-9", "case-worker", ["protection/south", "protection/north"]));
        var person = Ok(await node.Cases.CreateAsync(both, new("person", null, new Dictionary<string, string>(StringComparer.Ordinal) { ["names/a/name"] = "Unknown Twelve" }, [], RecordPartition.Missing), default)).Address;
        var body = Ok(await node.Cases.CreateAsync(both, new("unidentified-deceased", null, new Dictionary<string, string>(StringComparer.Ordinal) { ["found-on"] = "2026-04", ["found-at"] = "Zuwara" }, [("deceased", person.Id)]), default)).Address;
        Ok(await node.Cases.LookAsync(Desk(), request, default));
        Ok(await node.Cases.QueueAsync(Desk(South), default)).Waiting.ShouldBeEmpty("nothing in the names speaks for it");

        // A request that nobody accepted yet is not compared by a link either.
        var (draft, _, _) = await node.TracingAsync();
        Ok(await node.Cases.LinkAsync(both, body, "may-be", draft, LinkVisibility.Open, default));
        Ok(await node.Cases.QueueAsync(Desk(South), default)).Waiting.ShouldBeEmpty();

        Ok(await node.Cases.LinkAsync(both, body, "same-journey", request, LinkVisibility.Open, default));
        Ok(await node.Cases.QueueAsync(Desk(South), default)).Waiting.ShouldBeEmpty("another link says nothing of who it is");
        Ok(await node.Cases.LinkAsync(both, body, "may-be", request, LinkVisibility.Open, default));
        Ok(await node.Cases.LinkAsync(both, body, "may-be", request, LinkVisibility.Unit, default));
        var id = Ok(await node.Cases.QueueAsync(Desk(South), default)).Waiting.ShouldHaveSingleItem().Id;
        Ok(await node.Cases.CardAsync(Desk(South), id, default)).Record.Id.ShouldBe(body.Id);
        await AnswerAsync(node, South, id, PairChoice.Same);
        Ok(await node.Cases.CardAsync(Desk(SouthColleague), id, default)).ShouldSatisfyAllConditions(card => card.Score.ShouldBeNull(), card => card.Opinions.ShouldBeEmpty());
        await AnswerAsync(node, SouthColleague, id, PairChoice.Different);
        Ok(await node.Cases.CardAsync(Desk(South), id, default)).State.ShouldBe("disputed");
        Ok(await node.Cases.LookAsync(Desk(), request, default));
        Ok(await node.Cases.QueueAsync(Desk(South), default)).Answered.Count.ShouldBe(1, "a pair that was put is not put again");
    }

    [Fact]
    public async Task A_request_that_was_not_accepted_is_not_compared__M26()
    {
        await using var node = await OpenAsync();
        var (request, _, _) = await node.TracingAsync();
        (await node.Cases.LookAsync(Desk(), request, default)).Error!.Code.ShouldBe("tracing.not-searching");
        (await node.Cases.LookAsync(Desk(South), request, default)).Error!.Code.ShouldBe("case.nothing");
    }
}
