using System.IO.Compression;
using System.Text;

namespace Waymark.Formats.Tests;

/// <summary>Small files of our own, for tests that must run without the data folder.</summary>
internal static class Fixtures
{
    private const string Main = "xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"";

    public static IEnumerable<(string Name, byte[] Bytes)> All =>
    [
        ("own.csv", Encoding.UTF8.GetBytes("area,origin,2019,2020\r\nDEU,SYR,\"1,000\",..\r\n\"Côte d'Ivoire\",小,3,*\r\n")),
        ("own.xlsx", Xlsx("<row r=\"1\"><c r=\"A1\" t=\"s\"><v>0</v></c><c r=\"B1\"><v>3.5998120638581024</v></c></row>")),
        ("own.json", Encoding.UTF8.GetBytes("[{\"a\":1.50,\"b\":\"x\"},{\"b\":null,\"c\":true}]")),
        ("own.ods", Ods("<table:table table:name=\"T\"><table:table-row table:number-rows-repeated=\"2\"><table:table-cell office:value-type=\"float\" office:value=\"1.50\" table:number-columns-repeated=\"3\"><text:p>1,5</text:p></table:table-cell></table:table-row></table:table>")),
    ];

    /// <summary>
    /// A workbook of one sheet with the given rows, shared strings "text" and "Label2" (2 in superscript), and a date
    /// style.
    /// </summary>
    public static byte[] Xlsx(string rows, string after = "", string workbook = "",
        params (string Path, string Content)[] more) => Zip(
    [
        ("[Content_Types].xml", "<Types/>"),
        ("_rels/.rels", "<Relationships><Relationship Id=\"r1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"),
        ("xl/workbook.xml", workbook.Length > 0 ? workbook
            : $"<workbook {Main} xmlns:r=\"r\"><sheets><sheet name=\"One\" sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>"),
        ("xl/_rels/workbook.xml.rels", "<Relationships><Relationship Id=\"rId1\" Type=\"x/worksheet\" Target=\"worksheets/sheet1.xml\"/><Relationship Id=\"rId2\" Type=\"x/sharedStrings\" Target=\"/xl/sharedStrings.xml\"/><Relationship Id=\"rId3\" Type=\"x/styles\" Target=\"styles.xml\"/><Relationship Id=\"rId4\" Type=\"x/externalLink\" TargetMode=\"External\" Target=\"http://example.org/x\"/></Relationships>"),
        ("xl/sharedStrings.xml", $"<sst {Main}><si><t>text</t></si><si><r><t>Label</t></r><r><rPr><vertAlign val=\"superscript\"/></rPr><t>2</t></r></si></sst>"),
        ("xl/styles.xml", $"<styleSheet {Main}><numFmts><numFmt numFmtId=\"164\" formatCode=\"yyyy\\-mm\\-dd\"/></numFmts><cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"164\"/><xf numFmtId=\"3\"><alignment indent=\"2\"/></xf></cellXfs></styleSheet>"),
        ("xl/worksheets/sheet1.xml", $"<?xml version=\"1.0\"?><worksheet {Main}><sheetData>{rows}</sheetData>{after}</worksheet>"),
        .. more,
    ]);

    public static byte[] Ods(string tables, string styles = "") => Zip(
    [
        ("mimetype", "application/vnd.oasis.opendocument.spreadsheet"),
        ("content.xml", $"<?xml version=\"1.0\"?><office:document-content xmlns:office=\"o\" xmlns:table=\"t\" xmlns:text=\"x\" xmlns:style=\"s\"><office:automatic-styles>{styles}</office:automatic-styles><office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body></office:document-content>"),
    ]);

    public static byte[] Zip(params (string Path, string Content)[] members)
    {
        using var memory = new MemoryStream();
        using (var package = new ZipArchive(memory, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (path, content) in members)
            {
                using var writer = package.CreateEntry(path).Open();
                writer.Write(Encoding.UTF8.GetBytes(content));
            }
        }

        return memory.ToArray();
    }

    public static byte[] Gzip(byte[] bytes)
    {
        using var memory = new MemoryStream();
        using (var packer = new GZipStream(memory, CompressionLevel.Optimal))
        {
            packer.Write(bytes);
        }

        return memory.ToArray();
    }
}
