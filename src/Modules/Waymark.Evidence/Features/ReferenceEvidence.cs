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
    public const string Profile = "reference/figures";
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
    public static IReadOnlyList<ImportInput> Files(IReadOnlyList<ReferenceSeries> references) =>
        [.. references.Select(reference => new ImportInput(reference.Id.Replace('/', '-') + ".csv", Encoding.UTF8.GetBytes(Table(reference))))];

    /// <summary>Imports what is not there yet.</summary>
    public static Task<Result<IReadOnlyList<ImportReport>>> LoadAsync(IEvidence evidence, IReadOnlyList<ReferenceSeries> references, CancellationToken cancellationToken) =>
        evidence.ImportAsync(new ImportRequest(Files(references), Profile, DryRun: false, Actor), null, cancellationToken);

    private static DimensionDefinition Dimension(ReferenceDimension dimension)
    {
        var codes = dimension.Codes.Select(pair => (new CodeDefinition(pair.Key, pair.Value, CodeKind.Leaf, null), (IReadOnlyList<string>)[])).ToList();
        if (!dimension.IsAreas && !dimension.Codes.ContainsKey("_T"))
        {
            codes.Add((new CodeDefinition("_T", new LocalText("Total", "合计"), CodeKind.Total, null), []));
        }

        var concept = new ConceptDefinition(dimension.Id, dimension.Name, dimension.IsAreas, isOpen: true, codes);
        var total = dimension.IsAreas ? "WORLD" : "_T";
        return new(dimension.Id, concept, dimension.Name, total, total);
    }

    private static readonly string[] LeadingColumns = ["waymark-reference", "edition"];

    private static readonly string[] TrailingColumns =
        ["period", "figure-as-stated", "unit", "source", "locator", "dq", "qualifier", "printed-period", "printed-value", "note", "path"];

    private static string Table(ReferenceSeries reference)
    {
        var dimensions = reference.Dimensions.Select(dimension => dimension.Id).ToList();
        var text = new StringBuilder();
        Line([.. LeadingColumns, .. dimensions, .. TrailingColumns]);
        foreach (var one in reference.Observations)
        {
            Line([reference.Id, reference.Pack.Version, .. dimensions.Select(name => one.Key.GetValueOrDefault(name, "")), Written(one.Period), Figure(one, reference.IsRoutes), one.Unit,
                one.Source, one.Locator, string.Join(' ', one.QualityCases), one.Qualifier ?? "", one.PrintedPeriod, one.PrintedValue, one.Note?.In("en") ?? "", one.Code ?? ""]);
        }

        return text.ToString();

        void Line(IReadOnlyList<string> fields) => text.AppendJoin(',', fields.Select(field => '"' + field.Replace("\"", "\"\"", StringComparison.Ordinal) + '"')).Append('\n');
    }

    /// <summary>A year keeps its moment ("2020-mid"), an undated figure stays without a time.</summary>
    private static string Written(Period period) => period.Granularity switch
    {
        Granularity.Undated => "",
        Granularity.Year when period.Basis != PeriodBasis.During => $"{period}-{period.BasisCode}",
        _ => period.ToString(),
    };

    private static string Figure(ReferenceObservation one, bool isRoute)
    {
        static string Text(decimal value) => value.ToString(CultureInfo.InvariantCulture);
        return (one.Value, one.Upper, one.Comparator) switch
        {
            _ when isRoute => "1",
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
