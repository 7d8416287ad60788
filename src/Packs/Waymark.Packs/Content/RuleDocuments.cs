using Waymark.Model.Rules;

namespace Waymark.Packs.Content;

/// <summary>The vocabulary <c>rules</c> and all rule packs of a library, as documents for the kernel <c>Waymark.Rules</c>.</summary>
public sealed record RuleDocuments(VocabularyDocument? Vocabulary, IReadOnlyList<RulePackDocument> Packs)
{
    public const string VocabularyId = "rules";

    public static RuleDocuments Of(PackLibrary library, PackErrors errors) => new(
        library.Find(VocabularyPack.Kind, VocabularyId) is { } vocabulary ? VocabularyPack.Read(vocabulary, errors) : null,
        [.. library.OfKind(RulePackReader.Kind).Select(pack => RulePackReader.Read(pack, errors))]);
}
