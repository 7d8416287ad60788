using Waymark.Model;

namespace Waymark.Linkage;

/// <summary>
/// Files that are prepared, blocked and compared once, and can then be estimated again and again: with the answers of reviewers, with
/// other constraints, with a kept model. Every call answers for what it was given and nothing else, so an answer taken back is undone.
/// One caller at a time.
/// </summary>
public sealed class Linker
{
    internal const double Cohesion = 0.35;
    private readonly LinkageRequest _request;
    private readonly PreparedRecords _records;
    private readonly List<(LinkageTable Table, ColumnRole[] Roles)> _files;
    private readonly PatternLayout _layout;
    private readonly CandidatePairs _blocks;
    private readonly RandomPairs _random;
    private readonly PairScan _scan;

    private Linker(
        LinkageRequest request,
        PreparedRecords records,
        List<(LinkageTable Table, ColumnRole[] Roles)> files,
        PatternLayout layout,
        CandidatePairs blocks,
        RandomPairs random,
        PairScan scan) => (_request, _records, _files, _layout, _blocks, _random, _scan) = (request, records, files, layout, blocks, random, scan);

    /// <summary>Prepares, blocks and compares; <see cref="Link"/> does the rest.</summary>
    public static Result<Linker> Open(LinkageRequest request, IProgress<LinkageProgress>? progress, CancellationToken cancel)
    {
        var opened = LinkageEngine.Open(request, cancel);
        return opened.IsOk ? Compare(request, opened.Value.Records, opened.Value.Files, new(progress), cancel) : opened.Error;
    }

    /// <summary>The same files with the answers of reviewers: weights, calibration, threshold and clusters are estimated anew.</summary>
    public Result<LinkageOutcome> With(IReadOnlyList<ReviewedPair> reviewed, CancellationToken cancel) =>
        Link(_request.Constraints with { Reviewed = reviewed }, null, cancel);

    /// <summary>Estimates, calibrates and clusters under constraints.</summary>
    public Result<LinkageOutcome> Link(LinkageConstraints constraints, IProgress<LinkageProgress>? progress, CancellationToken cancel) =>
        constraints.Check(_records.Count) is { } error ? error : Estimate(constraints, new Steps(progress), keep: true, cancel);

    internal static Linker Compare(
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
        var blocks = CandidatePairs.For(request, records, threads, cancel);
        steps.Done("block", blocks.Report.PairsAtMost);
        var scan = request.Compared ?? PairScan.Run(records, layout, blocks, Comparer, threads, done => steps.Part("compare", done, blocks.Report.PairsAtMost), cancel);
        steps.Done("compare", scan.Compared);
        blocks.ForgetPairs();
        var random = sampled.GetAwaiter().GetResult();
        steps.Done("random pairs", SampleSize(records.Count));
        return new(request, records, files, layout, blocks, random, scan);
    }

    internal LinkageOutcome Estimate(LinkageConstraints constraints, Steps steps, bool keep, CancellationToken cancel)
    {
        var known = new KnownPairs(constraints);
        var threads = Math.Clamp(_request.Threads, 1, 64);
        var labels = ReviewedCells.Of(known, _scan);
        var estimator = new Estimator(_scan.Histogram, _layout, _blocks.Rules, _random, _records.PairCount, 0.25 * _records.Count, labels, Asked(), threads);
        var (model, weight, posterior) = _request.Model is null ? estimator.Fit(_blocks.RuleNames, SameDates, cancel) : estimator.Apply(_request.Model, _blocks.RuleNames);
        labels.Calibrate(weight, posterior);
        steps.Done("estimate", _scan.Histogram.Count);
        var (pairs, reviewed) = Emit(weight, posterior, known, _request.EmitFrom);
        var expected = 0.0;
        for (var cell = 0; cell < posterior.Length; cell++)
        {
            expected += posterior[cell] * _scan.Histogram.Counts[cell];
        }

        if (!keep)
        {
            _scan.ForgetPairs();
        }

        var oneToOne = _records.IsTwoFiles && BestLinks.LooksOneToOne(pairs, _records.Count);
        if (oneToOne)
        {
            pairs = BestLinks.Greedy(pairs, _records.Count, _records.ContentHash);
            BestLinks.Unrivalled(pairs, _records.LeftCount, _records.Count - _records.LeftCount);
        }
        else if (known.SourceOf is { } sourceOf)
        {
            pairs = BestLinks.OnePerSource(pairs, sourceOf, _records.ContentHash);
        }

        var curve = oneToOne || !known.IsEmpty
            ? Calibration.Curve(pairs, oneToOne ? 0 : Math.Max(0, expected - pairs.Sum(p => (double)p.Probability)))
            : Calibration.Curve(posterior, _scan.Histogram.Counts);
        var threshold = _request.Threshold ?? Calibration.Best(curve);
        steps.Done("calibrate", pairs.Count);
        var groups = new PairGroups(_records);
        var trust = GroupCheck.Run(groups, _layout, estimator.Random, pairs, threshold, () => new(_records, _layout, _request.Knowledge), threads);
        var doubts = GroupCheck.Doubts(trust, groups);
        var joining = doubts is null ? pairs : pairs.FindAll(p => doubts(p) is null);
        var clusters = Clusterer.Run(_records.Count, joining, threshold, Cohesion, known, _records.ContentHash, cancel, threads);
        if (!oneToOne && !_records.IsTwoFiles)
        {
            var seen = pairs.Sum(p => (double)p.Probability);
            ClusterSupport.Lift(pairs, clusters);
            curve = Calibration.Curve(pairs, Math.Max(0, expected - seen));
            threshold = _request.Threshold ?? Calibration.Best(curve);
        }

        steps.Done("cluster", _records.Count);
        return new LinkageOutcome
        {
            Pairs = pairs,
            Threshold = threshold,
            Clusters = clusters,
            Model = model,
            Calibration = curve,
            Blocks = _blocks.Report,
            LeftColumns = _files[0].Roles,
            RightColumns = _files.Count > 1 ? _files[1].Roles : _files[0].Roles,
            Compared = _scan.Compared,
            OneToOne = oneToOne,
            LeftCount = _records.LeftCount,
            Explainer = new PairExplainer(_records, _layout, model, _request.Knowledge),
            PairGroups = groups,
            Trust = [.. trust.Select(t => t.Group)],
            Doubts = doubts,
            Reviewed = reviewed,
            Strangers = estimator.Random.Strangers,
            Content = _records.ContentHash,
        };
    }

