using Waymark.Model;

namespace Waymark.Evidence.Contracts;

/// <summary>One file to import: its name as the person knows it and its bytes. Nothing is fetched from anywhere.</summary>
public sealed record ImportInput(string FileName, ReadOnlyMemory<byte> Bytes);

/// <summary>
/// <paramref name="Source"/> forces a source profile by id; null recognises it. A dry run reads, maps and reports but
/// stores nothing. <paramref name="Actor"/> is the account or "cli". <paramref name="RetrievedAt"/>: when the file was
/// obtained from its publisher, if known.
/// </summary>
public sealed record ImportRequest(
    IReadOnlyList<ImportInput> Files,
    string? Source,
    bool DryRun,
    string Actor,
    DateTimeOffset? RetrievedAt = null);

/// <summary>Numbers for a progress line: file n of m, step name, cells or rows done.</summary>
public sealed record ImportProgress(string FileName, int File, int Files, string Step, long Done, long? Of);

public enum ImportState
{
    /// <summary>All vintages of the file are visible.</summary>
    Imported,

    /// <summary>The same bytes under the same profile version are in the base already; nothing was written.</summary>
    AlreadyPresent,

    /// <summary>Read and mapped, nothing written.</summary>
    DryRun,

    /// <summary>Looks like a list of persons (M50); kept encrypted or not at all until somebody decides.</summary>
    Quarantined,

    /// <summary>No source profile fits; the report says what was seen. Nothing was written.</summary>
    Unrecognised,

    /// <summary>The file cannot be read; <see cref="ImportReport.Error"/> says where and why. Nothing was written.</summary>
    Failed,
}

/// <summary>
/// What became of one file. The cell equation holds for every sheet and in total:
/// cells read = observations + structural + kept aside.
/// </summary>
public sealed record ImportReport
{
    public required string FileName { get; init; }

    public required string Sha256 { get; init; }

    public required long Bytes { get; init; }

    public required ImportState State { get; init; }

    public string? MediaType { get; init; }

    /// <summary>The import record and snapshot; null when nothing was stored.</summary>
    public string? ImportId { get; init; }

    public string? Profile { get; init; }

    public string? Publisher { get; init; }

    public string? Release { get; init; }

    public Error? Error { get; init; }

    public IReadOnlyList<SeriesImport> Series { get; init; } = [];

    public IReadOnlyList<SheetReport> Sheets { get; init; } = [];

    /// <summary>Codes and labels that no code list knows: kept as published, never guessed.</summary>
    public IReadOnlyList<UnmappedCode> Unmapped { get; init; } = [];

    /// <summary>At most 1,000 of the rows and cells kept aside; <see cref="CellCounts.KeptAside"/> has the full count.</summary>
    public IReadOnlyList<KeptAside> KeptAside { get; init; } = [];

    /// <summary>Keys that occur more than once in the file, with their cells; all values are kept.</summary>
    public IReadOnlyList<DuplicateKey> DuplicateKeys { get; init; } = [];

    public long DuplicateKeyCount { get; init; }

    /// <summary>Lines (or strings) per text encoding met in the file: "utf-8", "windows-1252" …</summary>
    public IReadOnlyDictionary<string, long> Encodings { get; init; } = new Dictionary<string, long>();

    public IReadOnlyList<Error> Warnings { get; init; } = [];

    public CellCounts Cells { get; init; } = new(0, 0, 0, 0);

    /// <summary>Notes on figures of other files, by the profile that reads them.</summary>
    public IReadOnlyList<NotesImport> Notes { get; init; } = [];
}

/// <summary>cells read = observations + structural + kept aside.</summary>
public sealed record CellCounts(long Read, long Observations, long Structural, long KeptAside)
{
    public bool Balances => Read == Observations + Structural + KeptAside;

    public static CellCounts operator +(CellCounts left, CellCounts right) => new(
        left.Read + right.Read, left.Observations + right.Observations,
        left.Structural + right.Structural, left.KeptAside + right.KeptAside);
}

/// <summary>What one file gave to one series.</summary>
public sealed record SeriesImport(
    string Series,
    string Vintage,
    string Release,
    long Observations,
    long New,
    long Revised,
    long Unchanged,
    IReadOnlyDictionary<string, long> ByStatus,
    string? FirstPeriod,
    string? LastPeriod,
    long Withdrawn = 0);

/// <summary>
/// One sheet (text files have one, named ""). <see cref="RowClasses"/> counts rows by class (preamble, header, data, heading,
/// total, note, blank, kept-aside); <see cref="Structural"/> counts cells by class (header, dimension, attribute, note,
/// blank, ignored).
/// </summary>
public sealed record SheetReport
{
    public required string Name { get; init; }

    public required string Table { get; init; }

    /// <summary>1-based number of the (last) header row; 0 when the sheet was not read as a table.</summary>
    public required int HeaderRow { get; init; }

    public required long Rows { get; init; }

    public required int Columns { get; init; }

    public required CellCounts Cells { get; init; }

    public IReadOnlyDictionary<string, long> RowClasses { get; init; } = new Dictionary<string, long>();

    public IReadOnlyDictionary<string, long> Structural { get; init; } = new Dictionary<string, long>();

    public IReadOnlyList<ColumnReport> ColumnReports { get; init; } = [];

    /// <summary>Flag letters exactly as published (a combination "bep" counts once under "bep").</summary>
    public IReadOnlyDictionary<string, long> Flags { get; init; } = new Dictionary<string, long>();
}

/// <summary>
/// One column (or one group of columns that play the same role): numbers, blanks and every special token with its count,
/// exactly as published ("*", "..", ":", "-", "&lt;5", "D").
/// </summary>
public sealed record ColumnReport(
    string Name,
    string Role,
    long Numbers,
    long Texts,
    long Blanks,
    IReadOnlyDictionary<string, long> Tokens,
    long DistinctValues);

public sealed record UnmappedCode(string Dimension, string Scheme, string Text, long Count, string FirstCell);

/// <summary>A row or cell that could not be used: where, why (stable code and text), and what stood there (raw bytes, at most 4 KiB, as text when it is text).</summary>
public sealed record KeptAside(string Where, string Code, LocalText Reason, string Raw);

public sealed record DuplicateKey(string Series, IReadOnlyDictionary<string, string> Key, string Period, IReadOnlyList<string> Cells);
