using Waymark.Model;

namespace Waymark.Linkage.Private;

/// <summary>How the linkage unit compares two encoded sets.</summary>
public sealed record PrivateMatchRequest
{
    /// <summary>Lowest score, or null: found from the scores themselves.</summary>
    public double? Threshold { get; init; }

    public int Threads { get; init; } = Math.Max(1, Environment.ProcessorCount);

    public BitPath Path { get; init; } = BitPath.Auto;
}

/// <summary>A link between two handles.</summary>
/// <param name="Left">Handle in the left set.</param>
/// <param name="Right">Handle in the right set.</param>
/// <param name="Score">What is compared with the threshold: the coefficient less how crowded it is around both, at most the coefficient.</param>
/// <param name="Dice">Dice coefficient of the two codes, 0 to 1.</param>
public sealed record PrivateLink(string Left, string Right, double Score, double Dice);

/// <summary>What the linkage unit found.</summary>
/// <param name="Links">
/// Links, the surest first. A handle is in one link at most, except on a side that holds people twice, where its other side may be in several.
/// </param>
/// <param name="Threshold">The threshold that was applied.</param>
/// <param name="ExpectedFalse">False links expected at the threshold, as far as the scores of strangers show it.</param>
/// <param name="OneToOne">Whether neither set looks as if it held people twice.</param>
/// <param name="Compared">Comparisons made.</param>
/// <param name="Path">How bits were counted.</param>
public sealed record PrivateMatchOutcome(
    IReadOnlyList<PrivateLink> Links, double Threshold, double ExpectedFalse, bool OneToOne, long Compared, BitPath Path);

/// <summary>The linkage unit: it holds two encoded sets, no key and no attribute, and answers with pairs of handles.</summary>
public static class PrivateMatcher
{
    public static Result<PrivateMatchOutcome> Match(EncodedSet left, EncodedSet right, PrivateMatchRequest request, CancellationToken cancel)
    {
        if (left.Project != right.Project || left.Preset != right.Preset)
        {
            return Error.Conflict(
                "linkage.projects-differ",
                "The two sets were not encoded for the same project with the same preset.",
                "两组数据不是为同一项目、以同一预设编码的。");
        }

        var floor = ScoreModel.Floor(left.Records, right.Records);
        var found = DicePairs.Find(
            left.Records, right.Records, new(Math.Min(request.Threshold ?? 1, floor)) { Threads = request.Threads, Path = request.Path }, cancel);
        if (!found.IsOk)
        {
            return found.Error;
        }

        var leftCrowds = Crowds.Around(found.Value.Pairs, left.Records.Count, p => p.Left, floor);
        var rightCrowds = Crowds.Around(found.Value.Pairs, right.Records.Count, p => p.Right, floor);
        var (pairs, turned) = (Crowds.Score(found.Value.Pairs, leftCrowds, rightCrowds), false);
        var model = ScoreModel.From(pairs, left.Records, leftCrowds, right.Records.Count, floor, request, cancel);
        if (!model.IsOk)
        {
            return model.Error;
        }

        var threshold = request.Threshold ?? model.Value.Best(floor);
        var (leftTwice, rightTwice) = Repeats(pairs, threshold, left.Records.Count, right.Records.Count);
        if (leftTwice > rightTwice)
        {
            // Repeats on the left: one link per left record, so both are looked at the other way round.
            (pairs, turned) = ([.. pairs.Select(p => p with { Left = p.Right, Right = p.Left })], true);
            model = ScoreModel.From(pairs, right.Records, rightCrowds, left.Records.Count, floor, request, cancel);
            if (!model.IsOk)
            {
                return model.Error;
            }

            threshold = request.Threshold ?? model.Value.Best(floor);
        }

        var oneToOne = Math.Max(leftTwice, rightTwice) <= 0.02;
        var (near, far) = turned ? (right, left) : (left, right);
        var links = BestOf(pairs, threshold, near.Records.Count, far.Records.Count, oneToOne)
            .Select(p => turned
                ? new PrivateLink(far.Handles[p.Right], near.Handles[p.Left], p.Score, p.Dice)
                : new PrivateLink(near.Handles[p.Left], far.Handles[p.Right], p.Score, p.Dice));
        return new PrivateMatchOutcome([.. links], threshold, model.Value.ExpectedFalse(threshold), oneToOne, found.Value.Compared, found.Value.Path);
    }

    /// <summary>Best first; a right record is taken once, a left one too when the sets are one to one. Ties in the order of the handles, which is random.</summary>
    private static List<ScoredPair> BestOf(ScoredPair[] pairs, double threshold, int left, int right, bool oneToOne)
    {
        var order = pairs.Where(p => p.Score >= threshold).ToList();
        order.Sort(SurestFirst);
        var (leftTaken, rightTaken) = (new bool[left], new bool[right]);
        var kept = new List<ScoredPair>();
        foreach (var pair in order)
        {
            if ((!leftTaken[pair.Left] || !oneToOne) && !rightTaken[pair.Right])
            {
                leftTaken[pair.Left] = rightTaken[pair.Right] = true;
                kept.Add(pair);
            }
        }

        return kept;
    }

    private static int SurestFirst(ScoredPair a, ScoredPair b)
    {
        var by = b.Score.CompareTo(a.Score);
        return by != 0 ? by : a.Left != b.Left ? a.Left.CompareTo(b.Left) : a.Right.CompareTo(b.Right);
    }

    /// <summary>
    /// How often two records of a side claim the same record of the other: the share of claimed left records that two right ones hold for
    /// their best (repeats on the right), and the reverse.
    /// </summary>
    private static (double Left, double Right) Repeats(ScoredPair[] pairs, double threshold, int left, int right)
    {
        var (bestOfRight, bestOfLeft) = (new ScoredPair?[right], new ScoredPair?[left]);
        foreach (var pair in pairs)
        {
            if (pair.Score >= threshold)
            {
                bestOfRight[pair.Right] = bestOfRight[pair.Right] is { } r && SurestFirst(r, pair) < 0 ? r : pair;
                bestOfLeft[pair.Left] = bestOfLeft[pair.Left] is { } l && SurestFirst(l, pair) < 0 ? l : pair;
            }
        }

        return (Twice(bestOfLeft.Where(p => p is not null).Select(p => p!.Value.Right)), Twice(bestOfRight.Where(p => p is not null).Select(p => p!.Value.Left)));
    }

    private static double Twice(IEnumerable<int> claimed)
    {
        var groups = claimed.GroupBy(c => c).ToList();
        return groups.Count == 0 ? 0 : (double)groups.Count(g => g.Count() > 1) / groups.Count;
    }
}
