using System.CommandLine;
using Waymark.App.Output;
using Waymark.Matching;
using Waymark.Model;

namespace Waymark.App.CommandLine.Commands;

/// <summary><c>waymark link A.csv [B.csv]</c>: which records of plain files are one person. Merges nothing; stores nothing.</summary>
public static class LinkCommand
{
    public static Command Make(CommandMaker make)
    {
        var words = new LinkOptions(make);
        var output = make.Option<string?>("--out", "FILE", "links as CSV: left_id, right_id, probability, weight (else stdout)", "链接写入 CSV：left_id、right_id、probability、weight（否则 stdout）", "-o");
        var clusters = make.Option<string?>("--clusters", "FILE", "every record with its cluster", "每条记录及其所属聚类");
        var explain = make.Option<string?>("--explain", "FILE", "why each link has its weight: .jsonl, .txt or .svg", "每个链接的权重由来：.jsonl、.txt 或 .svg");
        var most = make.Option<int?>("--explain-most", "N", "links explained, nearest the threshold first (10000; SVG 20)", "解释的链接数，先取最接近阈值者（10000；SVG 为 20）");
        var against = make.Option<string?>("--against", "INDEX", "link with an index of `link index`, and keep the records in it", "与 `link index` 的索引链接，并将记录存入其中");
        var command = make.Verb("link", "find records of one person in one file or between two", "在一个文件内或两个文件之间查找同一人的记录",
            [.. words.Reading, .. words.Comparing, output, clusters, explain, most, against,
                LinkVerbs.Profile(make), LinkVerbs.Train(make), LinkEvaluateCommand.Make(make),
                LinkPrivateVerbs.Encode(make), LinkPrivateVerbs.Match(make), LinkTokenVerbs.Make(make), LinkAttackCommand.Make(make), LinkReviewCommand.Make(make), LinkIndexCommand.Make(make), LinkWorkerCommand.Make(make)]);
        return make.Does(command, (context, cancellationToken) => RunAsync(
            context, words, new(context.Get(output), context.Get(clusters), context.Get(explain), context.Get(most)), context.Get(against), cancellationToken));
    }

    private static async Task<int> RunAsync(CommandContext context, LinkOptions words, LinkTargets targets, string? against, CancellationToken cancellationToken)
    {
        var request = words.Request(context);
        if (!request.IsOk)
        {
            return context.Fail(request.Error);
        }

        if (context.Json && targets.Links is null or "-")
        {
            return context.Fail(Error.Invalid("link.json-out", "--json needs --out FILE for the links.", "使用 --json 时须用 --out FILE 存放链接。"));
        }

        if (targets.Explain is { } wished && ExplanationWriter.Check(wished, targets.ExplainMost) is { } unfit)
        {
            return context.Fail(unfit);
        }

        if (against is not null)
        {
            return await LinkIndexCommand.AgainstAsync(context, request.Value, against, targets, cancellationToken);
        }

        var line = words.Progress(context);
        var run = LinkFiles.Run(request.Value, new LinkProgress(context, line), cancellationToken);
        line.End();
        if (!run.IsOk)
        {
            return context.Fail(run.Error);
        }

        var links = 0;
        var written = await ResultFile.WriteAsync(context, targets.Links, stream => Task.FromResult(Counted(LinkWriters.Links(stream, run.Value))), cancellationToken);
        if (written.IsOk && targets.Clusters is not null)
        {
            written = await ResultFile.WriteAsync(context, targets.Clusters, stream => Task.FromResult(Done(() => LinkWriters.Clusters(stream, run.Value))), cancellationToken);
        }

        var explained = 0;
        if (written.IsOk && targets.Explain is { } file)
        {
            written = await ResultFile.WriteAsync(context, file, stream => Task.FromResult(ExplanationWriter.Write(stream, file, run.Value, targets.ExplainMost, context.Language.Tag)
                .Select(count => (explained = count) >= 0)), cancellationToken);
        }

        if (!written.IsOk)
        {
            return context.Fail(written.Error);
        }

        LinkReport.Write(context, run.Value, links, explained, targets);
        return run.Value.Files.All.Any(f => f.AsideCount > 0) ? ExitCode.Faults : ExitCode.Done;

        Result<bool> Counted(int count)
        {
            links = count;
            return true;
        }

        static Result<bool> Done(Action work)
        {
            work();
            return true;
        }
    }
}

/// <summary>Where the results go.</summary>
internal sealed record LinkTargets(string? Links, string? Clusters, string? Explain, int? ExplainMost);
