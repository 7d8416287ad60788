using Waymark.Model;

namespace Waymark.Linkage;

/// <summary>
/// The whole run: recognise columns, normalise, block, compare, estimate, calibrate, cluster. Results do not depend on the
/// number of threads nor on the order of rows and columns.
/// </summary>
public static class LinkageEngine
{
    public static Result<LinkageOutcome> Run(LinkageRequest request, IProgress<LinkageProgress>? progress, CancellationToken cancel)
    {
        var steps = new Linker.Steps(progress);
        var opened = Open(request, cancel);
        return opened.IsOk
            ? Linker.Compare(request, opened.Value.Records, opened.Value.Files, steps, cancel).Estimate(request.Constraints, steps, keep: false, cancel)
            : opened.Error;
    }

    /// <summary>What each column of a table is taken for, and why.</summary>
    public static IReadOnlyList<ColumnRole> Recognise(LinkageTable table, IReadOnlyDictionary<string, FieldRole>? map, LinkageKnowledge knowledge) =>
        ColumnRecogniser.Recognise(table, map, knowledge);

    /// <summary>What is in the columns, in which scripts the names are, and what each blocking rule would compare; nothing is compared.</summary>
    public static Result<LinkageProfile> Profile(LinkageRequest request, CancellationToken cancel)
    {
        var opened = Open(request, cancel);
        if (!opened.IsOk)
        {
            return opened.Error;
        }

        var (records, files) = opened.Value;
        var blocks = CandidatePairs.For(request, records, request.Threads, cancel);
        return new LinkageProfile(
            [.. files.SelectMany(f => f.Table.Columns.Select((c, i) => ColumnProfile.Of(f.Table.Name, c, f.Roles[i])))],
            records.Names is null ? new Dictionary<Script, int>() : records.Names.Scripts.GroupBy(s => s).ToDictionary(g => g.Key, g => g.Count()),
            blocks.Report);
    }

    /// <summary>Fits a model without handing out pairs; it can be kept and given to a later run.</summary>
    public static Result<LinkageModel> Train(LinkageRequest request, IProgress<LinkageProgress>? progress, CancellationToken cancel) =>
        Run(request with { Model = null, EmitFrom = 2 }, progress, cancel).Select(o => o.Model);

    /// <summary>Pairwise quality against known persons: <paramref name="entities"/> names the person of each record, left file first.</summary>
    public static Result<LinkageQuality> Evaluate(LinkageOutcome outcome, IReadOnlyList<string> entities) =>
        entities.Count == outcome.Clusters.Length
            ? LinkageQuality.Of(outcome, entities)
            : Error.Invalid("linkage.truth-length", "The truth does not name one person per record.", "真值与记录数量不一致。");

    internal static Result<(PreparedRecords Records, List<(LinkageTable Table, ColumnRole[] Roles)> Files)> Open(LinkageRequest request, CancellationToken cancel)
    {
        if (request.Threshold is { } asked && asked is not (>= 0 and <= 1))
        {
            return Error.Invalid("linkage.threshold", "A threshold lies between 0 and 1.", "阈值应在 0 与 1 之间。");
        }

        List<LinkageTable> tables = request.Right is null ? [request.Left] : [request.Left, request.Right];
        if (ColumnRecogniser.Missing(tables, request.Map) is { } missing)
        {
            return missing;
        }

        var files = tables.ConvertAll(t => (t, ColumnRecogniser.Recognise(t, request.Map, request.Knowledge)));
        var prepared = PreparedRecords.Build(files, request.Knowledge, cancel);
        if (prepared.IsOk && request.Constraints.Check(prepared.Value.Count) is { } unfit)
        {
            return unfit;
        }

        if (prepared.IsOk && request.ForgetTables)
        {
            tables.ForEach(t => t.ForgetValues());
        }

        return prepared.IsOk ? (prepared.Value, files) : prepared.Error;
    }

    internal static long Budget(int records, LinkageEffort effort) => effort switch
    {
        LinkageEffort.Fast => Math.Min(20L * records, 1_000_000 + records),
        LinkageEffort.Thorough => Math.Min(300L * records, 20_000_000 + (40L * records)),
        _ => Math.Min(80L * records, 4_000_000 + (2L * records)),
    };
}
