using Waymark.Model;
using Waymark.Packs;

namespace Waymark.Casework.Registers;

/// <summary>The code lists of a pack: written out, in a CSV file beside it, or taken from a built-in list.</summary>
internal sealed class CodeListReader(Seen seen, PackCursor pack, Pack source)
{
    // Codes that would make a situation into an offence (F11); such a list is refused wherever it comes from (M14).
    private static readonly HashSet<string> s_noOffence = new(StringComparer.Ordinal)
    {
        "irregular-entry", "irregular-stay", "irregular-situation", "illegal-entry", "illegal-stay", "illegal-migrant", "being-smuggled", "being-trafficked", "being-rescued",
    };

    public static bool IsNoOffence(string code) => s_noOffence.Contains(code);

    public IReadOnlyDictionary<string, RecordCodeList> Read()
    {
        var lists = new Dictionary<string, RecordCodeList>(StringComparer.Ordinal);
        if (seen.Areas is { } areas)
        {
            lists["areas"] = areas;
        }

        foreach (var (id, at, cursor) in pack.Entries("codelists"))
        {
            if (cursor.OptionalText("from") is { } from)
            {
                if (from.StartsWith("vocabulary.", StringComparison.Ordinal) && seen.FromVocabulary(from["vocabulary.".Length..]) is { } built)
                {
                    lists[id] = built;
                }
                else
                {
                    cursor.Fault("from", "register.unknown-list", $"There is no built-in list \"{from}\"; write vocabulary.LIST.", $"没有内置代码表“{from}”；请写 vocabulary.代码表。");
                }

                continue;
            }

            var codes = cursor.OptionalText("file") is { } file ? FromFile(file, cursor) : Written(cursor);
            foreach (var twice in codes.GroupBy(code => code.Id, StringComparer.Ordinal).Where(group => group.Count() > 1))
            {
                pack.Errors.Add(pack.File, at, "register.duplicate", $"The code \"{twice.Key}\" stands twice in \"{id}\".", $"代码“{twice.Key}”在“{id}”中重复。");
            }

            lists[id] = new(id, cursor.OptionalText("version") ?? source.Version, [.. codes.DistinctBy(code => code.Id)]);
        }

        return lists;
    }

    private static List<RecordCode> Written(PackCursor cursor) =>
        [.. cursor.List("codes").Select(code => new RecordCode(code.Text("code"), RegisterReader.Pair(code), !(code.OptionalBoolean("retired") ?? false)))];

    private List<RecordCode> FromFile(string file, PackCursor cursor)
    {
        var rows = source.Rows(file).ToList();
        if (rows.Count == 0)
        {
            cursor.Fault("file", "register.no-rows", $"\"{file}\" is not listed under files or has no rows.", $"“{file}”未列于 files 或没有数据行。");
        }

        return [.. rows.Select(row => new RecordCode(row["code"], new LocalText(row["en"], row["zh"]), row.Optional("retired") is null))];
    }
}
