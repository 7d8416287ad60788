namespace Waymark.Linkage;

/// <summary>One link per record between two files that hold nobody twice: best first.</summary>
internal static class BestLinks
{
    /// <summary>True when hardly any record has two strong links, as it is when neither file holds repeats.</summary>
    public static bool LooksOneToOne(List<LinkedPair> pairs, int records)
    {
        var strong = new byte[records];
        foreach (var pair in pairs)
        {
            if (pair.Probability >= 0.9f)
            {
                strong[pair.Left] = (byte)Math.Min(2, strong[pair.Left] + 1);
                strong[pair.Right] = (byte)Math.Min(2, strong[pair.Right] + 1);
            }
        }

        var once = strong.Count(s => s == 1);
        var more = strong.Count(s => s == 2);
        return more <= 0.02 * (once + more);
    }

    /// <summary>A record has at most one link into a source that holds nobody twice: the best.</summary>
    public static List<LinkedPair> OnePerSource(List<LinkedPair> pairs, IReadOnlyList<int> sourceOf, Func<int, ulong> content)
    {
        var taken = new HashSet<(int Record, int Source)>();
        var kept = new List<int>();
        foreach (var i in PairOrder.Of(pairs, content))
        {
            var (left, right) = ((pairs[i].Left, sourceOf[pairs[i].Right]), (pairs[i].Right, sourceOf[pairs[i].Left]));
            if (!(left.Item2 != 0 && taken.Contains(left)) && !(right.Item2 != 0 && taken.Contains(right)))
            {
                taken.Add(left);
                taken.Add(right);
                kept.Add(i);
            }
        }

        kept.Sort();
        return kept.ConvertAll(i => pairs[i]);
    }

    public static List<LinkedPair> Greedy(List<LinkedPair> pairs, int records, Func<int, ulong> content)
    {
        var order = PairOrder.Of(pairs, content);
        var taken = new bool[records];
        var kept = new List<int>();
        foreach (var i in order)
        {
            if (!taken[pairs[i].Left] && !taken[pairs[i].Right])
            {
                taken[pairs[i].Left] = taken[pairs[i].Right] = true;
                kept.Add(i);
            }
        }

        kept.Sort();
        return kept.ConvertAll(i => pairs[i]);
    }

    /// <summary>
    /// What it says that a pair is left where each record has one link: strangers would mostly have links of their own, better ones, that take both away. Both are free
    /// only as often as a record has nobody in the other file.
    /// </summary>
    public static void Unrivalled(List<LinkedPair> pairs, int left, int right)
    {
        var expected = pairs.Sum(p => (double)p.Probability);
        var free = Math.Max(0.001, (1 - Math.Min(1, expected / Math.Max(1, left))) * (1 - Math.Min(1, expected / Math.Max(1, right))));
        foreach (ref var pair in System.Runtime.InteropServices.CollectionsMarshal.AsSpan(pairs))
        {
            pair = pair with { Probability = (float)(pair.Probability / (pair.Probability + ((1 - pair.Probability) * free))) };
        }
    }
}
