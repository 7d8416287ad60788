using System.Text.Json;
using System.Text.Json.Nodes;

namespace Waymark.Site.Tests.Support;

/// <summary>The part of JSON Schema that our own schemas use: type, properties, required, items, enum, const, additionalProperties, $ref.</summary>
internal static class SmallSchema
{
    public static IEnumerable<string> Faults(JsonNode root, JsonNode schema, JsonElement value, string at)
    {
        if (schema is JsonValue)
        {
            return schema.GetValue<bool>() ? [] : [$"{at}: nothing may stand here"];
        }

        var rules = schema.AsObject();
        if (rules["$ref"]?.GetValue<string>() is { } reference)
        {
            // References of the exporter start at the schema of the result.
            var target = reference.Split('/')[1..].Aggregate((JsonNode?)root["properties"]!["result"], (node, part) =>
                node is JsonArray list ? list[int.Parse(part, System.Globalization.CultureInfo.InvariantCulture)] : node?[part]);
            return target is null ? [$"{at}: {reference} leads nowhere"] : Faults(root, target, value, at);
        }

        return Own(root, rules, value, at);
    }

    private static IEnumerable<string> Own(JsonNode root, JsonObject rules, JsonElement value, string at)
    {
        if (rules["const"] is { } constant && constant.ToJsonString() != value.GetRawText())
        {
            yield return $"{at}: is not {constant}";
        }

        if (rules["enum"] is JsonArray words && !words.Any(word => (word?.ToJsonString() ?? "null") == value.GetRawText()))
        {
            yield return $"{at}: {value.GetRawText()} is not one of {words.ToJsonString()}";
        }

        if (rules["type"] is { } type && !Types(type).Any(name => Is(name, value)))
        {
            yield return $"{at}: is {value.ValueKind}, not {type.ToJsonString()}";
            yield break;
        }

        if (value.ValueKind == JsonValueKind.Array && rules["items"] is { } items)
        {
            foreach (var fault in value.EnumerateArray().SelectMany((item, i) => Faults(root, items, item, $"{at}[{i}]")))
            {
                yield return fault;
            }
        }

        if (value.ValueKind == JsonValueKind.Object)
        {
            foreach (var name in (rules["required"] as JsonArray ?? []).Select(name => name!.GetValue<string>()).Where(name => !value.TryGetProperty(name, out _)))
            {
                yield return $"{at}: lacks {name}";
            }

            foreach (var member in value.EnumerateObject())
            {
                var rule = rules["properties"]?[member.Name] ?? rules["additionalProperties"];
                if (rule is null && rules["properties"] is not null)
                {
                    yield return $"{at}.{member.Name}: is not published";
                }

                foreach (var fault in rule is null ? [] : Faults(root, rule, member.Value, $"{at}.{member.Name}"))
                {
                    yield return fault;
                }
            }
        }
    }

    private static IEnumerable<string> Types(JsonNode type) => type is JsonArray list ? list.Select(one => one!.GetValue<string>()) : [type.GetValue<string>()];

    private static bool Is(string type, JsonElement value) => type switch
    {
        "object" => value.ValueKind == JsonValueKind.Object,
        "array" => value.ValueKind == JsonValueKind.Array,
        "string" => value.ValueKind == JsonValueKind.String,
        "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        "null" => value.ValueKind == JsonValueKind.Null,
        "integer" => value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out _),
        "number" => value.ValueKind == JsonValueKind.Number,
        _ => false,
    };
}
