using System.Collections.Concurrent;
using System.Globalization;
using Waymark.Evidence.Importing;
using Waymark.Evidence.Segments;
using Waymark.Formats;
using Waymark.Model;
using Waymark.Storage;

namespace Waymark.Evidence.Querying;

/// <summary>What stands beside the figures of a segment, read from the store and kept for a while.</summary>
internal sealed class SegmentRows(IStore store) : ISegmentRows, IDisposable
{
    /// <summary>Some 4 MB each when full: enough for the pages people are on, little beside the cubes.</summary>
    private const int MostSegments = 48;
    private readonly ConcurrentDictionary<string, Segment> _segments = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, ImportRecord> _imports = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _opening = new(1, 1);
    private (string Sha256, SourceCells Cells)? _open;

    public void Dispose() => _opening.Dispose();

    /// <summary>
    /// The name of a segment of one vintage. Two files that differ in nothing but their frame (another line end, a date above the
    /// table) have equal segments, which the store keeps once; each vintage still leads to its own file.
    /// </summary>
    public static string NameOf(string blob, string vintage) => $"{blob}@{vintage}";

    public void Belongs(string segment, ImportRecord import) => _imports[segment] = import;

    public async ValueTask<Segment?> SegmentAsync(string blob, CancellationToken cancellationToken)
    {
        if (_segments.TryGetValue(blob, out var known))
        {
            return known;
        }

        if (await store.Blobs.ReadAsync(new(blob), cancellationToken) is not { } bytes)
        {
            return null;
        }

        if (_segments.Count >= MostSegments)
        {
            foreach (var key in _segments.Keys.Take(MostSegments / 4))
            {
                _segments.TryRemove(key, out _);
            }
        }

        return _segments[blob] = SegmentFormat.Read(bytes);
    }

    public async ValueTask<SegmentRow> ReadAsync(string segment, int row, CancellationToken cancellationToken)
    {
        var read = await NeededAsync(segment, cancellationToken);
        var import = _imports.GetValueOrDefault(segment);
        var notes = read.Footnotes[row];
        var withheld = read.Marks[read.MarkRows[row]] is { Status: ObservationStatus.Suppressed } mark && mark.Comparator is Comparator.Between or Comparator.AtMost;
        string? flags = null;
        var attributes = new List<KeyValuePair<string, string>>();
        foreach (var column in read.Attributes)
        {
            if (column[row] is { Length: > 0 } text)
            {
                if (column.Name == "flags")
                {
                    flags = text;
                }
                else
                {
                    attributes.Add(new(column.Name, text));
                }
            }
        }

        return new(Place(read, row, import), null, read.Unit[row], read.Definition[row] is { Length: > 0 } definition ? definition : null, flags,
            notes.Length == 0 ? [] : [.. notes.Split(';').Select(sign => import?.Footnotes.GetValueOrDefault(sign) is { } text ? $"{sign}: {text}" : sign)],
            attributes,
            withheld && read.Marks[read.MarkRows[row]].Comparator == Comparator.Between ? read.Figure(row) : null,
            withheld ? read.Uppers.TryGetValue(row, out var upper) ? upper : read.Figure(row) : null,
            withheld ? null : read.Figure(row), read.Occurrence[row]);
    }

    public async ValueTask<SegmentUnits> UnitsAsync(string segment, CancellationToken cancellationToken)
    {
        var read = await NeededAsync(segment, cancellationToken);
        return new(read.Unit.Codes, read.Definition.Codes);
    }

    public async ValueTask<IReadOnlyList<string>> AttributesAsync(string segment, CancellationToken cancellationToken) =>
        [.. (await NeededAsync(segment, cancellationToken)).Attributes.Select(column => column.Name)];

    /// <summary>The text of the cell in the original file; null when the snapshot was shredded.</summary>
    public async ValueTask<string?> RawAsync(string segment, int row, CancellationToken cancellationToken)
    {
        var read = await NeededAsync(segment, cancellationToken);
        if (_imports.GetValueOrDefault(segment) is not { } import)
        {
            return null;
        }

        await _opening.WaitAsync(cancellationToken);
        try
        {
            if (_open is not { } open || open.Sha256 != import.Sha256)
            {
                if (await store.Blobs.ReadAsync(new(import.Sha256), cancellationToken) is not { } bytes
                    || !TabularFile.Open(bytes, import.FileName, null, null, cancellationToken).TryGet(out var file))
                {
                    return null;
                }

                open = (import.Sha256, new SourceCells(file));
                _open = open;
            }

            return open.Cells.Text(read.Sheet[row], read.SourceRows[row], read.SourceColumns[row], cancellationToken);
        }
        finally
        {
            _opening.Release();
        }
    }

    private async ValueTask<Segment> NeededAsync(string segment, CancellationToken cancellationToken) =>
        await SegmentAsync(segment.Split('@')[0], cancellationToken) ?? throw new InvalidDataException($"segment {segment} is missing from the store");

    private static string Place(Segment segment, int row, ImportRecord? import)
    {
        var sheet = segment.Sheet[row];
        return sheet.Length == 0
            ? string.Create(CultureInfo.InvariantCulture, $"{import?.FileName}:{segment.SourceRows[row]}:{segment.SourceColumns[row]}")
            : import?.MediaType == FileFormat.Archive.MediaType() ? string.Create(CultureInfo.InvariantCulture, $"{import.FileName}/{sheet}:{segment.SourceRows[row]}:{segment.SourceColumns[row]}")
            : $"{sheet}!{CellAddress.Name(segment.SourceRows[row], segment.SourceColumns[row])}";
    }

    /// <summary>The cells of one original file by sheet, row (line in text) and column.</summary>
    private sealed class SourceCells(TabularFile file)
    {
        private readonly Dictionary<string, (Grid Grid, Dictionary<int, int>? RecordOfLine)> _sheets = new(StringComparer.Ordinal);

        public string? Text(string sheet, int line, int column, CancellationToken cancellationToken)
        {
            if (!_sheets.TryGetValue(sheet, out var read))
            {
                if (file[sheet] is not { } found || !found.Read(cancellationToken).TryGet(out var grid))
                {
                    return null;
                }

                var lines = found.Text is null ? null : new Dictionary<int, int>();
                for (var i = 0; lines is not null && i < grid.RowCount; i++)
                {
                    lines[grid[i].Line] = i;
                }

                _sheets[sheet] = read = (grid, lines);
            }

            return read.RecordOfLine is null ? read.Grid.At(line, column).Text
                : read.RecordOfLine.TryGetValue(line, out var record) ? read.Grid[record].At(column).Text : null;
        }
    }
}
