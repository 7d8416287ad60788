using System.Security.Claims;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Mvc;
using Waymark.App.Accounts;
using Waymark.App.Configuration;
using Waymark.App.Hosting;
using Waymark.App.Jobs;
using Waymark.Evidence.Contracts;
using Waymark.Model;
using Waymark.Pages.Data;
using Waymark.Storage;

namespace Waymark.App.Api;

/// <summary>What the forms of the pages post to, each with an antiforgery token and a redirect as answer; and the files pages link to.</summary>
public static class Forms
{
    public static void MapForms(this IEndpointRouteBuilder routes)
    {
        var steward = routes.MapGroup("").RequireAuthorization(AccountSetup.StewardPolicy).NeedsFormToken().ExcludeFromDescription();
        steward.MapPost("/sources/import", async (
            HttpContext context, IFormFileCollection files, [FromForm] string? source, [FromForm] bool? dryRun, Uploads uploads, CancellationToken cancellationToken) =>
        {
            var job = await uploads.EnqueueAsync(files, source, dryRun ?? false, Actor(context), cancellationToken);
            return job.IsOk ? Results.LocalRedirect("/jobs/" + job.Value) : Problems.Result(job.Error);
        }).WithMetadata(new UploadLimit());
        steward.MapPost("/jobs/{id}/stop", (string id, IStore store, CancellationToken cancellationToken) => ActAsync(id, store, queue => queue.RequestStopAsync, cancellationToken));
        steward.MapPost("/jobs/{id}/retry", async (string id, IStore store, JobSignal signal, CancellationToken cancellationToken) =>
        {
            var done = await ActAsync(id, store, queue => queue.RetryAsync, cancellationToken);
            signal.Wake();
            return done;
        });
        steward.MapPost("/quality/waivers", async (
            HttpContext context, [FromForm] string finding, [FromForm] string reason, [FromForm] string until, IEvidence evidence, CancellationToken cancellationToken) =>
        {
            var waived = await Waivers.AddAsync(evidence, finding, reason, until, Actor(context), cancellationToken);
            return waived.IsOk ? Results.LocalRedirect("/quality") : Problems.Result(waived.Error);
        });
        routes.MapGet("/sources/snapshots/{sha256}", EvidenceApi.SnapshotAsync)
            .RequireAuthorization(AccountSetup.ReadPolicy).ExcludeFromDescription();
    }

    private static async Task<IResult> ActAsync(string id, IStore store, Func<IQueue, Func<string, CancellationToken, Task<bool>>> act, CancellationToken cancellationToken) =>
        await WorkJobs.ActAsync(store, id, act, cancellationToken) is null ? Problems.Result(JobErrors.Unknown(id)) : Results.LocalRedirect("/jobs/" + Uri.EscapeDataString(id));

    internal static string Actor(HttpContext context) => context.User.FindFirstValue(ClaimTypes.NameIdentifier) ?? "anonymous";
}

/// <summary>A person accepts a finding, with a reason and an end in the near future.</summary>
public static class Waivers
{
    public static async Task<Result<Waiver>> AddAsync(
        IEvidence evidence, string? finding, string? reason, string? until, string actor, CancellationToken cancellationToken)
    {
        // What a program leaves out is not there, whatever the type of its request says.
        if (string.IsNullOrWhiteSpace(reason) || reason.Trim().Length > 500)
        {
            return Error.Invalid("waiver.reason", "A waiver needs a reason of at most 500 characters.", "豁免须有不超过 500 字的理由。", "reason");
        }

        return DateOnly.TryParseExact(until, "yyyy-MM-dd", out var day)
            ? await evidence.WaiveAsync(new(finding ?? "", reason.Trim(), actor, day), cancellationToken)
            : Error.Invalid("waiver.until", "Write the end as 2026-12-31.", "截止日期请写成 2026-12-31。", "until");
    }
}

/// <summary>Lets an endpoint take bodies up to the configured upload size; all others stay at 1 MiB.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class UploadLimit(int mebibytes = UploadLimit.Most) : Attribute, IRequestSizeLimitMetadata
{
    /// <summary>The most that any setting allows; the form options hold the configured limit.</summary>
    public const int Most = 4_097;

    public int Mebibytes => mebibytes;

    public long? MaxRequestBodySize => (long)mebibytes << 20;
}

/// <summary>Takes uploaded files, which the framework has spooled to temporary files, into the blob store.</summary>
public sealed class Uploads(IStore store, ImportJobs jobs, Settings settings)
{
    public const int MostFiles = 200;

    public async Task<Result<string>> EnqueueAsync(
        IFormFileCollection files, string? source, bool dryRun, string actor, CancellationToken cancellationToken)
    {
        if (files.Count is 0 or > MostFiles)
        {
            return Error.Invalid("import.no-files", $"Send 1 to {MostFiles} files.", $"请上传 1 到 {MostFiles} 个文件。", "files");
        }

        var stored = new List<ImportJobFile>(files.Count);
        foreach (var file in files)
        {
            if (file.Length > (long)settings.UploadMebibytes << 20)
            {
                return Error.TooLarge("import.file-too-large", $"The file is larger than {settings.UploadMebibytes} MiB.", $"文件超过 {settings.UploadMebibytes} MiB。", SafeName(file.FileName));
            }

            await using var stream = file.OpenReadStream();
            var blob = await store.Blobs.PutAsync(stream, cancellationToken);
            if (!blob.IsOk)
            {
                return blob.Error;
            }

            stored.Add(new(SafeName(file.FileName), blob.Value.Hex));
        }

        return await jobs.EnqueueAsync(stored, string.IsNullOrWhiteSpace(source) ? null : source, dryRun, actor, cancellationToken);
    }

    // A browser may send a whole path, and a hostile client anything.
    private static string SafeName(string name)
    {
        var last = name[(name.LastIndexOfAny(['/', '\\']) + 1)..];
        var clean = string.Concat(last.Where(c => !char.IsControl(c)));
        return clean.Length == 0 ? "file" : clean[..Math.Min(200, clean.Length)];
    }
}
