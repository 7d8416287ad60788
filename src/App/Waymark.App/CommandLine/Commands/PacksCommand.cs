using System.CommandLine;
using Waymark.App.Output;
using Waymark.Packs;

namespace Waymark.App.CommandLine.Commands;

/// <summary><c>waymark packs check [DIR]</c>: reads all packs and names every fault with line and column.</summary>
public static class PacksCommand
{
    public static Command Make(CommandMaker make)
    {
        var folder = make.Argument<string?>("DIR", "check this folder over the built-in packs", "在内置包之上检查此文件夹");
        folder.Arity = ArgumentArity.ZeroOrOne;
        return make.Verb("packs", "content packs", "内容包",
            make.Does(make.Verb("check", "check all packs", "检查全部内容包", folder), (context, cancellationToken) =>
            {
                var settings = context.Settings();
                if (!settings.IsOk)
                {
                    return Task.FromResult(context.Fail(settings.Error));
                }

                var roots = settings.Value.PackFolders.ToList();
                if (context.Get(folder) is { } asked)
                {
                    var full = context.Terminal.FullPath(asked);
                    if (!Directory.Exists(full))
                    {
                        return Task.FromResult(context.Fail(Model.Error.NotFound("packs.no-folder", "There is no such folder.", "没有此文件夹。", asked)));
                    }

                    // The built-in folder itself may be asked for; it is not laid over itself.
                    roots = Path.GetFullPath(roots[0]) == full ? [full] : [roots[0], full];
                }

                var outcome = PackCheck.Run(PackLibrary.Load(roots, cancellationToken), [RuleSources.Faults]);
                Write(context, outcome);
                return Task.FromResult(outcome.IsOk ? ExitCode.Done : ExitCode.Faults);
            }));
    }

    private static void Write(CommandContext context, PackLoadOutcome outcome)
    {
        if (context.Json)
        {
            context.WriteJson("waymark.packs/1", new PacksOutput([.. outcome.Reports.Select(report =>
                new PackOutput(report.File, report.Key?.ToString(), report.Hash, report.IsOk, report.Errors))]));
            return;
        }

        foreach (var error in outcome.Errors)
        {
            context.Terminal.Output.WriteLine(error.In(context.Language.Tag));
        }

        if (context.Verbose)
        {
            foreach (var report in outcome.Reports.Where(report => report.IsOk))
            {
                context.Terminal.Output.WriteLine($"{report.Key}  {report.Hash}");
            }
        }

        context.Remark($"{outcome.Reports.Count} packs, {outcome.Reports.Count(report => !report.IsOk)} with faults.",
            $"共 {outcome.Reports.Count} 个包，{outcome.Reports.Count(report => !report.IsOk)} 个有问题。");
    }
}
