using System.CommandLine;
using System.Text.Json;
using Waymark.App.Output;
using Waymark.Model;
using Waymark.Rules;
using Waymark.Rules.Analysis;

namespace Waymark.App.CommandLine.Commands;

/// <summary><c>waymark rules …</c>: check, test and ask the packs of data rules.</summary>
public static class RulesCommand
{
    private static readonly string[] s_gapFacts = ["action", "subject.category", "recipient.type"];

    public static Command Make(CommandMaker make) => make.Verb("rules", "packs of data rules", "数据规则包",
        Check(make), Test(make), Decide(make), Explain(make), RulesAnalysisCommands.Diff(make), RulesAnalysisCommands.Coverage(make), RulesAnalysisCommands.Matrix(make),
        RulesAdoptionCommands.Adopt(make), RulesAdoptionCommands.List(make), RulesAdoptionCommands.Sign(make));

    internal static Argument<string?> Folder(CommandMaker make)
    {
        var folder = make.Argument<string?>("DIR", "use this folder over the built-in packs", "在内置包之上使用此文件夹");
        folder.Arity = ArgumentArity.ZeroOrOne;
        return folder;
    }

    internal static Option<string?> PacksOption(CommandMaker make) => make.Option<string?>("--packs", "DIR", "use this folder over the built-in packs", "在内置包之上使用此文件夹");

    /// <summary>Opens the packs and goes on only when they are sound; their faults are printed otherwise.</summary>
    internal static int WithLibrary(CommandContext context, string? folder, Func<RuleLibrary, int> work, CancellationToken cancellationToken)
    {
        var opened = RuleSources.Open(context, folder, cancellationToken);
        if (!opened.IsOk)
        {
            return context.Fail(opened.Error);
        }

        foreach (var error in opened.Value.Errors.Skip(1))
        {
            context.Terminal.Error.WriteLine(error.In(context.Language.Tag));
        }

        return opened.Value.Errors.Count > 0 ? context.Fail(opened.Value.Errors[0]) : work(opened.Value.Library);
    }

    private static Command Check(CommandMaker make)
    {
        var folder = Folder(make);
        var deep = make.Flag("--deep", "also look for rules that can never matter, and for gaps", "同时查找永不生效的规则与空白");
        return make.Does(make.Verb("check", "check vocabulary and rule packs", "检查词汇表与规则包", folder, deep), (context, cancellationToken) =>
        {
            var opened = RuleSources.Open(context, context.Get(folder), cancellationToken);
            if (!opened.IsOk)
            {
                return Task.FromResult(context.Fail(opened.Error));
            }

            var (library, errors) = opened.Value;
            var dead = context.Get(deep) && library.Vocabulary is { } words ? library.Packs.SelectMany(pack => PackAnalysis.DeadRules(words, pack, cancellationToken)).ToList() : [];
            var gaps = context.Get(deep) && library.Vocabulary is { } vocabulary ? Gaps(vocabulary, library) : [];
            if (context.Json)
            {
                context.WriteJson("waymark.rules-check/1", new RulesCheckOutput([.. library.Packs.Select(Line)], errors,
                    [.. dead.Select(rule => new DeadRuleLine(rule.Rule.Id, rule.Reason, rule.IsProved))], gaps));
            }
            else
            {
                Write(context, library, errors, dead, gaps);
            }

            return Task.FromResult(errors.Count == 0 ? ExitCode.Done : ExitCode.Faults);
        });
    }

    private static void Write(CommandContext context, RuleLibrary library, IReadOnlyList<Error> errors, List<DeadRule> dead, IReadOnlyList<string> gaps)
    {
        var output = context.Terminal.Output;
        foreach (var error in errors)
        {
            output.WriteLine(error.In(context.Language.Tag));
        }

        foreach (var pack in library.Packs.Where(_ => context.Verbose))
        {
            output.WriteLine($"{pack.Id}  {pack.Version}  {pack.Rules.Count}  {pack.Hash}");
        }

        foreach (var rule in dead)
        {
            var reason = rule.Reason == "never-true" ? context.Say("its condition can never hold", "其条件永不成立") : context.Say("whatever it permits, the pack forbids", "凡其所许可，本包皆禁止");
            output.WriteLine($"{rule.Rule.Where}: {rule.Rule.Id}: {reason}{(rule.IsProved ? "" : context.Say(" (sampled)", "（抽样）"))}");
        }

        foreach (var gap in gaps)
        {
            output.WriteLine(context.Say($"nothing permits: {gap}", $"无任何许可：{gap}"));
        }

        var rules = library.Packs.Sum(pack => pack.Rules.Count);
        context.Remark($"{library.Packs.Count} packs, {rules} rules, {errors.Count} faults.", $"共 {library.Packs.Count} 个包，{rules} 条规则，{errors.Count} 个问题。");
    }

