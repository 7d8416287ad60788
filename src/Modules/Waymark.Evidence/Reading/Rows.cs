using System.Globalization;
using System.Text;
using Waymark.Formats;
using Waymark.Model;

namespace Waymark.Evidence.Reading;

/// <summary>
/// The rows of one sheet in order, whatever the format. Columns count from 1. As a type parameter it is specialised, so
/// flat text is read without a virtual call per field.
/// </summary>
internal interface IRows
{
    bool Read();

    /// <summary>The line (text) or row number (workbook) of the current row.</summary>
    int Line { get; }

    /// <summary>The rightmost column held.</summary>
    int Width { get; }

    /// <summary>Cells that the file holds in this row.</summary>
    int Held { get; }

    ReadOnlySpan<byte> Field(int column);

    /// <summary>The text of a stored date as ISO 8601, or null.</summary>
    string? Date(int column);

    bool IsStoredNumber(int column);

    int Indent(int column);

    string Raw { get; }

    Error? Fault { get; }

    /// <summary>Why reading ended early.</summary>
    Error? Stopped { get; }
}

internal struct TextRows(CsvCursor cursor) : IRows
{
    public readonly int Line => cursor.Line;

    public readonly int Width => cursor.FieldCount;

    public readonly int Held => cursor.FieldCount;

    public readonly string Raw => Encoding.UTF8.GetString(cursor.RawRecord[..Math.Min(4096, cursor.RawRecord.Length)]);

    public readonly Error? Fault => cursor.Fault;

    public readonly Error? Stopped => cursor.Stopped;

    public readonly bool Read() => cursor.Read();

    public readonly ReadOnlySpan<byte> Field(int column) => column <= cursor.FieldCount ? cursor.Field(column - 1) : default;

    public readonly string? Date(int column) => null;

    public readonly bool IsStoredNumber(int column) => false;

    public readonly int Indent(int column) => 0;
}

internal struct GridRows(Grid grid) : IRows
{
    private int _next;
    private GridRow _row;

    public readonly int Line => _row.Number;

    public readonly int Width => _row.Count == 0 ? 0 : _row[_row.Count - 1].Column;

    public readonly int Held => _row.Count;

    public readonly string Raw
    {
        get
        {
            var text = string.Join('\t', _row.ToTexts());
            return text.Length > 4096 ? text[..4096] : text;
        }
    }

    public readonly Error? Fault => null;

    public readonly Error? Stopped => null;

    public bool Read()
    {
        if (_next >= grid.RowCount)
        {
            return false;
        }

        _row = grid[_next++];
        return true;
    }

    public readonly ReadOnlySpan<byte> Field(int column) => _row.At(column).Utf8;

    public readonly string? Date(int column) => _row.At(column).TryGetDate(out var date)
        ? date.ToString(date.TimeOfDay == TimeSpan.Zero ? "yyyy-MM-dd" : "yyyy-MM-ddTHH:mm:ss", CultureInfo.InvariantCulture) : null;

    public readonly bool IsStoredNumber(int column) => _row.At(column).Kind == CellKind.Number;

    public readonly int Indent(int column) => _row.At(column).Indent;
}
