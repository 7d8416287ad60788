using System.Globalization;
using Waymark.Model;

namespace Waymark.Packs;

/// <summary>
/// Reads a mapping field by field and collects every error instead of stopping at the first. A reader asks for the fields it
/// knows; <see cref="RefuseOthers"/> then names whatever is left, with "did you mean".
/// Missing or malformed fields give a harmless stand-in value; callers look at <see cref="PackErrors"/> before using the result.
/// </summary>
public sealed class PackCursor(string file, PackMapping node, PackErrors errors)
{
    private readonly HashSet<string> _asked = new(StringComparer.Ordinal);

    public string File => file;

    public PackMapping Node => node;

    public PackErrors Errors => errors;

    public PackPosition At => node.At;

    public string Where => $"{file}:{node.At}";

    public bool Has(string key) => node.Find(key) is not null;

    /// <summary>The value node of a key, or null; the key counts as known.</summary>
    public PackNode? Find(string key)
    {
        _asked.Add(key);
        return node.Find(key)?.Value;
    }

    public string Text(string key) => OptionalText(key) ?? Missing(key, "");

    public string? OptionalText(string key) => Find(key) switch
    {
        null => null,
        PackScalar scalar => scalar.Text,
        var other => Wrong<string?>(other, key, "a text", "文字", null),
    };

    public int Whole(string key, int least = int.MinValue, int most = int.MaxValue) =>
        OptionalWhole(key, least, most) ?? Missing(key, 0);

