using System.Text;
using System.Text.Json;

namespace Waymark.Formats.Json;

/// <summary>
/// JSON-stat 2.0, class "dataset", as rows: one column per dimension (category ids), then value, then status when there
/// is any. Cells without value and status are left out, as the format means them. Row-major order, last dimension
/// fastest.
/// </summary>
internal static class JsonStatTable
{
    public static void Fill(JsonElement root, CellStore store)
    {
        var ids = root.GetProperty("id").EnumerateArray().Select(static id => id.GetString() ?? "").ToArray();
        var sizes = root.GetProperty("size").EnumerateArray().Select(static size => size.GetInt32()).ToArray();
        var dimensions = root.GetProperty("dimension");
        if (ids.Length != sizes.Length || ids.Length == 0 || ids.Length > store.Limits.MaxColumns)
        {
            throw new InvalidOperationException();
        }

        var codes = ids.Select((id, i) => Codes(dimensions.GetProperty(id), sizes[i])).ToArray();
        var total = sizes.Aggregate(1L, static (product, size) => checked(product * size));
        var hasStatus = root.TryGetProperty("status", out var status) && status.ValueKind is not JsonValueKind.Null;
        ArrayTables.Header(store, hasStatus ? [.. ids, "value", "status"] : [.. ids, "value"]);
        var rows = new SortedDictionary<long, (JsonElement Value, JsonElement Status)>();
        Collect(root.GetProperty("value"), total, rows, static (row, value) => (value, row.Status));
        if (hasStatus && status.ValueKind != JsonValueKind.String)
        {
            Collect(status, total, rows, static (row, value) => (row.Value, value));
        }

        var number = 1;
        foreach (var (position, (value, flag)) in rows)
        {
            store.BeginRow(++number);
            var rest = position;
            var picked = new int[ids.Length];
            for (var i = ids.Length - 1; i >= 0; i--)
            {
                (rest, var index) = Math.DivRem(rest, sizes[i]);
                picked[i] = (int)index;
            }

            for (var i = 0; i < ids.Length; i++)
            {
                store.AddCopy(i + 1, Encoding.UTF8.GetBytes(codes[i][picked[i]]), (CellFlags)CellKind.Text);
            }

            ArrayTables.Add(store, ids.Length + 1, value);
            ArrayTables.Add(store, ids.Length + 2, hasStatus && status.ValueKind == JsonValueKind.String ? status
                : flag);
        }

    }

    /// <summary>Category ids by position: an index array, an index object, or the single label.</summary>
    private static string[] Codes(JsonElement dimension, int size)
    {
        var category = dimension.GetProperty("category");
        string[] codes;
        if (!category.TryGetProperty("index", out var index))
        {
            codes = [.. category.GetProperty("label").EnumerateObject().Select(static member => member.Name)];
        }
        else if (index.ValueKind == JsonValueKind.Array)
        {
            codes = [.. index.EnumerateArray().Select(static code => code.GetString() ?? "")];
        }
        else
        {
            codes = [.. index.EnumerateObject().OrderBy(static member =>
                member.Value.GetInt32()).Select(static member => member.Name)];
        }

        return codes.Length == size ? codes : throw new InvalidOperationException();
    }

    /// <summary>Values by position, given densely as an array or sparsely as an object.</summary>
    private static void Collect(JsonElement source, long total, SortedDictionary<long,
        (JsonElement Value, JsonElement Status)> rows,
        Func<(JsonElement Value, JsonElement Status), JsonElement, (JsonElement Value, JsonElement Status)> merge)
    {
        var at = 0L;
        var items = source.ValueKind == JsonValueKind.Array
            ? source.EnumerateArray().Select(value => (Position: at++, value))
            : source.EnumerateObject().Select(static member =>
                (Position: long.Parse(member.Name, System.Globalization.CultureInfo.InvariantCulture), member.Value));
        foreach (var (position, value) in items)
        {
            if (position < 0 || position >= total)
            {
                throw new InvalidOperationException();
            }

            if (value.ValueKind != JsonValueKind.Null)
            {
                rows[position] = merge(rows.GetValueOrDefault(position), value);
            }
        }
    }
}
