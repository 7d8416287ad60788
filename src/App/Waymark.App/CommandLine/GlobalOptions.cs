using System.CommandLine;

namespace Waymark.App.CommandLine;

/// <summary>The options every verb understands.</summary>
public sealed class GlobalOptions
{
    public GlobalOptions(Language language)
    {
        Verbose = new("--verbose", "-v") { Recursive = true, Description = language.Say("say more on stderr", "在 stderr 输出更多信息") };
        Quiet = new("--quiet", "-q") { Recursive = true, Description = language.Say("no progress, no remarks", "不显示进度和提示") };
        NoColour = new("--no-color") { Recursive = true, Description = language.Say("plain text (also: NO_COLOR)", "纯文本（也可设 NO_COLOR）") };
        NoInput = new("--no-input") { Recursive = true, Description = language.Say("never ask a question", "从不提问") };
        Json = new("--json") { Recursive = true, Description = language.Say("one JSON document; errors as JSON too", "输出一个 JSON 文档，错误也用 JSON") };
        Lang = new("--lang") { Recursive = true, HelpName = "en|zh", Description = language.Say("language of messages (else LANG)", "信息语言（否则取 LANG）") };
        Lang.AcceptOnlyFromAmong("en", "zh");
        Data = new("--data") { Recursive = true, HelpName = "DIR", Description = language.Say("data folder", "数据文件夹") };
        Store = new("--store") { Recursive = true, HelpName = "sqlite|postgres", Description = language.Say("kind of store", "存储类型") };
        Config = new("--config") { Recursive = true, HelpName = "FILE", Description = language.Say("settings file (else waymark.yaml)", "设置文件（否则为 waymark.yaml）") };
    }

    public Option<bool> Verbose { get; }

    public Option<bool> Quiet { get; }

    public Option<bool> NoColour { get; }

    public Option<bool> NoInput { get; }

    public Option<bool> Json { get; }

    public Option<string?> Lang { get; }

    public Option<string?> Data { get; }

    public Option<string?> Store { get; }

    public Option<string?> Config { get; }

    public IEnumerable<Option> All => [Data, Store, Config, Json, Verbose, Quiet, NoColour, NoInput, Lang];
}
