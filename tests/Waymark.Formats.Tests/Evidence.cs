using Xunit;

namespace Waymark.Formats.Tests;

/// <summary>
/// The shared folder of published files, found by walking up or by WAYMARK_SHARED; tests skip aloud without it.
/// </summary>
internal static class Evidence
{
    private static readonly string? Root = WorkingCopy.Shared is { } shared ? Path.Combine(shared, "data", "evidence") : null;

    public static bool IsThere => Root is not null;

    public static string Folder
    {
        get
        {
            Assert.SkipWhen(Root is null, "skipped: data folder absent");
            return Root!;
        }
    }

    public static byte[] Bytes(string path) => File.ReadAllBytes(Path.Combine(Folder, path));

    public static TabularFile Open(string path)
    {
        var opened = TabularFile.Open(Bytes(path), Path.GetFileName(path));
        return opened.IsOk ? opened.Value : throw new InvalidOperationException(opened.Error!.ToString());
    }

    public static Grid Grid(string path, string sheet = "")
    {
        var file = Open(path);
        var read = (file[sheet] ?? throw new InvalidOperationException($"no sheet {sheet} in {path}")).Read();
        return read.IsOk ? read.Value : throw new InvalidOperationException(read.Error!.ToString());
    }

    public static IEnumerable<string> Files => Directory.EnumerateFiles(Folder, "*", SearchOption.AllDirectories)
        .Where(static path => !path.EndsWith(".md", StringComparison.Ordinal)
            && !path.EndsWith("oracles.csv", StringComparison.Ordinal))
        .Select(path => Path.GetRelativePath(Folder, path)).Order(StringComparer.Ordinal);
}
