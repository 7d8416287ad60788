using Waymark.Linkage;
using Waymark.Matching.Contracts;
using Waymark.Model;
using Waymark.Storage;

namespace Waymark.Matching;

/// <summary>
/// Runs after another: of the new file only records that are not held yet are compared, with those held and with each other, by the model and the threshold of the
/// first run. What is held lies sealed with the run; the run before keeps its own, so that one may go on from either. The law of the index holds: in however many
/// runs the records come, links and clusters are the same.
/// </summary>
internal sealed class GrowingRuns(IStore store, LinkageProjects projects, LinkagePack pack)
{
    private const string Index = "index.bin";

    /// <summary>The run with what it would compare. The first run after one that compared everything makes the index of what that one read.</summary>
    public async Task<Result<(LinkageRun Run, IReadOnlyList<BlobReference> Kept)>> PlanAsync(LinkageProject project, LinkageRun run, int threads, CancellationToken cancellationToken)
    {
        var before = await LinkageRuns.GetAsync(store, run.After!, cancellationToken);
        if (before is not { State: RunState.Done })
        {
            return LinkageRuns.NoRun(run.After!);
        }

        var made = before.Results.ContainsKey(Index) ? null : (Result<LinkageIndex>?)await MadeAsync(project, before, threads, cancellationToken);
        var index = made ?? await OpenAsync(before, cancellationToken);
        var file = await RunTables.TableAsync(projects, project, run.Left, cancellationToken);
        if ((index.Error ?? file.Error) is { } fault)
        {
            return fault;
        }

        var blocks = index.Value.NewOf(file.Value.Table).Then(fresh => index.Value.Plan(fresh, null, cancellationToken));
        var put = made is null || !blocks.IsOk ? null
            : (Result<string>?)await projects.Vault.PutAsync(run.Project, run.Id + "/" + Index, RunFinisher.Written(index.Value.Save), cancellationToken);
        if ((blocks.Error ?? put?.Error) is { } failed)
        {
            return failed;
        }

        return (run with
        {
            State = RunState.Planned, Blocks = blocks.Value, PackHash = pack.Hash,
            Results = put is { } kept ? new Dictionary<string, string>(StringComparer.Ordinal) { [Index] = kept.Value } : run.Results,
        }, put is { } sealedIndex ? [new(LinkageProjects.Owner(run.Project), new(sealedIndex.Value))] : []);
    }

    public async Task<Result<ReadOnlyMemory<byte>>> FinishAsync(LeasedJob leased, LinkageRun run, LinkageProject project, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (run.State == RunState.Done)
        {
            return new ReadOnlyMemory<byte>("{}"u8.ToArray());
        }

        var from = run.Results.ContainsKey(Index) ? run : await LinkageRuns.GetAsync(store, run.After!, cancellationToken);
        var index = from is null ? LinkageRuns.NoRun(run.After!) : await OpenAsync(from, cancellationToken);
        var file = await RunTables.TableAsync(projects, project, run.Left, cancellationToken);
        if ((index.Error ?? file.Error) is { } fault)
        {
            return fault;
        }

        var held = index.Value;
        var fresh = held.NewOf(file.Value.Table);
        var added = fresh.Then(table => held.Add(table, null, cancellationToken));
        if (!added.IsOk)
        {
            return added.Error;
        }

        var decided = await PairAnswers.DecidedAsync(store, projects, run, held.Count, held.Id, cancellationToken);
        var outcome = decided.Then(constraints => held.Link(constraints, cancellationToken));
        var queue = outcome.Then(found => held.Queue(found, added.Value, cancellationToken)).Select(found => found.Next(RunFinisher.MostPairs));
        var why = queue.Then(found => held.Explain(found, cancellationToken));
        if (!why.IsOk)
        {
            return why.Error;
        }

        var pairs = queue.Value.Zip(why.Value, (pair, reasons) => SealedPair.Of(pair, reasons, held.Id)).ToList();
        var growth = new RunGrowth(file.Value.RowsRead, file.Value.Table.Rows - fresh.Value.Rows, fresh.Value.Rows, held.Count, outcome.Value.Pairs.Count(pair => pair.Right >= added.Value && outcome.Value.IsLink(pair)));
        var input = new RunInput(run.Left, project.Inputs.First(one => one.Name == run.Left).Class, file.Value.RowsRead, file.Value.AsideCount, held.Columns);
        var parts = new Dictionary<string, byte[]>(StringComparer.Ordinal)
        {
            ["links.csv"] = RunFinisher.Written(stream => IndexFiles.Links(stream, held, outcome.Value)),
            ["clusters.csv"] = RunFinisher.Written(stream => IndexFiles.Clusters(stream, held, outcome.Value)),
            ["model.json"] = RunFinisher.Written(stream => ModelFile.Write(stream, held.Model, pack.Hash)),
            ["report.json"] = LinkageRegisters.Bytes(Report(input, run, held, outcome.Value, pairs.Count) with { Growth = growth, Answers = decided.Value.Reviewed.Distinct().Count() }),
            ["pairs.json"] = LinkageRegisters.Bytes(pairs),
            [Index] = RunFinisher.Written(held.Save),
        };
        var dropped = run.Results.Values.Select(blob => new BlobReference(LinkageProjects.Owner(run.Project), new(blob), Remove: true)).ToList();
        return await new RunFinisher(store, projects).KeepAsync(leased, run with { EndedAt = now }, parts, dropped, cancellationToken);
    }

