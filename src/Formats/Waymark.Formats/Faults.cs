using System.Globalization;
using Waymark.Model;

namespace Waymark.Formats;

/// <summary>The refusals of this library, each with a stable code, both languages, and the next step.</summary>
internal static class Faults
{
    public static Error Empty(string file) => Error.Invalid("format.empty",
        "The file is empty.", "文件为空。", file)
        .WithHint("Download it again from the publisher.", "请从发布方重新下载。");

    public static Error Unknown(string file) => Error.Invalid("format.unknown",
        "The content is none of the formats that can be read.", "内容不属于可读取的格式。", file)
        .WithHint("Readable: CSV and other delimited text, XLSX, XLS, ODS, JSON tables, each also as .gz.",
            "可读取：CSV 等分隔文本、XLSX、XLS、ODS、JSON 表格，以及它们的 .gz。");

    public static Error Unsupported(string file, string what, string whatZh) => Error.Invalid("format.unsupported",
        $"This is {what}, which is not read.", $"这是{whatZh}，不支持读取。", file)
        .WithHint("Save it as XLSX, ODS or CSV.", "请另存为 XLSX、ODS 或 CSV。");

    public static Error Protected(string file) => Error.Invalid("format.protected",
        "The file is protected by a password.", "文件受密码保护。", file)
        .WithHint("Ask the publisher for an open copy.", "请向发布方索取未加密的副本。");

    public static Error Damaged(string where, string en, string zh) => Error.Invalid("format.damaged",
        $"The file is damaged: {en}.", $"文件已损坏：{zh}。", where)
        .WithHint("Download it again and compare its length.", "请重新下载并核对文件大小。");

    public static Error TooLarge(string where, string limit, long value) => Error.TooLarge("limit." + limit,
        string.Create(CultureInfo.InvariantCulture, $"More than {value} {limit.Replace('-', ' ')}."),
        string.Create(CultureInfo.InvariantCulture, $"超过上限（{limit}）：{value}。"), where)
        .WithHint("Split the file, or raise the limit if the source is trusted.", "请拆分文件；来源可信时可提高上限。");

    public static Error Bomb(string where, int ratio) => Error.TooLarge("limit.ratio",
        string.Create(CultureInfo.InvariantCulture, $"It unpacks to more than {ratio} times its size."),
        string.Create(CultureInfo.InvariantCulture, $"解压后超过原大小的 {ratio} 倍。"), where)
        .WithHint("Such files are refused; unpack it by hand if the source is trusted.", "此类文件被拒绝；来源可信时请自行解压。");

    public static Error UnterminatedQuote(string where) => Error.Faulty("csv.unterminated-quote",
        "A quotation mark opens here and is never closed; it is read as an ordinary character.",
        "此处的引号没有闭合，按普通字符读取。", where)
        .WithHint("Compare this line with the publisher's file.", "请与发布方的文件核对此行。");

    public static Error TextAfterQuote(string where) => Error.Faulty("csv.text-after-quote",
        "Text follows a closing quotation mark; the field is kept as written.",
        "闭合引号之后还有文字，该字段按原文保留。", where)
        .WithHint("Compare this line with the publisher's file.", "请与发布方的文件核对此行。");

    public static Error NulBytes(string where) => Error.Faulty("text.nul",
        "The line holds NUL bytes; they are kept.", "该行含有 NUL 字节，已保留。", where)
        .WithHint("The file may have been damaged in transfer.", "文件可能在传输中损坏。");
}

/// <summary>
/// Carries an <see cref="Error"/> from deep inside a parser to the boundary of this library, never beyond it.
/// </summary>
internal sealed class UnreadableException(Error error) : Exception(error.Code)
{
    public Error Error { get; } = error;

    public UnreadableException() : this(Faults.Unknown("")) { }

    public UnreadableException(string message) : this(Faults.Damaged("", message, message)) { }

    public UnreadableException(string message, Exception inner) : this(Faults.Damaged("", message, inner.Message)) { }
}
