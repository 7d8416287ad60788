using System.Xml.Linq;
using Shouldly;
using Xunit;

namespace Architecture.Tests;

/// <summary>The dependency law of the house (docs/developers/code-map.md): which project may refer to which.</summary>
public sealed class DependencyLawTests
{
    private static readonly Dictionary<string, string[]> Allowed = new(StringComparer.Ordinal)
    {
        ["src/Model/"] = [],
        ["src/Packs/"] = ["src/Model/"],
        ["src/Kernels/"] = ["src/Model/"],
        ["src/Native/"] = ["src/Model/", "src/Kernels/"],
        ["src/Formats/"] = ["src/Model/"],
        ["src/Storage/Waymark.Storage/"] = ["src/Model/"],
        ["src/Storage/"] = ["src/Storage/Waymark.Storage/", "src/Model/"],
        ["src/Modules/"] = ["src/Model/", "src/Packs/", "src/Kernels/", "src/Formats/", "src/Storage/Waymark.Storage/", "src/Modules/"],
        ["src/App/Waymark.Pages/"] = ["src/Model/", "src/Packs/", "src/Kernels/", "src/Modules/", "src/Storage/Waymark.Storage/"],
        ["src/App/"] = ["src/"],
    };

    private static readonly Dictionary<string, string[]> AllowedPackages = new(StringComparer.Ordinal)
    {
        ["src/Model/"] = [],
        ["src/Kernels/"] = ["System.Numerics.Tensors"],
        ["src/Storage/Waymark.Storage/"] = [],
        ["src/Modules/"] = [],
    };

    public static TheoryData<string> Projects() => [.. Repository.Under("src/", ".csproj")];

    [Theory]
    [MemberData(nameof(Projects))]
    public void A_project_refers_only_to_what_stands_below_it(string project)
    {
        var rule = Allowed.Where(pair => project.StartsWith(pair.Key, StringComparison.Ordinal)).MaxBy(pair => pair.Key.Length);
        rule.Key.ShouldNotBeNull($"{project} stands in no known layer");
        foreach (var reference in References(project, "ProjectReference").Select(path => Resolve(project, path)))
        {
            rule.Value.ShouldContain(layer => reference.StartsWith(layer, StringComparison.Ordinal), $"{project} must not refer to {reference}");
        }
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void Kernels_model_and_modules_need_no_packages(string project)
    {
        foreach (var (layer, packages) in AllowedPackages.Where(pair => project.StartsWith(pair.Key, StringComparison.Ordinal)))
        {
            References(project, "PackageReference").Except(packages, StringComparer.Ordinal).ShouldBeEmpty($"{project} in {layer}");
        }
    }

    [Fact]
    public void A_module_uses_of_another_only_its_contracts()
    {
        var modules = Repository.Under("src/Modules/", ".csproj").Select(path => Path.GetFileNameWithoutExtension(path)).ToList();
        foreach (var file in Repository.Under("src/Modules/", ".cs"))
        {
            var own = file.Split('/')[2];
            foreach (var other in modules.Where(module => module != own))
            {
                Repository.Lines(file).Where(line => line.StartsWith("using " + other, StringComparison.Ordinal))
                    .ShouldAllBe(line => line == $"using {other}.Contracts;", file);
            }
        }
    }

    [Fact]
    public void Kernels_do_no_input_or_output_and_read_no_clock()
    {
        string[] banned = ["System.IO.File", "File.Read", "File.Write", "File.Open", "HttpClient", "TimeProvider", "DateTime.Now", "DateTime.UtcNow", "Environment.GetEnvironmentVariable(\"WAYMARK_STORE"];
        foreach (var file in Repository.Under("src/Kernels/", ".cs"))
        {
            var text = Repository.Text(file);
            banned.Where(word => text.Contains(word, StringComparison.Ordinal)).ShouldBeEmpty(file);
        }
    }

    [Fact]
    public void Modules_write_no_sql()
    {
        foreach (var file in Repository.Under("src/Modules/", ".cs").Concat(Repository.Under("src/App/", ".cs")))
        {
            Repository.Lines(file).Where(line => line.Contains("\"select ", StringComparison.OrdinalIgnoreCase) || line.Contains("\"insert into", StringComparison.OrdinalIgnoreCase))
                .ShouldBeEmpty(file);
        }
    }

    private static IEnumerable<string> References(string project, string element) => XDocument.Parse(Repository.Text(project))
        .Descendants(element).Select(node => (string?)node.Attribute("Include")).OfType<string>();

    private static string Resolve(string project, string reference) => Path.GetRelativePath(Repository.Root,
        Path.GetFullPath(Path.Combine(Repository.Root, Path.GetDirectoryName(project)!, reference.Replace('\\', '/')))).Replace('\\', '/');
}
