using Waymark.Model;

namespace Waymark.Formats;

/// <summary>
/// A rectangle of merged cells, corners included, rows and columns from 1. Its value stands in the first cell only.
/// </summary>
public sealed record MergedRange(int FirstRow, int FirstColumn, int LastRow, int LastColumn)
{
    public bool Contains(int row, int column) =>
        row >= FirstRow && row <= LastRow && column >= FirstColumn && column <= LastColumn;

    public override string ToString() => $"{CellAddress.Name(FirstRow, FirstColumn)}:{CellAddress.Name(LastRow, LastColumn)}";
}

/// <summary>
/// A rule that restricts what may be typed into some cells; for lists <paramref name="Formula"/> is the list or where
/// it stands.
/// </summary>
public sealed record DataValidation(string Ranges, string Type, string Formula);

/// <summary>
/// One sheet in memory: the cells that the file holds, in file order, with their rows, merges and faults.
/// Nothing is filled in or left out: a merged area has its value in its first cell, an absent cell is Blank.
/// </summary>
public sealed class Grid
{
    private readonly CellStore _store;
    private readonly TextSource? _text;

    internal Grid(CellStore store, SheetExtras extras, TextSource? text) =>
        (_store, _text, Merges, Validations, Faults, FaultCount) =
        (store, text, extras.Merges, extras.Validations, extras.Faults, extras.FaultCount);

    /// <summary>Rows that the file holds; a workbook may skip row numbers.</summary>
    public int RowCount => _store.RowCount;

    /// <summary>The widest row.</summary>
    public int ColumnCount => _store.MaxColumn;

    /// <summary>Cells that the file holds; in text every field counts, in a workbook every cell with a value.</summary>
    public int CellCount => _store.CellCount;

    public IReadOnlyList<MergedRange> Merges { get; }

    public IReadOnlyList<DataValidation> Validations { get; }

    /// <summary>
    /// What was wrong and where; the rows are there all the same. Bounded, see <see cref="FaultCount"/>.
    /// </summary>
    public IReadOnlyList<Error> Faults { get; }

    public int FaultCount { get; }

    /// <summary>The row at a position from 0 to <see cref="RowCount"/> - 1.</summary>
    public GridRow this[int index] => index >= 0 && index < RowCount
        ? new(_store, index)
        : throw new ArgumentOutOfRangeException(nameof(index));

    public IEnumerable<GridRow> Rows
    {
        get
        {
            for (var i = 0; i < RowCount; i++)
            {
                yield return new(_store, i);
            }
        }
    }

    /// <summary>The cell at a row and column counted from 1 as in the file; Blank when there is none.</summary>
    public Cell At(int row, int column)
    {
        var index = IndexOfRow(row);
        return index < 0 ? new(null, 0, row, column) : this[index].At(column);
    }

    /// <summary>
    /// The bytes of a text's record exactly as in the file, in its own encoding, without line end; empty for
    /// workbooks.
    /// </summary>
    public ReadOnlyMemory<byte> RawBytes(int index)
    {
        if (_text is null)
        {
            return default;
        }

        var (start, end) = _store.Extent(index);
        return _text.Original(start, end);
    }

    /// <summary>
    /// How many rows have how many fields: the usual width is where the table is, the rest is preamble or malformed.
    /// </summary>
    public IReadOnlyDictionary<int, int> Widths()
    {
        var widths = new SortedDictionary<int, int>();
        for (var i = 0; i < RowCount; i++)
        {
            var width = this[i].Count;
            widths[width] = widths.GetValueOrDefault(width) + 1;
        }

        return widths;
    }

    private int IndexOfRow(int row)
    {
        if (_store.IsText)
        {
            return row >= 1 && row <= RowCount ? row - 1 : -1;
        }

        var (low, high) = (0, RowCount - 1);
        while (low <= high)
        {
            var middle = (low + high) / 2;
            var number = _store.NumberOf(middle);
            if (number == row)
            {
                return middle;
            }

            (low, high) = number < row ? (middle + 1, high) : (low, middle - 1);
        }

        return -1;
    }
}

/// <summary>
/// One row of a <see cref="Grid"/> or of a <see cref="RowReader"/>: the cells it holds, in order of column.
/// </summary>
public readonly struct GridRow
{
    private readonly CellStore _store;
    private readonly int _index;
    private readonly int _first;
    private readonly int _record;

    internal GridRow(CellStore store, int index, int record = 0)
    {
        (_store, _index, _record) = (store, index, record == 0 ? index + 1 : record);
        (_first, var end) = store.Range(index);
        Count = end - _first;
    }

    /// <summary>The sheet's row number; in text the number of the record. Both from 1.</summary>
    public int Number => _store.IsText ? _record : _store.NumberOf(_index);

    /// <summary>The line on which a text's record begins; in a workbook the row number.</summary>
    public int Line => _store.NumberOf(_index);

    /// <summary>Cells held; for text the number of fields. An empty line of text has one empty field.</summary>
    public int Count { get; }

    /// <summary>True when every cell is blank.</summary>
    public bool IsBlank
    {
        get
        {
            for (var i = 0; i < Count; i++)
            {
                if (!this[i].IsBlank)
                {
                    return false;
                }
            }

            return true;
        }
    }

    /// <summary>The cell at a position from 0; in a workbook its column may be greater than its position.</summary>
    public Cell this[int position] => position >= 0 && position < Count
        ? new(_store, _first + position, Number, _store.IsText ? position + 1 : _store.Columns[_first + position])
        : throw new ArgumentOutOfRangeException(nameof(position));

    /// <summary>The cell in a column counted from 1; Blank when the row has none there.</summary>
    public Cell At(int column)
    {
        if (_store.IsText)
        {
            return column >= 1 && column <= Count ? this[column - 1] : new(null, 0, Number, column);
        }

        var found = Array.BinarySearch(_store.Columns, _first, Count, column);
        return found < 0 ? new(null, 0, Number, column) : new(_store, found, Number, column);
    }

    /// <summary>Allocates one string per cell; for tests and small tables.</summary>
    public string[] ToTexts()
    {
        var texts = new string[Count];
        for (var i = 0; i < Count; i++)
        {
            texts[i] = this[i].Text;
        }

        return texts;
    }
}

/// <summary>What a reader learns of a sheet besides its cells.</summary>
internal sealed class SheetExtras(ReadLimits limits)
{
    public List<MergedRange> Merges { get; } = [];

    public List<DataValidation> Validations { get; } = [];

    public List<Error> Faults { get; } = [];

    public int FaultCount { get; private set; }

    public void Add(Error fault)
    {
        FaultCount++;
        if (Faults.Count < limits.MaxFaults)
        {
            Faults.Add(fault);
        }
    }
}
