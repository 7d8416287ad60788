using System.Text;

namespace Waymark.Linkage.Bench;

/// <summary>Parts of the development files: some of the people, some of the columns, one file as two. What a method was fitted to by chance shows there.</summary>
internal static class RealParts
{
    /// <param name="File">Name of a <see cref="DataSet"/>.</param>
    /// <param name="Of">Every so many people, by a hash of who they are.</param>
    /// <param name="Without">Columns left out.</param>
    /// <param name="Halves">One file becomes two: the first record of each person, and the second.</param>
    private sealed record Part(string File, int Of, string Without = "", bool Halves = false)
    {
        public string Name => $"{File} 1/{Of}{(Without.Length > 0 ? $", no {Without}" : "")}{(Halves ? ", two files" : "")}";
    }

    private static readonly Part[] s_parts =
    [
        new("febrl3", 3),
        new("febrl3", 2, "soc_sec_id"),
        new("febrl3", 1, "soc_sec_id,address_1,address_2,postcode"),
        new("febrl4", 2, "soc_sec_id"),
        new("febrl4", 4, "soc_sec_id,date_of_birth"),
        new("fake1000", 1, "email"),
        new("fake1000", 2),
        new("historical", 4),
        new("historical", 20),
        new("historical", 3, "dob"),
        new("historical", 3, "postcode_fake,birth_place"),
        new("historical", 4, "full_name,first_and_surname,occupation"),
        new("historical", 3, "", true),
        new("multiscript", 2),
        new("multiscript", 5),
        new("multiscript", 2, "phone"),
        new("multiscript", 2, "place_of_origin,nationality"),
        new("multiscript", 2, "birth_date"),
        new("multiscript", 2, "", true),
        new("scale", 10),
        new("scale", 50),
        new("scale", 20, "phone"),
        new("scale", 20, "dob"),
        new("scale", 10, "city", true),
    ];

    public static int Run(string data, string packs, string[] rest)
    {
        var knowledge = PackFolder.Read(packs).Value;
        var which = rest.Select(r => uint.TryParse(r, out var n) ? n : 0).FirstOrDefault(n => n > 0);
        var only = rest.FirstOrDefault(r => !int.TryParse(r, out _) && r[0] != '-');
        var outside = 0;
        foreach (var group in s_parts.Where(p => only is null || p.Name.Contains(only, StringComparison.Ordinal)).GroupBy(p => p.File))
        {
            var set = DataSet.All.Single(d => d.Name == group.Key);
            var left = CsvTable.Read(Path.Combine(data, set.Left), set.Id).Value;
            var right = set.Right is null ? null : CsvTable.Read(Path.Combine(data, set.Right), set.Id).Value;
            var entity = set.Truth(data, left, right);
            foreach (var part in group)
            {
                var (first, second, truth) = Take(part, left, right, entity, which);
                outside += InventedRuns.Report($"{part.Name}, {which}", first, second, truth, knowledge, rest) ? 0 : 1;
            }
        }

        Console.WriteLine($"{outside} outside");
        return 0;
    }

    private static (LinkageTable Left, LinkageTable? Right, string[] Truth) Take(Part part, LinkageTable left, LinkageTable? right, string[] entity, uint which)
    {
        var keep = Enumerable.Range(0, entity.Length).Where(r => Hash(entity[r]) % (uint)part.Of == which % (uint)part.Of).ToList();
        var (first, second) = (keep.Where(r => r < left.Rows).ToList(), keep.Where(r => r >= left.Rows).ToList());
        if (part.Halves)
        {
            var seen = new Dictionary<string, int>(StringComparer.Ordinal);
            var order = keep.ToDictionary(r => r, r => seen[entity[r]] = seen.GetValueOrDefault(entity[r]) + 1);

            // People who stand once are dealt out to both files.
            int File(int r) => seen[entity[r]] == 1 ? 1 + (int)(Hash(entity[r]) / 7919 % 2) : order[r];
            (first, second) = (keep.Where(r => File(r) == 1).ToList(), keep.Where(r => File(r) == 2).ToList());
        }

        var without = part.Without.Split(',');
        var two = right is not null || part.Halves;
        return (Table(left, first, 0, without), two ? Table(right ?? left, second, right is null ? 0 : left.Rows, without) : null, [.. first.Concat(second).Select(r => entity[r])]);
    }

    private static LinkageTable Table(LinkageTable of, List<int> rows, int start, string[] without)
    {
        var columns = of.Columns.Where(c => !without.Contains(c.Name)).Select(c =>
        {
            var builder = new LinkageColumnBuilder(c.Name, rows.Count);
            rows.ForEach(r => builder.Add(c.Values[c.Codes[r - start]]));
            return builder.Build();
        });
        return LinkageTable.Create(of.Name, [.. columns], of.Columns[of.IdColumn].Name).Value;
    }

    private static uint Hash(string text)
    {
        var hash = 2166136261u;
        foreach (var b in Encoding.UTF8.GetBytes(text))
        {
            hash = (hash ^ b) * 16777619;
        }

        hash ^= hash >> 15;
        hash *= 0x2c1b3c6d;
        return hash ^ (hash >> 12);
    }
}
