namespace Waymark.Linkage;

/// <summary>
/// u-probabilities from pairs drawn at random: records are ordered by a hash of their content and paired with their next neighbours in
/// that order, so the draw is the same whatever the order of rows. Pairs that look like matches are left out.
/// </summary>
internal sealed record RandomPairs(double[][] NonMatch, StrangerClasses Strangers)
{
    private const int MostKept = 60_000;

    /// <summary>Some of the pairs with their patterns, strangers all but for a few.</summary>
    public IReadOnlyList<(int Left, int Right, ulong Pattern)> Drawn { get; private init; } = [];

    private const int MostRecords = 6000;
    private const int MostDatePairs = 1_000_000;
    private const double LooksLikeMatch = 16;

    public static RandomPairs Draw(PreparedRecords records, PatternLayout layout, Func<PairComparer> comparer, int pairs, int threads)
    {
        var left = Sample(records, 0, records.LeftCount);
        var right = records.IsTwoFiles ? Sample(records, records.LeftCount, records.Count) : left;
        var prior = layout.Fields.Select(f => Weights(f)).ToArray();
        var counters = new PatternCounter[threads];
        var kept = new List<(int Left, int Right, ulong Pattern)>[left.Length];
        var reach = Math.Max(1, Math.Min(pairs / Math.Max(1, left.Length), right.Length - 1));
        var keep = Math.Max(1, MostKept / Math.Max(1, left.Length));
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
                    kept[i] = [];
                    for (var k = 1; k <= reach; k++)
                    {
                        var other = right[(i + k) % right.Length];
                        if (other != left[i])
                        {
                            var pattern = own.Compare(left[i], other);
                            counter.Add(0, pattern, 1, out _);
                            if (k <= keep && PairScan.PriorWeight(pattern, layout, prior) <= LooksLikeMatch)
                            {
                                kept[i].Add((left[i], other, pattern));
                            }
                        }
                    }
                }
            });
        return Estimate(PatternHistogram.Merge(counters, out _), layout, prior, Dates(records, left, right)) with { Drawn = [.. kept.SelectMany(k => k)] };
    }

    /// <summary>
    /// Levels of dates among many more pairs than are compared whole, since equal dates are rare: pairs that share a part of the name are left out, they may be matches.
    /// </summary>
    private static double[]? Dates(PreparedRecords records, int[] left, int[] right)
    {
        if (records.Dates is null || records.Names is null)
        {
            return null;
        }

        var field = new PatternField("", FieldRole.BirthDate, 0, 4, DateLevels.Count);
        var u = Priors.NonMatch(field);
        for (var level = 1; level < u.Length; level++)
        {
            u[level] *= 20;
        }

        var reach = Math.Min(MostDatePairs / Math.Max(1, left.Length), right.Length - 1);
        for (var i = 0; i < left.Length; i++)
        {
            for (var k = 1; k <= reach; k++)
            {
                var other = right[(i + k) % right.Length];
                var (a, b) = (records.DateCodes[left[i]], records.DateCodes[other]);
                if (a != 0 && b != 0 && other != left[i] && !records.Names.IdsOf(left[i]).ContainsAny(records.Names.IdsOf(other)))
                {
                    u[DateLevels.Compare(records.Dates[a], records.Dates[b])]++;
                }
            }
        }

        Priors.Normalise(u);
        return u;
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

    private static RandomPairs Estimate(PatternHistogram histogram, PatternLayout layout, double[][] prior, double[]? dates)
    {
        var u = layout.Fields.Select(Priors.NonMatch).ToArray();
        foreach (var p in u)
        {
            for (var level = 1; level < p.Length; level++)
            {
                p[level] *= 20;
            }
        }

        // A level that no pair of the sample shows is rare, but not as much rarer as the sample is larger: it keeps up to half a pair.
        var drawn = histogram.Counts.Sum();
        foreach (var p in u)
        {
            for (var level = 1; level < p.Length; level++)
            {
                p[level] += Math.Min(0.5, p[level] / 20 * drawn);
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

        for (var f = 0; f < u.Length && dates is not null; f++)
        {
            u[f] = layout.Fields[f].Role == FieldRole.BirthDate ? dates : u[f];
        }

        return new(u, StrangerClasses.Fit(histogram, layout, strangers));
    }

    private static int[] Sample(PreparedRecords records, int from, int to)
    {
        var hashes = records.ContentHashes(from, to);
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
