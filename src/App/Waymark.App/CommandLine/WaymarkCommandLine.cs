using System.CommandLine;
using System.CommandLine.Help;
using System.Globalization;
using System.Reflection;
using Waymark.App.CommandLine.Commands;
using Waymark.App.Hosting;
using Waymark.App.Output;
using Waymark.Model;

namespace Waymark.App.CommandLine;

/// <summary>The command line as a function: words, terminal and a way to the platform in; an exit code out.</summary>
public static class WaymarkCommandLine
{
    public static async Task<int> RunAsync(string[] args, Terminal terminal, IPlatformOpener opener, StopSignal stop)
    {
        var language = Language.Choose(AfterLang(args), terminal.Environment);
        var options = new GlobalOptions(language);
        var root = Build(options, terminal, language, opener);
        try
        {
            if (args.Length == 0)
            {
                HelpWriter.WriteShort(terminal.Output, language);
                return ExitCode.Done;
            }

            var words = root.Parse(args);
            if (words.Errors.Count > 0)
            {
                return WrongUsage(words, options, terminal, language);
            }

            return await words.InvokeAsync(
                new InvocationConfiguration
                {
                    EnableDefaultExceptionHandler = false,
                    ProcessTerminationTimeout = null,
                    Output = terminal.Output,
                    Error = terminal.Error,
                },
                stop.Token);
        }
        catch (OperationCanceledException) when (stop.Code != 0)
        {
            terminal.Error.WriteLine(language.Say("Stopped.", "已停止。"));
            return stop.Code;
        }
        catch (Storage.StoreException failure)
        {
            ErrorOutput.Write(terminal.Error, failure.Error, language, args.Contains("--json"));
            return ExitCode.For(failure.Error);
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            return Bug(failure, args, terminal, language);
        }
        finally
        {
            await terminal.Output.FlushAsync(CancellationToken.None);
            await terminal.Error.FlushAsync(CancellationToken.None);
        }
    }

    public static string Version { get; } =
        typeof(WaymarkCommandLine).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0";

    /// <summary>The tree of verbs; also used by the help's golden files.</summary>
    public static RootCommand Build(GlobalOptions options, Terminal terminal, Language language, IPlatformOpener opener)
    {
        var root = new RootCommand(language.Say("Evidence, cooperation and data rules for migration governance.", "面向移民治理的证据、合作与数据规则平台。"));
        foreach (var option in root.Options.Where(option => option is HelpOption or VersionOption))
        {
            option.Action = option is HelpOption ? new HelpAction(language) : new VersionAction();
            option.Description = option is HelpOption ? language.Say("show help", "显示帮助") : language.Say("show the version", "显示版本");
        }

        foreach (var option in options.All)
        {
            root.Options.Add(option);
        }

        var make = new CommandMaker(options, terminal, language, opener);
        root.Subcommands.Add(ServeCommand.Make(make));
        root.Subcommands.Add(SampleCommand.Make(make));
        root.Subcommands.Add(ImportCommand.Make(make));
        root.Subcommands.Add(CatalogueCommands.Sources(make));
        root.Subcommands.Add(CatalogueCommands.Detect(make));
        root.Subcommands.Add(CatalogueCommands.Series(make));
        root.Subcommands.Add(QueryCommand.Make(make));
        root.Subcommands.Add(ExplainCommand.Make(make));
        root.Subcommands.Add(CheckCommand.Make(make));
        root.Subcommands.Add(DiffCommand.Make(make));
        root.Subcommands.Add(LinkCommand.Make(make));
        root.Subcommands.Add(PacksCommand.Make(make));
        root.Subcommands.Add(RulesCommand.Make(make));
        root.Subcommands.Add(RegistersCommand.Make(make));
        root.Subcommands.Add(HtcdsCommand.Make(make));
        root.Subcommands.Add(CountsCommand.Make(make));
        root.Subcommands.Add(ConfigCommand.Make(make));
        root.Subcommands.Add(DoctorCommand.Make(make));
        root.Subcommands.Add(StoreCommands.Backup(make));
        root.Subcommands.Add(StoreCommands.Restore(make));
        root.Subcommands.Add(StoreCommands.Verify(make));
        root.Subcommands.Add(LedgerCommand.Make(make));
        root.Subcommands.Add(UserCommand.Make(make));
        root.Subcommands.Add(KeyCommand.Make(make));
        root.Subcommands.Add(ProtectionCommands.Protect(make));
        root.Subcommands.Add(ProtectionCommands.Log(make));
        root.Subcommands.Add(ProtectionCommands.Hold(make));
        root.Subcommands.Add(ErasureCommand.Make(make));
        root.Subcommands.Add(RetentionCommand.Make(make));
        root.Subcommands.Add(ExportCommand.Make(make));
        root.Subcommands.Add(JobsCommand.Make(make));
        root.Subcommands.Add(OpenApiCommand.Make(make));
        return root;
    }

    private static int WrongUsage(ParseResult words, GlobalOptions options, Terminal terminal, Language language)
    {
        var command = words.CommandResult.Command;
        var stray = words.UnmatchedTokens.Count > 0 ? words.UnmatchedTokens[0] : null;
        Error error;
        if (stray is not null)
        {
            var known = stray.StartsWith('-')
                ? command.Options.Concat(options.All).SelectMany(option => option.Aliases.Append(option.Name))
                : command.Subcommands.Select(sub => sub.Name);
            error = Error.Invalid("usage.unknown-word", $"\"{stray}\" is not known here.", $"此处没有“{stray}”。");
            error = NearWord.For(stray, known) is { } near
                ? error.WithHint($"Did you mean \"{near}\"?", $"是否指“{near}”？")
                : error.WithHint($"Try: {Path(command)} --help", $"请试：{Path(command)} --help");
        }
        else
        {
            var message = words.Errors[0].Message;
            error = Error.Invalid("usage.wrong", message, $"用法有误：{message}")
                .WithHint($"Try: {Path(command)} --help", $"请试：{Path(command)} --help");
        }

        ErrorOutput.Write(terminal.Error, error, language, words.GetResult(options.Json) is { Implicit: false });
        return ExitCode.Usage;
    }

    private static int Bug(Exception failure, string[] args, Terminal terminal, Language language)
    {
        // The reference joins what the person reports with what the operator sees; arguments are never repeated.
        var reference = Guid.CreateVersion7(terminal.Time.GetUtcNow()).ToString("N", CultureInfo.InvariantCulture)[..12];
        var error = new Error(ErrorKind.Unavailable, "bug", new(
            $"Unexpected failure, reference {reference}: {failure.GetType().Name}: {failure.Message}",
            $"意外失败，编号 {reference}：{failure.GetType().Name}：{failure.Message}"));
        ErrorOutput.Write(terminal.Error, error, language, args.Contains("--json"));
        if (args.Any(word => word is "-v" or "--verbose"))
        {
            terminal.Error.WriteLine(failure);
        }

        return ExitCode.Bug;
    }

    internal static string Path(Command command)
    {
        var names = new List<string>();
        for (var at = command; at is not null and not RootCommand; at = at.Parents.OfType<Command>().FirstOrDefault())
        {
            names.Insert(0, at.Name);
        }

        return string.Join(' ', names.Prepend("waymark"));
    }

    private static string? AfterLang(string[] args)
    {
        var at = Array.IndexOf(args, "--lang");
        return at >= 0 && at + 1 < args.Length ? args[at + 1]
            : args.FirstOrDefault(word => word.StartsWith("--lang=", StringComparison.Ordinal))?["--lang=".Length..];
    }
}
