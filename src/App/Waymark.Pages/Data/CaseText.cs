using System.Text.Json;
using Waymark.Casework.Contracts;
using Waymark.Casework.Documents;
using Waymark.Casework.Registers;

namespace Waymark.Pages.Data;

/// <summary>
/// Values of case fields for people: <see cref="Shown"/> is what is read, <see cref="Written"/> what a form holds; what was written
/// reads back to the same value. One place for all registers.
/// </summary>
public static class CaseText
{
    public static string Shown(FieldPlan field, FieldValue value, ITexts texts) => field.Type switch
    {
        FieldType.Code => Code(field, value.Member("code"), texts),
        FieldType.Codes => string.Join(texts["list.comma"], CodesOf(value).Select(code => Code(field, code, texts))),
        FieldType.YesNo => texts["case.answer." + value.Text],
        FieldType.Date => DateText.Shown(value.Text, texts),
        FieldType.Name => value.Member("full") ?? "",
        FieldType.Place => Joined(texts, value.Member("text"), value.Member("area"), value.Member("pcode")),
        FieldType.Money => $"{value.Member("amount")} {value.Member("currency")}",
        FieldType.Number => field.Unit is { } unit ? $"{value.Json} {unit}" : value.Json,
        FieldType.Range => $"{value.Member("from") ?? "…"} – {value.Member("to") ?? "…"}",
        FieldType.Identifier => Joined(texts, value.Member("value"), value.Member("system"), value.Member("issuer")),
        FieldType.Contact => Joined(texts, value.Member("value"), texts["case.channel." + value.Member("channel")], texts["case.safe." + value.Member("safe")], value.Member("window")),
        FieldType.Reference => $"{value.Member("register")} {Mark(value.Member("id"))}",
        FieldType.Person => Mark(value.Text),
        FieldType.File => value.Member("name") ?? value.Member("media") ?? "",
        FieldType.Texts => value.Member(texts.Language) ?? string.Join("\n", Members(value).Select(pair => pair.Value)),
        _ => value.Text,
    };

    /// <summary>A record as one line to choose it by: its reference, what it is, its state, and what the desk may read of it.</summary>
    public static string Choice(ReferenceChoice choice, ITexts texts) => string.Join(texts["list.comma"],
        choice.Names.Take(2).Prepend(choice.StateName?.In(texts.Language)).Prepend(choice.Plan.One.In(texts.Language)).Prepend(choice.Reference).Concat(choice.Says.Select(said => Shown(said.Field, said.Value, texts)))
            .OfType<string>().Where(text => text.Length > 0));

    /// <summary>The same text in the languages that <see cref="Shown"/> leaves out because the reader's own is there.</summary>
    public static IEnumerable<KeyValuePair<string, string>> OtherLanguages(FieldPlan field, FieldValue value, ITexts texts) =>
        field.Type == FieldType.Texts && value.Member(texts.Language) is not null ? Members(value).Where(pair => pair.Key != texts.Language) : [];

    /// <summary>The same for files that programs read on: dates stay EDTF.</summary>
    public static string InFile(FieldPlan field, FieldValue value, ITexts texts) => field.Type == FieldType.Date ? value.Text
        : field.Type == FieldType.Texts ? string.Join("\n", Members(value).Select(pair => pair.Value)) : Shown(field, value, texts);

    public static string Written(FieldPlan field, FieldValue value) => field.Type switch
    {
        FieldType.Code => value.Member("code") ?? "",
        FieldType.Codes => string.Join(", ", CodesOf(value)),
        FieldType.Name => Plain(value, "full"),
        FieldType.Place => Plain(value, "text"),
        FieldType.Identifier => Plain(value, "value"),
        FieldType.Texts => Plain(value, "und"),
        FieldType.Money => $"{value.Member("amount")} {value.Member("currency")}",
        FieldType.Range => $"{value.Member("from") ?? ".."}/{value.Member("to") ?? ".."}",
        FieldType.Reference => field.Target is null ? $"{value.Member("register")} {value.Member("id")}" : value.Member("id") ?? "",
        _ => value.Text,
    };

    public static IReadOnlyList<string> CodesOf(FieldValue value)
    {
        using var parsed = JsonDocument.Parse(value.Json);
        return parsed.RootElement.ValueKind == JsonValueKind.Object && parsed.RootElement.TryGetProperty("codes", out var codes)
            ? [.. codes.EnumerateArray().Select(code => code.GetString() ?? "")] : [];
    }

    /// <summary>The first eight letters of an id: enough to tell records apart on a page, and says nothing by itself.</summary>
    public static string Mark(string? id) => id is null ? "" : id[..Math.Min(8, id.Length)];

    private static string Code(FieldPlan field, string? code, ITexts texts) => code is null ? "" : field.Codes?.Find(code)?.Name.In(texts.Language) ?? code;

    private static string Joined(ITexts texts, params ReadOnlySpan<string?> parts)
    {
        var told = new List<string>();
        foreach (var part in parts)
        {
            if (part is { Length: > 0 })
            {
                told.Add(part);
            }
        }

        return string.Join(texts["list.comma"], told);
    }

    /// <summary>The one member when the value has no other, else its whole form.</summary>
    private static string Plain(FieldValue value, string member) => Members(value) is [var only] && only.Key == member ? only.Value : value.Json;

    private static List<KeyValuePair<string, string>> Members(FieldValue value)
    {
        using var parsed = JsonDocument.Parse(value.Json);
        return parsed.RootElement.ValueKind == JsonValueKind.Object
            ? [.. parsed.RootElement.EnumerateObject().Select(member => KeyValuePair.Create(member.Name, member.Value.ToString()))] : [];
    }
}
