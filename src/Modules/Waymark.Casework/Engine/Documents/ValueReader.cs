using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Waymark.Casework.Registers;
using Waymark.Model;

namespace Waymark.Casework.Documents;

/// <summary>
/// Turns what a form, a file or a message brings (plain text, or JSON for kinds with parts) into the canonical value of a field, or says what is wrong.
/// Unknown codes are refused, never guessed (G12).
/// </summary>
public static class ValueReader
{
    public const int LongestLine = 500;

    public const int LongestText = 20_000;

    private static readonly HashSet<string> s_channels = new(StringComparer.Ordinal) { "phone", "message", "e-mail", "post", "visit", "person", "centre" };

    private static readonly HashSet<string> s_safe = new(StringComparer.Ordinal) { "yes", "no", "unknown" };

    /// <summary>Errors: <c>value.empty</c>, <c>value.too-long</c>, <c>value.unknown-code</c>, <c>value.form</c>.</summary>
    public static Result<FieldValue> Read(FieldPlan field, string written)
    {
        var text = written.Trim().Normalize(NormalizationForm.FormC);
        if (text.Length == 0)
        {
            return Error.Invalid("value.empty", $"\"{field.Name.In("en")}\" is empty.", $"“{field.Name.In("zh")}”为空。", field.Path);
        }

        if (text.Length > (field.IsLong ? LongestText : field.Type is FieldType.Text or FieldType.Code ? LongestLine : 4_000))
        {
            return Error.TooLarge("value.too-long", $"\"{field.Name.In("en")}\" is too long.", $"“{field.Name.In("zh")}”过长。", field.Path);
        }

        var node = text[0] is '{' or '[' && field.Type is not (FieldType.Text or FieldType.Code) ? Parse(text) : null;
        JsonNode? value = field.Type switch
        {
            FieldType.Text => text,
            FieldType.Texts => Texts(node, text),
            FieldType.Code => Code(field, node is JsonObject coded ? Member(coded, "code") ?? "" : CodeOf(text)),
            FieldType.Codes => Codes(field, node as JsonArray ?? node?["codes"] as JsonArray, text),
            FieldType.Date => Edtf.Read(text) is { } date ? date.Text : null,
            FieldType.Name => Name(node as JsonObject, text),
            FieldType.Place => Place(node as JsonObject, text),
            FieldType.Money => Money(node as JsonObject, text),
            FieldType.Number => Number(text) is { } number ? JsonNode.Parse(number) : null,
            FieldType.Range => Range(node as JsonObject, text),
            FieldType.YesNo => s_safe.Contains(text.ToLowerInvariant()) ? text.ToLowerInvariant() : null,
            FieldType.Identifier => Identifier(node as JsonObject, text),
            FieldType.Contact => Contact(node as JsonObject, text),
            FieldType.Person => IsId(text) ? text : null,
            FieldType.Reference => Reference(field, node as JsonObject, text),
            FieldType.File => File(node as JsonObject),
            _ => null,
        };
        if (value is not null)
        {
            return new FieldValue(value.ToJsonString(s_compact));
        }

        return field.Type is FieldType.Code or FieldType.Codes
            ? Unknown(field, text)
            : Error.Invalid("value.form", $"\"{field.Name.In("en")}\" does not have the form of {Packs.Words.Of(field.Type)}.", $"“{field.Name.In("zh")}”的形式不符（{Packs.Words.Of(field.Type)}）。", field.Path);
    }

    private static readonly JsonSerializerOptions s_compact = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static Error Unknown(FieldPlan field, string text)
    {
        var known = field.Codes?.Codes.Where(code => code.IsActive).Select(code => code.Id).ToList() ?? [];
        var error = Error.Invalid("value.unknown-code", $"There is no such code in \"{field.Codes?.Id}\".", $"“{field.Codes?.Id}”中没有此代码。", field.Path);
        return Packs.Suggestion.For(text, known) is { } near ? error.WithHint($"Did you mean \"{near}\"?", $"是否指“{near}”？")
            : error.WithHint($"Codes: {string.Join(", ", known.Take(24))}.", $"代码：{string.Join("、", known.Take(24))}。");
    }

