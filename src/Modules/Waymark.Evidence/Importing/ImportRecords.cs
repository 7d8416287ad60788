using System.Text.Json;
using System.Text.Json.Serialization;
using Waymark.Evidence.Contracts;
using Waymark.Model;

namespace Waymark.Evidence.Importing;

/// <summary>What is kept of an import beside its report: enough to list it and to explain its observations.</summary>
public sealed record ImportRecord
{
    public required string Id { get; init; }

    public required string FileName { get; init; }

    public required string Sha256 { get; init; }

    public required long Bytes { get; init; }

    public required string MediaType { get; init; }

    public required string Profile { get; init; }

    public required string Publisher { get; init; }

    public required string Licence { get; init; }

    public required string Release { get; init; }

    public required bool Complete { get; init; }

    public required string Actor { get; init; }

    public required DateTimeOffset At { get; init; }

    public DateTimeOffset? RetrievedAt { get; init; }

    public required long Observations { get; init; }

    public required long KeptAside { get; init; }

    public required int Warnings { get; init; }

    /// <summary>Address of the full report.</summary>
    public required string Report { get; init; }

    /// <summary>Vintage id to series id.</summary>
    public required IReadOnlyDictionary<string, string> Vintages { get; init; }

    /// <summary>Footnote sign to text.</summary>
    public IReadOnlyDictionary<string, string> Footnotes { get; init; } = new Dictionary<string, string>();

    /// <summary>Series that no pack declares, with their dimensions as the import found them.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Undeclared { get; init; } = new Dictionary<string, IReadOnlyList<string>>();

    public ImportSummary Summary => new(Id, FileName, Sha256, Bytes, Profile, Publisher, Release, At, Actor, Observations, KeptAside, Warnings);
}

public sealed record SnapshotRecord(string Sha256, string FileName, string MediaType, long Bytes, string Publisher, string Licence, DateTimeOffset? RetrievedAt, string? ImporterVersion);

/// <summary>A file that looks like a list of persons: encrypted under its own key until somebody decides.</summary>
public sealed record QuarantineRecord(string Sha256, string FileName, long Bytes, string Actor, DateTimeOffset At, string Blob, string Key, IReadOnlyList<string> Signs, string State);

/// <summary>JSON of the module's records and reports: camel case, enumerations as words, texts as objects by language.</summary>
public static class EvidenceJson
{
    public static JsonSerializerOptions Options { get; } = Make();

    public static byte[] Write<T>(T value) => JsonSerializer.SerializeToUtf8Bytes(value, Options);

    public static T? Read<T>(ReadOnlySpan<byte> json) => JsonSerializer.Deserialize<T>(json, Options);

    private static JsonSerializerOptions Make()
    {
        var options = new JsonSerializerOptions(JsonSerializerDefaults.Web)
        {
            DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
            Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        };
        options.Converters.Add(new JsonStringEnumConverter());
        options.MakeReadOnly(populateMissingResolver: true);
        return options;
    }
}
