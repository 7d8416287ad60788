using Waymark.Casework.Documents;
using Waymark.Casework.Registers;
using Waymark.Packs;

namespace Waymark.Casework.People;

/// <summary>
/// What a person's record always has, whatever a pack adds: names in any script, birth as far as known, documents, contacts, relations with what they may know, barred parties,
/// areas of feared harm, dated situations. A pack that leaves one out or makes it something else does not load.
/// </summary>
public static class PersonCore
{
    public const string Register = "person";

    private static readonly (string Path, FieldType Type)[] s_core =
    [
        ("names", FieldType.Group), ("names/name", FieldType.Name), ("birth", FieldType.Date), ("papers", FieldType.Group), ("papers/number", FieldType.Identifier),
        ("contacts", FieldType.Group), ("contacts/contact", FieldType.Contact), ("relations", FieldType.Group), ("relations/to", FieldType.Reference), ("relations/kind", FieldType.Code),
        ("relations/may-contact", FieldType.YesNo), ("relations/may-know-whereabouts", FieldType.YesNo), ("barred", FieldType.Group), ("barred/party", FieldType.Identifier),
        ("barred/fields", FieldType.Codes), ("feared-areas", FieldType.Codes), ("situations", FieldType.Group), ("situations/situation", FieldType.Code), ("situations/from", FieldType.Date),
        ("situations/until", FieldType.Date), ("needs", FieldType.Codes), ("vital", FieldType.Code),
    ];

    // What keeps people safe: a pack may make it stricter, never lower it.
    private static readonly (string Path, Sensitivity Least, string? Mask, string Category)[] s_guarded =
    [
        ("birth", Sensitivity.High, "birth-date", "age"), ("barred/party", Sensitivity.Severe, "contact", "contact"), ("barred/fields", Sensitivity.Severe, "contact", "contact"),
        ("feared-areas", Sensitivity.Severe, null, "asylum-claim"),
    ];

    // What a return decision rests on; a change of any of it ends the decision (M21).
    private static readonly string[] s_gateFacts = ["birth", "feared-areas", "situations", "needs", "vital", "relations"];

    public static bool IsGateFact(string path) => s_gateFacts.Contains(path.Split('/')[0], StringComparer.Ordinal);

    internal static void CheckPack(PackCursor pack, IReadOnlyList<FieldPlan> fields)
    {
        foreach (var (path, type) in s_core)
        {
            if (fields.FirstOrDefault(field => field.Path == path) is not { } field || field.Type != type)
            {
                pack.Fault("fields", "register.person-core", $"A person always has \"{path}\" of type {Words.Of(type)}.", $"人员必须有类型为 {Words.Of(type)} 的“{path}”。");
            }
        }

        foreach (var (path, least, mask, category) in s_guarded)
        {
            if (fields.FirstOrDefault(field => field.Path == path) is { } field && (field.Sensitivity < least || (mask is not null && field.Mask != mask) || field.Category != category))
            {
                pack.Fault(
                    "fields",
                    "register.person-core",
                    $"\"{path}\" keeps people safe: its category stays {category}{(mask is null ? "" : $", its mask {mask}")} and its sensitivity at least {Words.Of(least)}. A pack may add fields and be stricter.",
                    $"“{path}”关系到人员安全：类别须为 {category}{(mask is null ? "" : $"，遮蔽须为 {mask}")}，敏感度不得低于 {Words.Of(least)}。数据包可以增加字段、可以更严。");
            }
        }

        foreach (var field in fields.Where(field => field.Search != SearchKind.None && field.Path is not ("names/name" or "birth" or "papers/number")))
        {
            pack.Fault("fields", "register.person-core", $"People are searched by name, birth and number only, not by \"{field.Path}\".", $"只能按姓名、出生与编号检索个人，不得按“{field.Path}”。");
        }
    }

    /// <summary>The values of a field of a repeated group, with the item they stand in; disputed ones all.</summary>
    public static IEnumerable<(string Item, FieldValue Value)> Many(RecordDocument person, string group, string field)
    {
        foreach (var (path, state) in person.Fields)
        {
            if (path.Split('/') is [var first, var item, var last] && first == group && last == field)
            {
                foreach (var claim in state.Claims)
                {
                    yield return (item, claim.Value);
                }
            }
        }
    }

    public static IEnumerable<string> Names(RecordDocument person) => Many(person, "names", "name").Select(name => name.Value.Member("full")).OfType<string>();

    public static IEnumerable<string> Codes(RecordDocument person, string path)
    {
        foreach (var claim in person.Fields.GetValueOrDefault(path)?.Claims ?? [])
        {
            using var parsed = System.Text.Json.JsonDocument.Parse(claim.Value.Json);
            foreach (var code in parsed.RootElement.GetProperty("codes").EnumerateArray())
            {
                yield return code.GetString()!;
            }
        }
    }

    /// <summary>
    /// True unless the person is certainly 18 or older on the day: unknown, uncertain and disputed births count as a child's (F4, M33).
    /// </summary>
    public static bool MayBeChild(RecordDocument person, DateOnly day)
    {
        var births = person.Fields.GetValueOrDefault("birth")?.Claims ?? [];
        return births.Count == 0 || births.Any(claim => Edtf.Read(claim.Value.Text) is not { Last: { } last } date || (date.IsApproximate ? last.AddYears(2) : last).AddYears(18) > day);
    }
}

/// <summary>The states of a person's record.</summary>
public static class PersonStates
{
    public const string Current = "current";

    /// <summary>Another record of the same person is kept; a merge leads here and a split back, no step of a form does.</summary>
    public const string Merged = "merged";
}
