namespace Waymark.Linkage;

/// <summary>What is in the files before they are linked.</summary>
/// <param name="Columns">Every column of every file.</param>
/// <param name="NameScripts">Records per script of the name.</param>
/// <param name="Blocks">What each blocking rule would compare.</param>
public sealed record LinkageProfile(IReadOnlyList<ColumnProfile> Columns, IReadOnlyDictionary<Script, int> NameScripts, BlockReport Blocks);

/// <summary>One column: how full, how varied, and how often its most frequent value occurs (the value itself is not shown).</summary>
public sealed record ColumnProfile(string File, string Column, FieldRole Role, RoleReason Reason, int Rows, int Filled, int Distinct, int MostFrequent)
{
    internal static ColumnProfile Of(string file, LinkageColumn column, ColumnRole role)
    {
        var counts = new int[column.Values.Count];
        foreach (var code in column.Codes)
        {
            counts[code]++;
        }

        return new(file, column.Name, role.Role, role.Reason, column.Codes.Length, column.Codes.Length - counts[0], counts.Length - 1, counts.Skip(1).DefaultIfEmpty().Max());
    }
}
