using System.Text.Json;
using Waymark.Model;

namespace Waymark.Linkage.Private;

/// <summary>
/// What the owners of a project share and nobody else may have: key, preset and budgets, as JSON
/// (docs/formats/link-project.md). Whoever holds it can try names against the codes.
/// </summary>
public sealed record ProjectFile(ProjectKey Key, EncodingSchema Schema)
{
    public const string Type = "waymark.link-project/1";

    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true, UnmappedMemberHandling = System.Text.Json.Serialization.JsonUnmappedMemberHandling.Disallow,
    };

    public string Write() => JsonSerializer.Serialize(
        new Document(
            Type, Key.Fingerprint(), Convert.ToBase64String(Key.Export()), Schema.Preset.Name, Schema.Fields.ToDictionary(f => f.Role.ToString(), f => f.Bits)),
        Options) + "\n";

    public static Result<ProjectFile> Read(string json, string name)
    {
        Document? document;
        try
        {
            document = JsonSerializer.Deserialize<Document>(json, Options);
        }
        catch (JsonException fault)
        {
            return Faulty($"{name}:{fault.LineNumber + 1}");
        }

        var key = new byte[ProjectKey.Bytes];
        if (document is not { Schema: Type, Key: not null, Fields: { Count: > 0 and <= 16 } fields, Preset: not null }
            || !Convert.TryFromBase64String(document.Key, key, out var length) || length != key.Length)
        {
            return Faulty(name);
        }

        var budgets = new List<FieldBudget>();
        foreach (var (role, bits) in fields.OrderBy(f => f.Key, StringComparer.Ordinal))
        {
            if (!Enum.TryParse<FieldRole>(role, out var known) || !Enum.IsDefined(known) || bits is < 1 or > 8192)
            {
                return Faulty($"{name}: fields.{role}");
            }

            budgets.Add(new(known, bits));
        }

        return ProjectKey.From(key).Then(found => found.Fingerprint() == document.Project
            ? EncodingPreset.Find(document.Preset).Select(preset => new ProjectFile(found, new EncodingSchema(preset, budgets)))
            : Faulty(name));
    }

    private static Result<ProjectFile> Faulty(string where) => Error.Invalid("linkage.project-file", "This is no sound project file.", "项目文件有误。", where);

    private sealed record Document(string? Schema, string? Project, string? Key, string? Preset, Dictionary<string, int>? Fields);
}
