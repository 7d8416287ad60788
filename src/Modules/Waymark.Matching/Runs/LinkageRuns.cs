using System.Text.Json;
using Waymark.Linkage;
using Waymark.Matching.Contracts;
using Waymark.Model;
using Waymark.Protection.Contracts;
using Waymark.Storage;

namespace Waymark.Matching;

/// <summary>Part of a run in the queue; <paramref name="Kind"/> is "plan", "tile" or "finish".</summary>
internal sealed record RunJob(string Kind, string Run, int Tile = 0);

/// <summary>
/// Runs of a project: planned first, so that a person sees what would be compared; then cut into tiles that any worker takes. Stop, retry and
/// what was found.
/// </summary>
public sealed class LinkageRuns(IStore store, LinkageProjects projects, TimeProvider time)
{
    /// <summary>Newest first, of one project or of all.</summary>
    public async Task<IReadOnlyList<LinkageRun>> ListAsync(string? project, CancellationToken cancellationToken)
    {
        IReadOnlyList<RecordHead> where = project is null ? [] : [new("project", project)];
        var page = await store.Records.ListAsync(new(LinkageRegisters.Run, where, "started", Descending: true, Limit: 200), cancellationToken);
        return page.IsOk ? [.. page.Value.Records.Select(Read)] : throw new StoreException(page.Error);
    }

    /// <summary>A run and how many of its tiles are compared; null when there is none.</summary>
    public async Task<RunProgress?> FindAsync(string id, CancellationToken cancellationToken)
    {
        if (await GetAsync(store, id, cancellationToken) is not { } run)
        {
            return null;
        }

        return new(run, run.State is RunState.Comparing ? await TilesAsync(store, run, cancellationToken) : run.State is RunState.Done or RunState.Finishing ? run.Tiles : 0);
    }

    /// <summary>
    /// Begins a run: classes first, then the budget; nothing is read here. Errors: <c>matching.not-open</c>, <c>matching.role</c>,
    /// <c>matching.no-input</c>, <c>matching.forbidden-pair</c>, <c>matching.runs-used</c>, <c>matching.threshold</c>.
    /// </summary>
    public async Task<Result<LinkageRun>> PlanAsync(
        Actor actor, string projectId, string left, string? right, LinkageEffort effort, double? threshold, CancellationToken cancellationToken) =>
        await BeginAsync(actor, new(LinkageRegisters.NewId(), projectId, left, right, effort, threshold, actor.Account, time.GetUtcNow()), cancellationToken);

    private async Task<Result<LinkageRun>> BeginAsync(Actor actor, LinkageRun run, CancellationToken cancellationToken)
    {
        var found = await projects.UsableAsync(actor, LinkageRoles.Propose, run.Project, cancellationToken);
        if (!found.IsOk)
        {
            return found.Error;
        }

        var project = found.Value;
        var inputs = run.Files.Select(name => project.Inputs.FirstOrDefault(input => input.Name == name)).ToList();
        if (inputs.Contains(null) || run.Left == run.Right)
        {
            return Error.NotFound("matching.no-input", "Choose one file of the project, or two different ones.", "请选择项目中的一个文件，或两个不同的文件。");
        }

        if (run.Threshold is not (null or (>= 0 and <= 1)))
        {
            return Error.Invalid("matching.threshold", "A threshold lies between 0 and 1.", "阈值应在 0 与 1 之间。");
        }

        if (ForbiddenPairs.Check([.. project.Classes, .. inputs.Select(input => input!.Class)]).Error is { } forbidden)
        {
            return forbidden;
        }

        if (project.RunsUsed >= project.RunBudget)
        {
            return Error.Refused("matching.runs-used", $"All {project.RunBudget} runs of the project are used.", $"项目的 {project.RunBudget} 次运行已用完。", project.Name);
        }

        return await CommitAsync(run, project with { RunsUsed = project.RunsUsed + 1 }, actor.Account, "planned", [Job(run, new("plan", run.Id))], cancellationToken);
    }

    /// <summary>Whether later files may be compared with what this run read: it is done and searched one file.</summary>
    public static bool MayBeContinued(LinkageRun run) => run is { State: RunState.Done, Right: null };

    /// <summary>
    /// Begins a run of the records of a file that are new since another run, against all that one held; guarded as every run is. Errors: as <see cref="PlanAsync"/>,
    /// <c>matching.not-continued</c>.
    /// </summary>
    public async Task<Result<LinkageRun>> ContinueAsync(Actor actor, string projectId, string id, string input, CancellationToken cancellationToken)
    {
        if (!Runs(actor))
        {
            return LinkageProjects.WrongRole();
        }

        if (await GetAsync(store, id, cancellationToken) is not { } before || before.Project != projectId)
        {
            return NoRun(id);
        }

        if (!MayBeContinued(before) || before.Files.Contains(input, StringComparer.Ordinal))
        {
            return Error.Conflict("matching.not-continued", "A run is continued that is done and searched one file, with a file that it does not hold yet.", "只能接续已完成且只检索一个文件的运行，所用文件须尚未纳入。", id);
        }

        return await BeginAsync(actor, new LinkageRun(LinkageRegisters.NewId(), before.Project, input, null, before.Effort, null, actor.Account, time.GetUtcNow())
        {
            After = before.Id, Held = [.. before.Files],
        }, cancellationToken);
    }

