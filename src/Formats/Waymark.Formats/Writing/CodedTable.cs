using Waymark.Model;

namespace Waymark.Formats;

/// <summary>
/// A table with its dimension values numbered, for formats that state the codes before or beside the data. It holds one
/// integer per dimension and row besides the values.
/// </summary>
internal sealed class CodedTable
{
    private CodedTable(Table table, ReadLimits limits)
    {
        Dimensions = [.. Positions(table, ColumnRole.Dimension)];
        Measures = [.. Positions(table, ColumnRole.Measure)];
        Attributes = [.. Positions(table, ColumnRole.Attribute)];
        Codes = [.. Dimensions.Select(static _ => new List<string>())];
        var index = Dimensions.Select(static _ => new Dictionary<string, int>(StringComparer.Ordinal)).ToArray();
        foreach (var row in table.Rows)
        {
            if (Rows.Count >= limits.MaxCells / Math.Max(1, table.Columns.Count))
            {
                Error = Waymark.Model.Error.TooLarge("write.too-many-rows",
                    "The answer has too many rows for this format.", "结果行数超出该格式的上限。")
                    .WithHint("Narrow the filter, or take CSV.", "请缩小筛选范围，或改用 CSV。");
                return;
            }

            var keys = new int[Dimensions.Length];
            for (var i = 0; i < keys.Length; i++)
            {
                var code = row.Span[Dimensions[i]].ToString();
                if (!index[i].TryGetValue(code, out keys[i]))
                {
                    keys[i] = Codes[i].Count;
                    index[i].Add(code, keys[i]);
                    Codes[i].Add(code);
                }
            }

            Rows.Add((keys, row.ToArray()));
        }
    }

    public int[] Dimensions { get; }

    public int[] Measures { get; }

    public int[] Attributes { get; }

    /// <summary>Per dimension, its codes in order of first appearance.</summary>
    public List<string>[] Codes { get; }

    public List<(int[] Keys, Value[] Values)> Rows { get; } = [];

    public Error? Error { get; }

    public static Result<CodedTable> Of(Table table, ReadLimits? limits = null)
    {
        var coded = new CodedTable(table, limits ?? ReadLimits.Default);
        return coded.Error is null ? coded : coded.Error;
    }

    public static Error Duplicate(string key) => Waymark.Model.Error.Faulty("write.duplicate-key",
        $"Two rows have the same dimensions ({key}); this format holds one value for each.",
        $"两行维度相同（{key}）；该格式每组维度只能有一个值。")
        .WithHint("Add the dimension that tells them apart, or take CSV.", "请加入可区分二者的维度，或改用 CSV。");

    private static IEnumerable<int> Positions(Table table, ColumnRole role) =>
        Enumerable.Range(0, table.Columns.Count).Where(i => table.Columns[i].Role == role);
}
