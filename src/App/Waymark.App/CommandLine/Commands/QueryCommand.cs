using System.CommandLine;
using Waymark.App.Output;
using Waymark.Model;

namespace Waymark.App.CommandLine.Commands;

/// <summary><c>waymark query SERIES</c>: filters, groups and measures a series and writes the answer in one of the formats.</summary>
public static class QueryCommand
{
    public static Command Make(CommandMaker make)
    {
        var asked = new QueryOptions(make);
        var by = make.Option<string?>("--by", "DIM,DIM", "group by dimensions (and period)", "按维度（及 period）分组");
        var measure = make.Option<string?>("--measure", "WORD", "sum, count, mean, min, max, share, growth, rank, top", "sum、count、mean、min、max、share、growth、rank、top");
        var denominator = make.Option<string?>("--denominator", "SERIES|total", "what a share or a rate divides by", "份额或比率的分母");
        var pivot = make.Option<string?>("--pivot", "DIM", "a grouped dimension as columns", "以某一分组维度为列");
        var bridge = make.Option<string?>("--bridge", "ID,ID", "apply named bridges between definitions or units", "采用具名的定义或单位换算方法");
        var updated = make.Option<string?>("--updated-after", "TIME", "only what changed after this time", "只列该时刻之后的变化");
        var history = make.Flag("--history", "every vintage of each observation", "每个观测的全部版次");
        var format = make.Option<string?>("--format", "WORD", "table, csv, json, jsonl, jsonstat, sdmx-csv, xlsx", "table、csv、json、jsonl、jsonstat、sdmx-csv、xlsx", "-f");
        var output = make.Option<string?>("--output", "FILE", "write to a file (- is stdout)", "写入文件（- 为标准输出）", "-o");
        var command = make.Verb("query", "ask a series", "查询序列", [.. asked.All, by, measure, denominator, pivot, bridge, updated, history, format, output]);
        return make.Does(command, async (context, cancellationToken) =>
        {
            var chosen = AnswerFormats.Choose(context.Get(format), context.Get(output), context.Json);
            if (!chosen.IsOk)
            {
                return context.Fail(chosen.Error);
            }

            var words = asked.Words(context) with
            {
                By = context.Get(by),
                Measure = context.Get(measure),
                Denominator = context.Get(denominator),
                Pivot = context.Get(pivot),
                Bridge = context.Get(bridge),
                UpdatedAfter = context.Get(updated),
                History = context.Get(history),
            };
            var query = words.ToQuery();
            if (!query.IsOk)
            {
                return context.Fail(query.Error);
            }

            return await context.WithPlatform(
                async platform =>
                {
                    var answer = await platform.Evidence.QueryAsync(query.Value, cancellationToken);
                    if (!answer.IsOk)
                    {
                        return context.Fail(answer.Error);
                    }

                    var written = await ResultFile.WriteAsync(context, context.Get(output),
                        stream => AnswerFormats.WriteAsync(stream, answer.Value, chosen.Value, context.Language, QueryAddress.Of(query.Value, answer.Value.AsOf), cancellationToken), cancellationToken);
                    if (!written.IsOk)
                    {
                        return context.Fail(written.Error);
                    }

                    foreach (var note in answer.Value.Notes)
                    {
                        context.Remark($"Note: {note.In("en")}", $"注：{note.In("zh")}");
                    }

                    context.Remark($"Source: {answer.Value.Citation.In("en")}", $"来源：{answer.Value.Citation.In("zh")}");
                    if (answer.Value.Total > answer.Value.Rows.Count + query.Value.Offset)
                    {
                        context.Remark($"{answer.Value.Rows.Count} of {answer.Value.Total} rows; go on with --offset.",
                            $"共 {answer.Value.Total} 行，已列 {answer.Value.Rows.Count} 行；用 --offset 继续。");
                    }

                    return ExitCode.Done;
                },
                cancellationToken);
        });
    }
}
