namespace Waymark.Packs;

/// <summary>Where pack files come from: a folder on disk, or memory in tests and uploads. Paths are relative, with forward slashes.</summary>
public interface IPackFiles
{
    /// <summary>The name shown before paths in messages.</summary>
    string Name { get; }

    /// <summary>All files, in ordinal order of their paths.</summary>
    IReadOnlyList<string> List();

    /// <summary>The bytes of a file, or null when it does not exist, is larger than allowed, or leads out of the folder.</summary>
    byte[]? Read(string path, long largest);
}

/// <summary>A folder of packs. Links are not followed: a pack is what stands in its folder.</summary>
public sealed class PackFolder(string root) : IPackFiles
{
    private const int MostFiles = 20_000;

    private readonly string _root = Path.GetFullPath(root);

    public string Name => Path.GetFileName(_root.TrimEnd(Path.DirectorySeparatorChar));

    public bool Exists => Directory.Exists(_root);

    public IReadOnlyList<string> List()
    {
        var options = new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint, MaxRecursionDepth = 8 };
        return [.. Directory.EnumerateFiles(_root, "*", options).Take(MostFiles)
            .Select(file => Path.GetRelativePath(_root, file).Replace(Path.DirectorySeparatorChar, '/'))
            .Order(StringComparer.Ordinal)];
    }

    public byte[]? Read(string path, long largest)
    {
        if (!PackPaths.IsSafe(path))
        {
            return null;
        }

        var file = new FileInfo(Path.Combine(_root, path.Replace('/', Path.DirectorySeparatorChar)));
        return !file.Exists || file.LinkTarget is not null || file.Length > largest || PassesLink(file.Directory)
            ? null : File.ReadAllBytes(file.FullName);
    }

    private bool PassesLink(DirectoryInfo? folder)
    {
        for (; folder is not null && folder.FullName.Length > _root.Length; folder = folder.Parent)
        {
            if (folder.LinkTarget is not null)
            {
                return true;
            }
        }

        return false;
    }
}

/// <summary>Packs in memory.</summary>
public sealed class PackMemory(string name, IReadOnlyDictionary<string, byte[]> files) : IPackFiles
{
    public string Name => name;

    public IReadOnlyList<string> List() => [.. files.Keys.Order(StringComparer.Ordinal)];

    public byte[]? Read(string path, long largest) =>
        files.TryGetValue(path, out var bytes) && bytes.LongLength <= largest ? bytes : null;
}

/// <summary>The law of file references: relative, forward slashes, no way out of the pack's folder, plain names.</summary>
public static class PackPaths
{
    public static bool IsSafe(string path) => path.Length is > 0 and <= 200
        && path.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' or '.' or '/')
        && path.Split('/').All(part => part.Length > 0 && part[0] != '.' && part[^1] != '.');
}
