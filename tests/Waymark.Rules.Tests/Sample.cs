using System.Text;
using Waymark.Model;
using Waymark.Packs;
using Waymark.Packs.Content;

namespace Waymark.Rules.Tests;

/// <summary>An invented agency, its vocabulary and floor: the packs that tests of the language and the engine are written in.</summary>
internal static class Sample
{
    public const string Vocabulary = """
        id: rules
        kind: vocabulary
        version: 1.0.0
        title: {en: Vocabulary, zh: 词汇表}
        source: a test
        licence: CC0-1.0
        ordered: [sensitivity]
        codelists:
          action:
            - {code: collect, en: Collect, zh: 收集, dpv: "dpv:Collect"}
            - {code: read, en: Read, zh: 读取, dpv: "dpv:Consult", odrl: "odrl:read"}
            - {code: transfer, en: Transfer, zh: 传输, dpv: "dpv:Transfer", odrl: "odrl:distribute"}
            - {code: publish, en: Publish, zh: 发布, dpv: "dpv:MakeAvailable"}
          system:
            - {code: humanitarian, en: Humanitarian, zh: 人道}
            - {code: police, en: Police channel, zh: 警务渠道}
          category:
            - {code: none, en: Nobody, zh: 无}
            - {code: migrant, en: Migrant, zh: 移民}
            - {code: victim, en: Victim, zh: 受害人}
            - {code: suspect, en: Suspect, zh: 嫌疑人}
          recipient:
            - {code: none, en: Nobody, zh: 无}
            - {code: agency, en: Agency, zh: 机构}
            - {code: law-enforcement, en: Law enforcement, zh: 执法机关}
          organisation:
            - {code: harbour, en: Harbour Relief, zh: 港湾救助}
            - {code: border, en: Border Office, zh: 边境署}
          consent: [{code: given, en: Given, zh: 已给}, {code: refused, en: Refused, zh: 拒绝}, {code: withdrawn, en: Withdrawn, zh: 撤回}]
          purpose: [{code: aid, en: Aid, zh: 援助}, {code: statistics, en: Statistics, zh: 统计}, {code: enforcement, en: Enforcement, zh: 执法}]
          sensitivity: [{code: low, en: Low, zh: 低}, {code: moderate, en: Moderate, zh: 中}, {code: high, en: High, zh: 高}, {code: severe, en: Severe, zh: 极高}]
          review: [{code: done, en: Done, zh: 已完成}, {code: pending, en: Pending, zh: 待办}]
          data-category: [{code: name, en: Name, zh: 姓名}, {code: biometric, en: Biometric, zh: 生物特征}, {code: health, en: Health, zh: 健康}]
          role: [{code: legal, en: Legal officer, zh: 法务}, {code: caseworker, en: Case worker, zh: 个案工作者}]
          field: [{code: name, en: Name, zh: 姓名}, {code: place, en: Place, zh: 地点}]
        facts:
          - {id: action, type: code, codelist: action, scope: true, en: Action, zh: 操作}
          - {id: system, type: code, codelist: system, scope: true, en: System, zh: 系统}
          - {id: subject.category, type: codes, codelist: category, scope: true, en: Person's category, zh: 人员类别}
          - {id: recipient.type, type: code, codelist: recipient, scope: true, en: Recipient, zh: 接收方}
          - {id: controller.organisation, type: code, codelist: organisation, scope: true, en: Controller, zh: 控制者}
          - {id: request.time, type: instant, en: Time of the request, zh: 请求时间}
          - {id: purpose, type: code, codelist: purpose, en: Purpose, zh: 目的}
          - {id: purpose.declared, type: code, codelist: purpose, en: Declared purpose, zh: 已声明目的}
          - {id: purpose.compatible, type: boolean, en: Purpose is compatible, zh: 目的相符, evidence: {en: the compatibility test, zh: 相符性评估}, by: {en: the data protection officer, zh: 数据保护官}}
          - {id: consent.status, type: code, codelist: consent, choice: true, en: Consent, zh: 同意}
          - {id: consent.scope, type: codes, codelist: purpose, choice: true, en: Scope of consent, zh: 同意范围}
          - {id: subject.age, type: integer, unit: year, en: Age, zh: 年龄}
          - {id: subject.fear_country, type: country, floor: true, en: Feared country, zh: 所惧国家}
          - {id: recipient.country, type: country, en: Recipient's country, zh: 接收国}
          - {id: data.sensitivity, type: code, codelist: sensitivity, en: Sensitivity, zh: 敏感度}
          - {id: actor.clearance, type: code, codelist: sensitivity, en: Clearance, zh: 许可级别}
          - {id: actor.role, type: code, codelist: role, en: Role, zh: 角色}
          - {id: data.categories, type: codes, codelist: data-category, en: Kinds of data, zh: 数据种类}
          - {id: review.dpo, type: code, codelist: review, en: Data protection review, zh: 数据保护审查, evidence: {en: signed review, zh: 已签署的审查}, by: {en: the data protection officer, zh: 数据保护官}}
          - {id: review.legal, type: code, codelist: review, en: Legal review, zh: 法务审查, evidence: {en: signed review, zh: 已签署的审查}, by: {en: legal affairs, zh: 法务部门}}
          - {id: publication.risk, type: decimal, unit: percent, en: Risk, zh: 风险}
          - {id: breach.detected_at, type: instant, en: Breach detected, zh: 发现泄露}
          - {id: breach.personal_data, type: boolean, en: Breach of personal data, zh: 个人数据泄露}
          - {id: retention.due, type: date, en: Delete by, zh: 删除期限}
          - {id: offence.penalty, type: duration, en: Penalty, zh: 刑期}
          - {id: agreement.id, type: text-id, en: Agreement, zh: 协议}
          - {id: derogation.rule, type: text-id, en: Derogation invoked, zh: 所援引的克减}
          - {id: derogation.reason, type: text-id, en: Reason, zh: 理由}
          - {id: derogation.approver, type: code, codelist: role, en: Approver, zh: 批准人}
          - {id: derogation.expiry, type: instant, en: Ends, zh: 到期}

        """;

