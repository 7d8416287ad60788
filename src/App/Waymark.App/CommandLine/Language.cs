using Waymark.Model;

namespace Waymark.App.CommandLine;

/// <summary>The language of messages: "en" or "zh". Keys of JSON and exit codes are never translated.</summary>
public sealed record Language(string Tag)
{
    public static Language English { get; } = new("en");

    public static Language Chinese { get; } = new("zh");

    public string Say(string en, string zh) => Tag == "zh" ? zh : en;

    public string Say(LocalText text) => text.In(Tag);

    /// <summary>From <c>--lang</c>, else LC_ALL, LC_MESSAGES, LANG; English when none of them speaks Chinese.</summary>
    public static Language Choose(string? asked, IReadOnlyDictionary<string, string> environment)
    {
        var tag = asked ?? FirstOf("LC_ALL", "LC_MESSAGES", "LANG") ?? "en";
        return tag.StartsWith("zh", StringComparison.OrdinalIgnoreCase) ? Chinese : English;

        string? FirstOf(params string[] names) =>
            names.Select(name => environment.GetValueOrDefault(name)).FirstOrDefault(value => !string.IsNullOrEmpty(value));
    }
}
