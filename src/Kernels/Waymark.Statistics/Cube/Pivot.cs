using Waymark.Model;
using Waymark.Statistics.Cube.Grouping;

namespace Waymark.Statistics.Cube;

/// <summary>
/// A table of rows × columns from a grouped answer. A cell is the number of a group of <see cref="Groups"/>, or −1 where no
/// observation stands; heads are the code numbers' texts in the order asked for.
/// </summary>
public sealed record Pivot(GroupResult Groups, IReadOnlyList<IReadOnlyList<string>> RowHeads, IReadOnlyList<IReadOnlyList<string>> ColumnHeads, int[][] Cells)
{
    /// <summary>
    /// Spreads the named columns across; the remaining ones stay rows. Heads are sorted by <paramref name="order"/> (ordinal
    /// when null), column by column.
    /// </summary>
    public static Result<Pivot> Of(GroupResult groups, IReadOnlyList<string> across, IComparer<string>? order = null)
    {
        var columns = groups.Columns.ToList();
        foreach (var name in across)
        {
            if (!columns.Contains(name))
            {
                return Error.Invalid("cube.unknown-dimension", $"'{name}' is not a column of the answer.", $"“{name}”不是结果中的列。");
            }
        }

        int[] acrossAt = [.. across.Select(name => columns.IndexOf(name))];
        int[] downAt = [.. Enumerable.Range(0, columns.Count).Except(acrossAt)];
        var (rows, rowOf) = Heads(groups, downAt, order ?? StringComparer.Ordinal);
        var (heads, headOf) = Heads(groups, acrossAt, order ?? StringComparer.Ordinal);
        var cells = rows.Select(_ => Enumerable.Repeat(-1, heads.Count).ToArray()).ToArray();
        for (var group = 0; group < groups.Count; group++)
        {
            cells[rowOf[group]][headOf[group]] = group;
        }

        return new Pivot(groups, rows, heads, cells);
    }

    private static (List<IReadOnlyList<string>> Heads, int[] IndexOf) Heads(GroupResult groups, int[] columns, IComparer<string> order)
    {
        var byText = Enumerable.Range(0, groups.Count)
            .GroupBy(group => new HeadKey([.. columns.Select(column => groups.Code(group, column))])).ToList();
        var sorted = byText.OrderBy(head => head.Key, Comparer<HeadKey>.Create((a, b) => a.CompareTo(b, order))).ToList();
        var indexOf = new int[groups.Count];
        for (var i = 0; i < sorted.Count; i++)
        {
            foreach (var group in sorted[i])
            {
                indexOf[group] = i;
            }
        }

        return ([.. sorted.Select(head => head.Key.Codes)], indexOf);
    }

    private sealed record HeadKey(string[] Codes)
    {
        public bool Equals(HeadKey? other) => other is not null && Codes.AsSpan().SequenceEqual(other.Codes);

        public override int GetHashCode() => Codes.Aggregate(17, (hash, code) => HashCode.Combine(hash, code.GetHashCode(StringComparison.Ordinal)));

        public int CompareTo(HeadKey other, IComparer<string> order) =>
            Codes.Zip(other.Codes, order.Compare).FirstOrDefault(sign => sign != 0);
    }
}
