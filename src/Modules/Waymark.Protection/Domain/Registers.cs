using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Waymark.Storage;

namespace Waymark.Protection.Domain;

/// <summary>Names and the written form of what this module keeps.</summary>
internal static class Registers
{
    public const string Decision = "protection.decision";
    public const string Consent = "protection.consent";
    public const string Derogation = "protection.derogation";
    public const string Hold = "protection.hold";
    public const string Adoption = "protection.adoption";
    public const string Inquiry = "protection.inquiry";
    public const string Request = "protection.request";
    public const string Reading = "protection.reading";
    public const string Receiver = "protection.receiver";
    public const string Matter = "protection.matter";

    /// <summary>Alarms for oversight; whoever set one off neither sees nor closes it.</summary>
    public const string AlarmQueue = "protection.alarm";

    public static JsonSerializerOptions Json { get; } = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, Converters = { new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower) },
    };

    public static byte[] Bytes<T>(T value) => JsonSerializer.SerializeToUtf8Bytes(value, Json);

    public static T Read<T>(StoredRecord record) => JsonSerializer.Deserialize<T>(record.Document.Span, Json)!;

    public static RecordWrite Write<T>(string register, string id, long version, T document, string did, params IReadOnlyList<RecordHead> heads) =>
        new(register, id, version, Bytes(document), Bytes(new { did }), heads);

    /// <summary>Times in heads sort as text.</summary>
    public static string Time(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
