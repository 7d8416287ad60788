using Waymark.Evidence.Catalogue;
using Waymark.Statistics.Cube;

namespace Waymark.Evidence.Querying;

/// <summary>Loaded cubes by series: a cache of the store, rebuilt on demand and brought up to date after an import.</summary>
public interface ISeriesCubes
{
    /// <summary>Null when nothing of the series was ever imported.</summary>
    Task<LoadedSeries?> FindAsync(string series, CancellationToken cancellationToken);

    Task<IReadOnlyList<LoadedSeries>> AllAsync(CancellationToken cancellationToken);
}

/// <summary>One series at one moment: what it means, its cube, and the vintages in the order of the cube.</summary>
public sealed record LoadedSeries(SeriesDefinition Definition, CubeSnapshot Cube, IReadOnlyList<LoadedVintage> Vintages, ISegmentRows Rows)
{
    /// <summary>Notes that came in files of their own.</summary>
    public SeriesNotes Notes { get; init; } = SeriesNotes.None;

    /// <summary>The place in the store of the newest vintage or file of notes; 0 when there is none.</summary>
    public long Sequence => Vintages.Select(vintage => vintage.Sequence).Append(Notes.Sequence).Max();
}

public sealed record LoadedVintage(
    string Id,
    string Release,
    long ReleaseOrder,
    DateTimeOffset VisibleFrom,
    long Sequence,
    string Import,
    string FileName,
    string Sha256,
    string Profile,
    long Observations,
    bool Complete = false);

/// <summary>What stands beside each observation of a segment: read on demand, kept for a while.</summary>
public interface ISegmentRows
{
    ValueTask<SegmentRow> ReadAsync(string segment, int row, CancellationToken cancellationToken);

    /// <summary>The distinct units and definitions in a segment, without reading its rows; most have one of each.</summary>
    ValueTask<SegmentUnits> UnitsAsync(string segment, CancellationToken cancellationToken);

    /// <summary>Names of the attributes that rows of the segment may have.</summary>
    ValueTask<IReadOnlyList<string>> AttributesAsync(string segment, CancellationToken cancellationToken);

    /// <summary>The text of the cell in the original file; null when the file was shredded.</summary>
    ValueTask<string?> RawAsync(string segment, int row, CancellationToken cancellationToken);
}

public sealed record SegmentUnits(IReadOnlyList<string> Units, IReadOnlyList<string> Definitions);

/// <summary>
/// <paramref name="Cell"/>: where the figure stands in the original file. <paramref name="Raw"/>: its text as published.
/// <paramref name="LowerWhenSuppressed"/> and <paramref name="UpperWhenSuppressed"/>: between which ends a withheld figure lies by the publisher's own rule (1 and 4 for "*").
/// <paramref name="Exact"/>: the figure with all its decimals. <paramref name="Occurrence"/>: "0" for the first figure of its key in the file.
/// </summary>
public sealed record SegmentRow(
    string Cell,
    string? Raw,
    string Unit,
    string? Definition,
    string? Flags,
    IReadOnlyList<string> Footnotes,
    IReadOnlyList<KeyValuePair<string, string>> Attributes,
    decimal? LowerWhenSuppressed = null,
    decimal? UpperWhenSuppressed = null,
    decimal? Exact = null,
    string Occurrence = "0");
