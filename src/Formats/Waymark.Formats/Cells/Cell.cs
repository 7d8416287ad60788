using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace Waymark.Formats;

/// <summary>
/// What a cell holds. In delimited text only Blank, Text and Number occur, judged by the characters alone.
/// </summary>
public enum CellKind : byte
{
    Blank,
    Text,

    /// <summary>
    /// A number as stored; in text only a plain decimal without leading zeros, quoted or not ("012" is a code, hence
    /// Text).
    /// </summary>
    Number,
    Boolean,

    /// <summary>A stored date: a serial number under a date format, or an ISO text.</summary>
    Date,

    /// <summary>A stored error value such as #N/A or #REF!.</summary>
    Error,
}

/// <summary>
/// One cell, a view into its <see cref="Grid"/> (or into the current row of a <see cref="RowReader"/>, where it is
/// valid until the next read). <see cref="Utf8"/> is the source text exactly as stored; nothing is trimmed or rounded.
/// </summary>
public readonly struct Cell
{
    private readonly CellStore? _store;
    private readonly int _index;

    internal Cell(CellStore? store, int index, int row, int column) =>
        (_store, _index, Row, Column) = (store, index, row, column);

    /// <summary>Row counted from 1: the sheet's row number, or in text the number of the record.</summary>
    public int Row { get; }

    /// <summary>Column counted from 1.</summary>
    public int Column { get; }

    public CellKind Kind => _store is null ? CellKind.Blank : _store.KindOf(_index);

    public bool IsBlank => Kind == CellKind.Blank;

    /// <summary>True when the value is the stored result of a formula; formulas are never computed here.</summary>
    public bool IsFormula => _store is not null && (_store.Flags[_index] & CellFlags.Formula) != CellFlags.None;

    /// <summary>True when a text field stood in quotation marks.</summary>
    public bool IsQuoted => _store is not null && (_store.Flags[_index] & CellFlags.Quoted) != CellFlags.None;

    /// <summary>
    /// The stored text in UTF-8: "15762457", "3.5998120638581024", "TRUE", the serial number of a date.
    /// </summary>
    public ReadOnlySpan<byte> Utf8 => _store is null ? default : _store.Utf8(_index);

    public string Text => Encoding.UTF8.GetString(Utf8);

    /// <summary>
    /// The spreadsheet's number format ("#,##0", "0.0%"); "General" when none is given, empty in text.
    /// </summary>
    public string NumberFormat => Style.NumberFormat;

    /// <summary>Indent steps of the cell's style; blanks at the start of the text are kept in the text.</summary>
    public int Indent => Style.Indent;

    /// <summary>
    /// Where a superscript at the end of a rich text begins, in bytes of <see cref="Utf8"/>; -1 when there is none.
    /// This is how a footnote sign glued to a label can be told from the label.
    /// </summary>
    public int SuperscriptStart => _store is null ? -1 : _store.SuperscriptStart(_index);

    /// <summary>"B12" in a workbook, "line:field" in text.</summary>
    public string Address => _store is { IsText: true } text
        ? string.Create(CultureInfo.InvariantCulture, $"{text.LineOf(Row)}:{Column}")
        : CellAddress.Name(Row, Column);

    private CellStyle Style => _store is null ? CellStyle.None : _store.StyleOf(_index);

    /// <summary>The number when <see cref="Kind"/> is Number or Date (then the serial).</summary>
    public bool TryGetNumber(out double value)
    {
        value = 0;
        return Kind is CellKind.Number or CellKind.Date
            && Utf8Parser.TryParse(Utf8, out value, out var used) && used == Utf8.Length && double.IsFinite(value);
    }

    /// <summary>The number as a decimal, exact as written; false when it does not fit 28 digits.</summary>
    public bool TryGetDecimal(out decimal value)
    {
        value = 0;
        return Kind is CellKind.Number && decimal.TryParse(Utf8,
            NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent,
            CultureInfo.InvariantCulture, out value);
    }

    /// <summary>The date of a Date cell, by the workbook's own epoch (1900 or 1904).</summary>
    public bool TryGetDate(out DateTime value)
    {
        value = default;
        if (Kind != CellKind.Date)
        {
            return false;
        }

        return TryGetNumber(out var serial)
            ? CellStyle.TryDate(serial, _store!.Date1904, out value)
            : DateTime.TryParse(Text, CultureInfo.InvariantCulture,
                DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out value);
    }

    public override string ToString() => $"{Address}={Text}";
}

/// <summary>How a workbook shows a cell; only what carries meaning in statistics.</summary>
internal sealed record CellStyle(string NumberFormat, int Indent, bool IsDate)
{
    public static CellStyle None { get; } = new("", 0, false);

    public static CellStyle General { get; } = new("General", 0, false);

    /// <summary>
    /// Serial 60 is the 29 February 1900 that never was; days before it count one less (ECMA-376 18.17.4.1).
    /// </summary>
    public static bool TryDate(double serial, bool date1904, out DateTime value)
    {
        value = default;
        if (serial is < 0 or >= 2_958_466)
        {
            return false;
        }

        var days = date1904 ? serial + 1462 : serial < 60 ? serial + 1 : serial;
        value = new DateTime(1899, 12, 30, 0, 0, 0,
            DateTimeKind.Unspecified).AddTicks((long)Math.Round(days * 86_400_000) * TimeSpan.TicksPerMillisecond);
        return true;
    }
}

/// <summary>Names of cells as spreadsheets write them.</summary>
public static class CellAddress
{
    /// <summary>(12, 2) is "B12".</summary>
    public static string Name(int row, int column) =>
        string.Create(CultureInfo.InvariantCulture, $"{Letters(column)}{row}");

    /// <summary>1 is "A", 27 is "AA".</summary>
    public static string Letters(int column)
    {
        Span<char> letters = stackalloc char[8];
        var at = letters.Length;
        for (var left = column; left > 0; left = (left - 1) / 26)
        {
            letters[--at] = (char)('A' + ((left - 1) % 26));
        }

        return letters[at..].ToString();
    }

    /// <summary>Reads "B12", "$B$12"; false for anything else.</summary>
    public static bool TryParse(ReadOnlySpan<byte> name, out int row, out int column)
    {
        (row, column) = (0, 0);
        var i = 0;
        for (; i < name.Length && (name[i] | 0x20) is >= 'a' and <= 'z' || i < name.Length && name[i] == '$'; i++)
        {
            column = name[i] == '$' ? column : (column * 26) + ((name[i] | 0x20) - 'a' + 1);
            if (column > 1 << 20)
            {
                return false;
            }
        }

        return column > 0 && Utf8Parser.TryParse(name[i..], out row, out var used) && used == name.Length - i
            && row > 0;
    }
}