    /// <summary>The index of a run that compared everything: its rows, its model, its threshold.</summary>
    private async Task<Result<LinkageIndex>> MadeAsync(LinkageProject project, LinkageRun before, int threads, CancellationToken cancellationToken)
    {
        var file = await RunTables.TableAsync(projects, project, before.Left, cancellationToken);
        var model = before.Results.TryGetValue("model.json", out var blob) ? await projects.Vault.OpenAsync(before.Project, before.Id + "/model.json", blob, cancellationToken) : LinkageRuns.NoRun(before.Id);
        var report = before.Results.TryGetValue("report.json", out blob) ? await projects.Vault.OpenAsync(before.Project, before.Id + "/report.json", blob, cancellationToken) : LinkageRuns.NoRun(before.Id);
        if ((file.Error ?? model.Error ?? report.Error) is { } fault)
        {
            return fault;
        }

        return ModelFile.Read(new MemoryStream(model.Value, writable: false), "model.json").Then(fitted => LinkageIndex.Create(
            new(file.Value.Table, null, pack.Knowledge) { Model = fitted.Model, Effort = before.Effort, Threshold = LinkageRegisters.Read<RunReport>(report.Value).Threshold, Threads = threads }, null, cancellationToken));
    }

    private async Task<Result<LinkageIndex>> OpenAsync(LinkageRun run, CancellationToken cancellationToken)
    {
        var bytes = await projects.Vault.OpenAsync(run.Project, run.Id + "/" + Index, run.Results[Index], cancellationToken);
        return bytes.Then(plain => LinkageIndex.Load(new MemoryStream(plain, writable: false), pack.Knowledge));
    }

    private static RunReport Report(RunInput input, LinkageRun run, LinkageIndex index, IndexOutcome outcome, int pairs)
    {
        var sizes = outcome.Clusters.GroupBy(cluster => cluster).Select(cluster => cluster.Count()).ToList();
        var links = outcome.Pairs.Where(outcome.IsLink).ToList();
        return new(
            [input], run.Blocks!.PairsAtMost, links.Count, outcome.Threshold, Math.Round(links.Sum(pair => 1 - (double)pair.Probability), 2),
            Math.Round(outcome.Pairs.Where(pair => !outcome.IsLink(pair)).Sum(pair => (double)pair.Probability), 2), OneToOne: false, sizes.Count(size => size > 1), sizes.DefaultIfEmpty().Max(),
            sizes.Count(size => size > RunFinisher.LargestCluster), outcome.Calibration, index.Model.Fields, RunGroup.Of(outcome.Trust), pairs);
    }
}
