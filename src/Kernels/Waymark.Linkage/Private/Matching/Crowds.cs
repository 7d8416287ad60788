namespace Waymark.Linkage.Private;

/// <summary>A pair of records, how alike they are, and by how much that stands out.</summary>
/// <param name="Left">Record of the one set.</param>
/// <param name="Right">Record of the other.</param>
/// <param name="Dice">Dice coefficient of the two codes, 0 to 1.</param>
/// <param name="Score">The coefficient less the mean crowd of both records; never above the coefficient.</param>
internal readonly record struct ScoredPair(int Left, int Right, double Dice, double Score);

/// <summary>
/// How crowded it is around a record. A coefficient says how alike two codes are, not how many others are as much so: who has a common name and a known year is near to many strangers,
/// and no attribute is here to weigh that by. The crowd of a record is the mean, over its ten nearest records but the very nearest (which may be the same person), of what their
/// coefficients pass the floor by. After cross-domain similarity local scaling, Conneau, Lample, Ranzato, Denoyer and Jégou 2018, "Word translation without parallel data", section 2.3.
/// </summary>
internal static class Crowds
{
    /// <summary>Neighbours asked, as in the paper.</summary>
    private const int Neighbours = 10;

    /// <summary>Pairs with their scores, in the same order.</summary>
    public static ScoredPair[] Score(IReadOnlyList<DicePair> pairs, double[] left, double[] right) =>
        [.. pairs.Select(p => new ScoredPair(p.Left, p.Right, p.Dice, p.Dice - (left[p.Left] + right[p.Right]) / 2))];

    /// <summary>The crowd of each record of the side that <paramref name="side"/> picks: at least 0; 0 where nobody passes the floor.</summary>
    public static double[] Around(IReadOnlyList<DicePair> pairs, int records, Func<DicePair, int> side, double floor)
    {
        var from = new int[records + 1];
        foreach (var pair in pairs)
        {
            from[side(pair) + 1]++;
        }

        for (var record = 0; record < records; record++)
        {
            from[record + 1] += from[record];
        }

        var (scores, next) = (new double[pairs.Count], from[..records]);
        foreach (var pair in pairs)
        {
            scores[next[side(pair)]++] = pair.Dice;
        }

        var crowds = new double[records];
        for (var record = 0; record < records; record++)
        {
            var near = scores.AsSpan(from[record]..from[record + 1]);
            near.Sort();
            for (var k = 1; k <= Math.Min(Neighbours, near.Length - 1); k++)
            {
                crowds[record] += Math.Max(0, near[^(k + 1)] - floor) / Neighbours;
            }
        }

        return crowds;
    }
}
