using System.Buffers.Text;
using Waymark.Model;

namespace Waymark.Formats;

/// <summary>The low three bits are the <see cref="CellKind"/>.</summary>
internal enum CellFlags : byte
{
    None = 0,
    KindMask = 0x07,

    /// <summary>The bytes lie in the store's own arena, not in the source.</summary>
    InArena = 0x08,
    Formula = 0x10,
    Quoted = 0x20,

    /// <summary>Kind not judged yet: a field of delimited text.</summary>
    Unjudged = 0x40,
}

/// <summary>
/// Cells of one sheet as parallel arrays: 9 bytes a cell for text, 15 for a workbook, plus the bytes themselves, which
/// are never copied for text and stored once per shared string for workbooks. Rows are in file order; absent cells
/// cost nothing.
/// </summary>
internal sealed class CellStore(ReadLimits limits, bool isText, string name)
{
    private byte[] _arena = [];
    private int _arenaLength;
    private int[] _rowFirst = new int[64];
    private int[] _rowNumber = new int[64];
    private int[] _extent = isText ? new int[128] : [];

    public byte[] Source { get; set; } = [];

    public int[] Start { get; private set; } = new int[256];

    public int[] Length { get; private set; } = new int[256];

    public CellFlags[] Flags { get; private set; } = new CellFlags[256];

    public int[] Columns { get; private set; } = isText ? [] : new int[256];

    public ushort[] Styles { get; private set; } = isText ? [] : new ushort[256];

    public IReadOnlyList<CellStyle> StyleTable { get; set; } = [];

    /// <summary>Keyed by start of a shared string: where its trailing superscript begins.</summary>
    public IReadOnlyDictionary<int, int>? Superscripts { get; set; }

    public bool IsText { get; } = isText;

    public bool Date1904 { get; set; }

    public int CellCount { get; private set; }

    public int RowCount { get; private set; }

    public int MaxColumn { get; private set; }

    public ReadLimits Limits { get; } = limits;

    /// <summary>Forgets all rows but keeps the arrays, so that a forward reader holds one row.</summary>
    public void Clear() => (CellCount, RowCount, _arenaLength) = (0, 0, 0);

    /// <summary>Begins a row; <paramref name="number"/> is the sheet's row or the text's line.</summary>
    public void BeginRow(int number, int extentStart = 0, int extentEnd = 0)
    {
        if (RowCount >= Limits.MaxRows)
        {
            throw new UnreadableException(Faults.TooLarge(name, "rows", Limits.MaxRows));
        }

        if (RowCount + 1 >= _rowFirst.Length)
        {
            Array.Resize(ref _rowFirst, _rowFirst.Length * 2);
            Array.Resize(ref _rowNumber, _rowNumber.Length * 2);
        }

        if (IsText)
        {
            if ((RowCount * 2) + 1 >= _extent.Length)
            {
                Array.Resize(ref _extent, _extent.Length * 2);
            }

            (_extent[RowCount * 2], _extent[(RowCount * 2) + 1]) = (extentStart, extentEnd);
        }

        _rowFirst[RowCount] = CellCount;
        _rowNumber[RowCount] = number;
        RowCount++;
        _rowFirst[RowCount] = CellCount;
    }

    /// <summary>Adds a cell to the last row.</summary>
    public void Add(int column, int start, int length, CellFlags flags, ushort style = 0)
    {
        if (CellCount >= Limits.MaxCells)
        {
            throw new UnreadableException(Faults.TooLarge(name, "cells", Limits.MaxCells));
        }

        var at = CellCount;
        if (at == Start.Length)
        {
            Grow();
        }

        (Start[at], Length[at], Flags[at]) = (start, length, flags);
        if (!IsText)
        {
            (Columns[at], Styles[at]) = (column, style);
        }

        MaxColumn = Math.Max(MaxColumn, column);
        CellCount = at + 1;
        _rowFirst[RowCount] = CellCount;
    }

    /// <summary>Reserves room in the arena; <see cref="Commit"/> says how much was used.</summary>
    public Span<byte> Reserve(int length, out int start)
    {
        if (length > Limits.MaxCellBytes)
        {
            throw new UnreadableException(Faults.TooLarge(name, "cell-bytes", Limits.MaxCellBytes));
        }

        if (_arenaLength + length > _arena.Length)
        {
            Array.Resize(ref _arena, checked((int)Math.Min(Array.MaxLength,
                Math.Max(_arenaLength + (long)length, Math.Max(4096, _arena.Length * 2L)))));
        }

        start = _arenaLength;
        return _arena.AsSpan(start, length);
    }

