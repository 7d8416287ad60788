using Waymark.Casework.Contracts;
using Waymark.Casework.Documents;
using Waymark.Model;

namespace Waymark.Casework.People;

/// <summary>
/// Somebody who must not learn something: a person, an organisation or unit, a country or area; which fields, none named meaning everything. The area of feared harm
/// is barred from everything by itself (F1, F10).
/// </summary>
public sealed record BarredParty(string Kind, string Party, IReadOnlySet<string> Fields)
{
    public bool IsAbout(OutputParty reader) => Kind switch
    {
        "person" => Same(reader.Person),
        "area" => Same(reader.Area),
        _ => Same(reader.Organisation),
    };

    // Readers are typed by people: capitals and blanks make nobody another reader.
    private bool Same(string? named) => string.Equals(named?.Trim(), Party.Trim(), StringComparison.OrdinalIgnoreCase);

    public bool Bars(string? mask) => Fields.Count == 0 || (mask is not null && Fields.Contains(mask));
}

/// <summary>A way to reach a person without harm: only channels that the person called safe.</summary>
public sealed record SafeChannel(string Channel, string Value, string? Window, string? CodeWord, string? Through);

/// <summary>Safe-contact rules as data (G15), read from the typed part of a person's record.</summary>
public static class SafeContact
{
    public static IReadOnlyList<BarredParty> Barred(RecordDocument person)
    {
        var fields = PersonCore.Many(person, "barred", "fields").GroupBy(pair => pair.Item, StringComparer.Ordinal).ToDictionary(group => group.Key, group => group.SelectMany(pair => Words(pair.Value)).ToHashSet(StringComparer.Ordinal), StringComparer.Ordinal);
        var barred = PersonCore.Many(person, "barred", "party").Select(pair =>
            new BarredParty(pair.Value.Member("system") ?? "person", pair.Value.Member("value") ?? "", fields.GetValueOrDefault(pair.Item) ?? [])).ToList();
        barred.AddRange(PersonCore.Codes(person, "feared-areas").Select(area => new BarredParty("area", area, new HashSet<string>(StringComparer.Ordinal))));

        // A relative who may not know the whereabouts, or of whom nobody said so, is barred from place and contact.
        var may = PersonCore.Many(person, "relations", "may-know-whereabouts").ToLookup(pair => pair.Item, pair => pair.Value.Text, StringComparer.Ordinal);
        foreach (var (item, to) in PersonCore.Many(person, "relations", "to"))
        {
            if (to.Member("id") is { } relative && (!may[item].Any() || may[item].Any(word => word != "yes")))
            {
                barred.Add(new("person", relative, new HashSet<string>(StringComparer.Ordinal) { "place", "contact" }));
            }
        }

        return barred;
    }

    /// <summary>Channels that the person called safe; unknown is not safe.</summary>
    public static IReadOnlyList<SafeChannel> Channels(RecordDocument person) => [.. PersonCore.Many(person, "contacts", "contact").Select(pair => pair.Value).Where(value => value.Member("safe") == "yes")
        .Select(value => new SafeChannel(value.Member("channel")!, value.Member("value")!, value.Member("window"), value.Member("codeWord"), value.Member("through")))];

    /// <summary>
    /// Refuses an output to a reader when anybody named in it barred this reader from a field in it. The refusal names neither person nor field: a reason would be a leak.
    /// </summary>
    public static Error? Check(OutputParty reader, IEnumerable<RecordDocument> persons, IReadOnlySet<string> masks) =>
        persons.Any(person => Barred(person).Any(barred => barred.IsAbout(reader) && (barred.Fields.Count == 0 || masks.Any(barred.Bars))))
            ? Refused : null;

    public static Error Refused { get; } = Error.Refused("output.barred", "This cannot be given to this reader.", "不能向该接收方提供。");

    private static string[] Words(FieldValue value)
    {
        using var parsed = System.Text.Json.JsonDocument.Parse(value.Json);
        return [.. parsed.RootElement.GetProperty("codes").EnumerateArray().Select(item => item.GetString()!)];
    }
}
