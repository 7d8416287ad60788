using System.Runtime.InteropServices;

namespace Waymark.Linkage;

/// <summary>A pair of records with its match probability.</summary>
/// <param name="Left">Number of the first record.</param>
/// <param name="Right">Number of the second record; records of a second file are numbered on after the first.</param>
/// <param name="Probability">Probability of being one person, as the model sees it.</param>
/// <param name="Weight">The same as log2 odds.</param>
/// <param name="Rule">Index of the blocking rule that first gave the pair.</param>
public readonly record struct LinkedPair(int Left, int Right, float Probability, float Weight, byte Rule)
{
    /// <summary>Stands for a rule where a person said that the pair is one.</summary>
    public const byte Reviewed = 255;

    internal const float ReviewedWeight = 64;
}

/// <summary>
/// Clusters by greedy average linkage: links in falling probability join two groups only when the mean probability of all
/// pairs between them (0 for pairs never compared) reaches the cohesion bound. A chain of weak likenesses therefore stays apart, which
/// union-find alone would join. Connected groups are independent and are clustered one by one.
/// </summary>
internal static class Clusterer
{
    private const int LargestMatrix = 256;
    private const int GroupsAtOnce = 64;

    /// <summary>Cluster number per record (the smallest record in it); the same on any number of threads.</summary>
    public static int[] Run(
        int records, List<LinkedPair> pairs, double threshold, double cohesion, KnownPairs known, Func<int, ulong> content, CancellationToken cancel, int threads = 1)
    {
        var all = CollectionsMarshal.AsSpan(pairs);
        var root = Groups(records, all, threshold);
        var members = new int[records];
        foreach (var group in root)
        {
            members[group]++;
        }

        var result = new int[records];
        for (var i = 0; i < records; i++)
        {
            result[i] = members[root[i]] == 2 ? root[i] : i;
        }

        foreach (var pair in all)
        {
            // A group of two is one pair, which is joined when it is a link and as cohesive as any.
            if (members[root[pair.Left]] == 2 && root[pair.Left] == root[pair.Right] && pair.Probability < cohesion)
            {
                result[pair.Right] = pair.Right;
            }
        }

        // Groups share no record, so each can be clustered on its own.
        var (order, starts) = Larger(all, root, members);
        var options = new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancel };
        Parallel.For(0, (starts.Count - 1 + GroupsAtOnce - 1) / GroupsAtOnce, options, part =>
        {
            for (var group = part * GroupsAtOnce; group < Math.Min(starts.Count - 1, (part + 1) * GroupsAtOnce); group++)
            {
                cancel.ThrowIfCancellationRequested();
                One(CollectionsMarshal.AsSpan(pairs), order.AsSpan(starts[group], starts[group + 1] - starts[group]), threshold, cohesion, known, content, result);
            }
        });
        return result;
    }

    /// <summary>The pairs of each connected group of three or more, by group, and where each group begins (and the last ends).</summary>
    private static (int[] Order, List<int> Starts) Larger(ReadOnlySpan<LinkedPair> pairs, int[] root, int[] members)
    {
        var (indices, groups) = (new List<int>(), new List<int>());
        for (var i = 0; i < pairs.Length; i++)
        {
            var group = root[pairs[i].Left];
            if (members[group] > 2 && group == root[pairs[i].Right])
            {
                indices.Add(i);
                groups.Add(group);
            }
        }

        var (keys, order) = (groups.ToArray(), indices.ToArray());
        Array.Sort(keys, order);
        var starts = new List<int>();
        for (var i = 0; i < keys.Length; i++)
        {
            if (i == 0 || keys[i] != keys[i - 1])
            {
                starts.Add(i);
            }
        }

        starts.Add(keys.Length);
        return (order, starts);
    }

    private static void One(ReadOnlySpan<LinkedPair> pairs, ReadOnlySpan<int> own, double threshold, double cohesion, KnownPairs known, Func<int, ulong> content, int[] result)
    {
        var numbers = new List<int>(own.Length * 2);
        foreach (var i in own)
        {
            numbers.Add(pairs[i].Left);
            numbers.Add(pairs[i].Right);
        }

        numbers.Sort();
        var records = Distinct(numbers);
        var links = new List<(float Weight, ulong Tie, int A, int B)>(own.Length);
        IBetween between = records.Length <= LargestMatrix ? new Matrix(records.Length) : new Sparse(records.Length);
        foreach (var i in own)
        {
            var pair = pairs[i];
            var (a, b) = (Array.BinarySearch(records, pair.Left), Array.BinarySearch(records, pair.Right));

            // Multiples of 1/4096 add up exactly in any order.
            between.Put(a, b, MathF.Round(pair.Probability * 4096) / 4096);
            if (pair.Probability >= threshold)
            {
                links.Add((pair.Weight, 0, a, b));
            }
        }

        Forbid(records, known, between);

        var sources = SourcesOf(records, known);
        Order(links, (a, b) => content(records[a]) + content(records[b]));
        var root = Enumerable.Range(0, records.Length).ToArray();
        var size = Enumerable.Repeat(1, records.Length).ToArray();
        foreach (var (_, _, first, second) in links)
        {
            var (a, b) = (Find(root, first), Find(root, second));
            if (a == b || (sources is not null && sources[a].Overlaps(sources[b])))
            {
                continue;
            }

            var together = between.Get(a, b);
            if (together < cohesion * size[a] * size[b] && (float.IsNegativeInfinity((float)together) || known.Said(records[first], records[second]) != true))
            {
                continue;
            }

            (a, b) = a < b ? (a, b) : (b, a);
            sources?[a].UnionWith(sources[b]);
            root[b] = a;
            size[a] += size[b];
            between.Join(a, b);
        }

        for (var i = 0; i < records.Length; i++)
        {
            result[records[i]] = records[Find(root, i)];
        }
    }

    /// <summary>Strongest first; equal ones by the content of their records, so that the order of rows decides nothing. Content is hashed only where links are equal.</summary>
    private static void Order(List<(float Weight, ulong Tie, int A, int B)> links, Func<int, int, ulong> content)
    {
        links.Sort((x, y) => y.Weight.CompareTo(x.Weight));
        for (var from = 0; from < links.Count;)
        {
            var to = from + 1;
            while (to < links.Count && links[to].Weight == links[from].Weight)
            {
                to++;
            }

            if (to - from > 1)
            {
                var equal = CollectionsMarshal.AsSpan(links)[from..to];
                foreach (ref var link in equal)
                {
                    link.Tie = content(link.A, link.B);
                }

                equal.Sort((x, y) => x.Tie != y.Tie ? x.Tie.CompareTo(y.Tie) : (x.A, x.B).CompareTo((y.A, y.B)));
            }

            from = to;
        }
    }

    private static int[] Distinct(List<int> sorted)
    {
        var kept = 0;
        for (var i = 0; i < sorted.Count; i++)
        {
            if (i == 0 || sorted[i] != sorted[kept - 1])
            {
                sorted[kept++] = sorted[i];
            }
        }

        return [.. CollectionsMarshal.AsSpan(sorted)[..kept]];
    }

    /// <summary>A sum that holds minus infinity never reaches a bound again, whatever is added: such groups stay apart.</summary>
    private static void Forbid(int[] records, KnownPairs known, IBetween between)
    {
        if (known.SaidCount == 0)
        {
            return;
        }

        foreach (var (left, right, one) in known.All)
        {
            if (!one && Array.BinarySearch(records, left) is >= 0 and var a && Array.BinarySearch(records, right) is >= 0 and var b)
            {
                between.Put(a, b, float.NegativeInfinity);
            }
        }
    }

    /// <summary>Per group the sources that hold nobody twice and have a record in it.</summary>
    private static HashSet<int>[]? SourcesOf(int[] records, KnownPairs known) =>
        known.SourceOf is { } sourceOf ? [.. records.Select(r => sourceOf[r] == 0 ? new HashSet<int>() : [sourceOf[r]])] : null;

    /// <summary>Connected groups of the links: the smallest record of each.</summary>
    private static int[] Groups(int records, ReadOnlySpan<LinkedPair> pairs, double threshold)
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

    private static int Find(int[] root, int record)
    {
        while (root[record] != record)
        {
            root[record] = root[root[record]];
            record = root[record];
        }

        return record;
    }

    /// <summary>Sum of the probabilities of all pairs between two groups.</summary>
    private interface IBetween
    {
        void Put(int a, int b, float probability);

        double Get(int a, int b);

        void Join(int into, int from);
    }

    private sealed class Matrix(int size) : IBetween
    {
        private readonly float[] _sums = new float[size * size];

        public void Put(int a, int b, float probability) => _sums[(a * size) + b] = _sums[(b * size) + a] = probability;

        public double Get(int a, int b) => _sums[(a * size) + b];

        public void Join(int into, int from)
        {
            for (var other = 0; other < size; other++)
            {
                _sums[(into * size) + other] += _sums[(from * size) + other];
                _sums[(other * size) + into] = _sums[(into * size) + other];
            }
        }
    }

    private sealed class Sparse(int size) : IBetween
    {
        private readonly Dictionary<int, float>[] _sums = [.. Enumerable.Range(0, size).Select(_ => new Dictionary<int, float>())];

        public void Put(int a, int b, float probability) => _sums[a][b] = _sums[b][a] = probability;

        public double Get(int a, int b) => _sums[a].GetValueOrDefault(b);

        public void Join(int into, int from)
        {
            var kept = _sums[into];
            kept.Remove(from);
            foreach (var (other, sum) in _sums[from])
            {
                if (other != into)
                {
                    kept[other] = kept.GetValueOrDefault(other) + sum;
                    _sums[other].Remove(from);
                    _sums[other][into] = kept[other];
                }
            }

            _sums[from] = [];
        }
    }
}

/// <summary>Strongest pairs first; equal ones by the content of their records, so that the order of rows decides nothing.</summary>
internal static class PairOrder
{
    public static int[] Of(List<LinkedPair> pairs, Func<int, ulong> content)
    {
        var order = Enumerable.Range(0, pairs.Count).ToArray();
        var ties = Array.ConvertAll(order, i => content(pairs[i].Left) + content(pairs[i].Right));
        Array.Sort(order, (x, y) => pairs[x].Weight != pairs[y].Weight ? pairs[y].Weight.CompareTo(pairs[x].Weight)
            : ties[x] != ties[y] ? ties[x].CompareTo(ties[y]) : x.CompareTo(y));
        return order;
    }
}
