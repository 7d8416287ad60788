using System.CommandLine;
using System.Globalization;
using Waymark.App.Hosting;
using Waymark.App.Output;
using Waymark.Evidence.Contracts;
using Waymark.Model;

namespace Waymark.App.CommandLine.Commands;

/// <summary><c>waymark import PATH…</c>: reads files into the evidence base; what cannot be read is reported and the rest is kept.</summary>
public static class ImportCommand
{
    // A folder on a slow share may hold a million files: the caller hears of the listing this often.
    private const int FilesPerWord = 1_000;

    public static Command Make(CommandMaker make)
    {
        var paths = make.Argument<string[]>("PATH", "files, folders (with all below) or patterns", "文件、文件夹（含下级）或通配符");
        paths.Arity = ArgumentArity.OneOrMore;
        var source = make.Option<string?>("--source", "ID", "read with this source profile instead of recognising one", "指定来源配置，而不自动识别");
        var dryRun = make.Flag("--dry-run", "read and report, store nothing", "只读取并报告，不写入");
        var progress = make.Option<string?>("--progress", "WORD", "auto, plain, json or none", "auto、plain、json 或 none");
        progress.AcceptOnlyFromAmong("auto", "plain", "json", "none");
        var command = make.Verb("import", "import files into the evidence base", "将文件导入证据库", paths, source, dryRun, progress);
        return make.Does(command, async (context, cancellationToken) =>
        {
            var line = new ProgressLine(context.Terminal.Error, ProgressLine.Choose(context, context.Get(progress)), context.Terminal.Time);
            var files = InputFiles.Expand(context.Get(paths)!, context.Terminal.WorkingFolder, (count, path) =>
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (count % FilesPerWord == 0)
                {
                    line.Say(context.Say("files found", "个文件已找到"), count, null, CellWidth.Printable(path));
                }
            });
            if (!files.IsOk)
            {
                line.End();
                return context.Fail(files.Error);
            }

            return await context.WithPlatform(
                async platform =>
                {
                    var run = new ImportRun(platform, context, line, context.Get(source), context.Get(dryRun));
                    var reports = await run.AllAsync(files.Value, cancellationToken);
                    line.End();
                    if (!reports.IsOk)
                    {
                        return context.Fail(reports.Error);
                    }

                    Write(context, reports.Value);
                    return CodeFor(reports.Value);
                },
                cancellationToken);
        });
    }

    /// <summary>0 when every file is in; 3 when some are not, or rows were kept aside; 4 or 5 when no file could be used at all.</summary>
    public static int CodeFor(IReadOnlyList<ImportReport> reports)
    {
        var good = reports.Count(report => IsIn(report.State));
        if (good == reports.Count)
        {
            return reports.Any(report => report.State != ImportState.AlreadyPresent && (report.Cells.KeptAside > 0 || !report.Cells.Balances))
                ? ExitCode.Faults : ExitCode.Done;
        }

        return good > 0 ? ExitCode.Faults
            : reports.All(report => report.State == ImportState.Quarantined) ? ExitCode.Refused
            : ExitCode.NotFound;
    }

    private static bool IsIn(ImportState state) => state is ImportState.Imported or ImportState.AlreadyPresent or ImportState.DryRun;

    private static void Write(CommandContext context, IReadOnlyList<ImportReport> reports)
    {
        if (context.Json)
        {
            context.WriteJson("waymark.import/1", new ImportOutput(reports), [.. reports.SelectMany(report => report.Warnings).Take(1_000)]);
            return;
        }

        foreach (var report in reports)
        {
            WriteOne(context, report);
        }

        context.Remark(
            $"{reports.Count(report => IsIn(report.State))} of {reports.Count} files in, {Number(reports.Sum(report => report.Cells.Observations))} observations, {Number(reports.Sum(report => report.Cells.KeptAside))} cells kept aside.",
            $"{reports.Count} 个文件中 {reports.Count(report => IsIn(report.State))} 个已入库，{Number(reports.Sum(report => report.Cells.Observations))} 个观测，{Number(reports.Sum(report => report.Cells.KeptAside))} 个单元格留存待查。");
    }

    private static void WriteOne(CommandContext context, ImportReport report)
    {
        var writer = context.Terminal.Output;
        writer.WriteLine($"{CellWidth.Printable(report.FileName)}: {State(context, report.State)}{(report.Profile is null ? "" : $" ({report.Profile}, {report.Release})")}");
        foreach (var series in report.Series)
        {
            writer.WriteLine(context.Say(
                $"  {series.Series}: {Number(series.Observations)} observations {series.FirstPeriod}–{series.LastPeriod}: {Number(series.New)} new, {Number(series.Revised)} revised, {Number(series.Unchanged)} unchanged{(series.Withdrawn > 0 ? $", {Number(series.Withdrawn)} withdrawn" : "")}",
                $"  {series.Series}：{Number(series.Observations)} 个观测，{series.FirstPeriod}–{series.LastPeriod}：新增 {Number(series.New)}，修订 {Number(series.Revised)}，未变 {Number(series.Unchanged)}{(series.Withdrawn > 0 ? $"，撤回 {Number(series.Withdrawn)}" : "")}"));
        }

        foreach (var notes in report.Notes)
        {
            var left = notes.Matched is { } matched ? notes.Notes - matched : 0;
            writer.WriteLine(context.Say(
                $"  {Number(notes.Notes)} notes on figures of {string.Join(", ", notes.Series)}{(left > 0 ? $"; {Number(left)} of them speak of figures that are not here (yet) and are kept" : "")}",
                $"  {Number(notes.Notes)} 条关于 {string.Join("、", notes.Series)} 数字的注释{(left > 0 ? $"；其中 {Number(left)} 条所述数字尚不在库中，已保留" : "")}"));
            foreach (var note in notes.Unmatched.Take(context.Verbose ? 1_000 : 5))
            {
                writer.WriteLine($"    {CellWidth.Printable(note.Cell)}: {string.Join(" ", note.Of.Select(pair => $"{pair.Key}={string.Join(",", pair.Value)}").Concat(note.Periods))}");
            }
        }

        if (report.Cells.Read > 0)
        {
            writer.WriteLine(context.Say(
                $"  cells: {Number(report.Cells.Read)} read = {Number(report.Cells.Observations)} observations + {Number(report.Cells.Structural)} structural + {Number(report.Cells.KeptAside)} kept aside",
                $"  单元格：读取 {Number(report.Cells.Read)} = 观测 {Number(report.Cells.Observations)} + 结构 {Number(report.Cells.Structural)} + 留存 {Number(report.Cells.KeptAside)}"));
        }

        foreach (var code in report.Unmapped.Take(context.Verbose ? 1_000 : 5))
        {
            writer.WriteLine(context.Say($"  unknown code, kept as published: {code.Dimension} \"{CellWidth.Printable(code.Text)}\" × {Number(code.Count)} ({code.FirstCell})",
                $"  未知代码，按原文保留：{code.Dimension}“{CellWidth.Printable(code.Text)}”× {Number(code.Count)}（{code.FirstCell}）"));
        }

        foreach (var kept in report.KeptAside.Take(context.Verbose ? 1_000 : 5))
        {
            writer.WriteLine($"  {kept.Where}: {context.Language.Say(kept.Reason)} [{kept.Code}]");
        }

        if (report.Error is { } error)
        {
            writer.WriteLine($"  {error.In(context.Language.Tag)}");
        }
    }

    private static string State(CommandContext context, ImportState state) => state switch
    {
        ImportState.Imported => context.Say("imported", "已导入"),
        ImportState.AlreadyPresent => context.Say("already present, nothing written", "已存在，未写入"),
        ImportState.DryRun => context.Say("dry run, nothing written", "试运行，未写入"),
        ImportState.Quarantined => context.Say("looks like a list of persons: set apart", "疑似人员名单：已隔离"),
        ImportState.Unrecognised => context.Say("no source profile fits", "没有匹配的来源配置"),
        _ => context.Say("cannot be read", "无法读取"),
    };

    private static string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);
}

