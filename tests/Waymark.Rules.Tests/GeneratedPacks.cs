using System.Globalization;
using System.Text;

namespace Waymark.Rules.Tests;

/// <summary>Random packs over the sample vocabulary: every modality, conditions of every kind, up to a few hundred rules.</summary>
internal static class GeneratedPacks
{
    private static readonly string[] Atoms =
    [
        "purpose = aid", "purpose != enforcement", "purpose = purpose.declared", "purpose in [aid, statistics]", "purpose not in [aid]", "purpose.compatible",
        "consent.status = given", "consent.status != given", "consent.status in [given, refused]", "consent.scope has purpose", "purpose in consent.scope", "consent.scope has aid",
        "data.categories has [biometric, health]", "data.categories = []", "subject.age < 18", "subject.age >= 13", "subject.age + 2 > 18", "recipient.country = subject.fear_country",
        "recipient.country in [CHN, DEU]", "data.sensitivity > actor.clearance", "data.sensitivity <= moderate", "actor.role = legal", "actor.role != caseworker", "actor.role in [legal]",
        "review.dpo = done", "review.legal = done", "publication.risk < 3", "publication.risk >= 3", "request.time > breach.detected_at + 72 hour", "request.time - breach.detected_at <= 72 hour",
        "breach.personal_data", "retention.due < request.time", "request.time < retention.due - 6 month", "offence.penalty >= 2 year", "agreement.id = AGR-1", "agreement.id != derogation.reason",
    ];

    public static RuleLibrary Make(int seed)
    {
        var random = new Random(seed);
        var packs = new List<string> { Pack("floor", random, 3, isFloor: true) };
        var count = random.Next(1, 4);
        for (var i = 0; i < count; i++)
        {
            packs.Add(Pack($"pack{i}", random, random.Next(3, i == 0 && seed % 5 == 0 ? 150 : 25), isFloor: false));
        }

        return Sample.Read(Sample.Vocabulary, [.. packs]);
    }

    public static string Condition(Random random, int depth)
    {
        var kind = random.Next(depth <= 0 ? 2 : 8);
        return kind switch
        {
            < 2 => Atoms[random.Next(Atoms.Length)],
            2 => $"not ({Condition(random, depth - 1)})",
            < 6 => $"{Condition(random, depth - 1)} and {Condition(random, depth - 1)}",
            _ => $"({Condition(random, depth - 1)} or {Condition(random, depth - 1)})",
        };
    }

    private static string Pack(string id, Random random, int rules, bool isFloor)
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"id: {id}\nkind: rules\nversion: 1.0.0\ntitle: {{en: P, zh: 包}}\nsource: a test\nlicence: CC0-1.0");
        text.AppendLine(isFloor ? "floor: true\nmode: constraints" : random.Next(3) == 0 ? "mode: constraints" : "mode: grants");
        if (!isFloor && random.Next(2) == 0)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"applies: {(random.Next(2) == 0 ? "controller.organisation = harbour" : Condition(random, 1))}");
        }

        text.AppendLine("rules:");
        var letter = id.ToUpperInvariant();
        for (var i = 0; i < rules; i++)
        {
            var kind = random.Next(isFloor ? 8 : 10);
            var suspends = Enumerable.Range(0, i).Where(other => random.Next(4) == 0).Select(other => $"{letter}-{other}").ToList();
            text.AppendLine(CultureInfo.InvariantCulture, $"  - id: {letter}-{i}\n    topic: t\n    en: R\n    zh: 规则\n    cites: [{{article: \"{i}\", status: unverified, basis: general}}]");
            text.AppendLine(Scope(random));
            if (random.Next(5) > 0)
            {
                var known = random.Next(4) > 0 ? "" : kind < 5 ? "known(agreement.id) and " : "not known(subject.age) or ";
                text.AppendLine(CultureInfo.InvariantCulture, $"    when: \"{known}{Condition(random, 3)}\"");
            }

            text.AppendLine(kind switch
            {
                < 5 => "    modality: permit",
                5 => "    modality: prohibit",
                6 => $"    modality: oblige\n    kind: precondition\n    require: \"{Condition(random, 2)}\"",
                _ => $"    modality: oblige\n    kind: duty\n    duty: {{id: d{i}, mandatory: {(random.Next(2) == 0 ? "true" : "false")}, outcome: {(random.Next(3) switch { 0 => "permit", 1 => "deny", _ => "any" })}, deadline: {{from: {(random.Next(2) == 0 ? "breach.detected_at" : "request.time")}, within: {random.Next(1, 90)} {(random.Next(2) == 0 ? "hour" : "month")}}}}}",
            });
            _ = suspends;
        }

        if (!isFloor)
        {
            Derogations(text, letter, random);
        }

        return text.ToString();
    }

    private static void Derogations(StringBuilder text, string letter, Random random)
    {
        var targets = text.ToString().Split("  - id: ").Skip(1).Where(rule => !rule.Contains("modality: permit", StringComparison.Ordinal)).Select(rule => rule.Split('\n')[0].Trim())
            .Where(_ => random.Next(2) == 0).ToList();
        if (targets.Count > 0)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"  - id: {letter}-D\n    topic: t\n    en: R\n    zh: 规则\n    modality: derogate\n    cites: [{{article: \"1\", status: unverified, basis: general}}]\n    suspends: [{string.Join(", ", targets)}]\n    when: \"{Condition(random, 0)}\"\n    needs: {{reason: true, expires-within: 30 day}}");
        }
    }

    private static string Scope(Random random)
    {
        string[] parts =
        [
            random.Next(3) == 0 ? "" : $"action: [{(random.Next(2) == 0 ? "read, transfer" : random.Next(2) == 0 ? "transfer" : "collect, publish, read")}]",
            random.Next(4) == 0 ? $"subject.category: [{(random.Next(2) == 0 ? "victim" : "migrant, none, suspect")}]" : "",
            random.Next(5) == 0 ? "recipient.type: [law-enforcement, agency]" : "",
            random.Next(6) == 0 ? "system: [humanitarian]" : "",
        ];
        return $"    scope: {{{string.Join(", ", parts.Where(part => part.Length > 0))}}}";
    }
}
