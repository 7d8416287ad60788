using Waymark.Evidence.Contracts;
using Waymark.Model;

namespace Waymark.App.Sdmx;

/// <summary>
/// The value of <c>c[COMPONENT]</c> (SDMX-REST 2.2, doc/data.md): <c>,</c> is OR, <c>+</c> is AND and binds tighter, an operator
/// stands before each value (<c>ge:2010</c>), <c>eq</c> when there is none.
/// </summary>
public static class FilterGrammar
{
    private const int MostTerms = 1_000;
    private static readonly HashSet<string> s_operators = ["eq", "ne", "lt", "le", "gt", "ge", "co", "nc", "sw", "ew"];

    public static Result<DimensionFilter> Parse(string component, string text)
    {
        var alternatives = new List<IReadOnlyList<FilterTerm>>();
        var count = 0;
        foreach (var alternative in text.Split(','))
        {
            var terms = new List<FilterTerm>();
            foreach (var term in alternative.Split('+'))
            {
                if (++count > MostTerms)
                {
                    return Error.TooLarge("sdmx.filter-too-long", $"More than {MostTerms} values.", $"超过 {MostTerms} 个取值。", $"c[{component}]");
                }

                var read = Term(term);
                if (read is null)
                {
                    return Error.Invalid("sdmx.filter", $"\"{term}\" is not a value with an operator.", $"“{term}”不是带算符的取值。", $"c[{component}]")
                        .WithHint("Operators are eq ne lt le gt ge co nc sw ew, as in ge:2010.", "算符为 eq ne lt le gt ge co nc sw ew，如 ge:2010。");
                }

                terms.Add(read);
            }

            alternatives.Add(terms);
        }

        return new DimensionFilter(component, alternatives);
    }

    // A colon may be part of a value ("urn:sdmx"), so only a known word before it is an operator; two letters that are none are refused.
    private static FilterTerm? Term(string text)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        if (colon == 2)
        {
            var word = text[..2];
            return s_operators.Contains(word) && text.Length > 3 ? new(word, text[3..]) : null;
        }

        return text.Length == 0 ? null : new("eq", text);
    }
}
