using Waymark.Evidence.Catalogue;
using Waymark.Evidence.Contracts;
using Waymark.Model;
using Waymark.Statistics.Measures;

namespace Waymark.Evidence.Querying;

/// <summary>
/// Shares and rates with a named denominator: the sum over the group's own leaves ("total"), or another series asked the same
/// question. The denominator always stands in the answer: two shares of one numerator are told apart by it.
/// </summary>
internal sealed class Shares(QueryEngine engine, EvidenceCatalogue catalogue, LoadedSeries series)
{
    public async Task<Result<DerivedGroups>> OfAsync(IReadOnlyList<Group> groups, SeriesQuery query, CancellationToken cancellationToken) =>
        query.Denominator is null or "total" ? OfTotal(groups, query) : await OfSeriesAsync(groups, query, query.Denominator, cancellationToken);

    private Result<DerivedGroups> OfTotal(IReadOnlyList<Group> groups, SeriesQuery query)
    {
        var dimensions = query.GroupBy.Where(column => !GroupRows.IsTime(column)).Select(series.Definition.Dimension).ToList();
        var leaves = groups.Where(group => dimensions.Select((dimension, at) => dimension is null ? CodeKind.Leaf : catalogue.KindOf(dimension, group.Codes[at])).All(kind => kind == CodeKind.Leaf)).ToList();
        var totals = leaves.GroupBy(group => group.Period?.ToCode() ?? 0).ToDictionary(period => period.Key, period => period.Sum(group => group.Value ?? 0));
        var bases = new Dictionary<Group, QueryCell>(ReferenceEqualityComparer.Instance);
        List<Group> shares = [.. leaves.Select(group => Divide(group, totals[group.Period?.ToCode() ?? 0], "percent-of-sum", bases))];
        return new DerivedGroups(shares, [new("denominator", new("Denominator", "分母"), bases)],
            [new("Shares of the sum over the rows shown, in per cent.", "占所示各行之和的百分比。")]);
    }

    private async Task<Result<DerivedGroups>> OfSeriesAsync(IReadOnlyList<Group> groups, SeriesQuery query, string denominator, CancellationToken cancellationToken)
    {
        var found = await engine.FindAsync(denominator, cancellationToken);
        if (!found.TryGet(out var other))
        {
            return found.Error!;
        }

        var shared = query.GroupBy.Where(column => GroupRows.IsTime(column) || other.Definition.Dimension(column) is not null).ToList();
        var asked = await engine.RunAsync(query with
        {
            Series = denominator,
            Measure = "sum",
            Denominator = null,
            Pivot = null,
            GroupBy = shared,
            Where = [.. query.Where.Where(condition => other.Definition.Dimension(condition.Dimension.Split('.')[0]) is not null)],
            Release = null,
            Sort = [],
            Offset = 0,
            Limit = 1_000_000,
        }, cancellationToken);
        if (!asked.TryGet(out var answer))
        {
            return asked.Error!;
        }

        var value = shared.Count;
        var bases = answer.Rows.ToDictionary(row => string.Join('\u001f', row.Take(value).Select(cell => cell.Text)), row => row[value].Number, StringComparer.Ordinal);
        var unit = answer.Rows.Count == 0 ? other.Definition.Unit : answer.Rows[0][value + 2].Text ?? other.Definition.Unit;
        var scale = (decimal)Math.Pow(10, catalogue.Facts.Units.GetValueOrDefault(unit)?.Scale ?? 0);
        var cells = new Dictionary<Group, QueryCell>(ReferenceEqualityComparer.Instance);
        List<Group> shares = [.. groups.Select(group =>
        {
            var at = 0;
            var key = string.Join('\u001f', query.GroupBy.Select(column => (column, text: GroupRows.IsTime(column) ? group.Period!.Value.ToString() : group.Codes[at++]))
                .Where(pair => shared.Contains(pair.column)).Select(pair => pair.text));
            return Divide(group, bases.GetValueOrDefault(key) * scale, "percent-of-" + denominator, cells);
        })];
        return new DerivedGroups(shares, [new("denominator", new("Denominator", "分母"), cells)],
            [new($"Per cent of {other.Definition.Name.In("en")} ({denominator}).", $"占{other.Definition.Name.In("zh")}（{denominator}）的百分比。")]);
    }

    private static Group Divide(Group group, decimal? total, string unit, Dictionary<Group, QueryCell> bases)
    {
        var known = group.Value is not null && total is not null and not 0;
        var share = group with
        {
            Value = known ? Rounding.HalfUp(group.Value!.Value / total!.Value * 100, 10) : null,
            Upper = known && group.Upper is { } upper ? Rounding.HalfUp(upper / total!.Value * 100, 10) : null,
            Unit = unit,
            Status = known ? group.Status : ObservationStatus.Missing,
        };
        bases[share] = QueryCell.Of(total);
        return share;
    }
}
