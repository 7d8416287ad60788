using System.Buffers.Text;
using System.Globalization;

namespace Waymark.Formats.Workbooks;

/// <summary>
/// Streams the rows of one worksheet part (ECMA-376 part 1, 18.3). What follows the rows, merges and validations, is
/// read at the end.
/// </summary>
internal sealed class XlsxRows : RowSource
{
    private const int LastRow = 1_048_576;
    private const int LastColumn = 16_384;
    private readonly XlsxBook _book;
    private readonly SharedStrings _strings;
    private readonly IReadOnlyList<CellStyle> _styles;
    private readonly XmlCursor _xml;
    private readonly string _place;
    private readonly CancellationToken _cancellation;
    private bool _inData;
    private int _row;

    public XlsxRows(XlsxBook book, string? part, string place, CancellationToken cancellation)
        : base(book.Limits)
    {
        (_book, _place, _cancellation, _strings, _styles) = (book, place, cancellation, book.Strings, book.Styles);
        _xml = new(_book.Part(part) ?? throw new UnreadableException(
            Faults.Damaged(place, "the part that holds this sheet is missing", "缺少该工作表的数据部分")), place, book.Limits);
    }

    public override bool Next(CellStore store)
    {
        _cancellation.ThrowIfCancellationRequested();
        while (_xml.Read())
        {
            if (_inData)
            {
                if (_xml.IsStart("row"u8))
                {
                    ReadRow(store);
                    return true;
                }

                _inData = !_xml.IsEnd("sheetData"u8);
            }
            else if (_xml.Token == XmlToken.Start)
            {
                ReadAround();
            }
        }

        return false;
    }

    public override void Dispose()
    {
        _xml.Dispose();
        base.Dispose();
    }

    private void ReadAround()
    {
        if (_xml.Is("sheetData"u8))
        {
            _inData = !_xml.IsEmpty;
        }
        else if (_xml.Is("mergeCell"u8))
        {
            var range = _xml["ref"u8];
            var colon = range.IndexOf((byte)':');
            if (colon > 0 && CellAddress.TryParse(range[..colon], out var row, out var column)
                && CellAddress.TryParse(range[(colon + 1)..], out var lastRow, out var lastColumn)
                && Extras.Merges.Count < Limits.MaxRows)
            {
                Extras.Merges.Add(new(row, column, lastRow, lastColumn));
            }
        }
        else if (_xml.Is("dataValidation"u8) && Extras.Validations.Count < 10_000)
        {
            var (ranges, type) = (_xml.Attribute("sqref"u8), _xml.Attribute("type"u8));
            Extras.Validations.Add(new(ranges, type, ReadFormula()));
        }
    }

    private string ReadFormula()
    {
        if (_xml.IsEmpty)
        {
            return "";
        }

        var (depth, formula, inside) = (_xml.Depth, "", false);
        while (_xml.Read() && !(_xml.Token == XmlToken.End && _xml.Depth < depth))
        {
            inside = _xml.Token == XmlToken.Start ? _xml.Is("formula1"u8) || (inside && _xml.Is("f"u8)) : inside
                && _xml.Token == XmlToken.Text;
            if (inside && _xml.Token == XmlToken.Text)
            {
                formula += System.Text.Encoding.UTF8.GetString(_xml.Text);
            }
        }

        return formula;
    }

    private void ReadRow(CellStore store)
    {
        var row = _xml.IntAttribute("r"u8, _row + 1);
        if (row <= _row || row > LastRow)
        {
            throw Damaged(string.Create(CultureInfo.InvariantCulture, $"row {row} follows row {_row}"), "行号顺序错误");
        }

        _row = row;
        store.BeginRow(row);
        if (_xml.IsEmpty)
        {
            return;
        }

        var column = 0;
        while (_xml.Read() && !_xml.IsEnd("row"u8))
        {
            if (_xml.IsStart("c"u8))
            {
                column = ReadCell(store, column);
            }
            else
            {
                _xml.Skip();
            }
        }
    }