    public int? OptionalWhole(string key, int least = int.MinValue, int most = int.MaxValue)
    {
        var found = Find(key);
        if (found is null)
        {
            return null;
        }

        if (found is PackScalar { Quoted: false } scalar
            && int.TryParse(scalar.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            && number >= least && number <= most)
        {
            return number;
        }

        return Wrong<int?>(found, key, $"a whole number from {least} to {most}", $"{least} 到 {most} 之间的整数", null);
    }

    public decimal Number(string key) => OptionalNumber(key) ?? Missing(key, 0m);

    public decimal? OptionalNumber(string key) => Find(key) switch
    {
        null => null,
        PackScalar { Quoted: false } scalar when decimal.TryParse(scalar.Text,
            NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) => number,
        var other => Wrong<decimal?>(other, key, "a number", "数字", null),
    };

    public bool Boolean(string key) => OptionalBoolean(key) ?? Missing(key, false);

    public bool? OptionalBoolean(string key) => Find(key) switch
    {
        null => null,
        PackScalar { Quoted: false, Text: "true" } => true,
        PackScalar { Quoted: false, Text: "false" } => false,
        var other => Wrong<bool?>(other, key, "true or false", "true 或 false", null),
    };

    /// <summary>A word of a closed list, written in kebab case ("country-of-birth").</summary>
    public T Choice<T>(string key) where T : struct, Enum => OptionalChoice<T>(key) ?? Missing<T>(key, default);

    public T? OptionalChoice<T>(string key) where T : struct, Enum
    {
        var found = Find(key);
        if (found is not PackScalar scalar)
        {
            return found is null ? null : Wrong<T?>(found, key, "a word", "一个词", null);
        }

        if (Words.TryParse<T>(scalar.Text, out var value))
        {
            return value;
        }

        UnknownWord(scalar, key, scalar.Text, Words.All<T>());
        return null;
    }

    /// <summary>A text in several languages: a mapping from language tag to text.</summary>
    public LocalText Texts(string key) => OptionalTexts(key) ?? Missing(key, LocalText.Empty);

    public LocalText? OptionalTexts(string key)
    {
        var found = Find(key);
        if (found is not PackMapping mapping)
        {
            return found is null ? null : Wrong<LocalText?>(found, key, "texts by language (en, zh)", "按语言给出的文字（en、zh）", null);
        }

        var texts = new List<KeyValuePair<string, string>>();
        foreach (var entry in mapping.Entries)
        {
            if (entry.Value is PackScalar scalar)
            {
                texts.Add(new(entry.Key, scalar.Text));
            }
            else
            {
                _ = Wrong(entry.Value, entry.Key, "a text", "文字", "");
            }
        }

        return new LocalText(texts);
    }

    public IReadOnlyList<string> TextList(string key) => Find(key) switch
    {
        null => [],
        PackSequence list => [.. list.Items.OfType<PackScalar>().Select(item => item.Text).Take(Flat(list, key))],
        var other => Wrong<IReadOnlyList<string>>(other, key, "a list of texts", "文字列表", []),
    };

    public PackCursor? Mapping(string key) => OptionalMapping(key) ?? Missing<PackCursor?>(key, null);

    public PackCursor? OptionalMapping(string key) => Find(key) switch
    {
        null => null,
        PackMapping mapping => new(file, mapping, errors),
        var other => Wrong<PackCursor?>(other, key, "a mapping", "映射", null),
    };

    /// <summary>The mappings of a list; empty when the key is absent.</summary>
    public IReadOnlyList<PackCursor> List(string key)
    {
        var found = Find(key);
        if (found is not PackSequence list)
        {
            return found is null ? [] : Wrong<IReadOnlyList<PackCursor>>(found, key, "a list", "列表", []);
        }

        var cursors = new List<PackCursor>(list.Items.Count);
        foreach (var item in list.Items)
        {
            if (item is PackMapping mapping)
            {
                cursors.Add(new(file, mapping, errors));
            }
            else
            {
                _ = Wrong(item, key, "a mapping", "映射", 0);
            }
        }

        return cursors;
    }

    /// <summary>The entries of a mapping whose keys are free (ids); each value as cursor.</summary>
    public IReadOnlyList<(string Key, PackPosition At, PackCursor Value)> Entries(string key) =>
        OptionalMapping(key) is { } map
            ? [.. map.Node.Entries.Where(entry => entry.Value is PackMapping || Wrong(entry.Value, entry.Key, "a mapping", "映射", false))
                .Select(entry => (entry.Key, entry.At, new PackCursor(file, (PackMapping)entry.Value, errors)))]
            : [];

    /// <summary>Refuses every key that nobody asked for.</summary>
    public void RefuseOthers()
    {
        foreach (var entry in node.Entries.Where(entry => !_asked.Contains(entry.Key)))
        {
            Unknown(entry.At, $"The field \"{entry.Key}\" is not known here.", $"此处没有字段“{entry.Key}”。",
                "pack.unknown-field", Suggestion.For(entry.Key, _asked));
        }
    }

    /// <summary>Adds an error at this mapping.</summary>
    public void Fault(string code, string en, string zh) => errors.Add(file, node.At, code, en, zh);

    /// <summary>Adds an error at one field of this mapping.</summary>
    public void Fault(string key, string code, string en, string zh) =>
        errors.Add(file, node.Find(key)?.Value.At ?? node.At, code, en, zh);

    internal void UnknownWord(PackNode at, string key, string word, IEnumerable<string> known)
    {
        var all = known.ToList();
        Unknown(at.At, $"\"{word}\" is not a value of \"{key}\"; known: {string.Join(", ", all.Take(20))}.",
            $"“{word}”不是“{key}”的取值；可用：{string.Join("、", all.Take(20))}。", "pack.unknown-word", Suggestion.For(word, all));
    }

    private void Unknown(PackPosition at, string en, string zh, string code, string? suggestion)
    {
        if (suggestion is null)
        {
            errors.Add(file, at, code, en, zh);
        }
        else
        {
            errors.Add(file, at, code, en, zh, $"Did you mean \"{suggestion}\"?", $"是否指“{suggestion}”？");
        }
    }

    private int Flat(PackSequence list, string key)
    {
        foreach (var item in list.Items.Where(item => item is not PackScalar))
        {
            _ = Wrong(item, key, "a text", "文字", 0);
        }

        return int.MaxValue;
    }

    private T Missing<T>(string key, T standIn)
    {
        if (node.Find(key) is null)
        {
            errors.Add(file, node.At, "pack.missing-field", $"The field \"{key}\" is missing.", $"缺少字段“{key}”。");
        }

        return standIn;
    }

    private T Wrong<T>(PackNode at, string key, string expectedEn, string expectedZh, T standIn)
    {
        errors.Add(file, at.At, "pack.wrong-shape", $"\"{key}\" must be {expectedEn}.", $"“{key}”必须是{expectedZh}。");
        return standIn;
    }
}
