using System.Text.Json;

namespace Waymark.Pages.Data;

/// <summary>What one file gave to one series, as a job's result tells it.</summary>
public sealed record ImportedSeries(string Id, long New, long Revised, long Unchanged);

/// <summary>One file of a finished import job, read from the job's result (schema waymark.import/1).</summary>
public sealed record ImportLine(string FileName, string State, string? ImportId, string? Message, string? Hint, IReadOnlyList<ImportedSeries> Series)
{
    public string Kind => State switch
    {
        "imported" => "ok",
        "already-present" or "dry-run" => "info",
        "quarantined" or "unrecognised" => "warn",
        _ => "bad",
    };

    public static List<ImportLine> Read(ReadOnlyMemory<byte> json, string language)
    {
        using var document = JsonDocument.Parse(json);
        return [.. Items(document.RootElement, "files").Select(file =>
        {
            var error = file.TryGetProperty("error", out var told) ? told : default;
            return new ImportLine(
                Text(file, "fileName") ?? "", Text(file, "state") ?? "failed", Text(file, "importId"), In(error, "message", language), In(error, "hint", language),
                [.. Items(file, "series").Select(series => new ImportedSeries(
                    Text(series, "series") ?? "", Number(series, "new"), Number(series, "revised"), Number(series, "unchanged")))]);
        })];
    }

    private static IEnumerable<JsonElement> Items(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var items) && items.ValueKind == JsonValueKind.Array ? [.. items.EnumerateArray()] : [];

    private static string? In(JsonElement element, string name, string language) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var text) ? Text(text, language) : null;

    private static string? Text(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static long Number(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.TryGetInt64(out var number) ? number : 0;
}
