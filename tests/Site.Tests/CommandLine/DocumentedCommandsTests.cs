using System.Text.RegularExpressions;
using Waymark.App.CommandLine;
using Waymark.App.Hosting;
using Waymark.Site.Tests.Support;

namespace Waymark.Site.Tests.CommandLine;

/// <summary>
/// Runs the pages of the documentation from top to bottom in an empty folder: a block with a name is a file, each line
/// "waymark …" of a shell block is a command that must succeed, and a block "text output" is what the last command printed.
/// </summary>
public sealed partial class DocumentedCommandsTests
{
    [Theory]
    [InlineData("docs/developers/add-a-source.md")]
    [InlineData("docs/users/en/evidence.md")]
    [InlineData("docs/users/zh/evidence.md")]
    [InlineData("docs/methods/linkage-example.md")]
    [InlineData("docs/methods/linkage-example.zh.md")]
    [InlineData("docs/methods/private-matching.md")]
    [InlineData("docs/methods/private-matching.zh.md")]
    public async Task The_page_works_as_it_stands(string page)
    {
        using var call = new Called { Opener = new PlatformOpener() };
        var commands = 0;
        foreach (Match block in Blocks().Matches(await File.ReadAllTextAsync(Path.Combine(Places.Root, page))))
        {
            var (language, note, text) = (block.Groups["language"].Value, block.Groups["note"].Value, block.Groups["text"].Value);
            if (note.StartsWith("name=", StringComparison.Ordinal))
            {
                call.Write(note["name=".Length..], text);
            }
            else if (language == "sh")
            {
                foreach (var line in text.Split('\n').Where(line => line.StartsWith("waymark ", StringComparison.Ordinal)))
                {
                    var words = Words().Matches(line).Select(word => word.Groups["quoted"].Success ? word.Groups["quoted"].Value : word.Value).Skip(1);
                    (await call.RunAsync([.. words])).Code.ShouldBe(ExitCode.Done, $"{line}\n{call.Error}{call.Output}");
                    commands++;
                }
            }
            else if (note == "output")
            {
                call.Output.ReplaceLineEndings("\n").ShouldBe(text, page);
            }
        }

        commands.ShouldBeGreaterThan(3, "a page without commands proves nothing");
    }

    [GeneratedRegex(@"^```(?<language>\w+) ?(?<note>\S*)\n(?<text>.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Blocks();

    [GeneratedRegex(@"""(?<quoted>[^""]*)""|\S+")]
    private static partial Regex Words();
}
