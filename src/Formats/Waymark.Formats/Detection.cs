using Waymark.Model;

namespace Waymark.Formats;

/// <summary>The first rows of one sheet as texts, as a source profile compares them.</summary>
public sealed record SheetSample(string Name, SheetVisibility Visibility, IReadOnlyList<RowSample> Rows, Error? Error);

/// <summary>A row's number (record or sheet row, from 1) and its cells by column.</summary>
public sealed record RowSample(int Number, IReadOnlyList<string> Cells);

/// <summary>What a quick look at a file tells.</summary>
public sealed record Detection(FileFormat Format, string MediaType, bool IsCompressed, TextEncoding? Encoding,
    byte? Delimiter,
    IReadOnlyList<SheetSample> Sheets)
{
    /// <summary>Names of the sheets in order.</summary>
    public IEnumerable<string> SheetNames => Sheets.Select(static sheet => sheet.Name);
}

internal static class Detector
{
    private const int PrefixBytes = 1 << 18;
    private const int MaxColumns = 512;

    public static Result<Detection> Run(ReadOnlyMemory<byte> bytes, string name, int rows, ReadLimits limits,
        CancellationToken cancellation) =>
        Boundary.Run(name, () =>
        {
            var packed = Container.IsGzip(bytes.Span);
            var content = packed ? Container.Gunzip(bytes, name, limits, PrefixBytes, cancellation)
                : Container.Unpack(bytes, name, limits, cancellation).Content;
            if (packed && (content.Span.StartsWith("PK"u8) || content.Span is [0xD0, 0xCF, ..] or [(byte)'{', ..]
                or [(byte)'[', ..]))
            {
                content = Container.Unpack(bytes, name, limits, cancellation).Content; // a package is read from its end
            }
            else if (content.Length > PrefixBytes && content.Span[0] is not ((byte)'P' or 0xD0 or (byte)'{'
                or (byte)'['))
            {
                content = content[..PrefixBytes];
            }

            var opened = FormatOpener.Open(content, name, limits, null);
            var sheets = opened.Sheets.Select(sheet => Sample(sheet, rows, cancellation)).ToList();
            return new Detection(opened.Format, opened.Format.MediaType(opened.Text?.Delimiter ?? (byte)','), packed,
                opened.Text?.Encoding, opened.Text?.Delimiter, sheets);
        });

    private static SheetSample Sample(Sheet sheet, int rows, CancellationToken cancellation)
    {
        var opened = sheet.OpenReader(cancellation);
        if (!opened.TryGet(out var reader))
        {
            return new(sheet.Name, sheet.Visibility, [], opened.Error);
        }

        using (reader)
        {
            var samples = new List<RowSample>();
            while (samples.Count < rows && reader.Read())
            {
                samples.Add(new(reader.Row.Number, Texts(reader.Row)));
            }

            return new(sheet.Name, sheet.Visibility, samples, reader.Error);
        }
    }

    private static string[] Texts(GridRow row)
    {
        var width = row.Count == 0 ? 0 : Math.Min(MaxColumns, row[row.Count - 1].Column);
        var texts = new string[width];
        Array.Fill(texts, "");
        for (var i = 0; i < row.Count && row[i].Column <= width; i++)
        {
            texts[row[i].Column - 1] = row[i].Text;
        }

        return texts;
    }
}
