using System.CommandLine;
using System.Globalization;
using Waymark.App.Hosting;
using Waymark.App.Output;
using Waymark.Model;
using Waymark.Storage;
using Waymark.Storage.Backup;

namespace Waymark.App.CommandLine.Commands;

/// <summary><c>backup</c>, <c>restore</c> and <c>verify</c>: the whole store, never the keys.</summary>
public static class StoreCommands
{
    public static Command Backup(CommandMaker make)
    {
        var folder = make.Argument<string>("DIR", "a new or empty folder", "新建或空文件夹");
        return make.Does(make.Verb("backup", "copy the store while it works (keys are not in it)", "在线备份存储（不含密钥）", folder), (context, cancellationToken) =>
            context.WithStore(
                async platform =>
                {
                    var (line, progress) = Progress(context);
                    var report = await platform.Store.BackupAsync(context.Terminal.FullPath(context.Get(folder)!), progress, cancellationToken);
                    line.End();
                    return Write(context, "waymark.backup/1", report);
                },
                cancellationToken));
    }

    public static Command Restore(CommandMaker make)
    {
        var folder = make.Argument<string>("DIR", "a folder that \"waymark backup\" wrote", "waymark backup 写出的文件夹");
        return make.Does(make.Verb("restore", "fill an empty store from a backup", "用备份恢复到空存储", folder), (context, cancellationToken) =>
            context.WithStore(
                async platform =>
                {
                    var (line, progress) = Progress(context);
                    var report = await StoreBackup.RestoreAsync(context.Terminal.FullPath(context.Get(folder)!), platform.Store, progress, cancellationToken);
                    line.End();
                    return Write(context, "waymark.restore/1", report);
                },
                cancellationToken));
    }

    public static Command Verify(CommandMaker make)
    {
        var folder = make.Argument<string?>("DIR", "a backup instead of the store", "校验某个备份，而非存储");
        folder.Arity = ArgumentArity.ZeroOrOne;
        return make.Does(make.Verb("verify", "read everything back and compare every hash", "回读全部内容并比对哈希", folder), async (context, cancellationToken) =>
        {
            var (line, progress) = Progress(context);
            if (context.Get(folder) is { } backup)
            {
                var looked = await StoreBackup.CheckAsync(context.Terminal.FullPath(backup), progress, cancellationToken);
                line.End();
                return Write(context, "waymark.verify/1", looked);
            }

            return await context.WithStore(
                async platform =>
                {
                    var report = await platform.Store.VerifyAsync(progress, cancellationToken);
                    line.End();
                    return Write(context, "waymark.verify/1", report);
                },
                cancellationToken);
        });
    }

    private static (ProgressLine Line, IProgress<StoreProgress> Progress) Progress(CommandContext context)
    {
        var line = new ProgressLine(context.Terminal.Error, ProgressLine.Choose(context, null), context.Terminal.Time);
        return (line, new Relay(step => line.Say(step.Step, step.Done, step.Of, "")));
    }

    private static int Write(CommandContext context, string schema, Result<StoreReport> report)
    {
        if (!report.IsOk)
        {
            return context.Fail(report.Error);
        }

        if (context.Json)
        {
            context.WriteJson(schema, report.Value, report.Value.Faults);
        }
        else
        {
            foreach (var (what, count) in report.Value.Counts.OrderBy(pair => pair.Key, StringComparer.Ordinal))
            {
                context.Terminal.Output.WriteLine($"{what}: {count.ToString("N0", CultureInfo.InvariantCulture)}");
            }

            foreach (var fault in report.Value.Faults)
            {
                context.Terminal.Output.WriteLine(fault.In(context.Language.Tag));
            }
        }

        return report.Value.Faults.Count == 0 ? ExitCode.Done : ExitCode.Faults;
    }

    private sealed class Relay(Action<StoreProgress> say) : IProgress<StoreProgress>
    {
        public void Report(StoreProgress value) => say(value);
    }
}
