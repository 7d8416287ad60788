using System.Runtime.CompilerServices;
using System.Net.ServerSentEvents;
using Waymark.App.Accounts;
using Waymark.App.Hosting;
using Waymark.App.Jobs;
using Waymark.Pages;
using Waymark.Pages.Data;
using Waymark.Storage;

namespace Waymark.App.Api;

/// <summary>Jobs for programs: list, state, events, stop, retry.</summary>
public static class JobsApi
{
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan s_longest = TimeSpan.FromMinutes(30);

    public static void MapJobs(this IEndpointRouteBuilder routes)
    {
        var api = routes.MapGroup("/api/jobs").RequireAuthorization(AccountSetup.StewardPolicy).WithMetadata(new ForPurposeAttribute(Purpose.LoadEvidence)).WithTags("jobs");
        api.MapGet("", async (IStore store, int? limit, CancellationToken cancellationToken) =>
            Results.Json(new { jobs = (await WorkJobs.ListAsync(store, Math.Clamp(limit ?? 100, 1, 1_000), cancellationToken)).Select(JobView.Of) }))
            .WithName("jobs").WithSummary("Jobs, newest first.");
        api.MapGet("/{id}", async (string id, IStore store, CancellationToken cancellationToken) =>
            await WorkJobs.FindAsync(store, id, cancellationToken) is { } job ? Results.Json(JobView.Of(job)) : Problems.Result(JobErrors.Unknown(id)))
            .WithName("job").WithSummary("One job with its progress and result.");
        api.MapPost("/{id}/stop", (string id, IStore store, CancellationToken cancellationToken) =>
            ActAsync(id, store, queue => queue.RequestStopAsync, cancellationToken))
            .WithName("stop-job").WithSummary("Stops a waiting job, asks a running one to stop.");
        api.MapPost("/{id}/retry", async (string id, IStore store, JobSignal signal, CancellationToken cancellationToken) =>
        {
            var done = await ActAsync(id, store, queue => queue.RetryAsync, cancellationToken);
            signal.Wake();
            return done;
        }).WithName("retry-job").WithSummary("Puts a failed or stopped job back into the queue.");
        api.MapGet("/{id}/events", EventsAsync).WithName("job-events").WithSummary("Progress as server-sent events; ends with the job.");
        routes.MapGet("/jobs/{id}/events", PageEventsAsync).RequireAuthorization(AccountSetup.StewardPolicy).ExcludeFromDescription();
    }

    private static async Task<IResult> EventsAsync(string id, HttpContext http, IStore store, CancellationToken cancellationToken) =>
        await WorkJobs.FindAsync(store, id, cancellationToken) is null
            ? Problems.Result(JobErrors.Unknown(id))
            : TypedResults.ServerSentEvents(WatchAsync(id, http, cancellationToken).Select(job => new SseItem<JobView>(JobView.Of(job), job.HasEnded ? "end" : "progress")));

    /// <summary>The same for the page of a job: what it shows, in the reader's language.</summary>
    private static async Task<IResult> PageEventsAsync(string id, HttpContext http, IStore store, CancellationToken cancellationToken)
    {
        if (await WorkJobs.FindAsync(store, id, cancellationToken) is null)
        {
            return Problems.Result(JobErrors.Unknown(id));
        }

        var texts = http.RequestServices.GetRequiredService<ITexts>();
        return TypedResults.ServerSentEvents(WatchAsync(id, http, cancellationToken).Select(job => new SseItem<ShownProgress>(
            new(job.Progress?.Done ?? 0, job.Progress?.Of, JobText.Progress(job.Progress, texts), job.HasEnded))));
    }

    private static async IAsyncEnumerable<StoredJob> WatchAsync(string id, HttpContext http, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var services = http.RequestServices;
        var (store, time) = (services.GetRequiredService<IStore>(), services.GetRequiredService<TimeProvider>());
        var stopping = services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        var started = time.GetTimestamp();
        StoredJob? last = null;
        while (time.GetElapsedTime(started) < s_longest && !stopping.IsCancellationRequested)
        {
            if (await WorkJobs.FindAsync(store, id, cancellationToken) is not { } job)
            {
                yield break;
            }

            if (last is null || job.State != last.State || job.Progress != last.Progress || job.StopRequested != last.StopRequested)
            {
                yield return job;
                last = job;
            }

            if (job.HasEnded)
            {
                yield break;
            }

            await Task.Delay(s_look, time, cancellationToken);
        }
    }

    private static async Task<IResult> ActAsync(string id, IStore store, Func<IQueue, Func<string, CancellationToken, Task<bool>>> act, CancellationToken cancellationToken) =>
        await WorkJobs.ActAsync(store, id, act, cancellationToken) is not { } done ? Problems.Result(JobErrors.Unknown(id))
        : done && await WorkJobs.FindAsync(store, id, cancellationToken) is { } job ? Results.Json(JobView.Of(job))
        : Problems.Result(JobErrors.WrongState(id));

    private sealed record ShownProgress(long Done, long? Of, string Text, bool Ended);
}
