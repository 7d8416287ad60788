using System.CommandLine;
using System.Globalization;
using Waymark.App.Hosting;
using Waymark.App.Jobs;
using Waymark.Matching;
using Waymark.Model;
using Waymark.Protection.Contracts;
using Waymark.Storage;

namespace Waymark.App.CommandLine.Commands;

/// <summary><c>waymark link worker</c>: takes parts of linkage runs from the queue, on any machine with the store and the key folder, until stopped.</summary>
internal static class LinkWorkerCommand
{
    private static readonly TimeSpan s_poll = TimeSpan.FromMilliseconds(500);

    public static Command Make(CommandMaker make)
    {
        var lease = make.Option<int?>("--lease", "SECONDS", "how long a part is held without a sign of life (30)", "无活动迹象时保留一个分块的秒数（30）");
        var threads = make.Option<int?>("--threads", "N", "threads (else all processors)", "线程数（否则为全部处理器）");
        var once = make.Flag("--until-empty", "end when nothing waits", "队列为空时结束");
        var command = make.Verb("worker", "compare parts of linkage runs of projects, from the queue", "从队列中取出项目运行的分块进行比较", lease, threads, once);
        return make.Does(command, (context, cancellationToken) => context.WithStore(
            platform => RunAsync(context, platform, context.Get(lease) ?? 30, context.Get(threads) ?? Environment.ProcessorCount, context.Get(once), cancellationToken), cancellationToken));
    }

    private static async Task<int> RunAsync(CommandContext context, StorePlatform platform, int lease, int threads, bool once, CancellationToken cancellationToken)
    {
        if (lease is < 2 or > 3_600 || threads is < 1 or > 256)
        {
            return context.Fail(Error.Invalid("link.worker", "A lease lasts 2 to 3,600 seconds, and there are 1 to 256 threads.", "保留时间为 2 至 3600 秒，线程数为 1 至 256。"));
        }

        var projects = new LinkageProjects(platform.Store, platform.Keys, new TwoPersonsRule(), [], platform.Time);
        var worker = new LinkageWorker(platform.Store, projects, new(platform.Settings.PackFolders[0], threads, TimeSpan.FromSeconds(lease)), platform.Time);
        var name = LinkageService.NewName();
        context.Remark($"Worker {name} waits for parts of linkage runs.", $"工作进程 {name} 正在等待链接运行的分块。");
        var faults = 0;
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                if (await worker.RunOneAsync(name, cancellationToken) is { } done)
                {
                    faults += done.Outcome == "done" ? 0 : 1;
                    await context.Terminal.Output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{done.Job} {done.Outcome}"));
                    await context.Terminal.Output.FlushAsync(CancellationToken.None);
                    continue;
                }
            }
            catch (StoreException failure) when (failure.Error.Kind == ErrorKind.Unavailable && !once)
            {
                context.Remark(failure.Error.Message.In("en"), failure.Error.Message.In("zh"));
            }

            if (once)
            {
                break;
            }

            await Task.Delay(s_poll, platform.Time, cancellationToken);
        }

        return faults == 0 ? ExitCode.Done : ExitCode.Faults;
    }
}
