namespace Waymark.Formats;

/// <summary>
/// What one file may cost. Every reader counts against these before it allocates, so a bomb ends as an
/// <see cref="Waymark.Model.Error"/> of kind TooLarge and never as an exhausted machine. Sizes are bytes.
/// </summary>
public sealed record ReadLimits
{
    public static ReadLimits Default { get; } = new();

    /// <summary>The file as handed in.</summary>
    public long MaxFileBytes { get; init; } = 256L << 20;

    /// <summary>
    /// The sum of everything unpacked from it; parts of a workbook are streamed, gzip is held in memory.
    /// </summary>
    public long MaxUncompressedBytes { get; init; } = 1L << 30;

    /// <summary>
    /// Unpacked : packed, judged once more than <see cref="RatioFloorBytes"/> are unpacked. Agency workbooks stay
    /// under 16.
    /// </summary>
    public int MaxRatio { get; init; } = 120;

    public long RatioFloorBytes { get; init; } = 16L << 20;

    /// <summary>Members of a package.</summary>
    public int MaxEntries { get; init; } = 10_000;

    public int MaxSheets { get; init; } = 1_000;

    /// <summary>Rows of one sheet (records of a text).</summary>
    public int MaxRows { get; init; } = 5_000_000;

    /// <summary>Columns of one row.</summary>
    public int MaxColumns { get; init; } = 1 << 20;

    /// <summary>Cells of one materialised sheet; the forward readers and the cursor need no such limit.</summary>
    public int MaxCells { get; init; } = 10_000_000;

    /// <summary>UTF-8 bytes of one cell; also ends a quoted field that never closes.</summary>
    public int MaxCellBytes { get; init; } = 1 << 20;

    /// <summary>Faults kept with their place; the rest is only counted.</summary>
    public int MaxFaults { get; init; } = 200;
}
