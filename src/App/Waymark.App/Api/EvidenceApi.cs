using Microsoft.AspNetCore.Mvc;
using Waymark.App.Accounts;
using Waymark.App.CommandLine;
using Waymark.App.Hosting;
using Waymark.App.Output;
using Waymark.Evidence.Contracts;
using Waymark.Model;
using Waymark.Storage;

namespace Waymark.App.Api;

/// <summary>Our own API of the evidence base, under <c>/api/evidence/</c>. Coded filters travel in the address.</summary>
public static class EvidenceApi
{
    public static void MapEvidenceApi(this IEndpointRouteBuilder routes)
    {
        var read = routes.MapGroup("/api/evidence").RequireAuthorization(AccountSetup.ReadPolicy).WithMetadata(new ForPurposeAttribute(Purpose.ReadEvidence)).WithTags("evidence");
        read.MapGet("/series", async (IEvidence evidence, CancellationToken cancellationToken) =>
            Results.Json(new { series = await evidence.SeriesAsync(cancellationToken) }))
            .CacheOutput(SequenceCache.Name).WithName("series-list").WithSummary("All series of the evidence base.").Produces<IReadOnlyList<SeriesSummary>>();
        read.MapGet("/series/{publisher}/{dataset}", async (string publisher, string dataset, IEvidence evidence, CancellationToken cancellationToken) =>
        {
            var found = await evidence.SeriesAsync($"{publisher}/{dataset}", cancellationToken);
            return found.IsOk ? Results.Json(found.Value) : Problems.Result(found.Error);
        }).CacheOutput(SequenceCache.Name).WithName("series").WithSummary("One series: dimensions, units, definitions, vintages.").Produces<SeriesSummary>().ProducesProblem(404);
        read.MapGet("/sources", async (IEvidence evidence, CancellationToken cancellationToken) =>
            Results.Json(new { sources = await evidence.SourcesAsync(cancellationToken) }))
            .WithName("sources").WithSummary("Publishers and source profiles.").Produces<IReadOnlyList<SourceSummary>>();
        read.MapGet("/imports", async (IEvidence evidence, int? limit, CancellationToken cancellationToken) =>
            Results.Json(new { imports = (await evidence.ImportsAsync(Math.Clamp(limit ?? 100, 1, 1_000), cancellationToken)).Select(import => import with { Actor = "" }) }))
            .WithName("imports").WithSummary("Imports, newest first.").Produces<IReadOnlyList<ImportSummary>>();
        read.MapGet("/imports/{id}", async (string id, IEvidence evidence, CancellationToken cancellationToken) =>
        {
            var report = await evidence.ImportReportAsync(id, cancellationToken);
            return report.IsOk ? Results.Json(report.Value) : Problems.Result(report.Error);
        }).WithName("import").WithSummary("The report of one import, with its cell equation.").Produces<ImportReport>().ProducesProblem(404);
        read.MapGet("/snapshots/{sha256}", SnapshotAsync).WithName("snapshot").WithSummary("The original file of a publisher, byte for byte.").ProducesProblem(404);
        read.MapGet("/query/{publisher}/{dataset}", QueryAsync).CacheOutput(SequenceCache.Name)
            .WithName("query").WithSummary("Asks a series: filter, group, measure, pivot, as of a moment.").ProducesProblem(400).ProducesProblem(404);
        read.MapGet("/explain/{publisher}/{dataset}", ExplainAsync)
            .WithName("explain").WithSummary("Where each number comes from: file, cell, vintages, checks.").ProducesProblem(400).ProducesProblem(404);
        read.MapGet("/checks", async (string? series, IEvidence evidence, CancellationToken cancellationToken) =>
        {
            var findings = await evidence.CheckAsync(series, cancellationToken);
            return findings.IsOk ? Results.Json(new { findings = findings.Value }) : Problems.Result(findings.Error);
        }).WithName("checks").WithSummary("Findings of the quality checks.").Produces<IReadOnlyList<CheckFinding>>().ProducesProblem(404);
        read.MapGet("/diff", DiffAsync).WithName("diff").WithSummary("What changed between two moments.").ProducesProblem(400);

        var steward = routes.MapGroup("/api/evidence").RequireAuthorization(AccountSetup.StewardPolicy).WithMetadata(new ForPurposeAttribute(Purpose.LoadEvidence)).WithTags("evidence").DisableAntiforgery();
        steward.MapPost("/imports", async (
            HttpContext context, IFormFileCollection files, [FromForm] string? source, [FromForm] bool? dryRun, Uploads uploads, CancellationToken cancellationToken) =>
        {
            var job = await uploads.EnqueueAsync(files, source, dryRun ?? false, Forms.Actor(context), cancellationToken);
            return job.IsOk ? Results.Accepted("/api/jobs/" + job.Value, new { job = job.Value }) : Problems.Result(job.Error);
        }).WithMetadata(new UploadLimit()).WithName("start-import").WithSummary("Uploads files and imports them as a job.").ProducesProblem(400).ProducesProblem(413);
        steward.MapPost("/waivers", async (HttpContext context, WaiverRequest waiver, IEvidence evidence, CancellationToken cancellationToken) =>
        {
            var waived = await Waivers.AddAsync(evidence, waiver.Finding, waiver.Reason, waiver.Until, Forms.Actor(context), cancellationToken);
            return waived.IsOk ? Results.Json(waived.Value) : Problems.Result(waived.Error);
        }).WithName("waive").WithSummary("Accepts a finding, with a reason and an end.").ProducesProblem(400);
    }

