namespace Waymark.Linkage;

/// <summary>
/// u-probabilities from pairs drawn at random: records are ordered by a hash of their content and paired with their next neighbours in
/// that order, so the draw is the same whatever the order of rows. Pairs that look like matches are left out.
/// </summary>
internal sealed record RandomPairs(double[][] NonMatch, StrangerClasses Strangers)
{
    /// <summary>Per field and level how many pairs showed it, what looks like a match left out.</summary>
    public double[][] Seen { get; private init; } = [];

    private const int MostKept = 60_000;

    /// <summary>Some of the pairs with their patterns, strangers all but for a few.</summary>
    public (int Left, int Right, ulong Pattern)[] Drawn { get; private init; } = [];

    private const int MostRecords = 6000;
    private const int MostDatePairs = 1_000_000;
    private const double LooksLikeMatch = 16;

    public static RandomPairs Draw(PreparedRecords records, PatternLayout layout, Func<PairComparer> comparer, int pairs, int threads)
    {
        var left = Sample(records, 0, records.LeftCount);
        var right = records.IsTwoFiles ? Sample(records, records.LeftCount, records.Count) : left;
        var prior = layout.Fields.Select(f => Weights(f)).ToArray();
        var counters = new PatternCounter[threads];
        var reach = Math.Max(1, Math.Min(pairs / Math.Max(1, left.Length), right.Length - 1));
        var keep = Math.Max(1, MostKept / Math.Max(1, left.Length));
        var kept = new (int Left, int Right, ulong Pattern)[left.Length * Math.Min(keep, reach)];
        var counts = new int[left.Length];
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
                    var next = i % right.Length;
                    for (var k = 1; k <= reach; k++)
                    {
                        next = next + 1 == right.Length ? 0 : next + 1;
                        var other = right[next];
                        if (other != left[i])
                        {
                            var pattern = own.Compare(left[i], other);
                            counter.Add(0, pattern, 1, out _);
                            if (k <= keep && PairScan.PriorWeight(pattern, layout, prior) <= LooksLikeMatch)
                            {
                                kept[(i * Math.Min(keep, reach)) + counts[i]++] = (left[i], other, pattern);
                            }
                        }
                    }
                }
            });
        var drawn = 0;
        for (var i = 0; i < counts.Length; i++)
        {
            kept.AsSpan(i * Math.Min(keep, reach), counts[i]).CopyTo(kept.AsSpan(drawn));
            drawn += counts[i];
        }

        Array.Resize(ref kept, drawn);
        return Estimate(PatternHistogram.Merge(counters, out _), layout, prior, Dates(records, left, right, threads)) with { Drawn = kept };
    }

    /// <summary>
    /// Levels of dates among many more pairs than are compared whole, since equal dates are rare: pairs that share a part of the name are left out, they may be matches.
    /// </summary>
    private static double[]? Dates(PreparedRecords records, int[] left, int[] right, int threads)
    {
        if (records.Dates is not { } dates || records.Names is not { } names)
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
        var found = new long[threads][];
        Parallel.For(0, threads, new ParallelOptions { MaxDegreeOfParallelism = threads }, worker =>
        {
            var own = new long[u.Length];
            for (var i = worker; i < left.Length; i += threads)
            {
                if (records.DateCodes[left[i]] is not 0 and var date)
                {
                    var (mine, next) = (dates[date], i % right.Length);
                    var parts = names.IdsOf(left[i]);
                    for (var k = 1; k <= reach; k++)
                    {
                        next = next + 1 == right.Length ? 0 : next + 1;
                        var other = right[next];
                        if (records.DateCodes[other] is not 0 and var otherDate && other != left[i] && !ShareOne(parts, names.IdsOf(other)))
                        {
                            own[DateLevels.Compare(mine, dates[otherDate])]++;
                        }
                    }
                }
            }

            found[worker] = own;
        });
        foreach (var own in found)
        {
            for (var level = 0; level < u.Length; level++)
            {
                u[level] += own[level];
            }
        }

        Priors.Normalise(u);
        return u;
    }

    private static bool ShareOne(ReadOnlySpan<int> a, ReadOnlySpan<int> b)
    {
        foreach (var part in a)
        {
            foreach (var other in b)
            {
                if (part == other)
                {
                    return true;
                }
            }
        }

        return false;
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

        var seen = layout.Fields.Select(f => new double[f.Levels]).ToArray();
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
                var level = PatternLayout.Level(histogram.Patterns[cell], layout.Fields[f]);
                u[f][level] += histogram.Counts[cell];
                seen[f][level] += histogram.Counts[cell];
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

        return new(u, StrangerClasses.Fit(histogram, layout, strangers)) { Seen = seen };
    }

    private static int[] Sample(PreparedRecords records, int from, int to)
    {
        var hashes = records.ContentHashes(from, to);
        var ids = new int[to - from];

        // A bottom-k sketch: the smallest hashes are a uniform draw.
        var limit = ids.Length > MostRecords ? (ulong)(ulong.MaxValue * (1.2 * MostRecords / ids.Length)) : ulong.MaxValue;
        var count = 0;
        for (var i = 0; i < hashes.Length; i++)
        {
            if (hashes[i] <= limit)
            {
                (ids[count], hashes[count]) = (from + i, hashes[i] ^ records.Arrangement(from + i));
                count++;
            }
        }

        // Sorted by as much of the hash as fits beside a place, then by all of it.
        var bits = System.Numerics.BitOperations.Log2((uint)count | 1) + 1;
        var order = new ulong[count];
        for (var i = 0; i < count; i++)
        {
            order[i] = (hashes[i] >> bits << bits) | (uint)i;
        }

        Array.Sort(order);
        var mask = (1UL << bits) - 1;
        for (var i = 1; i < count; i++)
        {
            for (var k = i; k > 0 && hashes[order[k - 1] & mask] > hashes[order[k] & mask]; k--)
            {
                (order[k - 1], order[k]) = (order[k], order[k - 1]);
            }
        }

        var sample = new int[Math.Min(count, MostRecords)];
        for (var i = 0; i < sample.Length; i++)
        {
            sample[i] = ids[order[i] & mask];
        }

        return sample;
    }
}
