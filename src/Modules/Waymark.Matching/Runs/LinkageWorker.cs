using Waymark.Linkage;
using Waymark.Matching.Contracts;
using Waymark.Model;
using Waymark.Storage;

namespace Waymark.Matching;

/// <summary>The folder of packs; threads; and how long a job is held without a sign of life: what a dead worker held is free after <paramref name="Lease"/>.</summary>
public sealed record WorkerOptions(string Packs, int Threads, TimeSpan Lease);

/// <summary>
/// Takes parts of runs from the queue, one at a time. It keeps nothing but a cache of the rows it opened last: any number of workers, on any
/// machine with the store and the key folder, come and go. A part done twice is done once, since its result is written under its own id.
/// </summary>
public sealed class LinkageWorker(IStore store, LinkageProjects projects, WorkerOptions options, TimeProvider time)
{
    private static readonly Error s_stopped = Error.Unavailable("matching.stopped", "The run was stopped.", "运行已停止。");
    private Result<LinkagePack>? _pack;
    private RunTables? _tables;

    /// <summary>Does the oldest part that is due; null when there is none, else its job and how it ended (the error's code, or "done").</summary>
    public async Task<(string Job, string Outcome)?> RunOneAsync(string worker, CancellationToken cancellationToken)
    {
        var leased = await store.Queue.LeaseAsync(LinkageRegisters.TileQueue, worker, options.Lease, cancellationToken)
            ?? await store.Queue.LeaseAsync(LinkageRegisters.RunQueue, worker, options.Lease, cancellationToken);
        if (leased is null)
        {
            return null;
        }

        using var work = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var latest = new JobProgress("", 0, null);
        var heart = BeatAsync(leased, () => Volatile.Read(ref latest), work);
        Result<ReadOnlyMemory<byte>> result;
        try
        {
            result = await WorkAsync(leased, new Steps(step => Volatile.Write(ref latest, step)), work.Token);
        }
        catch (OperationCanceledException) when (work.IsCancellationRequested)
        {
            result = s_stopped;
        }

        await work.CancelAsync();
        await heart;
        if (result.IsOk)
        {
            await store.Queue.CompleteAsync(leased, result.Value, CancellationToken.None);
        }
        else
        {
            await GiveBackAsync(leased, result.Error, isGoingDown: cancellationToken.IsCancellationRequested);
        }

        return (leased.Id, result.IsOk ? "done" : result.Error.Code);
    }

    private async Task<Result<ReadOnlyMemory<byte>>> WorkAsync(LeasedJob leased, Steps steps, CancellationToken cancellationToken)
    {
        var job = LinkageRegisters.Read<RunJob>(leased.Payload);
        var run = await LinkageRuns.GetAsync(store, job.Run, cancellationToken);
        var project = run is null ? null : await projects.FindAsync(run.Project, cancellationToken);
        if (run is null || project is null || !project.IsUsable(time.GetUtcNow()))
        {
            return Error.Refused("matching.not-open", "The project is not open any more.", "项目已不再开放。");
        }

        if (run.State == RunState.Stopped)
        {
            return s_stopped;
        }

        // The floor again, here where rows are read: a job that got into the queue by another way reads nothing.
        var classes = project.Inputs.Where(input => run.Files.Contains(input.Name, StringComparer.Ordinal)).Select(input => input.Class);
        if (ForbiddenPairs.Check([.. project.Classes, .. classes]).Error is { } forbidden)
        {
            return forbidden;
        }

        if (job.Kind == "tile" && await store.Records.GetAsync(LinkageRegisters.Tile, LinkageRuns.TileId(run.Id, job.Tile), cancellationToken) is not null)
        {
            return await AfterTileAsync(leased, run, cancellationToken);
        }

        steps.Report(new("read", 0, 0));
        if (run.After is not null)
        {
            return await GrownAsync(leased, job, run, project, cancellationToken);
        }

        var opened = await OpenAsync(project, run, cancellationToken);
        if (!opened.IsOk)
        {
            return opened.Error;
        }

        return job.Kind switch
        {
            "plan" => await PlannedAsync(leased, run, opened.Value, cancellationToken),
            "tile" => await ComparedAsync(leased, run, job.Tile, opened.Value, cancellationToken),
            _ => await new RunFinisher(store, projects).FinishAsync(leased, run, opened.Value, project, steps, time.GetUtcNow(), cancellationToken),
        };
    }

