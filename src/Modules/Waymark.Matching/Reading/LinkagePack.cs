using System.Security.Cryptography;
using System.Text;
using Waymark.Linkage;
using Waymark.Model;

namespace Waymark.Matching;

/// <summary>The facts about names and scripts of a packs folder, read for the kernel, with the hash that stands in what they decided.</summary>
public sealed class LinkagePack
{
    private readonly Lazy<string> _hash;

    private LinkagePack(LinkageKnowledge knowledge, List<(string Name, byte[] Bytes)> files) =>
        (Knowledge, _hash) = (knowledge, new(() => HashOf(files)));

    public LinkageKnowledge Knowledge { get; }

    /// <summary>SHA-256 of names and bytes of the files; reckoned when it is asked for, since a run that writes links alone never asks.</summary>
    public string Hash => _hash.Value;

    /// <summary>Reads `linkage/*.csv` and, for nationalities, the areas of `codelists/areas`.</summary>
    /// <param name="packsFolder">A folder of packs.</param>
    public static Result<LinkagePack> Read(string packsFolder)
    {
        var folder = Path.Combine(packsFolder, "linkage");
        if (!Directory.Exists(folder))
        {
            return Error.NotFound("matching.no-pack", "The pack of names and scripts is missing.", "缺少姓名与文字数据包。", folder);
        }

        var tables = new List<(string Name, string Text)>();
        var files = new List<(string Name, byte[] Bytes)>();
        foreach (var file in Directory.GetFiles(folder, "*.csv").Order(StringComparer.Ordinal))
        {
            var bytes = File.ReadAllBytes(file);
            files.Add((Path.GetFileName(file), bytes));
            tables.Add((Path.GetFileNameWithoutExtension(file), Encoding.UTF8.GetString(bytes)));
        }

        var areas = Path.Combine(packsFolder, "codelists", "areas", "areas.csv");
        if (File.Exists(areas))
        {
            tables.Add(("areas", AreaWords(File.ReadAllText(areas))));
        }

        return LinkageKnowledge.Read(tables).Select(knowledge => new LinkagePack(knowledge, files));
    }

    private static string HashOf(List<(string Name, byte[] Bytes)> files)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (name, bytes) in files)
        {
            hash.AppendData(Encoding.UTF8.GetBytes(name + "\n"));
            hash.AppendData(bytes);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>Every code and name of a country or area with its code, as lines "word,code".</summary>
    private static string AreaWords(string table)
    {
        var lines = new StringBuilder();
        var folder = new NameFolder(LinkageKnowledge.Empty);
        foreach (var line in table.AsSpan().EnumerateLines())
        {
            var cells = SplitRow(line);
            if (cells.Count < 12 || cells[1] is not ("country-or-area" or "dissolved" or "place"))
            {
                continue;
            }

            var code = cells[0].ToLowerInvariant();
            foreach (var cell in cells.Take(1).Append(cells[2]).Concat(cells.Skip(6).Take(6)))
            {
                var word = folder.Fold(cell);
                if (word.Length > 0)
                {
                    lines.Append(word).Append(',').Append(code).Append('\n');
                }
            }
        }

        return lines.ToString();
    }

    private static List<string> SplitRow(ReadOnlySpan<char> line)
    {
        var cells = new List<string>();
        var cell = new StringBuilder();
        var quoted = false;
        foreach (var c in line)
        {
            if (c == '"')
            {
                quoted = !quoted;
            }
            else if (c == ',' && !quoted)
            {
                cells.Add(cell.ToString());
                cell.Clear();
            }
            else
            {
                cell.Append(c);
            }
        }

        cells.Add(cell.ToString());
        return cells;
    }
}
