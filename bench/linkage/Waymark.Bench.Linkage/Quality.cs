namespace Waymark.Linkage.Bench;

/// <summary>Pairwise precision, recall and F1 against truth; pairs lost in blocking count as missed.</summary>
public static class Quality
{
    public readonly record struct Score(long Right, long Found, long True)
    {
        public double Precision => Found == 0 ? 1 : (double)Right / Found;

        public double Recall => (double)Right / True;

        public double F1 => 2 * Precision * Recall / Math.Max(1e-12, Precision + Recall);

        public override string ToString() => FormattableString.Invariant($"F1 {F1:0.0000} P {Precision:0.0000} R {Recall:0.0000}");
    }

    public static long TruePairs(string[] entity, int leftCount)
    {
        if (leftCount == entity.Length)
        {
            return entity.GroupBy(e => e).Sum(g => (long)g.Count() * (g.Count() - 1) / 2);
        }

        var right = entity.Skip(leftCount).GroupBy(e => e).ToDictionary(g => g.Key, g => g.Count());
        return entity.Take(leftCount).Sum(e => (long)right.GetValueOrDefault(e));
    }

    public static Score At(IReadOnlyList<LinkedPair> pairs, string[] entity, long truth, double threshold)
    {
        long right = 0;
        long found = 0;
        foreach (var p in pairs)
        {
            if (p.Probability >= threshold)
            {
                found++;
                right += entity[p.Left] == entity[p.Right] ? 1 : 0;
            }
        }

        return new(right, found, truth);
    }

    public static (Score Score, double Threshold) Best(IReadOnlyList<LinkedPair> pairs, string[] entity, long truth)
    {
        var sorted = pairs.OrderByDescending(p => p.Probability).ThenByDescending(p => p.Weight).ToArray();
        var best = new Score(0, 0, truth);
        var threshold = 1.0;
        long right = 0;
        for (var i = 0; i < sorted.Length; i++)
        {
            right += entity[sorted[i].Left] == entity[sorted[i].Right] ? 1 : 0;
            var now = new Score(right, i + 1, truth);
            if (now.F1 > best.F1)
            {
                (best, threshold) = (now, sorted[i].Probability);
            }
        }

        return (best, threshold);
    }

    public static Score Clustered(int[] clusters, string[] entity, long truth, int leftCount)
    {
        long right = 0;
        long found = 0;
        foreach (var members in Enumerable.Range(0, clusters.Length).GroupBy(r => clusters[r]).Where(g => g.Count() > 1).Select(g => g.ToArray()))
        {
            for (var i = 0; i < members.Length; i++)
            {
                for (var j = i + 1; j < members.Length; j++)
                {
                    if (leftCount == clusters.Length || (members[i] < leftCount) != (members[j] < leftCount))
                    {
                        found++;
                        right += entity[members[i]] == entity[members[j]] ? 1 : 0;
                    }
                }
            }
        }

        return new(right, found, truth);
    }
}
