using System.Numerics;
using Waymark.Model;
using Waymark.Statistics.Cube;
using Waymark.Statistics.Cube.Queries;

namespace Waymark.Statistics.Tests.Cube;

/// <summary>One observation as plain data.</summary>
internal sealed record Fact(
    string[] Codes, Period Period, long Value, int Scale, ObservationStatus Status, Comparator Comparator, long? Upper, int Vintage, int Order)
{
    public string Key => string.Join('|', Codes) + "@" + Period.ToCode();

    public bool IsNumber => !Status.IsMissing() && Comparator is not (Comparator.None or Comparator.Code);

    public BigInteger At(int scale) => Value * BigInteger.Pow(10, scale - Scale);
}

/// <summary>What a group must amount to, computed the slow way.</summary>
internal sealed record Expected(
    BigInteger Sum, long Figures, BigInteger Least, BigInteger Greatest, string Missing, string Comparators);

/// <summary>The cube as anybody would write it: a list, a dictionary over tuples, big integers. The fast one is held to it.</summary>
internal sealed class NaiveCube(CubeSchema schema, IReadOnlyList<CubeVintage> vintages, IReadOnlyList<Fact> facts)
{
    public IEnumerable<Fact> Matching(CubeFilter filter)
    {
        var asOf = filter.AsOf ?? vintages.Count - 1;
        var known = facts.Where(fact => fact.Vintage <= asOf);
        if (!filter.History)
        {
            known = known.GroupBy(fact => fact.Key).Select(same => same
                .OrderByDescending(fact => vintages[fact.Vintage].ReleaseOrder).ThenByDescending(fact => fact.Vintage).ThenBy(fact => fact.Order).First());
        }

        return known.Where(fact => fact.Vintage > (filter.ChangedAfter ?? -1)
            && schema.Dimensions.Select((name, i) => !filter.Where.TryGetValue(name, out var codes) || codes.Contains(fact.Codes[i])).All(pass => pass)
            && (filter.From is null || fact.Period.FirstDay >= filter.From.Value.FirstDay)
            && (filter.To is null || fact.Period.LastDay <= filter.To.Value.LastDay)
            && filter.Statuses.Contains(fact.Status)
            && ((filter.Least is null && filter.Greatest is null) || fact.IsNumber)
            && (filter.Least is null || fact.At(12) >= new BigInteger(filter.Least.Value * 1_000_000_000_000m))
            && (filter.Greatest is null || fact.At(12) <= new BigInteger(filter.Greatest.Value * 1_000_000_000_000m)));
    }

    public Dictionary<string, Expected> Group(CubeQuery query, int scale)
    {
        var columns = query.GroupBy.Select(schema.ColumnOf).ToArray();
        return Matching(query.Filter)
            .GroupBy(fact => string.Join('|', columns.Select(column => column == schema.Dimensions.Count ? fact.Period.ToString() : fact.Codes[column])))
            .ToDictionary(group => group.Key, group =>
            {
                var numbers = group.Where(fact => fact.IsNumber).ToList();
                return new Expected(
                    numbers.Aggregate(BigInteger.Zero, (sum, fact) => sum + fact.At(scale)),
                    numbers.Count,
                    numbers.Count == 0 ? 0 : numbers.Min(fact => fact.At(scale)),
                    numbers.Count == 0 ? 0 : numbers.Max(fact => fact.At(scale)),
                    Tell(group.Where(fact => fact.Status.IsMissing()).GroupBy(fact => fact.Status)),
                    Tell(numbers.Where(fact => fact.Comparator != Comparator.Equal).GroupBy(fact => fact.Comparator)));
            });
    }

    private static string Tell<T>(IEnumerable<IGrouping<T, Fact>> groups) =>
        string.Join(' ', groups.OrderBy(group => group.Key).Select(group => $"{group.Key}:{group.Count()}"));
}
