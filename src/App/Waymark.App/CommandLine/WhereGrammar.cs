using System.Text.RegularExpressions;
using Waymark.Evidence.Contracts;
using Waymark.Model;

namespace Waymark.App.CommandLine;

/// <summary>
/// Reads <c>--where</c>: conditions joined by <c>;</c> (and), values joined by <c>|</c> (or). <c>area=DEU|FRA</c>,
/// <c>sex!=total</c>, <c>area.kind=country</c>, <c>value&gt;=10</c>, <c>name~text</c> (contains), <c>!~</c>, <c>^=</c> (starts), <c>$=</c> (ends).
/// A value that holds <c>;</c> or <c>|</c> stands in double quotes.
/// </summary>
public static partial class WhereGrammar
{
    private const int LongestText = 8_192;

    public static Result<IReadOnlyList<DimensionFilter>> Parse(string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return Result<IReadOnlyList<DimensionFilter>>.Ok([]);
        }

        if (text.Length > LongestText)
        {
            return Error.TooLarge("where.too-long", $"The condition is longer than {LongestText} characters.", $"条件超过 {LongestText} 个字符。");
        }

        var filters = new List<DimensionFilter>();
        foreach (var (part, at) in Split(text, ';'))
        {
            if (part.Trim().Length == 0)
            {
                continue;
            }

            var match = Condition().Match(part);
            if (!match.Success)
            {
                return Error.Invalid("where.unreadable", $"\"{part.Trim()}\" is not a condition.", $"“{part.Trim()}”不是条件。", $"where:{at + 1}")
                    .WithHint("Write dimension=VALUE|VALUE, with != >= <= > < ~ !~ ^= $= as needed.", "请写成 维度=值|值，可用 != >= <= > < ~ !~ ^= $=。");
            }

            var (dimension, sign) = (match.Groups["dimension"].Value, match.Groups["sign"].Value);
            var values = Split(match.Groups["values"].Value, '|').Select(value => Unquote(value.Part.Trim())).ToList();
            if (values.Exists(value => value.Length == 0))
            {
                return Error.Invalid("where.no-value", $"A value is missing in \"{part.Trim()}\".", $"“{part.Trim()}”缺少取值。", $"where:{at + 1}");
            }

            filters.Add(ToFilter(dimension, sign, values));
        }

        return filters;
    }

    private static DimensionFilter ToFilter(string dimension, string sign, List<string> values)
    {
        var word = sign switch
        {
            "!=" => "ne", ">=" => "ge", "<=" => "le", ">" => "gt", "<" => "lt", "~" => "co", "!~" => "nc", "^=" => "sw", "$=" => "ew", _ => "eq",
        };
        var terms = values.Select(value => new FilterTerm(word, value)).ToList();

        // "not A or B" is meant as neither, so a negation over several values is a conjunction.
        return word is "ne" or "nc"
            ? new(dimension, [terms])
            : new(dimension, [.. terms.Select(term => (IReadOnlyList<FilterTerm>)[term])]);
    }

    private static string Unquote(string value) =>
        value is ['"', .., '"'] && value.Length >= 2 ? value[1..^1].Replace("\"\"", "\"", StringComparison.Ordinal) : value;

    private static IEnumerable<(string Part, int At)> Split(string text, char separator)
    {
        var (start, quoted) = (0, false);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '"')
            {
                quoted = !quoted;
            }
            else if (text[i] == separator && !quoted)
            {
                yield return (text[start..i], start);
                start = i + 1;
            }
        }

        yield return (text[start..], start);
    }

    [GeneratedRegex(@"^\s*(?<dimension>[\p{L}_][\p{L}\p{N}_.-]*?)\s*(?<sign>!=|>=|<=|!~|\^=|\$=|=|>|<|~)\s*(?<values>.*)$",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.Singleline, matchTimeoutMilliseconds: 200)]
    private static partial Regex Condition();
}
