using System.Globalization;
using System.Text;

namespace Waymark.Formats;

/// <summary>The parts of a workbook that say how the others hang together.</summary>
internal static class XlsxParts
{
    private const string Head = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>";
    private const string Main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    private const string Links = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    private const string Package = "http://schemas.openxmlformats.org/package/2006";

    public static string SheetHead { get; } = Head + $"<worksheet xmlns=\"{Main}\"><sheetViews><sheetView workbookViewId=\"0\">"
        + "<pane ySplit=\"1\" topLeftCell=\"A2\" activePane=\"bottomLeft\" state=\"frozen\"/></sheetView></sheetViews><sheetData>";

    /// <summary>Style 0 is plain, 1 the bold head, 2 a date in ISO order.</summary>
    public static string Styles { get; } = Head + $"<styleSheet xmlns=\"{Main}\">"
        + "<numFmts count=\"1\"><numFmt numFmtId=\"164\" formatCode=\"yyyy\\-mm\\-dd\"/></numFmts>"
        + "<fonts count=\"2\"><font/><font><b/></font></fonts><fills count=\"2\"><fill><patternFill patternType=\"none\"/></fill>"
        + "<fill><patternFill patternType=\"gray125\"/></fill></fills><borders count=\"1\"><border/></borders>"
        + "<cellStyleXfs count=\"1\"><xf numFmtId=\"0\" fontId=\"0\" fillId=\"0\" borderId=\"0\"/></cellStyleXfs><cellXfs count=\"3\">"
        + "<xf numFmtId=\"0\" fontId=\"0\" fillId=\"0\" borderId=\"0\" xfId=\"0\"/>"
        + "<xf numFmtId=\"0\" fontId=\"1\" fillId=\"0\" borderId=\"0\" xfId=\"0\" applyFont=\"1\"/>"
        + "<xf numFmtId=\"164\" fontId=\"0\" fillId=\"0\" borderId=\"0\" xfId=\"0\" applyNumberFormat=\"1\"/></cellXfs></styleSheet>";

    public static string Relations { get; } = Head + $"<Relationships xmlns=\"{Package}/relationships\">"
        + $"<Relationship Id=\"rId1\" Type=\"{Links}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>";

    public static string Workbook(int dataSheets, string language)
    {
        var (data, about) = language.StartsWith("zh", StringComparison.Ordinal) ? ("数据", "说明") : ("Data", "About");
        return Workbook([.. Enumerable.Range(1, dataSheets).Select(i => i == 1 ? data : FormattableString.Invariant($"{data} {i}")), about]);
    }

    public static string Workbook(IReadOnlyList<string> sheets)
    {
        var xml = new StringBuilder(Head).Append(CultureInfo.InvariantCulture,
            $"<workbook xmlns=\"{Main}\" xmlns:r=\"{Links}\"><sheets>");
        for (var i = 1; i <= sheets.Count; i++)
        {
            xml.Append(CultureInfo.InvariantCulture, $"<sheet name=\"{sheets[i - 1]}\" sheetId=\"{i}\" r:id=\"rId{i}\"/>");
        }

        return xml.Append("</sheets></workbook>").ToString();
    }

    public static string WorkbookRelations(int sheets)
    {
        var xml = new StringBuilder(Head).Append(CultureInfo.InvariantCulture,
            $"<Relationships xmlns=\"{Package}/relationships\">");
        for (var i = 1; i <= sheets; i++)
        {
            xml.Append(CultureInfo.InvariantCulture,
                $"<Relationship Id=\"rId{i}\" Type=\"{Links}/worksheet\" Target=\"worksheets/sheet{i}.xml\"/>");
        }

        return xml.Append(CultureInfo.InvariantCulture,
            $"<Relationship Id=\"rId{sheets + 1}\" Type=\"{Links}/styles\" Target=\"styles.xml\"/></Relationships>").ToString();
    }

    public static string ContentTypes(int sheets)
    {
        const string Prefix = "application/vnd.openxmlformats-officedocument.spreadsheetml";
        var xml = new StringBuilder(Head).Append(CultureInfo.InvariantCulture,
            $"<Types xmlns=\"{Package}/content-types\">")
            .Append("<Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>")
            .Append(CultureInfo.InvariantCulture, $"<Override PartName=\"/xl/workbook.xml\" ContentType=\"{Prefix}.sheet.main+xml\"/>")
            .Append(CultureInfo.InvariantCulture, $"<Override PartName=\"/xl/styles.xml\" ContentType=\"{Prefix}.styles+xml\"/>");
        for (var i = 1; i <= sheets; i++)
        {
            xml.Append(CultureInfo.InvariantCulture,
                $"<Override PartName=\"/xl/worksheets/sheet{i}.xml\" ContentType=\"{Prefix}.worksheet+xml\"/>");
        }

        return xml.Append("</Types>").ToString();
    }
}
