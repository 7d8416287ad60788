using System.CommandLine;
using Waymark.App.Output;
using Waymark.Evidence.Contracts;

namespace Waymark.App.CommandLine.Commands;

/// <summary><c>waymark check [SERIES]</c>: runs the quality checks; exit 3 when an error without a waiver was found.</summary>
public static class CheckCommand
{
    public static Command Make(CommandMaker make)
    {
        var series = make.Argument<string?>("SERIES", "one series; all when left out", "某一序列；省略则检查全部");
        series.Arity = ArgumentArity.ZeroOrOne;
        return make.Does(make.Verb("check", "run the quality checks", "运行质量检查", series), (context, cancellationToken) =>
            context.WithPlatform(
                async platform =>
                {
                    var findings = await platform.Evidence.CheckAsync(context.Get(series), cancellationToken);
                    if (!findings.IsOk)
                    {
                        return context.Fail(findings.Error);
                    }

                    if (context.Json)
                    {
                        context.WriteJson("waymark.check/1", new CheckOutput(findings.Value));
                    }
                    else
                    {
                        Write(context, findings.Value);
                    }

                    var today = DateOnly.FromDateTime(context.Terminal.Time.GetUtcNow().UtcDateTime);
                    return findings.Value.Any(finding => finding.Severity == CheckSeverity.Error && !(finding.Waiver?.Until >= today))
                        ? ExitCode.Faults : ExitCode.Done;
                },
                cancellationToken));
    }

    private static void Write(CommandContext context, IReadOnlyList<CheckFinding> findings)
    {
        foreach (var finding in findings)
        {
            var severity = finding.Severity switch
            {
                CheckSeverity.Error => context.Say("error", "错误"),
                CheckSeverity.Warning => context.Say("warning", "警告"),
                _ => context.Say("information", "提示"),
            };
            var key = string.Join(" ", finding.Key.Select(pair => $"{pair.Key}={pair.Value}"));
            context.Terminal.Output.WriteLine(
                $"{severity}  {finding.Check}  {finding.Series} {key} {finding.Period}: {CellWidth.Printable(context.Language.Say(finding.Evidence))}"
                + (finding.Case is null ? "" : $" ({finding.Case})")
                + (finding.Waiver is null ? "" : context.Say($" [waived until {finding.Waiver.Until:yyyy-MM-dd}]", $" [豁免至 {finding.Waiver.Until:yyyy-MM-dd}]")));
        }

        context.Remark($"{findings.Count} findings.", $"共 {findings.Count} 项发现。");
    }
}