    /// <summary>Combinations of action, category and recipient, those that share action and category on one line.</summary>
    private static List<string> Gaps(Vocabulary vocabulary, RuleLibrary library)
    {
        var facts = s_gapFacts.Select(vocabulary.Find).OfType<Fact>().Where(fact => fact.IsScope).ToList();
        return facts.Count < 3 ? [] : [.. PackAnalysis.Gaps(library.Packs, facts).GroupBy(gap => (gap.Codes[0].Id, gap.Codes[1].Id))
            .Select(group => $"{group.Key.Item1} × {group.Key.Item2} × {string.Join(", ", group.Select(gap => gap.Codes[2].Id + (gap.HasRules ? "" : "*")))}")];
    }

    private static RulePackLine Line(RulePack pack) => new(pack.Id, pack.Version, pack.Hash, pack.Title, pack.Rules.Count, pack.Scenarios.Count);

    private static Command Test(CommandMaker make)
    {
        var folder = Folder(make);
        return make.Does(make.Verb("test", "run the tests that packs carry", "运行规则包自带的测试", folder), (context, cancellationToken) =>
            Task.FromResult(WithLibrary(context, context.Get(folder), library =>
            {
                var results = ScenarioRunner.Run(library);
                var failed = results.Where(result => !result.IsOk).ToList();
                if (context.Json)
                {
                    context.WriteJson("waymark.rules-test/1", new RulesTestOutput([.. results.Select(result => new RulesTestLine(result.Pack.Id, result.Scenario.Id, result.IsOk, result.Faults))]));
                }
                else
                {
                    foreach (var result in failed)
                    {
                        context.Terminal.Output.WriteLine($"{result.Scenario.Where}: {result.Scenario.Id} {context.Language.Say(result.Scenario.Text)}");
                        foreach (var fault in result.Faults)
                        {
                            context.Terminal.Output.WriteLine($"  {context.Language.Say(fault)}");
                        }
                    }

                    context.Remark($"{results.Count} tests, {failed.Count} failed.", $"共 {results.Count} 项测试，{failed.Count} 项未通过。");
                }

                return failed.Count == 0 ? ExitCode.Done : ExitCode.Faults;
            }, cancellationToken)));
    }

    private static Command Decide(CommandMaker make)
    {
        var (file, packs, only) = Asked(make);
        return make.Does(make.Verb("decide", "decide a request: exit 0 permitted, 5 denied", "裁决请求：退出码 0 准予，5 不准", file, packs, only), (context, cancellationToken) =>
            Task.FromResult(Ask(context, context.Get(file)!, context.Get(packs), context.Get(only), explanation =>
            {
                if (context.Json)
                {
                    Json(context, explanation);
                }
                else
                {
                    context.Terminal.Output.WriteLine(ExplanationText.Lines(explanation, context.Language.Tag)[0]);
                }

                return explanation.Decision.IsPermit ? ExitCode.Done : ExitCode.Refused;
            }, cancellationToken)));
    }

    private static Command Explain(CommandMaker make)
    {
        var (file, packs, only) = Asked(make);
        file.Description = make.Say("a request (JSON), or the id of a rule", "请求（JSON），或规则标识");
        return make.Does(make.Verb("explain", "decide a request and say why, or show a rule", "裁决请求并说明理由，或显示一条规则", file, packs, only), (context, cancellationToken) =>
        {
            var asked = context.Get(file)!;
            return Task.FromResult(!File.Exists(context.Terminal.FullPath(asked)) && !asked.Contains('.', StringComparison.Ordinal)
                ? WithLibrary(context, context.Get(packs), library => ShowRule(context, library, asked), cancellationToken)
                : Ask(context, asked, context.Get(packs), context.Get(only), explanation =>
                {
                    if (context.Json)
                    {
                        Json(context, explanation);
                    }
                    else
                    {
                        foreach (var line in ExplanationText.Lines(explanation, context.Language.Tag))
                        {
                            context.Terminal.Output.WriteLine(line);
                        }
                    }

                    return ExitCode.Done;
                }, cancellationToken));
        });
    }

