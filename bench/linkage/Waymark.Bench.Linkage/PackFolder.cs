using Waymark.Model;

namespace Waymark.Linkage.Bench;

/// <summary>Reads the tables of packs/linkage.</summary>
public static class PackFolder
{
    public static Result<LinkageKnowledge> Read(string folder) =>
        LinkageKnowledge.Read([.. Directory.GetFiles(folder, "*.csv").Select(f => (Path.GetFileNameWithoutExtension(f), File.ReadAllText(f)))]);

    public static string Find() => Path.Combine(WorkingCopy.Packs, "linkage");

    public static string? FindData() => WorkingCopy.Shared is { } shared ? Path.Combine(shared, "data", "linkage") : null;
}
