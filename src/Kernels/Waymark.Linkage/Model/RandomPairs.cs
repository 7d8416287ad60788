namespace Waymark.Linkage;

/// <summary>
/// u-probabilities from pairs drawn at random: records are ordered by a hash of their content and paired with their next neighbours in
/// that order, so the draw is the same whatever the order of rows. Pairs that look like matches are left out.
/// </summary>
internal sealed record RandomPairs(double[][] NonMatch, StrangerClasses Strangers)
{
    private const int MostRecords = 6000;
    private const double LooksLikeMatch = 16;

    public static RandomPairs Draw(PreparedRecords records, PatternLayout layout, Func<PairComparer> comparer, int pairs, int threads)
    {
        var left = Sample(records, 0, records.LeftCount);
        var right = records.IsTwoFiles ? Sample(records, records.LeftCount, records.Count) : left;
        var prior = layout.Fields.Select(f => Weights(f)).ToArray();
        var counters = new PatternCounter[threads];
        var reach = Math.Max(1, Math.Min(pairs / Math.Max(1, left.Length), right.Length - 1));
        Parallel.For(
            0,
            threads,
            new ParallelOptions { MaxDegreeOfParallelism = threads },
            worker =>
            {
                var own = comparer();
                var counter = counters[worker] = new PatternCounter();
                for (var i = worker; i < left.Length; i += threads)
                {
                    for (var k = 1; k <= reach; k++)
                    {
                        var other = right[(i + k) % right.Length];
                        if (other != left[i])
                        {
                            counter.Add(0, own.Compare(left[i], other), 1, out _);
                        }
                    }
                }
            });
        return Estimate(PatternHistogram.Merge(counters, out _), layout, prior);
    }

    /// <summary>log2(m/u) of the priors per level.</summary>
    public static double[] Weights(PatternField field)
    {
        var m = Priors.Match(field);
        var u = Priors.NonMatch(field);
        var weights = new double[m.Length];
        for (var level = 1; level < m.Length; level++)
        {
            weights[level] = Math.Log2(Math.Max(m[level], 1e-9) / Math.Max(u[level], 1e-9));
        }

        return weights;
    }

    private static RandomPairs Estimate(PatternHistogram histogram, PatternLayout layout, double[][] prior)
    {
        var u = layout.Fields.Select(Priors.NonMatch).ToArray();
        foreach (var p in u)
        {
            for (var level = 1; level < p.Length; level++)
            {
                p[level] *= 20;
            }
        }

        var strangers = new bool[histogram.Count];
        for (var cell = 0; cell < histogram.Count; cell++)
        {
            var weight = 0.0;
            for (var f = 0; f < u.Length; f++)
            {
                weight += prior[f][PatternLayout.Level(histogram.Patterns[cell], layout.Fields[f])];
            }

            if (weight > LooksLikeMatch)
            {
                continue;
            }

            strangers[cell] = true;
            for (var f = 0; f < u.Length; f++)
            {
                u[f][PatternLayout.Level(histogram.Patterns[cell], layout.Fields[f])] += histogram.Counts[cell];
            }
        }

        foreach (var p in u)
        {
            Priors.Normalise(p);
        }

        return new(u, StrangerClasses.Fit(histogram, layout, strangers));
    }

    private static int[] Sample(PreparedRecords records, int from, int to)
    {
        var hashes = new ulong[to - from];
        Parallel.For(0, hashes.Length, i => hashes[i] = records.ContentHash(from + i));
        var ids = Enumerable.Range(from, to - from).ToArray();
        if (ids.Length > MostRecords)
        {
            // A bottom-k sketch: the smallest hashes are a uniform draw.
            var limit = (ulong)(ulong.MaxValue * (1.2 * MostRecords / ids.Length));
            var keep = Enumerable.Range(0, ids.Length).Where(i => hashes[i] <= limit).ToArray();
            ids = Array.ConvertAll(keep, i => ids[i]);
            hashes = Array.ConvertAll(keep, i => hashes[i]);
        }

        Array.Sort(hashes, ids);
        return ids.Length > MostRecords ? ids[..MostRecords] : ids;
    }
}
