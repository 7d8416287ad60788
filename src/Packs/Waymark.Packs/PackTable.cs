using System.Collections.Frozen;
using System.Globalization;

namespace Waymark.Packs;

/// <summary>One data row of a CSV file of a pack, with the line it starts on.</summary>
public sealed class PackRow
{
    private readonly PackTable _table;
    private readonly string[] _values;

    internal PackRow(PackTable table, int line, string[] values) => (_table, Line, _values) = (table, line, values);

    public int Line { get; }

    public IReadOnlyList<string> Values => _values;

    /// <summary>The cell of a column; empty when the file has no such column, since optional columns may be absent.</summary>
    public string this[string column] => _table.IndexOf(column) is var index and >= 0 ? _values[index] : "";

    /// <summary>The cell, or null when it is empty.</summary>
    public string? Optional(string column) => this[column] is { Length: > 0 } text ? text : null;

    /// <summary>The place of a cell for messages: file, line and the ordinal of the column.</summary>
    public string Where(string column) => string.Create(CultureInfo.InvariantCulture,
        $"{_table.File}:{Line}:{Math.Max(0, _table.IndexOf(column)) + 1}");
}

/// <summary>A CSV file of a pack: checked header, rows with line numbers, cells as text.</summary>
public sealed class PackTable
{
    private readonly FrozenDictionary<string, int> _index;

    internal PackTable(string path, string file, IReadOnlyList<string> columns)
    {
        (Path, File, Columns) = (path, file, columns);
        _index = columns.Select((column, index) => KeyValuePair.Create(column, index)).ToFrozenDictionary(StringComparer.Ordinal);
    }

    /// <summary>The path beside the pack, as the pack lists it.</summary>
    public string Path { get; }

    /// <summary>The path for messages.</summary>
    public string File { get; }

    public IReadOnlyList<string> Columns { get; }

    public IReadOnlyList<PackRow> Rows { get; internal set; } = [];

    public int IndexOf(string column) => _index.GetValueOrDefault(column, -1);
}
