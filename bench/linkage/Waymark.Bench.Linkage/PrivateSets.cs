namespace Waymark.Linkage.Bench;

/// <summary>The development files as two owners have them.</summary>
internal static class PrivateSets
{
    /// <summary>FEBRL4 without the social security number, and who is who.</summary>
    public static (LinkageTable Left, LinkageTable Right, Func<string, string> Entity) Febrl4(string data) => (
        Without(CsvTable.Read(Path.Combine(data, "febrl/febrl4a.csv"), "rec_id").Value, "soc_sec_id"),
        Without(CsvTable.Read(Path.Combine(data, "febrl/febrl4b.csv"), "rec_id").Value, "soc_sec_id"),
        id => id.Split('-')[1]);

    /// <summary>Register A and register B of the multi-script file.</summary>
    public static (LinkageTable Left, LinkageTable Right, Func<string, string> Entity) MultiScript(string data)
    {
        var all = CsvTable.Read(Path.Combine(data, "multiscript/multiscript_persons.csv.gz"), "rec_id").Value;
        var set = DataSet.All.Single(d => d.Name == "multiscript");
        var entities = set.Truth(data, all, null);
        var byId = Enumerable.Range(0, all.Rows).ToDictionary(all.Id, r => entities[r], StringComparer.Ordinal);
        var register = all.Columns.Single(c => c.Name == "register");
        bool In(int row, string name) => register.Values.Text(register.Codes[row]) == name;
        return (Where(all, r => In(r, "A"), "register"), Where(all, r => In(r, "B"), "register"), id => byId[id]);
    }

    private static LinkageTable Without(LinkageTable table, string column) => Where(table, _ => true, column);

    private static LinkageTable Where(LinkageTable table, Func<int, bool> keep, string without)
    {
        var columns = table.Columns.Where(c => c.Name != without).Select(c => new LinkageColumnBuilder(c.Name, table.Rows)).ToArray();
        var sources = table.Columns.Where(c => c.Name != without).ToArray();
        for (var row = 0; row < table.Rows; row++)
        {
            if (keep(row))
            {
                for (var i = 0; i < columns.Length; i++)
                {
                    columns[i].Add(sources[i].Values[sources[i].Codes[row]]);
                }
            }
        }

        return LinkageTable.Create(table.Name, [.. columns.Select(c => c.Build())], table.Columns[table.IdColumn].Name).Value;
    }
}
