using Waymark.Model;

namespace Waymark.Linkage;

/// <summary>One column of a file: a dictionary of distinct values and one code per row (0 = empty).</summary>
/// <param name="Name">The header as written.</param>
/// <param name="Values">Distinct values as read, UTF-8.</param>
/// <param name="Codes">One code per row.</param>
public sealed record LinkageColumn(string Name, Utf8Heap Values, int[] Codes);

/// <summary>
/// A file to be linked: columns of equal length and the column that names the records. The kernel reads no files:
/// whoever reads one fills this (Waymark.Formats, a database reader, a test).
/// </summary>
public sealed class LinkageTable
{
    private LinkageTable(string name, int rows, IReadOnlyList<LinkageColumn> columns, int idColumn) =>
        (Name, Rows, Columns, IdColumn) = (name, rows, columns, idColumn);

    public string Name { get; }

    public int Rows { get; }

    public IReadOnlyList<LinkageColumn> Columns { get; }

    /// <summary>Index of the column that names the records, or -1 when rows are named by their number.</summary>
    public int IdColumn { get; }

    /// <summary>What names a record in links: its id as written, else its row number from 1.</summary>
    public string Id(int row) => IdColumn < 0
        ? (row + 1).ToString(System.Globalization.CultureInfo.InvariantCulture)
        : Columns[IdColumn].Values.Text(Columns[IdColumn].Codes[row]);

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
            return new LinkageTable(name, rows, columns, -1);
        }

        var at = -1;
        for (var i = 0; i < columns.Count; i++)
        {
            at = string.Equals(columns[i].Name, idColumn, StringComparison.Ordinal) ? i : at;
        }

        if (at < 0)
        {
            return Error.NotFound("linkage.no-id-column", $"There is no column '{idColumn}'.", $"没有列“{idColumn}”。", name)
                .WithHint($"Columns: {string.Join(", ", columns.Select(c => c.Name))}", $"现有列：{string.Join("、", columns.Select(c => c.Name))}");
        }

        var seen = new bool[columns[at].Values.Count];
        for (var row = 0; row < rows; row++)
        {
            var code = columns[at].Codes[row];
            if (code == 0 || seen[code])
            {
                return Error.Faulty(
                    code == 0 ? "linkage.id-missing" : "linkage.id-twice",
                    code == 0 ? "A record has no id." : "Two records have the same id.",
                    code == 0 ? "有记录缺少标识。" : "两条记录的标识相同。",
                    $"{name}:{row + 2}");
            }

            seen[code] = true;
        }

        return new LinkageTable(name, rows, columns, at);
    }
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
        Array.Resize(ref _codes, _rows);
        _values.Seal();
        return new LinkageColumn(Name, _values, _codes);
    }
}
