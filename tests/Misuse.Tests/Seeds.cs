using System.Text;

namespace Waymark.Misuse.Tests;

/// <summary>Seed search: which files of a folder hold a planted value, in their names or bytes, in any of the ways a value is written.</summary>
internal static class Seeds
{
    public static async Task<IReadOnlyList<string>> FindAsync(string folder, params string[] seeds)
    {
        var needles = seeds.SelectMany(seed => new[]
        {
            Encoding.UTF8.GetBytes(seed), Encoding.Unicode.GetBytes(seed), Encoding.UTF8.GetBytes(Convert.ToBase64String(Encoding.UTF8.GetBytes(seed)).TrimEnd('=')[..^1]),
            Encoding.UTF8.GetBytes(Convert.ToHexStringLower(Encoding.UTF8.GetBytes(seed))), Encoding.UTF8.GetBytes(seed.ToLowerInvariant()),
        }).ToList();
        var found = new List<string>();
        foreach (var file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
        {
            await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var bytes = new MemoryStream();
            await stream.CopyToAsync(bytes);
            if (seeds.Any(seed => file.Contains(seed, StringComparison.OrdinalIgnoreCase)) || needles.Any(needle => bytes.GetBuffer().AsSpan(0, (int)bytes.Length).IndexOf(needle) >= 0))
            {
                found.Add(Path.GetRelativePath(folder, file));
            }
        }

        return found;
    }
}
