using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Waymark.Model;

namespace Waymark.Rules;

/// <summary>
/// An explanation in the shape of an OpenID AuthZEN evaluation response: <c>{"decision":…,"context":{…}}</c>. Keys stand in a fixed order, so the
/// same decision gives the same bytes.
/// </summary>
public static class ExplanationJson
{
    private static readonly JsonWriterOptions s_options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, Indented = false };

    /// <param name="explanation">The explanation.</param>
    /// <param name="withNearest">False leaves out the nearest permits, which cost a search.</param>
    public static byte[] Write(Explanation explanation, bool withNearest = true)
    {
        var buffer = new ArrayBufferWriter<byte>(2_048);
        using (var writer = new Utf8JsonWriter(buffer, s_options))
        {
            writer.WriteStartObject();
            writer.WriteBoolean("decision", explanation.Decision.IsPermit);
            writer.WriteStartObject("context");
            writer.WriteString("ground", Kebab(explanation.Decision.Ground.ToString()));
            writer.WriteStartArray("packs");
            foreach (var pack in explanation.Packs)
            {
                Pack(writer, pack);
            }

            writer.WriteEndArray();
            Strings(writer, "unmet", explanation.Unmet.Select(rule => rule.Id));
            Duties(writer, explanation);
            Strings(writer, "derogations", explanation.Derogations.Select(rule => rule.Id));
            Strings(writer, "missing", explanation.Missing.Select(fact => fact.Id));
            Strings(writer, "masked", explanation.MaskedFields.Select(code => code.Id));
            if (withNearest)
            {
                Nearest(writer, explanation);
            }

            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    internal static string Kebab(string name) => JsonNamingPolicy.KebabCaseLower.ConvertName(name);

    private static void Pack(Utf8JsonWriter writer, PackAnswer pack)
    {
        writer.WriteStartObject();
        writer.WriteString("id", pack.Pack.Id);
        writer.WriteString("version", pack.Pack.Version);
        writer.WriteString("hash", pack.Pack.Hash);
        writer.WriteString("outcome", Kebab(pack.Outcome.ToString()));
        if (pack.IsSelectionUncertain)
        {
            writer.WriteBoolean("selectionUncertain", true);
        }

        writer.WriteStartArray("rules");
        foreach (var answer in pack.Rules)
        {
            writer.WriteStartObject();
            writer.WriteString("id", answer.Rule.Id);
            writer.WriteString("kind", Kebab(answer.Rule.Kind.ToString()));
            writer.WriteString("role", Kebab(answer.Role.ToString()));
            if (answer.Failed is { } failed)
            {
                writer.WriteString("failed", failed);
            }

            Text(writer, "text", answer.Rule.Text);
            if (answer.Role is RuleRole.Unmet or RuleRole.MayBeUnmet && answer.Rule.Remedy is { } remedy)
            {
                Text(writer, "remedy", remedy);
            }

            writer.WriteStartArray("cites");
            foreach (var cite in answer.Rule.Cites)
            {
                writer.WriteStartObject();
                writer.WriteString("instrument", pack.Pack.InstrumentId);
                writer.WriteString("article", cite.Article);
                writer.WriteString("status", cite.IsVerified ? "verified" : "unverified");
                writer.WriteString("basis", cite.Basis);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void Duties(Utf8JsonWriter writer, Explanation explanation)
    {
        writer.WriteStartArray("duties");
        foreach (var duty in explanation.Duties)
        {
            writer.WriteStartObject();
            writer.WriteString("id", duty.Duty.Id);
            writer.WriteString("rule", duty.Rule.Id);
            writer.WriteBoolean("mandatory", duty.Duty.IsMandatory);
            if (duty.Due is { } due)
            {
                writer.WriteString("due", due.ToString("yyyy-MM-dd'T'HH:mm:ss.FFF'Z'", CultureInfo.InvariantCulture));
                writer.WriteBoolean("late", duty.IsLate);
            }

            if (duty.IsUncertain)
            {
                writer.WriteBoolean("uncertain", true);
            }

            Strings(writer, "mask", duty.Duty.Mask.Select(code => code.Id));
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void Nearest(Utf8JsonWriter writer, Explanation explanation)
    {
        writer.WriteStartArray("nearestPermits");
        foreach (var permit in explanation.NearestPermits)
        {
            writer.WriteStartObject();
            writer.WriteBoolean("personMayDecide", permit.NeedsPersonsChoice);
            writer.WriteStartArray("changes");
            foreach (var change in permit.Changes)
            {
                writer.WriteStartObject();
                writer.WriteString("fact", change.Fact.Id);
                if (change.Needed is { } needed)
                {
                    writer.WriteString("needed", needed);
                }

                if (change.Evidence is { } evidence)
                {
                    Text(writer, "evidence", evidence);
                }

                if (change.AttestedBy is { } person)
                {
                    Text(writer, "attestedBy", person);
                }

                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void Strings(Utf8JsonWriter writer, string name, IEnumerable<string> values)
    {
        writer.WriteStartArray(name);
        foreach (var value in values)
        {
            writer.WriteStringValue(value);
        }

        writer.WriteEndArray();
    }

    private static void Text(Utf8JsonWriter writer, string name, LocalText text)
    {
        writer.WriteStartObject(name);
        foreach (var (language, words) in text)
        {
            writer.WriteString(language, words);
        }

        writer.WriteEndObject();
    }
}
