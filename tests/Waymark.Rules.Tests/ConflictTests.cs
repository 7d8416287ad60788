using Shouldly;
using Xunit;

namespace Waymark.Rules.Tests;

/// <summary>The ten known conflicts between instruments (data-rules.md section 5), modelled in small.</summary>
public sealed class ConflictTests
{
    private const string Vocabulary = """
        id: rules
        kind: vocabulary
        version: 1.0.0
        title: {en: Vocabulary, zh: 词汇表}
        source: a test
        licence: CC0-1.0
        codelists:
          action: [{code: use, en: Use, zh: 使用}, {code: transfer, en: Transfer, zh: 传输}, {code: retain, en: Retain, zh: 保留}, {code: publish, en: Publish, zh: 发布}, {code: report, en: Report, zh: 报告}]
          jurisdiction: [{code: none, en: None, zh: 无}, {code: eu, en: EU, zh: 欧盟}, {code: cn, en: China, zh: 中国}]
          basis: [{code: consent, en: Consent, zh: 同意}, {code: vital, en: Vital interest, zh: 重大利益}, {code: law, en: Law, zh: 法律}]
        facts:
          - {id: action, type: code, codelist: action, scope: true, en: Action, zh: 操作}
          - {id: request.time, type: instant, en: Time, zh: 时间}
          - {id: jurisdiction, type: code, codelist: jurisdiction, en: Jurisdiction, zh: 管辖}
          - {id: order.court, type: boolean, en: Court order only, zh: 仅有法院命令}
          - {id: agreement.in_force, type: boolean, en: Agreement in force, zh: 协议有效}
          - {id: review.legal, type: boolean, en: Legal review, zh: 法务审查}
          - {id: approval.authority, type: boolean, en: Approval, zh: 主管机关批准}
          - {id: archive.value, type: boolean, en: Archive value, zh: 档案价值}
          - {id: retention.due, type: date, en: Due, zh: 到期}
          - {id: basis.iom, type: code, codelist: basis, en: Basis at IOM, zh: IOM 依据}
          - {id: basis.icrc, type: code, codelist: basis, en: Basis at ICRC, zh: ICRC 依据}
          - {id: basis.pipl, type: code, codelist: basis, en: Basis under PIPL, zh: PIPL 依据}
          - {id: consent.given, type: boolean, choice: true, en: Consent, zh: 同意}
          - {id: consent.separate, type: boolean, choice: true, en: Separate consent, zh: 单独同意}
          - {id: emergency, type: boolean, en: Emergency, zh: 紧急}
          - {id: decision.automated, type: boolean, en: Solely automated, zh: 纯自动}
          - {id: decision.human_review, type: boolean, en: Human review, zh: 人工复核}
          - {id: decision.view_considered, type: boolean, en: View considered, zh: 已考虑本人意见}
          - {id: notice.given, type: boolean, en: Notice, zh: 告知}
          - {id: data.identifiable, type: boolean, en: Identifiable, zh: 可识别}
          - {id: publication.risk, type: decimal, en: Risk, zh: 风险}
          - {id: breach.detected_at, type: instant, en: Breach, zh: 泄露}
          - {id: breach.danger, type: boolean, en: Telling endangers, zh: 告知有危险}
          - {id: derogation.rule, type: text-id, en: Derogation, zh: 克减}
          - {id: derogation.reason, type: text-id, en: Reason, zh: 理由}

        """;

    private static string Pack(string id, params string[] rules) =>
        $"id: {id}\nkind: rules\nversion: 1.0.0\ntitle: {{en: {id}, zh: {id}}}\nsource: a test\nlicence: CC0-1.0\n{(id == "floor" ? "floor: true\nmode: constraints\n" : "")}"
        + (rules.Length == 0 ? "rules: []\n" : "rules:\n" + string.Concat(rules));

    private static string Rule(string id, string action, string body) =>
        $"  - id: {id}\n    scope: {{action: [{action}]}}\n    cites: [{{article: \"{id}\", status: unverified, basis: general}}]\n    topic: t\n    en: Rule {id}.\n    zh: 规则 {id}。\n    {body.Replace("; ", "\n    ", StringComparison.Ordinal)}\n";

    private static Explanation Ask(string[] packs, params (string Fact, string Value)[] facts)
    {
        var library = Sample.Read(Vocabulary, [Pack("floor"), .. packs]);
        var set = RulePackSet.Compile(library.Vocabulary!, library.Packs).Value;
        var request = set.NewRequest();
        request.Set("request.time", "2026-11-21T00:00:00Z").ShouldBeNull();
        foreach (var (fact, value) in facts)
        {
            request.Set(fact, value).ShouldBeNull();
        }

        return set.Explain(request);
    }