    /// <summary>
    /// A person saw the estimate and says go: the pairs are taken from the budget and the tiles go into the queue. Errors:
    /// <c>matching.not-planned</c>, <c>matching.pairs-used</c>, and as <see cref="PlanAsync"/>.
    /// </summary>
    public async Task<Result<LinkageRun>> StartAsync(Actor actor, string id, CancellationToken cancellationToken)
    {
        if (!Runs(actor))
        {
            return LinkageProjects.WrongRole();
        }

        if (await GetAsync(store, id, cancellationToken) is not { State: RunState.Planned, Blocks: { } blocks } run)
        {
            return Error.Conflict("matching.not-planned", "The run is not waiting to be started.", "该运行并未等待启动。", id);
        }

        var found = await projects.UsableAsync(actor, LinkageRoles.Propose, run.Project, cancellationToken);
        if (!found.IsOk)
        {
            return found.Error;
        }

        var project = found.Value;
        var classes = project.Inputs.Where(input => run.Files.Contains(input.Name, StringComparer.Ordinal)).Select(input => input.Class);
        if (ForbiddenPairs.Check([.. project.Classes, .. classes]).Error is { } forbidden)
        {
            return forbidden;
        }

        if (project.PairsUsed + blocks.PairsAtMost > project.PairBudget)
        {
            return Error.Refused("matching.pairs-used", $"The run would compare {blocks.PairsAtMost} pairs; {project.PairBudget - project.PairsUsed} are left in the budget.",
                $"该运行需比较 {blocks.PairsAtMost} 对；预算仅余 {project.PairBudget - project.PairsUsed} 对。", project.Name);
        }

        return await CommitAsync(
            run with { State = run.After is null ? RunState.Comparing : RunState.Finishing }, project with { PairsUsed = project.PairsUsed + blocks.PairsAtMost }, actor.Account, "started",
            run.After is not null ? [Job(run, new("finish", run.Id))] : [.. Enumerable.Range(0, run.Tiles).Select(tile => Job(run, new("tile", run.Id, tile)))], cancellationToken);
    }

    /// <summary>Stops a run that has not ended; what was compared stays for a retry. False when it has ended. Error <c>matching.role</c>.</summary>
    public async Task<Result<bool>> StopAsync(Actor actor, string id, CancellationToken cancellationToken)
    {
        if (!Runs(actor))
        {
            return LinkageProjects.WrongRole();
        }

        if (await GetAsync(store, id, cancellationToken) is not { HasEnded: false } run)
        {
            return false;
        }

        var written = await CommitAsync(run with { State = RunState.Stopped, EndedAt = time.GetUtcNow() }, null, actor.Account, "stopped", [], cancellationToken);
        foreach (var job in Jobs(run))
        {
            await store.Queue.RequestStopAsync(job, cancellationToken);
        }

        return written.IsOk ? true : written.Error;
    }

    /// <summary>Goes on with a failed or stopped run where it was. Errors: <c>matching.not-ended</c>, <c>matching.not-open</c>.</summary>
    public async Task<Result<LinkageRun>> RetryAsync(Actor actor, string id, CancellationToken cancellationToken)
    {
        if (!Runs(actor))
        {
            return LinkageProjects.WrongRole();
        }

        if (await GetAsync(store, id, cancellationToken) is not { State: RunState.Failed or RunState.Stopped } run)
        {
            return Error.Conflict("matching.not-ended", "Only a failed or stopped run is tried again.", "只有失败或已停止的运行可以重试。", id);
        }

        var found = await projects.UsableAsync(actor, LinkageRoles.Propose, run.Project, cancellationToken);
        if (!found.IsOk)
        {
            return found.Error;
        }

        var first = run.After is null ? "tile" : "finish";
        var started = run.Blocks is not null && await store.Queue.GetAsync(JobId(new(first, run.Id)), cancellationToken) is not null;
        var state = run.Blocks is null ? RunState.Planning : !started ? RunState.Planned : run.After is null ? RunState.Comparing : RunState.Finishing;
        var written = await CommitAsync(run with { State = state, Failure = null, EndedAt = null }, null, actor.Account, "retried", [], cancellationToken);
        if (written.IsOk)
        {
            foreach (var job in Jobs(run))
            {
                await store.Queue.RetryAsync(job, cancellationToken);
            }
        }

        return written;
    }

