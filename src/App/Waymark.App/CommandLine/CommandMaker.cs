using System.CommandLine;
using Waymark.App.Hosting;

namespace Waymark.App.CommandLine;

/// <summary>What the verbs need to make themselves: the language for their texts, and the way to run.</summary>
public sealed class CommandMaker(GlobalOptions options, Terminal terminal, Language language, IPlatformOpener opener)
{
    public Language Language => language;

    public string Say(string en, string zh) => language.Say(en, zh);

    public Command Verb(string name, string en, string zh, params Symbol[] parts)
    {
        var command = new Command(name, language.Say(en, zh));
        foreach (var part in parts)
        {
            switch (part)
            {
                case Command child: command.Subcommands.Add(child); break;
                case Option option: command.Options.Add(option); break;
                case Argument argument: command.Arguments.Add(argument); break;
            }
        }

        return command;
    }

    public Command Does(Command command, Func<CommandContext, CancellationToken, Task<int>> work)
    {
        command.SetAction((words, cancellationToken) =>
            work(new CommandContext(words, options, terminal, language, opener), cancellationToken));
        return command;
    }

    public Option<T> Option<T>(string name, string helpName, string en, string zh, params string[] aliases) =>
        new(name, aliases) { Description = language.Say(en, zh), HelpName = helpName };

    public Option<bool> Flag(string name, string en, string zh) => new(name) { Description = language.Say(en, zh) };

    public Argument<T> Argument<T>(string name, string en, string zh) => new(name) { Description = language.Say(en, zh) };
}
