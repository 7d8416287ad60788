namespace Waymark.Linkage;

/// <summary>
/// Being one person is transitive: inside a cluster of three or more, a pair is supported by the links around it. Its probability becomes
/// 1 - (1 - p)(1 - s), where s is the mean probability of the cluster's pairs (0 for pairs never compared).
/// </summary>
internal static class ClusterSupport
{
    public static void Lift(List<LinkedPair> pairs, int[] clusters)
    {
        var size = new int[clusters.Length];
        foreach (var cluster in clusters)
        {
            size[cluster]++;
        }

        var sum = new double[clusters.Length];
        foreach (var pair in pairs)
        {
            if (clusters[pair.Left] == clusters[pair.Right])
            {
                sum[clusters[pair.Left]] += pair.Probability;
            }
        }

        foreach (ref var pair in System.Runtime.InteropServices.CollectionsMarshal.AsSpan(pairs))
        {
            var cluster = clusters[pair.Left];
            var n = (double)size[cluster];
            if (cluster == clusters[pair.Right] && n >= 3)
            {
                pair = pair with { Probability = (float)(1 - ((1 - pair.Probability) * (1 - Math.Min(0.999, sum[cluster] / (n * (n - 1) / 2))))) };
            }
        }
    }
}
