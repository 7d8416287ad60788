using Waymark.Model;
using Waymark.Model.Rules;
using Waymark.Packs;
using Waymark.Rules;

namespace Waymark.Casework.Registers;

/// <summary>
/// The fields of a register as facts of a small vocabulary of its own, so that guards are conditions of the rule language. Texts, names and places
/// are no facts: what people wrote or are called opens or closes no step.
/// </summary>
internal static class FieldFacts
{
    public static Vocabulary? Build(Pack pack, IReadOnlyList<FieldPlan> fields, PackErrors errors)
    {
        SourceText Here(string text) => SourceText.Of(text, pack.File);
        // A vocabulary's sets hold 64 codes; a longer list cannot be asked for in a condition.
        var readable = fields.Where(field => field.Group is null && Type(field) is not null && (field.Codes is null || field.Codes.Codes.Count <= Vocabulary.MostInSet)
            && (field.Codes is null || field.Codes.Codes.All(code => code.Id.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_')))).ToList();
        var lists = readable.Where(field => field.Codes is not null).Select(field => field.Codes!).DistinctBy(list => list.Id)
            .Select(list => new CodeListDocument(Here(list.Id), false, [.. list.Codes.Select(code => new CodeDocument(Here(code.Id), code.Name))])).ToList();
        lists.Add(new(Here("yes-no"), false, [new(Here("yes"), new("yes", "是")), new(Here("no"), new("no", "否")), new(Here("unknown"), new("unknown", "未知"))]));
        var facts = readable.Select(field => new FactDocument(
            Here(field.Path), Here(Type(field)!), field.Type == FieldType.YesNo ? Here("yes-no") : field.Codes is null ? null : Here(field.Codes.Id), false, false, false, field.Name)).ToList();
        facts.Add(new(Here("request.time"), Here("instant"), null, false, false, false, new("time of the step", "步骤时间")));
        var (vocabulary, faults) = Vocabulary.Read(new("register." + pack.Key.Id, pack.Version, pack.Hash, pack.File, lists, facts));
        errors.AddRange(faults);
        foreach (var field in readable)
        {
            field.Own = vocabulary?.Find(field.Path);
        }

        return vocabulary;
    }

    private static string? Type(FieldPlan field) => field.Type switch
    {
        FieldType.Code => "code",
        FieldType.Codes => "codes",
        FieldType.YesNo => "code",
        FieldType.Date => "date",
        FieldType.Number => "decimal",
        _ => null,
    };
}
