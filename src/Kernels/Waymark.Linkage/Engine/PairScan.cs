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
                var own = new Worker(comparer(), layout, prior);
                counters[worker] = own.Counter;
                var walk = new CandidatePairs.Walk(candidates, records.Count);
                for (int chunk; (chunk = Interlocked.Increment(ref next) - 1) < chunks;)
                {
                    cancel.ThrowIfCancellationRequested();
                    long count = 0;
                    var from = (begin + chunk) * Chunk;
                    walk.Start(from);
                    for (var record = from; record < Math.Min(records.Count, from + Chunk); record++)
                    {
                        var found = walk.Next(record);
                        count += found.Length;
                        own.Add(found);
                    }

                    kept[chunk] = own.Take();
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

    /// <summary>The work of one thread. Records have few candidates each, so pairs of many records are gathered and what they touch is fetched together.</summary>
    private sealed class Worker(PairComparer comparer, PatternLayout layout, double[][] prior)
    {
        private const int AtOnce = 256;
        private readonly CandidatePair[] _waiting = new CandidatePair[AtOnce];
        private readonly List<bool> _keep = [];
        private readonly List<ScoredPair> _kept = [];
        private int _count;

        public PatternCounter Counter { get; } = new();

        public void Add(ReadOnlySpan<CandidatePair> found)
        {
            while (!found.IsEmpty)
            {
                var fits = Math.Min(found.Length, AtOnce - _count);
                found[..fits].CopyTo(_waiting.AsSpan(_count));
                found = found[fits..];
                _count += fits;
                if (_count == AtOnce)
                {
                    CompareWaiting();
                }
            }
        }

        /// <summary>The pairs worth keeping since the last call, in the order they were added.</summary>
        public ScoredPair[] Take()
        {
            CompareWaiting();
            ScoredPair[] kept = [.. _kept];
            _kept.Clear();
            return kept;
        }

        private void CompareWaiting()
        {
            ReadOnlySpan<CandidatePair> waiting = _waiting.AsSpan(0, _count);
            comparer.Ahead(waiting);
            foreach (var pair in waiting)
            {
                var pattern = comparer.Compare(pair.Left, pair.Right);
                var cell = Counter.Add(pair.Rule, pattern, 1, out var isNew);
                if (isNew)
                {
                    _keep.Add(PriorWeight(pattern, layout, prior) > KeepAbove);
                }

                if (_keep[cell])
                {
                    _kept.Add(new(pair.Left, pair.Right, cell));
                }
            }

            _count = 0;
        }
    }
}
