using System.CommandLine;
using Waymark.App.Output;
using Waymark.Model;
using Waymark.Rules;
using Waymark.Rules.Analysis;

namespace Waymark.App.CommandLine.Commands;

/// <summary><c>waymark rules diff|coverage|matrix</c>: what can be said about packs without a request.</summary>
public static class RulesAnalysisCommands
{
    /// <summary>Fits a terminal beside something else.</summary>
    private const int Columns = 100;

    private const string NoRule = "–";

    public static Command Diff(CommandMaker make)
    {
        var before = make.Argument<string>("OLD", "folder of the old packs", "旧包文件夹");
        var after = make.Argument<string?>("NEW", "folder of the new packs; left out: OLD is laid over the built-in packs and compared with them", "新包文件夹；省略则将 OLD 叠加于内置包并与之比较");
        after.Arity = ArgumentArity.ZeroOrOne;
        return make.Does(make.Verb("diff", "decisions that change between two versions: exit 5 when a deny could become a permit", "两个版本间改变的裁决：若有不准变为准予则退出码为 5", before, after), (context, cancellationToken) =>
        {
            var (old, @new) = context.Get(after) is { } newer ? (context.Get(before), newer) : (null, context.Get(before));
            var compared = Compare(context, old, @new!, cancellationToken);
            if (!compared.IsOk)
            {
                return Task.FromResult(context.Fail(compared.Error));
            }

            var diffs = compared.Value.Where(pair => pair.Diff.Verdict != DiffVerdict.Same).ToList();
            if (context.Json)
            {
                context.WriteJson("waymark.rules-diff/1", new RulesDiffOutput([.. diffs.Select(pair => new RulesDiffLine(pair.Pack, pair.Diff.Verdict, pair.Diff.IsProved, pair.Diff.Added,
                    pair.Diff.Removed, pair.Diff.Changed, [.. pair.Diff.Loosened.Select(change => change.ToString())], [.. pair.Diff.Tightened.Select(change => change.ToString())]))]));
            }
            else
            {
                foreach (var (pack, diff) in diffs)
                {
                    Write(context, pack, diff);
                }

                context.Remark($"{diffs.Count} packs differ.", $"{diffs.Count} 个包有差异。");
            }

            return Task.FromResult(diffs.TrueForAll(pair => pair.Diff.MayReplace) ? ExitCode.Done : ExitCode.Refused);
        });
    }

    private static Result<IReadOnlyList<(string Pack, PackDiff Diff)>> Compare(CommandContext context, string? before, string after, CancellationToken cancellationToken)
    {
        var old = RuleSources.Roots(context, before).Then(roots => RuleSources.Documents(roots, cancellationToken));
        var @new = RuleSources.Roots(context, after).Then(roots => RuleSources.Documents(roots, cancellationToken));
        if (!old.IsOk || !@new.IsOk)
        {
            return old.Error ?? @new.Error!;
        }

        // Both are read with the newer vocabulary: requests of today are what both are asked about.
        var vocabulary = @new.Value.Documents.Vocabulary!;
        var (words, faults) = Vocabulary.Read(vocabulary);
        if (words is null)
        {
            return faults[0];
        }

        var diffs = new List<(string, PackDiff)>();
        foreach (var id in old.Value.Documents.Packs.Concat(@new.Value.Documents.Packs).Select(pack => pack.Id).Distinct().Order(StringComparer.Ordinal))
        {
            var (left, right) = (old.Value.Documents.Packs.FirstOrDefault(pack => pack.Id == id), @new.Value.Documents.Packs.FirstOrDefault(pack => pack.Id == id));
            if (left?.Hash == right?.Hash)
            {
                continue;
            }

            var (first, firstFaults) = left is null ? (null, []) : RulePack.Read(left, words);
            var (second, secondFaults) = right is null ? (null, []) : RulePack.Read(right, words);
            if (firstFaults.Concat(secondFaults).FirstOrDefault() is { } fault)
            {
                return fault;
            }

            diffs.Add((id, PackDiff.Compare(words, first, second, cancellationToken)));
        }

        return diffs;
    }

    private static void Write(CommandContext context, string pack, PackDiff diff)
    {
        var verdict = diff.Verdict switch
        {
            DiffVerdict.Tightens => context.Say("tightens", "收紧"),
            DiffVerdict.Loosens => context.Say("loosens: needs the pack authority's signature, two persons and a notice", "放宽：须包主管机构签名、两人同意与公告"),
            _ => context.Say("could not be shown to tighten; treated as loosening", "未能证明为收紧，按放宽处理"),
        };
        context.Terminal.Output.WriteLine($"{pack}: {verdict}{(diff.IsProved ? "" : context.Say(" (not proved)", "（未证明）"))}");
        foreach (var (sign, ids) in new[] { ("+", diff.Added), ("-", diff.Removed), ("~", diff.Changed) }.Where(pair => pair.Item2.Count > 0))
        {
            context.Terminal.Output.WriteLine($"  {sign} {string.Join(", ", ids)}");
        }

        // What all cases share is said once; of each then only what makes it another one.
        var changes = diff.Loosened.Concat(diff.Tightened).ToList();
        var shared = changes.Count < 2 ? [] : changes.Select(change => change.Facts.All).Aggregate((one, other) => one.Intersect(other)).ToList();
        if (shared.Count > 0)
        {
            context.Terminal.Output.WriteLine(context.Say("  In all of these cases:", "  以下各例均为："));
            WriteFacts(context, shared);
        }

        foreach (var change in changes)
        {
            context.Terminal.Output.WriteLine($"  {Outcome(context, change.Before)} → {Outcome(context, change.After)}");
            WriteFacts(context, change.Facts.All.Except(shared));
        }
    }

