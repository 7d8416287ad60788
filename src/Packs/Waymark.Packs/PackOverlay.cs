using Waymark.Model;

namespace Waymark.Packs;

/// <summary>An extension adds. Whatever it says about something that is already there is refused, row by row and text by text.</summary>
internal static class PackOverlay
{
    public static void RefuseReplacements(Pack present, Pack extension, PackErrors errors)
    {
        if (extension.Root.Find("extends")?.Value is not PackScalar { Text: "true", Quoted: false })
        {
            errors.Add(Error.Refused("pack.replaced", $"{extension.Key} is already there; a second pack of this id must say \"extends: true\" and only add.",
                $"{extension.Key} 已存在；同标识的另一包须写明“extends: true”，且只能增加内容。", $"{extension.File}:1:1"));
            return;
        }

        foreach (var table in extension.Tables)
        {
            Rows(present, table, errors);
        }

        if (extension.Root.Find("texts")?.Value is PackMapping added)
        {
            foreach (var layer in present.Layers)
            {
                Texts(layer.Root.Find("texts")?.Value as PackMapping, added, extension.File, errors);
            }
        }
    }

    private static void Rows(Pack present, PackTable table, PackErrors errors)
    {
        var key = PackFileReader.KeyColumns(present.Root, table.Path);
        var basis = present.Table(table.Path);
        if (basis is null)
        {
            return;
        }

        if (!basis.Columns.SequenceEqual(table.Columns, StringComparer.Ordinal))
        {
            errors.Add(table.File, new(1, 1), "pack.csv-header", "The header differs from that of the pack it extends.",
                "表头与被扩展的包不同。");
            return;
        }

        var taken = present.Rows(table.Path).Select(row => PackFileReader.KeyOf(row, key)).ToHashSet(StringComparer.Ordinal);
        foreach (var row in table.Rows.Where(row => key.Count > 0 && taken.Contains(PackFileReader.KeyOf(row, key))))
        {
            errors.Add(table.File, new(row.Line, 1), "pack.replaced", $"\"{PackFileReader.KeyOf(row, key)}\" is already there and cannot be replaced.",
                $"“{PackFileReader.KeyOf(row, key)}”已存在，不能替换。");
        }
    }

    private static void Texts(PackMapping? present, PackMapping added, string file, PackErrors errors)
    {
        foreach (var entry in added.Entries)
        {
            if (present?.Find(entry.Key)?.Value is PackMapping old && entry.Value is PackMapping mine)
            {
                foreach (var text in mine.Entries.Where(text => old.Find(text.Key) is not null))
                {
                    errors.Add(file, text.At, "pack.replaced", $"The text \"{entry.Key}\" in \"{text.Key}\" is already there and cannot be replaced.",
                        $"文字“{entry.Key}”（{text.Key}）已存在，不能替换。");
                }
            }
        }
    }
}
