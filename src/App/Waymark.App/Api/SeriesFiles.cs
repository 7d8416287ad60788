using Waymark.App.Accounts;
using Waymark.App.Hosting;
using Waymark.App.Output;
using Waymark.Evidence.Contracts;
using Waymark.Model;
using Waymark.Pages.Data;
using Waymark.Storage;

namespace Waymark.App.Api;

/// <summary>The files behind a series page: the same address with another ending gives the same filters as CSV, JSON, XLSX or SVG.</summary>
public static class SeriesFiles
{
    public static void MapSeriesFiles(this IEndpointRouteBuilder routes)
    {
        var read = routes.MapGroup("/data").RequireAuthorization(AccountSetup.ReadPolicy).ExcludeFromDescription();
        foreach (var (ending, format) in new[] { ("csv", AnswerFormat.Csv), ("json", AnswerFormat.Json), ("xlsx", AnswerFormat.Xlsx) })
        {
            read.MapGet($"/{{publisher}}/{{dataset}}.{ending}", (HttpContext context, string publisher, string dataset, IEvidence evidence, IStore store, CancellationToken cancellationToken) =>
                RowsAsync(context, $"{publisher}/{dataset}", format, ending, evidence, store, cancellationToken)).CacheOutput(SequenceCache.Name);
        }

        read.MapGet("/{publisher}/{dataset:regex(^[[^.]]+$)}.svg", (HttpContext context, string publisher, string dataset, SeriesReader reader, SeriesFigures figures, CancellationToken cancellationToken) =>
            FigureAsync(context, $"{publisher}/{dataset}", "chart", reader, figures, cancellationToken));
        read.MapGet("/{publisher}/{dataset}.map.svg", (HttpContext context, string publisher, string dataset, SeriesReader reader, SeriesFigures figures, CancellationToken cancellationToken) =>
            FigureAsync(context, $"{publisher}/{dataset}", "map", reader, figures, cancellationToken));
    }

    private static async Task<IResult> RowsAsync(
        HttpContext context, string series, AnswerFormat format, string ending, IEvidence evidence, IStore store, CancellationToken cancellationToken)
    {
        var dimensions = await DimensionsAsync(series, evidence, cancellationToken);
        if (!dimensions.TryGet(out var known))
        {
            return Problems.Result(dimensions.Error!);
        }

        var query = Address(context, series, known).ToQuery();
        if (!query.IsOk)
        {
            return Problems.Result(query.Error);
        }

        context.Response.Headers.ContentDisposition = $"attachment; filename=\"{series.Replace('/', '-')}.{ending}\"";
        // Across sources each series answers with its newest edition, in the order of the sources.
        var asked = IsAcross(series) ? query.Value with { Sort = [], Release = null } : query.Value;
        return await AnswerResult.MakeAsync(context, evidence, store, asked with { Limit = 1_000_000 }, format, cancellationToken);
    }

    private static bool IsAcross(string series) => series.StartsWith("across/", StringComparison.Ordinal);

    private static async Task<IResult> FigureAsync(
        HttpContext context, string series, string view, SeriesReader reader, SeriesFigures figures, CancellationToken cancellationToken)
    {
        var read = await reader.HeadAsync(series, context.Request.Query, view, cancellationToken);
        if (!read.TryGet(out var head))
        {
            return Problems.Result(read.Error!);
        }

        var query = head.Address.ToQuery();
        var drawn = query.IsOk ? await figures.FileAsync(head, query.Value, cancellationToken) : Result<string>.Fail(query.Error);
        if (!drawn.TryGet(out var svg))
        {
            return Problems.Result(drawn.Error!);
        }

        context.Response.Headers.ContentDisposition = $"attachment; filename=\"{series.Replace('/', '-')}-{view}.svg\"";
        return Results.Text(svg, "image/svg+xml; charset=utf-8");
    }

    /// <summary>What the address of a series, or of a quantity across sources, may filter by.</summary>
    private static async Task<Result<IReadOnlySet<string>>> DimensionsAsync(string series, IEvidence evidence, CancellationToken cancellationToken)
    {
        if (evidence.Quantities.FirstOrDefault(quantity => "across/" + quantity.Id == series) is { } quantity)
        {
            return Result<IReadOnlySet<string>>.Ok(quantity.Dimensions.Append("standing").ToHashSet(StringComparer.Ordinal));
        }

        return (await evidence.SeriesAsync(series, cancellationToken)).Select(summary =>
            (IReadOnlySet<string>)summary.Dimensions.Select(dimension => dimension.Id).ToHashSet(StringComparer.Ordinal));
    }

    private static SeriesAddress Address(HttpContext context, string series, IReadOnlySet<string> dimensions) => SeriesAddress.Read(series,
        context.Request.Query.Select(pair => new KeyValuePair<string, IReadOnlyList<string>>(pair.Key, [.. pair.Value.OfType<string>()])), dimensions);
}
