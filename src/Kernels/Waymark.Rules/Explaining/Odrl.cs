using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Waymark.Rules.Language;

namespace Waymark.Rules;

/// <summary>
/// Exports packs as ODRL 2.2 policies in JSON-LD, with identifiers of the Data Privacy Vocabulary where the code lists give them. It is an export only: ODRL
/// leaves the semantics of three-valued facts, clocks and derogations open, so nothing is ever decided from it; the condition as written
/// stands beside each rule. Conflicts are declared as <c>prohibit</c>.
/// </summary>
public static class Odrl
{
    private static readonly JsonWriterOptions s_options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, Indented = true, NewLine = "\n" };

    /// <summary>The whole pack.</summary>
    public static byte[] Export(RulePack pack) => Write(pack.Id, pack, pack.Rules);

    /// <summary>The restrictions that travel with data released by this decision: the prohibitions and duties of the packs that decided it.</summary>
    public static byte[] Restrictions(Explanation explanation, RulePack pack) =>
        Write($"{pack.Id}/restrictions", pack, [.. pack.Rules.Where(rule => rule.Kind == RuleKind.Prohibition || explanation.Duties.Any(duty => duty.Rule == rule))]);

    private static byte[] Write(string id, RulePack pack, IReadOnlyList<Rule> rules)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, s_options))
        {
            writer.WriteStartObject();
            writer.WriteStartArray("@context");
            writer.WriteStringValue("http://www.w3.org/ns/odrl.jsonld");
            writer.WriteStartObject();
            writer.WriteString("dpv", "https://w3id.org/dpv#");
            writer.WriteString("dct", "http://purl.org/dc/terms/");
            writer.WriteString("way", "urn:waymark:rules:");
            writer.WriteEndObject();
            writer.WriteEndArray();
            writer.WriteString("@type", "Set");
            writer.WriteString("uid", $"urn:waymark:pack:{id}:{pack.Version}");
            writer.WriteString("dct:identifier", pack.Hash);
            writer.WriteString("conflict", "prohibit");
            Group(writer, "permission", rules.Where(rule => rule.Kind == RuleKind.Permission));
            Group(writer, "prohibition", rules.Where(rule => rule.Kind == RuleKind.Prohibition));
            Group(writer, "obligation", rules.Where(rule => rule.Kind is RuleKind.Duty or RuleKind.Precondition));
            writer.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    private static void Group(Utf8JsonWriter writer, string name, IEnumerable<Rule> rules)
    {
        writer.WriteStartArray(name);
        foreach (var rule in rules)
        {
            writer.WriteStartObject();
            writer.WriteString("uid", $"urn:waymark:rule:{rule.Id}");
            writer.WriteString("target", "way:personal-data");
            Actions(writer, rule);
            writer.WriteStartArray("constraint");
            foreach (var (fact, codes) in rule.Scope.Where(part => part.Fact.Id != "action"))
            {
                Constraint(writer, fact.Id, "isAnyOf", codes.Order().Select(code => fact.Codes!.Codes[code]).Select(code => code.Dpv ?? code.Id));
            }

            if (rule.WhenText.Length > 0)
            {
                Constraint(writer, "condition", "eq", [ConditionText.Of(rule.When)]);
            }

            if (rule.RequireText.Length > 0)
            {
                Constraint(writer, "requirement", "eq", [ConditionText.Of(rule.Require)]);
            }

            writer.WriteEndArray();
            writer.WriteStartArray("dct:source");
            foreach (var cite in rule.Cites)
            {
                writer.WriteStringValue($"{cite.Article} ({(cite.IsVerified ? "verified" : "unverified")})");
            }

            writer.WriteEndArray();
            writer.WriteStartArray("dct:description");
            foreach (var (language, text) in rule.Text)
            {
                writer.WriteStartObject();
                writer.WriteString("@language", language);
                writer.WriteString("@value", text);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void Actions(Utf8JsonWriter writer, Rule rule)
    {
        var scope = rule.Scope.FirstOrDefault(part => part.Fact.Id == "action");
        writer.WriteStartArray("action");
        if (scope.Fact is null)
        {
            writer.WriteStringValue("odrl:use");
        }
        else
        {
            foreach (var code in scope.Codes.Order().Select(code => scope.Fact.Codes!.Codes[code]))
            {
                writer.WriteStringValue(code.Odrl ?? code.Dpv ?? $"way:{code.Id}");
            }
        }

        writer.WriteEndArray();
    }

    private static void Constraint(Utf8JsonWriter writer, string left, string sign, IEnumerable<string> right)
    {
        writer.WriteStartObject();
        writer.WriteString("leftOperand", $"way:{left}");
        writer.WriteString("operator", sign);
        writer.WriteStartArray("rightOperand");
        foreach (var value in right)
        {
            writer.WriteStringValue(value);
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }
}
