using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Waymark.Model;

namespace Waymark.App.Output;

/// <summary>
/// The one JSON dialect of the product: camel case keys, words in kebab case, RFC 3339 UTC, texts as objects by language,
/// nulls left out. Keys may be added; none changes its meaning within a schema number.
/// </summary>
public static class JsonOutput
{
    public static JsonSerializerOptions Options { get; } = Make(indented: false);

    public static JsonSerializerOptions Indented { get; } = Make(indented: true);

    /// <summary><c>{"schema":"waymark.import/1","result":…,"warnings":[…]}</c></summary>
    public static string Document<T>(string schema, T result, IReadOnlyList<Error> warnings) =>
        JsonSerializer.Serialize(new JsonDocumentOf<T>(schema, result, warnings), Options);

    private static JsonSerializerOptions Make(bool indented)
    {
        var options = new JsonSerializerOptions(JsonSerializerDefaults.Web)
        {
            WriteIndented = indented,
            NewLine = "\n",
            DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            MaxDepth = 32,
            RespectNullableAnnotations = true,
        };
        options.Converters.Add(new PeriodConverter());
        options.Converters.Add(new TimeConverter());
        options.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower, allowIntegerValues: false));
        options.MakeReadOnly(populateMissingResolver: true);
        return options;
    }

    private sealed class PeriodConverter : JsonConverter<Period>
    {
        public override Period Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            Period.TryParse(reader.GetString(), out var period) ? period : throw new JsonException("not a period");

        public override void Write(Utf8JsonWriter writer, Period value, JsonSerializerOptions options) =>
            writer.WriteStringValue(value.ToString());
    }

    private sealed class TimeConverter : JsonConverter<DateTimeOffset>
    {
        public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.GetDateTimeOffset();

        public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) =>
            writer.WriteStringValue(Moment.Text(value));
    }
}

public sealed record JsonDocumentOf<T>(string Schema, T Result, IReadOnlyList<Error> Warnings);