    public void Commit(int length) => _arenaLength += length;

    /// <summary>Bytes in the arena that no cell owns yet.</summary>
    public ReadOnlySpan<byte> Uncommitted(int start, int length) => _arena.AsSpan(start, length);

    /// <summary>Gives back the arena from a position on.</summary>
    public void Rewind(int start) => _arenaLength = start;

    /// <summary>Adds a cell whose bytes are copied.</summary>
    public void AddCopy(int column, ReadOnlySpan<byte> utf8, CellFlags flags, ushort style = 0)
    {
        utf8.CopyTo(Reserve(utf8.Length, out var start));
        Commit(utf8.Length);
        Add(column, start, utf8.Length, flags | CellFlags.InArena, style);
    }

    public ReadOnlySpan<byte> Utf8(int index) =>
        new((Flags[index] & CellFlags.InArena) != CellFlags.None ? _arena : Source, Start[index], Length[index]);

    public CellKind KindOf(int index)
    {
        var flags = Flags[index];
        if ((flags & CellFlags.Unjudged) == CellFlags.None)
        {
            return (CellKind)(flags & CellFlags.KindMask);
        }

        return Length[index] == 0 ? CellKind.Blank : IsPlainNumber(Utf8(index)) ? CellKind.Number : CellKind.Text;
    }

    public CellStyle StyleOf(int index) =>
        IsText ? CellStyle.None : Styles[index] < StyleTable.Count ? StyleTable[Styles[index]] : CellStyle.General;

    public int SuperscriptStart(int index) => Superscripts is { } map
        && (Flags[index] & CellFlags.InArena) == CellFlags.None
        && map.TryGetValue(Start[index], out var at) ? at : -1;

    public (int First, int End) Range(int row) => (_rowFirst[row], _rowFirst[row + 1]);

    public int NumberOf(int row) => _rowNumber[row];

    public int LineOf(int record) => record >= 1 && record <= RowCount ? _rowNumber[record - 1] : RowCount == 1
        ? _rowNumber[0] : 0;

    public (int Start, int End) Extent(int row) => (_extent[row * 2], _extent[(row * 2) + 1]);

    /// <summary>
    /// The grammar of a JSON number: -?digits[.digits][e±digits], no superfluous leading zero; finite as a double.
    /// </summary>
    internal static bool IsPlainNumber(ReadOnlySpan<byte> text)
    {
        var at = text is [(byte)'-', ..] ? 1 : 0;
        var whole = Digits(text, at);
        if (whole == 0 || text.Length > 400 || (whole > 1 && text[at] == (byte)'0'))
        {
            return false;
        }

        at += whole;
        if (at < text.Length && text[at] == (byte)'.')
        {
            var fraction = Digits(text, at + 1);
            if (fraction == 0)
            {
                return false;
            }

            at += fraction + 1;
        }

        var plain = at;
        if (at < text.Length && (text[at] | 0x20) == 'e')
        {
            at += at + 1 < text.Length && text[at + 1] is (byte)'+' or (byte)'-' ? 2 : 1;
            var exponent = Digits(text, at);
            if (exponent == 0)
            {
                return false;
            }

            at += exponent;
        }

        return at == text.Length
            && ((plain == at && whole < 300) || (Utf8Parser.TryParse(text, out double value, out _)
                && double.IsFinite(value)));
    }

    private static int Digits(ReadOnlySpan<byte> text, int at)
    {
        var from = at;
        while (at < text.Length && text[at] is >= (byte)'0' and <= (byte)'9')
        {
            at++;
        }

        return at - from;
    }

    private void Grow()
    {
        var size = Math.Min(Limits.MaxCells, Start.Length * 2);
        (Start, Length, Flags) = (Resize(Start, size), Resize(Length, size), Resize(Flags, size));
        if (!IsText)
        {
            (Columns, Styles) = (Resize(Columns, size), Resize(Styles, size));
        }
    }

    private static T[] Resize<T>(T[] array, int size)
    {
        Array.Resize(ref array, size);
        return array;
    }
}
