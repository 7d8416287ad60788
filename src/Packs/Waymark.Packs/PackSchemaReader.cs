using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.RegularExpressions;
using Waymark.Model;

namespace Waymark.Packs;

/// <summary>Reads a schema file; a keyword this validator does not carry out is refused, since ignoring it would promise a check that is not done.</summary>
public static class PackSchemaReader
{
    private static readonly HashSet<string> Known = new(StringComparer.Ordinal)
    {
        "$schema", "$id", "title", "description", "type", "properties", "required", "enum", "pattern", "items",
        "additionalProperties", "propertyNames", "minItems", "maxItems", "minimum", "maximum", "x-extensible",
    };

    private const int MostPatterns = 500;

    /// <summary>Building an expression without backtracking costs far more than reading a pack, and all schemas share a few.</summary>
    private static readonly ConcurrentDictionary<string, Regex> Patterns = new(StringComparer.Ordinal);

    public static Result<PackSchema> Read(string file, ReadOnlyMemory<byte> json)
    {
        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 64, AllowDuplicateProperties = false });
            return Schema(document.RootElement);
        }
        catch (JsonException failure)
        {
            return Error.Faulty("pack.schema", $"The schema is not valid JSON: {failure.Message}", $"模式文件不是有效的 JSON：{failure.Message}",
                $"{file}:{failure.LineNumber + 1}:{failure.BytePositionInLine + 1}");
        }
        catch (SchemaFault fault)
        {
            return Error.Faulty("pack.schema", $"The schema cannot be used: {fault.Message}", $"模式文件无法使用：{fault.Message}", file);
        }
    }

    private static PackSchema Schema(JsonElement element)
    {
        if (element.ValueKind != JsonValueKind.Object)
        {
            throw new SchemaFault("a schema must be an object");
        }

        foreach (var unknown in element.EnumerateObject().Where(property => !Known.Contains(property.Name)))
        {
            throw new SchemaFault($"keyword \"{unknown.Name}\"");
        }

        var (others, allows) = Additional(element);
        return new PackSchema
        {
            Types = Texts(element, "type"),
            Properties = Properties(element),
            Required = Texts(element, "required"),
            Enum = element.TryGetProperty("enum", out _) ? Texts(element, "enum") : null,
            Pattern = Pattern(element, "pattern"),
            PropertyNames = element.TryGetProperty("propertyNames", out var names) ? Pattern(names, "pattern") : null,
            Items = element.TryGetProperty("items", out var items) ? Schema(items) : null,
            AdditionalProperties = others,
            AllowsOthers = allows,
            MinItems = Number(element, "minItems") is { } least ? (int)least : 0,
            MaxItems = Number(element, "maxItems") is { } most ? (int)most : int.MaxValue,
            Minimum = Number(element, "minimum"),
            Maximum = Number(element, "maximum"),
            IsExtensible = element.TryGetProperty("x-extensible", out var extensible) && extensible.ValueKind == JsonValueKind.True,
            Description = element.TryGetProperty("description", out var description) ? description.GetString() : null,
        };
    }

    private static (PackSchema? Others, bool Allows) Additional(JsonElement element) =>
        !element.TryGetProperty("additionalProperties", out var others) ? (null, true)
        : others.ValueKind switch
        {
            JsonValueKind.True => (null, true),
            JsonValueKind.False => (null, false),
            _ => (Schema(others), true),
        };

    private static Dictionary<string, PackSchema> Properties(JsonElement element) =>
        element.TryGetProperty("properties", out var properties)
            ? properties.EnumerateObject().ToDictionary(property => property.Name, property => Schema(property.Value), StringComparer.Ordinal)
            : [];

    private static Regex? Pattern(JsonElement element, string name)
    {
        if (!element.TryGetProperty(name, out var pattern))
        {
            return null;
        }

        var text = pattern.GetString() ?? "";
        try
        {
            if (!Patterns.TryGetValue(text, out var regex))
            {
                regex = new(text, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1));
                if (Patterns.Count < MostPatterns)
                {
                    Patterns[text] = regex;
                }
            }

            return regex;
        }
        catch (Exception failure) when (failure is ArgumentException or NotSupportedException)
        {
            throw new SchemaFault($"pattern \"{pattern}\"");
        }
    }

    private static decimal? Number(JsonElement element, string name) =>
        element.TryGetProperty(name, out var number) && number.TryGetDecimal(out var value) ? value : null;

    private static string[] Texts(JsonElement element, string name) =>
        !element.TryGetProperty(name, out var found) ? []
        : found.ValueKind == JsonValueKind.Array ? [.. found.EnumerateArray().Select(item => item.ToString())] : [found.ToString()];

    private sealed class SchemaFault(string message) : Exception(message);
}
