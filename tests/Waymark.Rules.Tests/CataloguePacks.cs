using Waymark.Model;
using Waymark.Packs;
using Waymark.Packs.Content;

namespace Waymark.Rules.Tests;

/// <summary>The rule packs that ship, loaded as the product loads them.</summary>
internal static class CataloguePacks
{
    private static readonly Lazy<(PackLibrary Packs, RuleDocuments Documents, RuleLibrary Library, IReadOnlyList<Error> Errors)> Loaded = new(Load);

    public static RuleDocuments Documents => Loaded.Value.Documents;

    public static RuleLibrary Library => Loaded.Value.Library;

    public static IReadOnlyList<Error> Errors => Loaded.Value.Errors;

    public static IEnumerable<(RulePack Pack, Rule Rule)> Rules => Library.Packs.SelectMany(pack => pack.Rules.Select(rule => (pack, rule)));

    public static ControllerCatalogue Controllers { get; } = Read(ControllerCatalogue.Kind, ControllerCatalogue.Read);

    public static TracePack Trace { get; } = Read(TracePack.Kind, TracePack.Read);

    public static string? Shared => WorkingCopy.Shared;

    private static T Read<T>(string kind, Func<Pack, PackErrors, T> read)
    {
        var errors = new PackErrors();
        var value = read(Loaded.Value.Packs.Find(kind, "data-rules") ?? throw new InvalidOperationException(kind), errors);
        return errors.Count == 0 ? value : throw new InvalidOperationException(string.Join('\n', errors.All));
    }

    private static (PackLibrary, RuleDocuments, RuleLibrary, IReadOnlyList<Error>) Load()
    {
        var outcome = PackLibrary.Load([Path.Combine(Sample.Root, "packs")]);
        var errors = new PackErrors();
        errors.AddRange(outcome.Errors);
        var documents = RuleDocuments.Of(outcome.Library, errors);
        var library = RuleLibrary.Read(documents.Vocabulary ?? throw new InvalidOperationException(string.Join('\n', errors.All)), documents.Packs);
        return (outcome.Library, documents, library, [.. errors.All, .. library.Errors]);
    }
}
