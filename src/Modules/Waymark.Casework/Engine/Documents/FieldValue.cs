using System.Text.Json;
using System.Text.Json.Serialization;

namespace Waymark.Casework.Documents;

/// <summary>A checked value in its one canonical JSON form: equal values are equal texts.</summary>
[JsonConverter(typeof(FieldValueConverter))]
public readonly record struct FieldValue(string Json)
{
    /// <summary>A member of an object as text, or null.</summary>
    public string? Member(string name)
    {
        using var parsed = JsonDocument.Parse(Json);
        return parsed.RootElement.ValueKind == JsonValueKind.Object && parsed.RootElement.TryGetProperty(name, out var member)
            ? member.ValueKind == JsonValueKind.String ? member.GetString() : member.GetRawText() : null;
    }

    /// <summary>The text of a value that is one, else the JSON.</summary>
    public string Text
    {
        get
        {
            using var parsed = JsonDocument.Parse(Json);
            return parsed.RootElement.ValueKind == JsonValueKind.String ? parsed.RootElement.GetString()! : Json;
        }
    }

    public override string ToString() => Json;
}

internal sealed class FieldValueConverter : JsonConverter<FieldValue>
{
    public override FieldValue Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        using var parsed = JsonDocument.ParseValue(ref reader);
        return new(parsed.RootElement.GetRawText());
    }

    public override void Write(Utf8JsonWriter writer, FieldValue value, JsonSerializerOptions options) => writer.WriteRawValue(value.Json, skipInputValidation: true);
}
