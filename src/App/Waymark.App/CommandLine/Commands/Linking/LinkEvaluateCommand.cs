using System.CommandLine;
using System.Globalization;
using Waymark.App.Output;
using Waymark.Linkage;
using Waymark.Matching;
using Waymark.Model;

namespace Waymark.App.CommandLine.Commands;

/// <summary><c>waymark link evaluate A.csv [B.csv] --truth FILE</c>: runs with the same defaults and measures; the truth takes no part in the run.</summary>
internal static class LinkEvaluateCommand
{
    public static Command Make(CommandMaker make)
    {
        var words = new LinkOptions(make);
        var truth = make.Option<string?>("--truth", "FILE", "pairs (left_id, right_id) or persons (id, person) as CSV", "真值 CSV：成对（left_id、right_id）或逐条（id、person）");
        var column = make.Option<string?>("--truth-column", "COL", "column of the files that names the person; it is not compared", "文件中标识真实人员的列；不参与比较");
        var command = make.Verb("evaluate", "measure a run against a known truth", "对照已知真值衡量一次运行", [.. words.Reading, .. words.Comparing, truth, column]);
        return make.Does(command, (context, cancellationToken) => Task.FromResult(Run(context, words, context.Get(truth), context.Get(column), cancellationToken)));
    }

    private static int Run(CommandContext context, LinkOptions words, string? truth, string? column, CancellationToken cancellationToken)
    {
        if (truth is null == column is null)
        {
            return context.Fail(Error.Invalid("link.truth", "Say what is true: --truth FILE or --truth-column COL.", "请用 --truth FILE 或 --truth-column COL 给出真值。"));
        }

        var request = words.Request(context);
        if (!request.IsOk)
        {
            return context.Fail(request.Error);
        }

        var line = words.Progress(context);
        var run = LinkFiles.Run(request.Value with { KeepColumn = column }, new LinkProgress(context, line), cancellationToken);
        line.End();
        if (!run.IsOk)
        {
            return context.Fail(run.Error);
        }

        var persons = column is not null ? Truth.OfColumn(run.Value.Files, column) : Truth.Read(context.Terminal.FullPath(truth!), run.Value.Files, cancellationToken);
        var measured = persons.Then(p => LinkageEngine.Evaluate(run.Value.Outcome, p).Select(q => (q, Groups: run.Value.Outcome.Groups(p))));
        if (!measured.IsOk)
        {
            return context.Fail(measured.Error);
        }

        var (quality, groups) = measured.Value;
        var output = new LinkEvaluateOutput(
            LinkReport.FilesOf(run.Value.Files, run.Value.Outcome.LeftColumns, run.Value.Outcome.RightColumns), Math.Round(run.Value.Outcome.Threshold, 4),
            LinkQualityOutput.Of(quality.AtThreshold), LinkQualityOutput.Of(quality.Best), Math.Round(quality.BestThreshold, 6), LinkQualityOutput.Of(quality.Clustered),
            Math.Round(quality.ExpectedFalse, 2), quality.AtThreshold.Found - quality.AtThreshold.Right, groups);
        if (context.Json)
        {
            context.WriteJson("waymark.link-evaluate/1", output, run.Value.Files.Warnings);
        }
        else
        {
            Write(context, output);
            LinkReport.Files(context, run.Value.Files, output.Files);
        }

        return run.Value.Files.All.Any(f => f.AsideCount > 0) ? ExitCode.Faults : ExitCode.Done;
    }

    private static void Write(CommandContext context, LinkEvaluateOutput output)
    {
        var table = new TextTable(new(""), new("F1", true), new(context.Say("precision", "精确率"), true), new(context.Say("recall", "召回率"), true), new(context.Say("found", "找到"), true), new(context.Say("true", "真值"), true));
        Add(context.Say($"at the threshold {F(output.Threshold)}", $"阈值 {F(output.Threshold)}"), output.AtThreshold);
        Add(context.Say($"at the best threshold {F(output.BestThreshold)}", $"最佳阈值 {F(output.BestThreshold)}"), output.Best);
        Add(context.Say("clustered", "聚类后"), output.Clustered);
        table.Write(context.Terminal.Output);
        context.Terminal.Output.WriteLine(context.Say(
            $"false links: {F(output.ExpectedFalse)} expected, {output.RealFalse} real", $"错误链接：预期 {F(output.ExpectedFalse)}，实际 {output.RealFalse}"));
        var groups = new TextTable(new(context.Say("group", "组别")), new(context.Say("value", "取值")), new(context.Say("links", "链接"), true), new(context.Say("false expected", "预期有误"), true), new(context.Say("false real", "实际有误"), true), new(context.Say("within", "在界内")));
        foreach (var group in output.Groups)
        {
            groups.Add(group.Kind, group.Value, group.Links.ToString(CultureInfo.InvariantCulture), F(group.ExpectedFalse), group.RealFalse.ToString(CultureInfo.InvariantCulture), group.IsWithin ? context.Say("yes", "是") : context.Say("no", "否"));
        }

        groups.Write(context.Terminal.Output);
        void Add(string name, LinkQualityOutput q) => table.Add(name, F(q.F1), F(q.Precision), F(q.Recall), q.Found.ToString(CultureInfo.InvariantCulture), q.True.ToString(CultureInfo.InvariantCulture));
    }

    private static string F(double number) => number.ToString("0.0###", CultureInfo.InvariantCulture);
}
