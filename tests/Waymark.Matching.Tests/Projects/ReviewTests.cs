using Shouldly;
using Waymark.Matching.Contracts;
using Xunit;

namespace Waymark.Matching.Tests.Projects;

/// <summary>People review pairs: reasons first, blind to each other, and whatever was answered can be taken back.</summary>
public sealed class ReviewTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task M68_no_score_before_the_own_answer_and_the_second_reviewer_is_blind_to_the_first()
    {
        await using var office = await Office.OpenAsync();
        var run = await ReadyAsync(office);
        var card = (await office.Reviews.CardAsync(office.Steward, run, 0, Cancel)).Value;
        (card.Score, card.OwnAnswer, card.Decision).ShouldBe((null, null, null));
        card.Reasons.Count.ShouldBeGreaterThan(2);
        (await office.Reviews.AnswerAsync(office.Steward, run, 0, PairChoice.Same, Cancel)).IsOk.ShouldBeTrue();
        (await office.Reviews.CardAsync(office.Steward, run, 0, Cancel)).Value.Score.ShouldNotBeNull();

        var second = (await office.Reviews.CardAsync(office.Worker, run, 0, Cancel)).Value;
        (second.Score, second.OwnAnswer, second.Decision).ShouldBe((null, null, null));
        (await office.Reviews.StateAsync(office.Worker, run, Cancel)).Value.Waiting.ShouldContain(0);
        (await office.Reviews.AnswerAsync(office.Worker, run, 0, PairChoice.Same, Cancel)).IsOk.ShouldBeTrue();
        (await office.Reviews.CardAsync(office.Worker, run, 0, Cancel)).Value.Decision.ShouldBe(PairChoice.Same);
        (await office.Reviews.StateAsync(office.Steward, run, Cancel)).Value.DecidedSame.ShouldBe(1);
        System.Text.Encoding.UTF8.GetString((await office.Reviews.ConfirmedAsync(office.Steward, run, Cancel)).Value).ShouldContain($"{card.Left},{card.Right},2");
    }

    [Fact]
    public async Task An_answer_is_taken_back_and_given_anew_and_the_history_keeps_both()
    {
        await using var office = await Office.OpenAsync();
        var run = await ReadyAsync(office);
        (await office.Reviews.AnswerAsync(office.Steward, run, 3, PairChoice.Same, Cancel)).IsOk.ShouldBeTrue();
        (await office.Reviews.AnswerAsync(office.Steward, run, 3, PairChoice.Different, Cancel)).Error!.Code.ShouldBe("matching.answered");
        (await office.Reviews.UndoAsync(office.Steward, run, 3, Cancel)).IsOk.ShouldBeTrue();
        (await office.Reviews.UndoAsync(office.Steward, run, 3, Cancel)).Error!.Code.ShouldBe("matching.no-pair");
        (await office.Reviews.CardAsync(office.Steward, run, 3, Cancel)).Value.OwnAnswer.ShouldBeNull();
        office.Clock.Now += PairReviews.ShortestLook;
        (await office.Reviews.AnswerAsync(office.Steward, run, 3, PairChoice.Different, Cancel)).IsOk.ShouldBeTrue();
        (await office.Reviews.CardAsync(office.Steward, run, 3, Cancel)).Value.OwnAnswer.ShouldBe(PairChoice.Different);
    }

    [Fact]
    public async Task M68_clicking_through_is_slowed_down_and_fifty_times_the_same_sets_off_an_alarm()
    {
        await using var office = await Office.OpenAsync();
        var run = await ReadyAsync(office);
        (await office.Reviews.AnswerAsync(office.Steward, run, 0, PairChoice.Same, Cancel)).IsOk.ShouldBeTrue();
        (await office.Reviews.AnswerAsync(office.Steward, run, 1, PairChoice.Same, Cancel)).Error!.Code.ShouldBe("matching.too-quick");
        for (var pair = 1; pair < PairReviews.AllSame; pair++)
        {
            (await office.Spy.Queue.ListAsync("protection.alarm", 10, Cancel)).ShouldBeEmpty();
            office.Clock.Now += PairReviews.ShortestLook;
            (await office.Reviews.AnswerAsync(office.Steward, run, pair, PairChoice.Same, Cancel)).IsOk.ShouldBeTrue();
        }

        (await office.Spy.Queue.ListAsync("protection.alarm", 10, Cancel)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task Two_who_differ_leave_the_pair_to_a_third()
    {
        await using var office = await Office.OpenAsync();
        var run = await ReadyAsync(office);
        await office.Reviews.AnswerAsync(office.Steward, run, 0, PairChoice.Same, Cancel);
        await office.Reviews.AnswerAsync(office.Worker, run, 0, PairChoice.Different, Cancel);
        var third = office.Worker with { Account = "acc-third" };
        var state = (await office.Reviews.StateAsync(third, run, Cancel)).Value;
        (state.Disputed, state.Waiting.Contains(0)).ShouldBe((1, true));
        await office.Reviews.AnswerAsync(third, run, 0, PairChoice.Different, Cancel);
        (await office.Reviews.StateAsync(third, run, Cancel)).Value.DecidedDifferent.ShouldBe(1);
        (await office.Reviews.StateAsync(office.Officer, run, Cancel)).Error!.Code.ShouldBe("matching.role");
    }

    [Fact]
    public async Task What_two_reviewers_decide_holds_in_the_next_run_over_the_same_files_and_its_estimate_follows()
    {
        await using var office = await Office.OpenAsync();
        var first = await ReadyAsync(office);
        var said = new List<(PairCard Card, PairChoice Choice)>();
        for (var pair = 0; pair < 9; pair++)
        {
            var choice = pair % 2 == 0 ? PairChoice.Different : PairChoice.Same;
            said.Add(((await office.Reviews.CardAsync(office.Steward, first, pair, Cancel)).Value, choice));
            office.Clock.Now += PairReviews.ShortestLook;
            (await office.Reviews.AnswerAsync(office.Steward, first, pair, choice, Cancel)).IsOk.ShouldBeTrue();
            (await office.Reviews.AnswerAsync(office.Worker, first, pair, pair == 8 ? PairChoice.Unsure : choice, Cancel)).IsOk.ShouldBeTrue();
        }

        var before = (await office.Runs.FindAsync(first, Cancel))!.Run;
        (await office.Runs.ReportAsync(before, Cancel))!.Answers.ShouldBe(0);
        var planned = (await office.Runs.PlanAsync(office.Steward, before.Project, before.Left, before.Right, before.Effort, null, Cancel)).Value;
        await office.WorkAsync(office.NewWorker());
        (await office.Runs.StartAsync(office.Steward, planned.Id, Cancel)).IsOk.ShouldBeTrue();
        await office.WorkAsync(office.NewWorker());
        var run = (await office.Runs.FindAsync(planned.Id, Cancel))!.Run;
        (await office.Runs.ReportAsync(run, Cancel))!.Answers.ShouldBe(8, "a pair that nobody else decided alike is not decided");
        var links = System.Text.Encoding.UTF8.GetString((await office.Runs.FetchAsync(office.Steward, run.Id, "links.csv", Cancel)).Value);
        foreach (var (card, choice) in said.Take(8))
        {
            links.Contains($"{card.Left},{card.Right},1,", StringComparison.Ordinal).ShouldBe(choice == PairChoice.Same);
            links.Contains($"{card.Left},{card.Right},", StringComparison.Ordinal).ShouldBe(choice == PairChoice.Same);
        }

        // The same as one process that is told the answers.
        var project = (await office.Projects.FindAsync(run.Project, Cancel))!;
        var tables = (await RunTables.OpenAsync(office.Projects, project, run, LinkagePack.Read(Place.Packs).Value, 2, Cancel)).Value;
        var decided = (await PairAnswers.DecidedAsync(office.Spy, office.Projects, run, tables.Files.All.Sum(file => file.Table.Rows), record => RunFinisher.Handle(tables.Files, record), Cancel)).Value;
        using var alone = new MemoryStream();
        LinkWriters.Links(alone, new(tables.Files, Waymark.Linkage.LinkageEngine.Run(tables.Request with { Constraints = decided }, null, Cancel).Value));
        System.Text.Encoding.UTF8.GetString(alone.ToArray()).ShouldBe(links);
    }

    private static async Task<string> ReadyAsync(Office office)
    {
        var run = await office.StartedAsync(1_200);
        await office.WorkAsync(office.NewWorker());
        return run.Id;
    }
}
