using System.Text;

namespace Waymark.Formats.Workbooks;

/// <summary>
/// Streams the rows of one OpenDocument table. Repeated blank cells and rows only move the position; repeated values
/// are
/// written out within the limits, as the file means them.
/// </summary>
internal sealed class OdsRows : RowSource
{
    private const int LastRow = 1 << 24;
    private readonly XmlCursor _xml;
    private readonly string _place;
    private readonly int _index;
    private readonly CancellationToken _cancellation;
    private readonly List<Pending> _cells = [];
    private readonly MemoryStream _text = new();
    private int _row;
    private int _repeats;
    private bool _found;
    private int _depth;

    public OdsRows(ZipPackage package, int index, string place, ReadLimits limits, CancellationToken cancellation)
        : base(limits)
    {
        (_index, _place, _cancellation) = (index, place, cancellation);
        _xml = new(package.OpenPart("content.xml")!, $"{place}/content.xml", limits);
    }

    public override bool Next(CellStore store)
    {
        _cancellation.ThrowIfCancellationRequested();
        if (!_found)
        {
            Find();
        }

        while (_repeats == 0)
        {
            if (!_xml.Read() || (_xml.Token == XmlToken.End && _xml.Depth < _depth))
            {
                while (_xml.Read()) { } // to the end, so that the checksum is verified
                return false;
            }

            if (_xml.IsStart("table-row"u8))
            {
                ReadRow();
            }
            else if (_xml.IsStart("table"u8) || _xml.IsStart("shapes"u8) || _xml.IsStart("table-source"u8))
            {
                _xml.Skip();
            }
        }

        Emit(store);
        return true;
    }

    public override void Dispose()
    {
        _xml.Dispose();
        _text.Dispose();
        base.Dispose();
    }

    private void Find()
    {
        _found = true;
        var (seen, inside) = (-1, false);
        while (_xml.Read())
        {
            inside |= _xml.IsStart("spreadsheet"u8);
            if (!inside || !_xml.IsStart("table"u8))
            {
                continue;
            }

            if (++seen == _index)
            {
                _depth = _xml.IsEmpty ? _xml.Depth + 1 : _xml.Depth;
                return;
            }

            _xml.Skip();
        }

        throw _xml.Fail("a table is missing", "缺少表格");
    }

    /// <summary>Reads one row element; blank ones move the position only.</summary>
    private void ReadRow()
    {
        var repeated = Math.Max(1, _xml.IntAttribute("number-rows-repeated"u8, 1));
        _cells.Clear();
        _text.SetLength(0);
        if (!_xml.IsEmpty)
        {
            var (depth, column) = (_xml.Depth, 0);
            while (_xml.Read() && !(_xml.Token == XmlToken.End && _xml.Depth < depth))
            {
                if (_xml.IsStart("table-cell"u8) || _xml.IsStart("covered-table-cell"u8))
                {
                    column = ReadCell(column);
                }
                else
                {
                    _xml.Skip();
                }
            }
        }

        if (_cells.Count > 0)
        {
            _repeats = repeated;
        }
        else
        {
            _row = (int)Math.Min(LastRow, (long)_row + repeated);
        }
    }

