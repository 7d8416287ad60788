using System.Globalization;
using System.Text;
using Waymark.Rules.Language;

namespace Waymark.Rules;

/// <summary>An explanation as lines for readers, in English or Chinese.</summary>
public static class ExplanationText
{
    private const int MostConsidered = 6;

    /// <param name="explanation">The explanation.</param>
    /// <param name="language">A BCP 47 tag; whatever is not Chinese reads English.</param>
    public static IReadOnlyList<string> Lines(Explanation explanation, string language) => new Writer(explanation, language).Run();

    /// <summary>Of these lines, those of the rules that stand in the way: they forbid, or ask for something first.</summary>
    public static IReadOnlyList<string> InTheWay(Explanation explanation, string language) => new Writer(explanation, language).InTheWay();

    private sealed class Writer(Explanation explanation, string language)
    {
        private readonly List<string> _lines = [];
        private readonly bool _chinese = language.StartsWith("zh", StringComparison.Ordinal);

        public List<string> Run()
        {
            _lines.Add(Outcome());
            foreach (var pack in explanation.Packs.Where(pack => pack.Outcome != PackOutcome.NotSelected))
            {
                Pack(pack);
            }

            foreach (var rule in explanation.Derogations)
            {
                _lines.Add(Say($"Derogation used: {Cited(rule)}", $"所用克减：{Cited(rule)}"));
            }

            foreach (var duty in explanation.Duties)
            {
                Duty(duty);
            }

            if (explanation.Missing.Count > 0)
            {
                _lines.Add(Say($"Not known: {string.Join("; ", explanation.Missing.Select(Named))}.", $"未知：{string.Join("；", explanation.Missing.Select(Named))}。"));
            }

            Nearest();
            return _lines;
        }

        public List<string> InTheWay() =>
        [
            .. explanation.Packs.Where(pack => pack.Outcome != PackOutcome.NotSelected).SelectMany(pack => pack.Rules)
                .Where(answer => answer.Role is RuleRole.Forbids or RuleRole.MayForbid or RuleRole.Unmet or RuleRole.MayBeUnmet).Select(Rule),
        ];

        private string Say(string en, string zh) => _chinese ? zh : en;

        private string Named(Fact fact) => Say($"{fact.Name.In(language)} ({fact.Id})", $"{fact.Name.In(language)}（{fact.Id}）");

        private string Outcome()
        {
            var packs = string.Join(Say(", ", "、"), explanation.Packs.Where(pack => pack.Outcome == PackOutcome.Permits).Select(pack => pack.Pack.Title.In(language)));
            return explanation.Decision.Ground switch
            {
                Ground.Permitted => Say($"Permitted by {packs}.", $"{packs}准予。"),
                Ground.Malformed => Say("Denied: the request lacks a fact that every request must carry.", "不准：请求缺少必备事实。"),
                Ground.ProfileBroken => Say($"Denied: packs of the controller's profile are absent or different: {Broken()}.", $"不准：控制者配置所列的包缺失或不同：{Broken()}。"),
                Ground.Prohibited => Say("Denied: a prohibition stands in the way.", "不准：存在禁止规定。"),
                Ground.Unmet => Say("Denied for now: a pre-condition is not met.", "暂不准：先决条件未满足。"),
                Ground.DutyNotAccepted => Say("Denied: a mandatory duty cannot be accepted here.", "不准：无法承担必须履行的义务。"),
                _ => Say("Denied: no permission surely holds in every pack that applies.", "不准：并非每个适用的包都有确定成立的许可。"),
            };
        }

        private string Broken() => string.Join(", ", explanation.Set.Broken.Select(pack => pack.Id));

        private void Pack(PackAnswer pack)
        {
            var outcome = pack.Outcome switch
            {
                PackOutcome.Permits => Say("permits", "准予"),
                PackOutcome.Abstains => Say("does not object", "不反对"),
                _ => Say("denies", "不准"),
            };
            var uncertain = pack.IsSelectionUncertain ? Say(" (applies until shown otherwise)", "（在证明不适用之前视为适用）") : "";
            _lines.Add(Say($"{pack.Pack.Title.In(language)} {pack.Pack.Version} {outcome}{uncertain}.", $"{pack.Pack.Title.In(language)} {pack.Pack.Version}：{outcome}{uncertain}。"));
            var considered = 0;
            foreach (var answer in pack.Rules)
            {
                if (answer.Role != RuleRole.Considered || considered++ < MostConsidered)
                {
                    _lines.Add("  " + Rule(answer));
                }
            }
        }

        private string Rule(RuleAnswer answer)
        {
            var text = $"{Cited(answer.Rule)}{Say(": ", "：")}{answer.Rule.Text.In(language)}";
            var failed = answer.FailedCondition is { } condition ? new ConditionWords(language).Of(condition) : null;
            return answer.Role switch
            {
                RuleRole.Forbids => Say($"forbids: {text}", $"禁止：{text}"),
                RuleRole.MayForbid => Say($"forbids, since it is not known that it does not: {text}{Hangs(failed)}", $"禁止（未能确知不适用）：{text}{Hangs(failed)}"),
                RuleRole.Unmet => Say($"asks first: {text}{Hangs(failed)}{Remedy(answer.Rule)}", $"先决条件：{text}{Hangs(failed)}{Remedy(answer.Rule)}"),
                RuleRole.MayBeUnmet => Say($"asks first, and is not known to be met: {text}{Hangs(failed)}{Remedy(answer.Rule)}", $"先决条件（未能确知已满足）：{text}{Hangs(failed)}{Remedy(answer.Rule)}"),
                RuleRole.Grants => Say($"permits: {text}", $"许可：{text}"),
                RuleRole.Suspended => Say($"suspended by derogation: {text}", $"因克减中止：{text}"),
                _ => Say($"would permit, but not now: {text}{Hangs(failed)}", $"可许可但目前不成立：{text}{Hangs(failed)}"),
            };
        }

