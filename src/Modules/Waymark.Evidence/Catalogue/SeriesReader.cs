using Waymark.Model;
using Waymark.Packs;

namespace Waymark.Evidence.Catalogue;

/// <summary>Reads packs of kind <c>series</c>: concepts first, then the series that use them.</summary>
public static class SeriesReader
{
    public const string Kind = "series";

    /// <summary>Concepts by id, those of one publisher under "publisher/id" as well.</summary>
    public static Dictionary<string, ConceptDefinition> Concepts(IEnumerable<Pack> packs, PackErrors errors)
    {
        var concepts = new Dictionary<string, ConceptDefinition>(StringComparer.Ordinal);
        foreach (var pack in packs)
        {
            var cursor = pack.Cursor(errors);
            var publisher = cursor.OptionalText("publisher");
            foreach (var (id, _, value) in cursor.Entries("concepts"))
            {
                var concept = Concept(id, value);
                concepts[publisher is null ? id : $"{publisher}/{id}"] = concept;
            }
        }

        return concepts;
    }

    public static IEnumerable<SeriesDefinition> Series(Pack pack, IReadOnlyDictionary<string, ConceptDefinition> concepts, PackErrors errors)
    {
        var cursor = pack.Cursor(errors);
        var publisher = cursor.OptionalText("publisher") ?? pack.Key.Id;
        foreach (var (id, _, value) in cursor.Entries("series"))
        {
            yield return new()
            {
                Id = id,
                Publisher = publisher,
                Name = value.Texts("name"),
                Description = value.OptionalTexts("description"),
                Theme = value.OptionalText("theme"),
                Unit = value.Text("unit"),
                Definition = value.OptionalText("definition"),
                Licence = value.Text("licence"),
                Citation = value.Texts("citation"),
                Values = value.OptionalText("values") is { } values ? Find(values, publisher, concepts) : null,
                Dimensions = [.. value.Entries("dimensions").Select(entry => Dimension(entry.Key, entry.Value, publisher, concepts))],
            };
        }
    }

    public static ConceptDefinition Find(string id, string publisher, IReadOnlyDictionary<string, ConceptDefinition> concepts) =>
        concepts.GetValueOrDefault($"{publisher}/{id}") ?? concepts.GetValueOrDefault(id) ?? ConceptDefinition.Undeclared(id);

    private static DimensionDefinition Dimension(string id, PackCursor cursor, string publisher, IReadOnlyDictionary<string, ConceptDefinition> concepts)
    {
        var concept = Find(cursor.OptionalText("concept") ?? id, publisher, concepts);
        var total = cursor.OptionalText("total") ?? concept.Codes.FirstOrDefault(code => code.Kind == CodeKind.Total)?.Code ?? "_T";
        return new(id, concept, cursor.OptionalTexts("name") ?? concept.Name, total, cursor.OptionalText("default") ?? total);
    }

    private static ConceptDefinition Concept(string id, PackCursor cursor) => new(id, cursor.Texts("name"),
        cursor.OptionalBoolean("areas") ?? false, cursor.OptionalBoolean("open") ?? false,
        [.. cursor.Entries("codes").Select(entry =>
        {
            var kind = entry.Value.OptionalText("kind") switch
            {
                "total" => CodeKind.Total,
                "aggregate" => CodeKind.Aggregate,
                null when entry.Key == "_T" => CodeKind.Total,
                _ => CodeKind.Leaf,
            };
            IReadOnlyList<string> also = entry.Value.TextList("also");
            return (new CodeDefinition(entry.Key, entry.Value.Texts("name"), kind, entry.Value.OptionalText("of")), also);
        })]);
}
