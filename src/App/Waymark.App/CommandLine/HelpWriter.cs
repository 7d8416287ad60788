using System.CommandLine;
using System.CommandLine.Invocation;
using Waymark.App.Output;

namespace Waymark.App.CommandLine;

/// <summary>Help in both languages, with the same order and columns every time.</summary>
public static class HelpWriter
{
    public static void WriteShort(TextWriter writer, Language language)
    {
        writer.WriteLine(language.Say(
            "waymark: evidence, cooperation and data rules for migration governance.",
            "waymark：面向移民治理的证据、合作与数据规则平台。"));
        writer.WriteLine();
        writer.WriteLine(language.Say("Examples:", "示例："));
        writer.WriteLine("  waymark serve");
        writer.WriteLine("  waymark query unhcr/population --where \"area=DEU|FRA; origin=SYR\" --from 2010 --to 2020");
        writer.WriteLine();
        writer.WriteLine(language.Say("All verbs: waymark --help", "全部命令：waymark --help"));
    }

    public static void Write(TextWriter writer, Command command, Language language)
    {
        writer.WriteLine(command.Description);
        writer.WriteLine();
        writer.WriteLine(language.Say("Usage:", "用法："));
        writer.WriteLine($"  {Usage(command, language)}");
        Section(writer, language.Say("Verbs:", "命令："), command.Subcommands.Where(sub => !sub.Hidden).Select(sub => (sub.Name, sub.Description)));
        Section(writer, language.Say("Arguments:", "参数："), command.Arguments.Select(argument => (argument.Name, argument.Description)));
        Section(writer, language.Say("Options:", "选项："), Own(command).Select(Row));
        if (command is not RootCommand)
        {
            var root = Ancestors(command).OfType<RootCommand>().FirstOrDefault();
            Section(writer, language.Say("Everywhere:", "通用选项："), root is null ? [] : root.Options.Where(option => option.Recursive).Select(Row));
        }
        else
        {
            writer.WriteLine();
            writer.WriteLine(language.Say(
                "Exit codes: 0 done, 1 bug, 2 usage, 3 done in part or faults found, 4 not found, 5 refused, 6 conflict,\n7 other side unreachable, 130/143 stopped.",
                "退出码：0 完成，1 程序缺陷，2 用法有误，3 部分完成或发现问题，4 未找到，5 被拒绝，6 冲突，\n7 对方不可达，130/143 已停止。"));
        }
    }

    private static IEnumerable<Option> Own(Command command) => command.Options.Where(option => !option.Hidden);

    private static (string, string?) Row(Option option)
    {
        var names = string.Join(", ", option.Aliases.Where(alias => alias is ['-', >= 'a' and <= 'z']).Append(option.Name).Distinct());
        return (option.HelpName is null || option.ValueType == typeof(bool) ? names : $"{names} {option.HelpName}", option.Description);
    }

    private static string Usage(Command command, Language language)
    {
        var parts = new List<string> { WaymarkCommandLine.Path(command) };
        if (command.Subcommands.Count > 0)
        {
            parts.Add(language.Say("VERB", "命令"));
        }

        parts.AddRange(command.Arguments.Select(argument =>
            argument.Arity.MinimumNumberOfValues == 0 ? $"[{argument.Name}]"
            : argument.Arity.MaximumNumberOfValues > 1 ? $"{argument.Name}…" : argument.Name));
        parts.AddRange(Own(command).Where(option => option.Required).Select(option => $"{option.Name} {option.HelpName}".TrimEnd()));
        parts.Add(language.Say("[options]", "[选项]"));
        return string.Join(' ', parts);
    }

    private static IEnumerable<Command> Ancestors(Command command)
    {
        for (var at = command.Parents.OfType<Command>().FirstOrDefault(); at is not null; at = at.Parents.OfType<Command>().FirstOrDefault())
        {
            yield return at;
        }
    }

    private static void Section(TextWriter writer, string title, IEnumerable<(string Name, string? Text)> rows)
    {
        var all = rows.ToList();
        if (all.Count == 0)
        {
            return;
        }

        writer.WriteLine();
        writer.WriteLine(title);
        var width = Math.Min(34, all.Max(row => CellWidth.Of(row.Name)));
        foreach (var (name, text) in all)
        {
            writer.WriteLine($"  {CellWidth.PadRight(name, width)}  {text}".TrimEnd());
        }
    }
}

internal sealed class HelpAction(Language language) : SynchronousCommandLineAction
{
    public override bool Terminating => true;

    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        HelpWriter.Write(parseResult.InvocationConfiguration.Output, parseResult.CommandResult.Command, language);
        return ExitCode.Done;
    }
}

internal sealed class VersionAction : SynchronousCommandLineAction
{
    public override bool Terminating => true;

    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        parseResult.InvocationConfiguration.Output.WriteLine($"waymark {WaymarkCommandLine.Version}");
        return ExitCode.Done;
    }
}
