using System.Globalization;
using System.Security.Cryptography;
using Waymark.App.Hosting;
using Waymark.Matching;
using Waymark.Storage;

namespace Waymark.App.Jobs;

/// <summary>Works on parts of linkage runs beside the server, and ends projects whose day has come. <c>waymark link worker</c> does the same alone.</summary>
public sealed partial class LinkageService(Platform platform, LinkageProjects projects, ILogger<LinkageService> log) : BackgroundService
{
    private static readonly TimeSpan s_poll = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan s_expire = TimeSpan.FromMinutes(10);

    /// <summary>How long a part is held without a sign of life.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromSeconds(30);

    /// <summary>A worker's name in the queue: never the same twice.</summary>
    public static string NewName() => Environment.ProcessId.ToString(CultureInfo.InvariantCulture) + "-" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4));

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var worker = new LinkageWorker(platform.Store, projects, new(platform.Settings.PackFolders[0], Math.Max(1, Environment.ProcessorCount / 2), Lease), platform.Time);
        var name = NewName();
        DateTimeOffset? looked = null;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                if (looked is null || platform.Time.GetUtcNow() - looked > s_expire)
                {
                    looked = platform.Time.GetUtcNow();
                    await projects.ExpireAsync(stoppingToken);
                }

                if (await worker.RunOneAsync(name, stoppingToken) is { } done)
                {
                    Ended(log, done.Job, done.Outcome);
                    continue;
                }
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (StoreException failure)
            {
                StoreFailed(log, failure.Error.Code);
            }

            await Task.Delay(s_poll, platform.Time, stoppingToken).ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }
    }

    [LoggerMessage(1, LogLevel.Information, "Part {Job} of a linkage run ended: {Outcome}")]
    private static partial void Ended(ILogger logger, string job, string outcome);

    [LoggerMessage(2, LogLevel.Warning, "The store did not answer the linkage worker: {Code}")]
    private static partial void StoreFailed(ILogger logger, string code);
}
