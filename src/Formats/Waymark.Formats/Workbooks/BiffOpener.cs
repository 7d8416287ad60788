using System.Buffers.Binary;
using System.Text;
using Waymark.Model;

namespace Waymark.Formats.Workbooks;

/// <summary>
/// Reads the globals of a binary workbook (MS-XLS, BIFF8; BIFF5 with Windows-1252 texts): sheets, strings, formats.
/// </summary>
internal static class BiffOpener
{
    public static Opened Open(ReadOnlyMemory<byte> content, string name, ReadLimits limits)
    {
        var file = new CompoundFile(content, name);
        if (file.Has("EncryptedPackage"))
        {
            throw new UnreadableException(Faults.Protected(name));
        }

        var stream = file.Read("Workbook") ?? file.Read("Book")
            ?? throw new UnreadableException(Faults.Unsupported(name, "a document of another kind", "其他类型的文档"));
        var book = new BiffBook(stream);
        var sheets = new List<Sheet>();
        ReadGlobals(book, name, limits, sheets);
        return sheets.Count == 0
            ? throw new UnreadableException(Faults.Damaged(name, "the workbook lists no sheets", "工作簿中没有工作表"))
            : new(FileFormat.Xls, sheets, null, file.Has("VBA") || file.Has("_VBA_PROJECT")
                ? [Error.Faulty("workbook.macros", "The workbook holds macros; they are ignored.", "工作簿含宏，已忽略。", name)]
                    : []);
    }

    private static void ReadGlobals(BiffBook book, string name, ReadLimits limits, List<Sheet> sheets)
    {
        var records = new BiffRecords(book.Stream, 0, name);
        if (!records.Read() || records.Type != 0x809 || records.UInt16(0) is not (0x500 or 0x600))
        {
            throw new UnreadableException(Faults.Unsupported(name, "a workbook of Excel 2 to 4", "Excel 2 至 4 的工作簿"));
        }

        book.IsBiff8 = records.UInt16(0) == 0x600;
        var formats = new Dictionary<int, string>();
        var cells = new List<(int Format, int Indent)>();
        while (records.Read() && records.Type != 0x0A)
        {
            switch (records.Type)
            {
                case 0x2F:
                    throw new UnreadableException(Faults.Protected(name));
                case 0x22:
                    book.Date1904 = records.UInt16(0) == 1;
                    break;
                case 0x85:
                    AddSheet(ref records, book, name, limits, sheets);
                    break;
                case 0xFC:
                    ReadStrings(ref records, book, limits);
                    break;
                case 0x41E:
                    var at = 2;
                    formats[records.UInt16(0)] = records.String(ref at, !book.IsBiff8, book.IsBiff8);
                    break;
                case 0xE0:
                    cells.Add((records.UInt16(2), book.IsBiff8 && records.Data.Length > 8 ? records.Byte(8) & 15 : 0));
                    break;
                default:
                    break;
            }
        }

        book.Styles = [.. cells.Select(cell => StyleReader.Style(cell.Format, formats.GetValueOrDefault(cell.Format),
            cell.Indent))];
    }

    private static void AddSheet(ref BiffRecords records, BiffBook book, string name, ReadLimits limits,
        List<Sheet> sheets)
    {
        var (offset, visibility, type) = (records.UInt32(0), records.Byte(4) & 3, records.Byte(5));
        var at = 6;
        var sheetName = records.String(ref at, true, book.IsBiff8);
        if (type != 0)
        {
            return; // charts and macro sheets hold no table
        }

        if (sheets.Count >= limits.MaxSheets)
        {
            throw new UnreadableException(Faults.TooLarge(name, "sheets", limits.MaxSheets));
        }

        var place = $"{name}/{sheetName}";
        sheets.Add(new(sheetName, sheets.Count, visibility switch { 1 => SheetVisibility.Hidden, 2 =>
            SheetVisibility.VeryHidden, _ => SheetVisibility.Visible },
            place, () => new CellStore(limits, isText: false, place) { Source = book.Strings, StyleTable = book.Styles,
                Date1904 = book.Date1904 },
            cancellation => new BiffRows(book, offset, place, limits, cancellation)));
    }

    private static void ReadStrings(ref BiffRecords records, BiffBook book, ReadLimits limits)
    {
        var count = records.UInt32(4);
        var at = 8;
        using var bytes = new MemoryStream();
        for (var i = 0u; i < count; i++)
        {
            if (at >= records.Data.Length)
            {
                if (!records.Continue())
                {
                    break; // some writers state more strings than they write
                }

                at = 0;
            }

            var text = Encoding.UTF8.GetBytes(records.String(ref at, false, book.IsBiff8));
            if (text.Length > limits.MaxCellBytes)
            {
                throw records.Damaged();
            }

            book.Items.Add(((int)bytes.Length, text.Length));
            bytes.Write(text);
        }

        book.Strings = bytes.ToArray();
    }
}

/// <summary>What the sheets of one binary workbook share.</summary>
internal sealed class BiffBook(byte[] stream)
{
    public byte[] Stream { get; } = stream;

    public bool IsBiff8 { get; set; }

    public bool Date1904 { get; set; }

    public byte[] Strings { get; set; } = [];

    public List<(int Start, int Length)> Items { get; } = [];

    public IReadOnlyList<CellStyle> Styles { get; set; } = [];

    /// <summary>An RK number: 30 bits of an integer or of a double, perhaps times a hundred (MS-XLS 2.5.217).</summary>
    public static double Rk(uint value)
    {
        var number = (value & 2) != 0 ? (int)value >> 2
            : BitConverter.UInt64BitsToDouble((ulong)(value & 0xFFFFFFFC) << 32);
        return (value & 1) != 0 ? number / 100 : number;
    }

    /// <summary>The texts of stored error values.</summary>
    public static string ErrorText(byte code) => code switch
    {
        0x00 => "#NULL!",
        0x07 => "#DIV/0!",
        0x0F => "#VALUE!",
        0x17 => "#REF!",
        0x1D => "#NAME?",
        0x24 => "#NUM!",
        0x2A => "#N/A",
        _ => "#ERR!",
    };
}
