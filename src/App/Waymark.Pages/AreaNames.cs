using Waymark.Model;

namespace Waymark.Pages;

/// <summary>Names of countries and areas from the areas pack, for pages.</summary>
public sealed class AreaNames(IReadOnlyDictionary<string, LocalText> names)
{
    /// <summary>The name in the language; the code itself when the list does not know it.</summary>
    public string Name(string code, string language) => names.TryGetValue(code, out var name) ? name.In(language) : code;

    public bool Has(string code) => names.ContainsKey(code);

    public IEnumerable<(string Code, string Name)> In(string language, StringComparer order) =>
        names.Select(pair => (pair.Key, pair.Value.In(language))).OrderBy(pair => pair.Item2, order);
}
