using Waymark.Evidence.Catalogue;
using Waymark.Evidence.Contracts;
using Waymark.Model;
using Waymark.Statistics.Cube.Queries;

namespace Waymark.Evidence.Querying;

/// <summary>The catalogue entry of a loaded series; counted from the cube, kept per snapshot.</summary>
internal static class SeriesSummaries
{
    private static readonly System.Runtime.CompilerServices.ConditionalWeakTable<Statistics.Cube.CubeSnapshot, SeriesSummary> Kept = [];

    public static SeriesSummary Of(EvidenceCatalogue catalogue, LoadedSeries series) =>
        Kept.GetValue(series.Cube, _ => Count(catalogue, series));

    private static SeriesSummary Count(EvidenceCatalogue catalogue, LoadedSeries series)
    {
        var definition = series.Definition;
        var (cube, current) = (series.Cube, 0L);
        var (figures, periods) = (0L, new SortedSet<Period>());
        if (cube.Group(new CubeQuery { GroupBy = ["period"] }) is { IsOk: true, Value: var byPeriod })
        {
            for (var group = 0; group < byPeriod.Count; group++)
            {
                figures += byPeriod.Figures(group) + byPeriod.With(group, Comparator.Code);
                current += byPeriod.Figures(group) + byPeriod.With(group, Comparator.Code) + byPeriod.Missing(group);
                if (byPeriod.Period(group, 0) is { Granularity: not Granularity.Undated } period)
                {
                    periods.Add(period);
                }
            }
        }

        return new SeriesSummary
        {
            Id = definition.Id,
            Publisher = definition.Publisher,
            PublisherName = catalogue.Publisher(definition.Publisher).Name,
            Name = definition.Name,
            Description = definition.Description,
            Theme = definition.Theme,
            Dimensions = [.. definition.Dimensions.Select(dimension => new DimensionSummary(
                dimension.Id, dimension.Name, dimension.Concept.Id, cube.Codes(dimension.Id).Count, dimension.Total))],
            Units = cube.Codes("unit") is { Count: > 0 } units ? units : [definition.Unit],
            Definitions = definition.Definition is { } id ? [id] : [],
            Licence = definition.Licence,
            FirstPeriod = periods.Count == 0 ? null : periods.Min.ToString(),
            LastPeriod = periods.Count == 0 ? null : periods.Max.ToString(),
            Observations = current,
            Missing = current - figures,
            Vintages = [.. series.Vintages.OrderByDescending(vintage => vintage.ReleaseOrder).ThenByDescending(vintage => vintage.Sequence)
                .Select(vintage => new VintageSummary(vintage.Id, vintage.Release, vintage.VisibleFrom, vintage.Observations, vintage.FileName, vintage.Sha256, vintage.Profile))],
        };
    }
}