        private string Hangs(string? failed) => failed is null ? "" : Say($" [not surely so: {failed}]", $"［未确定成立：{failed}］");

        private string Remedy(Rule rule) => rule.Remedy is null ? "" : Say($" → {rule.Remedy.In(language)}", $" → {rule.Remedy.In(language)}");

        private string Cited(Rule rule)
        {
            var pack = explanation.Set.PackOf(rule);
            var cites = string.Join("; ", rule.Cites.Select(cite => $"{cite.Article}{(cite.IsVerified ? "" : Say(", unverified", "，未核实"))}"));
            return Say($"{rule.Id} ({pack.InstrumentId} {cites})", $"{rule.Id}（{pack.InstrumentId} {cites}）");
        }

        private void Duty(DutyAnswer duty)
        {
            var text = new StringBuilder();
            text.Append(Say($"Duty {duty.Duty.Id}: {duty.Rule.Text.In(language)} {Cited(duty.Rule)}", $"义务 {duty.Duty.Id}：{duty.Rule.Text.In(language)} {Cited(duty.Rule)}"));
            if (duty.Due is { } due)
            {
                var when = due.ToString("yyyy-MM-dd HH:mm'Z'", CultureInfo.InvariantCulture);
                text.Append(duty.IsLate ? Say($"; was due {when}: explain the delay", $"；应于 {when} 前完成，已逾期：须说明原因") : Say($"; due {when}", $"；期限 {when}"));
            }

            text.Append(duty.IsUncertain ? Say("; holds until shown otherwise", "；在证明不适用之前视为适用") : "");
            text.Append(duty.Duty.Mask.Count > 0 ? Say($"; hidden: {Fields(duty)}", $"；隐去：{Fields(duty)}") : "");
            _lines.Add(text.Append(Say(".", "。")).ToString());
        }

        private string Fields(DutyAnswer duty) => string.Join(Say(", ", "、"), duty.Duty.Mask.Select(code => code.Name.In(language)));

        private void Nearest()
        {
            foreach (var permit in explanation.NearestPermits.OrderBy(permit => permit.NeedsPersonsChoice))
            {
                var parts = permit.Changes.Select(change => change.IsPersonsChoice
                    ? Say($"the person may decide: {change.Fact.Name.In(language)}", $"由当事人决定：{change.Fact.Name.In(language)}")
                    : Plain(change.Fact, change.Needed!) + Evidence(change));
                _lines.Add(Say($"Would be permitted if: {string.Join("; ", parts)}.", $"若满足下列条件则可准予：{string.Join("；", parts)}。"));
            }
        }

        /// <summary>What a fact would have to be, in its own name and the names of its codes; what compares with something else stays as packs write it.</summary>
        private string Plain(Fact fact, string needed)
        {
            var name = fact.Name.In(language);
            if (needed == fact.Id || needed == "not " + fact.Id)
            {
                return Is(needed == fact.Id ? Say("yes", "是") : Say("no", "否"));
            }

            if (needed == $"known({fact.Id})")
            {
                return Is(Say("entered", "已填写"));
            }

            var (equals, has) = (fact.Id + " = ", fact.Id + " has ");
            return needed.StartsWith(equals, StringComparison.Ordinal) ? Is(Words(needed[equals.Length..]))
                : needed.StartsWith(has, StringComparison.Ordinal) ? Is(Say("with ", "包括") + Words(needed[has.Length..]))
                : needed.StartsWith(fact.Id + " ", StringComparison.Ordinal) ? name + needed[fact.Id.Length..] : needed;

            string Is(string value) => Say($"{name}: {value}", $"{name}：{value}");

            string Words(string value) => value == "[]" ? Say("none", "无")
                : fact.Type == FactType.Boolean ? (value == "true" ? Say("yes", "是") : Say("no", "否"))
                : string.Join(Say(", ", "、"), value.Trim('[', ']').Split(", ").Select(word => fact.Codes?.Find(word)?.Name.In(language) ?? word));
        }

        private string Evidence(FactChange change) => (change.Evidence, change.AttestedBy) switch
        {
            (null, null) => "",
            ({ } evidence, null) => Say($" (shown by {evidence.In(language)})", $"（凭据：{evidence.In(language)}）"),
            (null, { } person) => Say($" (attested by {person.In(language)})", $"（证明人：{person.In(language)}）"),
            var (evidence, person) => Say($" (shown by {evidence.In(language)}, attested by {person.In(language)})", $"（凭据：{evidence.In(language)}；证明人：{person.In(language)}）"),
        };
    }
}
