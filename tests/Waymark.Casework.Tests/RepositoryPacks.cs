using System.Text;
using Waymark.Casework.Registers;
using Waymark.Packs;

namespace Waymark.Casework.Tests;

/// <summary>The packs of the repository, and the same with one register written in a test.</summary>
internal static class RepositoryPacks
{
    public static string Folder { get; } = Find();

    private static readonly Lazy<PackLoadOutcome> s_library = new(() => PackLibrary.Load([Find()]));

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

    public static (RegisterPlan? Plan, IReadOnlyList<string> Errors) Written(string text)
    {
        var outcome = PackLibrary.Load([new Few(new PackFolder(Folder), text)]);
        var registers = RegisterLibrary.Read(outcome.Library, null);
        return (registers.Find("edited"), [.. outcome.Errors.Concat(registers.Errors).Select(error => error.ToString())]);
    }

    /// <summary>What a register needs of the built-in folder, and one register in memory.</summary>
    private sealed class Few(PackFolder inner, string edited) : IPackFiles
    {
        private const string Edited = "registers/edited.yaml";

        public string Name => "packs";

        public IReadOnlyList<string> List() => [.. inner.List().Where(path =>
            path.StartsWith("schema/", StringComparison.Ordinal) || path.StartsWith("vocabulary/", StringComparison.Ordinal) || path.StartsWith("codelists/areas/", StringComparison.Ordinal))
            .Append(Edited).Order(StringComparer.Ordinal)];

        public byte[]? Read(string path, long largest) => path == Edited ? Encoding.UTF8.GetBytes(edited) : inner.Read(path, largest);
    }

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Waymark.slnx")))
            {
                return Path.Combine(folder.FullName, "packs");
            }
        }

        throw new InvalidOperationException("The repository was not found above the tests.");
    }
}
