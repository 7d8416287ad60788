namespace Waymark.Linkage;

/// <summary>
/// u-probabilities from pairs drawn at random: records are ordered by a hash of their content and paired with their next neighbours in
/// that order, so the draw is the same whatever the order of rows. Pairs that look like matches are left out.
/// </summary>
internal sealed record RandomPairs
{
    private readonly PatternHistogram _histogram;
    private readonly DateCounts? _dates;

    private RandomPairs(double[][] nonMatch, StrangerClasses strangers, PatternHistogram histogram, DateCounts? dates) =>
        (NonMatch, Strangers, _histogram, _dates) = (nonMatch, strangers, histogram, dates);

    /// <summary>Per field the level probabilities among strangers.</summary>
    public double[][] NonMatch { get; }

    public StrangerClasses Strangers { get; }

    /// <summary>Per field the share of pairs that cannot be compared in it.</summary>
    public double[] Missing { get; private init; } = [];

    /// <summary>Per field and level how many pairs showed it, what looks like a match left out.</summary>
    public double[][] Seen { get; private init; } = [];

    /// <summary>Pairs that are kept, and all that a check of groups needs to be drawn.</summary>
    public const int MostKept = 60_000;

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
        var reach = Math.Max(1, Math.Min(pairs / Math.Max(1, left.Length), Others(records, right)));
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

    /// <summary>With how many a record can be paired: with all of another file, so that it does not matter which file is first, with all but itself in one.</summary>
    private static int Others(PreparedRecords records, int[] right) => records.IsTwoFiles ? right.Length : right.Length - 1;

    /// <summary>
    /// The same draw without what a model knows to be matches: where people stand often in a small file, equal dates among random pairs are mostly those of one person, and
    /// would make equal dates common among strangers.
    /// </summary>
    /// <param name="layout">The fields.</param>
    /// <param name="match">Level probabilities among matches, per field.</param>
    /// <param name="share">Share of all pairs that are matches.</param>
    /// <param name="sameDates">Per level of dates the share of all pairs that are matches of it and share no part of the name.</param>
    public RandomPairs WithoutMatches(PatternLayout layout, double[][] match, double share, double[]? sameDates)
    {
        var prior = layout.Fields.Select(Weights).ToArray();
        // Whether a field can be compared says nothing of who it is about.
        var log = match.Select((levels, f) => Array.ConvertAll(levels, m => Math.Log(Math.Max(m, 1e-9) * (1 - Missing[f])))).ToArray();
        for (var f = 0; f < log.Length; f++)
        {
            log[f][0] = Math.Log(Missing[f]);
        }

        var matches = new double[_histogram.Count];
        for (var cell = 0; cell < matches.Length; cell++)
        {
            var sum = Math.Log(share);
            for (var f = 0; f < log.Length; f++)
            {
                sum += log[f][PatternLayout.Level(_histogram.Patterns[cell], layout.Fields[f])];
            }

            matches[cell] = Math.Exp(sum);
        }

        return Estimate(_histogram, layout, prior, _dates?.Without(sameDates), matches, Strangers) with { Drawn = Drawn };
    }

    /// <summary>
    /// Levels of dates among many more pairs than are compared whole, since equal dates are rare: pairs that share a part of the name are left out, they may be matches.
    /// </summary>
    private static DateCounts? Dates(PreparedRecords records, int[] left, int[] right, int threads)
    {
        if (records.Dates is not { } dates || records.Names is not { } names)
        {
            return null;
        }

        var reach = Math.Min(MostDatePairs / Math.Max(1, left.Length), Others(records, right));
        var found = new long[threads][];
        Parallel.For(0, threads, new ParallelOptions { MaxDegreeOfParallelism = threads }, worker =>
        {
            var own = new long[DateLevels.Count];
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
        return new([.. Enumerable.Range(0, DateLevels.Count).Select(level => (double)found.Sum(own => own[level]))], (double)reach * left.Length);
    }

    /// <summary>How often each level of dates was found among <paramref name="Drawn"/> random pairs, those that share a part of the name left out.</summary>
    private sealed record DateCounts(double[] Found, double Drawn)
    {
        public DateCounts Without(double[]? matches) => matches is null ? this : this with { Found = [.. Found.Select((n, level) => Math.Max(0, n - (Drawn * matches[level])))] };

        public double[] Probabilities()
        {
            var u = Priors.NonMatch(new("", FieldRole.BirthDate, 0, 4, DateLevels.Count));
            for (var level = 1; level < u.Length; level++)
            {
                u[level] = (20 * u[level]) + Found[level];
            }

            Priors.Normalise(u);
            return u;
        }
    }

    internal static bool ShareOne(ReadOnlySpan<int> a, ReadOnlySpan<int> b)
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

    private static RandomPairs Estimate(PatternHistogram histogram, PatternLayout layout, double[][] prior, DateCounts? dates, double[]? matches = null, StrangerClasses? before = null)
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
        }

        var (classes, strange) = StrangerClasses.Fit(histogram, layout, strangers, matches, before);
        for (var cell = 0; cell < histogram.Count; cell++)
        {
            for (var f = 0; f < u.Length && strangers[cell]; f++)
            {
                var level = PatternLayout.Level(histogram.Patterns[cell], layout.Fields[f]);
                u[f][level] += histogram.Counts[cell] * strange[cell];
                seen[f][level] += histogram.Counts[cell] * strange[cell];
            }
        }

        foreach (var p in u)
        {
            Priors.Normalise(p);
        }

        for (var f = 0; f < u.Length && dates is not null; f++)
        {
            u[f] = layout.Fields[f].Role == FieldRole.BirthDate ? dates.Probabilities() : u[f];
        }

        var missing = layout.Fields.Select(field => (0.5 + histogram.Patterns.Zip(histogram.Counts).Sum(c => PatternLayout.Level(c.First, field) == 0 ? (double)c.Second : 0)) / (drawn + 1.0));
        return new(u, classes, histogram, dates) { Seen = seen, Missing = [.. missing] };
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
