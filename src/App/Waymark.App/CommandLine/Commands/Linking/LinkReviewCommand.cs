using System.CommandLine;
using System.Globalization;
using Waymark.App.Output;
using Waymark.Linkage;
using Waymark.Matching;
using Waymark.Model;

namespace Waymark.App.CommandLine.Commands;

/// <summary>
/// <c>waymark link review A.csv [B.csv] --id COL --answers FILE</c>: shows the pairs whose answers tell most, reasons before the score, keeps every answer at
/// once, and estimates anew. Answers come by line, from a terminal or a pipe.
/// </summary>
internal static class LinkReviewCommand
{
    /// <summary>Answers between two estimates.</summary>
    private const int Round = 10;

    public static Command Make(CommandMaker make)
    {
        var words = new LinkOptions(make);
        var answers = make.Option<string?>("--answers", "FILE", "where answers are kept; a review goes on where it was", "答复保存的文件；可从上次处继续");
        answers.Required = true;
        var output = make.Option<string?>("--out", "FILE", "links with the answers taken into account, as CSV", "计入答复后的链接 CSV", "-o");
        var most = make.Option<int?>("--most", "N", "pairs shown in this sitting (50)", "本次显示的对数（50）");
        var command = make.Verb("review", "look at uncertain pairs, and estimate anew with the answers", "审阅不确定的对，并据答复重新估计", [.. words.Reading, .. words.Comparing, answers, output, most]);
        return make.Does(command, (context, cancellationToken) => RunAsync(context, words, context.Get(answers)!, context.Get(output), context.Get(most) ?? 50, cancellationToken));
    }

    private static async Task<int> RunAsync(CommandContext context, LinkOptions words, string answers, string? output, int most, CancellationToken cancellationToken)
    {
        var request = words.Request(context);
        if (request.Error is { } wrong)
        {
            return context.Fail(wrong);
        }

        if (most is < 0 or > 10_000)
        {
            return context.Fail(Error.Invalid("link.review-most", "Between 0 and 10,000 pairs.", "对数应在 0 至 10000 之间。"));
        }

        var line = words.Progress(context);
        var opened = FileReview.Open(request.Value, context.Terminal.FullPath(answers), new LinkProgress(context, line), cancellationToken);
        line.End();
        if (!opened.IsOk)
        {
            return context.Fail(opened.Error);
        }

        var review = opened.Value;
        if (await AskAsync(context, review, most, cancellationToken) is { } fault)
        {
            return context.Fail(fault);
        }

        var estimated = review.Estimate(cancellationToken);
        if (!estimated.IsOk)
        {
            return context.Fail(estimated.Error);
        }

        if (output is not null)
        {
            var written = await ResultFile.WriteAsync(context, output, stream => Task.FromResult<Result<bool>>(LinkWriters.Links(stream, new(review.Files, review.Outcome)) >= 0), cancellationToken);
            if (!written.IsOk)
            {
                return context.Fail(written.Error);
            }
        }

        Report(context, review);
        return review.Files.All.Any(file => file.AsideCount > 0) ? ExitCode.Faults : ExitCode.Done;
    }

    private static async Task<Error?> AskAsync(CommandContext context, FileReview review, int most, CancellationToken cancellationToken)
    {
        var asked = 0;
        var waiting = new Queue<LinkedPair>();
        while (asked < most)
        {
            if (waiting.Count == 0)
            {
                if (asked > 0 && review.Estimate(cancellationToken).Error is { } unfit)
                {
                    return unfit;
                }

                waiting = new(review.Next(Math.Min(Round, most - asked)));
                if (waiting.Count == 0)
                {
                    break;
                }
            }

            var pair = waiting.Peek();
            Show(context, review, pair);
            var word = await WordAsync(context, cancellationToken);
            if (word is 'q')
            {
                break;
            }

            if (word is 'u')
            {
                var undone = review.Answers.Undo();
                if (!undone.IsOk)
                {
                    return undone.Error;
                }

                context.Terminal.Error.WriteLine(undone.Value is { } back
                    ? context.Say($"Taken back: {back.Left} – {back.Right}.", $"已撤回：{back.Left} – {back.Right}。") : context.Say("There is no answer to take back.", "没有可撤回的答复。"));
                waiting.Clear();
                asked -= undone.Value is null ? 0 : 1;
                asked = Math.Max(0, asked);
                continue;
            }

            if (review.Answer(waiting.Dequeue(), word switch { 'y' => FileAnswer.Same, 'n' => FileAnswer.Different, _ => FileAnswer.Unsure }).Error is { } unwritten)
            {
                return unwritten;
            }

            asked++;
            context.Terminal.Error.WriteLine(context.Say(
                string.Create(CultureInfo.InvariantCulture, $"Kept. The model gave {pair.Probability:0.000} (weight {pair.Weight:0.0})."),
                string.Create(CultureInfo.InvariantCulture, $"已保存。模型给出的概率为 {pair.Probability:0.000}（权重 {pair.Weight:0.0}）。")));
        }

        return null;
    }