    [Fact]
    public void Conflict_1_an_order_of_a_State_never_moves_data_held_under_privileges_without_legal_review()
    {
        string[] packs = [Pack("iom", Rule("I-1", "transfer", "modality: permit; when: order.court or agreement.in_force"), Rule("I-2", "transfer", "modality: oblige; kind: precondition; when: order.court; require: review.legal; remedy: {en: Route to legal., zh: 转交法务。}"))];
        var denied = Ask(packs, ("action", "transfer"), ("order.court", "true"), ("review.legal", "false"));
        denied.Unmet.Single().Remedy!.In("en").ShouldBe("Route to legal.");
        Ask(packs, ("action", "transfer"), ("order.court", "true"), ("review.legal", "true")).Decision.IsPermit.ShouldBeTrue();
    }

    [Fact]
    public void Conflict_2_a_court_order_of_a_third_country_needs_an_agreement_in_force()
    {
        string[] packs = [Pack("untoc", Rule("U-1", "transfer", "modality: permit")), Pack("gdpr", Rule("G-1", "transfer", "modality: permit"), Rule("G-2", "transfer", "modality: prohibit; when: order.court and not agreement.in_force"))];
        Ask(packs, ("action", "transfer"), ("order.court", "true"), ("agreement.in_force", "false")).Deciding.Single().Answer.Rule.Id.ShouldBe("G-2");
        Ask(packs, ("action", "transfer"), ("order.court", "true")).Decision.Ground.ShouldBe(Ground.Prohibited, "unknown blocks");
        Ask(packs, ("action", "transfer"), ("order.court", "true"), ("agreement.in_force", "true")).Decision.IsPermit.ShouldBeTrue();
    }

    [Fact]
    public void Conflict_3_the_gate_of_approval_comes_before_mutual_legal_assistance()
    {
        string[] packs = [Pack("untoc", Rule("U-1", "transfer", "modality: permit")), Pack("pipl", Rule("P-1", "transfer", "modality: permit"), Rule("P-2", "transfer", "modality: oblige; kind: precondition; require: approval.authority"))];
        Ask(packs, ("action", "transfer")).Decision.Ground.ShouldBe(Ground.Unmet);
        Ask(packs, ("action", "transfer"), ("approval.authority", "true")).Decision.IsPermit.ShouldBeTrue();
    }

    [Fact]
    public void Conflict_4_keeping_past_the_date_needs_the_explicit_exception_and_a_human_decision_with_both_citations()
    {
        string[] packs =
        [
            Pack("iom", Rule("I-17", "retain", "modality: permit; when: retention.due > request.time or archive.value"), Rule("I-18", "retain", "modality: oblige; kind: duty; when: retention.due <= request.time; duty: {id: human-decision, mandatory: true, outcome: any}")),
            Pack("unhcr", Rule("N-19", "retain", "modality: permit; when: archive.value or retention.due > request.time")),
        ];
        Ask(packs, ("action", "retain"), ("retention.due", "2020-01-01"), ("archive.value", "false")).Decision.IsPermit.ShouldBeFalse();
        var kept = Ask(packs, ("action", "retain"), ("retention.due", "2020-01-01"), ("archive.value", "true"));
        kept.Decision.IsPermit.ShouldBeTrue();
        kept.Duties.Single().Duty.Id.ShouldBe("human-decision");
        kept.Deciding.Select(pair => pair.Answer.Rule.Id).ShouldBe(["I-17", "N-19"]);
    }

    [Fact]
    public void Conflict_5_a_basis_is_chosen_per_pack_and_never_shared()
    {
        string[] packs =
        [
            Pack("iom", Rule("I-8", "use", "modality: permit; when: basis.iom = consent and consent.given")), Pack("icrc", Rule("C-1", "use", "modality: permit; when: basis.icrc = vital"), Rule("C-2", "use", "modality: prohibit; when: basis.icrc = consent and emergency")),
            Pack("pipl", Rule("P-16", "use", "modality: permit; when: basis.pipl = consent and consent.separate")),
        ];
        (string, string)[] all = [("action", "use"), ("basis.iom", "consent"), ("consent.given", "true"), ("basis.icrc", "vital"), ("emergency", "true"), ("basis.pipl", "consent"), ("consent.separate", "true")];
        Ask(packs, all).Decision.IsPermit.ShouldBeTrue();
        Ask(packs, [.. all, ("consent.separate", "false")]).Decision.Ground.ShouldBe(Ground.NotPermitted, "general consent is not separate consent");
        Ask(packs, [.. all, ("basis.icrc", "consent")]).Decision.Ground.ShouldBe(Ground.Prohibited);
    }

