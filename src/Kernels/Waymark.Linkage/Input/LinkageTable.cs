using Waymark.Model;

namespace Waymark.Linkage;

/// <summary>One column of a file: a dictionary of distinct values and one code per row (0 = empty).</summary>
/// <param name="Name">The header as written.</param>
/// <param name="Values">Distinct values as read, UTF-8.</param>
/// <param name="Codes">One code per row.</param>
public sealed record LinkageColumn(string Name, Utf8Heap Values, int[] Codes);

/// <summary>
/// A file to be linked: columns of equal length and the ids that name the records. The kernel reads no files:
/// whoever reads one fills this (Waymark.Matching, a database reader, a test).
/// </summary>
public sealed class LinkageTable
{
    private LinkageTable(string name, int rows, IReadOnlyList<LinkageColumn> columns, RecordIds? ids, int idColumn) =>
        (Name, Rows, Columns, Ids, IdColumn) = (name, rows, columns, ids, idColumn);

    public string Name { get; }

    public int Rows { get; }

    public IReadOnlyList<LinkageColumn> Columns { get; private set; }

    /// <summary>The ids of the records; null when rows are named by their number.</summary>
    public RecordIds? Ids { get; }

    /// <summary>Index among <see cref="Columns"/> of the column that names the records, or -1 when it is not among them.</summary>
    public int IdColumn { get; }

    /// <summary>What names a record in links: its id as written, else its row number from 1.</summary>
    public string Id(int row) => Ids is null ? (row + 1).ToString(System.Globalization.CultureInfo.InvariantCulture) : Ids.Text(row);

    /// <summary>A table whose ids are already known to be present and distinct. A column without rows was not kept, only its header.</summary>
    public static Result<LinkageTable> Create(string name, IReadOnlyList<LinkageColumn> columns, RecordIds ids) =>
        columns.Any(c => c.Codes.Length != ids.Count && c.Codes.Length != 0)
            ? Error.Invalid("linkage.columns-differ", "The columns have different lengths.", "各列长度不一致。", name)
            : new LinkageTable(name, ids.Count, columns, ids, -1);

    /// <summary>Checks lengths, the id column, and that ids are present and distinct.</summary>
    public static Result<LinkageTable> Create(string name, IReadOnlyList<LinkageColumn> columns, string? idColumn)
    {
        var rows = columns.Count == 0 ? 0 : columns[0].Codes.Length;
        if (columns.Any(c => c.Codes.Length != rows))
        {
            return Error.Invalid("linkage.columns-differ", "The columns have different lengths.", "各列长度不一致。", name);
        }

        if (idColumn is null)
        {
            return new LinkageTable(name, rows, columns, null, -1);
        }

        var at = columns.ToList().FindIndex(c => string.Equals(c.Name, idColumn, StringComparison.Ordinal));
        if (at < 0)
        {
            return Error.NotFound("linkage.no-id-column", $"There is no column '{idColumn}'.", $"没有列“{idColumn}”。", name)
                .WithHint($"Columns: {string.Join(", ", columns.Select(c => c.Name))}", $"现有列：{string.Join("、", columns.Select(c => c.Name))}");
        }

        var ids = new RecordIdsBuilder(rows);
        for (var row = 0; row < rows; row++)
        {
            var code = columns[at].Codes[row];
            if (code == 0 || ids.Add(columns[at].Values[code]) >= 0)
            {
                return Error.Faulty(
                    code == 0 ? "linkage.id-missing" : "linkage.id-twice",
                    code == 0 ? "A record has no id." : "Two records have the same id.",
                    code == 0 ? "有记录缺少标识。" : "两条记录的标识相同。",
                    $"{name}:{row + 2}");
            }
        }

        return new LinkageTable(name, rows, columns, ids.Build(), at);
    }

    /// <summary>Lets go of the values once a run has taken what it compares, so that they do not stay in memory beside it.</summary>
    internal void ForgetValues() => Columns = [.. Columns.Select(c => new LinkageColumn(c.Name, new Utf8Heap(1), []))];
}

/// <summary>Fills a column value by value.</summary>
public sealed class LinkageColumnBuilder(string name, int expectedRows = 1024)
{
    private readonly Utf8Heap _values = new(Math.Min(expectedRows, 1 << 16));
    private int[] _codes = new int[Math.Max(16, expectedRows)];
    private int _rows;
    private int _lastCode;

    public string Name { get; } = name;

    /// <summary>Adds the next row's value.</summary>
    public void Add(ReadOnlySpan<byte> value)
    {
        if (_rows == _codes.Length)
        {
            Array.Resize(ref _codes, _rows + _rows / 2);
        }

        if (_lastCode == 0 || !_values[_lastCode].SequenceEqual(value))
        {
            _lastCode = _values.Add(value);
        }

        _codes[_rows++] = _lastCode;
    }

    public LinkageColumn Build()
    {
        if (_codes.Length != _rows)
        {
            Array.Resize(ref _codes, _rows);
        }

        _values.Seal();
        return new LinkageColumn(Name, _values, _codes);
    }
}
