using System.CommandLine;
using Waymark.App.Output;
using Waymark.Linkage;
using Waymark.Matching;
using Waymark.Model;

namespace Waymark.App.CommandLine.Commands;

/// <summary><c>waymark link index A.csv --id COL --out INDEX</c>, and <c>waymark link B.csv --id COL --against INDEX</c>: new records against old, without linking the old anew.</summary>
internal static class LinkIndexCommand
{
    public static Command Make(CommandMaker make)
    {
        var words = new LinkOptions(make);
        var output = make.Option<string?>("--out", "INDEX", "where the index goes; it is as sensitive as the file", "索引写入的文件；其敏感程度与原文件相同", "-o");
        output.Required = true;
        var command = make.Verb("index", "keep a file so that later files are linked against it", "保存文件，供后续文件与之链接", [.. words.ReadingOne, .. words.Comparing, output]);
        return make.Does(command, async (context, cancellationToken) =>
        {
            var request = words.Request(context);
            if (request.Error is { } wrong)
            {
                return context.Fail(wrong);
            }

            var line = words.Progress(context);
            var made = IndexFiles.Create(request.Value, new LinkProgress(context, line), cancellationToken);
            line.End();
            if (!made.IsOk)
            {
                return context.Fail(made.Error);
            }

            var saved = await SaveAsync(context, context.Get(output)!, made.Value.Index, cancellationToken);
            return Ended(context, saved, made.Value.Files, made.Value.Index, new(made.Value.Index.Count, made.Value.Index.Count, 0, made.Value.Index.Threshold, []));
        });
    }

    /// <summary>Links a file against an index and keeps its records in it; the index is written last, so that a failure leaves the old one.</summary>
    public static async Task<int> AgainstAsync(CommandContext context, LinkFilesRequest request, string index, LinkTargets targets, CancellationToken cancellationToken)
    {
        if (request.Right is not null || request.Model is not null || request.Threshold is not null)
        {
            return context.Fail(Error.Invalid("link.against", "Against an index one file is linked, with the index's own model and threshold.", "与索引链接时只用一个文件，采用索引自身的模型与阈值。"));
        }

        var added = IndexFiles.Add(request, context.Terminal.FullPath(index), cancellationToken);
        if (!added.IsOk)
        {
            return context.Fail(added.Error);
        }

        var (files, grown, outcome, first) = added.Value;
        var links = 0;
        var written = await ResultFile.WriteAsync(context, targets.Links, stream => Task.FromResult<Result<bool>>((links = IndexFiles.Links(stream, grown, outcome)) >= 0), cancellationToken);
        if (written.IsOk && targets.Clusters is { } clusters)
        {
            written = await ResultFile.WriteAsync(context, clusters, stream =>
            {
                IndexFiles.Clusters(stream, grown, outcome);
                return Task.FromResult<Result<bool>>(true);
            }, cancellationToken);
        }

        if (written.IsOk && targets.Explain is { } explain)
        {
            written = await ResultFile.WriteAsync(context, explain, stream => Task.FromResult(
                ExplanationWriter.Write(stream, explain, grown, outcome, first, targets.ExplainMost, context.Language.Tag, cancellationToken).Select(_ => true)), cancellationToken);
        }

        written = written.IsOk ? await SaveAsync(context, index, grown, cancellationToken) : written;
        return Ended(context, written, files, grown, new(grown.Count, grown.Count - first, links, outcome.Threshold, LinkReport.Doubted(outcome.Trust)));
    }

    private static async Task<Result<bool>> SaveAsync(CommandContext context, string file, LinkageIndex index, CancellationToken cancellationToken)
    {
        if (file == "-")
        {
            return Error.Invalid("link.index-file", "An index needs a file.", "索引须写入文件。");
        }

        var written = await ResultFile.WriteAsync(context, file, stream =>
        {
            index.Save(stream);
            return Task.FromResult<Result<bool>>(true);
        }, cancellationToken);
        if (written.IsOk && !OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(context.Terminal.FullPath(file), UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        return written;
    }

    private static int Ended(CommandContext context, Result<bool> written, OpenedFiles files, LinkageIndex index, LinkIndexOutput output)
    {
        if (!written.IsOk)
        {
            return context.Fail(written.Error);
        }

        if (context.Json)
        {
            context.WriteJson("waymark.link-index/1", output, files.Warnings);
        }
        else
        {
            context.Remark($"{output.Added} records added, {output.Records} in the index, {output.Links} links.", $"新增 {output.Added} 条，索引共 {output.Records} 条，链接 {output.Links} 个。");
            LinkReport.Candidates(context, output.CandidatesOnly);
            LinkReport.Files(context, files, LinkReport.FilesOf(files, index.Columns, []));
        }

        return files.All.Any(file => file.AsideCount > 0) ? ExitCode.Faults : ExitCode.Done;
    }
}
