using Waymark.Linkage;
using Waymark.Matching.Contracts;
using Waymark.Model;
using Waymark.Storage;

namespace Waymark.Matching;

/// <summary>A pair to be looked at, as it lies sealed: handles, the score, and why.</summary>
internal sealed record SealedPair(string Left, string Right, double Probability, double Weight, double Start, IReadOnlyList<ExplanationStep> Steps)
{
    public static SealedPair Of(LinkedPair pair, PairExplanation why, Func<int, string> handle) =>
        new(handle(pair.Left), handle(pair.Right), Math.Round(pair.Probability, 6), Math.Round(why.Weight, 3), Math.Round(why.StartBits, 3),
            [.. why.Steps.Select(step => step with { Bits = Math.Round(step.Bits, 3) })]);
}

/// <summary>Joins the tiles of a run, fits the model and keeps what was found under the project's key.</summary>
internal sealed class RunFinisher(IStore store, LinkageProjects projects)
{
    /// <summary>Pairs kept for review, those whose answers tell most first.</summary>
    public const int MostPairs = 2_000;

    /// <summary>Larger clusters go to review (M71).</summary>
    public const int LargestCluster = 20;

    public async Task<Result<ReadOnlyMemory<byte>>> FinishAsync(
        LeasedJob leased, LinkageRun run, RunTables tables, LinkageProject project, IProgress<LinkageProgress> steps, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (run.State == RunState.Done)
        {
            return Empty;
        }

        var page = await store.Records.ListAsync(new(LinkageRegisters.Tile, [new("run", run.Id)], Limit: 1_000), cancellationToken);
        if (!page.IsOk)
        {
            return page.Error;
        }

        var documents = page.Value.Records.Select(record => LinkageRegisters.Read<LinkageWorker.TileDocument>(record.Document)).OrderBy(tile => tile.Tile).ToList();
        var tiles = new List<ReadOnlyMemory<byte>>();
        foreach (var document in documents)
        {
            var bytes = await projects.Vault.OpenAsync(run.Project, LinkageRuns.TileId(run.Id, document.Tile), document.Blob, cancellationToken);
            if (!bytes.IsOk)
            {
                return bytes.Error;
            }

            tiles.Add(bytes.Value);
        }

        var decided = await PairAnswers.DecidedAsync(store, projects, run, tables.Files.All.Sum(file => file.Table.Rows), record => Handle(tables.Files, record), cancellationToken);
        var outcome = decided.Then(constraints => tables.Tiles.Finish(tiles, constraints, steps, cancellationToken));
        if (!outcome.IsOk)
        {
            return outcome.Error;
        }

        var found = new LinkRun(tables.Files, outcome.Value);
        var pairs = Pairs(found);
        var parts = new Dictionary<string, byte[]>(StringComparer.Ordinal)
        {
            ["links.csv"] = Written(stream => LinkWriters.Links(stream, found)),
            ["clusters.csv"] = Written(stream => LinkWriters.Clusters(stream, found)),
            ["model.json"] = Written(stream => ModelFile.Write(stream, outcome.Value.Model, tables.Files.Pack.Hash)),
            ["report.json"] = LinkageRegisters.Bytes(Report(found, run, project, pairs.Count) with { Answers = decided.Value.Reviewed.Distinct().Count() }),
            ["pairs.json"] = LinkageRegisters.Bytes(pairs),
        };
        return await KeepAsync(leased, run with { EndedAt = now }, parts, [.. documents.Select(tile => new BlobReference(LinkageWorker.TileOwner(run), new(tile.Blob), Remove: true))], cancellationToken);
    }

    /// <summary>Seals what a run found and says that it is done.</summary>
    public async Task<Result<ReadOnlyMemory<byte>>> KeepAsync(
        LeasedJob leased, LinkageRun run, Dictionary<string, byte[]> parts, IReadOnlyList<BlobReference> dropped, CancellationToken cancellationToken)
    {
        var results = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, bytes) in parts)
        {
            var put = await projects.Vault.PutAsync(run.Project, run.Id + "/" + name, bytes, cancellationToken);
            if (!put.IsOk)
            {
                return put.Error;
            }

            results[name] = put.Value;
        }

        run = run with { State = RunState.Done, Results = results };
        var write = LinkageRuns.Next(run, "done");
        var leaf = await projects.LeafAsync(run.StartedBy, write.Document!.Value, cancellationToken);
        if (!leaf.IsOk)
        {
            return leaf.Error;
        }

        var written = await store.CommitAsync(
            new()
            {
                Actor = leased.Id, Reason = "linkage.run-done", Records = [write], Leaves = [leaf.Value.Encode()], Leases = [leased.AsCondition],
                BlobReferences = [.. run.Results.Values.Select(blob => new BlobReference(LinkageProjects.Owner(run.Project), new(blob))), .. dropped],
            },
            cancellationToken);
        return written.IsOk ? Empty : written.Error;
    }

    private static Result<ReadOnlyMemory<byte>> Empty => new ReadOnlyMemory<byte>("{}"u8.ToArray());

    private static RunReport Report(LinkRun found, LinkageRun run, LinkageProject project, int pairs)
    {
        var outcome = found.Outcome;
        var (links, expectedFalse, below) = (0, 0.0, 0.0);
        foreach (var pair in outcome.Pairs)
        {
            var isLink = outcome.IsLink(pair);
            links += isLink ? 1 : 0;
            expectedFalse += isLink ? 1 - pair.Probability : 0;
            below += isLink ? 0 : pair.Probability;
        }

        var sizes = new int[outcome.Clusters.Length];
        foreach (var cluster in outcome.Clusters)
        {
            sizes[cluster]++;
        }

        var inputs = found.Files.All.Select((file, i) => new RunInput(
            file.Table.Name, project.Inputs.First(input => input.Name == (i == 0 ? run.Left : run.Right)).Class, file.RowsRead, file.AsideCount, i == 0 ? outcome.LeftColumns : outcome.RightColumns));
        return new(
            [.. inputs], outcome.Compared, links, outcome.Threshold, Math.Round(expectedFalse, 2), Math.Round(below, 2), outcome.OneToOne, sizes.Count(size => size > 1),
            sizes.DefaultIfEmpty().Max(), sizes.Count(size => size > LargestCluster), outcome.Calibration, outcome.Model.Fields, RunGroup.Of(outcome.Trust), pairs);
    }

    private static List<SealedPair> Pairs(LinkRun found)
    {
        var outcome = found.Outcome;
        return [.. outcome.Queue().Next(MostPairs).Select(pair => SealedPair.Of(pair, outcome.Explain(pair), record => Handle(found.Files, record)))];
    }

    internal static string Handle(OpenedFiles files, int record) => System.Text.Encoding.ASCII.GetString(files.IdOf(record));

    internal static byte[] Written(Action<Stream> write)
    {
        using var stream = new MemoryStream();
        write(stream);
        return stream.ToArray();
    }
}
