using Waymark.Storage;

namespace Waymark.Pages.Data;

/// <summary>
/// The jobs that people start, follow, stop and retry: imports and linkage runs. Everything else in the queue (alarms, reviews, holds, reminders) has a door of its
/// own; who set off an alarm neither sees nor closes it, so that here such a job is unknown.
/// </summary>
public static class WorkJobs
{
    public const string ImportQueue = "import";

    private static readonly string[] s_queues = [ImportQueue, "linkage"];

    /// <summary>Newest first.</summary>
    public static async Task<IReadOnlyList<StoredJob>> ListAsync(IStore store, int limit, CancellationToken cancellationToken)
    {
        var jobs = new List<StoredJob>();
        foreach (var queue in s_queues)
        {
            jobs.AddRange(await store.Queue.ListAsync(queue, limit, cancellationToken));
        }

        return [.. jobs.OrderByDescending(job => job.EnqueuedAt).ThenByDescending(job => job.Id, StringComparer.Ordinal).Take(limit)];
    }

    public static async Task<StoredJob?> FindAsync(IStore store, string id, CancellationToken cancellationToken) =>
        await store.Queue.GetAsync(id, cancellationToken) is { } job && s_queues.Contains(job.Queue) ? job : null;

    /// <summary>Stops or retries a job: null when there is none, false when its state does not allow it.</summary>
    public static async Task<bool?> ActAsync(IStore store, string id, Func<IQueue, Func<string, CancellationToken, Task<bool>>> act, CancellationToken cancellationToken) =>
        await FindAsync(store, id, cancellationToken) is null ? null : await act(store.Queue)(id, cancellationToken);
}
