using Microsoft.Extensions.FileSystemGlobbing;
using Waymark.Model;

namespace Waymark.App.CommandLine;

/// <summary>Files named by paths, folders (recursed, hidden ones left out) and patterns, each once, in ordinal order.</summary>
public static class InputFiles
{
    public static Result<IReadOnlyList<string>> Expand(IEnumerable<string> paths, string folder)
    {
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
                found.AddRange(Walk(full));
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

        return found.Distinct(StringComparer.Ordinal).ToList();
    }

    private static Error Nothing(string path) => Error.NotFound("input.not-found", "There is no such file or folder.", "没有这个文件或文件夹。", path);

    private static IEnumerable<string> Walk(string folder)
    {
        var options = new EnumerationOptions
        {
            RecurseSubdirectories = true,
            AttributesToSkip = FileAttributes.Hidden | FileAttributes.System,
            IgnoreInaccessible = false,
            MaxRecursionDepth = 32,
        };
        return Directory.EnumerateFiles(folder, "*", options)
            .Where(file => !Path.GetRelativePath(folder, file).Split(Path.DirectorySeparatorChar).Any(part => part.StartsWith('.')))
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
