using Waymark.Model;

namespace Waymark.Linkage;

/// <summary>The values of an index, column by column, in the order its records came.</summary>
internal sealed class IndexColumns(IReadOnlyList<ColumnRole> roles)
{
    private readonly Utf8Heap[] _values = [.. roles.Select(_ => new Utf8Heap())];
    private readonly List<int>[] _codes = [.. roles.Select(_ => new List<int>())];

    public IReadOnlyList<ColumnRole> Roles { get; } = roles;

    /// <summary>Ids; the code of an id is its record's number plus one.</summary>
    public Utf8Heap Ids { get; private set; } = new();

    public int Rows { get; private set; }

    public ReadOnlySpan<byte> ValueOf(int column, int row) => _values[column][_codes[column][row]];

    public static Error NoIds(LinkageTable table) => Error.Invalid("linkage.index-ids", "Records of an index need ids.", "索引中的记录需要标识。", table.Name);

    /// <summary>Appends the rows of a table whose columns are matched by name and role, else by role; nothing is appended when an id is faulty.</summary>
    public Error? Append(LinkageTable table, ColumnRole[] roles)
    {
        if (table.Ids is null)
        {
            return NoIds(table);
        }

        for (var row = 0; row < table.Rows; row++)
        {
            if (Ids.Find(table.Ids[row]) >= 0)
            {
                return Error.Conflict("linkage.id-held", "The index holds a record with this id.", "索引中已有此标识的记录。", $"{table.Name}:{row + 2}");
            }
        }

        var sources = Match(table, roles);
        for (var row = 0; row < table.Rows; row++)
        {
            Ids.Add(table.Ids[row]);
        }

        for (var c = 0; c < sources.Length; c++)
        {
            if (sources[c] is not { } source)
            {
                _codes[c].AddRange(Enumerable.Repeat(0, table.Rows));
                continue;
            }

            var map = new int[source.Values.Count];
            for (var code = 1; code < map.Length; code++)
            {
                map[code] = _values[c].Add(source.Values[code]);
            }

            _codes[c].AddRange(source.Codes.Select(code => map[code]));
        }

        Rows += table.Rows;
        return null;
    }

    /// <summary>Appends one row; false when its id is there already.</summary>
    public bool Append(ReadOnlySpan<byte> id)
    {
        if (Ids.Add(id) != Rows + 1)
        {
            return false;
        }

        Rows++;
        return true;
    }

    public void Append(int column, ReadOnlySpan<byte> value) => _codes[column].Add(_values[column].Add(value));

    /// <summary>Forgets rows from a number on.</summary>
    public void CutTo(int rows)
    {
        var ids = new Utf8Heap(rows);
        for (var row = 0; row < rows; row++)
        {
            ids.Add(Ids[row + 1]);
        }

        foreach (var codes in _codes)
        {
            codes.RemoveRange(rows, codes.Count - rows);
        }

        (Ids, Rows) = (ids, rows);
    }

    public LinkageTable Table()
    {
        var ids = new RecordIdsBuilder(Rows);
        for (var row = 0; row < Rows; row++)
        {
            ids.Add(Ids[row + 1]);
        }

        return LinkageTable.Create("index", [.. Roles.Select((r, c) => new LinkageColumn(r.Column, _values[c], [.. _codes[c]]))], ids.Build()).Value;
    }

    private LinkageColumn?[] Match(LinkageTable table, ColumnRole[] roles)
    {
        var found = new LinkageColumn?[Roles.Count];
        var taken = new bool[roles.Length];
        for (var byName = 1; byName >= 0; byName--)
        {
            for (var c = 0; c < found.Length; c++)
            {
                for (var i = 0; i < roles.Length && found[c] is null; i++)
                {
                    if (!taken[i] && roles[i].Role == Roles[c].Role && (byName == 0 || roles[i].Column == Roles[c].Column))
                    {
                        (found[c], taken[i]) = (table.Columns[i], true);
                    }
                }
            }
        }

        return found;
    }
}
