using System.Text;
using Shouldly;
using Waymark.Linkage;
using Waymark.Matching.Contracts;
using Xunit;

namespace Waymark.Matching.Tests.Projects;

/// <summary>Runs after another compare new records alone, and find what one run of all new records finds.</summary>
public sealed class GrowingRunTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task However_many_runs_the_new_records_come_in_links_and_clusters_are_the_same()
    {
        await using var office = await Office.OpenAsync();
        var (project, first) = await FirstAsync(office);
        await AddAsync(office, project, "may", Office.Persons("s", 0, 300));
        await AddAsync(office, project, "june", Rows(Office.Persons("s", 200, 250), Office.Persons("u", 100, 150)), continues: "may");
        await AddAsync(office, project, "both", Rows(Office.Persons("s", 0, 450), Office.Persons("u", 100, 150)), continues: "may");

        var may = await DoneAsync(office, await office.Runs.ContinueAsync(office.Steward, project, first.Id, "may", Cancel));
        var june = await DoneAsync(office, await office.Runs.ContinueAsync(office.Steward, project, may.Id, "june", Cancel));
        var both = await DoneAsync(office, await office.Runs.ContinueAsync(office.Steward, project, first.Id, "both", Cancel));

        (await ReportAsync(office, may)).Growth.ShouldBe(new(300, 0, 300, 900, (await ReportAsync(office, may)).Growth!.NewLinks));
        // Of June's rows a hundred were May's.
        (await ReportAsync(office, june)).Growth.ShouldBe(new(400, 100, 300, 1_200, (await ReportAsync(office, june)).Growth!.NewLinks));
        (await ReportAsync(office, june)).Growth!.NewLinks.ShouldBeGreaterThan(100);
        (await ReportAsync(office, june)).Threshold.ShouldBe((await ReportAsync(office, first)).Threshold);
        foreach (var name in new[] { "links.csv", "clusters.csv", "model.json" })
        {
            (await FetchAsync(office, june, name)).ShouldBe(await FetchAsync(office, both, name), name);
        }

        // What the run says of itself is said over all that is held, group by group, as a first run says it.
        var (report, alone) = (await ReportAsync(office, june), await ReportAsync(office, both));
        report.Calibration.Count.ShouldBe(100);
        report.Groups.ShouldContain(group => group.Kind == "sex" && !group.CandidatesOnly);
        report.Groups.ShouldBe(alone.Groups);
        report.Calibration.ShouldBe(alone.Calibration);

        // The first run keeps what it found: whoever does not want the second goes on from the first.
        (await office.Runs.FindAsync(first.Id, Cancel))!.Run.Results.Keys.ShouldNotContain("index.bin");
        (await FetchAsync(office, first, "links.csv")).Split('\n').Length.ShouldBeLessThan((await FetchAsync(office, may, "links.csv")).Split('\n').Length);
    }

    [Fact]
    public async Task A_later_state_of_a_register_has_the_handles_of_the_first_and_comes_from_the_same_person()
    {
        await using var office = await Office.OpenAsync();
        var (project, first) = await FirstAsync(office);
        (await office.Projects.AddInputAsync(office.Steward with { Account = "another" }, project, Later("again"), Bytes("x"), Cancel)).Error!.Code.ShouldBe("matching.other-register");
        (await office.Projects.AddInputAsync(office.Steward, project, Later("again") with { Class = "service" }, Bytes("x"), Cancel)).Error!.Code.ShouldBe("matching.other-register");
        (await office.Projects.AddInputAsync(office.Steward, project, Later("again") with { Continues = "none" }, Bytes("x"), Cancel)).Error!.Code.ShouldBe("matching.other-register");
        (await office.Projects.AddInputAsync(office.Steward, project, Later("again"), Bytes(Office.Persons("t", 0, 640)), Cancel)).IsOk.ShouldBeTrue();

        var run = await DoneAsync(office, await office.Runs.ContinueAsync(office.Steward, project, first.Id, "again", Cancel));

        (await ReportAsync(office, run)).Growth.ShouldBe(new(640, 600, 40, 640, 0));
        var handles = Encoding.UTF8.GetString((await office.Projects.HandlesAsync(office.Steward, project, "again", Cancel)).Value);
        handles.ShouldStartWith(Encoding.UTF8.GetString((await office.Projects.HandlesAsync(office.Steward, project, "requests", Cancel)).Value));
    }

    [Fact]
    public async Task A_run_after_another_is_guarded_as_every_run_is()
    {
        await using var office = await Office.OpenAsync();
        var (project, first) = await FirstAsync(office, runs: 3);
        await AddAsync(office, project, "may", Office.Persons("s", 0, 300));
        (await office.Runs.ContinueAsync(office.Worker, project, first.Id, "may", Cancel)).Error!.Code.ShouldBe("matching.role");
        (await office.Runs.ContinueAsync(office.Steward, project, first.Id, "requests", Cancel)).Error!.Code.ShouldBe("matching.not-continued");
        (await office.Runs.ContinueAsync(office.Steward, project, first.Id, "june", Cancel)).Error!.Code.ShouldBe("matching.no-input");
        (await office.Runs.ContinueAsync(office.Steward, new string('0', 32), first.Id, "may", Cancel)).Error!.Code.ShouldBe("matching.no-run");
        var planned = (await office.Runs.ContinueAsync(office.Steward, project, first.Id, "may", Cancel)).Value;
        (await office.Runs.ContinueAsync(office.Steward, project, planned.Id, "may", Cancel)).Error!.Code.ShouldBe("matching.not-continued");
        (await office.Runs.StartAsync(office.Steward, planned.Id, Cancel)).Error!.Code.ShouldBe("matching.not-planned");

        // Only what is compared is taken from the budget: new records, never the old among themselves.
        await office.WorkAsync(office.NewWorker());
        var blocks = (await office.Runs.FindAsync(planned.Id, Cancel))!.Run.Blocks!;
        var used = (await office.Projects.FindAsync(project, Cancel))!.PairsUsed;
        var started = (await office.Runs.StartAsync(office.Steward, planned.Id, Cancel)).Value;
        (await office.Projects.FindAsync(project, Cancel))!.PairsUsed.ShouldBe(used + blocks.PairsAtMost);
        blocks.PairsAtMost.ShouldBeGreaterThan(300);

        // Stopped before it is done, it goes on where it was; when the project ends, nothing is read any more.
        (await office.Runs.StopAsync(office.Steward, started.Id, Cancel)).Value.ShouldBeTrue();
        (await office.WorkAsync(office.NewWorker())).ShouldBeEmpty();
        (await office.Runs.RetryAsync(office.Steward, started.Id, Cancel)).Value.State.ShouldBe(RunState.Finishing);
        await office.WorkAsync(office.NewWorker());
        (await office.Runs.FindAsync(started.Id, Cancel))!.Run.State.ShouldBe(RunState.Done);
        (await office.Runs.ContinueAsync(office.Steward, project, first.Id, "may", Cancel)).IsOk.ShouldBeTrue();
        (await office.Runs.ContinueAsync(office.Steward, project, first.Id, "may", Cancel)).Error!.Code.ShouldBe("matching.runs-used");
        office.Clock.Now += TimeSpan.FromDays(31);
        (await office.Runs.ContinueAsync(office.Steward, project, first.Id, "may", Cancel)).Error!.Code.ShouldBe("matching.not-open");
        var reads = office.Spy.Reads;
        (await office.WorkAsync(office.NewWorker())).ShouldBe(["matching.not-open"]);
        office.Spy.Reads.ShouldBe(reads);
    }

    [Fact]
    public async Task What_two_reviewers_decided_before_decides_in_a_run_after_it_and_new_pairs_alone_wait_for_them()
    {
        await using var office = await Office.OpenAsync();
        var (project, first) = await FirstAsync(office);
        await AddAsync(office, project, "may", Office.Persons("s", 0, 300));
        var may = await DoneAsync(office, await office.Runs.ContinueAsync(office.Steward, project, first.Id, "may", Cancel));
        var card = await NextAsync(office, may);
        foreach (var reviewer in new[] { office.Worker, office.Worker with { Account = "acc-other" } })
        {
            office.Clock.Now += TimeSpan.FromSeconds(10);
            (await office.Reviews.AnswerAsync(reviewer, may.Id, card.Number, PairChoice.Different, Cancel)).IsOk.ShouldBeTrue();
        }

        await AddAsync(office, project, "june", Office.Persons("u", 100, 150));
        var june = await DoneAsync(office, await office.Runs.ContinueAsync(office.Steward, project, may.Id, "june", Cancel));

        var newHandles = Encoding.UTF8.GetString((await office.Projects.HandlesAsync(office.Steward, project, "june", Cancel)).Value).Split('\n').Select(line => line.Split(',')[0]).ToHashSet();
        var next = await NextAsync(office, june);
        (newHandles.Contains(next.Left) || newHandles.Contains(next.Right)).ShouldBeTrue();
        (await ReportAsync(office, june)).Answers.ShouldBe(1);
        (await FetchAsync(office, june, "links.csv")).ShouldNotContain($"{card.Left},{card.Right},");
    }

    private static async Task<(string Project, LinkageRun Run)> FirstAsync(Office office, int runs = 9)
    {
        var proposed = await office.Projects.ProposeAsync(office.Steward, office.Proposal("tracing", "service") with { RunBudget = runs }, Cancel);
        office.Clock.Now += TimeSpan.FromMinutes(3);
        var project = (await office.Projects.ApproveAsync(office.Officer, proposed.Value.Id, Cancel)).Value.Id;
        await AddAsync(office, project, "requests", Office.Persons("t", 0, 600), "tracing");
        return (project, await DoneAsync(office, await office.Runs.PlanAsync(office.Steward, project, "requests", null, LinkageEffort.Default, null, Cancel)));
    }

    private static async Task AddAsync(Office office, string project, string name, string text, string registerClass = "service", string? continues = null) =>
        (await office.Projects.AddInputAsync(office.Steward, project, new(name, registerClass, "id") { Continues = continues }, Bytes(text), Cancel)).Error.ShouldBeNull();

    private static async Task<LinkageRun> DoneAsync(Office office, Waymark.Model.Result<LinkageRun> planned)
    {
        planned.IsOk.ShouldBeTrue(planned.Error?.ToString());
        await office.WorkAsync(office.NewWorker());
        (await office.Runs.StartAsync(office.Steward, planned.Value.Id, Cancel)).Error.ShouldBeNull();
        await office.WorkAsync(office.NewWorker());
        var run = (await office.Runs.FindAsync(planned.Value.Id, Cancel))!.Run;
        run.State.ShouldBe(RunState.Done, run.Failure?.ToString());
        return run;
    }

    private static async Task<RunReport> ReportAsync(Office office, LinkageRun run) => (await office.Runs.ReportAsync(run, Cancel))!;

    private static async Task<PairCard> NextAsync(Office office, LinkageRun run) =>
        (await office.Reviews.CardAsync(office.Worker, run.Id, (await office.Reviews.StateAsync(office.Worker, run.Id, Cancel)).Value.Waiting[0], Cancel)).Value;

    private static async Task<string> FetchAsync(Office office, LinkageRun run, string name) => Encoding.UTF8.GetString((await office.Runs.FetchAsync(office.Steward, run.Id, name, Cancel)).Value);

    /// <summary>The rows of two files under one header.</summary>
    private static string Rows(string one, string other) => one + other[(other.IndexOf('\n', StringComparison.Ordinal) + 1)..];

    private static InputProposal Later(string name) => new(name, "tracing", "id") { Continues = "requests" };

    private static Func<CancellationToken, Task<Stream>> Bytes(string text) => _ => Task.FromResult<Stream>(new MemoryStream(Encoding.UTF8.GetBytes(text)));
}
