using System.Text.Json;
using System.Text.Json.Nodes;
using Waymark.App.Output;
using Waymark.Model;
using Waymark.Pages.Data;
using Waymark.Storage;

namespace Waymark.App.Jobs;

/// <summary>A job as people and programs see it.</summary>
public sealed record JobView(
    string Id, string Queue, JobState State, JobProgress? Progress, string? Error, int Attempts, bool StopRequested,
    IReadOnlyList<string> Files, DateTimeOffset EnqueuedAt, DateTimeOffset? StartedAt, DateTimeOffset? EndedAt, JsonNode? Result)
{
    public bool HasEnded => State is JobState.Done or JobState.Failed or JobState.Stopped;

    public static JobView Of(StoredJob job)
    {
        var payload = job.Queue == ImportJob.Queue ? JsonSerializer.Deserialize<ImportJob>(job.Payload.Span, JsonOutput.Options) : null;
        return new(job.Id, job.Queue, job.State, job.Progress, job.ErrorText, job.Attempts, job.StopRequested,
            payload is null ? [] : [.. payload.Files.Select(file => file.Name)], job.EnqueuedAt, job.StartedAt, job.EndedAt,
            job.Result is { } result ? JsonNode.Parse(result.Span) : null);
    }
}

/// <summary>An import from the web: the files lie in the blob store already, so the job survives a restart.</summary>
public sealed record ImportJob(IReadOnlyList<ImportJobFile> Files, string? Source, bool DryRun, string Actor)
{
    public const string Queue = WorkJobs.ImportQueue;
}

public sealed record ImportJobFile(string Name, string Blob);

public static class JobErrors
{
    public static Error Unknown(string id) => Error.NotFound("job.unknown", "There is no such job.", "没有此任务。", id);

    public static Error WrongState(string id) =>
        Error.Conflict("job.state", "The job is not in a state where this can be done.", "任务当前状态不允许此操作。", id);
}
