using System.Globalization;
using Waymark.Model;

namespace Waymark.Linkage;

/// <summary>One way in which a letter of another script is written in Latin letters, with its probability.</summary>
/// <param name="Latin">Lower-case ASCII letters, possibly none.</param>
/// <param name="Log2">log2 P(Latin | letter), at most 0.</param>
public readonly record struct Spelling(string Latin, float Log2);

/// <summary>
/// Facts about names and scripts, read from the pack `linkage` by the host and handed in as typed values. Tables are
/// CSV with a header line; lines that begin with # say source and licence. Nothing here is code.
/// </summary>
public sealed class LinkageKnowledge
{
    private const string Month = "month-";
    private readonly Dictionary<Script, Dictionary<string, Spelling[]>> _spellings = [];
    private readonly Dictionary<Script, Lazy<Dictionary<string, Spelling[]>>> _lazy = [];

    private LinkageKnowledge() { }

    /// <summary>Character folding inside a script (alef forms to alef, ł to l …).</summary>
    public Dictionary<char, string> Folds { get; } = [];

    public HashSet<string> Honorifics { get; } = new(StringComparer.Ordinal);

    /// <summary>Words said after a name, folded; they may be written on to it.</summary>
    public HashSet<string> HonorificsAfter { get; } = new(StringComparer.Ordinal);

    /// <summary>Names of months, folded, to their number; 0 for words that stand in dates and say nothing ("of", "th").</summary>
    public Dictionary<string, int> Months { get; } = new(StringComparer.Ordinal);

    public HashSet<string> Particles { get; } = new(StringComparer.Ordinal);

    /// <summary>Words that stand for "not known"; a value that consists of them is empty.</summary>
    public HashSet<string> Placeholders { get; } = new(StringComparer.Ordinal);

    /// <summary>Dates that stand for "not known", as yyyy-mm-dd.</summary>
    public HashSet<string> PlaceholderDates { get; } = new(StringComparer.Ordinal);

    /// <summary>Latin token to the classes of tokens that are the same name (nicknames, romanisations of one form).</summary>
    public Dictionary<string, string[]> Variants { get; } = new(StringComparer.Ordinal);

    /// <summary>Folded header words to the role they announce.</summary>
    public Dictionary<string, FieldRole> Headers { get; } = new(StringComparer.Ordinal);

    /// <summary>Words in headers that do not say what a column holds.</summary>
    public HashSet<string> HeaderNoise { get; } = new(StringComparer.Ordinal);

    /// <summary>Code or folded name of a country or area to one code.</summary>
    public Dictionary<string, string> Areas { get; } = new(StringComparer.Ordinal);

    /// <summary>Words for a sex, folded, to M or F.</summary>
    public Dictionary<string, char> Sexes { get; } = new(StringComparer.Ordinal);

    /// <summary>Without any fact: exact Latin comparison still works.</summary>
    public static LinkageKnowledge Empty { get; } = new();

    /// <summary>Latin spellings of the letters of a script; empty when the pack has none.</summary>
    public IReadOnlyDictionary<string, Spelling[]> SpellingsOf(Script script)
    {
        if (_lazy.TryGetValue(script, out var lazy))
        {
            return lazy.Value;
        }

        return _spellings.TryGetValue(script, out var found) ? found : new Dictionary<string, Spelling[]>(StringComparer.Ordinal);
    }

    /// <summary>
    /// Reads the tables of the pack: `fold`, `words`, `variants*`, `areas`, `spellings_SCRIPT`. Script tables and variant tables are
    /// parsed on first use. A faulty line is an error with file and line.
    /// </summary>
    public static Result<LinkageKnowledge> Read(IReadOnlyList<(string Name, string Text)> tables)
    {
        var knowledge = new LinkageKnowledge();
        var (names, texts) = (new string[tables.Count], new string[tables.Count]);
        for (var i = 0; i < names.Length; i++)
        {
            (names[i], texts[i]) = tables[i];
        }

        Array.Sort(names, texts, StringComparer.Ordinal);
        for (var i = 0; i < names.Length; i++)
        {
            var (name, text) = (names[i], texts[i]);
            if (name.StartsWith("spellings_", StringComparison.Ordinal))
            {
                if (!Enum.TryParse<Script>(name["spellings_".Length..], true, out var script))
                {
                    return Error.Invalid("linkage.pack-script", $"Unknown script in '{name}'.", $"“{name}”中的文字未知。", name);
                }

                var table = text;
                knowledge._lazy[script] = new(() => ReadSpellings(table));
                continue;
            }

            var fault = knowledge.ReadTable(name, text);
            if (fault is not null)
            {
                return fault;
            }
        }

        return knowledge;
    }

