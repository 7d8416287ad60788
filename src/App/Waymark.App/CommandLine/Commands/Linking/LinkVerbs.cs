using System.CommandLine;
using System.Globalization;
using Waymark.App.Output;
using Waymark.Linkage;
using Waymark.Matching;
using Waymark.Model;

namespace Waymark.App.CommandLine.Commands;

/// <summary><c>waymark link profile</c> and <c>waymark link train</c>.</summary>
internal static class LinkVerbs
{
    public static Command Profile(CommandMaker make)
    {
        var words = new LinkOptions(make);
        var command = make.Verb("profile", "what is in the columns, and what would be compared", "各列内容以及将要比较的对数", [.. words.Reading]);
        return make.Does(command, (context, cancellationToken) => Task.FromResult(Profiled(context, words, cancellationToken)));
    }

    public static Command Train(CommandMaker make)
    {
        var words = new LinkOptions(make);
        var output = make.Option<string?>("--out", "FILE", "where the model goes (JSON)", "模型写入的文件（JSON）", "-o");
        output.Required = true;
        var command = make.Verb("train", "fit a model and keep it", "拟合模型并保存", [.. words.Reading, .. words.Comparing, output]);
        return make.Does(command, async (context, cancellationToken) =>
        {
            var request = words.Request(context);
            if (!request.IsOk)
            {
                return context.Fail(request.Error);
            }

            var line = words.Progress(context);
            var trained = LinkFiles.Train(request.Value, new LinkProgress(context, line), cancellationToken);
            line.End();
            if (!trained.IsOk)
            {
                return context.Fail(trained.Error);
            }

            var (files, model) = trained.Value;
            var target = context.Get(output)!;
            var written = await ResultFile.WriteAsync(context, target, stream => Task.FromResult(ModelFile.Write(stream, model, files.Pack.Hash)), cancellationToken);
            if (!written.IsOk)
            {
                return context.Fail(written.Error);
            }

            if (context.Json)
            {
                context.WriteJson("waymark.link-train/1", new LinkTrainOutput([], target, model.Iterations, model.LogLikelihood, model.Fields), files.Warnings);
            }
            else
            {
                context.Remark(
                    string.Create(CultureInfo.InvariantCulture, $"Fitted in {model.Iterations} rounds on {model.Rules.Sum(r => r.Pairs):N0} pairs."),
                    string.Create(CultureInfo.InvariantCulture, $"在 {model.Rules.Sum(r => r.Pairs):N0} 对上经 {model.Iterations} 轮拟合。"));
            }

            return files.All.Any(f => f.AsideCount > 0) ? ExitCode.Faults : ExitCode.Done;
        });
    }

    private static int Profiled(CommandContext context, LinkOptions words, CancellationToken cancellationToken)
    {
        if (words.Left(context) is not { } left)
        {
            return context.Fail(Error.Invalid("link.no-file", "Say which file to look at.", "请指定要查看的文件。"));
        }

        var request = words.Request(context, left, words.Id(context));
        var profiled = request.IsOk ? LinkFiles.Profile(request.Value, cancellationToken) : request.Error;
        if (!profiled.IsOk)
        {
            return context.Fail(profiled.Error);
        }

        var (files, profile) = profiled.Value;
        var roles = profile.Columns.GroupBy(c => c.File, StringComparer.Ordinal)
            .Select(g => (IReadOnlyList<ColumnRole>)[.. g.Select(c => new ColumnRole(c.Column, c.Role, c.Reason))]).ToList();
        var output = new LinkProfileOutput(
            LinkReport.FilesOf(files, roles[0], roles[^1]), profile.Columns, profile.NameScripts.ToDictionary(s => s.Key.ToString(), s => s.Value), profile.Blocks);
        if (context.Json)
        {
            context.WriteJson("waymark.link-profile/1", output, files.Warnings);
        }
        else
        {
            Write(context, output);
            LinkReport.Files(context, files, output.Files);
        }

        return files.All.Any(f => f.AsideCount > 0) ? ExitCode.Faults : ExitCode.Done;
    }

    private static void Write(CommandContext context, LinkProfileOutput profile)
    {
        var columns = new TextTable(
            new(context.Say("file", "文件")), new(context.Say("column", "列")), new(context.Say("taken for", "识别为")), new(context.Say("by", "依据")),
            new(context.Say("filled", "非空"), true), new(context.Say("distinct", "不同值"), true), new(context.Say("most frequent", "最频值次数"), true));
        foreach (var column in profile.Columns)
        {
            columns.Add(column.File, column.Column, column.Role == FieldRole.Ignored ? "–" : LinkReport.Word(column.Role), Reason(context, column.Reason), N(column.Filled), N(column.Distinct), N(column.MostFrequent));
        }

        columns.Write(context.Terminal.Output);
        context.Terminal.Output.WriteLine();
        context.Terminal.Output.WriteLine(context.Say("scripts of names: ", "姓名文字：") + string.Join(", ", profile.NameScripts.OrderByDescending(s => s.Value).Select(s => $"{s.Key} {N(s.Value)}")));
        context.Terminal.Output.WriteLine();
        var blocks = new TextTable(
            new(context.Say("rule", "规则")), new(context.Say("blocks", "块"), true), new(context.Say("pairs", "对"), true),
            new(context.Say("largest block", "最大块"), true), new(context.Say("narrowed", "收窄"), true));
        foreach (var rule in profile.Blocks.Rules.Where(r => r.Used).OrderByDescending(r => r.LargestBlock))
        {
            blocks.Add(rule.Rule, N(rule.Blocks), N(rule.Pairs), N(rule.LargestBlock), N(rule.Narrowed));
        }

        blocks.Write(context.Terminal.Output);
        context.Terminal.Output.WriteLine(context.Say(
            $"at most {N(profile.Blocks.PairsAtMost)} pairs, budget {N(profile.Blocks.Budget)}", $"至多 {N(profile.Blocks.PairsAtMost)} 对，预算 {N(profile.Blocks.Budget)}"));
    }

    private static string Reason(CommandContext context, RoleReason reason) => reason switch
    {
        RoleReason.Asked => context.Say("--map or --id", "--map 或 --id"),
        RoleReason.Header => context.Say("header", "表头"),
        RoleReason.Content => context.Say("content", "内容"),
        _ => context.Say("not recognised", "未识别"),
    };

    private static string N(long number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
