using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace Waymark.Model;

/// <summary>
/// A text in one or more languages, keyed by BCP 47 tag ("en", "zh", "ar" …).
/// English and Chinese are equals: texts of our own carry both (Architecture.Tests checks packs and resources);
/// texts of a source may carry only the language they were published in.
/// </summary>
[JsonConverter(typeof(LocalTextConverter))]
public sealed class LocalText : IReadOnlyCollection<KeyValuePair<string, string>>, IEquatable<LocalText>
{
    private readonly SortedDictionary<string, string> _byLanguage;

    /// <summary>Takes the texts as given; tags are kept as written ("zh" and "zh-Hans" differ).</summary>
    public LocalText(IEnumerable<KeyValuePair<string, string>> byLanguage) =>
        _byLanguage = new(new Dictionary<string, string>(byLanguage, StringComparer.Ordinal), StringComparer.Ordinal);

    /// <summary>The usual pair.</summary>
    public LocalText(string en, string zh) : this([new("en", en), new("zh", zh)]) { }

    /// <summary>No text in any language.</summary>
    public static LocalText Empty { get; } = new([]);

    /// <summary>A text known in one language only.</summary>
    public static LocalText In(string language, string text) => new([new(language, text)]);

    public int Count => _byLanguage.Count;

    public IEnumerable<string> Languages => _byLanguage.Keys;

    public bool TryGet(string language, [NotNullWhen(true)] out string? text) => _byLanguage.TryGetValue(language, out text);

    /// <summary>
    /// The text in the asked language, else its base language ("zh" for "zh-Hans-CN"), else English, else whatever
    /// there is. Never throws, never invents: the empty text when nothing is known.
    /// </summary>
    public string In(string language)
    {
        for (var tag = language; ; tag = tag[..tag.LastIndexOf('-')])
        {
            if (_byLanguage.TryGetValue(tag, out var text))
            {
                return text;
            }

            if (!tag.Contains('-', StringComparison.Ordinal))
            {
                break;
            }
        }

        return _byLanguage.TryGetValue("en", out var english) ? english : _byLanguage.Values.FirstOrDefault() ?? "";
    }

    public bool Equals(LocalText? other) => other is not null && _byLanguage.SequenceEqual(other._byLanguage);

    public override bool Equals(object? obj) => Equals(obj as LocalText);

    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (var (language, text) in _byLanguage)
        {
            hash.Add(language, StringComparer.Ordinal);
            hash.Add(text, StringComparer.Ordinal);
        }

        return hash.ToHashCode();
    }

    public override string ToString() => In("en");

    public IEnumerator<KeyValuePair<string, string>> GetEnumerator() => _byLanguage.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
