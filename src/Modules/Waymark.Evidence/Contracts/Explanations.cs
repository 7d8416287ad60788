using Waymark.Model;

namespace Waymark.Evidence.Contracts;

/// <summary>Where one number comes from: every vintage of it, the cell of the original file, the method, the checks that touch it.</summary>
public sealed record Explanation
{
    public required SeriesSummary Series { get; init; }

    public required IReadOnlyDictionary<string, string> Key { get; init; }

    public required string Period { get; init; }

    /// <summary>Newest first; the first that is current is what a query answers now.</summary>
    public required IReadOnlyList<ExplainedVintage> Vintages { get; init; }

    public DefinitionVector? Definition { get; init; }

    public IReadOnlyList<LocalText> Footnotes { get; init; } = [];

    /// <summary>Notes of the publisher on this figure that came in a file of their own.</summary>
    public IReadOnlyList<ExplainedNote> Notes { get; init; } = [];

    public IReadOnlyList<CheckFinding> Findings { get; init; } = [];

    public required LocalText Citation { get; init; }
}

/// <summary>
/// <see cref="Cell"/>: "Table 1!D14" or "file.csv:17:4" (line:field). <see cref="Raw"/>: the text as published.
/// <see cref="Withdrawn"/>: a newer complete edition no longer has the figure, and none took its place.
/// </summary>
public sealed record ExplainedVintage(
    string Vintage,
    string Release,
    DateTimeOffset VisibleFrom,
    bool Current,
    string Value,
    ObservationStatus Status,
    ConfidentialityStatus Confidentiality,
    string Unit,
    string FileName,
    string Sha256,
    string Cell,
    string? Raw,
    string Profile,
    bool Withdrawn = false)
{
    /// <summary>The name of the value where it is a code.</summary>
    public LocalText? ValueName { get; init; }
}

public enum CheckSeverity { Information, Warning, Error }

/// <summary>
/// One thing a quality check found. <see cref="Id"/> is stable over runs on the same data. A finding with a waiver in force
/// counts as accepted until the waiver expires.
/// </summary>
public sealed record CheckFinding
{
    public required string Id { get; init; }

    public required string Check { get; init; }

    public required LocalText Title { get; init; }

    public required CheckSeverity Severity { get; init; }

    public required string Series { get; init; }

    public IReadOnlyDictionary<string, string> Key { get; init; } = new Dictionary<string, string>();

    public string? Period { get; init; }

    /// <summary>What was expected and what was found, with numbers.</summary>
    public required LocalText Evidence { get; init; }

    /// <summary>Cells of the original files.</summary>
    public IReadOnlyList<string> Cells { get; init; } = [];

    /// <summary>DQ case of the sources, where it is one ("DQ12").</summary>
    public string? Case { get; init; }

    public Waiver? Waiver { get; init; }
}

/// <summary>Somebody accepts a finding, with a reason and an end.</summary>
public sealed record Waiver(string Finding, string Reason, string By, DateOnly Until);

/// <summary>What changed in one series between two system times.</summary>
public sealed record SeriesDiff(
    string Series,
    long Added,
    long Revised,
    long Withdrawn,
    long Unchanged,
    decimal? MeanRevision,
    decimal? MeanAbsoluteRevision,
    IReadOnlyList<ObservationChange> Changes);

public sealed record ObservationChange(
    IReadOnlyDictionary<string, string> Key,
    string Period,
    string? Before,
    string? After,
    string? BeforeRelease,
    string? AfterRelease,
    decimal? Difference);

/// <summary>What a file seems to be, best first.</summary>
public sealed record Detection(
    string FileName,
    string Sha256,
    string MediaType,
    string? Encoding,
    string? Delimiter,
    IReadOnlyList<string> Sheets,
    IReadOnlyList<DetectedProfile> Candidates,
    Error? Error)
{
    /// <summary>What to do next; empty when a profile fits.</summary>
    public IReadOnlyList<LocalText> Advice { get; init; } = [];
}

/// <summary><see cref="Reasons"/>: each condition of the profile with what was met. A profile fits only when all its conditions hold.</summary>
public sealed record DetectedProfile(string Profile, string Publisher, LocalText Name, bool Fits, IReadOnlyList<string> Reasons)
{
    /// <summary>For a profile that does not fit: what the file would have to have, with the nearest label that it has.</summary>
    public IReadOnlyList<LocalText> Differs { get; init; } = [];

    /// <summary>The share of its conditions and labels that the file meets, 0 to 1.</summary>
    public double Nearness { get; init; }
}
