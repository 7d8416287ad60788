using Waymark.Evidence.Catalogue;
using Waymark.Model;

namespace Waymark.Evidence.Querying;

/// <summary>How to cite: the provider first, this platform second.</summary>
internal static class Citations
{
    public static LocalText Of(EvidenceCatalogue catalogue, SeriesDefinition series, LoadedVintage? vintage)
    {
        var publisher = catalogue.Publisher(series.Publisher).Name;
        var day = vintage?.VisibleFrom.UtcDateTime.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture) ?? "–";
        return new(
            $"{Sentence(series.Citation.In("en"), publisher.In("en"), ".")} Release {vintage?.Release ?? "–"}, known here since {day}, {series.Licence}. Via Waymark, series {series.Id}.",
            $"{Sentence(series.Citation.In("zh"), publisher.In("zh"), "。")}版本 {vintage?.Release ?? "–"}，本平台收录于 {day}，{series.Licence}。经由 Waymark，数列 {series.Id}。");
    }

    private static string Sentence(string citation, string publisher, string stop) =>
        citation.Length == 0 ? publisher + stop : citation.EndsWith('.') || citation.EndsWith('。') ? citation : citation + stop;
}
