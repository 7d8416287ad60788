using System.Security.Cryptography;
using System.Text;
using Waymark.Model;
using Waymark.Model.Rules;

namespace Waymark.Packs.Content;

/// <summary>
/// Reads packs of kind <c>rules</c> into documents for the kernel <c>Waymark.Rules</c>, which checks and compiles them. What stands in an operator's layer
/// comes after the built-in rules; the kernel refuses an id that is there twice.
/// </summary>
public static class RulePackReader
{
    public const string Kind = "rules";

    private static readonly string[] Languages = ["en", "zh"];

    public static RulePackDocument Read(Pack pack, PackErrors errors)
    {
        var cursor = pack.Cursor(errors);
        var texts = new SourceTexts(pack);
        var instrument = cursor.OptionalMapping("instrument");
        var layers = pack.Layers.Select(layer => (Cursor: layer.Cursor(errors), Texts: new SourceTexts(layer))).ToList();
        return new(
            pack.Key.Id, pack.Version, HashOf(pack), pack.File, pack.Title, pack.Source, instrument?.OptionalText("id") ?? pack.Key.Id,
            instrument is null ? pack.Title : Pair(instrument), cursor.OptionalBoolean("floor") ?? false,
            Optional(cursor, "mode", texts), Optional(cursor, "applies", texts), Valid(cursor, texts),
            [.. layers.SelectMany(layer => layer.Cursor.List("parameters").Select(node => Parameter(node, layer.Texts)).OfType<ParameterDocument>())],
            [.. layers.SelectMany(layer => layer.Cursor.List("rules").Select(node => Rule(node, layer.Texts)).OfType<RuleDocument>())],
            [.. layers.SelectMany(layer => layer.Cursor.List("tests").Select(node => Scenario(node, layer.Texts)).OfType<ScenarioDocument>())],
            [.. layers.SelectMany(layer => Facts(layer.Cursor, "assume", layer.Texts))]);
    }

    /// <summary>The hash that a decision names: that of the pack, or of pack and additions together.</summary>
    internal static string HashOf(Pack pack) => pack.Extensions.Count == 0 ? pack.Hash
        : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes("waymark-layers/1\n" + string.Join('\n', pack.Layers.Select(layer => layer.Hash)))));

    /// <summary>The texts that stand beside each other as <c>en</c> and <c>zh</c>.</summary>
    internal static LocalText Pair(PackCursor cursor) => new(Languages
        .Select(language => new KeyValuePair<string, string>(language, cursor.OptionalText(language) ?? "")).Where(pair => pair.Value.Length > 0));

    private static SourceText? Optional(PackCursor cursor, string key, SourceTexts texts) => cursor.Find(key) is PackScalar scalar ? texts.Of(scalar) : null;

    private static SourceText[] Many(PackCursor cursor, string key, SourceTexts texts) => cursor.Find(key) switch
    {
        PackScalar one => [texts.Of(one)],
        PackSequence list => [.. list.Items.OfType<PackScalar>().Select(texts.Of)],
        _ => [],
    };

    private static SourceText Here(PackCursor cursor) => new("", cursor.File, new(cursor.At.Line, cursor.At.Column));

    private static ValidityDocument? Valid(PackCursor cursor, SourceTexts texts) =>
        cursor.OptionalMapping("valid") is { } valid ? new(Optional(valid, "from", texts), Optional(valid, "until", texts)) : null;

    private static ParameterDocument? Parameter(PackCursor cursor, SourceTexts texts) =>
        Optional(cursor, "id", texts) is { } id && Optional(cursor, "value", texts) is { } value && Optional(cursor, "unit", texts) is { } unit
            ? new(id, value, unit, cursor.Text("source"), cursor.Text("status"))
            : null;

    private static RuleDocument? Rule(PackCursor cursor, SourceTexts texts)
    {
        if (Optional(cursor, "id", texts) is not { } id || Optional(cursor, "modality", texts) is not { } modality)
        {
            return null;
        }

        return new(
            id, modality, Optional(cursor, "kind", texts), Scope(cursor, texts), Optional(cursor, "when", texts), Optional(cursor, "require", texts),
            [.. cursor.List("cites").Select(cite => new CitationDocument(cite.Text("article"), cite.Text("status"), cite.Text("basis")))],
            cursor.OptionalText("topic") ?? "", Pair(cursor), cursor.OptionalTexts("remedy"), Many(cursor, "suspends", texts), Needs(cursor, texts),
            Duty(cursor, texts), Valid(cursor, texts), cursor.TextList("seeds"));
    }

    private static ScopeDocument[] Scope(PackCursor cursor, SourceTexts texts) => cursor.OptionalMapping("scope") is { } scope
        ? [.. scope.Node.Entries.Select(entry => new ScopeDocument(new(entry.Key, cursor.File, new(entry.At.Line, entry.At.Column)), Many(scope, entry.Key, texts)))]
        : [];

    private static NeedsDocument? Needs(PackCursor cursor, SourceTexts texts) => cursor.OptionalMapping("needs") is { } needs
        ? new(Here(needs), needs.OptionalBoolean("reason") ?? false, Optional(needs, "approver", texts), Optional(needs, "expires-within", texts))
        : null;

    private static DutyDocument? Duty(PackCursor cursor, SourceTexts texts)
    {
        if (cursor.OptionalMapping("duty") is not { } duty || Optional(duty, "id", texts) is not { } id)
        {
            return null;
        }

        var deadline = duty.OptionalMapping("deadline");
        return new(
            id, deadline is null ? null : Optional(deadline, "from", texts), deadline is null ? null : Optional(deadline, "parameter", texts),
            deadline is null ? null : Optional(deadline, "within", texts), duty.OptionalBoolean("mandatory") ?? false, Optional(duty, "outcome", texts), Many(duty, "mask", texts));
    }

    private static ScenarioDocument? Scenario(PackCursor cursor, SourceTexts texts)
    {
        if (Optional(cursor, "id", texts) is not { } id || Optional(cursor, "expect", texts) is not { } expect)
        {
            return null;
        }

        return new(
            id, Pair(cursor), Facts(cursor, "given", texts), Many(cursor, "packs", texts), expect,
            Many(cursor, "by", texts), Many(cursor, "unmet", texts), Many(cursor, "missing", texts), Many(cursor, "duties", texts));
    }

    private static GivenDocument[] Facts(PackCursor cursor, string key, SourceTexts texts) => cursor.OptionalMapping(key) is { } facts
        ? [.. facts.Node.Entries.Select(entry => new GivenDocument(new(entry.Key, facts.File, new(entry.At.Line, entry.At.Column)), Many(facts, entry.Key, texts), entry.Value is PackSequence))]
        : [];
}
