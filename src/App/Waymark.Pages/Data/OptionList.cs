using System.Text;
using System.Text.Encodings.Web;
using System.Text.Unicode;

namespace Waymark.Pages.Data;

/// <summary>
/// The options of a select as text, encoded once for a series and a language: a field of three hundred areas is copied into a
/// page, not built again element by element. Chosen codes are marked where they stand.
/// </summary>
public sealed class OptionList
{
    private static readonly HtmlEncoder Encoder = HtmlEncoder.Create(UnicodeRanges.All);
    private readonly string _text;
    private readonly Dictionary<string, int> _marks = new(StringComparer.Ordinal);

    public OptionList(IEnumerable<(string Code, string Name)> options)
    {
        var text = new StringBuilder();
        foreach (var (code, name) in options)
        {
            text.Append("<option value=\"").Append(Encoder.Encode(code)).Append('"');
            _marks[code] = text.Length;
            text.Append('>').Append(Encoder.Encode(name)).Append("</option>");
        }

        _text = text.ToString();
    }

    /// <summary>The options with these codes selected; codes that are no option are left out.</summary>
    public string With(IEnumerable<string> chosen)
    {
        var marks = chosen.Where(_marks.ContainsKey).Select(code => _marks[code]).Distinct().Order().ToList();
        if (marks.Count == 0)
        {
            return _text;
        }

        var text = new StringBuilder(_text.Length + (marks.Count * 9));
        var from = 0;
        foreach (var mark in marks)
        {
            text.Append(_text, from, mark - from).Append(" selected");
            from = mark;
        }

        return text.Append(_text, from, _text.Length - from).ToString();
    }
}
