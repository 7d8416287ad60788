namespace Waymark.Site.Tests.Support;

/// <summary>Folders of the working copy, found by walking up from the test binary.</summary>
internal static class Places
{
    public static string Root => WorkingCopy.Root;

    public static string Packs => Path.Combine(Root, "packs");

    public static string Tests => Path.Combine(Root, "tests", "Site.Tests");
}

/// <summary>
/// Compares with a committed file. With ACCEPT_GOLDEN=1 the file is written instead, for a person to read and commit;
/// the test then still fails, so that no run of a whole suite passes by accepting.
/// </summary>
internal static class Golden
{
    public static void ShouldMatchAll(IEnumerable<(string Actual, string Path)> files)
    {
        var faults = new List<string>();
        foreach (var (actual, path) in files)
        {
            try
            {
                ShouldMatch(actual, path);
            }
            catch (ShouldAssertException fault)
            {
                faults.Add(fault.Message);
            }
        }

        faults.ShouldBeEmpty();
    }

    public static void ShouldMatch(string actual, string path)
    {
        var text = actual.ReplaceLineEndings("\n");
        var full = Path.IsPathRooted(path) ? path : Path.Combine(Places.Tests, "Golden", path);
        if (System.Environment.GetEnvironmentVariable("ACCEPT_GOLDEN") == "1")
        {
            var same = File.Exists(full) && File.ReadAllText(full) == text;
            Directory.CreateDirectory(Path.GetDirectoryName(full)!);
            File.WriteAllText(full, text);
            same.ShouldBeTrue($"{full} was written; read it and run again");
        }

        File.Exists(full).ShouldBeTrue($"{full} is missing");
        text.ShouldBe(File.ReadAllText(full));
    }
}
