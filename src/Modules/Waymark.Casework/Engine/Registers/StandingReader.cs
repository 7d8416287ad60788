using Waymark.Packs;

namespace Waymark.Casework.Registers;

/// <summary>Reads what the standing records of a register say at the gate.</summary>
internal sealed class StandingReader(Seen seen, PackCursor pack, IReadOnlyList<FieldPlan> fields)
{
    public StandingPlan? Read()
    {
        if (pack.OptionalMapping("standing") is not { } cursor)
        {
            return null;
        }

        var (purposes, categories) = (Field(cursor, "purposes", cursor.Text("purposes"), FieldType.Codes), Field(cursor, "categories", cursor.Text("categories"), FieldType.Codes));
        var own = new Dictionary<string, FieldPlan>(StringComparer.Ordinal);
        foreach (var (fact, path, at) in Pairs(cursor, "fields"))
        {
            if (Field(at, fact, path, null) is { } field)
            {
                own[fact] = field;
            }
        }

        var references = new Dictionary<string, StandingReference>(StringComparer.Ordinal);
        foreach (var (fact, _, entry) in cursor.Entries("references"))
        {
            if (Known(cursor, fact) && Field(entry, "field", entry.Text("field"), FieldType.Reference) is { } field)
            {
                references[fact] = new(field, entry.OptionalText("is"), entry.OptionalText("of"));
            }
        }

        var always = Pairs(cursor, "always").ToDictionary(pair => pair.Fact, pair => pair.Word, StringComparer.Ordinal);
        var joined = cursor.TextList("joined").Where(fact => Known(cursor, fact)).ToHashSet(StringComparer.Ordinal);
        return purposes is null || categories is null ? null : new(purposes, categories, own, references, always, joined);
    }

    private List<(string Fact, string Word, PackCursor At)> Pairs(PackCursor cursor, string key)
    {
        var pairs = new List<(string, string, PackCursor)>();
        if (cursor.OptionalMapping(key) is { } map)
        {
            foreach (var entry in map.Node.Entries)
            {
                if (Known(map, entry.Key))
                {
                    pairs.Add((entry.Key, map.Text(entry.Key), map));
                }
            }
        }

        return pairs;
    }

    private bool Known(PackCursor cursor, string fact)
    {
        if (seen.Facts.Contains(fact))
        {
            return true;
        }

        Seen.Unknown(cursor, fact, fact, seen.Facts);
        return false;
    }

    private FieldPlan? Field(PackCursor cursor, string key, string path, FieldType? type)
    {
        var field = fields.FirstOrDefault(known => known.Path == path && (type is null || known.Type == type));
        if (field is null)
        {
            Seen.Unknown(cursor, key, path, [.. fields.Where(known => type is null || known.Type == type).Select(known => known.Path)]);
        }

        return field;
    }
}
