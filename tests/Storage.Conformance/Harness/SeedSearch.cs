namespace Storage.Conformance.Harness;

/// <summary>Searches every byte of every file for a value that must not be there.</summary>
internal static class SeedSearch
{
    public static List<string> Find(string folder, byte[] seed)
    {
        // Pages cut a value into pieces; any piece of it is a find.
        var pieces = Enumerable.Range(0, seed.Length / 64).Select(i => seed.AsMemory(i * 64, 64)).ToList();
        return [.. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Where(file =>
        {
            var bytes = File.ReadAllBytes(file);
            return pieces.Exists(piece => bytes.AsSpan().IndexOf(piece.Span) >= 0);
        })];
    }
}
