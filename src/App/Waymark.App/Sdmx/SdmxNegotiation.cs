using Microsoft.Net.Http.Headers;
using Waymark.App.Output;
using Waymark.Formats;
using Waymark.Model;

namespace Waymark.App.Sdmx;

/// <summary>The media type that was agreed on; <see cref="Csv"/> are the parameters of SDMX-CSV.</summary>
public sealed record SdmxMedia(AnswerFormat Format, SdmxCsvOptions? Csv = null);

/// <summary>Content negotiation of data queries: SDMX-JSON 2.1 when nothing is said, SDMX-CSV 2.1, plain CSV, JSON-stat; 406 for others.</summary>
public static class SdmxNegotiation
{
    public static Result<SdmxMedia> Choose(HttpRequest request, string? format)
    {
        if (format is not null)
        {
            return format switch
            {
                "sdmx-json" or "jsondata" => new SdmxMedia(AnswerFormat.SdmxJson),
                "sdmx-csv" or "csvdata" => new SdmxMedia(AnswerFormat.SdmxCsv),
                "csv" => new SdmxMedia(AnswerFormat.Csv),
                "jsonstat" => new SdmxMedia(AnswerFormat.JsonStat),
                _ => NotAcceptable(),
            };
        }

        var accept = request.GetTypedHeaders().Accept;
        if (accept.Count == 0)
        {
            return new SdmxMedia(AnswerFormat.SdmxJson);
        }

        foreach (var item in accept.Where(item => item.Quality is not 0).OrderByDescending(item => item.Quality ?? 1))
        {
            if (Match(item) is { } media)
            {
                return media;
            }
        }

        return NotAcceptable();
    }

    private static SdmxMedia? Match(MediaTypeHeaderValue item)
    {
        var version = Parameter(item, "version");
        return item.MediaType.Value?.ToLowerInvariant() switch
        {
            "*/*" or "application/*" or "application/json" => new(AnswerFormat.SdmxJson),
            "application/vnd.sdmx.data+json" => version is null || version.StartsWith('2') ? new(AnswerFormat.SdmxJson) : null,
            "application/vnd.sdmx.data+csv" => version is null || version.StartsWith('2') ? new(AnswerFormat.SdmxCsv, Csv(item)) : null,
            "text/csv" or "text/*" => new(AnswerFormat.Csv),
            "application/vnd.jsonstat+json" => new(AnswerFormat.JsonStat),
            _ => null,
        };
    }

    private static SdmxCsvOptions Csv(MediaTypeHeaderValue item) => new(
        Parameter(item, "labels") switch { "name" => SdmxLabels.Name, "both" => SdmxLabels.Both, _ => SdmxLabels.Id },
        Parameter(item, "timeFormat") == "normalized" ? SdmxTimeFormat.Normalized : SdmxTimeFormat.Original,
        Parameter(item, "keys") switch { "obs" => SdmxKeys.Obs, "series" => SdmxKeys.Series, "both" => SdmxKeys.Both, _ => SdmxKeys.None });

    private static string? Parameter(MediaTypeHeaderValue item, string name) =>
        item.Parameters.FirstOrDefault(parameter => parameter.Name.Equals(name, StringComparison.OrdinalIgnoreCase))?.Value.Value?.Trim('"');

    // 406 has no kind of its own among errors; the endpoint gives the status.
    private static Error NotAcceptable() => Error.Invalid("request.not-acceptable", "None of the media types asked for can be made here.", "无法提供所请求的媒体类型。", "Accept")
        .WithHint("application/vnd.sdmx.data+json;version=2.1.0, application/vnd.sdmx.data+csv;version=2.1.0, text/csv, application/vnd.jsonstat+json",
            "application/vnd.sdmx.data+json;version=2.1.0、application/vnd.sdmx.data+csv;version=2.1.0、text/csv、application/vnd.jsonstat+json");
}
