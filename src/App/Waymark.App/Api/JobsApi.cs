using System.Runtime.CompilerServices;
using System.Net.ServerSentEvents;
using Waymark.App.Accounts;
using Waymark.App.Hosting;
using Waymark.App.Jobs;
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
            Results.Json(new { jobs = (await store.Queue.ListAsync(null, Math.Clamp(limit ?? 100, 1, 1_000), cancellationToken)).Select(JobView.Of) }))
            .WithName("jobs").WithSummary("Jobs, newest first.");
        api.MapGet("/{id}", async (string id, IStore store, CancellationToken cancellationToken) =>
            await store.Queue.GetAsync(id, cancellationToken) is { } job ? Results.Json(JobView.Of(job)) : Problems.Result(JobErrors.Unknown(id)))
            .WithName("job").WithSummary("One job with its progress and result.");
        api.MapPost("/{id}/stop", (string id, IStore store, CancellationToken cancellationToken) =>
            ActAsync(id, store, store.Queue.RequestStopAsync(id, cancellationToken), cancellationToken))
            .WithName("stop-job").WithSummary("Stops a waiting job, asks a running one to stop.");
        api.MapPost("/{id}/retry", (string id, IStore store, JobSignal signal, CancellationToken cancellationToken) =>
        {
            var done = ActAsync(id, store, store.Queue.RetryAsync(id, cancellationToken), cancellationToken);
            signal.Wake();
            return done;
        }).WithName("retry-job").WithSummary("Puts a failed or stopped job back into the queue.");
        api.MapGet("/{id}/events", Events).WithName("job-events").WithSummary("Progress as server-sent events; ends with the job.");
        routes.MapGet("/jobs/{id}/events", Events).RequireAuthorization(AccountSetup.StewardPolicy).ExcludeFromDescription();
    }

    private static async Task<IResult> Events(string id, IStore store, TimeProvider time, IHostApplicationLifetime life, CancellationToken cancellationToken) =>
        await store.Queue.GetAsync(id, cancellationToken) is null
            ? Problems.Result(JobErrors.Unknown(id))
            : TypedResults.ServerSentEvents(WatchAsync(id, store, time, life.ApplicationStopping, cancellationToken));

    private static async IAsyncEnumerable<SseItem<JobView>> WatchAsync(
        string id, IStore store, TimeProvider time, CancellationToken stopping, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        JobView? last = null;
        while (time.GetElapsedTime(started) < s_longest && !stopping.IsCancellationRequested)
        {
            var job = await store.Queue.GetAsync(id, cancellationToken);
            if (job is null)
            {
                yield break;
            }

            var view = JobView.Of(job);
            if (last is null || view.State != last.State || view.Progress != last.Progress || view.StopRequested != last.StopRequested)
            {
                yield return new(view, view.HasEnded ? "end" : "progress");
                last = view;
            }

            if (view.HasEnded)
            {
                yield break;
            }

            await Task.Delay(s_look, time, cancellationToken);
        }
    }

    private static async Task<IResult> ActAsync(string id, IStore store, Task<bool> act, CancellationToken cancellationToken)
    {
        var done = await act;
        var job = await store.Queue.GetAsync(id, cancellationToken);
        return job is null ? Problems.Result(JobErrors.Unknown(id)) : done ? Results.Json(JobView.Of(job)) : Problems.Result(JobErrors.WrongState(id));
    }
}
