using System.Security.Cryptography;
using System.Text;
using Microsoft.Net.Http.Headers;
using Waymark.App.CommandLine;
using Waymark.App.Hosting;
using Waymark.App.Output;
using Waymark.Evidence.Contracts;
using Waymark.Model;
using Waymark.Storage;

namespace Waymark.App.Api;

/// <summary>Writes an answer with its validator: the same question over the same vintages has the same ETag.</summary>
public static class AnswerResult
{
    public static async Task<IResult> MakeAsync(
        HttpContext context, IEvidence evidence, IStore store, SeriesQuery query, AnswerFormat format, CancellationToken cancellationToken)
    {
        var sequence = await store.Series.NewestSequenceAsync(cancellationToken);
        var tag = Tag(context.Request, sequence, format);
        if (IsKnown(context.Request, tag))
        {
            return NotModified(context, tag);
        }

        var answer = await evidence.QueryAsync(query, cancellationToken);
        return answer.IsOk
            ? new Written(query, answer.Value, format, tag)
            : Problems.Result(answer.Error);
    }

    /// <summary>Weak, since two answers may differ in the moment they state; equal in everything that is data.</summary>
    public static EntityTagHeaderValue Tag(HttpRequest request, long sequence, AnswerFormat format)
    {
        var text = $"{request.Path}{request.QueryString}|{format}|{RequestLanguage.Of(request)}|{CommandLine.WaymarkCommandLine.Version}|{request.Headers.Accept}";
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..16];
        return new(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"\"{sequence:x}-{hash}\""), isWeak: true);
    }

    public static bool IsKnown(HttpRequest request, EntityTagHeaderValue tag) =>
        request.GetTypedHeaders().IfNoneMatch.Any(known => known.Equals(EntityTagHeaderValue.Any) || known.Compare(tag, useStrongComparison: false));

    public static IResult NotModified(HttpContext context, EntityTagHeaderValue tag)
    {
        Headers(context.Response, tag);
        return Results.StatusCode(StatusCodes.Status304NotModified);
    }

    public static void Headers(HttpResponse response, EntityTagHeaderValue tag)
    {
        response.Headers.ETag = tag.ToString();
        response.Headers.CacheControl = "no-cache";
        response.Headers.Append("Vary", "Accept, Accept-Language");
    }

    /// <summary>What every answer says of its data, whatever its format.</summary>
    public static void Provenance(HttpResponse response, QueryResult answer)
    {
        response.Headers.LastModified = answer.AsOf.ToString("R", System.Globalization.CultureInfo.InvariantCulture);
        response.Headers["Waymark-Total"] = answer.Total.ToString(System.Globalization.CultureInfo.InvariantCulture);
        response.Headers["Waymark-As-Of"] = Moment.Text(answer.AsOf);
        response.Headers["Waymark-Licence"] = EvidenceApi.HeaderText(answer.Licence);
        response.Headers["Waymark-Unit"] = EvidenceApi.HeaderText(string.Join(", ", answer.Series.Units));
        response.Headers["Waymark-Definition"] = EvidenceApi.HeaderText(string.Join(", ", answer.Series.Definitions));
        response.Headers["Waymark-Source-Sha256"] = string.Join(", ", answer.Series.Vintages.Select(vintage => vintage.Sha256).Distinct().Take(8));

        // RFC 8187, since a citation has letters that headers cannot carry.
        response.Headers["Waymark-Citation"] = "UTF-8''" + Uri.EscapeDataString(answer.Citation.In(RequestLanguage.Of(response.HttpContext.Request)));
    }

    private sealed class Written(SeriesQuery query, QueryResult answer, AnswerFormat format, EntityTagHeaderValue tag) : IResult
    {
        public async Task ExecuteAsync(HttpContext httpContext)
        {
            var response = httpContext.Response;
            Headers(response, tag);
            response.ContentType = AnswerFormats.MediaType(format);
            Provenance(response, answer);
            if (format is AnswerFormat.Csv or AnswerFormat.Xlsx or AnswerFormat.SdmxCsv)
            {
                var ending = format == AnswerFormat.Xlsx ? "xlsx" : "csv";
                response.Headers.ContentDisposition = $"attachment; filename=\"{EvidenceApi.HeaderText(answer.Series.Id).Replace('/', '-').Replace('"', '_')}.{ending}\"";
            }

            var language = new Language(RequestLanguage.Of(httpContext.Request));
            var written = await AnswerFormats.WriteAsync(response.Body, answer, format, language, QueryAddress.Of(query, answer.AsOf), httpContext.RequestAborted);
            if (!written.IsOk)
            {
                await Problems.WriteAsync(httpContext, written.Error);
            }
        }
    }
}

/// <summary>Chooses a format of our own API by Accept; JSON when nothing is said.</summary>
public static class EvidenceNegotiation
{
    public static Result<AnswerFormat> Choose(HttpRequest request)
    {
        foreach (var item in request.GetTypedHeaders().Accept.OrderByDescending(item => item.Quality ?? 1))
        {
            switch (item.MediaType.Value)
            {
                case "*/*" or "application/*" or "application/json" or "text/html": return AnswerFormat.Json;
                case "text/csv" or "text/*": return AnswerFormat.Csv;
                case "application/jsonl" or "application/x-ndjson": return AnswerFormat.Jsonl;
                case "application/vnd.sdmx.data+csv": return AnswerFormat.SdmxCsv;
                case "application/vnd.sdmx.data+json": return AnswerFormat.SdmxJson;
                case "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": return AnswerFormat.Xlsx;
            }
        }

        return AnswerFormat.Json;
    }
}
