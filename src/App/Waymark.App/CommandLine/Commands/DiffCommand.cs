using System.CommandLine;
using System.Globalization;
using Waymark.App.Output;
using Waymark.Model;

namespace Waymark.App.CommandLine.Commands;

/// <summary><c>waymark diff --from T1 --to T2</c>: what changed in the evidence base between two moments.</summary>
public static class DiffCommand
{
    public static Command Make(CommandMaker make)
    {
        var series = make.Argument<string?>("SERIES", "one series; all when left out", "某一序列；省略则比较全部");
        series.Arity = ArgumentArity.ZeroOrOne;
        var from = make.Option<string>("--from", "TIME", "the earlier moment", "较早时刻");
        from.Required = true;
        var to = make.Option<string?>("--to", "TIME", "the later moment (now when left out)", "较晚时刻（省略为现在）");
        var changes = make.Option<int>("--changes", "N", "changes to list per series (20)", "每个序列列出的变化数（20）");
        changes.DefaultValueFactory = _ => 20;
        return make.Does(make.Verb("diff", "what changed between two moments", "两个时刻之间的变化", series, from, to, changes), async (context, cancellationToken) =>
        {
            var earlier = Moment.Parse(context.Get(from)!, "--from");
            var later = context.Get(to) is { } text ? Moment.Parse(text, "--to") : context.Terminal.Time.GetUtcNow();
            if (!earlier.IsOk || !later.IsOk)
            {
                return context.Fail(earlier.Error ?? later.Error!);
            }

            if (later.Value < earlier.Value)
            {
                return context.Fail(Error.Invalid("diff.reversed", "--from is later than --to.", "--from 晚于 --to。", "--from"));
            }

            return await context.WithPlatform(
                async platform =>
                {
                    var diffs = await platform.Evidence.DiffAsync(
                        context.Get(series), earlier.Value, later.Value, Math.Clamp(context.Get(changes), 0, 10_000), cancellationToken);
                    if (!diffs.IsOk)
                    {
                        return context.Fail(diffs.Error);
                    }

                    if (context.Json)
                    {
                        context.WriteJson("waymark.diff/1", new DiffOutput(earlier.Value, later.Value, diffs.Value));
                        return ExitCode.Done;
                    }

                    foreach (var diff in diffs.Value)
                    {
                        context.Terminal.Output.WriteLine(context.Say(
                            $"{diff.Series}: {diff.Added} added, {diff.Revised} revised, {diff.Withdrawn} withdrawn, {diff.Unchanged} unchanged; mean revision {Number(diff.MeanRevision)}, mean absolute {Number(diff.MeanAbsoluteRevision)}",
                            $"{diff.Series}：新增 {diff.Added}，修订 {diff.Revised}，撤回 {diff.Withdrawn}，未变 {diff.Unchanged}；平均修订 {Number(diff.MeanRevision)}，平均绝对修订 {Number(diff.MeanAbsoluteRevision)}"));
                        foreach (var change in diff.Changes)
                        {
                            context.Terminal.Output.WriteLine(
                                $"  {string.Join(" ", change.Key.Select(pair => $"{pair.Key}={pair.Value}"))} {change.Period}: {change.Before ?? "–"} ({change.BeforeRelease ?? "–"}) → {change.After ?? "–"} ({change.AfterRelease ?? "–"})");
                        }
                    }

                    return ExitCode.Done;
                },
                cancellationToken);
        });
    }

    private static string Number(decimal? number) => number?.ToString("0.######", CultureInfo.InvariantCulture) ?? "–";
}
