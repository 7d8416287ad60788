using System.CommandLine;
using Waymark.App.Output;
using Waymark.Model;
using Waymark.Rules;

namespace Waymark.App.CommandLine.Commands;

/// <summary><c>waymark rules …</c>: check, test, decide and compare the packs of data rules.</summary>
public static class RulesCommand
{
    public static Command Make(CommandMaker make) => make.Verb("rules", "packs of data rules", "数据规则包", Check(make));

    internal static Argument<string?> Folder(CommandMaker make)
    {
        var folder = make.Argument<string?>("DIR", "use this folder over the built-in packs", "在内置包之上使用此文件夹");
        folder.Arity = ArgumentArity.ZeroOrOne;
        return folder;
    }

    private static Command Check(CommandMaker make)
    {
        var folder = Folder(make);
        return make.Does(make.Verb("check", "check vocabulary and rule packs", "检查词汇表与规则包", folder), (context, cancellationToken) =>
        {
            var opened = RuleSources.Open(context, context.Get(folder), cancellationToken);
            if (!opened.IsOk)
            {
                return Task.FromResult(context.Fail(opened.Error));
            }

            var (library, errors) = opened.Value;
            if (context.Json)
            {
                context.WriteJson("waymark.rules-check/1", new RulesCheckOutput([.. library.Packs.Select(Line)], errors));
            }
            else
            {
                foreach (var error in errors)
                {
                    context.Terminal.Output.WriteLine(error.In(context.Language.Tag));
                }

                foreach (var pack in library.Packs.Where(_ => context.Verbose))
                {
                    context.Terminal.Output.WriteLine($"{pack.Id}  {pack.Version}  {pack.Rules.Count}  {pack.Hash}");
                }

                var rules = library.Packs.Sum(pack => pack.Rules.Count);
                context.Remark($"{library.Packs.Count} packs, {rules} rules, {errors.Count} faults.", $"共 {library.Packs.Count} 个包，{rules} 条规则，{errors.Count} 个问题。");
            }

            return Task.FromResult(errors.Count == 0 ? ExitCode.Done : ExitCode.Faults);
        });
    }

    private static RulePackLine Line(RulePack pack) => new(pack.Id, pack.Version, pack.Hash, pack.Title, pack.Rules.Count, pack.Scenarios.Count);
}

public sealed record RulePackLine(string Id, string Version, string Hash, LocalText Title, int Rules, int Tests);

public sealed record RulesCheckOutput(IReadOnlyList<RulePackLine> Packs, IReadOnlyList<Error> Faults);
