using System.Diagnostics;
using System.Text;
using Waymark.App.Configuration;
using Waymark.App.Hosting;
using Waymark.Linkage;
using Waymark.Matching;
using Waymark.Matching.Contracts;
using Waymark.Site.Tests.Support;

namespace Waymark.Site.Tests.Linkage;

/// <summary>The drill of docs/operations/linkage-workers.md: three workers over PostgreSQL, one killed in the midst of its work.</summary>
public sealed class WorkerDrillTests
{
    private const int People = 12_000;

    [Fact]
    public async Task Three_workers_of_which_one_is_killed_find_over_PostgreSQL_what_one_process_finds()
    {
        var server = await ScriptAsync("start", "15");
        if (server.Code == 3)
        {
            Assert.Skip("skipped: " + server.Error.Trim());
        }

        server.Code.ShouldBe(0, server.Error);
        var lines = server.Output.Split('\n').Where(line => line.Contains('=', StringComparison.Ordinal)).ToDictionary(line => line[..line.IndexOf('=', StringComparison.Ordinal)], line => line[(line.IndexOf('=', StringComparison.Ordinal) + 1)..]);
        var folder = Directory.CreateTempSubdirectory("waymark-drill-").FullName;
        var workers = new List<Process>();
        try
        {
            await DrillAsync(lines["connection"], folder, workers);
        }
        finally
        {
            foreach (var worker in workers)
            {
                if (!worker.HasExited)
                {
                    worker.Kill(entireProcessTree: true);
                    await worker.WaitForExitAsync(CancellationToken.None);
                }

                worker.Dispose();
            }

            Npgsql.NpgsqlConnection.ClearAllPools();
            await ScriptAsync("stop", lines["data"]);
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task DrillAsync(string connection, string folder, List<Process> workers)
    {
        var cancel = TestContext.Current.CancellationToken;
        var flags = new Dictionary<string, string>(StringComparer.Ordinal) { ["data"] = Path.Combine(folder, "data"), ["store.kind"] = "postgres" };
        var settings = SettingsReader.Read(new(flags, new Dictionary<string, string>(StringComparer.Ordinal) { ["WAYMARK_STORE"] = connection, ["WAYMARK_PACKS_ROOT"] = Places.Packs }, folder, null));
        settings.IsOk.ShouldBeTrue(settings.Error?.ToString());
        var opened = await new PlatformOpener().OpenStoreAsync(settings.Value, TimeProvider.System, cancel);
        opened.IsOk.ShouldBeTrue(opened.Error?.ToString());
        await using var platform = opened.Value;
        var (projects, project) = await LinkagePeople.ProjectAsync(platform);
        var (left, right) = (LinkagePeople.Persons("t", 0, People), LinkagePeople.Persons("s", People / 2, People));
        await LinkagePeople.AddAsync(projects, project.Id, "requests", "tracing", left);
        await LinkagePeople.AddAsync(projects, project.Id, "guests", "service", right);
        var runs = new LinkageRuns(platform.Store, projects, TimeProvider.System);
        var run = (await runs.PlanAsync(LinkagePeople.Proposer, project.Id, "requests", "guests", LinkageEffort.Default, null, cancel)).Value;
        var planner = new LinkageWorker(platform.Store, projects, new(Places.Packs, 1, TimeSpan.FromSeconds(30)), TimeProvider.System);
        (await planner.RunOneAsync("planner", cancel))!.Value.Outcome.ShouldBe("done");
        var started = await runs.StartAsync(LinkagePeople.Proposer, run.Id, cancel);
        started.IsOk.ShouldBeTrue(started.Error?.ToString());
        started.Value.Tiles.ShouldBeGreaterThan(6);

        var begun = TimeProvider.System.GetTimestamp();
        for (var i = 0; i < 3; i++)
        {
            workers.Add(Worker(connection, folder));
        }

        // The first to finish a tile dies on the spot, most likely in the midst of its next.
        var first = await Task.WhenAny(workers.Select(async worker =>
        {
            while (await worker.StandardOutput.ReadLineAsync(cancel) is { } line)
            {
                if (line.EndsWith(" done", StringComparison.Ordinal))
                {
                    return worker;
                }
            }

            return worker;
        }));
        var victim = await first;
        victim.HasExited.ShouldBeFalse();
        victim.Kill();
        await victim.WaitForExitAsync(cancel);
        (await runs.FindAsync(run.Id, cancel))!.TilesDone.ShouldBeLessThan(started.Value.Tiles, "the kill came after the work");
        var done = await UntilDoneAsync(runs, run.Id);
        TestContext.Current.TestOutputHelper?.WriteLine($"{done.Tiles} tiles, three workers, one killed: {TimeProvider.System.GetElapsedTime(begun).TotalSeconds:0.0} s (loaded machine)");

        var found = Encoding.UTF8.GetString((await runs.FetchAsync(LinkagePeople.Proposer, run.Id, "links.csv", cancel)).Value);
        var handles = await HandlesAsync(projects, project.Id, "requests");
        foreach (var (handle, id) in await HandlesAsync(projects, project.Id, "guests"))
        {
            handles[handle] = id;
        }

        var named = found.Split('\n').Select(line => line.Split(',')).Select((cells, i) => i == 0 || cells.Length < 4 ? string.Join(',', cells) : $"{handles[cells[0]]},{handles[cells[1]]},{cells[2]},{cells[3]}");
        string.Join('\n', named).ShouldBe(await AloneAsync(folder, left, right), "three workers and one process differ");
    }

    private static async Task<LinkageRun> UntilDoneAsync(LinkageRuns runs, string id)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var run = (await runs.FindAsync(id, TestContext.Current.CancellationToken))!.Run;
            run.Failure.ShouldBeNull(run.Failure?.ToString());
            if (run.State == RunState.Done)
            {
                return run;
            }

            TimeProvider.System.GetElapsedTime(started).ShouldBeLessThan(TimeSpan.FromSeconds(180));
            await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System, TestContext.Current.CancellationToken);
        }
    }

    private static async Task<Dictionary<string, string>> HandlesAsync(LinkageProjects projects, string project, string input) =>
        Encoding.UTF8.GetString((await projects.HandlesAsync(LinkagePeople.Proposer, project, input, default)).Value).Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1)
            .Select(line => line.Split(',')).ToDictionary(cells => cells[0], cells => cells[1], StringComparer.Ordinal);

    /// <summary>The same files linked by one process without queue, tiles and store.</summary>
    private static async Task<string> AloneAsync(string folder, string left, string right)
    {
        var (a, b) = (Path.Combine(folder, "a.csv"), Path.Combine(folder, "b.csv"));
        await File.WriteAllTextAsync(a, left);
        await File.WriteAllTextAsync(b, right);
        var run = LinkFiles.Run(new(a, b, "id") { PacksFolder = Places.Packs, Threads = 2 }, null, default);
        run.IsOk.ShouldBeTrue(run.Error?.ToString());
        using var stream = new MemoryStream();
        LinkWriters.Links(stream, run.Value).ShouldBeGreaterThan(People / 3);
        return Encoding.UTF8.GetString(stream.ToArray());
    }

    private static Process Worker(string connection, string folder)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "waymark.dll"), "link", "worker", "--lease", "4", "--threads", "1", "--store", "postgres", "--data", Path.Combine(folder, "data"), "-q"])
        {
            UseShellExecute = false, RedirectStandardOutput = true, WorkingDirectory = folder,
        };
        start.Environment["WAYMARK_STORE"] = connection;
        start.Environment["WAYMARK_PACKS_ROOT"] = Places.Packs;
        return Process.Start(start)!;
    }

    private static async Task<(int Code, string Output, string Error)> ScriptAsync(string script, string argument)
    {
        using var process = Process.Start(new ProcessStartInfo(Path.Combine(Places.Root, "tools", "postgres", script), [argument]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true })!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, await output, await error);
    }
}
