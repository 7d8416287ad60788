using System.Text;
using System.Text.Json;

namespace Waymark.Formats.Json;

/// <summary>Arrays of objects and arrays of arrays as rows.</summary>
internal static class ArrayTables
{
    public static void Objects(JsonElement rows, CellStore store, string name)
    {
        var columns = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var row in rows.EnumerateArray())
        {
            if (row.ValueKind != JsonValueKind.Object)
            {
                throw new UnreadableException(Faults.Unsupported(name, "JSON whose rows are not objects",
                    "行不是对象的 JSON"));
            }

            foreach (var member in row.EnumerateObject())
            {
                columns.TryAdd(member.Name, columns.Count + 1);
            }

            Check(columns.Count, store, name);
        }

        Header(store, columns.Keys);
        var number = 1;
        var cells = new List<(int Column, JsonElement Value)>();
        foreach (var row in rows.EnumerateArray())
        {
            cells.Clear();
            cells.AddRange(row.EnumerateObject().Select(member => (columns[member.Name], member.Value)));
            cells.Sort(static (left, right) => left.Column.CompareTo(right.Column));
            store.BeginRow(++number);
            var last = 0;
            foreach (var (column, value) in cells)
            {
                if (column == last)
                {
                    throw new UnreadableException(Faults.Damaged(FormattableString.Invariant($"{name}!{CellAddress.Name(number, column)}"), "an object names a member twice", "对象成员重复"));
                }

                last = column;
                Add(store, column, value);
            }
        }
    }

    public static void Arrays(JsonElement rows, CellStore store, string name)
    {
        var number = 0;
        foreach (var row in rows.EnumerateArray())
        {
            if (row.ValueKind != JsonValueKind.Array)
            {
                throw new UnreadableException(Faults.Unsupported(name, "JSON whose rows are not arrays",
                    "行不是数组的 JSON"));
            }

            Check(row.GetArrayLength(), store, name);
            store.BeginRow(++number);
            var column = 0;
            foreach (var value in row.EnumerateArray())
            {
                Add(store, ++column, value);
            }
        }
    }

    public static void Header(CellStore store, IEnumerable<string> names)
    {
        store.BeginRow(1);
        var column = 0;
        foreach (var name in names)
        {
            store.AddCopy(++column, Encoding.UTF8.GetBytes(name), (CellFlags)CellKind.Text);
        }
    }

    /// <summary>
    /// Numbers keep their text; null and absent are blank; objects and arrays are kept as their JSON.
    /// </summary>
    public static void Add(CellStore store, int column, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Null or JsonValueKind.Undefined:
                break;
            case JsonValueKind.String:
                var text = Encoding.UTF8.GetBytes(value.GetString()!);
                store.AddCopy(column, text, (CellFlags)(text.Length == 0 ? CellKind.Blank : CellKind.Text));
                break;
            case JsonValueKind.Number:
                store.AddCopy(column, Encoding.UTF8.GetBytes(value.GetRawText()), (CellFlags)CellKind.Number);
                break;
            case JsonValueKind.True or JsonValueKind.False:
                store.AddCopy(column, value.GetBoolean() ? "true"u8 : "false"u8, (CellFlags)CellKind.Boolean);
                break;
            default:
                store.AddCopy(column, Encoding.UTF8.GetBytes(value.GetRawText()), (CellFlags)CellKind.Text);
                break;
        }
    }

    private static void Check(int columns, CellStore store, string name)
    {
        if (columns > store.Limits.MaxColumns)
        {
            throw new UnreadableException(Faults.TooLarge(name, "columns", store.Limits.MaxColumns));
        }
    }
}
