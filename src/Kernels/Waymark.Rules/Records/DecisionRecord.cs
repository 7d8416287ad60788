using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Encodings.Web;
using System.Text.Json;
using Waymark.Model;

namespace Waymark.Rules;

/// <summary>A pack as a decision names it.</summary>
public sealed record DecidedBy(string Id, string Version, string Hash);

/// <summary>
/// What is kept of a decision: which packs by hash, when, over which request, with which outcome. It holds hashes only, made with
/// a salt of the caller so that destroying the salt leaves the record whole and the request unknowable.
/// </summary>
/// <param name="Schema">Always <see cref="SchemaName"/>.</param>
/// <param name="DecidedAt">When, in UTC.</param>
/// <param name="Vocabulary">Hash of the vocabulary.</param>
/// <param name="Packs">The packs of the set, the floor first.</param>
/// <param name="RequestHash">SHA-256 of salt and request, in hexadecimal.</param>
/// <param name="OutcomeHash">SHA-256 of salt and answer, in hexadecimal.</param>
/// <param name="Effect">Permit or deny.</param>
/// <param name="Ground">Why.</param>
public sealed record DecisionRecord(
    string Schema, DateTimeOffset DecidedAt, string Vocabulary, IReadOnlyList<DecidedBy> Packs, string RequestHash, string OutcomeHash, Effect Effect, Ground Ground)
{
    public const string SchemaName = "waymark.decision/1";

    private static readonly JsonWriterOptions s_options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The record of an explained decision.</summary>
    public static DecisionRecord Of(Explanation explanation, DateTimeOffset decidedAt, ReadOnlySpan<byte> salt) => new(
        SchemaName, decidedAt.ToUniversalTime(), explanation.Set.Vocabulary.Hash, [.. explanation.Set.Packs.Select(pack => new DecidedBy(pack.Id, pack.Version, pack.Hash))],
        Hash(salt, RequestBytes(explanation.Request)), Hash(salt, ExplanationJson.Write(explanation, withNearest: false)), explanation.Effect, explanation.Decision.Ground);

    /// <summary>
    /// Decides an old request again with the packs named in the record. The result equals the record byte for byte, or says what differs:
    /// <c>rules.replay-packs</c>, <c>rules.replay-request</c>, <c>rules.replay-outcome</c>.
    /// </summary>
    public Result<DecisionRecord> Replay(RulePackSet set, RequestFacts request, ReadOnlySpan<byte> salt, ExplainOptions? options = null)
    {
        if (set.Vocabulary.Hash != Vocabulary || !set.Packs.Select(pack => new DecidedBy(pack.Id, pack.Version, pack.Hash)).SequenceEqual(Packs))
        {
            return Error.Conflict("rules.replay-packs", "These are not the packs that decided.", "所用规则包与当时不同。");
        }

        var again = Of(set.Explain(request, options), DecidedAt, salt);
        return again.RequestHash != RequestHash ? Error.Conflict("rules.replay-request", "This is not the request that was decided.", "请求与当时不同。")
            : again.OutcomeHash != OutcomeHash || !again.ToBytes().AsSpan().SequenceEqual(ToBytes()) ? Error.Conflict("rules.replay-outcome", "The outcome differs from the one recorded.", "结果与记录不符。")
            : again;
    }

    /// <summary>The record as JSON with keys in a fixed order.</summary>
    public byte[] ToBytes()
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var writer = new Utf8JsonWriter(buffer, s_options))
        {
            writer.WriteStartObject();
            writer.WriteString("schema", Schema);
            writer.WriteString("decidedAt", DecidedAt.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture));
            writer.WriteString("vocabulary", Vocabulary);
            writer.WriteStartArray("packs");
            foreach (var pack in Packs)
            {
                writer.WriteStartObject();
                writer.WriteString("id", pack.Id);
                writer.WriteString("version", pack.Version);
                writer.WriteString("hash", pack.Hash);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            writer.WriteString("request", RequestHash);
            writer.WriteString("outcome", OutcomeHash);
            writer.WriteString("effect", ExplanationJson.Kebab(Effect.ToString()));
            writer.WriteString("ground", ExplanationJson.Kebab(Ground.ToString()));
            writer.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>The known facts by id in ordinal order, as JSON: what the request's hash is taken of. Unknown facts are left out.</summary>
    public static byte[] RequestBytes(RequestFacts request)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var writer = new Utf8JsonWriter(buffer, s_options))
        {
            writer.WriteStartObject();
            foreach (var (fact, value) in request.All.OrderBy(pair => pair.Fact.Id, StringComparer.Ordinal))
            {
                if (fact.Type == FactType.Codes)
                {
                    writer.WriteStartArray(fact.Id);
                    foreach (var code in value.CodesOf(fact).Select(code => code.Id).Order(StringComparer.Ordinal))
                    {
                        writer.WriteStringValue(code);
                    }

                    writer.WriteEndArray();
                }
                else
                {
                    writer.WriteString(fact.Id, value.ToText(fact));
                }
            }

            writer.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    private static string Hash(ReadOnlySpan<byte> salt, ReadOnlySpan<byte> content)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(salt);
        hash.AppendData(content);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
