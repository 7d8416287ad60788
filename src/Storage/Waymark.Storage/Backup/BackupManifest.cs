using System.Text.Json;
using System.Text.Json.Serialization;

namespace Waymark.Storage.Backup;

/// <summary>What a backup holds. Written last: a folder without it is an unfinished backup.</summary>
internal sealed record BackupManifest(
    string Format,
    DateTimeOffset Created,
    string Kind,
    string EngineVersion,
    int SchemaVersion,
    IReadOnlyList<BackupTable> Tables,
    long Chunks,
    long ChunkBytes)
{
    public const string FileName = "manifest.json";
    public const string HashFileName = "manifest.sha256";

    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, BackupJson.Default.BackupManifest);

    public static BackupManifest? Read(byte[] json) => JsonSerializer.Deserialize(json, BackupJson.Default.BackupManifest);
}

/// <summary>One table's file: <paramref name="Sha256"/> of its bytes, in hexadecimal.</summary>
internal sealed record BackupTable(string Name, IReadOnlyList<string> Columns, string File, long Rows, string Sha256);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(BackupManifest))]
internal sealed partial class BackupJson : JsonSerializerContext;
