using System.CommandLine;
using System.Globalization;
using Waymark.App.Output;
using Waymark.Casework.Contracts;
using Waymark.Model;

namespace Waymark.App.CommandLine.Commands;

/// <summary>Years of counts and where they stand; the told figures of those that were released.</summary>
public sealed record CountsOutput(IReadOnlyList<CountsYear> Years);

/// <summary><paramref name="State"/>: prepared, approved, released. <paramref name="Lines"/> are there once it is released.</summary>
public sealed record CountsYear(string Id, int Year, string Area, string State, DateTimeOffset At, IReadOnlyList<CountLine> Lines);

/// <summary><c>waymark counts show|export</c>: figures that two persons let out, for whoever runs the machine. They are prepared, approved and released in the browser.</summary>
public static class CountsCommand
{
    public static Command Make(CommandMaker make)
    {
        var id = make.Argument<string>("ID", "which figures, as \"counts show\" names them: ken-2025", "哪些数字，按 “counts show” 所列：ken-2025");
        var output = make.Option<string?>("--output", "FILE", "the new file; without it, to the terminal", "新文件；不指定则输出到终端", "-o");
        return make.Verb("counts", "figures on victims of trafficking for the world's reports", "供全球报告使用的贩运受害人数字",
            make.Does(make.Verb("show", "years and where they stand", "各年度及其状态"), (context, cancellationToken) => WithAsync(context, sheets => Task.FromResult(Shown(context, sheets)), cancellationToken)),
            make.Does(make.Verb("export", "released figures as a file that \"import\" reads", "将已发布数字写成 “import” 可读取的文件", id, output), (context, cancellationToken) => WithAsync(context, async sheets =>
            {
                if (sheets.FirstOrDefault(sheet => sheet.Id == context.Get(id) && sheet.State == CountState.Released) is not { } released)
                {
                    return context.Fail(Error.NotFound("counts.unknown", "There are no released figures of that name.", "没有此名称的已发布数字。", context.Get(id)));
                }

                var written = await ResultFile.WriteAsync(context, context.Get(output), stream => CountFile.WriteAsync(released, isSample: false, stream, cancellationToken), cancellationToken);
                return written.IsOk ? ExitCode.Done : context.Fail(written.Error);
            }, cancellationToken)));
    }

    private static Task<int> WithAsync(CommandContext context, Func<IReadOnlyList<CountSheet>, Task<int>> work, CancellationToken cancellationToken) => ErasureCommand.WithAsync(context, async (_, engine) =>
    {
        var listed = await ((IVictimCounts)engine).ListAsync(cancellationToken);
        return listed.IsOk ? await work(listed.Value) : context.Fail(listed.Error);
    }, cancellationToken);

    private static int Shown(CommandContext context, IReadOnlyList<CountSheet> sheets)
    {
        if (context.Json)
        {
            context.WriteJson("waymark.counts/1", new CountsOutput(
                [.. sheets.Select(sheet => new CountsYear(sheet.Id, sheet.Year, sheet.Area, Packs.Words.Of(sheet.State), sheet.At, sheet.State == CountState.Released ? sheet.Lines : []))]));
            return ExitCode.Done;
        }

        var table = new TextTable(new(context.Say("figures", "数字")), new(context.Say("state", "状态")), new(context.Say("since", "自")));
        foreach (var sheet in sheets)
        {
            table.Add(sheet.Id, Packs.Words.Of(sheet.State), sheet.At.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
        }

        table.Write(context.Terminal.Output);
        return ExitCode.Done;
    }
}