    private async Task<Result<ReadOnlyMemory<byte>>> GrownAsync(LeasedJob leased, RunJob job, LinkageRun run, LinkageProject project, CancellationToken cancellationToken)
    {
        var pack = Pack(run);
        if (!pack.IsOk)
        {
            return pack.Error;
        }

        var growing = new GrowingRuns(store, projects, pack.Value);
        if (job.Kind != "plan")
        {
            return await growing.FinishAsync(leased, run, project, time.GetUtcNow(), cancellationToken);
        }

        if (run.State != RunState.Planning)
        {
            return Done(new { });
        }

        var planned = await growing.PlanAsync(project, run, options.Threads, cancellationToken);
        return !planned.IsOk ? planned.Error
            : await CommitAsync(leased, planned.Value.Run, "estimated", cancellationToken, [.. planned.Value.Kept]) is { } fault ? fault : Done(new { pairs = planned.Value.Run.Blocks!.PairsAtMost });
    }

    /// <summary>The facts about names, which must be those that the run was planned with.</summary>
    private Result<LinkagePack> Pack(LinkageRun run)
    {
        var pack = _pack ??= LinkagePack.Read(options.Packs);
        return pack.IsOk && run.PackHash is { } planned && planned != pack.Value.Hash
            ? Error.Unavailable("matching.pack-differs", "This worker has other facts about names than the run was planned with.", "该工作进程的姓名数据包与计划运行时的不同。")
            : pack;
    }

    private async Task<Result<RunTables>> OpenAsync(LinkageProject project, LinkageRun run, CancellationToken cancellationToken)
    {
        var pack = Pack(run);
        if (!pack.IsOk)
        {
            return pack.Error;
        }

        if (_tables?.Run == run.Id)
        {
            return _tables;
        }

        _tables = null;
        var opened = await RunTables.OpenAsync(projects, project, run, pack.Value, options.Threads, cancellationToken);
        _tables = opened.IsOk ? opened.Value : null;
        return opened;
    }

    private async Task<Result<ReadOnlyMemory<byte>>> PlannedAsync(LeasedJob leased, LinkageRun run, RunTables tables, CancellationToken cancellationToken)
    {
        if (run.State != RunState.Planning)
        {
            return Done(new { planned = run.Tiles });
        }

        var planned = run with { State = RunState.Planned, Blocks = tables.Tiles.Blocks, Tiles = tables.Tiles.Count, PackHash = tables.Files.Pack.Hash };
        return await CommitAsync(leased, planned, "estimated", cancellationToken) is { } fault ? fault : Done(new { tiles = planned.Tiles });
    }

    private async Task<Result<ReadOnlyMemory<byte>>> ComparedAsync(LeasedJob leased, LinkageRun run, int tile, RunTables tables, CancellationToken cancellationToken)
    {
        if (tables.Tiles.Count != run.Tiles)
        {
            return Error.Faulty("linkage.tiles", "The rows are not those that were planned.", "数据行与计划时不一致。");
        }

        var put = await projects.Vault.PutAsync(run.Project, LinkageRuns.TileId(run.Id, tile), tables.Tiles.Compare(tile, cancellationToken), cancellationToken);
        if (!put.IsOk)
        {
            return put.Error;
        }

        var written = await store.CommitAsync(
            new()
            {
                Actor = leased.Id, Reason = "linkage.tile",
                Records = [LinkageRegisters.Write(LinkageRegisters.Tile, LinkageRuns.TileId(run.Id, tile), 0, LinkageRegisters.Bytes(new TileDocument(tile, put.Value)), new { did = "compared" }, new RecordHead("run", run.Id))],
                BlobReferences = [new(TileOwner(run), new(put.Value))],
                Leases = [leased.AsCondition],
            },
            cancellationToken);
        return written.IsOk || written.Error.Code == "store.conflict" ? await AfterTileAsync(leased, run, cancellationToken) : written.Error;
    }

