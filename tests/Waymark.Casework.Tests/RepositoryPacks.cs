using System.Text;
using Waymark.Casework.Registers;
using Waymark.Packs;

namespace Waymark.Casework.Tests;

/// <summary>The packs of the repository, and the same with one register written in a test.</summary>
internal static class RepositoryPacks
{
    public static string Folder => WorkingCopy.Packs;

    private static readonly Lazy<PackLoadOutcome> s_library = new(() => PackLibrary.Load([WorkingCopy.Packs]));

    public static PackLoadOutcome Loaded => s_library.Value;

    public static PackLibrary Library => s_library.Value.Library;

    /// <summary>What is wrong with the register files.</summary>
    public static IEnumerable<Waymark.Model.Error> Errors => s_library.Value.Reports.Where(report => report.File.Contains("/registers/", StringComparison.Ordinal)).SelectMany(report => report.Errors);

    public static RegisterLibrary Registers(NodeProfile? profile = null) => RegisterLibrary.Read(Library, profile);

    public static RegisterPlan Tracing { get; } = Registers().Find("tracing")!;

    /// <summary>The register as written, edited, compiled over the built-in packs under the id "edited".</summary>
    public static (RegisterPlan? Plan, IReadOnlyList<string> Errors) Edited(string register, params (string From, string To)[] edits)
    {
        var text = File.ReadAllText(Path.Combine(Folder, "registers", register + ".yaml")).Replace($"id: {register}\n", "id: edited\n", StringComparison.Ordinal);
        foreach (var (from, to) in edits)
        {
            text.ShouldContain(from);
            text = text.Replace(from, to, StringComparison.Ordinal);
        }

        return Written(text);
    }

    /// <summary>A register of the repository under its own id, changed.</summary>
    public static (RegisterPlan? Plan, IReadOnlyList<string> Errors) Instead(string register, string from, string to)
    {
        var text = File.ReadAllText(Path.Combine(Folder, "registers", register + ".yaml"));
        text.ShouldContain(from);
        return Written(text.Replace(from, to, StringComparison.Ordinal), register);
    }

    public static (RegisterPlan? Plan, IReadOnlyList<string> Errors) Written(string text, string id = "edited")
    {
        var outcome = PackLibrary.Load([new Few(new PackFolder(Folder), [], new Dictionary<string, string>(StringComparer.Ordinal) { [$"registers/{id}.yaml"] = text })]);
        var registers = RegisterLibrary.Read(outcome.Library, null);
        return (registers.Find(id), [.. outcome.Errors.Concat(registers.Errors).Select(error => error.ToString())]);
    }

    /// <summary>The packs of a test node: vocabulary, floor, roles, registers with the standard that one of them follows, one agency's rules and, when given, one register more.</summary>
    /// <param name="agency">The rules of the agency.</param>
    /// <param name="register">A register more.</param>
    /// <param name="edit">Takes a guard out of a file of a given name, as whoever composes the product without it would.</param>
    public static IPackFiles Node(string agency, string? register, Func<string, string, string>? edit = null) => new Few(new PackFolder(Folder),
        ["access/", "registers/", "codelists/htcds/"], new Dictionary<string, string>(StringComparer.Ordinal) { ["rules/floor.yaml"] = Floor, ["rules/harbour.yaml"] = agency, ["registers/edited.yaml"] = register ?? "" }, edit);

    /// <summary>A pack of rules without some of them.</summary>
    public static string WithoutRules(string text, params string[] rules)
    {
        var lines = text.Split('\n').ToList();
        foreach (var rule in rules)
        {
            var at = lines.IndexOf("  - id: " + rule);
            at.ShouldBeGreaterThan(0, rule);
            var end = at + 1;
            while (end < lines.Count && (lines[end].StartsWith("    ", StringComparison.Ordinal) || lines[end].Length == 0))
            {
                end++;
            }

            lines.RemoveRange(at, end - at);
        }

        return string.Join('\n', lines);
    }

    // The floor as it ships, without its own tests: they name packs of agencies that are not on this node.
    private static string Floor => File.ReadAllText(Path.Combine(Folder, "rules", "floor.yaml")) is var text ? text[..text.IndexOf("\ntests:", StringComparison.Ordinal)] + "\n" : "";

    /// <summary>What a register needs of the built-in folder, and files in memory.</summary>
    private sealed class Few(PackFolder inner, IReadOnlyList<string> also, Dictionary<string, string> written, Func<string, string, string>? edit = null) : IPackFiles
    {
        public string Name => "packs";

        public IReadOnlyList<string> List() => [.. inner.List().Where(path =>
            path.StartsWith("schema/", StringComparison.Ordinal) || path.StartsWith("vocabulary/", StringComparison.Ordinal) || path.StartsWith("codelists/areas/", StringComparison.Ordinal)
            || also.Any(start => path.StartsWith(start, StringComparison.Ordinal)))
            .Concat(written.Where(file => file.Value.Length > 0).Select(file => file.Key)).Order(StringComparer.Ordinal)];

        public byte[]? Read(string path, long largest)
        {
            var read = written.TryGetValue(path, out var text) ? Encoding.UTF8.GetBytes(text) : inner.Read(path, largest);
            return edit is null || read is null ? read : Encoding.UTF8.GetBytes(edit(path, Encoding.UTF8.GetString(read)));
        }
    }
}