    public const string Floor = """
        id: floor
        kind: rules
        version: 1.0.0
        title: {en: Floor, zh: 底线}
        source: a test
        licence: CC0-1.0
        instrument: {id: FLOOR, en: Floor, zh: 底线}
        floor: true
        mode: constraints
        rules:
          - id: F-01
            modality: prohibit
            scope: {action: [transfer]}
            when: recipient.country = subject.fear_country
            cites: [{article: "33", status: unverified, basis: seed}]
            topic: return
            en: No contact with the State of feared harm.
            zh: 不得联系所惧国家。
          - id: F-03
            modality: prohibit
            scope: {action: [transfer], recipient.type: [law-enforcement], subject.category: [victim]}
            when: consent.status != given
            cites: [{article: "3", status: unverified, basis: seed}]
            topic: victim
            en: No victim data to law enforcement without consent.
            zh: 未经同意不得将受害人数据提供给执法机关。

        """;

    public const string Harbour = HarbourRules.Head + """
        applies: controller.organisation = harbour
        parameters:
          - {id: breach, value: 72, unit: hour, source: a test, status: unverified}
          - {id: public-risk, value: 3, unit: percent, source: a test, status: verified}
        rules:
          - id: HR-01
            modality: permit
            scope: {action: [read, collect]}
            when: purpose = purpose.declared or purpose.compatible
            cites: [{article: "1", status: verified, basis: found}]
            topic: purpose
            en: Use for the declared or a compatible purpose.
            zh: 用于已声明或相符的目的。
            seeds: [R01]
          - id: HR-02
            modality: permit
            scope: {action: [transfer]}
            when: consent.status = given and known(agreement.id)
            cites: [{article: "2", status: unverified, basis: general}]
            topic: transfer
            en: Transfer with consent under an agreement.
            zh: 经同意并依协议传输。
          - id: HR-03
            modality: prohibit
            scope: {action: [transfer, read]}
            when: |
              data.sensitivity > actor.clearance
            cites: [{article: "3", status: unverified, basis: general}]
            topic: sensitivity
            en: Nothing above one's clearance.
            zh: 不得超出许可级别。
          - id: HR-04
            modality: oblige
            kind: precondition
            scope: {action: [transfer], recipient.type: [law-enforcement]}
            require: review.dpo = done and review.legal = done
            cites: [{article: "4", status: unverified, basis: general}]
            topic: transfer
            en: Two reviews before police receive data.
            zh: 提供给警方前须经两项审查。
            remedy: {en: Obtain both reviews., zh: 完成两项审查。}
          - id: HR-05
            modality: oblige
            kind: duty
            scope: {action: [transfer, read]}
            when: breach.personal_data
            duty: {id: notify, deadline: {from: breach.detected_at, parameter: breach}, mandatory: true}
            cites: [{article: "5", status: unverified, basis: general}]
            topic: breach
            en: Notify within 72 hours.
            zh: 72 小时内通报。
          - id: HR-06
            modality: derogate
            suspends: [HR-04]
            scope: {action: [transfer]}
            when: subject.age < 18
            needs: {reason: true, approver: legal, expires-within: 30 day}
            cites: [{article: "6", status: unverified, basis: general}]
            topic: derogation
            en: In a child's urgent need one review is enough.
            zh: 儿童急需时可免部分审查。
          - id: HR-07
            modality: permit
            scope: {action: [publish]}
            when: publication.risk < $public-risk
            cites: [{article: "7", status: unverified, basis: general}]
            topic: publication
            en: Publish below the risk.
            zh: 风险低于阈值方可发布。
          - id: HR-08
            modality: oblige
            kind: duty
            scope: {action: [read], subject.category: [victim]}
            duty: {id: mask-place, mandatory: false, mask: [place]}
            cites: [{article: "8", status: unverified, basis: general}]
            topic: victim
            en: The place of a victim is masked.
            zh: 隐去受害人所在地。
        assume: {controller.organisation: harbour}
        tests:
          - id: T-01
            en: Read for the declared purpose
            zh: 按已声明目的读取
            given: {action: read, system: humanitarian, subject.category: [migrant], recipient.type: none, purpose: aid, purpose.declared: aid, data.sensitivity: low, actor.clearance: low}
            expect: permit
            by: [HR-01]
          - id: T-02
            en: A victim's words to the police without consent
            zh: 未经同意将受害人陈述交给警方
            given: {action: transfer, system: humanitarian, subject.category: victim, recipient.type: law-enforcement, controller.organisation: harbour, consent.status: refused}
            expect: deny
            by: [F-03]
            unmet: [HR-04]
            missing: [data.sensitivity, actor.clearance]

        """;

