using Waymark.Packs;

namespace Waymark.Casework.Registers;

/// <summary>The closed set of what a migration does with a field; anything else is C#.</summary>
public enum MigrationVerb
{
    /// <summary>Another name, or another group: values stay as they are.</summary>
    Rename,

    /// <summary>Another type, by a named converter.</summary>
    Convert,

    /// <summary>One code becomes codes of one or several fields.</summary>
    Split,

    /// <summary>The field ends; its values stay in the history.</summary>
    Archive,

    /// <summary>A field that was not there: a value for all records, or a question to whoever works on them.</summary>
    Add,
}

/// <summary>The closed set of converters.</summary>
public enum FieldConverter { CodeToCodes, CodeToText, YesNoToCode, TextToTexts }

/// <summary>One field's way. Paths are of the plans: <paramref name="Field"/> of the earlier one, those of <see cref="To"/> and of <see cref="Codes"/> of the later one.</summary>
public sealed record MigrationChange(MigrationVerb Verb, string Field)
{
    public FieldPlan? To { get; init; }

    public FieldConverter? By { get; init; }

    /// <summary>For each code of before, the words of fields of after.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<(FieldPlan Field, string Word)>> Codes { get; init; } = new Dictionary<string, IReadOnlyList<(FieldPlan, string)>>(StringComparer.Ordinal);

    /// <summary>What a new field holds in records of before; null when somebody is asked.</summary>
    public string? Value { get; init; }
}

/// <summary>The declared way of records of version <paramref name="From"/>; a state that is not named keeps its name.</summary>
public sealed record MigrationPlan(string From, IReadOnlyDictionary<string, string> States, IReadOnlyList<MigrationChange> Changes)
{
    public MigrationChange? Of(string path) => Changes.FirstOrDefault(change => change.Field == path && change.Verb != MigrationVerb.Add);
}

/// <summary>Reads the migrations of a pack; what they say about the earlier version is checked when both are at hand (<see cref="Documents.Migrating"/>).</summary>
internal sealed class MigrationReader(PackCursor pack, IReadOnlyList<FieldPlan> fields, IReadOnlyList<StatePlan> states)
{
    public IReadOnlyList<MigrationPlan> Read(string version)
    {
        var all = new List<MigrationPlan>();
        foreach (var cursor in pack.List("migrations"))
        {
            var from = cursor.Text("from");
            if (from == version || all.Exists(known => known.From == from))
            {
                cursor.Fault("from", "register.migration", "Each earlier version has one way to this one.", "每个较早版本只有一条迁移路径。");
            }

            var moved = new Dictionary<string, string>(StringComparer.Ordinal);
            if (cursor.OptionalMapping("states") is { } map)
            {
                foreach (var entry in map.Node.Entries)
                {
                    moved[entry.Key] = map.Text(entry.Key);
                    if (!states.Any(state => state.Id == moved[entry.Key]))
                    {
                        Seen.Unknown(map, entry.Key, moved[entry.Key], states.Select(state => state.Id));
                    }
                }
            }

            all.Add(new(from, moved, [.. cursor.List("fields").Select(Change).OfType<MigrationChange>()]));
        }

        return all;
    }

    private MigrationChange? Change(PackCursor cursor)
    {
        if (cursor.OptionalChoice<MigrationVerb>("do") is not { } verb)
        {
            _ = cursor.Find("do") is null ? cursor.Text("do") : null;
            return null;
        }

        var change = new MigrationChange(verb, cursor.Text("field"));
        if (verb is MigrationVerb.Rename or MigrationVerb.Convert or MigrationVerb.Archive && fields.Any(field => field.Path == change.Field))
        {
            cursor.Fault("field", "register.migration", $"\"{change.Field}\" is still there.", $"“{change.Field}”仍然存在。");
        }

        switch (verb)
        {
            case MigrationVerb.Rename or MigrationVerb.Convert:
                change = change with { To = Field(cursor, "to", cursor.Text("to")), By = verb == MigrationVerb.Convert ? cursor.Choice<FieldConverter>("by") : null };
                return change.To is null ? null : change;
            case MigrationVerb.Split:
                return change with { Codes = Codes(cursor) };
            case MigrationVerb.Add:
                var (to, value, ask) = (Field(cursor, "field", change.Field), cursor.OptionalText("value"), cursor.OptionalBoolean("ask") ?? false);
                if ((value is null) != ask || to is null or { Group: not null } or { Type: FieldType.Group or FieldType.File })
                {
                    cursor.Fault("field", "register.migration", "A new field stands outside of groups and has a value or is asked (ask: true).", "新字段须位于组外，并给出取值或注明询问（ask: true）。");
                    return null;
                }

                if (value is not null && Documents.ValueReader.Read(to, value) is { IsOk: false } wrong)
                {
                    cursor.Fault("value", wrong.Error!.Code, wrong.Error.Message.In("en"), wrong.Error.Message.In("zh"));
                }

                return change with { To = to, Value = value };
            default:
                return change;
        }
    }

    private Dictionary<string, IReadOnlyList<(FieldPlan Field, string Word)>> Codes(PackCursor cursor)
    {
        var codes = new Dictionary<string, IReadOnlyList<(FieldPlan Field, string Word)>>(StringComparer.Ordinal);
        foreach (var (code, _, into) in cursor.Entries("codes"))
        {
            var parts = new List<(FieldPlan Field, string Word)>();
            foreach (var entry in into.Node.Entries)
            {
                var word = into.Text(entry.Key);
                if (Field(into, entry.Key, entry.Key) is { } field)
                {
                    if (field.Type is not (FieldType.Code or FieldType.Codes or FieldType.YesNo) || !Documents.ValueReader.Read(field, word).IsOk)
                    {
                        into.Fault(entry.Key, "register.migration", $"\"{word}\" is no value of \"{field.Path}\".", $"“{word}”不是“{field.Path}”的取值。");
                    }

                    parts.Add((field, word));
                }
            }

            codes[code] = parts;
        }

        return codes;
    }

    private FieldPlan? Field(PackCursor cursor, string key, string path)
    {
        var field = fields.FirstOrDefault(known => known.Path == path && known.Type != FieldType.Group);
        if (field is null)
        {
            Seen.Unknown(cursor, key, path, fields.Where(known => known.Type != FieldType.Group).Select(known => known.Path));
        }

        return field;
    }
}
