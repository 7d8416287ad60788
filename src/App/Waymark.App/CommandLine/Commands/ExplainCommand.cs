using System.CommandLine;
using Waymark.App.Output;
using Waymark.Evidence.Contracts;

namespace Waymark.App.CommandLine.Commands;

/// <summary><c>waymark explain SERIES</c>: where each number comes from: file, cell, vintages, definition, checks.</summary>
public static class ExplainCommand
{
    private const int Most = 1_000;

    public static Command Make(CommandMaker make)
    {
        var asked = new QueryOptions(make);
        return make.Does(make.Verb("explain", "say where numbers come from", "说明数字的来源", asked.All), async (context, cancellationToken) =>
        {
            var query = asked.Words(context).ToQuery();
            return !query.IsOk ? context.Fail(query.Error) : await context.WithPlatform(
                async platform =>
                {
                    var limit = Math.Min(query.Value.Limit, Most);
                    var answer = await platform.Evidence.ExplainAsync(query.Value, limit, cancellationToken);
                    if (!answer.IsOk)
                    {
                        return context.Fail(answer.Error);
                    }

                    if (context.Json)
                    {
                        context.WriteJson("waymark.explain/1", new ExplainOutput(answer.Value));
                        return ExitCode.Done;
                    }

                    foreach (var explanation in answer.Value)
                    {
                        Write(context, explanation);
                    }

                    context.Remark($"{answer.Value.Count} observations explained.", $"已说明 {answer.Value.Count} 个观测。");
                    return ExitCode.Done;
                },
                cancellationToken);
        });
    }

    private static string Shown(ExplainedVintage vintage, string language) => vintage.ValueName is { } name ? $"{vintage.Value} \"{name.In(language)}\"" : vintage.Value;

    private static void Write(CommandContext context, Explanation explanation)
    {
        var writer = context.Terminal.Output;
        writer.WriteLine($"{explanation.Series.Id}  {string.Join(" ", explanation.Key.Select(pair => $"{pair.Key}={pair.Value}"))}  {explanation.Period}");
        foreach (var vintage in explanation.Vintages)
        {
            writer.WriteLine(context.Say(
                $"  {(vintage.Current ? "*" : " ")} {Shown(vintage, "en")} {vintage.Unit} (status {(char)vintage.Status}), release {vintage.Release}, known from {Moment.Text(vintage.VisibleFrom)}{(vintage.Withdrawn ? "; withdrawn: a newer complete edition no longer has it" : "")}",
                $"  {(vintage.Current ? "*" : " ")} {Shown(vintage, "zh")} {vintage.Unit}（状态 {(char)vintage.Status}），发布 {vintage.Release}，自 {Moment.Text(vintage.VisibleFrom)} 起已知{(vintage.Withdrawn ? "；已撤回：较新的完整版次不再包含它" : "")}"));
            writer.WriteLine(context.Say(
                $"      {CellWidth.Printable(vintage.FileName)} {vintage.Cell}, published as \"{CellWidth.Printable(vintage.Raw ?? "")}\", read by {vintage.Profile}, sha256 {vintage.Sha256}",
                $"      {CellWidth.Printable(vintage.FileName)} {vintage.Cell}，原文“{CellWidth.Printable(vintage.Raw ?? "")}”，由 {vintage.Profile} 读取，sha256 {vintage.Sha256}"));
        }

        if (explanation.Definition is { } definition)
        {
            writer.WriteLine(context.Say($"  definition: {definition.Id} {definition.Name.In("en")}", $"  定义：{definition.Id} {definition.Name.In("zh")}"));
        }

        foreach (var note in explanation.Footnotes)
        {
            writer.WriteLine(context.Say($"  footnote: {note.In("en")}", $"  脚注：{note.In("zh")}"));
        }

        foreach (var note in explanation.Notes)
        {
            writer.WriteLine(context.Say($"  note of the publisher: {CellWidth.Printable(note.Text)} ({CellWidth.Printable(note.Cell)}, release {note.Release})",
                $"  发布方注释：{CellWidth.Printable(note.Text)}（{CellWidth.Printable(note.Cell)}，发布 {note.Release}）"));
        }

        foreach (var finding in explanation.Findings)
        {
            writer.WriteLine(context.Say($"  check {finding.Check}: {finding.Evidence.In("en")}", $"  检查 {finding.Check}：{finding.Evidence.In("zh")}"));
        }

        writer.WriteLine($"  {context.Language.Say(explanation.Citation)}");
    }
}
