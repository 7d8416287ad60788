using Waymark.Model;
using Waymark.Model.Rules;

namespace Waymark.Packs.Content;

/// <summary>Reads packs of kind <c>vocabulary</c>: the facts of rule packs and the code lists of their values. An operator's layer adds codes and facts.</summary>
public static class VocabularyPack
{
    public const string Kind = "vocabulary";

    /// <summary>The vocabulary of that id over all layers; errors of shape go to <paramref name="errors"/>.</summary>
    public static VocabularyDocument Read(Pack pack, PackErrors errors)
    {
        var lists = new List<CodeListDocument>();
        var facts = new List<FactDocument>();
        foreach (var layer in pack.Layers)
        {
            var texts = new SourceTexts(layer);
            var cursor = layer.Cursor(errors);
            var ordered = cursor.TextList("ordered").ToHashSet(StringComparer.Ordinal);
            if (cursor.OptionalMapping("codelists") is { } map)
            {
                foreach (var entry in map.Node.Entries)
                {
                    var id = new SourceText(entry.Key, layer.File, new(entry.At.Line, entry.At.Column));
                    lists.Add(new(id, ordered.Contains(entry.Key), [.. map.List(entry.Key).Select(code => Code(code, texts)).OfType<CodeDocument>()]));
                }
            }

            facts.AddRange(cursor.List("facts").Select(fact => Fact(fact, texts)).OfType<FactDocument>());
        }

        return new(pack.Key.Id, pack.Version, RulePackReader.HashOf(pack), pack.File, lists, facts);
    }

    private static CodeDocument? Code(PackCursor cursor, SourceTexts texts) => cursor.Find("code") is PackScalar code
        ? new(texts.Of(code), RulePackReader.Pair(cursor), cursor.OptionalText("dpv"), cursor.OptionalText("odrl"))
        : null;

    private static FactDocument? Fact(PackCursor cursor, SourceTexts texts) => cursor.Find("id") is PackScalar id && cursor.Find("type") is PackScalar type
        ? new(texts.Of(id), texts.Of(type), cursor.Find("codelist") is PackScalar list ? texts.Of(list) : null,
            cursor.OptionalBoolean("scope") ?? false, cursor.OptionalBoolean("floor") ?? false, cursor.OptionalBoolean("choice") ?? false, RulePackReader.Pair(cursor),
            cursor.OptionalTexts("evidence"), cursor.OptionalTexts("by"), cursor.OptionalText("unit"))
        : null;
}