    private static string Outcome(CommandContext context, string word) =>
        context.Say(word, word switch { "permits" => "准予", "does not object" => "不反对", _ => "不准" });

    /// <summary>One fact a line; a long list goes on in the next.</summary>
    private static void WriteFacts(CommandContext context, IEnumerable<(Fact Fact, Value Value)> facts)
    {
        foreach (var (fact, value) in facts)
        {
            var line = $"    {fact} =";
            foreach (var word in value.ToText(fact).Split(' '))
            {
                if (line.Length + word.Length >= Columns)
                {
                    context.Terminal.Output.WriteLine(line);
                    line = "       ";
                }

                line += " " + word;
            }

            context.Terminal.Output.WriteLine(line);
        }
    }

    public static Command Coverage(CommandMaker make)
    {
        var folder = RulesCommand.Folder(make);
        return make.Does(make.Verb("coverage", "which rules the packs' tests bring to bear", "各规则被测试覆盖的情况", folder), (context, cancellationToken) =>
            Task.FromResult(RulesCommand.WithLibrary(context, context.Get(folder), library =>
            {
                var rules = Waymark.Rules.Analysis.Coverage.Of(ScenarioRunner.Run(library), library.Packs);
                if (context.Json)
                {
                    context.WriteJson("waymark.rules-coverage/1", new RulesCoverageOutput([.. rules.Select(rule => new RuleCoverageLine(rule.Pack.Id, rule.Rule.Id, rule.InEffect, rule.InScope))]));
                    return ExitCode.Done;
                }

                foreach (var group in rules.GroupBy(rule => rule.Pack))
                {
                    var bare = group.Where(rule => !rule.IsCovered).Select(rule => rule.Rule.Id).ToList();
                    context.Terminal.Output.WriteLine($"{group.Key.Id}: {group.Count() - bare.Count}/{group.Count()}{(bare.Count == 0 ? "" : context.Say($"; never in effect: {string.Join(", ", bare)}", $"；从未生效：{string.Join("、", bare)}"))}");
                }

                context.Remark($"{rules.Count(rule => rule.IsCovered)} of {rules.Count} rules.", $"{rules.Count} 条规则中覆盖 {rules.Count(rule => rule.IsCovered)} 条。");
                return ExitCode.Done;
            }, cancellationToken)));
    }

    public static Command Matrix(CommandMaker make)
    {
        var folder = RulesCommand.Folder(make);
        var by = make.Option<string>("--by", "topic|seed", "rows: topics, or statements of the sources", "行：主题，或来源陈述");
        by.DefaultValueFactory = _ => "topic";
        by.AcceptOnlyFromAmong("topic", "seed");
        return make.Does(make.Verb("matrix", "instruments against topics, as a Markdown table", "法律文书与主题对照表（Markdown）", folder, by), (context, cancellationToken) =>
            Task.FromResult(RulesCommand.WithLibrary(context, context.Get(folder), library =>
            {
                var rows = context.Get(by) == "seed" ? RuleMatrix.BySeed(library.Packs) : RuleMatrix.ByTopic(library.Packs);
                var columns = library.Packs.Select(pack => pack.InstrumentId).Distinct().ToList();
                if (context.Json)
                {
                    context.WriteJson("waymark.rules-matrix/1", new RulesMatrixOutput(columns, [.. rows.Select(row => new RulesMatrixLine(row.Key,
                        row.Cells.ToDictionary(cell => cell.Key, cell => (IReadOnlyList<string>)[.. cell.Value.Select(rule => rule.Id)])))]));
                    return ExitCode.Done;
                }

                context.Terminal.Output.WriteLine($"| {context.Say(context.Get(by)!, context.Get(by) == "seed" ? "来源" : "主题")} | {string.Join(" | ", columns)} |");
                context.Terminal.Output.WriteLine($"|---|{string.Concat(columns.Select(_ => "---|"))}");
                foreach (var row in rows)
                {
                    context.Terminal.Output.WriteLine($"| {row.Key} | {string.Join(" | ", columns.Select(column => row.Cells.TryGetValue(column, out var rules) ? string.Join(" ", rules.Select(Cell)) : NoRule))} |");
                }

                context.Remark("* = citation not verified by a person.", "* = 引文尚未经人核实。");
                return ExitCode.Done;
            }, cancellationToken)));
    }

    private static string Cell(Rule rule) => rule.Cites.Any(cite => !cite.IsVerified) ? rule.Id + "*" : rule.Id;
}

public sealed record RulesDiffLine(
    string Pack, DiffVerdict Verdict, bool Proved, IReadOnlyList<string> Added, IReadOnlyList<string> Removed, IReadOnlyList<string> Changed, IReadOnlyList<string> Loosened, IReadOnlyList<string> Tightened);

public sealed record RulesDiffOutput(IReadOnlyList<RulesDiffLine> Packs);

public sealed record RuleCoverageLine(string Pack, string Rule, int InEffect, int InScope);

public sealed record RulesCoverageOutput(IReadOnlyList<RuleCoverageLine> Rules);

public sealed record RulesMatrixLine(string Key, IReadOnlyDictionary<string, IReadOnlyList<string>> Cells);

public sealed record RulesMatrixOutput(IReadOnlyList<string> Instruments, IReadOnlyList<RulesMatrixLine> Rows);