    private Error? ReadTable(string name, string text)
    {
        var number = 0;
        foreach (var raw in text.AsSpan().EnumerateLines())
        {
            number++;
            if (raw.IsEmpty || raw[0] == '#')
            {
                continue;
            }

            var comma = raw.IndexOf(',');
            if (comma < 0)
            {
                return Error.Invalid("linkage.pack-line", "A line needs two values.", "每行需要两个值。", $"{name}:{number}");
            }

            var key = raw[..comma].ToString();
            var value = raw[(comma + 1)..].ToString();
            if (!Take(name, key, value))
            {
                return Error.Invalid("linkage.pack-value", $"'{key}' is not understood.", $"无法理解“{key}”。", $"{name}:{number}");
            }
        }

        return null;
    }

    private bool Take(string table, string key, string value)
    {
        if (table.StartsWith("variants", StringComparison.Ordinal))
        {
            Variants[key] = Variants.TryGetValue(key, out var old) ? [.. old, value] : [value];
            return true;
        }

        switch (table)
        {
            case "fold":
                Folds[(char)int.Parse(key, NumberStyles.HexNumber, CultureInfo.InvariantCulture)] = value;
                return true;
            case "areas":
                Areas[key] = value;
                return true;
            case "words":
                return TakeWord(key, value);
            default:
                return false;
        }
    }

    private bool TakeWord(string kind, string word)
    {
        if (!System.Text.Ascii.IsValid(word))
        {
            // Words of the pack are compared with folded text; letters are folded by the table before this one.
            word = new NameFolder(this).Fold(word);
        }

        switch (kind)
        {
            case "honorific":
                return Honorifics.Add(word) || true;
            case "honorific-after":
                return HonorificsAfter.Add(word) || true;
            case not null when kind.StartsWith(Month, StringComparison.Ordinal)
                && int.TryParse(kind.AsSpan(Month.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var month) && month <= 12:
                Months[word] = month;
                return true;
            case "particle":
                return Particles.Add(word) || true;
            case "placeholder":
                return Placeholders.Add(word) || true;
            case "header-noise":
                return HeaderNoise.Add(word) || true;
            case "placeholder-date":
                return PlaceholderDates.Add(word) || true;
            case "sex-m":
                Sexes[word] = 'M';
                return true;
            case "sex-f":
                Sexes[word] = 'F';
                return true;
            default:
                if (!Enum.TryParse<FieldRole>(kind, out var role))
                {
                    return false;
                }

                Headers.TryAdd(word, role);
                return true;
        }
    }

    private static Dictionary<string, Spelling[]> ReadSpellings(string text)
    {
        var found = new Dictionary<string, List<Spelling>>(StringComparer.Ordinal);
        foreach (var raw in text.AsSpan().EnumerateLines())
        {
            if (raw.IsEmpty || raw[0] == '#')
            {
                continue;
            }

            var first = raw.IndexOf(',');
            var last = raw.LastIndexOf(',');
            if (first < 0 || last <= first || !float.TryParse(raw[(last + 1)..], CultureInfo.InvariantCulture, out var log2))
            {
                continue;
            }

            var native = raw[..first].ToString();
            if (!found.TryGetValue(native, out var list))
            {
                found[native] = list = [];
            }

            list.Add(new Spelling(raw[(first + 1)..last].ToString(), log2));
        }

        return found.ToDictionary(p => p.Key, p => p.Value.OrderByDescending(s => s.Log2).ToArray(), StringComparer.Ordinal);
    }
}
