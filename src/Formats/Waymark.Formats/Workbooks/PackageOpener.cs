using Waymark.Model;

namespace Waymark.Formats.Workbooks;

/// <summary>Tells which kind of ZIP package a file is.</summary>
internal static class PackageOpener
{
    public static Opened Open(ReadOnlyMemory<byte> content, string name, ReadLimits limits)
    {
        var package = ZipPackage.Open(content, name, limits);
        if (package.Has("content.xml"))
        {
            return OdsOpener.Open(package, name, limits);
        }

        if (package.Has("xl/workbook.bin"))
        {
            throw new UnreadableException(Faults.Unsupported(name, "a binary workbook (XLSB)", "二进制工作簿（XLSB）"));
        }

        if (package.Has("[Content_Types].xml"))
        {
            return XlsxOpener.Open(package, name, limits);
        }

        if (package.Names.Any(IsPartOfWorkbook))
        {
            throw new UnreadableException(Faults.Damaged(name, "it has parts of a workbook but not the one that lists them", "含工作簿的部件，却缺少列出部件的目录"));
        }

        return ArchiveOpener.Open(package, name, limits) ?? throw new UnreadableException(
            Faults.Unsupported(name, "an archive of files without a delimited text", "不含分隔文本的文件压缩包")
                .WithHint("Unpack it and import the files inside.", "请先解压，再导入其中的文件。"));
    }

    // A damaged workbook must never be taken for an archive of texts: its parts would read as rows of one line.
    private static bool IsPartOfWorkbook(string path) =>
        path is "mimetype" || path.StartsWith("xl/", StringComparison.OrdinalIgnoreCase) || path.StartsWith("_rels/", StringComparison.OrdinalIgnoreCase)
        || path.StartsWith("META-INF/", StringComparison.OrdinalIgnoreCase);

    public static List<Error> Notes(ZipPackage package, string name)
    {
        var notes = new List<Error>();
        if (package.Names.Any(static path => path.EndsWith("vbaProject.bin", StringComparison.OrdinalIgnoreCase)))
        {
            notes.Add(Error.Faulty("workbook.macros", "The workbook holds macros; they are ignored.", "工作簿含宏，已忽略。",
                name));
        }

        if (package.Names.Any(static path => path.StartsWith("xl/externalLinks/", StringComparison.OrdinalIgnoreCase)))
        {
            notes.Add(Error.Faulty("workbook.external-links",
                "Formulas refer to other files; their stored results are read and no link is followed.",
                "公式引用了其他文件；仅读取已存结果，不跟随链接。", name));
        }

        return notes;
    }
}
