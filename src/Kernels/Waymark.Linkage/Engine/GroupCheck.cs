namespace Waymark.Linkage;

/// <summary>
/// Whether strangers of one group agree more often than the model believes of strangers on the whole. Random pairs are sorted into the groups; where a field's levels among
/// them differ from those of all random pairs, the odds of the group's links change by as much. No truth is asked.
/// </summary>
internal static class GroupCheck
{
    /// <summary>Random pairs that a group must show before it is judged, and how many pairs on the whole are supposed beside them.</summary>
    private const int Fewest = 200, Supposed = 100;
    private const int LinksPerWorker = 2_048;

    public static List<JudgedGroup> Run(
        PairGroups groups, PatternLayout layout, RandomPairs random, List<LinkedPair> pairs, double threshold, Func<PairComparer> comparer, int threads)
    {
        var links = pairs.FindAll(p => p.Probability >= threshold && p.Rule != LinkedPair.Reviewed);
        var patterns = Patterns(links, comparer, threads);
        var byKind = new List<JudgedGroup>[PairGroups.Kinds];
        Parallel.For(0, byKind.Length, new ParallelOptions { MaxDegreeOfParallelism = threads }, kind => byKind[kind] = OfKind(kind, groups, layout, random, links, patterns));
        return [.. byKind.SelectMany(k => k)];
    }

    /// <summary>The group that makes a pair a candidate only, as a question; null when every group is trusted. What a person said is beyond it.</summary>
    public static Func<LinkedPair, GroupTrust?>? Doubts(List<JudgedGroup> judged, PairGroups groups)
    {
        var distrusted = judged.FindAll(group => !group.Group.IsTrusted);
        return distrusted.Count == 0 ? null
            : pair => pair.Rule == LinkedPair.Reviewed ? null : distrusted.Find(group => groups.Key(group.Kind, pair.Left, pair.Right) == group.Key)?.Group;
    }

    /// <summary>What the links agree in; 0 for those beyond doubt, which no group makes doubtful.</summary>
    private static ulong[] Patterns(List<LinkedPair> links, Func<PairComparer> comparer, int threads)
    {
        var patterns = new ulong[links.Count];
        var workers = Math.Clamp(links.Count / LinksPerWorker, 1, threads);
        Parallel.For(0, workers, worker =>
        {
            var own = comparer();
            var until = (int)((long)links.Count * (worker + 1) / workers);
            for (var i = (int)((long)links.Count * worker / workers); i < until; i++)
            {
                patterns[i] = 1 - links[i].Probability < 1e-4 ? 0 : own.Compare(links[i].Left, links[i].Right);
            }
        });
        return patterns;
    }

    private static List<JudgedGroup> OfKind(
        int kind, PairGroups groups, PatternLayout layout, RandomPairs random, List<LinkedPair> links, ulong[] patterns)
    {
        var own = Levels(groups, layout, random, kind);
        var counted = layout.Fields.Select(f => !PairGroups.IsSortedBy(kind, f.Role)).ToArray();
        var sums = new Dictionary<int, Sum>();
        for (var i = 0; i < links.Count; i++)
        {
            var key = groups.Key(kind, links[i].Left, links[i].Right);
            if (key < 0)
            {
                continue;
            }

            if (!sums.TryGetValue(key, out var sum))
            {
                sums[key] = sum = new Sum(own.TryGetValue(key, out var ratios) ? ratios : null);
            }

            var p = links[i].Probability;
            var odds = (1 - p) / Math.Max(p, 1e-6) * (sum.Ratios is null || patterns[i] == 0 ? 1 : More(sum.Ratios, patterns[i], layout, counted));
            sum.Links++;
            sum.Expected = sum.Expected + 1 - p;
            sum.Own += odds / (1 + odds);
        }

        var keys = new int[sums.Count];
        sums.Keys.CopyTo(keys, 0);
        Array.Sort(keys);
        var judged = new List<JudgedGroup>(keys.Length);
        foreach (var key in keys)
        {
            var sum = sums[key];
            judged.Add(new(kind, key, new GroupTrust(PairGroups.KindOf(kind), PairGroups.NameOf(kind, key), sum.Links, sum.Expected, sum.Own)));
        }

        return judged;
    }

    private sealed class Sum(double[][]? ratios)
    {
        public double[][]? Ratios => ratios;

        public long Links { get; set; }

        public double Expected { get; set; }

        public double Own { get; set; }
    }

    /// <summary>Per group and field, how many times more often a level occurs among its random pairs than among all.</summary>
    private static Dictionary<int, double[][]> Levels(PairGroups groups, PatternLayout layout, RandomPairs random, int kind)
    {
        var (counts, all) = (new Dictionary<int, Counted>(), Zeros(layout));
        foreach (var (left, right, pattern) in random.Drawn)
        {
            var key = groups.Key(kind, left, right);
            if (key < 0)
            {
                continue;
            }

            if (!counts.TryGetValue(key, out var now))
            {
                counts[key] = now = new Counted(Zeros(layout));
            }

            for (var f = 0; f < all.Length; f++)
            {
                var level = PatternLayout.Level(pattern, layout.Fields[f]);
                now.Levels[f][level]++;
                all[f][level]++;
            }

            now.Pairs++;
        }

        var ratios = new Dictionary<int, double[][]>();
        foreach (var (key, group) in counts)
        {
            if (group.Pairs >= Fewest)
            {
                ratios[key] = Ratios(group.Levels, all);
            }
        }

        return ratios;
    }

    private sealed class Counted(double[][] levels)
    {
        public double[][] Levels => levels;

        public int Pairs { get; set; }
    }

    private static double[][] Ratios(double[][] own, double[][] all)
    {
        var ratios = new double[own.Length][];
        for (var f = 0; f < own.Length; f++)
        {
            var (mine, whole) = (own[f].Skip(1).Sum(), all[f].Skip(1).Sum());
            ratios[f] = new double[own[f].Length];
            for (var level = 0; level < own[f].Length; level++)
            {
                // As many as on the whole are supposed beside what was seen; a level that hardly anybody shows says nothing.
                var expected = level == 0 || whole == 0 ? 0 : all[f][level] / whole * mine;
                var supposed = Math.Max(5, expected * Supposed / Math.Max(1, mine));
                ratios[f][level] = level == 0 ? 1 : (own[f][level] + supposed) / (expected + supposed);
            }
        }

        return ratios;
    }

    /// <param name="ratios">How many times more often each level occurs in the group.</param>
    /// <param name="pattern">The levels of a pair.</param>
    /// <param name="layout">Where they stand.</param>
    /// <param name="counted">Fields that do not sort the pairs into groups: what does differs between the groups by that alone.</param>
    private static double More(double[][] ratios, ulong pattern, PatternLayout layout, bool[] counted)
    {
        var more = 1.0;
        for (var f = 0; f < ratios.Length; f++)
        {
            more *= counted[f] ? ratios[f][PatternLayout.Level(pattern, layout.Fields[f])] : 1;
        }

        return more;
    }

    private static double[][] Zeros(PatternLayout layout) => [.. layout.Fields.Select(f => new double[f.Levels])];
}

/// <summary>A group of links of one kind and what is thought of it.</summary>
internal sealed record JudgedGroup(int Kind, int Key, GroupTrust Group);
