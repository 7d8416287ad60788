using Waymark.Evidence.Catalogue;
using Waymark.Evidence.Contracts;
using Waymark.Evidence.Importing;
using Waymark.Evidence.Quality;
using Waymark.Evidence.Querying;
using Waymark.Formats;
using Waymark.Model;
using Waymark.Packs;
using Waymark.Storage;

namespace Waymark.Evidence.Features;

/// <summary>What the evidence base stands on. <paramref name="Limits"/> null: the defaults of the readers.</summary>
public sealed record EvidenceOptions(PackLibrary Packs, AreaRegistry Areas, EvidenceFacts Facts, IStore Store, IKeyStore Keys, TimeProvider Clock, ReadLimits? Limits = null)
{
    /// <summary>Series that no pack of kind <c>series</c> declares: those of reference packs.</summary>
    public IReadOnlyList<SeriesDefinition> Series { get; init; } = [];
}

/// <summary>The evidence base over one store and one set of packs; safe for any number of callers.</summary>
public sealed class EvidenceBase : IEvidence, IDisposable
{
    /// <summary>A staged vintage younger than this may belong to an import that is still running elsewhere.</summary>
    private static readonly TimeSpan StagedFor = TimeSpan.FromMinutes(15);

    private readonly EvidenceOptions _options;
    private readonly SeriesCache _series;
    private readonly Importer _importer;
    private readonly QueryEngine _queries;
    private readonly QualityRunner _quality;

    private EvidenceBase(EvidenceOptions options, EvidenceCatalogue catalogue)
    {
        (_options, Catalogue) = (options, catalogue);
        _series = new(options.Store, catalogue);
        _importer = new(catalogue, options.Store, options.Keys, _series, PersonDetector.From(options.Packs), options.Clock, options.Limits ?? ReadLimits.Default);
        _queries = new(catalogue, _series, options.Clock);
        _quality = new(catalogue, CheckReader.Read(options.Packs, new PackErrors()), _series, options.Store, ReportAsync, options.Clock);
    }

    /// <summary>Profiles, series, concepts and areas as the packs give them.</summary>
    public EvidenceCatalogue Catalogue { get; }

    /// <summary>The loaded series, for other features of this module.</summary>
    public ISeriesCubes Series => _series;

    /// <summary>Opens the evidence base; what a crashed import left staged is discarded. <paramref name="alone"/>: no other process uses the store.</summary>
    public static async Task<EvidenceBase> OpenAsync(EvidenceOptions options, bool alone, CancellationToken cancellationToken)
    {
        var opened = new EvidenceBase(options, EvidenceCatalogue.Load(options.Packs, options.Areas, options.Facts, options.Series));
        if (options.Store.Info.ReadOnlyReason is null)
        {
            await opened._importer.Store.RecoverAsync(alone ? null : StagedFor, cancellationToken);
        }

        return opened;
    }

    public Task<Result<IReadOnlyList<ImportReport>>> ImportAsync(ImportRequest request, IProgress<ImportProgress>? progress, CancellationToken cancellationToken) =>
        _importer.ImportAsync(request, progress, cancellationToken);

    public async Task<Contracts.Detection> DetectAsync(ImportInput file, CancellationToken cancellationToken)
    {
        var seen = await Task.Run(() => _importer.Interpreter.Recognise(file, null, cancellationToken), cancellationToken);
        var error = seen.Error ?? (seen.Persons.Count > 0 ? Error.Refused("import.persons", $"This looks like a list of persons ({string.Join(", ", seen.Persons)}).",
            $"这看起来是逐行列出个人的名单（{string.Join("、", seen.Persons)}）。", file.FileName) : null);
        return new(file.FileName, seen.File?.Sha256 ?? BlobId.Of(file.Bytes.Span).Hex, seen.File?.MediaType ?? "application/octet-stream",
            seen.File?.Text?.Encoding.ToString().ToLowerInvariant(), seen.File?.Text is { } text ? ((char)text.Delimiter).ToString() : null,
            [.. seen.File?.Sheets.Select(sheet => sheet.Name) ?? []], [.. seen.Candidates.Select(candidate => candidate.Detected)], error)
        {
            Advice = error is null ? Advice.For(seen.Candidates) : [],
        };
    }

    public async Task<IReadOnlyList<SourceSummary>> SourcesAsync(CancellationToken cancellationToken)
    {
        var imports = (await RecordsAsync(int.MaxValue, cancellationToken)).GroupBy(import => import.Publisher, StringComparer.Ordinal).ToDictionary(group => group.Key, group => group.ToList(), StringComparer.Ordinal);
        return [.. Catalogue.Profiles.GroupBy(profile => profile.Publisher, StringComparer.Ordinal).OrderBy(group => group.Key, StringComparer.Ordinal).Select(group =>
        {
            var publisher = Catalogue.Publisher(group.Key);
            var done = imports.GetValueOrDefault(group.Key) ?? [];
            return new SourceSummary(group.Key, publisher.Name, publisher.Tier,
                [.. group.OrderBy(profile => profile.Id, StringComparer.Ordinal).Select(profile => new ProfileSummary(profile.Id, profile.Version, profile.Title, profile.Licence, [.. profile.KnownSeries]))],
                done.Count, done.Count == 0 ? null : done.Max(import => import.At));
        })];
    }

    public async Task<IReadOnlyList<ImportSummary>> ImportsAsync(int limit, CancellationToken cancellationToken) =>
        [.. (await RecordsAsync(Math.Clamp(limit, 1, 10_000), cancellationToken)).Select(import => import.Summary)];

