namespace Waymark.Linkage;

/// <summary>
/// Whether strangers of one group agree more often than the model believes of strangers on the whole. Random pairs are sorted into the groups; where a field's levels among
/// them differ from those of all random pairs, the odds of the group's links change by as much. No truth is asked.
/// </summary>
internal static class GroupCheck
{
    /// <summary>Random pairs that a group must show before it is judged, and how many pairs on the whole are supposed beside them.</summary>
    private const int Fewest = 200, Supposed = 100;

    public static List<(int Kind, int Key, GroupTrust Group)> Run(
        PairGroups groups, PatternLayout layout, RandomPairs random, List<LinkedPair> pairs, double threshold, PairComparer comparer)
    {
        var result = new List<(int, int, GroupTrust)>();
        var links = pairs.FindAll(p => p.Probability >= threshold && p.Rule != LinkedPair.Reviewed);
        var patterns = links.ConvertAll(p => 1 - p.Probability < 1e-4 ? 0 : comparer.Compare(p.Left, p.Right));
        for (var kind = 0; kind < PairGroups.Kinds; kind++)
        {
            var own = Levels(groups, layout, random, kind);
            var sums = new SortedDictionary<int, (long Links, double Expected, double Own)>();
            for (var i = 0; i < links.Count; i++)
            {
                var key = groups.Key(kind, links[i].Left, links[i].Right);
                if (key < 0)
                {
                    continue;
                }

                var p = links[i].Probability;
                var odds = (1 - p) / Math.Max(p, 1e-6) * (own.TryGetValue(key, out var u) ? More(u, patterns[i], layout, kind) : 1);
                var now = sums.GetValueOrDefault(key);
                sums[key] = (now.Links + 1, now.Expected + 1 - p, now.Own + (odds / (1 + odds)));
            }

            result.AddRange(sums.Select(s => (kind, s.Key, new GroupTrust(PairGroups.KindOf(kind), PairGroups.NameOf(kind, s.Key), s.Value.Links, s.Value.Expected, s.Value.Own))));
        }

        return result;
    }

    /// <summary>Per group and field, how many times more often a level occurs among its random pairs than among all.</summary>
    private static Dictionary<int, double[][]> Levels(PairGroups groups, PatternLayout layout, RandomPairs random, int kind)
    {
        var (counts, all) = (new Dictionary<int, (int Pairs, double[][] Levels)>(), Zeros(layout));
        foreach (var (left, right, pattern) in random.Drawn)
        {
            var key = groups.Key(kind, left, right);
            if (key < 0)
            {
                continue;
            }

            var now = counts.TryGetValue(key, out var found) ? found : (0, Zeros(layout));
            for (var f = 0; f < all.Length; f++)
            {
                var level = PatternLayout.Level(pattern, layout.Fields[f]);
                now.Item2[f][level]++;
                all[f][level]++;
            }

            counts[key] = (now.Item1 + 1, now.Item2);
        }

        return counts.Where(c => c.Value.Pairs >= Fewest).ToDictionary(c => c.Key, c => Ratios(c.Value.Levels, all));
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

    private static double More(double[][] ratios, ulong pattern, PatternLayout layout, int kind)
    {
        var more = 1.0;
        for (var f = 0; f < ratios.Length; f++)
        {
            // What sorts the pairs into groups differs between the groups by that alone.
            var role = layout.Fields[f].Role;
            more *= PairGroups.IsSortedBy(kind, role) ? 1 : ratios[f][PatternLayout.Level(pattern, layout.Fields[f])];
        }

        return more;
    }

    private static double[][] Zeros(PatternLayout layout) => [.. layout.Fields.Select(f => new double[f.Levels])];
}
