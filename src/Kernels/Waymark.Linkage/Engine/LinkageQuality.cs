namespace Waymark.Linkage;

/// <summary>Pairwise precision and recall over all true pairs; pairs lost by blocking count as missed.</summary>
public readonly record struct PairQuality(long Right, long Found, long True)
{
    public double Precision => Found == 0 ? 1 : (double)Right / Found;

    public double Recall => True == 0 ? 1 : (double)Right / True;

    public double F1 => Precision + Recall <= 0 ? 0 : 2 * Precision * Recall / (Precision + Recall);
}

/// <summary>Quality of a run: at its own threshold, at the best threshold (known only with the truth), and of its clusters.</summary>
public sealed record LinkageQuality(PairQuality AtThreshold, PairQuality Best, double BestThreshold, PairQuality Clustered, double ExpectedFalse)
{
    internal static LinkageQuality Of(LinkageOutcome outcome, IReadOnlyList<string> entities)
    {
        var truth = TruePairs(outcome, entities);
        var sorted = outcome.Pairs.OrderByDescending(p => p.Probability).ThenByDescending(p => p.Weight).ToArray();
        var (at, best) = (new PairQuality(0, 0, truth), new PairQuality(0, 0, truth));
        var (right, threshold, expected) = (0L, 1.0, 0.0);
        var (links, linked) = (0L, 0L);
        for (var i = 0; i < sorted.Length; i++)
        {
            right += entities[sorted[i].Left] == entities[sorted[i].Right] ? 1 : 0;
            var now = new PairQuality(right, i + 1, truth);
            if (outcome.IsLink(sorted[i]))
            {
                links++;
                linked += entities[sorted[i].Left] == entities[sorted[i].Right] ? 1 : 0;
                at = new(linked, links, truth);
                expected += 1 - sorted[i].Probability;
            }

            (best, threshold) = now.F1 > best.F1 ? (now, sorted[i].Probability) : (best, threshold);
        }

        return new(at, best, threshold, Clusters(outcome, entities, truth), expected);
    }

    private static long TruePairs(LinkageOutcome outcome, IReadOnlyList<string> entities) =>
        Across(entities.Select((e, i) => (e, i)).GroupBy(x => x.e, x => x.i, StringComparer.Ordinal), outcome);

    private static PairQuality Clusters(LinkageOutcome outcome, IReadOnlyList<string> entities, long truth)
    {
        var clusters = outcome.Clusters.Select((c, i) => (c, i)).GroupBy(x => x.c, x => x.i).ToList();
        var both = outcome.Clusters.Select((c, i) => (c, i)).GroupBy(x => (x.c, entities[x.i]), x => x.i);
        return new(Across(both, outcome), Across(clusters, outcome), truth);
    }

    /// <summary>Pairs inside groups; between two files only pairs of one record of each.</summary>
    private static long Across<T>(IEnumerable<IGrouping<T, int>> groups, LinkageOutcome outcome) =>
        groups.Sum(g =>
        {
            long all = g.Count();
            long left = g.Count(i => i < outcome.LeftCount);
            return outcome.LeftCount == outcome.Clusters.Length ? all * (all - 1) / 2 : left * (all - left);
        });
}