    /// <summary>Values side by side and the reasons in words; no number that would give the score away.</summary>
    private static void Show(CommandContext context, FileReview review, LinkedPair pair)
    {
        var writer = context.Terminal.Error;
        writer.WriteLine();
        writer.WriteLine($"{CellWidth.Printable(review.Id(pair.Left))} – {CellWidth.Printable(review.Id(pair.Right))}");
        var table = new TextTable(new(""), new(context.Say("left", "左")), new(context.Say("right", "右")));
        foreach (var row in review.Values(pair))
        {
            table.Add(CellWidth.Printable(row.Column), CellWidth.Printable(row.Left), CellWidth.Printable(row.Right));
        }

        table.Write(writer);
        foreach (var step in review.Outcome.Explain(pair).Steps)
        {
            var way = step.Bits switch { >= 5 => "++", >= 0.5 => "+", > -0.5 => "·", > -5 => "−", _ => "−−" };
            writer.WriteLine($"  {way,2}  {step.Field}: {step.Finding.In(context.Language.Tag)}");
        }
    }

    private static async Task<char> WordAsync(CommandContext context, CancellationToken cancellationToken)
    {
        while (true)
        {
            context.Terminal.Error.Write(context.Say("One person? y / n / ? cannot tell / u take back / q end: ", "是同一人吗？y 是 / n 否 / ? 无法判断 / u 撤回 / q 结束："));
            var line = await context.Terminal.Input.ReadLineAsync(cancellationToken);
            context.Terminal.Error.WriteLine();
            if (line is null)
            {
                return 'q';
            }

            if (line.Trim().ToLowerInvariant() is [var word and ('y' or 'n' or '?' or 'u' or 'q')])
            {
                return word;
            }
        }
    }

    private static void Report(CommandContext context, FileReview review)
    {
        var (before, after) = (Account(review.Before), Account(review.Outcome));
        var output = new LinkReviewOutput(
            review.Answers.Count, Math.Round(review.Before.Threshold, 4), before.Links, Math.Round(before.ExpectedFalse, 2), Math.Round(review.Outcome.Threshold, 4), after.Links, Math.Round(after.ExpectedFalse, 2));
        if (context.Json)
        {
            context.WriteJson("waymark.link-review/1", output, review.Files.Warnings);
            return;
        }

        context.Remark(
            string.Create(CultureInfo.InvariantCulture, $"{output.Answers} answers. Before: threshold {output.ThresholdBefore:0.00}, {output.LinksBefore} links, about {output.ExpectedFalseBefore:0.#} false. With them: threshold {output.Threshold:0.00}, {output.Links} links, about {output.ExpectedFalse:0.#} false."),
            string.Create(CultureInfo.InvariantCulture, $"共 {output.Answers} 个答复。此前：阈值 {output.ThresholdBefore:0.00}，链接 {output.LinksBefore} 个，约 {output.ExpectedFalseBefore:0.#} 个有误。计入后：阈值 {output.Threshold:0.00}，链接 {output.Links} 个，约 {output.ExpectedFalse:0.#} 个有误。"));
    }

    private static (int Links, double ExpectedFalse) Account(LinkageOutcome outcome)
    {
        var links = outcome.Pairs.Where(pair => pair.Probability >= outcome.Threshold).ToList();
        return (links.Count, links.Sum(pair => 1.0 - pair.Probability));
    }
}
