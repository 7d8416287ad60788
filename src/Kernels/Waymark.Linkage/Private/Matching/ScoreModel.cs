using Waymark.Model;

namespace Waymark.Linkage.Private;

/// <summary>
/// What the scores themselves say about strangers, without labels and without attributes. A side that holds nobody twice shows it: the best
/// other record of the same side is a stranger; and where a record's best match is sure, its second best is a stranger of the other side, who may write names otherwise. The best scores
/// between the sides are a mixture of that and of true links.
/// </summary>
internal sealed class ScoreModel
{
    private const int Drawn = 200_000;
    private const int Asked = 3_000;

    /// <summary>Fewest sure matches whose second best are taken for what strangers look like.</summary>
    private const int FewestSure = 300;

    private readonly double[] _best;
    private readonly double[] _strangers;
    private readonly int _records;
    private readonly double _unmatched;

    private ScoreModel(double[] best, double[] strangers, int records)
    {
        (_best, _strangers, _records) = (best, strangers, records);
        _unmatched = Unmatched();
    }

    /// <summary>A score that few strangers per record reach: low enough to see both sides of the threshold.</summary>
    public static double Floor(BitRecords left, BitRecords right)
    {
        if (left.Count == 0 || right.Count == 0)
        {
            return 0.5;
        }

        var (sum, squares) = (0.0, 0.0);
        var state = 1UL;
        for (var i = 0; i < Drawn; i++)
        {
            state = Hashing.Mix(state + (ulong)i + 0x9E3779B97F4A7C15UL);
            var (a, b) = ((int)(state % (ulong)left.Count), (int)((state >> 32) % (ulong)right.Count));
            var common = 0;
            var x = left[a];
            var y = right[b];
            for (var k = 0; k < x.Length; k++)
            {
                common += System.Numerics.BitOperations.PopCount(x[k] & y[k]);
            }

            var score = 2.0 * common / Math.Max(1, left.Ones(a) + right.Ones(b));
            (sum, squares) = (sum + score, squares + score * score);
        }

        var mean = sum / Drawn;
        var deviation = Math.Sqrt(Math.Max(1e-6, squares / Drawn - mean * mean));
        return Math.Clamp(mean + deviation * Math.Sqrt(2 * Math.Log(Math.Max(4, Math.Max(left.Count, right.Count) / 5.0))), 0.05, 0.99);
    }

    /// <summary>Fits the model; <paramref name="left"/> is the side that holds nobody twice.</summary>
    public static Result<ScoreModel> From(
        ScoredPair[] pairs, BitRecords left, double[] crowds, int records, double floor, PrivateMatchRequest request, CancellationToken cancel)
    {
        var within = StrangersWithin(left, crowds, floor, request, cancel);
        if (!within.IsOk)
        {
            return within.Error;
        }

        var (best, second) = (new double[records], new double[records]);
        foreach (var pair in pairs)
        {
            second[pair.Right] = Math.Max(second[pair.Right], Math.Min(best[pair.Right], pair.Score));
            best[pair.Right] = Math.Max(best[pair.Right], pair.Score);
        }

        var sorted = Sorted(best);
        var model = new ScoreModel(sorted, within.Value, records);
        var least = model.Best(floor);
        var sure = Sorted(Enumerable.Range(0, records).Where(record => best[record] >= least).Select(record => second[record]));
        return sure.Length < FewestSure ? model : new ScoreModel(sorted, sure, records);
    }

    /// <summary>The score of the best other record of the same side, for some records of it.</summary>
    private static Result<double[]> StrangersWithin(BitRecords side, double[] crowds, double floor, PrivateMatchRequest request, CancellationToken cancel)
    {
        var asked = Enumerable.Range(0, Math.Min(Asked, side.Count)).Select(i => (int)((long)i * side.Count / Math.Min(Asked, side.Count))).ToArray();
        var some = BitRecords.Create(side.Bits, [.. asked.SelectMany(record => side[record].ToArray())]);
        var among = DicePairs.Find(some.Value, side, new(floor) { Threads = request.Threads, Path = request.Path }, cancel);
        if (!among.IsOk)
        {
            return among.Error;
        }

        DicePair[] others = [.. among.Value.Pairs.Where(pair => asked[pair.Left] != pair.Right)];
        var strangers = new double[asked.Length];
        foreach (var pair in Crowds.Score(others, Crowds.Around(others, asked.Length, p => p.Left, floor), crowds))
        {
            strangers[pair.Left] = Math.Max(strangers[pair.Left], pair.Score);
        }

        return Sorted(strangers);
    }

    private static double[] Sorted(IEnumerable<double> scores) => [.. scores.Order()];

    /// <summary>False links expected at a threshold: records without a true link whose best stranger reaches it.</summary>
    public double ExpectedFalse(double threshold) => _records * _unmatched * AtLeast(_strangers, threshold);

    /// <summary>The threshold with the highest expected F1.</summary>
    public double Best(double floor)
    {
        var (best, at) = (-1.0, floor);
        var matched = _records * (1 - _unmatched);
        for (var threshold = Math.Ceiling(floor * 500) / 500; threshold < 1; threshold += 0.002)
        {
            var found = _records * AtLeast(_best, threshold);
            var right = Math.Max(0, found - ExpectedFalse(threshold));
            var f1 = 2 * right / Math.Max(1, found + matched);
            (best, at) = f1 > best ? (f1, threshold) : (best, at);
        }

        return at;
    }

    /// <summary>
    /// The share of records without a true link: below any score, best scores are at least that share of what strangers would leave there,
    /// and nearly equal to it where true links are rare.
    /// </summary>
    private double Unmatched()
    {
        var share = 1.0;
        for (var threshold = 0.01; threshold < 1; threshold += 0.002)
        {
            var strangers = 1 - AtLeast(_strangers, threshold);
            if (strangers * _strangers.Length >= 30 && strangers >= 0.02)
            {
                share = Math.Min(share, (1 - AtLeast(_best, threshold)) / strangers);
            }
        }

        return share;
    }

    /// <summary>Share of sorted scores at or above a threshold.</summary>
    private static double AtLeast(double[] sorted, double threshold)
    {
        var (low, high) = (0, sorted.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = sorted[middle] < threshold ? (middle + 1, high) : (low, middle);
        }

        return sorted.Length == 0 ? 0 : (double)(sorted.Length - low) / sorted.Length;
    }
}