    /// <summary>
    /// A result of a run that is done: <c>links.csv</c>, <c>clusters.csv</c> (handles, no ids), <c>model.json</c>, <c>report.json</c>. Each fetch of links
    /// or clusters is one more leaf. Errors: <c>matching.not-open</c>, <c>matching.role</c>, <c>matching.no-result</c>, <c>matching.gone</c>.
    /// </summary>
    public async Task<Result<byte[]>> FetchAsync(Actor actor, string id, string name, CancellationToken cancellationToken)
    {
        if (await GetAsync(store, id, cancellationToken) is not { } run)
        {
            return NoRun(id);
        }

        var found = await projects.UsableAsync(actor, LinkageRoles.See, run.Project, cancellationToken);
        if (!found.IsOk)
        {
            return found.Error;
        }

        var opened = name == "pairs.json" ? NoRun(name) : await OpenAsync(run, name, cancellationToken);
        if (!opened.IsOk || !name.EndsWith(".csv", StringComparison.Ordinal))
        {
            return opened;
        }

        var noted = await CommitAsync(run, null, actor.Account, "fetched-" + name[..^4], [], cancellationToken);
        return noted.IsOk ? opened : noted.Error;
    }

    /// <summary>What the run says about itself; null before it is done or when it cannot be read any more.</summary>
    public async Task<RunReport?> ReportAsync(LinkageRun run, CancellationToken cancellationToken)
    {
        var bytes = await OpenAsync(run, "report.json", cancellationToken);
        return bytes.IsOk ? LinkageRegisters.Read<RunReport>(bytes.Value) : null;
    }

    internal Task<Result<byte[]>> OpenAsync(LinkageRun run, string name, CancellationToken cancellationToken) => run.Results.TryGetValue(name, out var blob)
        ? projects.Vault.OpenAsync(run.Project, run.Id + "/" + name, blob, cancellationToken)
        : Task.FromResult<Result<byte[]>>(Error.NotFound("matching.no-result", "The run has no such result.", "该运行没有此结果。", name));

    internal static async Task<LinkageRun?> GetAsync(IStore store, string id, CancellationToken cancellationToken) =>
        LinkageRegisters.IsId(id) && await store.Records.GetAsync(LinkageRegisters.Run, id, cancellationToken) is { } record ? Read(record) : null;

    internal static async Task<int> TilesAsync(IStore store, LinkageRun run, CancellationToken cancellationToken)
    {
        var page = await store.Records.ListAsync(new(LinkageRegisters.Tile, [new("run", run.Id)], Limit: 1_000), cancellationToken);
        return page.IsOk ? page.Value.Records.Count : throw new StoreException(page.Error);
    }

    internal static RecordWrite Next(LinkageRun run, string did) => LinkageRegisters.Write(
        LinkageRegisters.Run, run.Id, run.Version, LinkageRegisters.Bytes(run), new { did }, new RecordHead("started", LinkageRegisters.Time(run.StartedAt)), new RecordHead("project", run.Project));

    internal static string TileId(string run, int tile) => run + ".t" + tile.ToString(System.Globalization.CultureInfo.InvariantCulture);

    internal static QueueItem Job(LinkageRun run, RunJob job) =>
        new(JobId(job), job.Kind == "tile" ? LinkageRegisters.TileQueue : LinkageRegisters.RunQueue, JsonSerializer.SerializeToUtf8Bytes(job with { Run = run.Id }, LinkageRegisters.Json));

    internal static Error NoRun(string id) => Error.NotFound("matching.no-run", "There is no such run.", "没有此运行。", id);

    private static string JobId(RunJob job) => job.Kind == "tile" ? TileId(job.Run, job.Tile) : job.Run + "." + job.Kind;

    private static IEnumerable<string> Jobs(LinkageRun run) =>
        Enumerable.Range(0, run.Tiles).Select(tile => TileId(run.Id, tile)).Prepend(run.Id + ".plan").Append(run.Id + ".finish");

    // Asked before the run is looked for: whoever does not run comparisons learns of none.
    private static bool Runs(Actor actor) => LinkageRoles.Propose.Contains(actor.Role, StringComparer.Ordinal);

    private async Task<Result<LinkageRun>> CommitAsync(
        LinkageRun run, LinkageProject? project, string account, string did, IReadOnlyList<QueueItem> tasks, CancellationToken cancellationToken)
    {
        var write = Next(run, did);
        var leaf = await projects.LeafAsync(account, write.Document!.Value, cancellationToken);
        if (!leaf.IsOk)
        {
            return leaf.Error;
        }

        var written = await store.CommitAsync(
            new()
            {
                Actor = account, Reason = "linkage.run-" + did, Records = project is null ? [write] : [write, LinkageProjects.Next(project, "run-" + did)], Tasks = tasks,
                Leaves = [leaf.Value.Encode()],
            },
            cancellationToken);
        return written.IsOk ? run with { Version = run.Version + 1 } : written.Error;
    }

    private static LinkageRun Read(StoredRecord record) => LinkageRegisters.Read<LinkageRun>(record.Document) with { Version = record.Version };
}
