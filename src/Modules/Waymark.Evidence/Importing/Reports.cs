using Waymark.Evidence.Contracts;
using Waymark.Evidence.Reading;
using Waymark.Formats;
using Waymark.Model;

namespace Waymark.Evidence.Importing;

/// <summary>Makes the report of an import from what reading and storing found.</summary>
internal static class Reports
{
    public static ImportReport Empty(ImportInput input, string sha256, ImportState state, Error? error) => new()
    {
        FileName = input.FileName,
        Sha256 = sha256,
        Bytes = input.Bytes.Length,
        State = state,
        Error = error,
    };

    public static ImportReport Of(ImportInput input, Recognised recognised, Interpreted interpreted, ImportState state, string? importId, IReadOnlyList<SeriesImport> series, IReadOnlyList<NotesImport>? notes = null)
    {
        var file = recognised.File!;
        var report = interpreted.Reading.Report;
        IReadOnlyList<SheetReport> sheets = [.. report.Sheets.Select(sheet => sheet.Report())];
        var warnings = report.Warnings().Concat(file.Notes);
        return Empty(input, file.Sha256, state, null) with
        {
            MediaType = file.MediaType,
            ImportId = importId,
            Profile = $"{recognised.Profile!.Id}@{recognised.Profile.Version}",
            Publisher = recognised.Profile.Publisher,
            Release = interpreted.Release,
            Series = series,
            Sheets = sheets,
            Unmapped = report.UnmappedCodes(),
            KeptAside = report.KeptAside,
            DuplicateKeys = report.Duplicates,
            DuplicateKeyCount = report.DuplicateCount,
            Encodings = Encodings(file, sheets),
            Warnings = recognised.Warning is { } warning ? [warning, .. warnings] : [.. warnings],
            Notes = notes ?? [],
            Cells = sheets.Aggregate(new CellCounts(0, 0, 0, 0), (sum, sheet) => sum + sheet.Cells),
        };
    }

    private static Dictionary<string, long> Encodings(TabularFile file, IReadOnlyList<SheetReport> sheets)
    {
        var result = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var (sheet, report) in file.Sheets.Zip(sheets))
        {
            foreach (var (encoding, rows) in sheet.Text is { } text ? Encodings(text, report.Rows) : [])
            {
                result[encoding] = result.GetValueOrDefault(encoding) + rows;
            }
        }

        return result;
    }

    private static Dictionary<string, long> Encodings(TextSource text, long rows)
    {
        var fallback = text.FallbackLines.Count;
        var result = new Dictionary<string, long>(StringComparer.Ordinal);
        switch (text.Encoding)
        {
            case TextEncoding.Utf16LittleEndian or TextEncoding.Utf16BigEndian:
                result["utf-16"] = rows;
                break;
            case TextEncoding.Windows1252:
                result["windows-1252"] = rows;
                break;
            case TextEncoding.Mixed:
                result["utf-8"] = Math.Max(0, rows - fallback);
                result["windows-1252"] = fallback;
                break;
            default:
                result["utf-8"] = rows;
                break;
        }

        return result;
    }
}
