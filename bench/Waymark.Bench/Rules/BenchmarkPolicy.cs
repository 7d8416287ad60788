using System.Globalization;
using System.Text;

namespace Waymark.Bench.Rules;

/// <summary>One request of the benchmark, as drawn.</summary>
internal readonly record struct DrawnRequest(
    int User, int Role, int Organisation, int Clearance, int Action, int Record, int RecordOrganisation, int Sensitivity, bool IsMinor, int K, int Purpose, int Basis,
    bool HasAgreement, bool IsAdequate, bool HasGuardian);

/// <summary>
/// The benchmark policy of section 7 of the rule research: eight permits and four prohibitions, the permits once per family of roles. Requests come from a linear congruential
/// generator (multiplier 1664525, increment 1013904223), drawn field by field in a fixed order; the note does not number the codes; with this
/// numbering 589 of the first 10,000 are allowed, as it says.
/// </summary>
internal static class BenchmarkPolicy
{
    public const uint Seed = 20_240_601;

    public static readonly string[] Roles = ["case_worker", "police_liaison", "statistician", "dpo"];

    public static readonly string[] Actions = ["read", "transfer", "publish", "link"];

    public static readonly string[] Purposes = ["assistance", "protection", "statistics", "law_enforcement", "unspecified"];

    public static readonly string[] Bases = ["consent", "vital", "mandate", "none"];

    public static IEnumerable<DrawnRequest> Requests(int count, uint seed = Seed)
    {
        var state = seed;
        int Draw(int range)
        {
            state = unchecked((state * 1_664_525) + 1_013_904_223);
            return (int)((ulong)state * (ulong)range >> 32);
        }

        for (var i = 0; i < count; i++)
        {
            yield return new(Draw(500), Draw(4), Draw(4), Draw(5), Draw(4), Draw(5_000), Draw(4), Draw(5), Draw(4) == 0, Draw(12), Draw(5), Draw(4), Draw(2) == 1, Draw(2) == 1, Draw(2) == 1);
        }
    }

    /// <summary>The policy as a predicate written by hand: what every engine is checked against.</summary>
    public static bool IsAllowed(in DrawnRequest request)
    {
        var (role, action, purpose) = (Roles[request.Role], Actions[request.Action], Purposes[request.Purpose]);
        if (purpose == "unspecified" || (action != "publish" && request.Clearance < request.Sensitivity) || (action == "transfer" && request.IsMinor && !request.HasGuardian)
            || (action == "publish" && request.Sensitivity >= 3))
        {
            return false;
        }

        var basis = Bases[request.Basis];
        return (action, role) switch
        {
            ("read", "case_worker") => request.Organisation == request.RecordOrganisation && purpose is "assistance" or "protection",
            ("read", "statistician") => purpose == "statistics" && request.Sensitivity <= 1,
            ("read", "dpo") => true,
            ("read", "police_liaison") => purpose == "law_enforcement" && request.Clearance >= request.Sensitivity,
            ("link", "statistician") => purpose == "statistics" && basis is "mandate" or "consent" && request.Sensitivity <= 1,
            ("transfer", "case_worker") => request.HasAgreement && request.IsAdequate && basis is "consent" or "vital" or "mandate",
            ("transfer", "police_liaison") => purpose == "law_enforcement" && request.HasAgreement && request.Sensitivity <= 2,
            ("publish", "statistician") => purpose == "statistics" && request.K >= 5,
            _ => false,
        };
    }

