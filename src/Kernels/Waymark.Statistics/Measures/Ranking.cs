using Waymark.Model;

namespace Waymark.Statistics.Measures;

/// <summary>A code with its amount: one partner, one area, one group of a breakdown.</summary>
public readonly record struct Item(string Code, decimal Value);

/// <summary><see cref="Rank"/> counts from 1; equal amounts share a rank and the next one is skipped (1, 2, 2, 4).</summary>
public readonly record struct Ranked(string Code, decimal Value, int Rank, bool Tied);

/// <summary>A row of a partner table. The residual and the unknown are never partners and have no rank.</summary>
public sealed record PartnerRow(PartnerKind Kind, string? Code, decimal Value, decimal? SharePercent, int? Rank);

public enum PartnerKind
{
    Partner,

    /// <summary>All named partners beyond the top n together.</summary>
    Other,

    /// <summary>What the source itself calls unknown, various or stateless.</summary>
    Unknown,
}

/// <summary>Order and partner tables.</summary>
public static class Ranking
{
    /// <summary>Greatest first; ties in order of code.</summary>
    public static IReadOnlyList<Ranked> Rank(IEnumerable<Item> items)
    {
        var sorted = items.OrderByDescending(item => item.Value).ThenBy(item => item.Code, StringComparer.Ordinal).ToList();
        var ranked = new Ranked[sorted.Count];
        for (var i = 0; i < ranked.Length; i++)
        {
            var before = i > 0 && sorted[i].Value == sorted[i - 1].Value;
            var after = i + 1 < ranked.Length && sorted[i].Value == sorted[i + 1].Value;
            ranked[i] = new(sorted[i].Code, sorted[i].Value, before ? ranked[i - 1].Rank : i + 1, before || after);
        }

        return ranked;
    }

    /// <summary>
    /// The top n partners, then one row for all others, then the unknown apart; shares are of the sum of all rows, so the
    /// table adds to 100 percent. A tie at the border is kept whole: nobody is cut by the order of codes.
    /// </summary>
    public static IReadOnlyList<PartnerRow> TopPartners(IReadOnlyCollection<Item> items, int n, Func<string, bool> isUnknown)
    {
        var total = items.Sum(item => item.Value);
        decimal? Share(decimal value) => total == 0 ? null : value * 100 / total;
        var ranked = Rank(items.Where(item => !isUnknown(item.Code)));
        List<PartnerRow> rows = [.. ranked.Where(item => item.Rank <= n)
            .Select(item => new PartnerRow(PartnerKind.Partner, item.Code, item.Value, Share(item.Value), item.Rank))];
        var rest = ranked.Where(item => item.Rank > n).ToList();
        if (rest.Count > 0)
        {
            var value = rest.Sum(item => item.Value);
            rows.Add(new(PartnerKind.Other, null, value, Share(value), null));
        }

        rows.AddRange(items.Where(item => isUnknown(item.Code)).OrderBy(item => item.Code, StringComparer.Ordinal)
            .Select(item => new PartnerRow(PartnerKind.Unknown, item.Code, item.Value, Share(item.Value), null)));
        return rows;
    }
}

/// <summary>How much of a total few hold. Amounts must not be negative and must not all be zero.</summary>
public static class Concentration
{
    /// <summary>Herfindahl–Hirschman index: the sum of squared shares, from 1/n (equal) to 1 (one holds all).</summary>
    public static Result<decimal> Herfindahl(IReadOnlyCollection<decimal> amounts) =>
        Total(amounts).Select(total => amounts.Sum(amount => amount / total * (amount / total)));

    /// <summary>Percent of the total that the n greatest hold.</summary>
    public static Result<decimal> TopShare(IReadOnlyCollection<decimal> amounts, int n) =>
        Total(amounts).Select(total => amounts.OrderDescending().Take(n).Sum() * 100 / total);

    /// <summary>Gini coefficient: 0 when all are equal, (n − 1)/n when one holds all.</summary>
    public static Result<decimal> Gini(IReadOnlyCollection<decimal> amounts) => Total(amounts).Select(total =>
        amounts.Order().Select((amount, i) => (2 * (i + 1) - amounts.Count - 1) * (amount / total)).Sum() / amounts.Count);

    private static Result<decimal> Total(IReadOnlyCollection<decimal> amounts)
    {
        if (amounts.Any(amount => amount < 0))
        {
            return Error.Invalid("statistics.negative", "Concentration is of amounts that are not negative.", "集中度只能对非负数量计算。");
        }

        var total = amounts.Sum();
        return total > 0 ? total : Error.Invalid("statistics.zero-base", "The amounts add to zero.", "各数量之和为零。");
    }
}