    private int ReadCell(CellStore store, int previous)
    {
        var column = previous + 1;
        var address = _xml["r"u8];
        if (!address.IsEmpty && !(CellAddress.TryParse(address, out var row, out column) && row == _row
            && column > previous && column <= LastColumn))
        {
            throw Damaged("its cells are out of order", "单元格顺序错误");
        }

        if (column > Limits.MaxColumns)
        {
            throw new UnreadableException(Faults.TooLarge(Place(column), "columns", Limits.MaxColumns));
        }

        var style = (ushort)Math.Clamp(_xml.IntAttribute("s"u8, 0), 0, ushort.MaxValue);
        var type = TypeOf(_xml["t"u8]);
        if (!_xml.IsEmpty)
        {
            ReadContent(store, column, style, type);
        }

        return column;
    }

    private void ReadContent(CellStore store, int column, ushort style, CellType type)
    {
        var (depth, flags, start, length) = (_xml.Depth, CellFlags.None, 0, -1);
        while (_xml.Read() && !(_xml.Token == XmlToken.End && _xml.Depth < depth))
        {
            if (_xml.Token != XmlToken.Start)
            {
                continue;
            }

            if (_xml.Is("f"u8))
            {
                flags = CellFlags.Formula;
                _xml.Skip();
            }
            else if (_xml.Is("v"u8) || (type == CellType.Inline && _xml.Is("t"u8)))
            {
                ReadValue(store, type is CellType.Inline or CellType.FormulaText, ref start, ref length, column);
            }
            else if (_xml.Is("rPh"u8))
            {
                _xml.Skip();
            }
        }

        if (length < 0 && flags == CellFlags.None)
        {
            return;
        }

        length = Math.Max(0, length);
        var text = store.Uncommitted(start, length);
        if (type == CellType.Shared)
        {
            if (!Utf8Parser.TryParse(text, out int index, out var used) || used != length
                || (uint)index >= (uint)_strings.Count)
            {
                throw Damaged("a cell names a shared string that does not exist", "单元格引用了不存在的共享字符串", column);
            }

            store.Rewind(start);
            var (from, size) = _strings[index];
            store.Add(column, from, size, flags | Kind(size == 0 ? CellKind.Blank : CellKind.Text), style);
            return;
        }

        store.Add(column, start, length, flags | CellFlags.InArena | Kind(Judge(type, text, style)), style);
    }

    private void ReadValue(CellStore store, bool escaped, ref int start, ref int length, int column)
    {
        if (_xml.IsEmpty)
        {
            length = Math.Max(0, length);
            return;
        }

        var depth = _xml.Depth;
        while (_xml.Read() && !(_xml.Token == XmlToken.End && _xml.Depth < depth))
        {
            if (_xml.Token == XmlToken.Text)
            {
                var text = escaped ? XlsxText.Unescape(_xml.Text) : _xml.Text;
                text.CopyTo(store.Reserve(text.Length, out var at));
                store.Commit(text.Length);
                (start, length) = length < 0 ? (at, text.Length) : (start, length + text.Length);
                if (length > Limits.MaxCellBytes)
                {
                    throw new UnreadableException(Faults.TooLarge(Place(column), "cell-bytes", Limits.MaxCellBytes));
                }
            }
        }

        length = Math.Max(0, length);
    }

    private CellKind Judge(CellType type, ReadOnlySpan<byte> text, ushort style)
    {
        if (text.IsEmpty)
        {
            return CellKind.Blank;
        }

        return type switch
        {
            CellType.Number when Utf8Parser.TryParse(text, out double value, out var used) && used == text.Length
                && double.IsFinite(value) =>
                style < _styles.Count && _styles[style].IsDate ? CellKind.Date : CellKind.Number,
            CellType.Boolean => CellKind.Boolean,
            CellType.Error => CellKind.Error,
            CellType.Date => CellKind.Date,
            _ => CellKind.Text,
        };
    }

    private static CellFlags Kind(CellKind kind) => (CellFlags)kind;

    private static CellType TypeOf(ReadOnlySpan<byte> type) => type switch
    {
        [] or [(byte)'n'] => CellType.Number,
        [(byte)'s'] => CellType.Shared,
        [(byte)'b'] => CellType.Boolean,
        [(byte)'e'] => CellType.Error,
        [(byte)'d'] => CellType.Date,
        [(byte)'i', ..] => CellType.Inline,
        _ => CellType.FormulaText,
    };

    private string Place(int column) => $"{_place}!{CellAddress.Name(_row, column)}";

    private UnreadableException Damaged(string en, string zh, int column = 1) =>
        new(Faults.Damaged(Place(column), en, zh));

    private enum CellType : byte { Number, Shared, Boolean, Error, Date, Inline, FormulaText }
}
