using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using Waymark.Storage;

namespace Waymark.Matching;

/// <summary>Names and the written form of what this module keeps.</summary>
internal static class LinkageRegisters
{
    public const string Project = "matching.project";
    public const string Run = "matching.run";
    public const string Tile = "matching.tile";
    public const string Answer = "matching.answer";

    /// <summary>Planning and finishing of runs: what people asked for.</summary>
    public const string RunQueue = "linkage";

    /// <summary>Tiles: parts of runs, in no list of jobs.</summary>
    public const string TileQueue = ".linkage-tile";

    /// <summary>Alarms for oversight, as data protection names the queue.</summary>
    public const string AlarmQueue = "protection.alarm";

    public static JsonSerializerOptions Json { get; } = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, Converters = { new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower) },
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    public static byte[] Bytes<T>(T value) => JsonSerializer.SerializeToUtf8Bytes(value, Json);

    public static T Read<T>(ReadOnlyMemory<byte> bytes) => JsonSerializer.Deserialize<T>(bytes.Span, Json)!;

    public static RecordWrite Write(string register, string id, long version, byte[] document, object did, params IReadOnlyList<RecordHead> heads) =>
        new(register, id, version, document, Bytes(did), heads);

    /// <summary>Times in heads sort as text.</summary>
    public static string Time(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    /// <summary>128 random bits, without any time in them (M39).</summary>
    public static string NewId() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));

    public static bool IsId(string? id) => id is { Length: 32 } && id.All(char.IsAsciiHexDigitLower);
}