    /// <summary>The model of an outcome with what else scoring needs, for an index that grows.</summary>
    internal FrozenModel Freeze(LinkageOutcome outcome) => new(outcome.Model, outcome.Strangers, _records.PairCount, [.. _blocks.Caps], outcome.Threshold);

    internal Frequencies Frequencies() => Linkage.Frequencies.Of(_records);

    /// <summary>Pairs worth handing out, and the reviewed ones as the model alone would score them.</summary>
    private (List<LinkedPair> Pairs, List<(LinkedPair Pair, bool OnePerson)> Reviewed) Emit(double[] weight, double[] posterior, KnownPairs known, double from)
    {
        var count = _scan.Pairs.Sum(chunk => chunk.Count(pair => posterior[pair.Cell] >= from));
        var pairs = new List<LinkedPair>(count);
        var reviewed = new List<(LinkedPair Pair, bool OnePerson)>();
        foreach (var chunk in _scan.Pairs)
        {
            foreach (var pair in chunk)
            {
                if (posterior[pair.Cell] >= from || known.SaidCount > 0)
                {
                    var link = new LinkedPair(pair.Left, pair.Right, (float)posterior[pair.Cell], (float)weight[pair.Cell], _scan.Histogram.Rules[pair.Cell]);
                    if (known.Said(pair.Left, pair.Right) is { } one)
                    {
                        reviewed.Add((link, one));
                    }
                    else if (posterior[pair.Cell] >= from && !known.AreTwo(pair.Left, pair.Right))
                    {
                        pairs.Add(link);
                    }
                }
            }
        }

        if (known.SaidCount > 0)
        {
            foreach (var (left, right, one) in known.All)
            {
                if (one && (!_records.IsTwoFiles || (left < _records.LeftCount && right >= _records.LeftCount)))
                {
                    pairs.Add(new(left, right, 1, LinkedPair.ReviewedWeight, LinkedPair.Reviewed));
                }
            }

            pairs.Sort((a, b) => a.Left != b.Left ? a.Left.CompareTo(b.Left) : a.Right.CompareTo(b.Right));
        }

        return (pairs, reviewed);
    }

    /// <summary>Per level of dates the share of all pairs that are matches of it and share no part of the name.</summary>
    private double[]? SameDates(double[] posterior)
    {
        if (_layout.Fields.FirstOrDefault(f => f.Role == FieldRole.BirthDate) is not { } field || _records.Names is not { } names)
        {
            return null;
        }

        var unshared = new long[posterior.Length];
        foreach (var pair in _scan.Pairs.SelectMany(chunk => chunk))
        {
            unshared[pair.Cell] += posterior[pair.Cell] > 0.01 && !RandomPairs.ShareOne(names.IdsOf(pair.Left), names.IdsOf(pair.Right)) ? 1 : 0;
        }

        var found = new double[field.Levels];
        for (var cell = 0; cell < unshared.Length; cell++)
        {
            found[PatternLayout.Level(_scan.Histogram.Patterns[cell], field)] += posterior[cell] * unshared[cell] / _records.PairCount;
        }

        return found;
    }

    /// <summary>Records of the smaller of two files. In one file all ask about all, so nothing speaks for holding back.</summary>
    private double Asked() => _records.IsTwoFiles ? Math.Min(_records.LeftCount, _records.Count - _records.LeftCount) : double.PositiveInfinity;

    private static int SampleSize(int records) => records < 12_000 ? 150_000 : records < 100_000 ? 300_000 : 600_000;

    internal sealed class Steps(IProgress<LinkageProgress>? progress)
    {
        public void Done(string step, long total) => progress?.Report(new(step, total, total));

        public void Part(string step, long done, long total) => progress?.Report(new(step, done, total));
    }
}