    public static RuleLibrary Library(params string[] packs) => Read(Vocabulary, packs);

    public static RuleLibrary Standard { get; } = Library(Floor, Harbour);

    /// <summary>Loads texts as the product would: YAML, schema, documents, checks. Faults of any stage are returned.</summary>
    public static RuleLibrary Read(string vocabulary, params string[] packs) => ReadAll(vocabulary, packs) is var (library, errors) && errors.Count == 0
        ? library! : throw new InvalidOperationException(string.Join('\n', ReadAll(vocabulary, packs).Errors));

    public static (RuleLibrary? Library, IReadOnlyList<Error> Errors) ReadAll(string vocabulary, params string[] packs)
    {
        var (documents, errors) = Load(vocabulary, packs);
        if (documents.Vocabulary is null)
        {
            return (null, errors.All);
        }

        var library = RuleLibrary.Read(documents.Vocabulary, documents.Packs);
        return (library, [.. errors.All, .. library.Errors]);
    }

    public static RuleDocuments Documents(string vocabulary, params string[] packs) => Load(vocabulary, packs).Documents;

    private static (RuleDocuments Documents, PackErrors Errors) Load(string vocabulary, params string[] packs)
    {
        var files = Directory.EnumerateFiles(Path.Combine(Root, "packs", "schema"), "*.schema.json")
            .ToDictionary(file => "schema/" + Path.GetFileName(file), File.ReadAllBytes, StringComparer.Ordinal);
        files["vocabulary/rules.yaml"] = Encoding.UTF8.GetBytes(vocabulary);
        foreach (var pack in packs)
        {
            var id = pack.Split('\n').First(line => line.StartsWith("id: ", StringComparison.Ordinal))["id: ".Length..].Trim();
            files[$"rules/{id}.yaml"] = Encoding.UTF8.GetBytes(pack);
        }

        var outcome = PackLibrary.Load([new PackMemory("packs", files)]);
        var errors = new PackErrors();
        errors.AddRange(outcome.Errors);
        return (RuleDocuments.Of(outcome.Library, errors), errors);
    }

    public static string Root => WorkingCopy.Root;
}
