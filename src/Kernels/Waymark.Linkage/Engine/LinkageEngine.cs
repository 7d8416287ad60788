using Waymark.Model;

namespace Waymark.Linkage;

/// <summary>
/// The whole run: recognise columns, normalise, block, compare, estimate, calibrate, cluster. Results do not depend on the
/// number of threads nor on the order of rows and columns.
/// </summary>
public static class LinkageEngine
{
    private const double Cohesion = 0.35;

    public static Result<LinkageOutcome> Run(LinkageRequest request, IProgress<LinkageProgress>? progress, CancellationToken cancel)
    {
        var steps = new Steps(progress);
        var opened = Open(request, cancel);
        return opened.IsOk ? Link(request, opened.Value.Records, opened.Value.Files, steps, cancel) : opened.Error;
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
        var across = records.Names is null ? null : AcrossScripts.Build(records.Names.Tokens, request.Knowledge, request.Threads);
        var blocks = CandidatePairs.Build(records, new KeyAtoms(records, across), Budget(records.Count, request.Effort), request.Threads, cancel);
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

    private static Result<(PreparedRecords Records, List<(LinkageTable Table, ColumnRole[] Roles)> Files)> Open(LinkageRequest request, CancellationToken cancel)
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
        if (prepared.IsOk && request.ForgetTables)
        {
            tables.ForEach(t => t.ForgetValues());
        }

        return prepared.IsOk ? (prepared.Value, files) : prepared.Error;
    }

    private static LinkageOutcome Link(
        LinkageRequest request,
        PreparedRecords records,
        List<(LinkageTable Table, ColumnRole[] Roles)> files,
        Steps steps,
        CancellationToken cancel)
    {
        var threads = Math.Clamp(request.Threads, 1, 64);
        steps.Done("normalise", records.Count);
        var layout = new PatternLayout(records);
        PairComparer Comparer() => new(records, layout, request.Knowledge);
        var sampled = Task.Run(() => RandomPairs.Draw(records, layout, Comparer, SampleSize(records.Count), threads), cancel);
        var across = records.Names is null ? null : AcrossScripts.Build(records.Names.Tokens, request.Knowledge, threads);
        var blocks = CandidatePairs.Build(records, new KeyAtoms(records, across), Budget(records.Count, request.Effort), threads, cancel);
        steps.Done("block", blocks.Report.PairsAtMost);
        var random = sampled.GetAwaiter().GetResult();
        steps.Done("random pairs", SampleSize(records.Count));
        var scan = PairScan.Run(records, layout, blocks, Comparer, threads, done => steps.Part("compare", done, blocks.Report.PairsAtMost), cancel);
        steps.Done("compare", scan.Compared);
        var estimator = new Estimator(scan.Histogram, layout, blocks.Rules, random, records.PairCount, 0.25 * records.Count);
        var (model, weight, posterior) = request.Model is null ? estimator.Fit(blocks.RuleNames, cancel) : estimator.Apply(request.Model, blocks.RuleNames);
        steps.Done("estimate", scan.Histogram.Count);
        var pairs = Emit(scan, weight, posterior, request.EmitFrom);
        var expected = Enumerable.Range(0, posterior.Length).Sum(c => posterior[c] * scan.Histogram.Counts[c]);
        scan.ForgetPairs();
        var oneToOne = records.IsTwoFiles && BestLinks.LooksOneToOne(pairs, records.Count);
        if (oneToOne)
        {
            pairs = BestLinks.Greedy(pairs, records.Count, records.ContentHash);
        }

        var curve = oneToOne
            ? Calibration.Curve(pairs)
            : Calibration.Curve(posterior, scan.Histogram.Counts);
        var threshold = request.Threshold ?? Calibration.Best(curve);
        steps.Done("calibrate", pairs.Count);
        var clusters = Clusterer.Run(records.Count, pairs, threshold, Cohesion, records.ContentHash, cancel);
        if (!oneToOne && !records.IsTwoFiles)
        {
            var seen = pairs.Sum(p => (double)p.Probability);
            ClusterSupport.Lift(pairs, clusters);
            curve = Calibration.Curve(pairs, Math.Max(0, expected - seen));
            threshold = request.Threshold ?? Calibration.Best(curve);
        }

        steps.Done("cluster", records.Count);
        return new LinkageOutcome
        {
            Pairs = pairs,
            Threshold = threshold,
            Clusters = clusters,
            Model = model,
            Calibration = curve,
            Blocks = blocks.Report,
            LeftColumns = files[0].Roles,
            RightColumns = files.Count > 1 ? files[1].Roles : files[0].Roles,
            Compared = scan.Compared,
            OneToOne = oneToOne,
            LeftCount = records.LeftCount,
            Explainer = new PairExplainer(records, layout, model, request.Knowledge),
            PairGroups = new PairGroups(records),
        };
    }

    private static List<LinkedPair> Emit(PairScan scan, double[] weight, double[] posterior, double from)
    {
        var count = scan.Pairs.Sum(chunk => chunk.Count(pair => posterior[pair.Cell] >= from));
        var pairs = new List<LinkedPair>(count);
        foreach (var chunk in scan.Pairs)
        {
            foreach (var pair in chunk)
            {
                if (posterior[pair.Cell] >= from)
                {
                    pairs.Add(new(pair.Left, pair.Right, (float)posterior[pair.Cell], (float)weight[pair.Cell], scan.Histogram.Rules[pair.Cell]));
                }
            }
        }

        return pairs;
    }

    private static int SampleSize(int records) => records < 12_000 ? 60_000 : records < 100_000 ? 300_000 : 600_000;

    private static long Budget(int records, LinkageEffort effort) => effort switch
    {
        LinkageEffort.Fast => Math.Min(20L * records, 1_000_000 + records),
        LinkageEffort.Thorough => Math.Min(300L * records, 20_000_000 + (40L * records)),
        _ => Math.Min(80L * records, 4_000_000 + (2L * records)),
    };

    private sealed class Steps(IProgress<LinkageProgress>? progress)
    {
        public void Done(string step, long total) => progress?.Report(new(step, total, total));

        public void Part(string step, long done, long total) => progress?.Report(new(step, done, total));
    }
}
