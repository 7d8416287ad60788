using System.Globalization;
using System.Text;
using Waymark.Model;
using Waymark.Statistics.Measures;

namespace Waymark.Statistics.Sentences;

/// <summary>
/// A sentence of a report and the claim it stands on. The template comes from a pack in every language of ours; its
/// placeholders <c>{name}</c> or <c>{name:format}</c> are facts of the claim. The sentence is rendered only while its claim
/// holds: when the data change, it fails with the datum that contradicts it (feature sentences of S001).
/// </summary>
/// <remarks>
/// Formats: <c>n2</c> two decimals, half up; <c>million1</c>, <c>billion2</c> in millions or billions; <c>wan0</c>,
/// <c>yi2</c> in 万 (10⁴) or 亿 (10⁸); without a format a number is shown exactly. Doubled braces are literal.
/// </remarks>
public sealed record TrendSentence(string Id, LocalText Template, Claim Claim)
{
    private static readonly string[] Languages = ["en", "zh"];

    /// <summary>The sentence in English and Chinese and whatever other language the template has.</summary>
    public Result<LocalText> Render(ClaimData data)
    {
        var missing = Array.Find(Languages, language => !Template.Languages.Contains(language));
        if (missing is not null)
        {
            return Error.Invalid("sentence.language", $"The sentence '{Id}' has no text in '{missing}'.", $"句子“{Id}”缺少“{missing}”文本。", Id);
        }

        return Claim.Check(data).Then(facts =>
        {
            List<KeyValuePair<string, string>> texts = [];
            foreach (var (language, template) in Template)
            {
                var text = Fill(template, facts, language);
                if (!text.IsOk)
                {
                    return text.Error;
                }

                texts.Add(new(language, text.Value));
            }

            return Result<LocalText>.Ok(new(texts));
        });
    }

    private Result<string> Fill(string template, IReadOnlyDictionary<string, Fact> facts, string language)
    {
        var text = new StringBuilder();
        for (var i = 0; i < template.Length; i++)
        {
            var sign = template[i];
            if (sign is '{' or '}' && i + 1 < template.Length && template[i + 1] == sign)
            {
                text.Append(sign);
                i++;
            }
            else if (sign == '{')
            {
                var end = template.IndexOf('}', i);
                var parts = end < 0 ? [] : template[(i + 1)..end].Split(':');
                if (parts.Length is 0 or > 2 || !facts.TryGetValue(parts[0], out var fact) || Show(fact, parts.ElementAtOrDefault(1), language) is not { } shown)
                {
                    return Error.Invalid("sentence.placeholder",
                        $"'{Id}' ({language}): '{(end < 0 ? template[i..] : template[i..(end + 1)])}' is not a fact of its claim. It has: {string.Join(", ", facts.Keys.Order(StringComparer.Ordinal))}.",
                        $"“{Id}”（{language}）：“{(end < 0 ? template[i..] : template[i..(end + 1)])}”不是该论断的数据项。现有：{string.Join("、", facts.Keys.Order(StringComparer.Ordinal))}。", Id);
                }

                text.Append(shown);
                i = end;
            }
            else
            {
                text.Append(sign);
            }
        }

        return text.ToString();
    }

    private static string? Show(Fact fact, string? format, string language)
    {
        if (fact.Number is not { } number)
        {
            return format is null ? fact.Text?.In(language) : null;
        }

        if (format is null)
        {
            return number.ToString("#,0.############################", CultureInfo.InvariantCulture);
        }

        var unit = format.TrimEnd('0', '1', '2', '3', '4', '5', '6', '7', '8', '9');
        decimal? divisor = unit switch
        {
            "n" => 1,
            "million" => 1_000_000,
            "billion" => 1_000_000_000,
            "wan" => 10_000,
            "yi" => 100_000_000,
            _ => null,
        };
        return divisor is null || !int.TryParse(format[unit.Length..], NumberStyles.None, CultureInfo.InvariantCulture, out var decimals) || decimals > 12
            ? null
            : Rounding.HalfUp(number / divisor.Value, decimals).ToString("N" + decimals.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
    }
}
