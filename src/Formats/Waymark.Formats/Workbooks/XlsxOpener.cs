using System.Text;

namespace Waymark.Formats.Workbooks;

/// <summary>
/// Reads the list of sheets of an Office Open XML workbook (ECMA-376 part 1, 18.2), transitional or strict.
/// </summary>
internal static class XlsxOpener
{
    public static Opened Open(ZipPackage package, string name, ReadLimits limits)
    {
        var main = Relations(package, "", name, limits).Values
            .FirstOrDefault(static relation => relation.Type.EndsWith("/officeDocument",
                StringComparison.Ordinal)).Target ?? "xl/workbook.xml";
        using var stream = package.OpenPart(main)
            ?? throw new UnreadableException(Faults.Unsupported(name, "a package without a workbook", "不含工作簿的压缩包"));
        var book = new XlsxBook(package, name, limits);
        var listed = new List<(string Name, string Id, SheetVisibility Visibility)>();
        using (var xml = new XmlCursor(stream, $"{name}/{main}", limits))
        {
            while (xml.Read())
            {
                if (xml.IsStart("workbookPr"u8))
                {
                    book.Date1904 = xml["date1904"u8] is [(byte)'1'] || xml["date1904"u8].SequenceEqual("true"u8);
                }
                else if (xml.IsStart("document"u8))
                {
                    throw new UnreadableException(Faults.Unsupported(name, "a text document", "文字处理文档"));
                }
                else if (xml.IsStart("sheet"u8))
                {
                    listed.Add((xml.Attribute("name"u8), xml.Attribute("id"u8), Visibility(xml["state"u8])));
                    if (listed.Count > limits.MaxSheets)
                    {
                        throw new UnreadableException(Faults.TooLarge(name, "sheets", limits.MaxSheets));
                    }
                }
            }
        }

        if (listed.Count == 0)
        {
            throw new UnreadableException(Faults.Damaged(name, "the workbook lists no sheets", "工作簿中没有工作表"));
        }

        var relations = Relations(package, main, name, limits);
        book.SharedPath = relations.Values.FirstOrDefault(static relation =>
            relation.Type.EndsWith("/sharedStrings", StringComparison.Ordinal)).Target;
        book.StylesPath = relations.Values.FirstOrDefault(static relation =>
            relation.Type.EndsWith("/styles", StringComparison.Ordinal)).Target;
        var sheets = new List<Sheet>();
        foreach (var (sheetName, id, visibility) in listed)
        {
            var relation = relations.GetValueOrDefault(id);
            if (relation.Type?.EndsWith("/worksheet", StringComparison.Ordinal) == false)
            {
                continue; // chart and dialogue sheets hold no cells
            }

            var place = $"{name}/{sheetName}";
            sheets.Add(new(sheetName, sheets.Count, visibility, place, () => book.NewStore(place),
                cancellation => new XlsxRows(book, relation.Target, place, cancellation)));
        }

        return new(FileFormat.Xlsx, sheets, null, PackageOpener.Notes(package, name));
    }

    private static SheetVisibility Visibility(ReadOnlySpan<byte> state) =>
        state.SequenceEqual("hidden"u8) ? SheetVisibility.Hidden
        : state.SequenceEqual("veryHidden"u8) ? SheetVisibility.VeryHidden : SheetVisibility.Visible;

    /// <summary>
    /// Relationships of a part by id, targets as member paths; external ones are left out and never followed.
    /// </summary>
    private static Dictionary<string, (string Type, string Target)> Relations(ZipPackage package, string part,
        string name, ReadLimits limits)
    {
        var slash = part.LastIndexOf('/');
        var folder = slash < 0 ? "" : part[..(slash + 1)];
        var path = $"{folder}_rels/{part[(slash + 1)..]}.rels";
        var relations = new Dictionary<string, (string, string)>(StringComparer.Ordinal);
        using var stream = package.OpenPart(path);
        if (stream is null)
        {
            return relations;
        }

        using var xml = new XmlCursor(stream, $"{name}/{path}", limits);
        while (xml.Read())
        {
            if (xml.IsStart("Relationship"u8) && !xml["TargetMode"u8].SequenceEqual("External"u8))
            {
                relations[xml.Attribute("Id"u8)] = (xml.Attribute("Type"u8),
                    Resolve(folder, xml.Attribute("Target"u8)));
            }
        }

        return relations;
    }

    private static string Resolve(string folder, string target)
    {
        if (target.StartsWith('/'))
        {
            return target[1..];
        }

        var parts = new List<string>(folder.Split('/', StringSplitOptions.RemoveEmptyEntries));
        foreach (var step in target.Split('/'))
        {
            if (step == ".." && parts.Count > 0)
            {
                parts.RemoveAt(parts.Count - 1);
            }
            else if (step is not "." and not "..")
            {
                parts.Add(step);
            }
        }

        return string.Join('/', parts);
    }
}

