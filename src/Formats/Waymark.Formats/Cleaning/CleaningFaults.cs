using Waymark.Model;

namespace Waymark.Formats.Cleaning;

/// <summary>Why a file is not kept.</summary>
public static class CleaningFaults
{
    public static Error Damaged() => Error.Faulty("file.damaged", "The file is damaged or not built as its kind must be.", "文件已损坏，或结构不符合其类型。");

    public static Error TooManyPixels() => Error.TooLarge("file.pixels", "The picture has more points than are kept.", "图片的像素数超过上限。");

    public static Error Active() => Error.Refused("file.active", "The document holds something that can act by itself (a program, an embedded file, a call outside) or is locked; save it without, as PDF or picture.",
        "文档含有可自行运行的内容（程序、嵌入文件、外部调用）或已加密；请去除后另存为 PDF 或图片。");
}
