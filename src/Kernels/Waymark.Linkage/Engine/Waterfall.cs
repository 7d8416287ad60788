using System.Globalization;
using System.Text;

namespace Waymark.Linkage;

/// <summary>An explanation for people: reasons first, the score last; as text and as a drawing with the same words.</summary>
public static class Waterfall
{
    private const int Width = 760;
    private const int RowHeight = 24;
    private const int BarsFrom = 400;
    private const int BarsTo = 720;

    private static readonly Dictionary<string, string> s_names = new(StringComparer.Ordinal)
    {
        ["name"] = "姓名", ["name across scripts"] = "姓名（跨文字）", ["birth date"] = "出生日期", ["sex"] = "性别", ["together"] = "相互关联", ["links around it"] = "周围的链接", ["review"] = "人工核对",
    };

    /// <summary>Lines of text in "en" or "zh".</summary>
    public static string Words(PairExplanation why, string language)
    {
        var text = new StringBuilder();
        foreach (var (label, words, bits) in Rows(why, language))
        {
            text.Append(CultureInfo.InvariantCulture, $"  {bits,7:+0.0;-0.0;0.0}  {label}{(words.Length == 0 ? "" : language == "zh" ? "：" : ": ")}{words}\n");
        }

        return text.Append(CultureInfo.InvariantCulture, $"  {why.Weight,7:+0.0;-0.0;0.0}  {Total(why, language)}\n").ToString();
    }

    /// <summary>One drawing with a waterfall per pair, with a title and a description for those who do not see it.</summary>
    public static string Svg(IReadOnlyList<(string Title, PairExplanation Why)> pairs, string language)
    {
        var height = pairs.Sum(p => SheetHeight(p.Why)) + 8;
        var svg = new StringBuilder();
        svg.Append(CultureInfo.InvariantCulture, $"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {Width} {height}\" width=\"{Width}\" height=\"{height}\" role=\"img\" lang=\"{language}\" font-family=\"system-ui, sans-serif\" font-size=\"13\">\n");
        var top = 0;
        foreach (var (title, why) in pairs)
        {
            Sheet(svg, title, why, language, top);
            top += SheetHeight(why);
        }

        return svg.Append("</svg>\n").ToString();
    }

    private static int SheetHeight(PairExplanation why) => ((why.Steps.Count + 3) * RowHeight) + 12;

    private static void Sheet(StringBuilder svg, string title, PairExplanation why, string language, int top)
    {
        var rows = Rows(why, language).Append((Label: Total(why, language), Words: "", Bits: why.Weight)).ToList();
        var (low, high, at) = (Math.Min(0, why.Weight), Math.Max(0, why.Weight), 0.0);
        foreach (var row in rows.SkipLast(1))
        {
            at += row.Bits;
            (low, high) = (Math.Min(low, at), Math.Max(high, at));
        }

        double X(double bits) => BarsFrom + ((bits - low) / Math.Max(1, high - low) * (BarsTo - BarsFrom));
        svg.Append(CultureInfo.InvariantCulture, $"<g transform=\"translate(0 {top})\"><title>{Escape(title)}</title><desc>{Escape(Words(why, language).Trim())}</desc>\n");
        svg.Append(CultureInfo.InvariantCulture, $"<text x=\"8\" y=\"20\" font-weight=\"bold\">{Escape(title)}</text>\n");
        svg.Append(CultureInfo.InvariantCulture, $"<path d=\"M{X(0):0.#} 28V{(rows.Count + 1) * RowHeight + 6}\" stroke=\"#767676\"/>\n");
        at = 0;
        for (var i = 0; i < rows.Count; i++)
        {
            var last = i == rows.Count - 1;
            var (from, to) = last ? (0, why.Weight) : (at, at + rows[i].Bits);
            at = to;
            var y = (i + 1) * RowHeight + 8;
            var text = rows[i].Label + (rows[i].Words.Length == 0 ? "" : (language == "zh" ? "：" : ": ") + rows[i].Words);
            svg.Append(CultureInfo.InvariantCulture, $"<text x=\"8\" y=\"{y + 15}\"{(last ? " font-weight=\"bold\"" : "")}>{Escape(Short(text))}</text>");
            svg.Append(CultureInfo.InvariantCulture, $"<rect x=\"{Math.Min(X(from), X(to)):0.#}\" y=\"{y + 3}\" width=\"{Math.Max(1, Math.Abs(X(to) - X(from))):0.#}\" height=\"16\" fill=\"{(last ? "#404040" : rows[i].Bits < 0 ? "#b35806" : "#2166ac")}\"/>");
            svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{Math.Max(X(from), X(to)) + 4:0.#}\" y=\"{y + 15}\">{rows[i].Bits:+0.0;-0.0;0.0}</text>\n");
        }

        svg.Append("</g>\n");
    }

    private static IEnumerable<(string Label, string Words, double Bits)> Rows(PairExplanation why, string language) =>
        why.Steps.Select(s => (language == "zh" && s_names.TryGetValue(s.Field, out var name) ? name : s.Field, s.Finding.In(language), s.Bits))
            .Prepend((language == "zh" ? "起点（此类候选中同一人的比例）" : "start (share of one person among such candidates)", "", why.StartBits));

    private static string Total(PairExplanation why, string language) => language == "zh"
        ? string.Create(CultureInfo.InvariantCulture, $"合计（比特）；概率 {why.Probability:0.000}")
        : string.Create(CultureInfo.InvariantCulture, $"sum (bits); probability {why.Probability:0.000}");

    private static string Short(string text) => text.Length <= 56 ? text : text[..55] + "…";

    private static string Escape(string text)
    {
        var clean = new StringBuilder(text.Length);
        foreach (var c in text)
        {
            clean.Append(c switch { '&' => "&amp;", '<' => "&lt;", '>' => "&gt;", '"' => "&quot;", < ' ' and not '\n' => " ", _ => c.ToString() });
        }

        return clean.ToString();
    }
}
