using System.Text;
using Shouldly;
using Waymark.Linkage;
using Waymark.Matching.Contracts;
using Xunit;

namespace Waymark.Matching.Tests.Projects;

/// <summary>Runs in tiles by any number of workers: the result is that of one process, to the byte.</summary>
public sealed class RunTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Three_workers_that_come_and_go_find_what_one_process_finds_byte_for_byte()
    {
        await using var office = await Office.OpenAsync();
        var run = await office.StartedAsync();
        run.Tiles.ShouldBeGreaterThan(3);
        run.Blocks!.PairsAtMost.ShouldBeGreaterThan(1_000);
        LinkageWorker[] workers = [office.NewWorker(), office.NewWorker(), office.NewWorker()];
        for (var i = 0; await workers[i % 3].RunOneAsync("w" + i % 3, Cancel) is not null; i++)
        {
            workers[(i + 1) % 3] = i % 2 == 0 ? office.NewWorker() : workers[(i + 1) % 3];
        }

        var done = (await office.Runs.FindAsync(run.Id, Cancel))!.Run;
        done.State.ShouldBe(RunState.Done, done.Failure?.ToString());
        var (links, clusters) = await AloneAsync(office, done);
        var found = (await office.Runs.FetchAsync(office.Steward, run.Id, "links.csv", Cancel)).Value;
        Encoding.UTF8.GetString(found).Split('\n').Length.ShouldBeGreaterThan(1_500);
        found.ShouldBe(links);
        (await office.Runs.FetchAsync(office.Steward, run.Id, "clusters.csv", Cancel)).Value.ShouldBe(clusters);
    }

    [Fact]
    public async Task A_result_holds_handles_that_only_who_brought_a_file_can_open()
    {
        await using var office = await Office.OpenAsync();
        var run = await office.StartedAsync(1_200);
        await office.WorkAsync(office.NewWorker());
        var links = Encoding.UTF8.GetString((await office.Runs.FetchAsync(office.Steward, run.Id, "links.csv", Cancel)).Value);
        var left = Handles((await office.Projects.HandlesAsync(office.Steward, run.Project, "tracing requests", Cancel)).Value);
        var right = Handles((await office.Projects.HandlesAsync(office.Steward, run.Project, "shelter guests", Cancel)).Value);
        var pairs = links.Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(line => line.Split(',')).Select(cells => (left[cells[0]], right[cells[1]])).ToList();
        pairs.Count(pair => pair.Item1[1..] == pair.Item2[1..]).ShouldBeInRange(560, 600);
        links.ShouldNotContain("t700");
        (await office.Projects.HandlesAsync(office.Steward with { Account = "another" }, run.Project, "shelter guests", Cancel)).Error!.Code.ShouldBe("matching.not-your-file");
        (await office.Projects.HandlesAsync(office.Officer, run.Project, "shelter guests", Cancel)).Error!.Code.ShouldBe("matching.role");

        static Dictionary<string, string> Handles(byte[] csv) => Encoding.UTF8.GetString(csv).Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1)
            .Select(line => line.Split(',')).ToDictionary(cells => cells[0], cells => cells[1], StringComparer.Ordinal);
    }

    [Fact]
    public async Task A_worker_that_dies_loses_its_tile_to_the_next_and_a_tile_done_twice_is_done_once()
    {
        await using var office = await Office.OpenAsync();
        var run = await office.StartedAsync(2_500);
        (await office.Spy.Queue.LeaseAsync(".linkage-tile", "dies", TimeSpan.FromSeconds(30), Cancel)).ShouldNotBeNull();
        await office.WorkAsync(office.NewWorker());
        (await office.Runs.FindAsync(run.Id, Cancel))!.Run.State.ShouldBe(RunState.Comparing, "one tile is still held by the dead worker");
        office.Clock.Now += TimeSpan.FromSeconds(31);
        await office.WorkAsync(office.NewWorker());
        var done = (await office.Runs.FindAsync(run.Id, Cancel))!;
        (done.Run.State, done.TilesDone).ShouldBe((RunState.Done, run.Tiles));
        (await office.Runs.FetchAsync(office.Steward, run.Id, "links.csv", Cancel)).Value.ShouldBe((await AloneAsync(office, done.Run)).Links);
    }

    [Fact]
    public async Task A_run_is_stopped_and_goes_on_where_it_was()
    {
        await using var office = await Office.OpenAsync();
        var run = await office.StartedAsync(2_500);
        (await office.NewWorker().RunOneAsync("w", Cancel))!.Value.Outcome.ShouldBe("done");
        (await office.Runs.StopAsync(office.Steward, run.Id, Cancel)).Value.ShouldBeTrue();
        (await office.WorkAsync(office.NewWorker())).ShouldBeEmpty();
        (await office.Runs.FindAsync(run.Id, Cancel))!.Run.State.ShouldBe(RunState.Stopped);
        (await office.Runs.RetryAsync(office.Steward, run.Id, Cancel)).Value.State.ShouldBe(RunState.Comparing);
        (await office.Runs.FindAsync(run.Id, Cancel))!.TilesDone.ShouldBe(1);
        await office.WorkAsync(office.NewWorker());
        (await office.Runs.FindAsync(run.Id, Cancel))!.Run.State.ShouldBe(RunState.Done);
        (await office.Runs.RetryAsync(office.Steward, run.Id, Cancel)).Error!.Code.ShouldBe("matching.not-ended");
    }

    [Fact]
    public async Task Runs_and_pairs_have_a_budget()
    {
        await using var office = await Office.OpenAsync();
        var proposed = await office.Projects.ProposeAsync(office.Steward, office.Proposal("tracing") with { RunBudget = 2, PairBudget = 10 }, Cancel);
        office.Clock.Now += TimeSpan.FromMinutes(3);
        var project = (await office.Projects.ApproveAsync(office.Officer, proposed.Value.Id, Cancel)).Value;
        await office.AddAsync(project.Id, "a", "tracing", Office.Persons("a", 0, 400));
        var run = (await office.Runs.PlanAsync(office.Steward, project.Id, "a", null, default, null, Cancel)).Value;
        (await office.Runs.StartAsync(office.Steward, run.Id, Cancel)).Error!.Code.ShouldBe("matching.not-planned");
        await office.WorkAsync(office.NewWorker());
        (await office.Runs.StartAsync(office.Steward, run.Id, Cancel)).Error!.Code.ShouldBe("matching.pairs-used");
        (await office.Runs.PlanAsync(office.Steward, project.Id, "a", null, default, null, Cancel)).IsOk.ShouldBeTrue();
        (await office.Runs.PlanAsync(office.Steward, project.Id, "a", null, default, null, Cancel)).Error!.Code.ShouldBe("matching.runs-used");
        (await office.Runs.PlanAsync(office.Steward, project.Id, "b", null, default, null, Cancel)).Error!.Code.ShouldBe("matching.no-input");
        (await office.Runs.PlanAsync(office.Worker, project.Id, "a", null, default, null, Cancel)).Error!.Code.ShouldBe("matching.role");
    }

    [Fact]
    public async Task A_report_says_what_was_compared_and_how_often_it_may_be_wrong_and_names_no_small_group()
    {
        await using var office = await Office.OpenAsync();
        var run = await office.StartedAsync(1_200);
        await office.WorkAsync(office.NewWorker());
        var report = (await office.Runs.ReportAsync((await office.Runs.FindAsync(run.Id, Cancel))!.Run, Cancel))!;
        report.Links.ShouldBeInRange(550, 620);
        report.Calibration.Count.ShouldBe(100);
        report.Groups.ShouldContain(group => group.Kind == "sex");
        report.Groups.ShouldAllBe(group => group.Links >= 10 && !group.CandidatesOnly);
        report.Inputs.Select(input => input.Class).ShouldBe(["tracing", "service"]);
    }

    [Fact]
    public async Task M70_a_group_that_the_model_is_wrong_about_gives_candidates_in_the_report_and_the_others_links()
    {
        await using var office = await Office.OpenAsync();
        var project = await office.ProjectAsync("tracing");
        (await office.AddAsync(project.Id, "a", "tracing", OneSided.Names())).IsOk.ShouldBeTrue();
        var run = (await office.Runs.PlanAsync(office.Steward, project.Id, "a", null, default, null, Cancel)).Value;
        await office.WorkAsync(office.NewWorker());
        (await office.Runs.StartAsync(office.Steward, run.Id, Cancel)).IsOk.ShouldBeTrue();
        await office.WorkAsync(office.NewWorker());
        var report = (await office.Runs.ReportAsync((await office.Runs.FindAsync(run.Id, Cancel))!.Run, Cancel))!;
        var (women, men) = (report.Groups.Single(group => group is { Kind: "sex", Value: "female" }), report.Groups.Single(group => group is { Kind: "sex", Value: "male" }));
        (women.CandidatesOnly, men.CandidatesOnly).ShouldBe((true, false));
        women.OwnFalse.ShouldBeGreaterThan(2 * women.ExpectedFalse);
        report.Links.ShouldBeInRange((int)men.Links / 2, (int)men.Links, "no pair of women is a link");
    }

    /// <summary>The same tables linked by one process without tiles.</summary>
    private static async Task<(byte[] Links, byte[] Clusters)> AloneAsync(Office office, LinkageRun run)
    {
        var project = (await office.Projects.FindAsync(run.Project, Cancel))!;
        var tables = (await RunTables.OpenAsync(office.Projects, project, run, LinkagePack.Read(Place.Packs).Value, 2, Cancel)).Value;
        var outcome = LinkageEngine.Run(tables.Request, null, Cancel).Value;
        using MemoryStream links = new(), clusters = new();
        LinkWriters.Links(links, new(tables.Files, outcome));
        LinkWriters.Clusters(clusters, new(tables.Files, outcome));
        return (links.ToArray(), clusters.ToArray());
    }
}
