namespace Waymark.Linkage;

/// <summary>A pair of records with its match probability.</summary>
/// <param name="Left">Number of the first record.</param>
/// <param name="Right">Number of the second record; records of a second file are numbered on after the first.</param>
/// <param name="Probability">Probability of being one person, as the model sees it.</param>
/// <param name="Weight">The same as log2 odds.</param>
/// <param name="Rule">Index of the blocking rule that first gave the pair.</param>
public readonly record struct LinkedPair(int Left, int Right, float Probability, float Weight, byte Rule);

/// <summary>
/// Clusters by greedy average linkage: links in falling probability join two groups only when the mean probability of all
/// pairs between them (0 for pairs never compared) reaches the cohesion bound. A chain of weak likenesses therefore stays apart, which
/// union-find alone would join.
/// </summary>
internal static class Clusterer
{
    /// <summary>Cluster number per record (the smallest record in it).</summary>
    public static int[] Run(int records, IReadOnlyList<LinkedPair> pairs, double threshold, double cohesion, Func<int, ulong> content, CancellationToken cancel)
    {
        var root = new int[records];
        var size = new int[records];
        for (var i = 0; i < records; i++)
        {
            (root[i], size[i]) = (i, 1);
        }

        var group = Groups(records, pairs, threshold);
        var members = new int[records];
        foreach (var g in group)
        {
            members[g]++;
        }

        var between = new Dictionary<int, float>?[records];
        foreach (var pair in pairs)
        {
            if (group[pair.Left] != group[pair.Right] || members[group[pair.Left]] < 3)
            {
                if (pair.Probability >= threshold && pair.Probability >= cohesion)
                {
                    (root[pair.Right], size[pair.Left]) = (pair.Left, 2);
                }

                continue;
            }

            // Multiples of 1/4096 add up exactly in any order.
            var share = MathF.Round(pair.Probability * 4096) / 4096;
            (between[pair.Left] ??= [])[pair.Right] = share;
            (between[pair.Right] ??= [])[pair.Left] = share;
        }

        var order = Enumerable.Range(0, pairs.Count).Where(i => pairs[i].Probability >= threshold && members[group[pairs[i].Left]] > 2).ToArray();
        PairOrder.Sort(order, pairs, content);
        foreach (var i in order)
        {
            cancel.ThrowIfCancellationRequested();
            var (a, b) = (Find(root, pairs[i].Left), Find(root, pairs[i].Right));
            if (a == b || !between[a]!.TryGetValue(b, out var sum) || sum < cohesion * size[a] * (double)size[b])
            {
                continue;
            }

            if (between[a]!.Count < between[b]!.Count)
            {
                (a, b) = (b, a);
            }

            Join(a, b, root, size, between);
        }

        return Smallest(root);
    }

    /// <summary>Connected groups of the links.</summary>
    private static int[] Groups(int records, IReadOnlyList<LinkedPair> pairs, double threshold)
    {
        var root = new int[records];
        for (var i = 0; i < records; i++)
        {
            root[i] = i;
        }

        foreach (var pair in pairs)
        {
            if (pair.Probability >= threshold && (Find(root, pair.Left), Find(root, pair.Right)) is var (a, b) && a != b)
            {
                root[Math.Max(a, b)] = Math.Min(a, b);
            }
        }

        for (var i = 0; i < records; i++)
        {
            root[i] = Find(root, i);
        }

        return root;
    }

    private static void Join(int into, int from, int[] root, int[] size, Dictionary<int, float>?[] between)
    {
        root[from] = into;
        size[into] += size[from];
        var kept = between[into]!;
        kept.Remove(from);
        foreach (var (other, sum) in between[from]!)
        {
            if (other == into)
            {
                continue;
            }

            kept[other] = kept.GetValueOrDefault(other) + sum;
            var back = between[other]!;
            back.Remove(from);
            back[into] = kept[other];
        }

        between[from] = null;
    }

    private static int Find(int[] root, int record)
    {
        while (root[record] != record)
        {
            root[record] = root[root[record]];
            record = root[record];
        }

        return record;
    }

    private static int[] Smallest(int[] root)
    {
        var smallest = new int[root.Length];
        Array.Fill(smallest, -1);
        var result = new int[root.Length];
        for (var i = 0; i < root.Length; i++)
        {
            var r = Find(root, i);
            smallest[r] = smallest[r] < 0 ? i : smallest[r];
            result[i] = smallest[r];
        }

        return result;
    }
}

/// <summary>Strongest pairs first; equal ones by the content of their records, so that the order of rows decides nothing.</summary>
internal static class PairOrder
{
    public static void Sort(int[] order, IReadOnlyList<LinkedPair> pairs, Func<int, ulong> content)
    {
        var ties = Array.ConvertAll(order, i => content(pairs[i].Left) + content(pairs[i].Right));
        var at = new Dictionary<int, ulong>(order.Length);
        for (var i = 0; i < order.Length; i++)
        {
            at[order[i]] = ties[i];
        }

        Array.Sort(order, (x, y) => pairs[x].Weight != pairs[y].Weight ? pairs[y].Weight.CompareTo(pairs[x].Weight)
            : at[x] != at[y] ? at[x].CompareTo(at[y]) : x.CompareTo(y));
    }
}