/// <summary>What the sheets of one workbook share; strings and styles are read when the first sheet is.</summary>
internal sealed class XlsxBook(ZipPackage package, string name, ReadLimits limits)
{
    private readonly Lock _gate = new();
    private SharedStrings? _strings;
    private IReadOnlyList<CellStyle>? _styles;

    public bool Date1904 { get; set; }

    public string? SharedPath { get; set; }

    public string? StylesPath { get; set; }

    public ReadLimits Limits { get; } = limits;

    public SharedStrings Strings
    {
        get
        {
            lock (_gate)
            {
                return _strings ??= SharedStrings.Read(Part(SharedPath), $"{name}/{SharedPath}", Limits);
            }
        }
    }

    public IReadOnlyList<CellStyle> Styles
    {
        get
        {
            lock (_gate)
            {
                return _styles ??= StyleReader.Read(Part(StylesPath), $"{name}/{StylesPath}", Limits);
            }
        }
    }

    public Stream? Part(string? path) => path is null ? null : package.OpenPart(path);

    public CellStore NewStore(string place) => new(Limits, isText: false, place)
    {
        Source = Strings.Bytes, Superscripts = Strings.Superscripts, StyleTable = Styles, Date1904 = Date1904,
    };
}

/// <summary>
/// The shared strings of a workbook as one block of UTF-8 (ECMA-376 part 1, 18.4); phonetic hints are left out.
/// </summary>
internal sealed class SharedStrings
{
    private readonly List<(int Start, int Length)> _items = [];
    private byte[] _bytes = [];
    private int _length;

    public byte[] Bytes => _bytes;

    public int Count => _items.Count;

    public Dictionary<int, int> Superscripts { get; } = [];

    public (int Start, int Length) this[int index] => _items[index];

    public static SharedStrings Read(Stream? stream, string place, ReadLimits limits)
    {
        var strings = new SharedStrings();
        if (stream is null)
        {
            return strings;
        }

        using var xml = new XmlCursor(stream, place, limits);
        while (xml.Read())
        {
            if (!xml.IsStart("si"u8))
            {
                continue;
            }

            var start = strings._length;
            if (!xml.IsEmpty)
            {
                strings.ReadItem(xml, start, limits);
            }

            strings._items.Add((start, strings._length - start));
        }

        return strings;
    }

    private void ReadItem(XmlCursor xml, int start, ReadLimits limits)
    {
        var depth = xml.Depth;
        var superscript = false;
        while (xml.Read() && !(xml.Token == XmlToken.End && xml.Depth < depth))
        {
            if (xml.IsStart("rPh"u8))
            {
                xml.Skip();
            }
            else if (xml.IsStart("r"u8))
            {
                superscript = false;
            }
            else if (xml.IsStart("vertAlign"u8))
            {
                superscript = xml["val"u8].SequenceEqual("superscript"u8);
            }
            else if (xml.IsStart("t"u8) && !xml.IsEmpty)
            {
                var from = _length;
                while (xml.Read() && xml.Token == XmlToken.Text)
                {
                    Append(XlsxText.Unescape(xml.Text), start, limits, xml);
                }

                if (!superscript)
                {
                    Superscripts.Remove(start);
                }
                else if (from > start)
                {
                    Superscripts.TryAdd(start, from - start);
                }
            }
        }
    }

    private void Append(ReadOnlySpan<byte> text, int start, ReadLimits limits, XmlCursor xml)
    {
        if (_length - start + text.Length > limits.MaxCellBytes || _length + (long)text.Length > Array.MaxLength)
        {
            throw xml.Fail("a shared string is too long", "共享字符串过长");
        }

        if (_length + text.Length > _bytes.Length)
        {
            Array.Resize(ref _bytes, Math.Max(_length + text.Length,
                Math.Max(4096, (int)Math.Min(Array.MaxLength, _bytes.Length * 2L))));
        }

        text.CopyTo(_bytes.AsSpan(_length));
        _length += text.Length;
    }
}

internal static class XlsxText
{
    /// <summary>Resolves _xHHHH_, by which workbooks write control characters (ECMA-376 part 1, 22.9.2.19).</summary>
    public static ReadOnlySpan<byte> Unescape(ReadOnlySpan<byte> text)
    {
        if (text.IndexOf("_x"u8) < 0)
        {
            return text;
        }

        var result = new byte[text.Length];
        var written = 0;
        for (var i = 0; i < text.Length;)
        {
            if (text.Length - i >= 7 && text[i] == '_' && text[i + 1] == 'x' && text[i + 6] == '_'
                && System.Buffers.Text.Utf8Parser.TryParse(text.Slice(i + 2, 4), out ushort code, out var used, 'x')
                    && used == 4
                && Rune.TryCreate((char)code, out var rune))
            {
                written += rune.EncodeToUtf8(result.AsSpan(written));
                i += 7;
            }
            else
            {
                result[written++] = text[i++];
            }
        }

        return result.AsSpan(0, written);
    }
}
