using System.CommandLine;
using System.Globalization;
using Waymark.App.Output;
using Waymark.Evidence.Contracts;

namespace Waymark.App.CommandLine.Commands;

/// <summary><c>sources</c>, <c>series</c> and <c>detect</c>: what there is to read and to ask.</summary>
public static class CatalogueCommands
{
    public static Command Sources(CommandMaker make) => make.Does(
        make.Verb("sources", "publishers and source profiles", "发布机构与来源配置"),
        (context, cancellationToken) => context.WithPlatform(
            async platform =>
            {
                var sources = await platform.Evidence.SourcesAsync(cancellationToken);
                if (context.Json)
                {
                    context.WriteJson("waymark.sources/1", new SourcesOutput(sources));
                    return ExitCode.Done;
                }

                var table = new TextTable(new(context.Say("publisher", "机构")), new(context.Say("profile", "配置")), new(context.Say("version", "版本")),
                    new(context.Say("name", "名称")), new(context.Say("series", "序列")), new(context.Say("imports", "导入次数"), Right: true));
                foreach (var source in sources)
                {
                    foreach (var profile in source.Profiles)
                    {
                        table.Add(source.Publisher, profile.Id, profile.Version, context.Language.Say(profile.Name), string.Join(", ", profile.Series),
                            source.Imports.ToString(CultureInfo.InvariantCulture));
                    }
                }

                table.Write(context.Terminal.Output);
                return ExitCode.Done;
            },
            cancellationToken));

    public static Command Series(CommandMaker make)
    {
        var one = make.Argument<string?>("SERIES", "show one series with its dimensions and vintages", "显示某一序列的维度与版次");
        one.Arity = ArgumentArity.ZeroOrOne;
        return make.Does(make.Verb("series", "the series of the evidence base", "证据库中的序列", one), (context, cancellationToken) =>
            context.WithPlatform(
                async platform =>
                {
                    if (context.Get(one) is { } id)
                    {
                        var found = await platform.Evidence.SeriesAsync(id, cancellationToken);
                        return found.IsOk ? ShowOne(context, found.Value) : context.Fail(found.Error);
                    }

                    var all = await platform.Evidence.SeriesAsync(cancellationToken);
                    if (context.Json)
                    {
                        context.WriteJson("waymark.series/1", new SeriesOutput(all));
                        return ExitCode.Done;
                    }

                    var table = new TextTable(new(context.Say("series", "序列")), new(context.Say("name", "名称")), new(context.Say("periods", "期间")),
                        new(context.Say("observations", "观测数"), Right: true), new(context.Say("missing", "缺失"), Right: true));
                    foreach (var series in all)
                    {
                        table.Add(series.Id, context.Language.Say(series.Name), Span(series), Number(series.Observations), Number(series.Missing));
                    }

                    table.Write(context.Terminal.Output);
                    return ExitCode.Done;
                },
                cancellationToken));
    }

    public static Command Detect(CommandMaker make)
    {
        var file = make.Argument<string>("FILE", "the file to look at", "要查看的文件");
        return make.Does(make.Verb("detect", "say what a file seems to be", "识别文件类型与来源", file), (context, cancellationToken) =>
            context.WithPlatform(
                async platform =>
                {
                    var path = context.Terminal.FullPath(context.Get(file)!);
                    if (!File.Exists(path))
                    {
                        return context.Fail(Model.Error.NotFound("input.not-found", "There is no such file.", "没有这个文件。", context.Get(file)));
                    }

                    var seen = await platform.Evidence.DetectAsync(new(Path.GetFileName(path), await File.ReadAllBytesAsync(path, cancellationToken)), cancellationToken);
                    if (context.Json)
                    {
                        context.WriteJson("waymark.detect/1", seen);
                    }
                    else
                    {
                        ShowDetection(context, seen);
                    }

                    return seen.Error is not null ? ExitCode.For(seen.Error)
                        : seen.Candidates.Any(candidate => candidate.Fits) ? ExitCode.Done : ExitCode.Faults;
                },
                cancellationToken));
    }

    private static void ShowDetection(CommandContext context, Detection seen)
    {
        var writer = context.Terminal.Output;
        writer.WriteLine($"{CellWidth.Printable(seen.FileName)}: {seen.MediaType}{(seen.Encoding is null ? "" : ", " + seen.Encoding)}{(seen.Delimiter is null ? "" : $", \"{CellWidth.Printable(seen.Delimiter)}\"")}");
        if (seen.Sheets.Count > 1)
        {
            writer.WriteLine(context.Say($"  sheets: {string.Join(", ", seen.Sheets)}", $"  工作表：{string.Join("、", seen.Sheets)}"));
        }

        if (seen.Error is { } error)
        {
            writer.WriteLine($"  {error.In(context.Language.Tag)}");
        }

        foreach (var advice in seen.Advice)
        {
            writer.WriteLine($"  {context.Language.Say(advice)}");
        }

        foreach (var candidate in seen.Candidates)
        {
            writer.WriteLine($"  {(candidate.Fits ? "+" : "-")} {candidate.Profile}  {context.Language.Say(candidate.Name)}");
            foreach (var reason in candidate.Reasons)
            {
                writer.WriteLine($"      {reason}");
            }
        }
    }

    private static int ShowOne(CommandContext context, SeriesSummary series)
    {
        if (context.Json)
        {
            context.WriteJson("waymark.series/1", new SeriesOutput([series]));
            return ExitCode.Done;
        }

        var writer = context.Terminal.Output;
        writer.WriteLine($"{series.Id}  {context.Language.Say(series.Name)}");
        writer.WriteLine(context.Say(
            $"  {Number(series.Observations)} observations, {Number(series.Missing)} missing, {Span(series)}; units {string.Join(", ", series.Units)}; licence {series.Licence}",
            $"  {Number(series.Observations)} 个观测，缺失 {Number(series.Missing)}，{Span(series)}；单位 {string.Join("、", series.Units)}；许可 {series.Licence}"));
        var table = new TextTable(new(context.Say("dimension", "维度")), new(context.Say("name", "名称")), new(context.Say("code list", "代码表")),
            new(context.Say("codes", "代码数"), Right: true), new(context.Say("total", "合计代码")));
        foreach (var dimension in series.Dimensions)
        {
            table.Add(dimension.Id, context.Language.Say(dimension.Name), dimension.CodeList, Number(dimension.Codes), dimension.Total);
        }

        table.Write(writer);
        writer.WriteLine();
        var vintages = new TextTable(new(context.Say("vintage", "版次")), new(context.Say("release", "发布")), new(context.Say("visible from", "生效时刻")),
            new(context.Say("observations", "观测数"), Right: true), new(context.Say("file", "文件")));
        foreach (var vintage in series.Vintages)
        {
            vintages.Add(vintage.Id, vintage.Release, Moment.Text(vintage.VisibleFrom), Number(vintage.Observations), vintage.FileName);
        }

        vintages.Write(writer);
        return ExitCode.Done;
    }

    private static string Span(SeriesSummary series) => series.FirstPeriod is null ? "" : $"{series.FirstPeriod}–{series.LastPeriod}";

    private static string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