    [Fact]
    public void Conflict_6_each_instrument_lifts_the_bar_on_automated_decisions_by_its_own_terms()
    {
        var icrc = Pack("icrc", Rule("C-12", "use", "modality: prohibit; when: decision.automated and not consent.given"), Rule("C-0", "use", "modality: permit"));
        var gdpr = Pack("gdpr", Rule("G-14", "use", "modality: prohibit; when: decision.automated and not (consent.given and decision.human_review)"), Rule("G-0", "use", "modality: permit"));
        var ilo = Pack("ilo", Rule("L-4", "use", "modality: prohibit; when: decision.automated"), Rule("L-0", "use", "modality: permit"));
        var c108 = Pack("c108", Rule("E-9", "use", "modality: oblige; kind: precondition; when: decision.automated; require: decision.view_considered"), Rule("E-0", "use", "modality: permit"));
        (string, string)[] automated = [("action", "use"), ("decision.automated", "true"), ("consent.given", "true"), ("decision.human_review", "false"), ("decision.view_considered", "true")];
        Ask([icrc], automated).Decision.IsPermit.ShouldBeTrue();
        Ask([icrc, gdpr], automated).Deciding.Single().Answer.Rule.Id.ShouldBe("G-14");
        Ask([icrc, gdpr], [.. automated, ("decision.human_review", "true")]).Decision.IsPermit.ShouldBeTrue();
        Ask([ilo], [.. automated, ("decision.human_review", "true")]).Decision.Ground.ShouldBe(Ground.Prohibited);
        Ask([c108], [.. automated, ("decision.view_considered", "false")]).Decision.Ground.ShouldBe(Ground.Unmet);
    }

    [Fact]
    public void Conflict_7_a_duty_to_inform_is_suspended_only_by_a_named_exception()
    {
        string[] packs = [Pack("interpol", Rule("T-0", "use", "modality: permit"), Rule("T-1", "use", "modality: oblige; kind: precondition; require: notice.given"), Rule("T-2", "use", "modality: derogate; suspends: [T-1]; needs: {reason: true}"))];
        Ask(packs, ("action", "use"), ("notice.given", "false")).Decision.Ground.ShouldBe(Ground.Unmet);
        Ask(packs, ("action", "use"), ("notice.given", "false"), ("derogation.rule", "T-2")).Decision.Ground.ShouldBe(Ground.Unmet);
        var used = Ask(packs, ("action", "use"), ("notice.given", "false"), ("derogation.rule", "T-2"), ("derogation.reason", "covert"));
        used.Decision.IsPermit.ShouldBeTrue();
        used.Derogations.Single().Id.ShouldBe("T-2");
    }

    [Fact]
    public void Conflict_8_disclosure_control_is_the_bridge_between_open_data_and_no_personal_data()
    {
        string[] packs = [Pack("gcm", Rule("M-2", "publish", "modality: permit")), Pack("ocha", Rule("O-1", "publish", "modality: prohibit; when: data.identifiable"), Rule("O-3", "publish", "modality: permit; when: publication.risk < 3"))];
        Ask(packs, ("action", "publish"), ("data.identifiable", "false"), ("publication.risk", "1.2")).Decision.IsPermit.ShouldBeTrue();
        Ask(packs, ("action", "publish"), ("data.identifiable", "false"), ("publication.risk", "4")).Decision.Ground.ShouldBe(Ground.NotPermitted);
        Ask(packs, ("action", "publish"), ("data.identifiable", "true"), ("publication.risk", "1.2")).Decision.Ground.ShouldBe(Ground.Prohibited);
    }

    [Fact]
    public void Conflict_9_restrictions_of_the_sources_survive_linkage()
    {
        var interpol = new Handling(2, new HashSet<string> { "not:XXA" }, new HashSet<string> { "investigation" }, new(2027, 1, 1, 0, 0, 0, TimeSpan.Zero));
        var protocol = new Handling(1, new HashSet<string> { "no-public" }, new HashSet<string> { "investigation", "prevention" }, new(2028, 1, 1, 0, 0, 0, TimeSpan.Zero));
        Handling.Derive(interpol, protocol).ShouldBe(new Handling(2, new HashSet<string> { "not:XXA", "no-public" }, new HashSet<string> { "investigation" }, new(2027, 1, 1, 0, 0, 0, TimeSpan.Zero)));
        Handling.Derive(interpol, new Handling(0, new HashSet<string>(), new HashSet<string> { "aid" }, null)).Purposes.ShouldBeEmpty("no purpose is left that both sources allow");
    }

    [Fact]
    public void Conflict_10_telling_people_of_a_breach_gives_way_to_their_danger_but_the_authority_is_told()
    {
        string[] packs =
        [
            Pack("unhcr", Rule("N-0", "report", "modality: permit"), Rule("N-16", "report", "modality: oblige; kind: duty; duty: {id: tell-authority, mandatory: true, deadline: {from: breach.detected_at, within: 72 hour}}"),
                Rule("N-17", "report", "modality: oblige; kind: duty; when: not breach.danger; duty: {id: tell-people, mandatory: false}")),
        ];
        Ask(packs, ("action", "report"), ("breach.danger", "true"), ("breach.detected_at", "2026-11-17T16:00:00Z")).Duties.Single().ShouldSatisfyAllConditions(
            duty => duty.Duty.Id.ShouldBe("tell-authority"), duty => duty.IsLate.ShouldBeTrue("GOLD-30: hour 80"));
        Ask(packs, ("action", "report"), ("breach.danger", "false"), ("breach.detected_at", "2026-11-20T16:00:00Z")).Duties.Select(duty => duty.Duty.Id).ShouldBe(["tell-authority", "tell-people"]);
    }
}
