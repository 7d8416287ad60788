using Waymark.Model;

namespace Waymark.Storage;

/// <summary>
/// Outbox, inbox and jobs: at-least-once, with leases that carry a term. A worker that lost its lease can no longer
/// complete the job; effects are idempotent by the job's id. Items are enqueued by <see cref="WriteSet.Tasks"/>.
/// </summary>
public interface IQueue
{
    /// <summary>
    /// Takes the oldest due job of the queue for <paramref name="duration"/>, or null when none is due. A running job
    /// whose lease ran out is due; one that was also asked to stop is stopped instead.
    /// </summary>
    Task<LeasedJob?> LeaseAsync(string queue, string worker, TimeSpan duration, CancellationToken cancellationToken);

    /// <summary>Keeps the lease and stores progress; answers false when the lease was lost or a stop was asked for.</summary>
    Task<bool> RenewAsync(LeasedJob job, JobProgress progress, TimeSpan duration, CancellationToken cancellationToken);

    /// <summary>Ends the job with its result (UTF-8 JSON), also when a stop came too late. Error <c>queue.lease-lost</c>.</summary>
    Task<Result<bool>> CompleteAsync(LeasedJob job, ReadOnlyMemory<byte> result, CancellationToken cancellationToken);

    /// <summary>
    /// Gives the job back: due again at <paramref name="retryAt"/>, or failed for good when null; stopped when a stop was
    /// asked for. Error <c>queue.lease-lost</c>.
    /// </summary>
    Task<Result<bool>> FailAsync(LeasedJob job, Error error, DateTimeOffset? retryAt, CancellationToken cancellationToken);

    Task<StoredJob?> GetAsync(string id, CancellationToken cancellationToken);

    /// <summary>
    /// Newest first; at most <paramref name="limit"/> (1,000). Null lists all queues but those whose name begins with a dot:
    /// they hold leases of the machinery, not work that anybody asked for.
    /// </summary>
    Task<IReadOnlyList<StoredJob>> ListAsync(string? queue, int limit, CancellationToken cancellationToken);

    /// <summary>Stops a waiting job, asks a running one to stop; answers false when it has ended or is unknown.</summary>
    Task<bool> RequestStopAsync(string id, CancellationToken cancellationToken);

    /// <summary>Puts a failed or stopped job back into the queue, due now; answers false in any other state.</summary>
    Task<bool> RetryAsync(string id, CancellationToken cancellationToken);
}

public enum JobState { Waiting = 0, Running = 1, Done = 2, Failed = 3, Stopped = 4 }

/// <summary>A job to enqueue: <paramref name="Payload"/> is UTF-8 JSON. The same id twice is one job: the first stays as it is.</summary>
public sealed record QueueItem(string Id, string Queue, ReadOnlyMemory<byte> Payload, DateTimeOffset? DueAt = null);

/// <summary>
/// How far a job is. <paramref name="Step"/> is a word, with which part of how many behind it where the work has parts ("rows 2/3");
/// <paramref name="Of"/> is null while the total is unknown.
/// </summary>
public sealed record JobProgress(string Step, long Done, long? Of);

/// <summary>
/// A job held by a worker under a term; a higher term elsewhere means the lease was lost. <paramref name="Progress"/> is
/// what the attempt before stored last.
/// </summary>
public sealed record LeasedJob(
    string Id,
    string Queue,
    ReadOnlyMemory<byte> Payload,
    long Term,
    int Attempt,
    DateTimeOffset Until,
    JobProgress? Progress = null)
{
    /// <summary>The condition under which a write set may act for this job.</summary>
    public JobTerm AsCondition => new(Id, Term);
}

/// <summary>A job and the term under which it is held.</summary>
public sealed record JobTerm(string Job, long Term);

public sealed record StoredJob(
    string Id,
    string Queue,
    JobState State,
    ReadOnlyMemory<byte> Payload,
    JobProgress? Progress,
    ReadOnlyMemory<byte>? Result,
    string? ErrorText,
    int Attempts,
    bool StopRequested,
    DateTimeOffset EnqueuedAt,
    DateTimeOffset? StartedAt,
    DateTimeOffset? EndedAt)
{
    public bool HasEnded => State is JobState.Done or JobState.Failed or JobState.Stopped;
}
