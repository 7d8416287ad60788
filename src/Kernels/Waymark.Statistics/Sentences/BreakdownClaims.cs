using Waymark.Model;
using Waymark.Statistics.Measures;

namespace Waymark.Statistics.Sentences;

/// <summary>A claim over the parts of one breakdown, which must be of one unit and definition.</summary>
public abstract record BreakdownClaim(string Parts, Period Period) : Claim
{
    public sealed override Result<IReadOnlyDictionary<string, Fact>> Check(ClaimData data) => data.Parts(Parts, Period).Then(parts =>
    {
        var first = parts.Values.First();
        var fault = parts.Values.Select(part => Comparability.All(first, part)).FirstOrDefault(error => error is not null);
        var gap = parts.FirstOrDefault(part => part.Value.Status.IsMissing());
        return fault ?? (gap.Value is null
            ? Check(parts)
            : Error.NotFound("sentence.no-figure", $"{Parts} {gap.Key} {Period} is missing ({gap.Value.Status}).", $"{Parts} {gap.Key} {Period} 缺失（{gap.Value.Status}）。", Parts));
    });

    private protected abstract Result<IReadOnlyDictionary<string, Fact>> Check(IReadOnlyDictionary<string, Figure> parts);

    private protected Result<Figure> Part(IReadOnlyDictionary<string, Figure> parts, string code) => parts.TryGetValue(code, out var part)
        ? part
        : Error.NotFound("sentence.no-figure", $"{Parts} {Period} has no part '{code}'.", $"{Parts} {Period} 没有“{code}”部分。", Parts);
}

/// <summary>
/// "The first n hold at least x %" of the sum of the parts, or of <paramref name="Whole"/> (a series) when the parts are not
/// all. Codes in <paramref name="Unknown"/> count in the sum but never among the first. Facts: n, percent, atLeast, total,
/// first (the codes).
/// </summary>
public sealed record TopShareClaim(string Parts, Period Period, int N, decimal AtLeastPercent, decimal? Whole = null, IReadOnlyCollection<string>? Unknown = null)
    : BreakdownClaim(Parts, Period)
{
    private protected override Result<IReadOnlyDictionary<string, Fact>> Check(IReadOnlyDictionary<string, Figure> parts)
    {
        var first = Ranking.Rank(parts.Where(part => Unknown?.Contains(part.Key) != true).Select(part => new Item(part.Key, part.Value.Value))).Take(N).ToList();
        var total = Whole ?? parts.Values.Sum(part => part.Value);
        if (first.Count < N || total <= 0)
        {
            return Error.NotFound("sentence.no-figure", $"{Parts} {Period} has {first.Count} known parts of {N}.", $"{Parts} {Period} 只有 {first.Count} 个已知部分，需要 {N} 个。", Parts);
        }

        var percent = first.Sum(item => item.Value) * 100 / total;
        return percent >= AtLeastPercent
            ? Holds(("n", N), ("percent", percent), ("atLeast", AtLeastPercent), ("total", total), ("first", string.Join(", ", first.Select(item => item.Code))))
            : Contradicted($"{Parts} {first[^1].Code}", parts[first[^1].Code], $"the first {N} are said to hold at least {Number(AtLeastPercent)} %, where they hold {Number(percent)} %",
                $"前 {N} 位至少占 {Number(AtLeastPercent)}%，实际占 {Number(percent)}%");
    }
}

