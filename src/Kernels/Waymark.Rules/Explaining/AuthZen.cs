using System.Text.Json;
using Waymark.Model;

namespace Waymark.Rules;

/// <summary>
/// Reads a request in the shape of an OpenID AuthZEN evaluation: <c>action.name</c> is the fact <c>action</c>; <c>subject.properties</c> are facts of the
/// actor (<c>role</c> is <c>actor.role</c>); <c>resource.properties</c> and <c>context</c> hold facts by their ids, nested or dotted. A plain object of facts
/// by id is read as well.
/// </summary>
public static class AuthZen
{
    private const int MostBytes = 256 * 1024;

    private static readonly JsonDocumentOptions s_options = new() { MaxDepth = 8, AllowDuplicateProperties = false };

    /// <summary>
    /// The facts of the request, or what is wrong with it: <c>rules.request</c> for JSON that cannot be read, <c>rules.unknown-fact</c>, <c>rules.value</c>. Nothing
    /// is skipped: a fact that the vocabulary does not know refuses the request.
    /// </summary>
    public static Result<RequestFacts> Read(Vocabulary vocabulary, ReadOnlyMemory<byte> json)
    {
        if (json.Length > MostBytes)
        {
            return Error.TooLarge("rules.request-too-large", $"A request has at most {MostBytes} bytes.", $"请求最长 {MostBytes} 字节。");
        }

        try
        {
            using var document = JsonDocument.Parse(json, s_options);
            return Read(vocabulary, document.RootElement);
        }
        catch (JsonException failure)
        {
            return Error.Invalid("rules.request", $"The request is not valid JSON: {failure.Message}", $"请求不是有效的 JSON：{failure.Message}", $"{failure.LineNumber + 1}:{failure.BytePositionInLine + 1}");
        }
    }

    private static Result<RequestFacts> Read(Vocabulary vocabulary, JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object)
        {
            return Error.Invalid("rules.request", "A request is a JSON object.", "请求须为 JSON 对象。");
        }

        var facts = new RequestFacts(vocabulary);
        var isAuthZen = root.TryGetProperty("action", out var action) && action.ValueKind == JsonValueKind.Object;
        if (!isAuthZen)
        {
            return Fill(facts, root, "") is { } wrong ? wrong : facts;
        }

        if (!action.TryGetProperty("name", out var name))
        {
            return Error.Invalid("rules.request", "\"action\" needs a \"name\".", "“action”须有“name”。");
        }

        var error = Value(facts, "action", name) ?? Part(facts, action, "properties", "")
            ?? (root.TryGetProperty("subject", out var subject) ? Part(facts, subject, "properties", "actor.") : null)
            ?? (root.TryGetProperty("resource", out var resource) ? Part(facts, resource, "properties", "") : null)
            ?? Part(facts, root, "context", "");
        return error is null ? facts : error;
    }

    private static Error? Part(RequestFacts facts, JsonElement owner, string name, string prefix) =>
        owner.ValueKind == JsonValueKind.Object && owner.TryGetProperty(name, out var part) && part.ValueKind == JsonValueKind.Object ? Fill(facts, part, prefix) : null;

    private static Error? Fill(RequestFacts facts, JsonElement part, string prefix)
    {
        foreach (var property in part.EnumerateObject())
        {
            var id = prefix + property.Name;
            var error = property.Value.ValueKind == JsonValueKind.Object ? Fill(facts, property.Value, id + ".") : Value(facts, id, property.Value);
            if (error is not null)
            {
                return error;
            }
        }

        return null;
    }

    private static Error? Value(RequestFacts facts, string id, JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null => null,
        JsonValueKind.Array => facts.Set(id, [.. value.EnumerateArray().Select(item => item.ToString())]),
        JsonValueKind.True => facts.Set(id, "true"),
        JsonValueKind.False => facts.Set(id, "false"),
        _ => facts.Set(id, value.ToString()),
    };
}