    private int ReadCell(int column)
    {
        var repeated = Math.Max(1, _xml.IntAttribute("number-columns-repeated"u8, 1));
        var (columns, rows) = (_xml.IntAttribute("number-columns-spanned"u8, 1),
            _xml.IntAttribute("number-rows-spanned"u8, 1));
        if ((columns > 1 || rows > 1) && Extras.Merges.Count < Limits.MaxRows)
        {
            Extras.Merges.Add(new(_row + 1, column + 1, _row + Math.Clamp(rows, 1, LastRow),
                column + Math.Clamp(columns, 1, LastRow)));
        }

        var formula = _xml["formula"u8].IsEmpty ? CellFlags.None : CellFlags.Formula;
        var type = _xml["value-type"u8];
        var (kind, attribute) = KindOf(type);
        var stored = attribute.Length == 0 ? [] : _xml[attribute].ToArray();
        var start = (int)_text.Length;
        if (!_xml.IsEmpty)
        {
            ReadParagraphs();
        }

        if (stored.Length > 0)
        {
            _text.SetLength(start);
            _text.Write(stored);
        }

        var length = (int)_text.Length - start;
        if (length > Limits.MaxCellBytes)
        {
            throw new UnreadableException(Faults.TooLarge($"{_place}!{CellAddress.Name(_row + 1, column + 1)}", "cell-bytes", Limits.MaxCellBytes));
        }

        if (length > 0 || formula != CellFlags.None)
        {
            if ((long)_cells.Count + repeated > Math.Min(Limits.MaxColumns, Limits.MaxCells))
            {
                throw new UnreadableException(Faults.TooLarge($"{_place}!{CellAddress.Name(_row + 1, column + 1)}", "columns", Limits.MaxColumns));
            }

            kind = length == 0 ? CellKind.Blank : kind == CellKind.Blank ? CellKind.Text : kind;
            if (kind == CellKind.Number && !CellStore.IsPlainNumber(_text.GetBuffer().AsSpan(start, length)))
            {
                kind = CellKind.Text; // the stored value is missing or no number; what is shown is kept
            }

            for (var i = 0; i < repeated; i++)
            {
                _cells.Add(new(column + 1 + i, start, length, (CellFlags)kind | formula));
            }
        }

        return (int)Math.Min(LastRow, (long)column + repeated);
    }

    private static (CellKind Kind, byte[] Attribute) KindOf(ReadOnlySpan<byte> type) =>
        type.SequenceEqual("float"u8) || type.SequenceEqual("percentage"u8) || type.SequenceEqual("currency"u8)
            ? (CellKind.Number, "value"u8.ToArray())
        : type.SequenceEqual("date"u8) ? (CellKind.Date, "date-value"u8.ToArray())
        : type.SequenceEqual("boolean"u8) ? (CellKind.Boolean, "boolean-value"u8.ToArray())
        : type.SequenceEqual("time"u8) ? (CellKind.Text, "time-value"u8.ToArray())
        : (CellKind.Blank, "string-value"u8.ToArray());

    /// <summary>
    /// The paragraphs of a cell, joined by line feeds; blanks are written out, annotations and drawings left out.
    /// </summary>
    private void ReadParagraphs()
    {
        var (depth, start, paragraph, inside) = (_xml.Depth, _text.Length, 0, 0);
        while (_xml.Read() && !(_xml.Token == XmlToken.End && _xml.Depth < depth))
        {
            switch (_xml.Token)
            {
                case XmlToken.Start when _xml.Is("annotation"u8) || _xml.Is("frame"u8) || _xml.Is("table"u8)
                    || _xml.Is("note"u8):
                    _xml.Skip();
                    break;
                case XmlToken.Start when _xml.Is("p"u8):
                    if (paragraph++ > 0)
                    {
                        _text.WriteByte((byte)'\n');
                    }

                    inside = _xml.IsEmpty ? 0 : _xml.Depth;
                    break;
                case XmlToken.Start when inside > 0 && _xml.Is("s"u8):
                    for (var i = Math.Clamp(_xml.IntAttribute("c"u8, 1), 1, 1024); i > 0; i--)
                    {
                        _text.WriteByte((byte)' ');
                    }

                    break;
                case XmlToken.Start when inside > 0 && (_xml.Is("tab"u8) || _xml.Is("line-break"u8)):
                    _text.WriteByte(_xml.Is("tab"u8) ? (byte)'\t' : (byte)'\n');
                    break;
                case XmlToken.Text when inside > 0:
                    _text.Write(_xml.Text);
                    break;
                case XmlToken.End when _xml.Depth < inside:
                    inside = 0;
                    break;
                default:
                    break;
            }

            if (_text.Length - start > Limits.MaxCellBytes * 2L)
            {
                throw _xml.Fail("a cell's text is too long", "单元格文本过长");
            }
        }
    }

    private void Emit(CellStore store)
    {
        _repeats--;
        _row++;
        if (_row > LastRow)
        {
            throw new UnreadableException(Faults.TooLarge(_place, "rows", LastRow));
        }

        store.BeginRow(_row);
        var bytes = _text.GetBuffer();
        foreach (var cell in _cells)
        {
            store.AddCopy(cell.Column, bytes.AsSpan(cell.Start, cell.Length), cell.Flags);
        }
    }

    private readonly record struct Pending(int Column, int Start, int Length, CellFlags Flags);
}