/// <summary>"The sexes are balanced within x points": shares of the two parts in their sum differ by at most that. Facts: a, b (percent), points.</summary>
public sealed record BalancedClaim(string Parts, Period Period, string A, string B, decimal WithinPoints) : BreakdownClaim(Parts, Period)
{
    private protected override Result<IReadOnlyDictionary<string, Fact>> Check(IReadOnlyDictionary<string, Figure> parts) =>
        Part(parts, A).Then(a => Part(parts, B).Then(b =>
        {
            var total = a.Value + b.Value;
            if (total <= 0)
            {
                return Error.Faulty("sentence.no-base", $"{Parts} {Period} adds to zero.", $"{Parts} {Period} 之和为零。", Parts);
            }

            var (shareA, shareB) = (a.Value * 100 / total, b.Value * 100 / total);
            var points = Math.Abs(shareA - shareB);
            return points <= WithinPoints
                ? Holds(("a", shareA), ("b", shareB), ("points", points), ("within", WithinPoints))
                : Contradicted($"{Parts} {(a.Value > b.Value ? A : B)}", a.Value > b.Value ? a : b,
                    $"the two are said to be within {Number(WithinPoints)} points, where they are {Number(points)} apart", $"两者相差不超过 {Number(WithinPoints)} 个百分点，实际相差 {Number(points)} 个百分点");
        }));
}

/// <summary>
/// "Movement goes from lower to higher income": corridors are parts named "ORIGIN&gt;DESTINATION" by income group, and more
/// goes up the order than down it. Every corridor's groups must be in the order. Facts: up, down, level, percent (of all
/// that changes group, the part going up).
/// </summary>
public sealed record UphillClaim(string Parts, Period Period, IReadOnlyList<string> LowToHigh) : BreakdownClaim(Parts, Period)
{
    private protected override Result<IReadOnlyDictionary<string, Fact>> Check(IReadOnlyDictionary<string, Figure> parts)
    {
        var (up, down, level) = (0m, 0m, 0m);
        KeyValuePair<string, Figure>? against = null;
        foreach (var part in parts)
        {
            var ends = part.Key.Split('>').Select(end => LowToHigh.ToList().IndexOf(end)).ToArray();
            if (ends is not [>= 0 and var origin, >= 0 and var destination])
            {
                return Error.Invalid("sentence.unknown-group", $"{Parts}: '{part.Key}' is not a corridor between {string.Join(", ", LowToHigh)}.", $"{Parts}：“{part.Key}”不是所列收入组之间的走廊。", Parts);
            }

            up += origin < destination ? part.Value.Value : 0;
            level += origin == destination ? part.Value.Value : 0;
            down += origin > destination ? part.Value.Value : 0;
            against = origin > destination && !(against?.Value.Value >= part.Value.Value) ? part : against;
        }

        return up > down
            ? Holds(("up", up), ("down", down), ("level", level), ("percent", up * 100 / (up + down)))
            : Contradicted($"{Parts} {(against ?? parts.First()).Key}", (against ?? parts.First()).Value,
                $"more is said to move up ({Number(up)}) than down ({Number(down)}) the income groups", $"向高收入组流动（{Number(up)}）多于反向流动（{Number(down)}）");
    }
}

/// <summary>"The higher the income group, the more": the parts rise strictly along the order (SEED-O08: 4, 31, 65). Facts: lowest, highest, total.</summary>
public sealed record FollowsOrderClaim(string Parts, Period Period, IReadOnlyList<string> LowToHigh) : BreakdownClaim(Parts, Period)
{
    private protected override Result<IReadOnlyDictionary<string, Fact>> Check(IReadOnlyDictionary<string, Figure> parts)
    {
        List<Figure> ordered = [];
        foreach (var code in LowToHigh)
        {
            var part = Part(parts, code);
            if (!part.IsOk)
            {
                return part.Error;
            }

            if (ordered.Count > 0 && part.Value.Value <= ordered[^1].Value)
            {
                return Contradicted($"{Parts} {code}", part.Value, $"the parts are said to rise with the order, and the one before is {Number(ordered[^1].Value)}", $"各部分按顺序递增，而前一部分为 {Number(ordered[^1].Value)}");
            }

            ordered.Add(part.Value);
        }

        return Holds(("lowest", ordered[0].Value), ("highest", ordered[^1].Value), ("total", ordered.Sum(part => part.Value)));
    }
}
