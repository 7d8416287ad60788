using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.Metadata;
using Waymark.App.Hosting;
using Waymark.Casework.Contracts;
using Waymark.Model;
using Waymark.Pages.Data;
using Waymark.Storage;

namespace Waymark.App.Casework;

/// <summary>The form that takes a file into a record, and the address its bytes come from. What is sent is held in memory only: no temporary file holds it in clear.</summary>
public static class CaseFileForms
{
    public static void MapCaseFiles(this IEndpointRouteBuilder routes)
    {
        routes.MapDeskForms("/cases")
            .MapPost("/{register}/{id}/files", (string register, string id, CaseForm form) => form.DoAsync(register, id, "case.file-kept", form.AttachAsync))
            .WithMetadata(new HeldInMemory(24 << 20));
        routes.MapDesk("/cases").MapGet("/{register}/{id}/files/{file}", GiveAsync);
    }

    private static async Task<IResult> GiveAsync(HttpContext context, string register, string id, string file, string? unit, string? @in, bool? show, CancellationToken cancellationToken)
    {
        var services = context.RequestServices;
        if (services.GetRequiredService<CaseworkSource>().Cases is not { } cases || cases is not ICaseFiles files || cases.Registers.Find(register) is not { } plan
            || !services.GetRequiredService<CaseDesks>().TryFind(plan, id, unit, out var desk))
        {
            return Missing();
        }

        var record = new RecordAddress(plan.Id, id, Enum.TryParse<RecordPartition>(@in, out var partition) && Enum.IsDefined(partition) ? partition : null);
        var answer = await files.ReadFileAsync(desk, record, file, show is not true, cancellationToken);
        if (answer.Value is not { } opened)
        {
            return answer.Error is { Code: not "case.nothing" } error ? Problems.Result(error)
                : answer.Refusal is { } refusal ? Problems.Result(new Error(ErrorKind.Refused, refusal.Code, refusal.Text)) : Missing();
        }

        // Only pictures that were written anew are ever drawn; everything else is a download. Nothing in it may run or load anything.
        context.Response.Headers.ContentSecurityPolicy = "default-src 'none'; sandbox; frame-ancestors 'none'";
        context.Response.Headers.CacheControl = "no-store";
        return show is true && opened.Facts.IsRewritten ? Results.Bytes(opened.Content, opened.Media) : Results.File(opened.Content, opened.Media, opened.SafeName);
    }

    private static IResult Missing() => Problems.Result(Error.NotFound("case.nothing", "There is nothing at this address.", "此地址没有内容。"));
}

/// <summary>Lets an endpoint take a form of this size, held in memory instead of in temporary files.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class HeldInMemory(int bytes) : Attribute, IRequestSizeLimitMetadata
{
    public long? MaxRequestBodySize => bytes;

    public static Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<HeldInMemory>() is { MaxRequestBodySize: { } most } && context.Request.HasFormContentType)
        {
            context.Features.Set<IFormFeature>(new FormFeature(context.Request, new FormOptions
            {
                MemoryBufferThreshold = (int)most + 1, BufferBodyLengthLimit = most, MultipartBodyLengthLimit = most, ValueCountLimit = 32, ValueLengthLimit = 4_096, KeyLengthLimit = 256,
                MultipartHeadersCountLimit = 8, MultipartHeadersLengthLimit = 4_096,
            }));
        }

        return next(context);
    }
}
