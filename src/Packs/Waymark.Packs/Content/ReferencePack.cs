using Waymark.Model;

namespace Waymark.Packs.Content;

/// <summary>A column of a reference table; its codes with names, or the areas pack.</summary>
public sealed record ReferenceDimension(string Id, LocalText Name, bool IsAreas, IReadOnlyDictionary<string, LocalText> Codes);

/// <summary>
/// One figure as its source printed it. <paramref name="Value"/> is null when <paramref name="Status"/> says why; <paramref name="Code"/> is the ordered path of a route.
/// <paramref name="Row"/> is the line of the table, so that every figure says where it stands.
/// </summary>
public sealed record ReferenceObservation(
    int Row, IReadOnlyDictionary<string, string> Key, Period Period, decimal? Value, decimal? Upper, Comparator Comparator, ObservationStatus Status, string Unit,
    string? Code, string Source, string Locator, IReadOnlyList<string> QualityCases, string? Qualifier, string PrintedPeriod, string PrintedValue, LocalText? Note);

/// <summary>A series carried as a pack, with its rows.</summary>
public sealed record ReferenceSeries(
    Pack Pack, string Id, string Publisher, string Definition, string Theme, LocalText Name, LocalText? Description, LocalText Citation,
    bool IsRoutes, PackTable? Table, IReadOnlyList<ReferenceDimension> Dimensions, IReadOnlyList<ReferenceObservation> Observations);

/// <summary>Reads packs of kind <c>reference</c>. Areas, units, statuses and periods are checked; nothing is corrected.</summary>
public static class ReferencePack
{
    public const string Kind = "reference";

    public static ReferenceSeries Read(Pack pack, AreaRegistry areas, IReadOnlyDictionary<string, Unit> units, PackErrors errors)
    {
        var root = pack.Cursor(errors);
        var series = root.Mapping("series") ?? new PackCursor(pack.File, new PackMapping(new(1, 1), []), errors);
        var table = pack.Table(series.Text("table"));
        if (table is null)
        {
            series.Fault("table", "pack.file-missing", "The table is not among the listed files.", "该表不在所列文件中。");
        }

        var dimensions = series.List("dimensions").Select(node => Dimension(pack, node, errors)).ToList();
        var isRoutes = series.Text("shape") == "routes";
        var reader = new ReferenceRows(dimensions, areas, units, errors);
        return new(pack, series.Text("id"), series.Text("publisher"), series.Text("definition"), series.OptionalText("theme") ?? "reference", series.Texts("name"),
            series.OptionalTexts("description"), series.Texts("citation"), isRoutes, table, dimensions,
            [.. (table?.Rows ?? []).Select(row => isRoutes ? reader.Route(row, pack.Source) : reader.Figure(row))]);
    }

    private static ReferenceDimension Dimension(Pack pack, PackCursor node, PackErrors errors)
    {
        var codes = new Dictionary<string, LocalText>(StringComparer.Ordinal);
        foreach (var (code, _, texts) in node.Entries("codes"))
        {
            codes[code] = new LocalText(texts.Node.Entries.Select(text => KeyValuePair.Create(text.Key, ((PackScalar)text.Value).Text)));
        }

        foreach (var row in node.OptionalText("table") is { } path ? pack.Rows(path) : [])
        {
            codes[row["code"]] = Rows.Texts(row, "en", "zh", errors);
        }

        return new(node.Text("id"), node.Texts("name"), node.OptionalBoolean("areas") ?? false, codes);
    }
}
