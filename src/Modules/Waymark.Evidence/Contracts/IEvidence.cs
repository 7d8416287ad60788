using Waymark.Model;

namespace Waymark.Evidence.Contracts;

/// <summary>
/// The evidence base as pages, the API, the command line and other modules see it. Each method is one feature of
/// <c>Waymark.Evidence/Features</c>; none knows HTTP or a terminal.
/// </summary>
public interface IEvidence
{
    Task<Result<IReadOnlyList<ImportReport>>> ImportAsync(
        ImportRequest request, IProgress<ImportProgress>? progress, CancellationToken cancellationToken);

    Task<Detection> DetectAsync(ImportInput file, CancellationToken cancellationToken);

    /// <summary>Publishers and source profiles of the packs, with what has been imported of each.</summary>
    Task<IReadOnlyList<SourceSummary>> SourcesAsync(CancellationToken cancellationToken);

    /// <summary>Imports, newest first.</summary>
    Task<IReadOnlyList<ImportSummary>> ImportsAsync(int limit, CancellationToken cancellationToken);

    /// <summary>The report of one import as it was written then.</summary>
    Task<Result<ImportReport>> ImportReportAsync(string importId, CancellationToken cancellationToken);

    /// <summary>The original bytes of a snapshot by SHA-256.</summary>
    Task<Result<SnapshotFile>> SnapshotAsync(string sha256, CancellationToken cancellationToken);

    Task<IReadOnlyList<SeriesSummary>> SeriesAsync(CancellationToken cancellationToken);

    /// <summary>Quantities that can be asked as <c>across/ID</c>, with every series that speaks for them, in the order of the pack.</summary>
    IReadOnlyList<QuantitySummary> Quantities { get; }

    Task<Result<SeriesSummary>> SeriesAsync(string series, CancellationToken cancellationToken);

    Task<Result<QueryResult>> QueryAsync(SeriesQuery query, CancellationToken cancellationToken);

    /// <summary>Explains every observation the query lists, at most <paramref name="limit"/> (1,000).</summary>
    Task<Result<IReadOnlyList<Explanation>>> ExplainAsync(SeriesQuery query, int limit, CancellationToken cancellationToken);

    /// <summary>Runs the quality checks of the packs on the current vintages; null checks every series.</summary>
    Task<Result<IReadOnlyList<CheckFinding>>> CheckAsync(string? series, CancellationToken cancellationToken);

    Task<Result<Waiver>> WaiveAsync(Waiver waiver, CancellationToken cancellationToken);

    Task<Result<IReadOnlyList<SeriesDiff>>> DiffAsync(
        string? series, DateTimeOffset from, DateTimeOffset to, int changesPerSeries, CancellationToken cancellationToken);
}

public sealed record SourceSummary(
    string Publisher,
    LocalText PublisherName,
    string Tier,
    IReadOnlyList<ProfileSummary> Profiles,
    int Imports,
    DateTimeOffset? LastImport);

public sealed record ProfileSummary(string Id, string Version, LocalText Name, string Licence, IReadOnlyList<string> Series);

public sealed record ImportSummary(
    string Id, string FileName, string Sha256, long Bytes, string Profile, string Publisher, string Release,
    DateTimeOffset At, string Actor, long Observations, long KeptAside, int Warnings);

public sealed record SnapshotFile(string FileName, string MediaType, string Sha256, string Publisher, string Licence, ReadOnlyMemory<byte> Bytes);

public sealed record QuantitySummary(
    string Id, LocalText Name, string Unit, string Definition, IReadOnlyList<string> Dimensions, IReadOnlyList<QuantitySourceSummary> Sources, string Reference);

public sealed record QuantitySourceSummary(string Series, LocalText PublisherName, string Tier, LocalText? Note);