    /// <summary>Whoever sees all tiles there asks for the finish; asked twice it is one job.</summary>
    private async Task<Result<ReadOnlyMemory<byte>>> AfterTileAsync(LeasedJob leased, LinkageRun run, CancellationToken cancellationToken)
    {
        if (await LinkageRuns.TilesAsync(store, run, cancellationToken) == run.Tiles)
        {
            var asked = await store.CommitAsync(new() { Actor = leased.Id, Reason = "linkage.finish", Tasks = [LinkageRuns.Job(run, new("finish", run.Id))] }, cancellationToken);
            if (!asked.IsOk)
            {
                return asked.Error;
            }
        }

        return Done(new { });
    }

    /// <summary>A worker that goes down gives its part back, due at once; other facts about names wait for another worker; all else fails the run.</summary>
    private async Task GiveBackAsync(LeasedJob leased, Error error, bool isGoingDown)
    {
        DateTimeOffset? again = isGoingDown ? time.GetUtcNow() : error.Code is "matching.pack-differs" or "store.unavailable" or "store.conflict" ? time.GetUtcNow() + options.Lease : null;
        await store.Queue.FailAsync(leased, error, again, CancellationToken.None);
        var run = await LinkageRuns.GetAsync(store, LinkageRegisters.Read<RunJob>(leased.Payload).Run, CancellationToken.None);
        if (again is null && error.Code != s_stopped.Code && run is { HasEnded: false })
        {
            await CommitAsync(null, run with { State = RunState.Failed, Failure = error, EndedAt = time.GetUtcNow() }, "failed", CancellationToken.None);
        }
    }

    private async Task<Error?> CommitAsync(LeasedJob? leased, LinkageRun run, string did, CancellationToken cancellationToken, params BlobReference[] kept)
    {
        var write = LinkageRuns.Next(run, did);
        var leaf = await projects.LeafAsync(run.StartedBy, write.Document!.Value, cancellationToken);
        if (!leaf.IsOk)
        {
            return leaf.Error;
        }

        var written = await store.CommitAsync(
            new()
            {
                Actor = leased?.Id ?? run.Id, Reason = "linkage.run-" + did, Records = [write], Leaves = [leaf.Value.Encode()], BlobReferences = kept,
                Leases = leased is null ? [] : [leased.AsCondition],
            },
            cancellationToken);
        return written.Error;
    }

    private async Task BeatAsync(LeasedJob job, Func<JobProgress> latest, CancellationTokenSource work)
    {
        try
        {
            while (!work.IsCancellationRequested)
            {
                await Task.Delay(options.Lease / 4, time, work.Token);
                if (!await store.Queue.RenewAsync(job, latest(), options.Lease, work.Token))
                {
                    await work.CancelAsync();
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The work has ended.
        }
        catch (StoreException)
        {
            await work.CancelAsync();
        }
    }

    internal static string TileOwner(LinkageRun run) => "linkage-tiles/" + run.Id;

    private static ReadOnlyMemory<byte> Done<T>(T result) => LinkageRegisters.Bytes(result);

    internal sealed record TileDocument(int Tile, string Blob);

    internal sealed class Steps(Action<JobProgress> say) : IProgress<LinkageProgress>
    {
        public void Report(LinkageProgress value) => say(new(value.Step, value.Done, value.Total == 0 ? null : value.Total));
    }
}