/// <summary>One call of import: one file in memory at a time.</summary>
internal sealed class ImportRun(Platform platform, CommandContext context, ProgressLine line, string? source, bool dryRun)
{
    private const long LargestFile = 1L << 30;

    public async Task<Result<IReadOnlyList<ImportReport>>> AllAsync(IReadOnlyList<string> files, CancellationToken cancellationToken)
    {
        var reports = new List<ImportReport>(files.Count);
        for (var at = 0; at < files.Count; at++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var name = Path.GetFileName(files[at]);
            var bytes = await ReadAsync(files[at], cancellationToken);
            if (!bytes.IsOk)
            {
                reports.Add(new() { FileName = name, Sha256 = "", Bytes = 0, State = ImportState.Failed, Error = bytes.Error });
                continue;
            }

            var done = at;
            var progress = new Relay(step => line.Say(context.Say("files", "个文件"), done, files.Count, $"{name}: {Step(step)}"));
            var imported = await platform.Evidence.ImportAsync(new([new(name, bytes.Value)], source, dryRun, "cli"), progress, cancellationToken);
            if (!imported.IsOk)
            {
                return imported.Error;
            }

            reports.AddRange(imported.Value);
        }

        return reports;
    }

    private string Step(ImportProgress step)
    {
        var number = step.Done.ToString("N0", CultureInfo.InvariantCulture);
        return step.Step switch
        {
            "bytes" => context.Say($"{number} bytes opened", $"已打开 {number} 字节"),
            "rows" => context.Say($"{number} rows read", $"已读 {number} 行"),
            _ => context.Say($"{number} observations", $"{number} 个观测"),
        };
    }

    private static async Task<Result<byte[]>> ReadAsync(string file, CancellationToken cancellationToken)
    {
        try
        {
            return new FileInfo(file).Length > LargestFile
                ? Error.TooLarge("import.file-too-large", "The file is larger than 1 GiB.", "文件超过 1 GiB。", file)
                : await File.ReadAllBytesAsync(file, cancellationToken);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return Error.NotFound("import.unreadable", "The file cannot be opened.", "文件无法打开。", file);
        }
    }

    // Progress<T> posts to a pool and may overtake itself; a progress line must not.
    private sealed class Relay(Action<ImportProgress> say) : IProgress<ImportProgress>
    {
        public void Report(ImportProgress value) => say(value);
    }
}
