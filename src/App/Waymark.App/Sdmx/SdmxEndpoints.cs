using Waymark.App.Accounts;
using Waymark.App.Api;
using Waymark.App.CommandLine;
using Waymark.App.Hosting;
using Waymark.App.Output;
using Waymark.Evidence.Contracts;
using Waymark.Model;
using Waymark.Storage;

namespace Waymark.App.Sdmx;

/// <summary>
/// SDMX-REST 2.2 data queries under <c>/sdmx/data/dataflow/…</c>, and the 2.1 form <c>/sdmx/data/{flow}/{key}</c> that client libraries
/// still send. Agency is the publisher, id the data set. Nothing found: 204 in 2.2, 404 in 2.1, as each standard says.
/// </summary>
public static class SdmxEndpoints
{
    private const string Summary = "Observations of a dataflow by key and component filters (SDMX-REST 2.2).";

    public static void MapSdmx(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/sdmx/data").RequireAuthorization(AccountSetup.ReadPolicy).WithMetadata(new ForPurposeAttribute(Purpose.ReadEvidence)).WithTags("sdmx").CacheOutput(SequenceCache.Name);
        group.MapGet("/dataflow/{agency}/{id}", (HttpContext context, string agency, string id) => Answer22(context, agency, id, null, null)).ExcludeFromDescription();
        group.MapGet("/dataflow/{agency}/{id}/{version}", (HttpContext context, string agency, string id, string version) => Answer22(context, agency, id, version, null)).ExcludeFromDescription();
        group.MapGet("/dataflow/{agency}/{id}/{version}/{key}", Answer22).WithName("sdmx-data").WithSummary(Summary)
            .ProducesProblem(400).ProducesProblem(404).ProducesProblem(406);
        group.MapGet("/{flow}", (HttpContext context, string flow) => Answer21(context, flow, null)).ExcludeFromDescription();
        group.MapGet("/{flow}/{key}", Answer21).WithName("sdmx-data-21").WithSummary("The same by the form of SDMX-REST 2.1: flow is AGENCY,ID,VERSION.")
            .ProducesProblem(400).ProducesProblem(404).ProducesProblem(406);
    }

    private static Task<IResult> Answer22(HttpContext context, string agency, string id, string? version, string? key) =>
        AnswerAsync(context, agency, id, version, key, isVersion21: false);

    private static Task<IResult> Answer21(HttpContext context, string flow, string? key)
    {
        var parts = flow.Split(',');
        return parts.Length is 2 or 3
            ? AnswerAsync(context, parts[0], parts[1], parts.Length == 3 ? parts[2] : null, key, isVersion21: true)
            : Task.FromResult(Problems.Result(Error.NotFound("sdmx.flow", "Name the dataflow as AGENCY,ID or AGENCY,ID,VERSION.", "请将数据流写成 机构,标识 或 机构,标识,版本。", flow)));
    }

    private static async Task<IResult> AnswerAsync(HttpContext context, string agency, string id, string? version, string? key, bool isVersion21)
    {
        var cancellationToken = context.RequestAborted;
        var evidence = context.RequestServices.GetRequiredService<IEvidence>();
        var raw = RawQuery.Parse(context.Request.QueryString.Value ?? "", SdmxQuestion.Parameters);
        if (!raw.IsOk)
        {
            return Problems.Result(raw.Error);
        }

        if (version is not (null or "*" or "+" or "~" or "latest" or "all" or "1.0" or "1.0.0"))
        {
            return Problems.Result(Error.NotFound("sdmx.version", "There is version 1.0 of this dataflow.", "该数据流只有 1.0 版。", version));
        }

        var series = await evidence.SeriesAsync($"{agency}/{id}", cancellationToken);
        if (!series.IsOk)
        {
            return Problems.Result(series.Error);
        }

        var media = SdmxNegotiation.Choose(context.Request, raw.Value["format"]);
        if (!media.IsOk)
        {
            return new WithStatus(media.Error, StatusCodes.Status406NotAcceptable);
        }

        var question = SdmxQuestion.Read(series.Value, key, raw.Value, isVersion21);
        if (!question.IsOk)
        {
            return Problems.Result(question.Error);
        }

        var sequence = await context.RequestServices.GetRequiredService<IStore>().Series.NewestSequenceAsync(cancellationToken);
        var tag = AnswerResult.Tag(context.Request, sequence, media.Value.Format);
        if (AnswerResult.IsKnown(context.Request, tag))
        {
            return AnswerResult.NotModified(context, tag);
        }

        var answer = await SdmxAnswer.AskAsync(evidence, question.Value, cancellationToken);
        if (!answer.IsOk)
        {
            return Problems.Result(answer.Error);
        }

        if (answer.Value.Rows.Count == 0)
        {
            return isVersion21
                ? Problems.Result(Error.NotFound("sdmx.no-results", "No observation matches.", "没有符合条件的观测。"))
                : Results.NoContent();
        }

        return new Written(question.Value, answer.Value, media.Value, tag);
    }

    private sealed class WithStatus(Error error, int status) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext) => Problems.WriteAsync(httpContext, error, status);
    }

    private sealed class Written(SdmxQuestion question, QueryResult answer, SdmxMedia media, Microsoft.Net.Http.Headers.EntityTagHeaderValue tag) : IResult
    {
        public async Task ExecuteAsync(HttpContext httpContext)
        {
            var response = httpContext.Response;
            AnswerResult.Headers(response, tag);
            AnswerResult.Provenance(response, answer);
            response.ContentType = AnswerFormats.MediaType(media.Format);
            var language = new Language(RequestLanguage.Of(httpContext.Request));
            if (media.Format == AnswerFormat.SdmxJson)
            {
                await new SdmxJsonMessage(question, answer, language).WriteAsync(response.Body, httpContext.RequestAborted);
            }
            else
            {
                var written = await AnswerTable.WriteAsync(response.Body, answer, media.Format, language,
                    media.Csv is null ? null : media.Csv with { Language = language.Tag }, httpContext.RequestAborted);
                if (!written.IsOk)
                {
                    await Problems.WriteAsync(httpContext, written.Error);
                }
            }
        }
    }
}
