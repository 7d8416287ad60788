using System.Globalization;
using System.Security.Cryptography;
using Waymark.App.Hosting;
using Waymark.Model;
using Waymark.Storage;

namespace Waymark.App.Jobs;

/// <summary>
/// Takes jobs from the queue one at a time. It keeps the lease and the progress alive while a job runs, ends a job that
/// somebody asked to stop, and gives a job back when the server goes down, so that the next start goes on with it.
/// </summary>
public sealed partial class JobWorker(Platform platform, ImportJobs imports, JobSignal signal, ILogger<JobWorker> log) : BackgroundService
{
    private static readonly TimeSpan s_lease = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan s_heartbeat = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan s_poll = TimeSpan.FromSeconds(2);
    private readonly string _worker = Environment.ProcessId.ToString(CultureInfo.InvariantCulture) + "-" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4));

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                var job = await platform.Store.Queue.LeaseAsync(ImportJob.Queue, _worker, s_lease, stoppingToken);
                if (job is null)
                {
                    await signal.WaitAsync(s_poll, stoppingToken);
                    continue;
                }

                await RunAsync(job, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (StoreException failure)
            {
                StoreFailed(log, failure.Error.Code);
                await Task.Delay(s_poll, platform.Time, stoppingToken);
            }
        }
    }

    private async Task RunAsync(LeasedJob job, CancellationToken stopping)
    {
        Started(log, job.Id, job.Attempt);
        using var work = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        var latest = job.Progress ?? new JobProgress("", 0, null);
        var heartbeat = HeartbeatAsync(job, () => Volatile.Read(ref latest), work);
        Result<ReadOnlyMemory<byte>> result;
        try
        {
            result = await imports.RunAsync(job, progress => Volatile.Write(ref latest, progress), work.Token);
        }
        catch (OperationCanceledException) when (work.IsCancellationRequested)
        {
            result = Error.Unavailable("job.stopped", "The job was stopped; what was imported stays.", "任务已停止，已导入的内容保留。");
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            Broke(log, job.Id, failure.GetType().Name);
            result = Error.Unavailable("job.bug", $"The job failed unexpectedly ({failure.GetType().Name}).", $"任务意外失败（{failure.GetType().Name}）。");
        }

        await work.CancelAsync();
        await heartbeat;
        if (result.IsOk)
        {
            await platform.Store.Queue.CompleteAsync(job, result.Value, CancellationToken.None);
        }
        else
        {
            // A server that goes down gives the job back, due at once; a failure stays failed until somebody retries it.
            DateTimeOffset? again = stopping.IsCancellationRequested ? platform.Time.GetUtcNow() : null;
            await platform.Store.Queue.FailAsync(job, result.Error, again, CancellationToken.None);
        }

        Ended(log, job.Id, result.IsOk ? "done" : result.Error.Code);
    }

    private async Task HeartbeatAsync(LeasedJob job, Func<JobProgress> latest, CancellationTokenSource work)
    {
        try
        {
            while (!work.IsCancellationRequested)
            {
                await Task.Delay(s_heartbeat, platform.Time, work.Token);
                if (!await platform.Store.Queue.RenewAsync(job, latest(), s_lease, work.Token))
                {
                    await work.CancelAsync();
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The work has ended; the last progress is written for the person who looks, and for the attempt that follows.
            await platform.Store.Queue.RenewAsync(job, latest(), s_lease, CancellationToken.None);
        }
        catch (StoreException failure)
        {
            StoreFailed(log, failure.Error.Code);
            await work.CancelAsync();
        }
    }

    [LoggerMessage(1, LogLevel.Information, "Job {Job} started, attempt {Attempt}")]
    private static partial void Started(ILogger logger, string job, int attempt);

    [LoggerMessage(2, LogLevel.Information, "Job {Job} ended: {Outcome}")]
    private static partial void Ended(ILogger logger, string job, string outcome);

    [LoggerMessage(3, LogLevel.Error, "Job {Job} failed: {Kind}")]
    private static partial void Broke(ILogger logger, string job, string kind);

    [LoggerMessage(4, LogLevel.Warning, "The store did not answer the worker: {Code}")]
    private static partial void StoreFailed(ILogger logger, string code);
}
