using System.Buffers.Text;
using System.Text;

namespace Waymark.Formats.Workbooks;

/// <summary>
/// The rows of one binary worksheet (MS-XLS 2.1.7.20.5). The format stores numbers in binary, so their text is the
/// shortest that reads back equal. Records need not be in order, so the sheet (at most 65,536 rows) is collected first.
/// </summary>
internal sealed class BiffRows(BiffBook book, uint offset, string place, ReadLimits limits,
    CancellationToken cancellation) : RowSource(limits)
{
    private readonly List<Pending> _cells = [];
    private readonly MemoryStream _text = new();
    private int _at = -1;

    public override bool Next(CellStore store)
    {
        cancellation.ThrowIfCancellationRequested();
        if (_at < 0)
        {
            Collect();
            _at = 0;
        }

        if (_at >= _cells.Count)
        {
            return false;
        }

        var row = _cells[_at].Row;
        store.BeginRow(row + 1);
        for (var last = -1; _at < _cells.Count && _cells[_at].Row == row; _at++)
        {
            var cell = _cells[_at];
            if (cell.Column == last)
            {
                throw new UnreadableException(Faults.Damaged(Place(cell.Row, cell.Column), "a cell is stored twice",
                    "单元格重复"));
            }

            last = cell.Column;
            if (cell.Shared)
            {
                store.Add(cell.Column + 1, cell.Start, cell.Length, cell.Flags, cell.Style);
            }
            else
            {
                store.AddCopy(cell.Column + 1, _text.GetBuffer().AsSpan(cell.Start, cell.Length), cell.Flags,
                    cell.Style);
            }
        }

        return true;
    }

    public override void Dispose()
    {
        _text.Dispose();
        base.Dispose();
    }

    private void Collect()
    {
        var records = new BiffRecords(book.Stream, (int)Math.Min(offset, int.MaxValue), place);
        if (offset >= book.Stream.Length || !records.Read() || records.Type != 0x809)
        {
            throw new UnreadableException(Faults.Damaged(place, "the sheet is not where the workbook says",
                "工作表位置与声明不符"));
        }

        var depth = 1;
        while (depth > 0)
        {
            if (!records.Read())
            {
                throw new UnreadableException(Faults.Damaged(place, "the sheet breaks off", "工作表中断"));
            }

            depth += records.Type == 0x809 ? 1 : records.Type == 0x0A ? -1 : 0;
            if (depth == 1)
            {
                ReadRecord(ref records);
            }

            if (_cells.Count > Limits.MaxCells)
            {
                throw new UnreadableException(Faults.TooLarge(place, "cells", Limits.MaxCells));
            }
        }

        // Order of file within one row and column is kept, so that a doubled cell is noticed and not hidden.
        _cells.Sort(static (left, right) => left.Row != right.Row ? left.Row.CompareTo(right.Row)
            : left.Column.CompareTo(right.Column));
    }

    private void ReadRecord(ref BiffRecords records)
    {
        switch (records.Type)
        {
            case 0x203:
                Number(ref records, 2, 4, records.Double(6), CellFlags.None);
                break;
            case 0x27E:
                Number(ref records, 2, 4, BiffBook.Rk(records.UInt32(6)), CellFlags.None);
                break;
            case 0xBD:
                for (var i = 0; 4 + (i * 6) + 8 <= records.Data.Length; i++)
                {
                    Number(records.UInt16(0), records.UInt16(2) + i, records.UInt16(4 + (i * 6)),
                        BiffBook.Rk(records.UInt32(6 + (i * 6))), CellFlags.None);
                }

                break;
            case 0xFD:
                var index = records.UInt32(6);
                if (index >= (uint)book.Items.Count)
                {
                    throw new UnreadableException(Faults.Damaged(Place(records.UInt16(0), records.UInt16(2)),
                        "a cell names a shared string that does not exist", "单元格引用了不存在的共享字符串"));
                }

                var (start, length) = book.Items[(int)index];
                _cells.Add(new(records.UInt16(0), records.UInt16(2), start, length, Kind(length), records.UInt16(4),
                    true));
                break;
            case 0x204 or 0xD6:
                var (row, column, style, at) = (records.UInt16(0), records.UInt16(2), records.UInt16(4), 6);
                Text(row, column, style, records.String(ref at, false, book.IsBiff8), CellFlags.None);
                break;
            case 0x205:
                BooleanOrError(ref records, records.Byte(6), records.Byte(7) != 0, CellFlags.None);
                break;
            case 0x06:
                Formula(ref records);
                break;
            case 0xE5:
                for (var i = 0; i < records.UInt16(0) && 2 + (i * 8) + 8 <= records.Data.Length; i++)
                {
                    var from = 2 + (i * 8);
                    Extras.Merges.Add(new(records.UInt16(from) + 1, records.UInt16(from + 4) + 1,
                        records.UInt16(from + 2) + 1, records.UInt16(from + 6) + 1));
                }

                break;
            default:
                break;
        }
    }

    private void Formula(ref BiffRecords records)
    {
        var (row, column, style) = (records.UInt16(0), records.UInt16(2), records.UInt16(4));
        if (records.UInt16(12) != 0xFFFF)
        {
            Number(row, column, style, records.Double(6), CellFlags.Formula);
            return;
        }

        switch (records.Byte(6))
        {
            case 0:
                // The text follows in a record of its own, perhaps behind the shared formula.
                while (records.Read() && records.Type is 0x4BC or 0x221 or 0x236 or 0x3C) { }
                if (records.Type != 0x207)
                {
                    throw records.Damaged();
                }

                var at = 0;
                Text(row, column, style, records.String(ref at, false, book.IsBiff8), CellFlags.Formula);
                break;
            case 1 or 2:
                BooleanOrError(ref records, records.Byte(8), records.Byte(6) == 2, CellFlags.Formula);
                break;
            default:
                _cells.Add(new(row, column, 0, 0, CellFlags.Formula, style, false));
                break;
        }
    }

    private void BooleanOrError(ref BiffRecords records, byte value, bool isError, CellFlags flags)
    {
        var text = isError ? BiffBook.ErrorText(value) : value == 0 ? "0" : "1";
        Copy(records.UInt16(0), records.UInt16(2), records.UInt16(4), Encoding.ASCII.GetBytes(text),
            flags | (CellFlags)(isError ? CellKind.Error : CellKind.Boolean));
    }

    private void Number(ref BiffRecords records, int columnAt, int styleAt, double value, CellFlags flags) =>
        Number(records.UInt16(0), records.UInt16(columnAt), records.UInt16(styleAt), value, flags);

    private void Number(int row, int column, ushort style, double value, CellFlags flags)
    {
        Span<byte> text = stackalloc byte[32];
        if (!double.IsFinite(value) || !Utf8Formatter.TryFormat(value, text, out var length))
        {
            Copy(row, column, style, "#NUM!"u8, flags | (CellFlags)CellKind.Error);
            return;
        }

        var isDate = style < book.Styles.Count && book.Styles[style].IsDate;
        Copy(row, column, style, text[..length], flags | (CellFlags)(isDate ? CellKind.Date : CellKind.Number));
    }

    private void Text(int row, int column, ushort style, string text, CellFlags flags)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        Copy(row, column, style, bytes, flags | Kind(bytes.Length));
    }

    private void Copy(int row, int column, ushort style, ReadOnlySpan<byte> text, CellFlags flags)
    {
        _cells.Add(new(row, column, (int)_text.Length, text.Length, flags, style, false));
        _text.Write(text);
    }

    private static CellFlags Kind(int length) => (CellFlags)(length == 0 ? CellKind.Blank : CellKind.Text);

    private string Place(int row, int column) => $"{place}!{CellAddress.Name(row + 1, column + 1)}";

    private readonly record struct Pending(int Row, int Column, int Start, int Length, CellFlags Flags, ushort Style,
        bool Shared);
}
