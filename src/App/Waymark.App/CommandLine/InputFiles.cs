using Microsoft.Extensions.FileSystemGlobbing;
using Waymark.Model;

namespace Waymark.App.CommandLine;

/// <summary>Files named by paths, folders (recursed, hidden ones left out) and patterns, each once, in ordinal order.</summary>
public static class InputFiles
{
    /// <summary><paramref name="listed"/> is told how many files were found so far and where, since a folder may hold very many.</summary>
    public static Result<IReadOnlyList<string>> Expand(IReadOnlyList<string> paths, string folder, Action<int, string>? listed = null)
    {
        listed?.Invoke(0, folder);
        var found = new List<string>();
        foreach (var path in paths)
        {
            var full = Path.GetFullPath(path, folder);
            if (File.Exists(full))
            {
                found.Add(full);
            }
            else if (Directory.Exists(full))
            {
                try
                {
                    found.AddRange(Walk(full, count => listed?.Invoke(found.Count + count, path)));
                }
                catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
                {
                    return Error.NotFound("input.unreadable-folder", "The folder, or one below it, cannot be read.", "该文件夹或其下级文件夹无法读取。", path);
                }
            }
            else if (path.AsSpan().ContainsAny('*', '?'))
            {
                var matches = Glob(path, folder).ToList();
                if (matches.Count == 0)
                {
                    return Nothing(path);
                }

                found.AddRange(matches);
            }
            else
            {
                return Nothing(path);
            }
        }

        return found.Count > 0 ? found.Distinct(StringComparer.Ordinal).ToList()
            : Error.NotFound("input.no-files", "There is no file in the folder (hidden files are left out).", "文件夹中没有文件（隐藏文件不计）。", string.Join(' ', paths));
    }

    private static Error Nothing(string path) => Error.NotFound("input.not-found", "There is no such file or folder.", "没有这个文件或文件夹。", path);

    private static IEnumerable<string> Walk(string folder, Action<int> listed)
    {
        var count = 0;
        var options = new EnumerationOptions
        {
            RecurseSubdirectories = true,
            AttributesToSkip = FileAttributes.Hidden | FileAttributes.System,
            IgnoreInaccessible = false,
            MaxRecursionDepth = 32,
        };
        return Directory.EnumerateFiles(folder, "*", options)
            .Where(file => !Path.GetRelativePath(folder, file).Split(Path.DirectorySeparatorChar).Any(part => part.StartsWith('.')))
            .Select(file =>
            {
                listed(++count);
                return file;
            })
            .Order(StringComparer.Ordinal);
    }

    private static IEnumerable<string> Glob(string pattern, string folder)
    {
        // The part before the first wildcard is a plain folder, so that patterns may lead out of the working folder.
        var parts = pattern.Split('/');
        var plain = parts.TakeWhile(part => !part.AsSpan().ContainsAny('*', '?')).ToArray();
        var root = Path.GetFullPath(plain.Length == 0 ? "." : plain is [""] ? "/" : string.Join('/', plain), folder);
        var matcher = new Matcher(StringComparison.Ordinal).AddInclude(string.Join('/', parts[plain.Length..]));
        return Directory.Exists(root) ? matcher.GetResultsInFullPath(root).Order(StringComparer.Ordinal) : [];
    }
}
