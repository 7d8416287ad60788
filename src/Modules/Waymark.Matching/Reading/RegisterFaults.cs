using System.Globalization;
using Waymark.Model;

namespace Waymark.Matching;

/// <summary>What can be wrong with a file of persons, with place and next step. No value of a person stands in a message.</summary>
internal static class RegisterFaults
{
    public static Error Unreadable(string file) =>
        Error.NotFound("matching.unreadable", "The file cannot be opened.", "文件无法打开。", file);

    public static Error NoHeader(string file) =>
        Error.NotFound("matching.no-header", "The file is empty: it has no header line.", "文件为空，没有表头行。", file);

    public static Error NoIdColumn(string file, string column, IEnumerable<string> columns) =>
        Error.Invalid("matching.no-id-column", $"There is no column \"{column}\".", $"没有列“{column}”。", file)
            .WithHint($"Columns: {string.Join(", ", columns)}.", $"现有列：{string.Join("、", columns)}。");

    public static Error NotAnId(string file, string column, int repeated, int rows) =>
        Error.Invalid("matching.id-repeats",
            Text($"Column \"{column}\" does not name records: {repeated} of {rows} rows repeat a value or have none."),
            Text($"列“{column}”不能标识记录：{rows} 行中有 {repeated} 行取值重复或为空。"), file)
            .WithHint("Name a column in which every row has its own value: --id COLUMN.", "请用 --id 指定每行取值唯一的列。");

    public static Error UnknownEncoding(string file, int line) =>
        Error.NotFound("matching.encoding", "The text is neither UTF-8, UTF-16 nor Windows-1252.", "文本既不是 UTF-8、UTF-16，也不是 Windows-1252。",
            string.Create(CultureInfo.InvariantCulture, $"{file}:{line}"))
            .WithHint("Say how it is written, for example --encoding gb18030, windows-1251, windows-1256 or shift_jis.",
                "请说明编码，例如 --encoding gb18030、windows-1251、windows-1256 或 shift_jis。");

    public static Error ReadAsWindows(string file, int lines, int first) =>
        Error.Faulty("matching.windows-1252", Text($"{lines} lines are not UTF-8 and were read as Windows-1252, the first is line {first}."),
            Text($"有 {lines} 行不是 UTF-8，已按 Windows-1252 读取，首见于第 {first} 行。"), file);

    public static Error NoRows(string file) =>
        Error.Faulty("matching.no-rows", "The file has a header line and no rows.", "文件只有表头行，没有数据行。", file);

    public static Error EmptyColumn(string file, string column) =>
        Error.Faulty("matching.empty-column", $"Column \"{column}\" has no values and is not compared.", $"列“{column}”没有取值，不参与比较。", file);

    public static Error TwiceNamed(string file, string column) =>
        Error.Faulty("matching.column-twice", $"Two columns are called \"{column}\".", $"有两列都名为“{column}”。", file);

    public static Error AsideRows(string file, int aside, int rows) =>
        Error.Faulty("matching.rows-aside", Text($"{aside} of {rows} rows were kept aside and not linked."), Text($"{rows} 行中有 {aside} 行留存待查，未参与链接。"), file);

    public static KeptAside Width(int line, int fields, int width) =>
        new(line, "row.width", new(Text($"the row has {fields} fields, the header {width}"), Text($"该行有 {fields} 个字段，表头有 {width} 个")));

    public static KeptAside NoId(int line) => new(line, "row.no-id", new("the row has no id", "该行没有标识"));

    public static KeptAside IdTwice(int line, int other) =>
        new(line, "row.id-twice", new(Text($"the id stands already in line {other}"), Text($"该标识已出现在第 {other} 行")));

    public static KeptAside Bytes(int line) =>
        new(line, "row.encoding", new("the row is neither UTF-8 nor Windows-1252", "该行既不是 UTF-8 也不是 Windows-1252"));

    private static string Text(FormattableString text) => FormattableString.Invariant(text);
}
