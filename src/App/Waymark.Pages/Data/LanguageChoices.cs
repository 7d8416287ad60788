using Waymark.Packs;

namespace Waymark.Pages.Data;

/// <summary>Languages in which something can be explained to a person: tag of BCP 47 with its name, from the code list of the case data standard.</summary>
public sealed class LanguageChoices
{
    private readonly IReadOnlyDictionary<string, (string En, string Zh)> _names;

    private LanguageChoices(IReadOnlyDictionary<string, (string En, string Zh)> names) => _names = names;

    public static LanguageChoices Read(PackLibrary packs)
    {
        var names = new Dictionary<string, (string En, string Zh)>(StringComparer.Ordinal);
        foreach (var row in packs.OfKind("codelists").Where(pack => pack.Key.Id == "htcds").SelectMany(pack => pack.Rows("languages.csv")))
        {
            if (row.Optional("tag") is { } tag)
            {
                names.TryAdd(tag, (row["en"], row["zh"]));
            }
        }

        return new(names);
    }

    public string Name(string tag, string language) => _names.TryGetValue(tag, out var name) ? (language == "zh" ? name.Zh : name.En) : tag;

    /// <summary>All of them by name in the reader's language.</summary>
    public IEnumerable<(string Tag, string Name)> In(string language) =>
        _names.Select(pair => (pair.Key, language == "zh" ? pair.Value.Zh : pair.Value.En)).OrderBy(pair => pair.Item2, StringComparer.Ordinal);
}
