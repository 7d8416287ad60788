namespace Waymark.Testing;

/// <summary>
/// The working copy above the test program, and the folder of published data: named by WAYMARK_SHARED, or called
/// <c>shared</c> and beside or above the working copy. Compiled into every test and benchmark program.
/// </summary>
internal static class WorkingCopy
{
    public static string Root { get; } = Above("Waymark.slnx") ?? throw new DirectoryNotFoundException("No Waymark.slnx above the program.");

    public static string Packs => Path.Combine(Root, "packs");

    /// <summary>Holds <c>data</c> and <c>reference</c>; null where the data are absent: then say so and skip.</summary>
    public static string? Shared { get; } = FindShared();

    private static string? FindShared()
    {
        if (Environment.GetEnvironmentVariable("WAYMARK_SHARED") is { Length: > 0 } stated)
        {
            return Directory.Exists(Path.Combine(stated, "data")) ? stated : null;
        }

        return Above(Path.Combine("shared", "data")) is { } parent ? Path.Combine(parent, "shared") : null;
    }

    private static string? Above(string marker)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (Path.Exists(Path.Combine(folder.FullName, marker)))
            {
                return folder.FullName;
            }
        }

        return null;
    }
}