    public sealed record WaiverRequest(string Finding, string Reason, string Until);

    public static async Task<IResult> SnapshotAsync(HttpContext context, string sha256, IEvidence evidence, CancellationToken cancellationToken)
    {
        if (!BlobId.IsValid(sha256))
        {
            return Problems.Result(Error.NotFound("snapshot.unknown", "There is no such file.", "没有此文件。"));
        }

        var found = await evidence.SnapshotAsync(sha256, cancellationToken);
        if (!found.IsOk)
        {
            return Problems.Result(found.Error);
        }

        // A publisher's file is only ever handed out as a download; a browser must not run what stands in it.
        var file = found.Value;
        context.Response.Headers["Waymark-Licence"] = HeaderText(file.Licence);
        context.Response.Headers.CacheControl = "public, max-age=31536000, immutable";
        return Results.File(file.Bytes.ToArray(), "application/octet-stream", file.FileName, entityTag: new($"\"{sha256}\""));
    }

    private static async Task<IResult> QueryAsync(HttpContext context, string publisher, string dataset, [AsParameters] QueryParameters asked, IEvidence evidence, IStore store, CancellationToken cancellationToken)
    {
        var format = asked.Format is null ? EvidenceNegotiation.Choose(context.Request) : AnswerFormats.Choose(asked.Format, null, json: true);
        var query = asked.ToWords($"{publisher}/{dataset}").ToQuery();
        if (!query.IsOk || !format.IsOk)
        {
            return Problems.Result(query.Error ?? format.Error!);
        }

        return await AnswerResult.MakeAsync(context, evidence, store, query.Value, format.Value, cancellationToken);
    }

    private static async Task<IResult> ExplainAsync(string publisher, string dataset, [AsParameters] QueryParameters asked, IEvidence evidence, CancellationToken cancellationToken)
    {
        var query = asked.ToWords($"{publisher}/{dataset}").ToQuery();
        if (!query.IsOk)
        {
            return Problems.Result(query.Error);
        }

        var explained = await evidence.ExplainAsync(query.Value, Math.Min(query.Value.Limit, 1_000), cancellationToken);
        return explained.IsOk ? Results.Json(new { explanations = explained.Value }) : Problems.Result(explained.Error);
    }

    private static async Task<IResult> DiffAsync(string from, string? to, string? series, int? changes, IEvidence evidence, TimeProvider time, CancellationToken cancellationToken)
    {
        var earlier = Moment.Parse(from, "from");
        var later = to is null ? time.GetUtcNow() : Moment.Parse(to, "to");
        if (!earlier.IsOk || !later.IsOk)
        {
            return Problems.Result(earlier.Error ?? later.Error!);
        }

        var diffs = await evidence.DiffAsync(series, earlier.Value, later.Value, Math.Clamp(changes ?? 100, 0, 10_000), cancellationToken);
        return diffs.IsOk ? Results.Json(new { from = earlier.Value, to = later.Value, series = diffs.Value }) : Problems.Result(diffs.Error);
    }

    internal static string HeaderText(string text) => string.Concat(text.Where(c => c is >= ' ' and < '\u007f'));
}

/// <summary>The parameters of a question, the same words as on the command line.</summary>
public sealed record QueryParameters(
    string? Where, string? From, string? To, string? By, string? Measure, string? Denominator, string? Pivot, string? AsOf,
    string? UpdatedAfter, string? Release, bool? History, string? Sort, string? Offset, string? Limit, string? Format, string? Bridge = null)
{
    public QueryWords ToWords(string series) => new()
    {
        Series = series, Where = Where, From = From, To = To, By = By, Measure = Measure, Denominator = Denominator, Pivot = Pivot,
        AsOf = AsOf, UpdatedAfter = UpdatedAfter, Release = Release, Bridge = Bridge, History = History ?? false, Sort = Sort, Offset = Offset, Limit = Limit,
    };
}
