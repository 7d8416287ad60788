using Waymark.Model;

namespace Waymark.Formats;

/// <summary>
/// An archive of delimited texts as agencies publish it: data beside lists of countries, indicators and footnotes. Each text is a sheet
/// named by its path; what is no text is left unread and said so. All members together count against the limits of one file.
/// </summary>
internal static class ArchiveOpener
{
    public static Opened? Open(ZipPackage package, string name, ReadLimits limits)
    {
        var (sheets, notes) = (new List<Sheet>(), new List<Error>());
        foreach (var path in package.Names.Where(IsFile).Order(StringComparer.Ordinal))
        {
            var place = $"{name}/{path}";
            using var part = package.OpenPart(path)!;
            var bytes = Container.ReadAll(part, place, limits.MaxUncompressedBytes, CancellationToken.None);
            if (Text(bytes, place, limits, out var left) is not { } text)
            {
                notes.Add(Error.Faulty("archive.member-left", "A member of the archive is no delimited text and was not read.", "压缩包中有成员不是分隔文本，未读取。", place)
                    .WithHint(left!.Message.In("en"), left.Message.In("zh")));
                continue;
            }

            if (sheets.Count == limits.MaxSheets)
            {
                throw new UnreadableException(Faults.TooLarge(name, "sheets", limits.MaxSheets));
            }

            sheets.Add(new(path, sheets.Count, SheetVisibility.Visible, place, () => new CellStore(limits, isText: true, place), _ => new TextRows(text, limits), text));
        }

        return sheets.Count == 0 ? null : new(FileFormat.Archive, sheets, null, notes);
    }

    /// <summary>No folders, and none of what an operating system adds.</summary>
    private static bool IsFile(string path) => !path.EndsWith('/') && !path.StartsWith("__MACOSX/", StringComparison.Ordinal)
        && !path.Split('/').Any(part => part.StartsWith('.'));

    private static TextSource? Text(byte[] bytes, string place, ReadLimits limits, out Error? left)
    {
        left = null;
        try
        {
            var opened = FormatOpener.Open(bytes, place, limits, null, nested: true);
            if (opened.Text is null)
            {
                left = Faults.Unsupported(place, "no delimited text", "不是分隔文本");
            }

            return opened.Text;
        }
        catch (UnreadableException exception) when (exception.Error.Kind != ErrorKind.TooLarge)
        {
            left = exception.Error;
            return null;
        }
    }
}
