using Waymark.Evidence.Contracts;

namespace Waymark.App.Sdmx;

/// <summary>Our column names and their SDMX component ids: <c>area</c> is AREA, <c>period</c> is TIME_PERIOD, <c>value</c> is OBS_VALUE.</summary>
public static class ComponentIds
{
    private static readonly Dictionary<string, string> s_known = new(StringComparer.Ordinal)
    {
        ["period"] = "TIME_PERIOD", ["value"] = "OBS_VALUE", ["status"] = "OBS_STATUS", ["unit"] = "UNIT_MEASURE", ["confidentiality"] = "CONF_STATUS",
    };

    public static string Of(string column) =>
        s_known.GetValueOrDefault(column) ?? column.Replace('-', '_').Replace('.', '_').ToUpperInvariant();

    /// <summary>The column of a component id, or null when the series has none. The id is read without regard to case; REF_AREA is AREA.</summary>
    public static string? ColumnOf(SeriesSummary series, string component)
    {
        var id = component.ToUpperInvariant();
        return s_known.FirstOrDefault(pair => pair.Value == id).Key
            ?? series.Dimensions.FirstOrDefault(dimension => Of(dimension.Id) == (id == "REF_AREA" && !series.Dimensions.Any(d => d.Id == "ref-area") ? "AREA" : id))?.Id;
    }

    /// <summary>The dimensions of the key: all but time, in their order.</summary>
    public static IReadOnlyList<string> KeyOf(SeriesSummary series) =>
        [.. series.Dimensions.Select(dimension => dimension.Id).Where(id => id != "period")];
}
