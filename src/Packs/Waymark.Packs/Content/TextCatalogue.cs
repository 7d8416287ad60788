using System.Collections.Frozen;
using System.Globalization;
using Waymark.Model;

namespace Waymark.Packs.Content;

/// <summary>A language of the interface: its tag, its own name and its direction ("ltr", "rtl").</summary>
public sealed record TextLanguage(string Tag, string Name, string Direction);

/// <summary>
/// All texts of the interface, from every pack of kind <c>texts</c>. English and Chinese are complete or the pack check fails; any further language may be
/// incomplete and falls back: base tag, then English. A language is added with a pack, never with code.
/// </summary>
public sealed class TextCatalogue
{
    public const string Kind = "texts";

    private static readonly string[] Complete = ["en", "zh"];
    private static readonly string[] Forms = ["zero", "one", "two", "few", "many", "other"];

    private readonly FrozenDictionary<(string Language, string Id), FrozenDictionary<string, string>> _texts;

    private TextCatalogue(IReadOnlyDictionary<(string Language, string Id), FrozenDictionary<string, string>> texts, IReadOnlyList<TextLanguage> languages)
    {
        _texts = texts.ToFrozenDictionary();
        Languages = languages;
        Ids = [.. texts.Keys.Select(key => key.Id).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
    }

    public IReadOnlyList<TextLanguage> Languages { get; }

    public IReadOnlyList<string> Ids { get; }

    /// <summary>True when the language has the text itself, without falling back.</summary>
    public bool Has(string language, string id) => _texts.ContainsKey((language, id));

    /// <summary>
    /// The text with its slots filled; the slot <c>count</c> chooses the plural form. Numbers are grouped as the language does. An id that nobody knows comes back
    /// in double angle brackets, so that it is seen.
    /// </summary>
    public string Get(string language, string id, params ReadOnlySpan<(string Name, object? Value)> slots)
    {
        if (Find(language, id) is not { } found)
        {
            return $"⟪{id}⟫";
        }

        var (spoken, forms) = found;
        var values = slots.ToArray();
        var count = values.FirstOrDefault(slot => slot.Name == "count").Value;
        var form = count is null ? "other" : PluralRules.Form(spoken, Convert.ToDecimal(count, CultureInfo.InvariantCulture));
        var text = forms.GetValueOrDefault(form) ?? forms["other"];
        return TextSlots.Fill(text, name => values.FirstOrDefault(slot => slot.Name == name) is { Name: not null } slot ? Show(spoken, slot.Value) : null);
    }

    /// <summary>Reads all text packs; every gap, conflict and slot that differs between languages is an error with its place.</summary>
    public static TextCatalogue Read(PackLibrary library, PackErrors errors)
    {
        var texts = new Dictionary<(string Language, string Id), FrozenDictionary<string, string>>();
        var places = new Dictionary<string, string>(StringComparer.Ordinal);
        var languages = new Dictionary<string, TextLanguage>(StringComparer.Ordinal);
        foreach (var pack in library.OfKind(Kind).SelectMany(pack => pack.Layers))
        {
            var cursor = pack.Cursor(errors);
            foreach (var (tag, _, language) in cursor.Entries("languages"))
            {
                languages.TryAdd(tag, new(tag, language.Text("name"), language.Text("direction")));
            }

            foreach (var (id, at, entry) in cursor.Entries("texts"))
            {
                places.TryAdd(id, $"{pack.File}:{at}");
                foreach (var text in entry.Node.Entries)
                {
                    var forms = Plural(pack.File, text, errors);
                    if (!texts.TryAdd((text.Key, id), forms))
                    {
                        errors.Add(pack.File, text.At, "pack.text-twice", $"The text \"{id}\" is given twice in \"{text.Key}\".", $"文字“{id}”的“{text.Key}”版本给出了两次。");
                    }
                }
            }
        }

        CheckComplete(texts, places, errors);
        return new(texts, [.. languages.Values.OrderBy(language => language.Tag, StringComparer.Ordinal)]);
    }

    private (string Language, FrozenDictionary<string, string> Forms)? Find(string language, string id)
    {
        for (var tag = language; tag.Length > 0; tag = tag.LastIndexOf('-') is var cut and > 0 ? tag[..cut] : "")
        {
            if (_texts.TryGetValue((tag, id), out var forms))
            {
                return (tag, forms);
            }
        }

        return _texts.TryGetValue(("en", id), out var english) ? ("en", english) : null;
    }

    private static string Show(string language, object? value) => value switch
    {
        null => "",
        string text => text,
        int or long or short or byte => Convert.ToInt64(value, CultureInfo.InvariantCulture).ToString("N0", CultureInfo.GetCultureInfo(language)),
        IFormattable formattable => formattable.ToString(null, CultureInfo.GetCultureInfo(language)),
        _ => value.ToString() ?? "",
    };

    private static FrozenDictionary<string, string> Plural(string file, PackEntry text, PackErrors errors)
    {
        if (text.Value is PackScalar scalar)
        {
            return new Dictionary<string, string>(StringComparer.Ordinal) { ["other"] = scalar.Text }.ToFrozenDictionary(StringComparer.Ordinal);
        }

        var forms = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var form in ((PackMapping)text.Value).Entries.Where(form => Forms.Contains(form.Key, StringComparer.Ordinal)))
        {
            forms[form.Key] = form.Value is PackScalar words ? words.Text : "";
        }

        if (forms.TryAdd("other", ""))
        {
            errors.Add(file, text.Value.At, "pack.no-other-form", "Plural forms need \"other\".", "复数形式须包含“other”。");
        }

        return forms.ToFrozenDictionary(StringComparer.Ordinal);
    }

    private static void CheckComplete(
        Dictionary<(string Language, string Id), FrozenDictionary<string, string>> texts, Dictionary<string, string> places, PackErrors errors)
    {
        var byId = texts.ToLookup(text => text.Key.Id, text => text.Key.Language, StringComparer.Ordinal);
        foreach (var (id, place) in places)
        {
            foreach (var language in Complete.Except(byId[id], StringComparer.Ordinal))
            {
                errors.Add(Error.Faulty("pack.text-missing", $"The text \"{id}\" is missing in \"{language}\".", $"文字“{id}”缺少“{language}”版本。", place));
            }

            var slots = byId[id].Select(language => (Language: language, Slots: Slots(texts[(language, id)]))).ToList();
            foreach (var (language, other) in slots.Where(pair => !pair.Slots.SetEquals(slots[0].Slots)))
            {
                errors.Add(Error.Faulty("pack.slots-differ",
                    $"The text \"{id}\" has slots {{{string.Join(", ", slots[0].Slots)}}} in \"{slots[0].Language}\" and {{{string.Join(", ", other)}}} in \"{language}\".",
                    $"文字“{id}”在“{slots[0].Language}”中的槽位与“{language}”不同。", place));
            }
        }
    }

    private static HashSet<string> Slots(FrozenDictionary<string, string> forms) =>
        forms.Values.SelectMany(TextSlots.In).ToHashSet(StringComparer.Ordinal);
}
