namespace Waymark.Formats.Workbooks;

/// <summary>Number formats and indents of a workbook's cell styles (ECMA-376 part 1, 18.8).</summary>
internal static class StyleReader
{
    public static IReadOnlyList<CellStyle> Read(Stream? stream, string place, ReadLimits limits)
    {
        var styles = new List<CellStyle>();
        if (stream is null)
        {
            return styles;
        }

        var formats = new Dictionary<int, string>();
        using var xml = new XmlCursor(stream, place, limits);
        var (inCells, format, indent) = (false, 0, 0);
        while (xml.Read())
        {
            if (xml.IsStart("numFmt"u8))
            {
                formats[xml.IntAttribute("numFmtId"u8, -1)] = xml.Attribute("formatCode"u8);
            }
            else if (xml.IsStart("cellXfs"u8))
            {
                inCells = !xml.IsEmpty;
            }
            else if (xml.IsEnd("cellXfs"u8))
            {
                inCells = false;
            }
            else if (inCells && xml.IsStart("xf"u8))
            {
                (format, indent) = (xml.IntAttribute("numFmtId"u8, 0), 0);
                if (xml.IsEmpty)
                {
                    styles.Add(Style(format, formats.GetValueOrDefault(format), 0));
                }
            }
            else if (inCells && xml.IsStart("alignment"u8))
            {
                indent = Math.Clamp(xml.IntAttribute("indent"u8, 0), 0, 255);
            }
            else if (inCells && xml.IsEnd("xf"u8))
            {
                styles.Add(Style(format, formats.GetValueOrDefault(format), indent));
            }

            if (styles.Count > ushort.MaxValue)
            {
                throw new UnreadableException(Faults.TooLarge(place, "styles", ushort.MaxValue));
            }
        }

        return styles;
    }

    /// <summary>A style from a format number and, when the workbook defines it, its code.</summary>
    public static CellStyle Style(int id, string? code, int indent)
    {
        code ??= BuiltIn(id);
        return new(code, indent, id is (>= 14 and <= 22) or (>= 27 and <= 36) or (>= 45 and <= 47) or (>= 50 and <= 58)
            || IsDateCode(code));
    }

    /// <summary>
    /// A format shows a date when a letter of year, month, day, hour or second stands outside quotes, escapes and
    /// brackets ([h] counts elapsed hours and is a duration, still a time).
    /// </summary>
    public static bool IsDateCode(string code)
    {
        if (code.Length == 0 || code.Equals("General", StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        for (var i = 0; i < code.Length && code[i] != ';'; i++)
        {
            switch (code[i])
            {
                case '"':
                    i = code.IndexOf('"', i + 1);
                    break;
                case '[' when i + 1 < code.Length && (code[i + 1] | 0x20) is not ('h' or 'm' or 's'):
                    i = code.IndexOf(']', i + 1);
                    break;
                case '\\' or '_' or '*':
                    i++;
                    break;
                case 'G' when code.AsSpan(i).StartsWith("General", StringComparison.OrdinalIgnoreCase):
                    i += 6;
                    break;
                case 'y' or 'Y' or 'm' or 'M' or 'd' or 'D' or 'h' or 'H' or 's' or 'S':
                    return true;
                default:
                    break;
            }

            if (i < 0)
            {
                return false;
            }
        }

        return false;
    }

    private static string BuiltIn(int id) => id switch
    {
        1 => "0",
        2 => "0.00",
        3 => "#,##0",
        4 => "#,##0.00",
        9 => "0%",
        10 => "0.00%",
        11 => "0.00E+00",
        12 => "# ?/?",
        13 => "# ??/??",
        14 => "mm-dd-yy",
        15 => "d-mmm-yy",
        16 => "d-mmm",
        17 => "mmm-yy",
        18 => "h:mm AM/PM",
        19 => "h:mm:ss AM/PM",
        20 => "h:mm",
        21 => "h:mm:ss",
        22 => "m/d/yy h:mm",
        37 => "#,##0 ;(#,##0)",
        38 => "#,##0 ;[Red](#,##0)",
        39 => "#,##0.00;(#,##0.00)",
        40 => "#,##0.00;[Red](#,##0.00)",
        45 => "mm:ss",
        46 => "[h]:mm:ss",
        47 => "mmss.0",
        48 => "##0.0E+0",
        49 => "@",
        _ => "General",
    };
}
