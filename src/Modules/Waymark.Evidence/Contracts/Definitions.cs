using Waymark.Model;

namespace Waymark.Evidence.Contracts;

/// <summary>
/// The register of definitions (S008, S027, S065): what each source and each national office means by its figures, which of
/// them compare, and who is told when one changes. Built-in entries come from packs; national ones are registered here by
/// an officer, with law, article and validity, and are never overwritten: a change is a new version.
/// </summary>
public interface IDefinitions
{
    /// <summary>Built-in vectors and the national definitions, by topic and then by area.</summary>
    Task<IReadOnlyList<DefinitionEntry>> ListAsync(CancellationToken cancellationToken);

    /// <summary>One entry with its versions, newest first; error <c>definition.not-found</c>.</summary>
    Task<Result<DefinitionHistory>> GetAsync(string id, CancellationToken cancellationToken);

    /// <summary>
    /// Registers a national definition or its next version. Errors: <c>definition.invalid</c> with the field, <c>definition.conflict</c>
    /// when the entry changed meanwhile. Whoever watches the area is told in the same commit.
    /// </summary>
    Task<Result<DefinitionEntry>> RegisterAsync(
        NationalDefinition definition, long expectedVersion, string actor, CancellationToken cancellationToken);

    /// <summary>How one definition compares with every other of the same topic: it agrees, a named bridge joins them, or it is refused with reasons.</summary>
    Task<Result<IReadOnlyList<DefinitionComparison>>> CompareAsync(string id, CancellationToken cancellationToken);

    /// <summary>Who reports flows and how many share a definition, as the sources say and as the register knows.</summary>
    Task<CoverageMap> CoverageAsync(CancellationToken cancellationToken);

    /// <summary>The watcher is told of changes in the area (null: everywhere) from now on; <paramref name="on"/> false ends it.</summary>
    Task<Result<bool>> WatchAsync(string watcher, string? area, bool on, CancellationToken cancellationToken);

    /// <summary>Changes the watcher was told of, newest first, at most 100.</summary>
    Task<IReadOnlyList<DefinitionNotice>> NoticesAsync(string watcher, CancellationToken cancellationToken);
}

/// <summary>What an officer registers. <see cref="Area"/> is a code of the areas pack; dates are ISO 8601 or years.</summary>
public sealed record NationalDefinition
{
    public required string Area { get; init; }

    /// <summary>What is defined: one of <see cref="DefinitionTopics"/>.</summary>
    public required string Topic { get; init; }

    public required StatisticalConcept Concept { get; init; }

    public required PopulationBasis Basis { get; init; }

    public required DurationRule Duration { get; init; }

    public required CollectionSource Source { get; init; }

    public required CountOf Counts { get; init; }

    public IReadOnlyList<string> Exclusions { get; init; } = [];

    /// <summary>The office's own words; the language they are in stays with them.</summary>
    public required LocalText Text { get; init; }

    public required string Law { get; init; }

    public required string Article { get; init; }

    public required string ValidFrom { get; init; }

    public string? ValidTo { get; init; }

    /// <summary>Series of this platform that follow the definition ("publisher/dataset").</summary>
    public IReadOnlyList<string> Series { get; init; } = [];
}

/// <summary>What a definition may be about; the closed list the register and its comparisons work with.</summary>
public static class DefinitionTopics
{
    public static IReadOnlyList<string> All { get; } =
        ["immigration", "emigration", "migrant-stock", "refugees", "asylum", "displacement", "other"];
}

/// <summary><paramref name="National"/> is null for the vectors of packs, whose <paramref name="Version"/> is 0.</summary>
public sealed record DefinitionEntry(
    string Id, DefinitionVector Vector, string Topic, NationalDefinition? National, long Version, DateTimeOffset? RegisteredAt);

public sealed record DefinitionHistory(DefinitionEntry Current, IReadOnlyList<DefinitionVersion> Versions);

public sealed record DefinitionVersion(long Version, NationalDefinition Definition, string Actor, DateTimeOffset At);

public enum Comparability
{
    /// <summary>The vectors agree in every component: figures compare and add.</summary>
    Comparable,

    /// <summary>Named bridges adjust one to the other, with a stated error.</summary>
    Bridged,

    /// <summary>A component is unknown on one side: figures may be shown side by side with a warning, never added.</summary>
    Unknown,

    /// <summary>The vectors differ and no bridge is known: refused.</summary>
    Refused,
}

public sealed record DefinitionComparison(
    DefinitionEntry Other,
    Comparability Comparability,
    IReadOnlyList<string> Differences,
    IReadOnlyList<DefinitionBridge> Bridges,
    LocalText Explanation);

/// <summary>
/// A published way to bring figures under one definition close to another: the component it adjusts, from which value to
/// which, the factor as a range (1 = no change), and the source that measured it.
/// </summary>
public sealed record DefinitionBridge(
    string Id, LocalText Name, string Component, string From, string To, decimal FactorLow, decimal FactorHigh, string Source)
{
    /// <summary>The first and the last day for which the factor was measured; null is open.</summary>
    public DateOnly? ValidFrom { get; init; }

    public DateOnly? ValidTo { get; init; }

    /// <summary>Where it holds, in the words of its source.</summary>
    public string Scope { get; init; } = "";

    /// <summary>Whether it was measured for the whole of a period.</summary>
    public bool Covers(Period period) => period.Granularity == Granularity.Undated ? ValidFrom is null && ValidTo is null
        : (ValidFrom is not { } from || period.FirstDay >= from) && (ValidTo is not { } to || period.LastDay <= to);
}

/// <summary>
/// <paramref name="ReportingStated"/> and <paramref name="SharingStated"/>: as the source document says (45 report, 24 share).
/// <paramref name="Reporting"/>: areas known to report flows here; <paramref name="LargestGroup"/>: the most that agree with one another.
/// </summary>
public sealed record CoverageMap(
    int ReportingStated,
    int SharingStated,
    string StatedBy,
    IReadOnlyList<CoverageArea> Areas,
    int Reporting,
    int LargestGroup);

/// <summary>An area that reports flows: known from a series (its id) or from the register; <paramref name="Group"/> numbers areas whose definitions agree.</summary>
public sealed record CoverageArea(string Area, string KnownFrom, string? DefinitionId, int? Group);

/// <summary>The statement of a source about coverage, carried in a pack.</summary>
public sealed record CoverageStatement(int Reporting, int Sharing, string StatedBy);

public sealed record DefinitionNotice(string DefinitionId, string Area, string Topic, long Version, LocalText Text, DateTimeOffset At);
