using System.Collections.Frozen;
using Waymark.Model;

namespace Waymark.Formats.Htcds;

/// <summary>How the value of a field is read; the standard's own word is kept in the pack.</summary>
public enum HtcdsKind : byte { Text, LongText, Lookup, Choice, Country, Language, Date, Checkbox, Number, Degrees }

/// <summary>
/// One field of the Human Trafficking Case Data Standard. <paramref name="Code"/> is the name with prefix
/// ("vic_MethodsOfControl"); <paramref name="Label"/> in English is the published one, byte for byte.
/// </summary>
public sealed record HtcdsField(string Code, string Section, LocalText Label, HtcdsKind Kind, bool IsMultiple, string? List,
    bool IsCore, bool IsDeprecated);

/// <summary>
/// An allowed value. <paramref name="Template"/> is what the lists of the published spreadsheet say instead of the label;
/// empty when it has no such list.
/// </summary>
public sealed record HtcdsCode(string List, string Code, LocalText Label, string Template);

/// <summary>A column of the published spreadsheet: what stands above it, and the field its label names.</summary>
public sealed record HtcdsColumn(string Column, string Code, string Label, string Field);

/// <summary>A coded value with other wordings under which it may arrive.</summary>
public sealed record HtcdsTerm(string Code, IReadOnlyList<string> Wordings);

/// <summary>
/// The standard as its pack gives it: fields, allowed values, the published spreadsheet's columns. Values are found by
/// their exact code or wording, surrounding blanks apart; nothing is found by likeness.
/// </summary>
public sealed class HtcdsStandard
{
    /// <summary>The list under which countries are found.</summary>
    public const string Countries = "countries";

    /// <summary>The list under which languages are found.</summary>
    public const string Languages = "languages";

    private readonly FrozenDictionary<string, HtcdsField> _fields;
    private readonly FrozenDictionary<string, FrozenDictionary<string, string>> _terms;
    private readonly FrozenDictionary<string, string> _misspelt;

    /// <summary>
    /// From the rows of the pack. Terms of countries and languages are found by their code and wordings; others are codes of
    /// another edition, by list: known, but not this standard's.
    /// </summary>
    public HtcdsStandard(IReadOnlyList<HtcdsField> fields, IReadOnlyList<HtcdsCode> codes, IReadOnlyList<HtcdsTerm> countries,
        IReadOnlyList<HtcdsTerm> languages, IReadOnlyList<HtcdsColumn> template, IReadOnlyDictionary<string, IReadOnlyList<string>> others)
    {
        (Fields, Template, Others) = (fields, template, others);
        CountryCodes = [.. countries.Select(country => country.Code).Order(StringComparer.Ordinal)];
        _fields = fields.ToFrozenDictionary(field => field.Code, StringComparer.Ordinal);
        Codes = codes.GroupBy(code => code.List, StringComparer.Ordinal)
            .ToFrozenDictionary(group => group.Key, group => (IReadOnlyList<HtcdsCode>)[.. group], StringComparer.Ordinal);
        var terms = Codes.ToDictionary(pair => pair.Key, pair => Index(pair.Value.Select(code =>
            new HtcdsTerm(code.Code, [code.Label.In("en"), code.Template]))), StringComparer.Ordinal);
        terms[Countries] = Index(countries);
        terms[Languages] = Index(languages);
        _terms = terms.ToFrozenDictionary(StringComparer.Ordinal);
        _misspelt = template.Where(column => column.Code.Length > 0 && !_fields.ContainsKey(column.Code))
            .ToFrozenDictionary(column => column.Code, column => column.Field, StringComparer.Ordinal);
    }

    /// <summary>In the order of the standard.</summary>
    public IReadOnlyList<HtcdsField> Fields { get; }

    public IReadOnlyDictionary<string, IReadOnlyList<HtcdsCode>> Codes { get; }

    public IReadOnlyList<HtcdsColumn> Template { get; }

    public IReadOnlyDictionary<string, IReadOnlyList<string>> Others { get; }

    /// <summary>Codes of countries and areas; names of countries are read and never offered.</summary>
    internal IReadOnlyList<string> CountryCodes { get; }

    public HtcdsField? Find(string code) => _fields.GetValueOrDefault(code);

    /// <summary>The field of a heading's code as published, its known misspellings included.</summary>
    internal HtcdsField? FindHeading(string code) =>
        Find(code) ?? (_misspelt.TryGetValue(code, out var right) ? Find(right) : null);

    /// <summary>The fields that a published label names; more than one when the standard uses a label twice.</summary>
    internal IReadOnlyList<HtcdsField> FindLabel(string label) =>
        [.. Fields.Where(field => field.Label.In("en").Trim() == label)];

    /// <summary>The list in which the values of a field are looked up; null when the field is not coded.</summary>
    internal static string? ListOf(HtcdsField field) => field.Kind switch
    {
        HtcdsKind.Country => Countries,
        HtcdsKind.Language => Languages,
        _ => field.List,
    };

    /// <summary>The code of a value as written, or null when the list does not hold it.</summary>
    public string? Code(string list, string text) => _terms.GetValueOrDefault(list)?.GetValueOrDefault(text.Trim());

    /// <summary>What the published spreadsheet offers for a list, in its order and wording; the label where it has none.</summary>
    internal IEnumerable<string> Offers(string list) => list == Countries ? CountryCodes :
        Codes.GetValueOrDefault(list, []).Select(code => code.Template.Length > 0 ? code.Template : code.Label.In("en"));

    /// <summary>Codes come first, so that a label never hides the code of another value.</summary>
    private static FrozenDictionary<string, string> Index(IEnumerable<HtcdsTerm> source)
    {
        var terms = source.ToList();
        var index = terms.ToDictionary(term => term.Code, term => term.Code, StringComparer.Ordinal);
        foreach (var term in terms)
        {
            foreach (var wording in term.Wordings.Where(wording => wording.Length > 0))
            {
                index.TryAdd(wording.Trim(), term.Code);
            }
        }

        return index.ToFrozenDictionary(StringComparer.Ordinal);
    }
}
