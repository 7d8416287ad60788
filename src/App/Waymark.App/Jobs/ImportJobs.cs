using System.Text.Json;
using Waymark.App.Hosting;
using Waymark.App.Output;
using Waymark.Evidence.Contracts;
using Waymark.Model;
using Waymark.Storage;

namespace Waymark.App.Jobs;

/// <summary>Enqueues imports and does them.</summary>
public sealed class ImportJobs(Platform platform, JobSignal signal)
{
    /// <summary>Stores the upload and enqueues its import in one change; the id of the job.</summary>
    public async Task<Result<string>> EnqueueAsync(IReadOnlyList<ImportJobFile> files, string? source, bool dryRun, string actor, CancellationToken cancellationToken)
    {
        var id = "J-" + Guid.CreateVersion7(platform.Time.GetUtcNow()).ToString("N", System.Globalization.CultureInfo.InvariantCulture);
        var job = new ImportJob(files, source, dryRun, actor);
        var written = await platform.Store.CommitAsync(
            new()
            {
                Actor = actor,
                Reason = "import.enqueued",
                BlobReferences = [.. files.Select(file => file.Blob).Distinct().Select(blob => new BlobReference("job/" + id, new(blob)))],
                Tasks = [new(id, ImportJob.Queue, JsonSerializer.SerializeToUtf8Bytes(job, JsonOutput.Options))],
            },
            cancellationToken);
        if (!written.IsOk)
        {
            return written.Error;
        }

        signal.Wake();
        return id;
    }

    /// <summary>Imports the files one by one. A repeated attempt finds what is in already and goes on.</summary>
    public async Task<Result<ReadOnlyMemory<byte>>> RunAsync(LeasedJob leased, Action<JobProgress> progress, CancellationToken cancellationToken)
    {
        var job = JsonSerializer.Deserialize<ImportJob>(leased.Payload.Span, JsonOutput.Options)!;
        var reports = new List<ImportReport>();
        for (var at = 0; at < job.Files.Count; at++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var file = job.Files[at];
            var bytes = await platform.Store.Blobs.ReadAsync(new(file.Blob), cancellationToken);
            if (bytes is null)
            {
                return Error.NotFound("import.upload-gone", "The uploaded file is not in the store any more.", "上传的文件已不在存储中。", file.Name);
            }

            var part = job.Files.Count > 1 ? $" {at + 1}/{job.Files.Count}" : "";
            var relay = new Relay(step => progress(new(step.Step + part, step.Done, step.Of)));
            var imported = await platform.Evidence.ImportAsync(new([new(file.Name, bytes)], job.Source, job.DryRun, job.Actor), relay, cancellationToken);
            if (!imported.IsOk)
            {
                return imported.Error;
            }

            reports.AddRange(imported.Value);
        }

        // The snapshot of the import holds the bytes from here on.
        await platform.Store.CommitAsync(
            new()
            {
                Actor = job.Actor,
                Reason = "import.done",
                BlobReferences = [.. job.Files.Select(file => file.Blob).Distinct().Select(blob => new BlobReference("job/" + leased.Id, new(blob), Remove: true))],
            },
            cancellationToken);
        return new ReadOnlyMemory<byte>(JsonSerializer.SerializeToUtf8Bytes(new { files = reports }, JsonOutput.Options));
    }

    private sealed class Relay(Action<ImportProgress> say) : IProgress<ImportProgress>
    {
        public void Report(ImportProgress value) => say(value);
    }
}

/// <summary>Wakes the worker when something was enqueued here; work enqueued elsewhere is found by asking.</summary>
public sealed class JobSignal : IDisposable
{
    private readonly SemaphoreSlim _signal = new(0, 1);

    public void Wake()
    {
        if (_signal.CurrentCount == 0)
        {
            try
            {
                _signal.Release();
            }
            catch (SemaphoreFullException)
            {
                // Two wakes at once are one wake.
            }
        }
    }

    public Task WaitAsync(TimeSpan atMost, CancellationToken cancellationToken) => _signal.WaitAsync(atMost, cancellationToken);

    public void Dispose() => _signal.Dispose();
}
