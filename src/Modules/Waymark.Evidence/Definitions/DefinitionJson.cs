using System.Text.Json;
using System.Text.Json.Serialization;
using Waymark.Evidence.Contracts;
using Waymark.Model;

namespace Waymark.Evidence.Definitions;

internal sealed record NoticeDocument(string Definition, string Area, string Topic, long Version);

/// <summary>The stored form of definitions and notices; enums by name, texts as an object by language.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true, Converters = [typeof(LocalTextConverter)])]
[JsonSerializable(typeof(NationalDefinition))]
[JsonSerializable(typeof(NoticeDocument))]
internal sealed partial class DefinitionJson : JsonSerializerContext;

internal sealed class LocalTextConverter : JsonConverter<LocalText>
{
    public override LocalText Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var texts = new Dictionary<string, string>(StringComparer.Ordinal);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var language = reader.GetString()!;
            reader.Read();
            texts[language] = reader.GetString() ?? "";
        }

        return new LocalText(texts);
    }

    public override void Write(Utf8JsonWriter writer, LocalText value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        foreach (var (language, text) in value)
        {
            writer.WriteString(language, text);
        }

        writer.WriteEndObject();
    }
}
