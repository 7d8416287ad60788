using System.Globalization;
using System.Text.RegularExpressions;

namespace Waymark.Packs;

/// <summary>
/// A published schema of one kind of pack: the subset of JSON Schema that packs need (type, properties, required, enum, pattern,
/// items, additionalProperties, propertyNames, minItems, maxItems, minimum, maximum, description). Files named
/// <c>schema/KIND.schema.json</c>; any JSON Schema editor can use them. <c>x-extensible: true</c> at the root lets an operator's pack
/// of the same id add to a built-in one.
/// </summary>
public sealed class PackSchema
{
    public required IReadOnlyList<string> Types { get; init; }

    public IReadOnlyDictionary<string, PackSchema> Properties { get; init; } = new Dictionary<string, PackSchema>();

    public IReadOnlyList<string> Required { get; init; } = [];

    public IReadOnlyList<string>? Enum { get; init; }

    public Regex? Pattern { get; init; }

    public Regex? PropertyNames { get; init; }

    public PackSchema? Items { get; init; }

    /// <summary>The schema of keys not listed; null when <see cref="AllowsOthers"/> decides alone.</summary>
    public PackSchema? AdditionalProperties { get; init; }

    public bool AllowsOthers { get; init; } = true;

    public int MinItems { get; init; }

    public int MaxItems { get; init; } = int.MaxValue;

    public decimal? Minimum { get; init; }

    public decimal? Maximum { get; init; }

    public bool IsExtensible { get; init; }

    public string? Description { get; init; }

    /// <summary>Adds every departure of <paramref name="node"/> from the schema, each at its place.</summary>
    public void Validate(PackNode node, string file, PackErrors errors, string name = "")
    {
        if (Types.Count > 0 && !Types.Any(type => IsOf(type, node)))
        {
            errors.Add(file, node.At, "pack.wrong-shape", $"\"{name}\" must be {string.Join(" or ", Types)}.{QuoteHint(node, "en")}",
                $"“{name}”的类型必须是 {string.Join("、", Types)}。{QuoteHint(node, "zh")}");
            return;
        }

        switch (node)
        {
            case PackScalar scalar:
                ValidateScalar(scalar, file, errors, name);
                break;
            case PackSequence list:
                ValidateList(list, file, errors, name);
                break;
            case PackMapping mapping:
                ValidateMapping(mapping, file, errors, name);
                break;
        }
    }

    private void ValidateScalar(PackScalar scalar, string file, PackErrors errors, string name)
    {
        if (Enum is not null && !Enum.Contains(scalar.Text))
        {
            var nearest = Suggestion.For(scalar.Text, Enum);
            var (en, zh) = ($"\"{Short(scalar.Text)}\" is not a value of \"{name}\"; known: {string.Join(", ", Enum.Take(20))}.",
                $"“{Short(scalar.Text)}”不是“{name}”的取值；可用：{string.Join("、", Enum.Take(20))}。");
            if (nearest is null)
            {
                errors.Add(file, scalar.At, "pack.unknown-word", en, zh);
            }
            else
            {
                errors.Add(file, scalar.At, "pack.unknown-word", en, zh, $"Did you mean \"{nearest}\"?", $"是否指“{nearest}”？");
            }
        }

        if (Pattern is not null && !Pattern.IsMatch(scalar.Text))
        {
            var foreign = Identifiers.FirstForeignLetter(scalar.Text);
            errors.Add(file, scalar.At, "pack.pattern",
                $"\"{Short(scalar.Text)}\" does not have the form of \"{name}\".{(foreign is null ? "" : $" It holds the letter {foreign}.")}",
                $"“{Short(scalar.Text)}”不符合“{name}”的格式。{(foreign is null ? "" : $"其中含有字符 {foreign}。")}");
        }

        if ((Minimum ?? Maximum) is not null && decimal.TryParse(scalar.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            && (number < Minimum || number > Maximum))
        {
            errors.Add(file, scalar.At, "pack.out-of-range", $"\"{name}\" is outside {Minimum}..{Maximum}.", $"“{name}”超出 {Minimum}..{Maximum}。");
        }
    }

    private void ValidateList(PackSequence list, string file, PackErrors errors, string name)
    {
        if (list.Items.Count < MinItems || list.Items.Count > MaxItems)
        {
            errors.Add(file, list.At, "pack.count", $"\"{name}\" has {list.Items.Count} items; allowed: {MinItems} to {MaxItems}.",
                $"“{name}”有 {list.Items.Count} 项，允许 {MinItems} 至 {MaxItems} 项。");
        }

        if (Items is not null)
        {
            foreach (var item in list.Items)
            {
                Items.Validate(item, file, errors, name);
            }
        }
    }

    private void ValidateMapping(PackMapping mapping, string file, PackErrors errors, string name)
    {
        foreach (var missing in Required.Where(key => mapping.Find(key) is null))
        {
            errors.Add(file, mapping.At, "pack.missing-field", $"The field \"{missing}\" is missing.", $"缺少字段“{missing}”。");
        }

        foreach (var entry in mapping.Entries)
        {
            if (Properties.TryGetValue(entry.Key, out var schema))
            {
                schema.Validate(entry.Value, file, errors, entry.Key);
            }
            else if (PropertyNames is not null && !PropertyNames.IsMatch(entry.Key))
            {
                var foreign = Identifiers.FirstForeignLetter(entry.Key);
                errors.Add(file, entry.At, "pack.pattern",
                    $"The key \"{Short(entry.Key)}\" does not have the form asked for.{(foreign is null ? "" : $" It holds the letter {foreign}.")}",
                    $"键“{Short(entry.Key)}”不符合要求的格式。{(foreign is null ? "" : $"其中含有字符 {foreign}。")}");
            }
            else if (AdditionalProperties is not null)
            {
                AdditionalProperties.Validate(entry.Value, file, errors, entry.Key);
            }
            else if (!AllowsOthers)
            {
                Unknown(entry, file, errors);
            }
        }

        _ = name;
    }

    private void Unknown(PackEntry entry, string file, PackErrors errors)
    {
        var (en, zh) = ($"The field \"{Short(entry.Key)}\" is not known here.", $"此处没有字段“{Short(entry.Key)}”。");
        if (Suggestion.For(entry.Key, Properties.Keys) is { } nearest)
        {
            errors.Add(file, entry.At, "pack.unknown-field", en, zh, $"Did you mean \"{nearest}\"?", $"是否指“{nearest}”？");
        }
        else
        {
            errors.Add(file, entry.At, "pack.unknown-field", en, zh);
        }
    }

    private static bool IsOf(string type, PackNode node) => type switch
    {
        "object" => node is PackMapping,
        "array" => node is PackSequence,
        "string" => node is PackScalar { Quoted: true } || (node is PackScalar word && !LooksLikeNumber(word.Text) && word.Text is not ("true" or "false")),
        "boolean" => node is PackScalar { Quoted: false, Text: "true" or "false" },
        "integer" => node is PackScalar { Quoted: false } whole
            && long.TryParse(whole.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _),
        "number" => node is PackScalar { Quoted: false } number && LooksLikeNumber(number.Text),
        _ => false,
    };

    private static bool LooksLikeNumber(string text) => decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out _);

    private static string QuoteHint(PackNode node, string language) => node is PackScalar { Quoted: false }
        ? language == "en" ? " A text that looks like a number or a truth value needs quotes." : "形似数字或真假值的文字须加引号。" : "";

    private static string Short(string text) => text.Length > 80 ? text[..80] + "…" : text;
}