    public static string Vocabulary(int families)
    {
        static string Codes(IEnumerable<string> codes) => $"[{string.Join(", ", codes.Select(code => $"{{code: {code}, en: {code}, zh: {code}}}"))}]";
        return $$"""
            id: rules
            kind: vocabulary
            version: 1.0.0
            title: {en: Benchmark, zh: 基准}
            source: benchmark
            licence: CC0-1.0
            codelists:
              action: {{Codes(Actions)}}
              role: {{Codes(Enumerable.Range(0, families).SelectMany(family => Roles.Select(role => $"{role}-{family}")))}}
              organisation: {{Codes(Enumerable.Range(0, 4).Select(organisation => $"o{organisation}"))}}
              purpose: {{Codes(Purposes)}}
              basis: {{Codes(Bases)}}
            facts:
              - {id: action, type: code, codelist: action, scope: true, en: Action, zh: 操作}
              - {id: actor.role, type: code, codelist: role, en: Role, zh: 角色}
              - {id: actor.org, type: code, codelist: organisation, en: Organisation, zh: 组织}
              - {id: actor.clearance, type: integer, en: Clearance, zh: 许可级别}
              - {id: record.org, type: code, codelist: organisation, en: Organisation, zh: 组织}
              - {id: data.sensitivity, type: integer, en: Sensitivity, zh: 敏感度}
              - {id: subject.minor, type: boolean, en: Minor, zh: 未成年}
              - {id: publication.k, type: integer, en: k, zh: k}
              - {id: purpose, type: code, codelist: purpose, en: Purpose, zh: 目的}
              - {id: basis, type: code, codelist: basis, en: Basis, zh: 依据}
              - {id: agreement.signed, type: boolean, en: Agreement, zh: 协议}
              - {id: recipient.adequate, type: boolean, en: Adequate recipient, zh: 适当接收方}
              - {id: subject.guardian, type: boolean, en: Guardian, zh: 监护人}

            """;
    }

    public const string Floor = """
        id: floor
        kind: rules
        version: 1.0.0
        title: {en: Floor, zh: 底线}
        source: benchmark
        licence: CC0-1.0
        floor: true
        mode: constraints
        rules: []

        """;

    public static string Policy(int families)
    {
        var text = new StringBuilder("id: policy\nkind: rules\nversion: 1.0.0\ntitle: {en: Policy, zh: 策略}\nsource: benchmark\nlicence: CC0-1.0\nrules:\n");
        void Rule(string id, string modality, string? action, string when) => text.Append(CultureInfo.InvariantCulture,
            $"  - {{id: {id}, modality: {modality}, scope: {{{(action is null ? "" : $"action: [{action}]")}}}, when: \"{when}\", cites: [{{article: {id}, status: unverified, basis: general}}], topic: t, en: {id}, zh: {id}}}\n");
        for (var family = 0; family < families; family++)
        {
            Rule($"P1-{family}", "permit", "read", $"actor.role = case_worker-{family} and actor.org = record.org and purpose in [assistance, protection]");
            Rule($"P2-{family}", "permit", "read", $"actor.role = statistician-{family} and purpose = statistics and data.sensitivity <= 1");
            Rule($"P3-{family}", "permit", "read", $"actor.role = dpo-{family}");
            Rule($"P4-{family}", "permit", "link", $"actor.role = statistician-{family} and purpose = statistics and basis in [mandate, consent] and data.sensitivity <= 1");
            Rule($"P5-{family}", "permit", "transfer", $"actor.role = case_worker-{family} and agreement.signed and recipient.adequate and basis in [consent, vital, mandate]");
            Rule($"P6-{family}", "permit", "transfer", $"actor.role = police_liaison-{family} and purpose = law_enforcement and agreement.signed and data.sensitivity <= 2");
            Rule($"P7-{family}", "permit", "publish", $"actor.role = statistician-{family} and purpose = statistics and publication.k >= 5");
            Rule($"P8-{family}", "permit", "read", $"actor.role = police_liaison-{family} and purpose = law_enforcement and actor.clearance >= data.sensitivity");
        }

        Rule("F1-0", "prohibit", "read, link, transfer", "actor.clearance < data.sensitivity");
        Rule("F2-0", "prohibit", "transfer", "subject.minor and not subject.guardian");
        Rule("F3-0", "prohibit", "publish", "data.sensitivity >= 3");
        Rule("F4-0", "prohibit", null, "purpose = unspecified");
        return text.ToString();
    }
}
