using System.Text;
using Waymark.Model;
using Waymark.Packs.Yaml;

namespace Waymark.Packs.Tests;

/// <summary>Small packs in memory for tests.</summary>
internal static class Make
{
    public const string Header = """
        id: sample
        kind: codelists
        version: 1.0.0
        title: {en: Sample, zh: 样例}
        source: a test
        licence: CC0-1.0

        """;

    public static string Root => WorkingCopy.Packs;

    public static (PackNode? Node, IReadOnlyList<Error> Errors) Yaml(string text) => Yaml(Encoding.UTF8.GetBytes(text));

    public static (PackNode? Node, IReadOnlyList<Error> Errors) Yaml(byte[] bytes)
    {
        var errors = new PackErrors();
        return (PackYaml.Parse("t.yaml", bytes, errors), errors.All);
    }

    public static PackLoadOutcome Load(IReadOnlyList<IPackFiles> roots) => PackLibrary.Load(roots, Xunit.TestContext.Current.CancellationToken);

    public static PackMemory Memory(string name, params (string Path, string Text)[] files)
    {
        var all = files.ToDictionary(file => file.Path, file => Encoding.UTF8.GetBytes(file.Text), StringComparer.Ordinal);
        return new(name, all);
    }

    public static PackMemory WithSchemas(params (string Path, string Text)[] files) => Memory("packs",
        [.. files, .. Directory.EnumerateFiles(Path.Combine(Root, "schema"), "*.schema.json")
            .Select(file => ("schema/" + Path.GetFileName(file), File.ReadAllText(file)))]);
}
