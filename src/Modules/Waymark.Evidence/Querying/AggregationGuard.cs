using Waymark.Evidence.Catalogue;
using Waymark.Evidence.Contracts;
using Waymark.Model;

namespace Waymark.Evidence.Querying;

/// <summary>What must not be added: units, definitions, kinds of periods, stocks over time.</summary>
internal sealed class AggregationGuard(EvidenceCatalogue catalogue, LoadedSeries series)
{
    public Error? Check(IReadOnlyList<string> units, IReadOnlyList<string> definitions, IReadOnlyList<Period> periods, SeriesQuery query)
    {
        if (units.Count > 1 && !query.GroupBy.Contains("unit"))
        {
            return QueryErrors.MixedUnits(units.Order(StringComparer.Ordinal), Bridging.Offered(catalogue, [.. units], []));
        }

        if (definitions.Count > 1 && !query.GroupBy.Contains("definition") && Differences(definitions) is { } differences)
        {
            return QueryErrors.MixedDefinitions(definitions.Take(8), Bridging.Offered(catalogue, [], [.. definitions])) with
            {
                Message = new($"The figures follow different definitions ({string.Join(", ", definitions.Take(8))}), which differ in {differences}; they cannot be added.",
                    $"数据采用不同定义（{string.Join("、", definitions.Take(8))}），差异在于 {differences}，不能相加。"),
            };
        }

        if (query.GroupBy.Contains("period") || query.Measure is "mean" or "min" or "max")
        {
            return null;
        }

        var kinds = periods.Select(period => period.Granularity).Distinct().ToList();
        if (kinds.Count > 1 && !query.GroupBy.Contains("year"))
        {
            return Error.Refused("query.mixed-periods", $"The figures are about periods of different kinds ({string.Join(", ", kinds)}); they cannot be added.",
                $"数据的时期类型不同（{string.Join("、", kinds)}），不能相加。").WithHint("Group by period.", "请按 period 分组。");
        }

        return IsStock(definitions) && periods.Select(period => query.GroupBy.Contains("year") ? period.FirstDay.DayNumber : 0).Distinct().Count() < periods.Count
            ? QueryErrors.StockOverTime(series.Definition.Id) : null;
    }

    private bool IsStock(IReadOnlyList<string> definitions)
    {
        var known = definitions.Select(id => catalogue.Facts.Definitions.GetValueOrDefault(id)).OfType<DefinitionVector>().ToList();
        return known.Count > 0 ? known.Exists(vector => vector.Concept is StatisticalConcept.Stock or StatisticalConcept.Rate or StatisticalConcept.Index)
            : series.Definition.Theme == "stock";
    }

    private string? Differences(IReadOnlyList<string> definitions)
    {
        var known = definitions.Select(id => catalogue.Facts.Definitions.GetValueOrDefault(id)).ToList();
        if (known.Contains(null))
        {
            return "components that are not described";
        }

        var differences = known.Skip(1).SelectMany(other => known[0]!.DifferencesFrom(other!)).Distinct(StringComparer.Ordinal).ToList();
        return differences.Count == 0 ? null : string.Join(", ", differences);
    }
}

/// <summary>What the reader of a sum must know.</summary>
internal sealed class AggregationNotes
{
    public List<LocalText> All { get; } = [];

    public void Collapsed(CollapseCounts report, DimensionDefinition dimension, bool chosen)
    {
        var (en, zh) = (dimension.Name.In("en"), dimension.Name.In("zh"));
        if (report.Sums > 0 && !chosen)
        {
            All.Add(report.Totals == 0
                ? new($"{en}: summed over its members (no total is published).", $"{zh}：对各成员求和（未公布合计）。")
                : new($"{en}: the published total where there is one ({report.Totals}), else the sum over the members ({report.Sums}).", $"{zh}：有已公布合计的用合计（{report.Totals}），否则对成员求和（{report.Sums}）。"));
        }
        else if (report.Totals > 0 && !chosen)
        {
            All.Add(new($"{en}: published total.", $"{zh}：已公布的合计。"));
        }

        if (report.Stale > 0)
        {
            All.Add(new($"{en}: {report.Stale} published totals are of an older edition than their members; the members were summed.", $"{zh}：{report.Stale} 个已公布合计的版次早于其成员，已改为对成员求和。"));
        }

        if (report.Withdrawn > 0)
        {
            All.Add(new($"{en}: {report.Withdrawn} figures of older editions were left out, because the newer complete edition no longer has them.", $"{zh}：较新的完整版次已无 {report.Withdrawn} 个旧版数字，未计入。"));
        }

        if (report.Aggregates > 0 && report.Sums > 0)
        {
            All.Add(new($"{en}: aggregates and unknown codes are not in the sum ({report.Aggregates}).", $"{zh}：汇总项和未知代码未计入（{report.Aggregates}）。"));
        }
    }

    public void Missing(IReadOnlyList<Group> groups)
    {
        var missing = groups.Sum(group => group.Missing);
        if (missing > 0)
        {
            All.Add(new($"{missing} missing or withheld figures are not in the sums; they are not zero.", $"有 {missing} 个缺失或未公布的数字未计入合计；它们不是零。"));
        }

        var bounded = groups.Count(group => group.Comparator == Comparator.AtLeast);
        if (bounded > 0)
        {
            All.Add(new($"{bounded} totals are lower bounds, because withheld figures belong to them.", $"有 {bounded} 个合计为下限，因为其中包含未公布的数字。"));
        }
    }
}
