using Shouldly;
using Waymark.Packs;
using Xunit;

namespace Architecture.Tests;

/// <summary>English and Chinese are equals: every pack loads, and every text of the interface that a page asks for exists in both.</summary>
public sealed class LanguageTests
{
    private static readonly PackLoadOutcome Loaded = PackLibrary.Load([Path.Combine(Repository.Root, "packs")]);

    [Fact]
    public void Every_built_in_pack_is_sound() => Loaded.Errors.Select(error => error.ToString()).ShouldBeEmpty();

    [Fact]
    public void Every_text_that_a_page_names_exists_in_both_languages()
    {
        var texts = Loaded.Library.OfKind("texts").SelectMany(pack => pack.Cursor(new PackErrors()).Entries("texts"))
            .ToDictionary(entry => entry.Key, entry => entry.Value, StringComparer.Ordinal);
        var asked = Repository.Under("src/App/Waymark.Pages/", ".razor").Concat(Repository.Under("src/App/Waymark.Pages/", ".cs"))
            .SelectMany(file => System.Text.RegularExpressions.Regex.Matches(Repository.Text(file), """\b(?:T|texts)(?:\.Format\((?:language, )?|\[)"(?<id>[a-z][a-z0-9.-]*[a-z0-9])"[\],)]""",
                System.Text.RegularExpressions.RegexOptions.CultureInvariant, TimeSpan.FromSeconds(2)).Select(match => match.Groups["id"].Value))
            .Distinct(StringComparer.Ordinal).ToList();
        asked.Count.ShouldBeGreaterThan(150);
        asked.Where(id => !texts.ContainsKey(id)).ShouldBeEmpty("asked for by pages and in no pack");
        texts.Where(pair => !pair.Value.Has("en") || !pair.Value.Has("zh")).Select(pair => pair.Key).ShouldBeEmpty("without one of the languages");
    }
}
