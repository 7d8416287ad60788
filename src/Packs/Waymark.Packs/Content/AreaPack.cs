using System.Globalization;
using Waymark.Model;

namespace Waymark.Packs.Content;

/// <summary>
/// Reads the pack <c>codelists/areas</c> into an <see cref="AreaRegistry"/>. Every error is collected; a registry is made only when there
/// is none. Extensions may add areas, aliases, members and changes.
/// </summary>
public static class AreaPack
{
    public const string Id = "areas";

    private static readonly string[] Languages = ["en", "zh", "fr", "es", "ru", "ar"];

    public static AreaRegistry? Read(Pack pack, PackErrors errors)
    {
        var before = errors.Count;
        var areas = pack.Rows("areas.csv").Select(row => Area(row, errors)).ToList();
        var codes = areas.Select(area => area.Code).ToHashSet(StringComparer.Ordinal);
        var aliases = pack.Rows("aliases.csv").Select(row => Alias(row, codes, errors)).ToList();
        var members = pack.Rows("members.csv").Select(row => Member(row, codes, errors)).ToList();
        var changes = pack.Rows("changes.csv").Select(row => Change(row, codes, errors)).ToList();
        RefuseCycles(members, errors, pack.File);
        RefuseConflicts(pack, aliases, errors);
        return errors.Count == before ? new AreaRegistry(areas, aliases, members, changes) : null;
    }

    private static Area Area(PackRow row, PackErrors errors)
    {
        _ = Rows.Day(row, "valid_from", errors);
        _ = Rows.Day(row, "valid_to", errors);
        var names = Languages.Where(language => row[language].Length > 0).Select(language => KeyValuePair.Create(language, row[language]));
        Rows.Required(row, "en", errors);
        Rows.Required(row, "zh", errors);
        Rows.Pair(row, "note_en", "note_zh", errors);
        return new(Rows.Required(row, "code", errors), Rows.Choice<AreaKind>(row, "kind", errors), new LocalText(names), row.Optional("iso2"),
            row.Optional("m49"), row.Optional("valid_from"), row.Optional("valid_to"), row["note_en"].Length == 0 ? null : new(row["note_en"], row["note_zh"]));
    }

    private static AreaAlias Alias(PackRow row, HashSet<string> codes, PackErrors errors)
    {
        var code = row.Optional("code");
        Rows.Pair(row, "reason_en", "reason_zh", errors);
        if (code is null && row["reason_en"].Length == 0)
        {
            errors.Add(Error.Faulty("pack.alias-without-reason", "A text that stands for no area must say why.", "不指任何地区的文字须说明理由。", row.Where("code")));
        }

        Known(row, "code", code, codes, errors);
        return new(Rows.Required(row, "scheme", errors), Rows.Required(row, "text", errors), code, Rows.Day(row, "valid_from", errors),
            Rows.Day(row, "valid_to", errors), row["reason_en"].Length == 0 ? null : new(row["reason_en"], row["reason_zh"]));
    }

    private static AreaMembership Member(PackRow row, HashSet<string> codes, PackErrors errors)
    {
        Known(row, "group", row["group"], codes, errors);
        Known(row, "member", row["member"], codes, errors);
        return new(row["group"], row["member"], Rows.Day(row, "valid_from", errors), Rows.Day(row, "valid_to", errors), row.Optional("as_of"));
    }

    private static AreaChange Change(PackRow row, HashSet<string> codes, PackErrors errors)
    {
        Known(row, "from", row["from"], codes, errors);
        Known(row, "to", row["to"], codes, errors);
        return new(Rows.Day(row, "day", errors) ?? DateOnly.MinValue, row["kind"], row["from"], row["to"], Rows.Texts(row, "note_en", "note_zh", errors));
    }

    private static void Known(PackRow row, string column, string? code, HashSet<string> codes, PackErrors errors)
    {
        if (code is not null && !codes.Contains(code))
        {
            var nearest = Suggestion.For(code, codes);
            var error = Error.Faulty("pack.unknown-area", $"There is no area \"{code}\".", $"没有地区“{code}”。", row.Where(column));
            errors.Add(nearest is null ? error : error.WithHint($"Did you mean \"{nearest}\"?", $"是否指“{nearest}”？"));
        }
    }

    /// <summary>One text may lead to two areas only when their times do not meet; a blank or an accent written otherwise is the same text.</summary>
    private static void RefuseConflicts(Pack pack, List<AreaAlias> aliases, PackErrors errors)
    {
        foreach (var pair in aliases.Zip(pack.Rows("aliases.csv"), (alias, row) => (Alias: alias, Row: row))
            .GroupBy(pair => (pair.Alias.Scheme, Text: AreaText.Normalise(pair.Alias.Text))).Where(group => group.Count() > 1)
            .SelectMany(group => group.SelectMany(left => group.Where(right => left.Row != right.Row).Select(right => (Left: left, Right: right))))
            .Where(pair => Meet(pair.Left.Alias, pair.Right.Alias) && pair.Left.Alias.Code != pair.Right.Alias.Code))
        {
            errors.Add(Error.Faulty("pack.alias-conflict", $"\"{pair.Left.Alias.Text}\" leads to {pair.Left.Alias.Code ?? "no area"} here and to {pair.Right.Alias.Code ?? "no area"} elsewhere, at the same time.",
                $"“{pair.Left.Alias.Text}”在此处指 {pair.Left.Alias.Code ?? "无"}，在别处同时指 {pair.Right.Alias.Code ?? "无"}。", pair.Left.Row.Where("text")));
        }
    }

    private static bool Meet(AreaAlias left, AreaAlias right) =>
        (left.ValidFrom ?? DateOnly.MinValue) <= (right.ValidTo ?? DateOnly.MaxValue) && (right.ValidFrom ?? DateOnly.MinValue) <= (left.ValidTo ?? DateOnly.MaxValue);

    private static void RefuseCycles(List<AreaMembership> members, PackErrors errors, string file)
    {
        foreach (var self in members.Where(member => member.Group == member.Member))
        {
            errors.Add(file, new(1, 1), "pack.member-of-itself", $"\"{self.Group}\" is a member of itself.", $"“{self.Group}”是其自身的成员。");
        }
    }
}
