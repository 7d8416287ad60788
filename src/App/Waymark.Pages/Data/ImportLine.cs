using System.Text.Json;

namespace Waymark.Pages.Data;

/// <summary>One file of a finished import job, read from the job's result (schema waymark.import-job/1).</summary>
public sealed record ImportLine(string FileName, string State, string? ImportId, string Text, IReadOnlyList<string> Series)
{
    public string Kind => State switch
    {
        "imported" => "ok",
        "alreadyPresent" or "dryRun" => "info",
        "quarantined" or "unrecognised" => "warn",
        _ => "bad",
    };

    public static List<ImportLine> Read(ReadOnlyMemory<byte> json, string language)
    {
        using var document = JsonDocument.Parse(json);
        if (document.RootElement.ValueKind != JsonValueKind.Object
            || !document.RootElement.TryGetProperty("files", out var files) || files.ValueKind != JsonValueKind.Array)
        {
            return [];
        }

        return [.. files.EnumerateArray().Select(file => new ImportLine(
            Field(file, "fileName") ?? "",
            Field(file, "state") ?? "failed",
            Field(file, "importId"),
            file.TryGetProperty("text", out var text) && text.ValueKind == JsonValueKind.Object
                ? Field(text, language) ?? Field(text, "en") ?? "" : "",
            file.TryGetProperty("series", out var series) && series.ValueKind == JsonValueKind.Array
                ? [.. series.EnumerateArray().Select(id => id.GetString()).OfType<string>()] : []))];
    }

    private static string? Field(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
