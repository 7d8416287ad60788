using System.Globalization;
using System.Text;
using Waymark.Model.Rules;

namespace Waymark.Packs.Content;

/// <summary>
/// Pages made from the rule packs: which rules carry which statement of the sources, and what organisations and laws say on each
/// principle. Every cell has a citation and says whether anybody has verified it.
/// </summary>
public sealed class RulePages(RuleDocuments documents, TracePack trace)
{
    private static readonly string[] Modalities = ["permit", "prohibit", "oblige", "derogate"];

    private readonly List<(RulePackDocument Pack, RuleDocument Rule)> _rules =
        [.. documents.Packs.OrderByDescending(pack => pack.IsFloor).ThenBy(pack => pack.Id, StringComparer.Ordinal).SelectMany(pack => pack.Rules.Select(rule => (pack, rule)))];

    /// <summary>Markdown: statements R01 to R61 with the rules that carry them, then the packs with what they hold.</summary>
    public string Statements(string language)
    {
        var zh = language == "zh";
        var page = new StringBuilder();
        Line(page, zh ? "# 文献陈述与规则" : "# Statements of the sources and their rules");
        Line(page);
        Line(page, zh ? "由规则包生成（`packs/rules`、`packs/traces`），请勿手改。引注状态：无人对照官方文本核实者标“未核实”；依据：文献、查得、一般知识。"
            : "Made from the rule packs (`packs/rules`, `packs/traces`); do not edit by hand. A citation that nobody has checked against the official text is \"unverified\"; basis: seed, found, general.");
        Line(page);
        Line(page, zh ? "| 陈述 | 出处 | 规则 |" : "| Statement | Where | Rules |");
        Line(page, "|---|---|---|");
        foreach (var statement in trace.Statements)
        {
            var rules = _rules.Where(pair => pair.Rule.Seeds.Contains(statement.Id)).Select(pair => Cell(pair.Rule, language)).ToList();
            Line(page, $"| **{statement.Id}** {Safe(statement.Text.In(language))} | {Safe(statement.Where)} | {(rules.Count > 0 ? string.Join("<br>", rules) : Safe(statement.Elsewhere?.In(language) ?? ""))} |");
        }

        Line(page);
        Line(page, zh ? "## 规则包" : "## Packs");
        Line(page);
        Line(page, zh ? "| 包 | 文书 | 许可 | 禁止 | 义务 | 例外 | 测试 | 未核实 |" : "| Pack | Instrument | Permit | Prohibit | Oblige | Exceptions | Tests | Unverified |");
        Line(page, "|---|---|---|---|---|---|---|---|");
        foreach (var pack in documents.Packs.OrderByDescending(pack => pack.IsFloor).ThenBy(pack => pack.Id, StringComparer.Ordinal))
        {
            var numbers = Modalities.Select(modality => pack.Rules.Count(rule => rule.Modality.Text == modality))
                .Append(pack.Scenarios.Count).Append(RuleRows.Unverified(pack).Count).Select(count => count.ToString(CultureInfo.InvariantCulture));
            Line(page, $"| `{pack.Id}` | {Safe(pack.Instrument.In(language))} | {string.Join(" | ", numbers)} |");
        }

        return page.ToString();
    }

    /// <summary>Markdown: per principle, what each organisation and law says.</summary>
    public string Comparison(string language)
    {
        var zh = language == "zh";
        var page = new StringBuilder();
        Line(page, zh ? "# 组织、原则与法律比较" : "# Organisations, principles and law compared");
        Line(page);
        Line(page, zh ? "由规则包生成，请勿手改。空格表示所附规则包对此无规定，不等于该文书无规定。"
            : "Made from the rule packs; do not edit by hand. An empty cell means that the pack shipped here holds no rule on it, not that the instrument is silent.");
        Line(page);
        var packs = documents.Packs.Where(pack => pack.Rules.Count > 0).OrderByDescending(pack => pack.IsFloor).ThenBy(pack => pack.Id, StringComparer.Ordinal).ToList();
        Line(page, $"| {(zh ? "文书" : "Instrument")} | {string.Join(" | ", trace.Principles.Select(principle => Safe(principle.Name.In(language))))} |");
        Line(page, $"|---|{string.Concat(trace.Principles.Select(_ => "---|"))}");
        foreach (var pack in packs)
        {
            var counts = trace.Principles.Select(principle => pack.Rules.Count(rule => principle.Topics.Contains(rule.Topic)));
            Line(page, $"| {Safe(pack.InstrumentId)} `{pack.Id}` | {string.Join(" | ", counts.Select(count => count == 0 ? " " : count.ToString(CultureInfo.InvariantCulture)))} |");
        }

        foreach (var principle in trace.Principles)
        {
            Line(page);
            Line(page, $"## {principle.Name.In(language)}");
            Line(page);
            Line(page, zh ? "| 文书 | 规定 | 引注 |" : "| Instrument | What it says | Citation |");
            Line(page, "|---|---|---|");
            foreach (var (pack, rule) in packs.SelectMany(pack => pack.Rules.Where(rule => principle.Topics.Contains(rule.Topic)).Select(rule => (pack, rule))))
            {
                Line(page, $"| {Safe(pack.Instrument.In(language))} | **{rule.Id}** {Modality(rule, zh)}{(zh ? "：" : ": ")}{Safe(rule.Text.In(language))} | {Citations(rule, zh)} |");
            }
        }

        return page.ToString();
    }

    private static string Cell(RuleDocument rule, string language)
    {
        var zh = language == "zh";
        return $"{rule.Id} ({Modality(rule, zh)}; {Citations(rule, zh)})";
    }

    private static string Citations(RuleDocument rule, bool zh) => string.Join("; ", rule.Cites.Select(cite => $"{Safe(cite.Article)}, {Status(cite, zh)}"));

    private static string Status(CitationDocument cite, bool zh) => (cite.Status == "verified", zh) switch
    {
        (true, false) => $"verified, {cite.Basis}",
        (true, true) => $"已核实，{Basis(cite.Basis)}",
        (false, false) => $"unverified, {cite.Basis}",
        _ => $"未核实，{Basis(cite.Basis)}",
    };

    private static string Basis(string basis) => basis switch { "seed" => "文献", "found" => "查得", _ => "一般知识" };

    private static string Modality(RuleDocument rule, bool zh) => rule.Modality.Text switch
    {
        "permit" => zh ? "许可" : "permit",
        "prohibit" => zh ? "禁止" : "prohibit",
        "derogate" => zh ? "例外" : "exception",
        _ => rule.Kind?.Text == "duty" ? (zh ? "职责" : "duty") : (zh ? "先决条件" : "pre-condition"),
    };

    private static string Safe(string text) => text.ReplaceLineEndings(" ").Replace("|", "\\|", StringComparison.Ordinal).Trim();

    private static void Line(StringBuilder page, string text = "") => page.Append(text).Append('\n');
}
