using Waymark.Evidence.Contracts;
using Waymark.Model;
using Waymark.Statistics.Measures;

namespace Waymark.Evidence.Querying;

/// <summary>Growth, rank and top partners over groups that are sums already.</summary>
internal static class DerivedMeasures
{
    /// <summary>Change against the period before of the same group, in per cent; the absolute change stands beside it.</summary>
    public static Result<DerivedGroups> Growth(IReadOnlyList<Group> groups, SeriesQuery query)
    {
        if (!query.GroupBy.Any(GroupRows.IsTime))
        {
            return QueryErrors.NeedsGrouping("growth", "period");
        }

        var (changes, results) = (new Dictionary<Group, QueryCell>(ReferenceEqualityComparer.Instance), new List<Group>());
        var before = new Dictionary<Group, QueryCell>(ReferenceEqualityComparer.Instance);
        foreach (var line in groups.GroupBy(group => string.Join('\u001f', group.Codes), StringComparer.Ordinal))
        {
            Group? last = null;
            foreach (var group in line.OrderBy(group => group.Period!.Value))
            {
                var comparable = last is { Value: { } from } && group.Value is not null && from != 0 && last.Unit == group.Unit
                    && last.Comparator == Comparator.Equal && group.Comparator == Comparator.Equal;
                var grown = group with
                {
                    Value = comparable ? Rounding.HalfUp((group.Value!.Value - last!.Value!.Value) / Math.Abs(last.Value.Value) * 100, 6) : null,
                    Upper = null,
                    Unit = "percent",
                    Status = comparable ? group.Status : ObservationStatus.Missing,
                    Comparator = comparable ? Comparator.Equal : Comparator.None,
                };
                if (comparable)
                {
                    changes[grown] = QueryCell.Of(group.Value - last!.Value);
                    before[grown] = QueryCell.Of(last.Period!.Value.ToString());
                }

                results.Add(grown);
                last = group;
            }
        }

        return new DerivedGroups(results,
            [new("change", new("Absolute change", "绝对变化"), changes), new("since", new("Since", "自"), before)],
            [new("Growth since the period before, in per cent; empty where a figure is missing or only a bound.", "与上一时期相比的增长百分比；数字缺失或仅为界限时留空。")]);
    }

    /// <summary>Place by size within each period; equal figures share a place. Aggregates have none.</summary>
    public static Result<DerivedGroups> Rank(IReadOnlyList<Group> groups, SeriesQuery query, Func<Group, bool> isLeaf)
    {
        var ranks = new Dictionary<Group, QueryCell>(ReferenceEqualityComparer.Instance);
        foreach (var period in groups.Where(group => isLeaf(group) && group.Value is not null).GroupBy(group => group.Period?.ToCode() ?? 0))
        {
            var sizes = period.Select(group => group.Value!.Value).OrderDescending().ToList();
            foreach (var group in period)
            {
                ranks[group] = QueryCell.Of(1 + sizes.Count(size => size > group.Value));
            }
        }

        return new DerivedGroups([.. groups.Where(ranks.ContainsKey).OrderBy(group => group.Period?.ToCode() ?? 0).ThenBy(group => ranks[group].Number)],
            [new("rank", new("Rank", "名次"), ranks)], []);
    }

    /// <summary>The largest ten of each period and one row for the rest, so that the rows still add up.</summary>
    public static Result<DerivedGroups> Top(IReadOnlyList<Group> groups, SeriesQuery query, Func<Group, bool> isLeaf)
    {
        const int most = 10;
        var at = query.GroupBy.Where(column => !GroupRows.IsTime(column)).ToList();
        if (at.Count != 1)
        {
            return QueryErrors.NeedsGrouping("top", "exactly one dimension");
        }

        var shares = new Dictionary<Group, QueryCell>(ReferenceEqualityComparer.Instance);
        var results = new List<Group>();
        foreach (var period in groups.Where(isLeaf).GroupBy(group => group.Period?.ToCode() ?? 0).OrderBy(period => period.Key))
        {
            var total = period.Sum(group => group.Value ?? 0);
            var bySize = period.Where(group => group.Value is not null).OrderByDescending(group => group.Value).ThenBy(group => group.Codes[0], StringComparer.Ordinal).ToList();
            foreach (var group in bySize.Take(most))
            {
                results.Add(group);
                shares[group] = QueryCell.Of(total == 0 ? null : Rounding.HalfUp((group.Value ?? 0) / total * 100, 6));
            }

            if (bySize.Count > most)
            {
                var rest = bySize[most] with { Codes = ["_OTHER"], Value = bySize.Skip(most).Sum(group => group.Value ?? 0), Upper = null, Figures = bySize.Skip(most).Sum(group => group.Figures) };
                results.Add(rest);
                shares[rest] = QueryCell.Of(total == 0 ? null : Rounding.HalfUp((rest.Value ?? 0) / total * 100, 6));
            }
        }

        return new DerivedGroups(results, [new("share", new("Share of the sum, per cent", "占合计百分比"), shares)],
            [new("“_OTHER” is the sum of all further countries, areas or groups.", "“_OTHER”为其余国家、地区或组别之和。")]);
    }
}