    private static (Argument<string> File, Option<string?> Packs, Option<string[]> Only) Asked(CommandMaker make)
    {
        var only = make.Option<string[]>("--pack", "ID", "only these packs, and the floor (may be repeated)", "只用这些包与底线包（可重复）");
        only.AllowMultipleArgumentsPerToken = false;
        return (make.Argument<string>("FILE", "a request: facts, or an AuthZEN evaluation, as JSON", "请求：事实或 AuthZEN 评估请求（JSON）"), PacksOption(make), only);
    }

    private static int Ask(CommandContext context, string file, string? folder, string[]? only, Func<Explanation, int> work, CancellationToken cancellationToken) =>
        WithLibrary(context, folder, library =>
        {
            const int Longest = 1024 * 1024;
            var path = new FileInfo(context.Terminal.FullPath(file));
            if (!path.Exists || path.Length > Longest)
            {
                return context.Fail(Error.NotFound("rules.no-request", "There is no such file, or it is larger than 1 MiB.", "没有此文件，或文件超过 1 MiB。", file));
            }

            var unknown = (only ?? []).FirstOrDefault(id => library.Find(id) is null);
            if (unknown is not null)
            {
                return context.Fail(Error.Invalid("rules.unknown-pack", $"There is no pack \"{unknown}\".", $"没有包“{unknown}”。", "--pack"));
            }

            var chosen = library.Packs.Where(pack => pack.IsFloor || only is null or [] || only.Contains(pack.Id)).ToList();
            var set = RulePackSet.Compile(library.Vocabulary!, chosen);
            var request = AuthZen.Read(library.Vocabulary!, File.ReadAllBytes(path.FullName));
            if (!set.IsOk || !request.IsOk)
            {
                return context.Fail(set.Error ?? request.Error!);
            }

            if (library.Vocabulary!.Time is { } time && request.Value[time] is null)
            {
                request.Value.Set(time, Value.Of(context.Terminal.Time.GetUtcNow()));
            }

            return work(set.Value.Explain(request.Value));
        }, cancellationToken);

    private static void Json(CommandContext context, Explanation explanation)
    {
        using var answer = JsonDocument.Parse(ExplanationJson.Write(explanation));
        using var record = JsonDocument.Parse(DecisionRecord.Of(explanation, context.Terminal.Time.GetUtcNow(), []).ToBytes());
        context.WriteJson("waymark.rules-decide/1", new RulesDecideOutput(answer.RootElement.Clone(), record.RootElement.Clone()));
    }

    private static int ShowRule(CommandContext context, RuleLibrary library, string id)
    {
        if (library.FindRule(id) is not var (pack, rule))
        {
            return context.Fail(Error.NotFound("rules.unknown-rule", "There is no such rule or file.", "没有此规则或文件。", id));
        }

        var output = context.Terminal.Output;
        output.WriteLine($"{rule.Id}  {rule.Kind}  {pack.Id} {pack.Version}  {rule.Where}");
        output.WriteLine(context.Language.Say(rule.Text));
        foreach (var cite in rule.Cites)
        {
            output.WriteLine($"  {context.Language.Say(pack.Instrument)} {cite.Article} ({(cite.IsVerified ? context.Say("verified", "已核实") : context.Say("unverified", "未核实"))}, {cite.Basis})");
        }

        foreach (var (fact, codes) in rule.Scope)
        {
            output.WriteLine($"  {fact.Id}: {string.Join(", ", codes.Order().Select(code => fact.Codes!.Codes[code].Id))}");
        }

        foreach (var (name, text) in new[] { ("when", rule.WhenText), ("require", rule.RequireText), ("suspends", string.Join(", ", rule.Suspends)), ("duty", rule.Duty?.Id ?? "") }.Where(pair => pair.Item2.Length > 0))
        {
            output.WriteLine($"  {name}: {text}");
        }

        return ExitCode.Done;
    }
}

public sealed record RulePackLine(string Id, string Version, string Hash, LocalText Title, int Rules, int Tests);

public sealed record DeadRuleLine(string Rule, string Reason, bool Proved);

public sealed record RulesCheckOutput(IReadOnlyList<RulePackLine> Packs, IReadOnlyList<Error> Faults, IReadOnlyList<DeadRuleLine> Dead, IReadOnlyList<string> Gaps);

public sealed record RulesTestLine(string Pack, string Test, bool Ok, IReadOnlyList<LocalText> Faults);

public sealed record RulesTestOutput(IReadOnlyList<RulesTestLine> Tests);

/// <summary>The answer has the shape of an AuthZEN response; the record is what a ledger would keep.</summary>
public sealed record RulesDecideOutput(JsonElement Answer, JsonElement Record);
