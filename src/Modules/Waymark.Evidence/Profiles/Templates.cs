using System.Text.RegularExpressions;

namespace Waymark.Evidence.Profiles;

/// <summary>Finds a variable by name; null when it has no value here.</summary>
public delegate string? VariableLookup(string name);

/// <summary>A text with <c>{name}</c>, <c>{name:lower}</c>, <c>{name:slug}</c> and <c>{a|b}</c> (the first that is filled).</summary>
public sealed partial class Template
{
    private readonly List<(string Literal, (string Name, string Form)[] Alternatives)> _parts = [];

    public Template(string source)
    {
        Source = source;
        var at = 0;
        foreach (Match match in Hole().Matches(source))
        {
            _parts.Add((source[at..match.Index], [.. match.Groups["in"].Value.Split('|').Select(part =>
            {
                var colon = part.IndexOf(':', StringComparison.Ordinal);
                return colon < 0 ? (part.Trim(), "") : (part[..colon].Trim(), part[(colon + 1)..].Trim());
            })]));
            at = match.Index + match.Length;
        }

        _parts.Add((source[at..], []));
    }

    public string Source { get; }

    public bool IsConstant => _parts.Count == 1;

    public IEnumerable<string> Variables => _parts.SelectMany(part => part.Alternatives).Select(alternative => alternative.Name);

    /// <summary>The text, or null when a variable it needs is empty.</summary>
    public string? Fill(VariableLookup lookup)
    {
        if (IsConstant)
        {
            return Source;
        }

        var text = "";
        foreach (var (literal, alternatives) in _parts)
        {
            text += literal;
            if (alternatives.Length == 0)
            {
                continue;
            }

            var value = "";
            foreach (var (name, form) in alternatives)
            {
                value = lookup(name) ?? "";
                value = form switch { "lower" => value.ToLowerInvariant(), "slug" => LabelText.Slug(value), _ => value };
                if (value.Length > 0)
                {
                    break;
                }
            }

            if (value.Length == 0)
            {
                return null;
            }

            text += value;
        }

        return text;
    }

    [GeneratedRegex(@"\{(?<in>[a-zA-Z][^{}]*)\}", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 250)]
    private static partial Regex Hole();
}

/// <summary>Texts to templates: exact (as labels) first, then regular expressions in order.</summary>
public sealed class TextMap
{
    private readonly Dictionary<string, Template> _exact = new(StringComparer.Ordinal);
    private readonly List<(Regex Pattern, Template Result)> _patterns = [];

    public TextMap(IEnumerable<KeyValuePair<string, string>> entries)
    {
        foreach (var (text, result) in entries)
        {
            if (text.Length > 2 && text[0] == '/' && text[^1] == '/')
            {
                _patterns.Add((LabelText.Regex(text[1..^1]), new(result)));
            }
            else
            {
                _exact[LabelText.Normalise(text)] = new(result);
            }
        }
    }

    public bool IsEmpty => _exact.Count == 0 && _patterns.Count == 0;

    /// <summary>The result for a text; captures of a matching pattern go to <paramref name="captures"/>.</summary>
    public string? Find(string text, VariableLookup lookup, Dictionary<string, string>? captures = null)
    {
        if (_exact.TryGetValue(LabelText.Normalise(text), out var exact))
        {
            return exact.Fill(lookup);
        }

        foreach (var (pattern, result) in _patterns)
        {
            var match = pattern.Match(LabelText.Tidy(text));
            if (match.Success)
            {
                var found = captures ?? [];
                Captures.Into(pattern, match, found);
                return result.Fill(name => found.GetValueOrDefault(name) ?? lookup(name));
            }
        }

        return null;
    }
}

/// <summary>A template, or a lookup of one text in a map with an optional way out (section 5.1 of the format).</summary>
public sealed record Choice(Template Text, TextMap? Map, Template? Else)
{
    public static Choice Of(string constant) => new(new(constant), null, null);

    public bool IsConstant => Map is null && Text.IsConstant;

    public IEnumerable<string> Variables => Text.Variables.Concat(Else?.Variables ?? []);

    public string? Evaluate(VariableLookup lookup)
    {
        var text = Text.Fill(lookup);
        if (Map is null)
        {
            return text;
        }

        return (text is null ? null : Map.Find(text, lookup)) ?? Else?.Fill(lookup);
    }
}

public static class Captures
{
    /// <summary>Named captures as variables; "_" in a name stands for "-".</summary>
    public static void Into(Regex pattern, Match match, IDictionary<string, string> into)
    {
        foreach (var name in pattern.GetGroupNames())
        {
            if (name != "0" && match.Groups[name] is { Success: true } group)
            {
                into[name.Replace('_', '-')] = group.Value.Trim();
            }
        }
    }
}
