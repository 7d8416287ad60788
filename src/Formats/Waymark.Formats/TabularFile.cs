using System.Security.Cryptography;
using Waymark.Model;

namespace Waymark.Formats;

/// <summary>
/// A published file opened for reading: bytes in, rows out. What it is comes from its content (CSV, TSV and other
/// delimited text, XLSX, BIFF XLS, ODS, JSON tables; each also inside gzip), never from its name. Opening reads no more
/// than the list of sheets. The bytes are kept and must not change. Whatever the input, the answer is a correct read or
/// an <see cref="Error"/> with code, place and hint; no exception leaves this library for bad input.
/// </summary>
public sealed class TabularFile
{
    internal TabularFile(string fileName, ReadOnlyMemory<byte> bytes, Opened opened, string sha256, bool isCompressed)
    {
        (FileName, Length, Sha256, IsCompressed) = (fileName, bytes.Length, sha256, isCompressed);
        (Format, Sheets, Text, Notes) = (opened.Format, opened.Sheets, opened.Text, opened.Notes);
        MediaType = Format.MediaType(Text?.Delimiter ?? (byte)',');
    }

    public string FileName { get; }

    /// <summary>Bytes as handed in.</summary>
    public long Length { get; }

    /// <summary>
    /// Of the bytes as handed in, 64 lower-case hexadecimal digits; empty after <see cref="Detect"/>.
    /// </summary>
    public string Sha256 { get; }

    /// <summary>True when the content came out of gzip.</summary>
    public bool IsCompressed { get; }

    public FileFormat Format { get; }

    /// <summary>Media type of the content, unpacked.</summary>
    public string MediaType { get; }

    /// <summary>Text and JSON have one sheet, named "".</summary>
    public IReadOnlyList<Sheet> Sheets { get; }

    /// <summary>Delimiter, encoding and cursor of a text; null for other formats.</summary>
    public TextSource? Text { get; }

    /// <summary>What the reader left alone and says so: macros, links to other files.</summary>
    public IReadOnlyList<Error> Notes { get; }

    /// <summary>Finds a sheet by its name, exact first, then without regard to case and surrounding blanks.</summary>
    public Sheet? this[string name] => Sheets.FirstOrDefault(sheet => sheet.Name == name)
        ?? Sheets.FirstOrDefault(sheet => sheet.Name.Trim().Equals(name.Trim(), StringComparison.OrdinalIgnoreCase));

    public static Result<TabularFile> Open(ReadOnlyMemory<byte> bytes, string fileName, ReadLimits? limits = null,
        TextHints? hints = null, CancellationToken cancellation = default)
    {
        limits ??= ReadLimits.Default;
        return Boundary.Run(fileName, () =>
        {
            var (content, packed) = Container.Unpack(bytes, fileName, limits, cancellation);
            var opened = FormatOpener.Open(content, fileName, limits, hints);
            return new TabularFile(fileName, bytes, opened, Convert.ToHexStringLower(SHA256.HashData(bytes.Span)),
                packed);
        });
    }

    public static Result<TabularFile> Open(Stream stream, string fileName, ReadLimits? limits = null,
        TextHints? hints = null, CancellationToken cancellation = default)
    {
        limits ??= ReadLimits.Default;
        var bytes = Boundary.Run(fileName, () => Container.ReadAll(stream, fileName, limits.MaxFileBytes,
            cancellation));
        return bytes.IsOk ? Open(bytes.Value, fileName, limits, hints, cancellation) : bytes.Error;
    }

    /// <summary>
    /// Sniffs at little cost: format, encoding, delimiter, sheets and the first rows of each. Of a gzip or a text only
    /// the beginning is looked at, so counts and a mixed encoding further down are unknown.
    /// </summary>
    public static Result<Detection> Detect(ReadOnlyMemory<byte> bytes, string fileName, int rows = 20,
        ReadLimits? limits = null, CancellationToken cancellation = default) =>
        Detector.Run(bytes, fileName, rows, limits ?? ReadLimits.Default, cancellation);
}

/// <summary>What an opener found.</summary>
internal sealed record Opened(FileFormat Format, IReadOnlyList<Sheet> Sheets, TextSource? Text,
    IReadOnlyList<Error> Notes);