    private static JsonNode? Parse(string text)
    {
        try
        {
            return JsonNode.Parse(text, documentOptions: new() { MaxDepth = 8 });
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string? Member(JsonObject? node, string name) => node?[name] is JsonValue value
        ? value.TryGetValue<string>(out var text) ? text.Trim() is { Length: > 0 } trimmed ? trimmed : null : value.ToJsonString() : null;

    private static JsonObject Members(JsonObject node, params ReadOnlySpan<string> names)
    {
        var made = new JsonObject();
        foreach (var name in names)
        {
            if (Member(node, name) is { Length: <= LongestLine } text)
            {
                made[name] = text;
            }
        }

        return made;
    }

    // A value written by us is read back by us: {"list":…,"version":…,"code":…}.
    private static string CodeOf(string text) => text[0] == '{' && Parse(text) is JsonObject coded ? Member(coded, "code") ?? "" : text;

    private static JsonObject? Code(FieldPlan field, string code) => field.Codes?.Find(code) is { IsActive: true }
        ? new JsonObject { ["code"] = code, ["list"] = field.Codes.Id, ["version"] = field.Codes.Version } : null;

    private static JsonObject? Codes(FieldPlan field, JsonArray? array, string text)
    {
        var words = array is not null ? array.Select(item => item?.GetValueKind() == JsonValueKind.String ? item.GetValue<string>() : "")
            : text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        var codes = words.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
        return codes.Count > 0 && field.Codes is { } list && codes.TrueForAll(code => list.Find(code) is { IsActive: true })
            ? new JsonObject { ["codes"] = new JsonArray([.. codes.Select(code => (JsonNode)code)]), ["list"] = list.Id, ["version"] = list.Version } : null;
    }

    private static JsonObject? Texts(JsonNode? node, string text)
    {
        if (node is not JsonObject map)
        {
            return node is null ? new JsonObject { ["und"] = text } : null;
        }

        var made = new JsonObject();
        foreach (var (language, value) in map.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            if (language.Length is < 2 or > 35 || value is not JsonValue one || !one.TryGetValue<string>(out var written) || written.Length > LongestText)
            {
                return null;
            }

            made[language] = written.Trim();
        }

        return made.Count > 0 ? made : null;
    }

    private static JsonObject? Name(JsonObject? node, string text)
    {
        if (node is null)
        {
            return text.Length <= LongestLine ? new JsonObject { ["full"] = text } : null;
        }

        var made = Members(node, "full", "given", "family", "patronymic", "nickname", "use", "script", "language");
        if (!made.ContainsKey("full") && (made["given"] ?? made["family"] ?? made["nickname"]) is not null)
        {
            // Order of writing follows the script: Chinese, Korean and Japanese names begin with the family name.
            var parts = new[] { Member(made, "given"), Member(made, "patronymic"), Member(made, "family") }.OfType<string>().ToList();
            var isEastAsian = parts.Count > 0 && parts.TrueForAll(part => part.All(letter => letter >= '\u2E80'));
            made["full"] = isEastAsian ? Member(made, "family") + Member(made, "given") : parts.Count > 0 ? string.Join(' ', parts) : Member(made, "nickname");
        }

        return made.ContainsKey("full") ? made : null;
    }

    private static JsonObject? Place(JsonObject? node, string text)
    {
        if (node is null)
        {
            return text.Length <= LongestLine ? new JsonObject { ["text"] = text } : null;
        }

        var made = Members(node, "text", "area", "pcode", "lat", "lon", "radius", "precision");
        var (lat, lon) = (Member(made, "lat"), Member(made, "lon"));
        var isSound = (lat is null && lon is null) || (Within(lat, 90) && Within(lon, 180));
        return made.Count > 0 && isSound ? made : null;
    }

    private static bool Within(string? text, decimal most) =>
        decimal.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) && Math.Abs(number) <= most;

    private static JsonObject? Money(JsonObject? node, string text)
    {
        var (amount, currency) = node is null ? text.Split(' ', 2) is [var one, var other] ? (one, other) : (text, "") : (Member(node, "amount") ?? "", Member(node, "currency") ?? "");
        return Number(amount) is { } number && currency.Length == 3 && currency.All(char.IsAsciiLetterUpper) ? new JsonObject { ["amount"] = number, ["currency"] = currency } : null;
    }

    private static string? Number(string text) =>
        decimal.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) ? number.ToString("0.############", CultureInfo.InvariantCulture) : null;

    private static JsonObject? Range(JsonObject? node, string text)
    {
        var (from, to) = node is null ? text.Split('–', '/') is [var one, var other] ? (one.Trim(), other.Trim()) : (text, text) : (Member(node, "from") ?? "", Member(node, "to") ?? "");
        var made = new JsonObject();
        if (from.Length > 0 && from != "..")
        {
            if (Number(from) is not { } least)
            {
                return null;
            }

            made["from"] = least;
        }

        if (to.Length > 0 && to != "..")
        {
            if (Number(to) is not { } most)
            {
                return null;
            }

            made["to"] = most;
        }

        return made.Count == 0 || (made.Count == 2 && decimal.Parse(Member(made, "from")!, CultureInfo.InvariantCulture) > decimal.Parse(Member(made, "to")!, CultureInfo.InvariantCulture)) ? null : made;
    }

    private static JsonObject? Identifier(JsonObject? node, string text)
    {
        var made = node is null ? new JsonObject { ["value"] = text } : Members(node, "system", "value", "issuer", "area", "type");
        return made.ContainsKey("value") ? made : null;
    }

    private static JsonObject? Contact(JsonObject? node, string text)
    {
        if (node is null)
        {
            // A bare number says nothing about safety: unknown, never yes.
            return new JsonObject { ["channel"] = text.Contains('@', StringComparison.Ordinal) ? "e-mail" : "phone", ["safe"] = "unknown", ["value"] = text };
        }

        var made = Members(node, "channel", "codeWord", "through", "value", "voicemail", "window");
        made["safe"] = Member(node, "safe") is { } safe && s_safe.Contains(safe) ? safe : "unknown";
        return made.ContainsKey("value") && Member(made, "channel") is { } channel && s_channels.Contains(channel) ? made : null;
    }

    private static JsonObject? Reference(FieldPlan field, JsonObject? node, string text)
    {
        // Where a field may point anywhere, its form says the register first: "person 0123…".
        var (register, id) = node is null ? field.Target is null && text.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [var named, var at] ? (named, at) : (field.Target ?? "", text) : (Member(node, "register") ?? field.Target ?? "", Member(node, "id") ?? "");
        return register.Length > 0 && IsId(id) && (field.Target is null || field.Target == register) ? new JsonObject { ["id"] = id, ["register"] = register } : null;
    }

    private static JsonObject? File(JsonObject? node) => node is not null && Members(node, "blob", "media", "name", "size") is { } made && made.ContainsKey("blob") && made.ContainsKey("media") ? made : null;

    /// <summary>Ids are 32 hexadecimal letters: 128 random bits that carry no time.</summary>
    public static bool IsId(string text) => text.Length == 32 && text.All(char.IsAsciiHexDigitLower);
}
