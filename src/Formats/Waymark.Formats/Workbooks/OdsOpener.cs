using System.Text;

namespace Waymark.Formats.Workbooks;

/// <summary>Reads the list of tables of an OpenDocument spreadsheet (ODF 1.3 part 3, 9).</summary>
internal static class OdsOpener
{
    public static Opened Open(ZipPackage package, string name, ReadLimits limits)
    {
        RefuseProtected(package, name, limits);
        var hiddenStyles = new HashSet<string>(StringComparer.Ordinal);
        var tables = new List<(string Name, bool Hidden)>();
        var isSpreadsheet = false;
        using (var xml = new XmlCursor(package.OpenPart("content.xml")!, $"{name}/content.xml", limits))
        {
            var style = "";
            while (xml.Read())
            {
                if (xml.Token != XmlToken.Start)
                {
                    continue;
                }

                if (xml.Is("style"u8))
                {
                    style = xml.Attribute("name"u8);
                }
                else if (xml.Is("table-properties"u8) && xml["display"u8].SequenceEqual("false"u8))
                {
                    hiddenStyles.Add(style);
                }
                else if (xml.Is("spreadsheet"u8))
                {
                    isSpreadsheet = true;
                }
                else if (xml.Is("table"u8) && isSpreadsheet)
                {
                    tables.Add((xml.Attribute("name"u8), hiddenStyles.Contains(xml.Attribute("style-name"u8))));
                    xml.Skip();
                }

                if (tables.Count > limits.MaxSheets)
                {
                    throw new UnreadableException(Faults.TooLarge(name, "sheets", limits.MaxSheets));
                }
            }
        }

        if (!isSpreadsheet)
        {
            throw new UnreadableException(Faults.Unsupported(name, "an OpenDocument file without a spreadsheet",
                "不含电子表格的 OpenDocument 文件"));
        }

        var sheets = tables.Select((table, index) =>
        {
            var place = $"{name}/{table.Name}";
            return new Sheet(table.Name, index, table.Hidden ? SheetVisibility.Hidden : SheetVisibility.Visible, place,
                () => new CellStore(limits, isText: false, place),
                cancellation => new OdsRows(package, index, place, limits, cancellation));
        }).ToList();
        return new(FileFormat.Ods, sheets, null, []);
    }

    private static void RefuseProtected(ZipPackage package, string name, ReadLimits limits)
    {
        using var manifest = package.OpenPart("META-INF/manifest.xml");
        if (manifest is null)
        {
            return;
        }

        using var xml = new XmlCursor(manifest, $"{name}/META-INF/manifest.xml", limits);
        while (xml.Read())
        {
            if (xml.IsStart("encryption-data"u8))
            {
                throw new UnreadableException(Faults.Protected(name));
            }
        }
    }
}
