using System.CommandLine;
using System.Globalization;
using Waymark.App.Jobs;
using Waymark.App.Output;
using Waymark.Model;
using Waymark.Pages.Data;
using Waymark.Storage;

namespace Waymark.App.CommandLine.Commands;

/// <summary><c>waymark jobs list|show|stop|retry</c>: the work that the server does in the background.</summary>
public static class JobsCommand
{
    public static Command Make(CommandMaker make)
    {
        var limit = make.Option<int>("--limit", "N", "most jobs (50)", "最多任务数（50）");
        limit.DefaultValueFactory = _ => 50;
        var (shown, stopped, retried) = (Id(make), Id(make), Id(make));
        return make.Verb("jobs", "work in the background", "后台任务",
            make.Does(make.Verb("list", "newest first", "最新的在前", limit), (context, cancellationToken) => context.WithStore(
                async platform =>
                {
                    var jobs = (await WorkJobs.ListAsync(platform.Store, Math.Clamp(context.Get(limit), 1, 1_000), cancellationToken)).Select(JobView.Of).ToList();
                    if (context.Json)
                    {
                        context.WriteJson("waymark.jobs/1", new JobsOutput(jobs));
                        return ExitCode.Done;
                    }

                    var table = new TextTable(new(context.Say("job", "任务")), new(context.Say("queue", "队列")), new(context.Say("state", "状态")),
                        new(context.Say("progress", "进度")), new(context.Say("attempts", "次数"), Right: true), new(context.Say("since", "入队于")));
                    foreach (var job in jobs)
                    {
                        table.Add(job.Id, job.Queue, job.State.ToString().ToLowerInvariant(), Progress(job),
                            job.Attempts.ToString(CultureInfo.InvariantCulture), Moment.Text(job.EnqueuedAt));
                    }

                    table.Write(context.Terminal.Output);
                    return ExitCode.Done;
                },
                cancellationToken)),
            make.Does(make.Verb("show", "one job with its result", "某一任务及其结果", shown), (context, cancellationToken) => context.WithStore(
                async platform =>
                {
                    if (await WorkJobs.FindAsync(platform.Store, context.Get(shown)!, cancellationToken) is not { } job)
                    {
                        return context.Fail(JobErrors.Unknown(context.Get(shown)!));
                    }

                    context.WriteJson("waymark.job/1", JobView.Of(job));
                    return ExitCode.Done;
                },
                cancellationToken)),
            Act(make, "stop", "stop a waiting or running job", "停止等待或运行中的任务", stopped,
                queue => queue.RequestStopAsync),
            Act(make, "retry", "put a failed or stopped job back", "重试失败或已停止的任务", retried,
                queue => queue.RetryAsync));
    }

    private static Command Act(CommandMaker make, string verb, string en, string zh, Argument<string> id,
        Func<IQueue, Func<string, CancellationToken, Task<bool>>> act) =>
        make.Does(make.Verb(verb, en, zh, id), (context, cancellationToken) => context.WithStore(
            async platform =>
            {
                var name = context.Get(id)!;
                if (await WorkJobs.ActAsync(platform.Store, name, act, cancellationToken) is not { } done)
                {
                    return context.Fail(JobErrors.Unknown(name));
                }

                if (!done)
                {
                    return context.Fail(JobErrors.WrongState(name));
                }

                context.Remark("Done.", "完成。");
                return ExitCode.Done;
            },
            cancellationToken));

    private static Argument<string> Id(CommandMaker make) => make.Argument<string>("JOB", "id of the job", "任务编号");

    private static string Progress(JobView job) => job.Progress is not { } progress ? ""
        : progress.Of is { } of ? $"{progress.Step} {progress.Done}/{of}" : $"{progress.Step} {progress.Done}";
}
