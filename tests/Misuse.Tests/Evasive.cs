using System.Text;
using Waymark.Packs;
using Waymark.Packs.Content;
using Waymark.Rules;

namespace Waymark.Misuse.Tests;

/// <summary>A pack of one permission over the vocabulary that ships, and a request that it is made for.</summary>
internal static class Evasive
{
    public static RulePack Pack(Vocabulary words, string scope, string when)
    {
        var text = $"id: evasive\nkind: rules\nversion: 1.0.0\ntitle: {{en: E, zh: 包}}\nsource: a test\nlicence: CC0-1.0\ninstrument: {{id: EV, en: E, zh: 包}}\nrules:\n"
            + $"  - id: EV-01\n    modality: permit\n    scope: {{{scope}}}\n    when: {when}\n    cites: [{{article: \"1\", status: unverified, basis: general}}]\n    topic: t\n    en: A permission.\n    zh: 许可。\n";
        var files = Directory.EnumerateFiles(Path.Combine(Installation.Packs, "schema"), "*.schema.json").ToDictionary(file => "schema/" + Path.GetFileName(file), File.ReadAllBytes, StringComparer.Ordinal);
        files["vocabulary/rules.yaml"] = File.ReadAllBytes(Path.Combine(Installation.Packs, "vocabulary", "rules.yaml"));
        files["rules/evasive.yaml"] = Encoding.UTF8.GetBytes(text);
        var outcome = PackLibrary.Load([new PackMemory("packs", files)]);
        outcome.Errors.Select(error => error.ToString()).ShouldBeEmpty();
        var (pack, faults) = RulePack.Read(RuleDocuments.Of(outcome.Library, new PackErrors()).Packs.Single(), words);
        faults.Select(fault => fault.ToString()).ShouldBeEmpty();
        return pack!;
    }

    /// <summary>All that the condition asks for, and all that the floor asks of what is lawful.</summary>
    public static Dictionary<string, string[]> Facts(string scope, string when)
    {
        var action = scope[(scope.IndexOf('[', StringComparison.Ordinal) + 1)..^1];
        var facts = new Dictionary<string, string[]>(StringComparer.Ordinal)
        {
            ["action"] = [action], ["system"] = ["services"], ["subject.category"] = ["migrant-irregular"], ["recipient.type"] = ["none"], ["controller.organisation"] = ["humanitarian-ngo"], ["controller.profile"] = ["humanitarian"],
            ["request.time"] = ["2026-11-21T09:00:00Z"], ["purpose"] = ["assistance"], ["purpose.declared"] = ["assistance"], ["consent.status"] = ["given"], ["log.entry"] = ["true"], ["subject.age"] = ["34"],
            ["subject.age_settled"] = ["true"], ["data.source"] = ["person"], ["data.identifiable"] = ["true"], ["data.biometric"] = ["false"], ["data.categories"] = ["contact"], ["recipient.barred"] = ["false"],
            ["contact.safe_channel"] = ["true"], ["subject.located"] = ["false"], ["decision.automated"] = ["false"], ["decision.effect"] = ["none"], ["decision.human_review"] = ["true"], ["service.depends_on_cooperation"] = ["false"],
            ["subject.fears_return"] = ["false"], ["offence.type"] = ["none"],
        };
        foreach (var part in when.Split(" and "))
        {
            var words = part.Replace("[", "", StringComparison.Ordinal).Replace("]", "", StringComparison.Ordinal).Split(' ', 3);
            if (words[0] == "not")
            {
                facts[words[1]] = ["false"];
            }
            else
            {
                facts[words[0]] = words.Length < 3 ? ["true"] : [.. words[2].Split(", ")];
            }
        }

        return facts;
    }
}