    public async Task<Result<ImportReport>> ImportReportAsync(string importId, CancellationToken cancellationToken) =>
        await ReportAsync(importId, cancellationToken) is { } report ? report
            : Error.NotFound("import.not-found", $"There is no import {importId}.", $"没有导入 {importId}。");

    public async Task<Result<SnapshotFile>> SnapshotAsync(string sha256, CancellationToken cancellationToken)
    {
        if (!BlobId.IsValid(sha256) || await _options.Store.Records.GetAsync(ImportStore.Snapshots, sha256, cancellationToken) is not { } record
            || EvidenceJson.Read<SnapshotRecord>(record.Document.Span) is not { } snapshot)
        {
            return Error.NotFound("snapshot.not-found", "No file of this hash was imported.", "没有导入过此哈希值的文件。");
        }

        return await _options.Store.Blobs.ReadAsync(new(sha256), cancellationToken) is { } bytes
            ? new SnapshotFile(snapshot.FileName, snapshot.MediaType, sha256, snapshot.Publisher, snapshot.Licence, bytes)
            : Error.NotFound("snapshot.shredded", "The bytes of this file were destroyed on purpose; its hash stays.", "该文件内容已按要求销毁，仅保留哈希值。");
    }

    public async Task<IReadOnlyList<SeriesSummary>> SeriesAsync(CancellationToken cancellationToken) =>
        [.. (await _series.AllAsync(cancellationToken)).Select(loaded => SeriesSummaries.Of(Catalogue, loaded))];

    public IReadOnlyList<QuantitySummary> Quantities =>
    [
        .. Catalogue.Quantities.Values.Select(quantity => new QuantitySummary(quantity.Id, quantity.Name, quantity.Unit, quantity.Definition, quantity.Dimensions,
            [.. quantity.Sources.Select(Spoken)], quantity.Reference)),
    ];

    private QuantitySourceSummary Spoken(QuantitySource source)
    {
        var publisher = Catalogue.Publisher(source.Series.Split('/')[0]);
        return new(source.Series, publisher.Name, publisher.Tier, source.Note);
    }

    public async Task<Result<SeriesSummary>> SeriesAsync(string series, CancellationToken cancellationToken)
    {
        var found = await _queries.FindAsync(series, cancellationToken);
        return found.IsOk ? SeriesSummaries.Of(Catalogue, found.Value) : found.Error;
    }

    public Task<Result<QueryResult>> QueryAsync(SeriesQuery query, CancellationToken cancellationToken) => _queries.RunAsync(query, cancellationToken);

    public async Task<Result<IReadOnlyList<Explanation>>> ExplainAsync(SeriesQuery query, int limit, CancellationToken cancellationToken)
    {
        var explained = await new Explainer(Catalogue, _queries, _options.Clock).ExplainAsync(query, limit, cancellationToken);
        if (!explained.TryGet(out var explanations))
        {
            return explained.Error!;
        }

        var checks = await _quality.CheckAsync(query.Series, cancellationToken);
        return checks.TryGet(out var findings)
            ? Result<IReadOnlyList<Explanation>>.Ok([.. explanations.Select(explanation => explanation with { Findings = [.. findings.Where(finding => Concerns(finding, explanation))] })])
            : Result<IReadOnlyList<Explanation>>.Ok(explanations);
    }

    public Task<Result<IReadOnlyList<CheckFinding>>> CheckAsync(string? series, CancellationToken cancellationToken) => _quality.CheckAsync(series, cancellationToken);

    public Task<Result<Waiver>> WaiveAsync(Waiver waiver, CancellationToken cancellationToken) => _quality.WaiveAsync(waiver, cancellationToken);

    public Task<Result<IReadOnlyList<SeriesDiff>>> DiffAsync(string? series, DateTimeOffset from, DateTimeOffset to, int changesPerSeries, CancellationToken cancellationToken) =>
        new Differ(_series, _queries).DiffAsync(series, from, to, changesPerSeries, cancellationToken);

    /// <summary>Destroys a quarantined file: its key, then its bytes. Hash and tombstone stay (M50).</summary>
    public Task<Result<bool>> ShredQuarantinedAsync(string sha256, string actor, CancellationToken cancellationToken) =>
        _importer.Store.ShredAsync(sha256, actor, cancellationToken);

    public void Dispose()
    {
        _importer.Dispose();
        _series.Dispose();
    }

    private static bool Concerns(CheckFinding finding, Explanation explanation) =>
        (finding.Period is null || finding.Period == explanation.Period)
        && finding.Key.Count > 0 && finding.Key.All(pair => explanation.Key.GetValueOrDefault(pair.Key) == pair.Value);

    private async Task<ImportReport?> ReportAsync(string importId, CancellationToken cancellationToken) =>
        await _importer.Store.FindAsync(importId, cancellationToken) is { } record ? await _importer.Store.ReportAsync(record, cancellationToken) : null;

    /// <summary>Import records, newest first.</summary>
    private async Task<IReadOnlyList<ImportRecord>> RecordsAsync(int limit, CancellationToken cancellationToken)
    {
        var records = new List<ImportRecord>();
        string? after = null;
        do
        {
            var page = await _options.Store.Records.ListAsync(new(ImportStore.Imports, [], "at", Descending: true, Limit: Math.Min(500, limit - records.Count), After: after), cancellationToken);
            if (!page.TryGet(out var found))
            {
                break;
            }

            records.AddRange(found.Records.Select(record => EvidenceJson.Read<ImportRecord>(record.Document.Span)).OfType<ImportRecord>());
            after = found.Next;
        }
        while (after is not null && records.Count < limit);
        return records;
    }
}
