using System.Text.RegularExpressions;
using Shouldly;
using Xunit;

namespace Architecture.Tests;

/// <summary>What a reader of the tree may rely on: files of one sitting, no leftovers, nothing of one machine.</summary>
public sealed partial class TreeTests
{
    private const int LongestFile = 400;

    private const string Casework = "src/Modules/Waymark.Casework/";

    private static readonly Lazy<IReadOnlyList<string>> s_engine = new(() => [.. Repository.Under(Casework + "Engine/", ".cs"), .. Repository.Under(Casework + "Contracts/", ".cs")]);

    /// <summary>Files over the limit, each with the reason why it stays whole.</summary>
    private static readonly Dictionary<string, string> LongFiles = new(StringComparer.Ordinal);

    [Fact]
    public void A_source_file_is_read_in_one_sitting()
    {
        var tooLong = Repository.Under("src/", ".cs").Concat(Repository.Under("src/", ".razor"))
            .Where(file => !LongFiles.ContainsKey(file) && Repository.Lines(file).Count > LongestFile)
            .Select(file => $"{file}: {Repository.Lines(file).Count} lines");
        tooLong.ShouldBeEmpty();
        LongFiles.Keys.Where(file => !File.Exists(Path.Combine(Repository.Root, file))).ShouldBeEmpty("exceptions for files that are gone");
    }

    /// <summary>
    /// The engine of registers is what every register runs through: packs, documents, operations, gate and guards, persons, search, files, merging, and the contracts of these. Every other folder of
    /// the module stands on it.
    /// </summary>
    [Fact]
    public void The_record_engine_stays_under_6000_lines() => s_engine.Value
        .Sum(file => Repository.Lines(file).Count(line => line.Trim() is { Length: > 0 } code && !code.StartsWith("//", StringComparison.Ordinal))).ShouldBeInRange(1_000, 6_000);

    [Fact]
    public void The_record_engine_names_nothing_that_stands_on_it()
    {
        var above = Repository.Under(Casework, ".cs").Except(s_engine.Value, StringComparer.Ordinal).SelectMany(file => Declared().Matches(Repository.Text(file))).Select(match => match.Groups["name"].Value)
            .Except(["Casework"], StringComparer.Ordinal).Append("Features").ToHashSet(StringComparer.Ordinal);
        above.Count.ShouldBeGreaterThan(50);
        foreach (var file in s_engine.Value)
        {
            var code = string.Join('\n', Repository.Lines(file).Where(line => !line.TrimStart().StartsWith("//", StringComparison.Ordinal)));
            // The class of the modules has the name of the namespace; all else of theirs is called by its own.
            Word().Matches(Text().Replace(code, "")).Select(match => match.Value).Where(above.Contains).Distinct(StringComparer.Ordinal).ShouldBeEmpty(file);
        }
    }

    [Fact]
    public void Nothing_is_left_unfinished_by_its_own_words()
    {
        foreach (var file in Repository.Under("src/", ".cs").Concat(Repository.Under("src/", ".razor")).Concat(Repository.Under("packs/", ".yaml")))
        {
            Unfinished().Matches(Repository.Text(file)).Select(match => match.Value).ShouldBeEmpty(file);
        }
    }

    [Fact]
    public void Lock_files_and_scripts_name_no_registry_and_no_machine()
    {
        string[] banned = ["registry." + "npmjs", "api." + "nuget.org", "pkgs." + "dev.azure", "\"resolved\": \"http", "/ho" + "me/", "/wor" + "k/", "/roo" + "t/"];
        foreach (var file in Repository.Files.Where(file => Path.GetExtension(file) is ".json" or ".cs" or ".md" or ".yaml" or ".props" or ".csproj" or ".mjs" or ".ts" or ".razor" or "" or ".txt" or ".sql"))
        {
            if (new FileInfo(Path.Combine(Repository.Root, file)).Length < 4_000_000 && file is not "LICENSE")
            {
                var text = Repository.Text(file);
                banned.Where(word => text.Contains(word, StringComparison.Ordinal)).ShouldBeEmpty(file);
            }
        }
    }

    [Fact]
    public void Tests_do_not_sleep_and_skip_only_with_a_reason()
    {
        foreach (var file in Repository.Under("tests/", ".cs").Where(file => !file.StartsWith("tests/Architecture.Tests/", StringComparison.Ordinal)))
        {
            var text = Repository.Text(file);
            text.ShouldNotContain("Thread.Sleep", Case.Sensitive, file);
            text.ShouldNotContain("Skip = \"\"", Case.Sensitive, file);
        }
    }

    [Fact]
    public void Pages_hold_no_inline_script_style_or_handler()
    {
        foreach (var file in Repository.Under("src/App/Waymark.Pages/", ".razor"))
        {
            var text = Repository.Text(file);
            InlineCode().Matches(text).Select(match => match.Value).ShouldBeEmpty(file);
        }
    }

    [Fact]
    public void The_papers_of_the_house_are_there()
    {
        string[] papers =
        [
            "README.md", "README.zh.md", "LICENSE", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md", "run", "test", ".ci/run",
            "docs/developers/start-here.md", "docs/developers/code-map.md", "docs/developers/add-a-source.md",
            "docs/decisions/0001-two-stores-without-orm.md", "docs/decisions/0002-static-pages-and-htmx.md",
            "docs/decisions/0003-content-is-data-in-packs.md", "docs/decisions/0004-the-name.md",
        ];
        papers.Where(paper => !File.Exists(Path.Combine(Repository.Root, paper))).ShouldBeEmpty();
        Repository.Text(".ci/run").ShouldContain("./test");
    }

    [Fact]
    public void Our_own_voice_says_irregular()
    {
        foreach (var file in Repository.Under("packs/texts/", ".yaml").Concat(Repository.Under("src/", ".razor")).Concat(Repository.Under("docs/users/", ".md")))
        {
            Loaded().Matches(Repository.Text(file)).Select(match => match.Value).ShouldBeEmpty(file);
        }
    }

    [GeneratedRegex(@"^(?:public|internal) (?:sealed |static |abstract |partial |readonly )*(?:class|interface|enum|record struct|record|struct) (?<name>\w+)", RegexOptions.CultureInvariant | RegexOptions.Multiline, 2000)]
    private static partial Regex Declared();

    [GeneratedRegex(@"(?<=\bnew )[A-Z]\w+|\b[A-Z]\w+\b(?!\()", RegexOptions.CultureInvariant, 2000)]
    private static partial Regex Word();

    [GeneratedRegex("\"(?:[^\"\\\\\\n]|\\\\.)*\"", RegexOptions.CultureInvariant, 2000)]
    private static partial Regex Text();

    [GeneratedRegex(@"\b(?:TODO|FIXME|HACK|NotImplementedException)\b", RegexOptions.CultureInvariant, 2000)]
    private static partial Regex Unfinished();

    [GeneratedRegex("""<script(?![^>]*\bsrc=)[^>]*>|<style[\s>]|\sstyle=|\son[a-z]+="|javascript:""", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase, 2000)]
    private static partial Regex InlineCode();

    [GeneratedRegex(@"\billegal (?:im)?migra|\bclandestine\b|非法移民|\bbogus\b", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase, 2000)]
    private static partial Regex Loaded();
}
