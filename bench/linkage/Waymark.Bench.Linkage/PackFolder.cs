using Waymark.Model;

namespace Waymark.Linkage.Bench;

/// <summary>Reads the tables of packs/linkage.</summary>
public static class PackFolder
{
    public static Result<LinkageKnowledge> Read(string folder) =>
        LinkageKnowledge.Read([.. Directory.GetFiles(folder, "*.csv").Select(f => (Path.GetFileNameWithoutExtension(f), File.ReadAllText(f)))]);

    public static string Find()
    {
        for (var at = AppContext.BaseDirectory; at is not null; at = Path.GetDirectoryName(at))
        {
            var folder = Path.Combine(at, "packs", "linkage");
            if (Directory.Exists(folder))
            {
                return folder;
            }
        }

        throw new DirectoryNotFoundException("packs/linkage");
    }

    public static string? FindData()
    {
        var named = Environment.GetEnvironmentVariable("WAYMARK_SHARED");
        for (var at = named ?? AppContext.BaseDirectory; at is not null; at = Path.GetDirectoryName(at))
        {
            foreach (var folder in new[] { Path.Combine(at, "data", "linkage"), Path.Combine(at, "shared", "data", "linkage") })
            {
                if (Directory.Exists(folder))
                {
                    return folder;
                }
            }
        }

        return null;
    }
}
