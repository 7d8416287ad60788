using System.Text.Json.Nodes;
using Waymark.App.Accounts;
using Waymark.App.Hosting;
using Waymark.Evidence.Contracts;
using Waymark.Model;

namespace Waymark.App.Sdmx;

/// <summary>A minimal SDMX-JSON structure message: the dataflows and, for one of them, its dimensions in order of the key.</summary>
public static class SdmxStructure
{
    private const string MediaType = "application/vnd.sdmx.structure+json; version=2.1.0; charset=utf-8";

    public static void MapSdmxStructure(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/sdmx/structure/dataflow").RequireAuthorization(AccountSetup.ReadPolicy).WithMetadata(new ForPurposeAttribute(Purpose.ReadEvidence)).WithTags("sdmx").CacheOutput(SequenceCache.Name);
        group.MapGet("", async (HttpContext context, IEvidence evidence, CancellationToken cancellationToken) =>
            Message(context, await evidence.SeriesAsync(cancellationToken), withDimensions: false))
            .WithName("sdmx-dataflows").WithSummary("All dataflows.");
        group.MapGet("/{agency}", async (HttpContext context, string agency, IEvidence evidence, CancellationToken cancellationToken) =>
            Message(context, [.. (await evidence.SeriesAsync(cancellationToken)).Where(series => agency == "*" || series.Publisher == agency)], withDimensions: false))
            .ExcludeFromDescription();
        group.MapGet("/{agency}/{id}", OneAsync).WithName("sdmx-dataflow").WithSummary("One dataflow with its dimensions.").ProducesProblem(404);
        group.MapGet("/{agency}/{id}/{version}", (HttpContext context, string agency, string id, string version, IEvidence evidence, CancellationToken cancellationToken) =>
            version is "*" or "+" or "~" or "latest" or "1.0" or "1.0.0" ? OneAsync(context, agency, id, evidence, cancellationToken)
            : Task.FromResult(Problems.Result(Error.NotFound("sdmx.version", "There is version 1.0 of this dataflow.", "该数据流只有 1.0 版。", version))))
            .ExcludeFromDescription();
    }

    private static async Task<IResult> OneAsync(HttpContext context, string agency, string id, IEvidence evidence, CancellationToken cancellationToken)
    {
        if (id == "*")
        {
            return Message(context, [.. (await evidence.SeriesAsync(cancellationToken)).Where(series => agency == "*" || series.Publisher == agency)], withDimensions: false);
        }

        var series = await evidence.SeriesAsync($"{agency}/{id}", cancellationToken);
        return series.IsOk ? Message(context, [series.Value], withDimensions: true) : Problems.Result(series.Error);
    }

    private static IResult Message(HttpContext context, IReadOnlyList<SeriesSummary> all, bool withDimensions)
    {
        var language = RequestLanguage.Of(context.Request);
        var data = new JsonObject
        {
            ["dataflows"] = new JsonArray([.. all.Select(series => (JsonNode)new JsonObject
            {
                ["id"] = Id(series),
                ["agencyID"] = series.Publisher,
                ["version"] = "1.0.0",
                ["name"] = series.Name.In(language),
                ["names"] = Names(series.Name),
                ["structure"] = $"urn:sdmx:org.sdmx.infomodel.datastructure.DataStructure={series.Publisher}:{Id(series)}(1.0.0)",
            })]),
        };
        if (withDimensions)
        {
            data["dataStructures"] = new JsonArray([.. all.Select(series => (JsonNode)Structure(series, language))]);
        }

        context.Response.Headers.CacheControl = "no-cache";
        return Results.Text(new JsonObject { ["meta"] = new JsonObject { ["id"] = "waymark-structure", ["test"] = false, ["sender"] = new JsonObject { ["id"] = "waymark" } }, ["data"] = data }
            .ToJsonString(Output.JsonOutput.Options), MediaType);
    }

    private static JsonObject Structure(SeriesSummary series, string language) => new()
    {
        ["id"] = Id(series),
        ["agencyID"] = series.Publisher,
        ["version"] = "1.0.0",
        ["name"] = series.Name.In(language),
        ["dataStructureComponents"] = new JsonObject
        {
            ["dimensionList"] = new JsonObject
            {
                ["id"] = "DimensionDescriptor",
                ["dimensions"] = new JsonArray([.. ComponentIds.KeyOf(series).Select((dimension, at) => (JsonNode)new JsonObject
                {
                    ["id"] = ComponentIds.Of(dimension),
                    ["position"] = at + 1,
                    ["names"] = Names(series.Dimensions.First(known => known.Id == dimension).Name),
                    ["conceptIdentity"] = $"urn:sdmx:org.sdmx.infomodel.conceptscheme.Concept=waymark:CONCEPTS(1.0.0).{ComponentIds.Of(dimension)}",
                })]),
                ["timeDimensions"] = new JsonArray(new JsonObject { ["id"] = "TIME_PERIOD" }),
            },
            ["measureList"] = new JsonObject { ["id"] = "MeasureDescriptor", ["measures"] = new JsonArray(new JsonObject { ["id"] = "OBS_VALUE" }) },
        },
    };

    private static JsonObject Names(LocalText text) => new(text.Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)pair.Value)));

    private static string Id(SeriesSummary series) => series.Id[(series.Id.IndexOf('/', StringComparison.Ordinal) + 1)..];
}
