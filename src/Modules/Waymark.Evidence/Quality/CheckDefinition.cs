using Waymark.Evidence.Contracts;
using Waymark.Model;
using Waymark.Packs;

namespace Waymark.Evidence.Quality;

/// <summary>
/// A quality check as a pack declares it: one of the closed set of kinds, the series it looks at ("un-desa/*" looks at all of a
/// publisher), its parameters, how much it weighs, and the case of the sources it reproduces.
/// </summary>
public sealed record CheckDefinition(
    string Id,
    string Kind,
    string Series,
    LocalText Title,
    CheckSeverity Severity,
    string? Case,
    IReadOnlyDictionary<string, string> Parameters)
{
    public bool AppliesTo(string series) => Series == series || Series == "*"
        || (Series.EndsWith("/*", StringComparison.Ordinal) && series.StartsWith(Series[..^1], StringComparison.Ordinal));

    public string? Text(string name) => Parameters.GetValueOrDefault(name);

    public decimal Number(string name, decimal otherwise) => Parameters.TryGetValue(name, out var text)
        && decimal.TryParse(text, System.Globalization.NumberStyles.Number, System.Globalization.CultureInfo.InvariantCulture, out var number) ? number : otherwise;

    public IReadOnlyList<string> List(string name) => Parameters.TryGetValue(name, out var text)
        ? text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) : [];
}

/// <summary>Reads packs of kind <c>quality</c>.</summary>
public static class CheckReader
{
    public const string PackKind = "quality";

    public static IReadOnlyList<CheckDefinition> Read(PackLibrary library, PackErrors errors) => [.. library.OfKind(PackKind)
        .SelectMany(pack => pack.Layers).SelectMany(pack => pack.Cursor(errors).Entries("checks").Select(entry => new CheckDefinition(
            entry.Key,
            entry.Value.Text("kind"),
            entry.Value.Text("series"),
            entry.Value.Texts("title"),
            entry.Value.OptionalText("severity") switch { "error" => CheckSeverity.Error, "information" => CheckSeverity.Information, _ => CheckSeverity.Warning },
            entry.Value.OptionalText("case"),
            Parameters(entry.Value.TextList("with")))))];

    /// <summary>"name = value" pairs; a word without "=" is a switch.</summary>
    private static Dictionary<string, string> Parameters(IReadOnlyList<string> pairs) => pairs.Select(pair => pair.Split('=', 2, StringSplitOptions.TrimEntries))
        .ToDictionary(pair => pair[0], pair => pair.Length == 2 ? pair[1] : "yes", StringComparer.Ordinal);
}
