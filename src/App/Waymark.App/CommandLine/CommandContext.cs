using System.CommandLine;
using Waymark.App.Configuration;
using Waymark.App.Hosting;
using Waymark.App.Output;
using Waymark.Model;

namespace Waymark.App.CommandLine;

/// <summary>What one call of a verb has in hand: its words, the terminal, the language, and the way to the platform.</summary>
public sealed class CommandContext(ParseResult words, GlobalOptions options, Terminal terminal, Language language, IPlatformOpener opener)
{
    public ParseResult Words => words;

    public Terminal Terminal => terminal;

    public Language Language => language;

    public bool Json => words.GetValue(options.Json);

    /// <summary>The data folder as it was named; null when it was not.</summary>
    public string? Data => words.GetValue(options.Data);

    public bool Quiet => words.GetValue(options.Quiet);

    public bool Verbose => words.GetValue(options.Verbose);

    public bool MayAsk => !words.GetValue(options.NoInput) && terminal.InputIsTerminal;

    public bool Colour => !words.GetValue(options.NoColour) && terminal.OutputIsTerminal
        && terminal.Variable("NO_COLOR") is null && terminal.Variable("TERM") != "dumb";

    public T? Get<T>(Option<T> option) => words.GetValue(option);

    public T? Get<T>(Argument<T> argument) => words.GetValue(argument);

    public string Say(string en, string zh) => language.Say(en, zh);

    /// <summary>Settings by flags, environment, file and defaults, in this order of precedence.</summary>
    public Result<Settings> Settings(IReadOnlyDictionary<string, string>? moreFlags = null) => SettingsReader.Read(Sources(moreFlags));

    /// <summary>As <see cref="Settings"/>, with every fault.</summary>
    public (Settings? Settings, IReadOnlyList<Error> Errors) AllSettings() => SettingsReader.ReadAll(Sources(null));

    private SettingSources Sources(IReadOnlyDictionary<string, string>? moreFlags)
    {
        var flags = new Dictionary<string, string>(moreFlags ?? new Dictionary<string, string>(), StringComparer.Ordinal);
        Put("data", words.GetValue(options.Data));
        Put("store.kind", words.GetValue(options.Store));
        return new(flags, terminal.Environment, terminal.WorkingFolder, words.GetValue(options.Config));

        void Put(string key, string? value)
        {
            if (value is not null)
            {
                flags[key] = value;
            }
        }
    }

    /// <summary>Opens the platform for one verb, runs it and closes the platform again.</summary>
    public async Task<int> WithPlatform(Func<Platform, Task<int>> work, CancellationToken cancellationToken)
    {
        var settings = Settings();
        if (!settings.IsOk)
        {
            return Fail(settings.Error);
        }

        var opened = await Platform.OpenAsync(opener, settings.Value, terminal.Time, cancellationToken);
        if (!opened.IsOk)
        {
            return Fail(opened.Error);
        }

        await using var platform = opened.Value;
        return await work(platform);
    }

    /// <summary>As <see cref="WithPlatform"/>, for verbs that need no evidence engine.</summary>
    public async Task<int> WithStore(Func<StorePlatform, Task<int>> work, CancellationToken cancellationToken)
    {
        var settings = Settings();
        if (!settings.IsOk)
        {
            return Fail(settings.Error);
        }

        var opened = await opener.OpenStoreAsync(settings.Value, terminal.Time, cancellationToken);
        if (!opened.IsOk)
        {
            return Fail(opened.Error);
        }

        await using var platform = opened.Value;
        return await work(platform);
    }

    public IPlatformOpener Opener => opener;

    /// <summary>A remark on stderr; silent with <c>-q</c> and with <c>--json</c>.</summary>
    public void Remark(string en, string zh)
    {
        if (!Quiet && !Json)
        {
            terminal.Error.WriteLine(language.Say(en, zh));
        }
    }

    /// <summary>Prints the error to stderr, as text or as JSON, and answers its exit code.</summary>
    public int Fail(Error error)
    {
        ErrorOutput.Write(terminal.Error, error, language, Json);
        return ExitCode.For(error);
    }

    /// <summary>Prints one JSON document to stdout.</summary>
    public void WriteJson<T>(string schema, T result, IReadOnlyList<Error>? warnings = null) =>
        terminal.Output.WriteLine(JsonOutput.Document(schema, result, warnings ?? []));
}
