namespace Waymark.Linkage;

/// <summary>A pair worth keeping and the cell of the histogram it fell into.</summary>
internal readonly record struct ScoredPair(int Left, int Right, int Cell);

/// <summary>Compares all candidates once: counts patterns, keeps the pairs that could be links. Threads take chunks of records.</summary>
internal sealed class PairScan
{
    public const int Chunk = 1024;
    private const double KeepAbove = -5;

    internal PairScan(PatternHistogram histogram, List<ScoredPair[]> pairs, long compared) =>
        (Histogram, Pairs, Compared) = (histogram, pairs, compared);

    public PatternHistogram Histogram { get; }

    /// <summary>Kept pairs in order of the left record.</summary>
    public List<ScoredPair[]> Pairs { get; }

    /// <summary>Lets go of the kept pairs once they are handed out.</summary>
    public void ForgetPairs() => Pairs.Clear();

    public long Compared { get; }

    public static PairScan Run(
        PreparedRecords records,
        PatternLayout layout,
        CandidatePairs candidates,
        Func<PairComparer> comparer,
        int threads,
        Action<long> progress,
        CancellationToken cancel,
        Range? part = null)
    {
        var (begin, chunks) = (part ?? Range.All).GetOffsetAndLength((records.Count + Chunk - 1) / Chunk);
        var kept = new ScoredPair[chunks][];
        var byWorker = new int[chunks];
        var counters = new PatternCounter[threads];
        var prior = layout.Fields.Select(RandomPairs.Weights).ToArray();
        var next = 0;
        long compared = 0;
        Parallel.For(
            0,
            threads,
            new ParallelOptions { MaxDegreeOfParallelism = threads },
            worker =>
            {
                var own = comparer();
                var counter = counters[worker] = new PatternCounter();
                var keep = new List<bool>();
                var walk = new CandidatePairs.Walk(candidates, records.Count);
                var pairs = new List<ScoredPair>();
                for (int chunk; (chunk = Interlocked.Increment(ref next) - 1) < chunks;)
                {
                    cancel.ThrowIfCancellationRequested();
                    pairs.Clear();
                    long count = 0;
                    var from = (begin + chunk) * Chunk;
                    walk.Start(from);
                    for (var record = from; record < Math.Min(records.Count, from + Chunk); record++)
                    {
                        var found = walk.Next(record);
                        count += found.Length;
                        own.Ahead(found);
                        foreach (var (other, rule) in found)
                        {
                            var pattern = own.Compare(record, other);
                            var cell = counter.Add(rule, pattern, 1, out var isNew);
                            if (isNew)
                            {
                                keep.Add(PriorWeight(pattern, layout, prior) > KeepAbove);
                            }

                            if (keep[cell])
                            {
                                pairs.Add(new(record, other, cell));
                            }
                        }
                    }

                    kept[chunk] = [.. pairs];
                    byWorker[chunk] = worker;
                    progress(Interlocked.Add(ref compared, count));
                }
            });
        var histogram = PatternHistogram.Merge(counters, out var maps);
        for (var chunk = 0; chunk < chunks; chunk++)
        {
            var map = maps[byWorker[chunk]];
            var own = kept[chunk];
            for (var i = 0; i < own.Length; i++)
            {
                own[i] = own[i] with { Cell = map[own[i].Cell] };
            }
        }

        return new PairScan(histogram, [.. kept], compared);
    }

    public static double PriorWeight(ulong pattern, PatternLayout layout, double[][] prior)
    {
        var weight = 0.0;
        for (var f = 0; f < prior.Length; f++)
        {
            weight += prior[f][PatternLayout.Level(pattern, layout.Fields[f])];
        }

        return weight;
    }
}
