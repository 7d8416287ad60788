using Shouldly;
using Waymark.Packs;
using Xunit;

namespace Architecture.Tests;

/// <summary>English and Chinese are equals: every pack loads, and every text of the interface that a page asks for exists in both.</summary>
public sealed partial class LanguageTests
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

    /// <summary>
    /// Chinese that still holds English was not finished. Only names, formats, units, example codes and commands are written in Latin letters; what is new here is decided here.
    /// </summary>
    [Fact]
    public void Chinese_texts_of_pages_and_registers_hold_no_English_rest()
    {
        var words = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var file in Repository.Under("packs/texts/", ".yaml").Concat(Repository.Under("packs/registers/", ".yaml")))
        {
            foreach (var text in Chinese().Matches(Repository.Text(file)).Select(match => match.Groups["text"].Value))
            {
                foreach (System.Text.RegularExpressions.Match word in Latin().Matches(Placeholder().Replace(text, "")))
                {
                    words[word.Value] = $"{file}: {text[..Math.Min(text.Length, 60)]}";
                }
            }
        }

        words.Count.ShouldBeGreaterThan(20, "the texts were read");
        words.Where(word => !s_written.Contains(word.Key)).Select(word => $"{word.Key} in {word.Value}").ShouldBeEmpty();
        s_written.Where(word => !words.ContainsKey(word)).ShouldBeEmpty("allowed and nowhere written");
    }

    private static readonly HashSet<string> s_written = new(StringComparer.Ordinal)
    {
        "AA", "area", "axe", "bm", "Cookie", "CSV", "decide", "DNA", "Earth", "Equal", "Esc", "EUR", "Excel", "export", "Facebook", "GLOTIP", "IC-TIP", "Instagram",
        "INT", "ISO", "JPEG", "key", "Line", "log", "MB", "Messenger", "MiB", "OpenDocument", "organisation", "PDF", "person", "PNG", "prs_FirstName", "QQ", "rules",
        "Sale", "SHA", "show", "Snapchat", "system", "Tab", "Telegram", "TikTok", "tracing", "Twitter", "un", "value", "Viber", "Waymark", "waymark", "WCAG", "WhatsApp",
    };

    [System.Text.RegularExpressions.GeneratedRegex("""(?<![\w-])zh: (?:"(?<text>[^"\n]*)"|(?<text>[^",}\n][^,}\n]*))""", System.Text.RegularExpressions.RegexOptions.CultureInvariant, 2_000)]
    private static partial System.Text.RegularExpressions.Regex Chinese();

    [System.Text.RegularExpressions.GeneratedRegex("""\{[a-z-]+\}|[a-z]+(?:/[a-z0-9-]+)+|\b[A-Z]{2}-[0-9A-F]{4}-[0-9A-F]{4}\b|(?<=[\s/]) ?/[a-z-]+""", System.Text.RegularExpressions.RegexOptions.CultureInvariant, 2_000)]
    private static partial System.Text.RegularExpressions.Regex Placeholder();

    [System.Text.RegularExpressions.GeneratedRegex("[A-Za-z][A-Za-z_'’.-]*[A-Za-z]", System.Text.RegularExpressions.RegexOptions.CultureInvariant, 2_000)]
    private static partial System.Text.RegularExpressions.Regex Latin();
}
