using System.Globalization;
using System.Text;
using Waymark.Evidence.Catalogue;
using Waymark.Evidence.Contracts;
using Waymark.Model;
using Waymark.Packs.Content;

namespace Waymark.Evidence.Features;

/// <summary>
/// The reference figures of the packs as evidence like any other: each series is written out as a table and imported by a source
/// profile, so that it has a snapshot, cells, a release (the version of its pack) and a history.
/// </summary>
public static class ReferenceEvidence
{
    public const string FigureProfile = "reference/figures";
    public const string RouteProfile = "reference/routes";
    public const string Actor = "built-in";

    /// <summary>The series that the reference packs declare.</summary>
    public static IReadOnlyList<SeriesDefinition> Series(IReadOnlyList<ReferenceSeries> references) => [.. references.Select(reference => new SeriesDefinition
    {
        Id = reference.Id,
        Publisher = reference.Publisher,
        Name = reference.Name,
        Description = reference.Description,
        Theme = reference.Theme,
        Unit = reference.Observations.GroupBy(one => one.Unit, StringComparer.Ordinal).MaxBy(group => group.Count())?.Key ?? "number",
        Definition = reference.Definition,
        Licence = reference.Pack.Licence,
        Citation = reference.Citation,
        Dimensions = [.. reference.Dimensions.Select(Dimension)],
    })];

    /// <summary>One file for each series; the same packs give the same bytes.</summary>
    public static IReadOnlyList<ImportInput> Files(IEnumerable<ReferenceSeries> references) =>
        [.. references.Select(reference => new ImportInput(reference.Id.Replace('/', '-') + ".csv", Encoding.UTF8.GetBytes(Table(reference))))];

    /// <summary>Imports what is not there yet.</summary>
    public static async Task<Result<IReadOnlyList<ImportReport>>> LoadAsync(IEvidence evidence, IReadOnlyList<ReferenceSeries> references, CancellationToken cancellationToken)
    {
        var reports = new List<ImportReport>();
        foreach (var kind in references.ToLookup(reference => reference.IsRoutes ? RouteProfile : FigureProfile, StringComparer.Ordinal))
        {
            var imported = await evidence.ImportAsync(new ImportRequest(Files(kind), kind.Key, DryRun: false, Actor), null, cancellationToken);
            if (!imported.IsOk)
            {
                return imported.Error;
            }

            reports.AddRange(imported.Value);
        }

        return reports;
    }

    private static DimensionDefinition Dimension(ReferenceDimension dimension)
    {
        var codes = dimension.Codes.Select(pair => (new CodeDefinition(pair.Key, pair.Value, CodeKind.Leaf, null), (IReadOnlyList<string>)[])).ToList();
        if (!dimension.IsAreas)
        {
            codes.Add((new CodeDefinition("_T", new LocalText("Total", "合计"), CodeKind.Total, null), []));
            codes.Add((new CodeDefinition(NotStated, new LocalText("Not stated", "未说明"), CodeKind.Leaf, null), []));
        }

        var concept = new ConceptDefinition(dimension.Id, dimension.Name, dimension.IsAreas, isOpen: true, codes);
        var total = dimension.IsAreas ? "WORLD" : "_T";
        return new(dimension.Id, concept, dimension.Name, total, total);
    }

    /// <summary>SDMX's code for what is not known: a source that does not say "by land or by sea" does not mean both.</summary>
    private const string NotStated = "_U";

    private static readonly string[] LeadingColumns = ["waymark-reference", "edition"];

    private static readonly string[] TrailingColumns =
        ["unit", "source", "locator", "dq", "qualifier", "printed-period", "printed-value", "note"];

    private static string Table(ReferenceSeries reference)
    {
        var dimensions = reference.Dimensions;
        var text = new StringBuilder();
        Line([.. LeadingColumns, .. dimensions.Select(dimension => dimension.Id), "period", reference.IsRoutes ? "path-as-stated" : "figure-as-stated", .. TrailingColumns]);
        foreach (var one in reference.Observations)
        {
            Line([reference.Id, reference.Pack.Version, .. dimensions.Select(dimension => Code(one, dimension)), Written(one.Period), reference.IsRoutes ? one.Code ?? "" : Figure(one), one.Unit,
                one.Source, one.Locator, string.Join(' ', one.QualityCases), one.Qualifier ?? "", one.PrintedPeriod, one.PrintedValue, one.Note?.In("en") ?? ""]);
        }

        return text.ToString();

        void Line(IReadOnlyList<string> fields) => text.AppendJoin(',', fields.Select(field => '"' + field.Replace("\"", "\"\"", StringComparison.Ordinal) + '"')).Append('\n');
    }

    private static string Code(ReferenceObservation one, ReferenceDimension dimension) =>
        one.Key.GetValueOrDefault(dimension.Id, "") is { Length: > 0 } code ? code : dimension.IsAreas ? "" : NotStated;

    /// <summary>A year keeps its moment ("2020-mid"), an undated figure stays without a time.</summary>
    private static string Written(Period period) => period.Granularity switch
    {
        Granularity.Undated => "",
        Granularity.Year when period.Basis != PeriodBasis.During => $"{period}-{period.BasisCode}",
        _ => period.ToString(),
    };

    private static string Figure(ReferenceObservation one)
    {
        static string Text(decimal value) => value.ToString(CultureInfo.InvariantCulture);
        return (one.Value, one.Upper, one.Comparator) switch
        {
            (null, null, _) => "",
            ({ } value, { } upper, _) when upper != value => $"{Text(value)} to {Text(upper)}",
            (null, { } upper, _) => $"≤ {Text(upper)}",
            ({ } value, _, Comparator.AtLeast) => $"≥ {Text(value)}",
            ({ } value, _, Comparator.AtMost) => $"≤ {Text(value)}",
            ({ } value, _, Comparator.About) => $"≈ {Text(value)}",
            ({ } value, _, _) => Text(value),
        };
    }
}
