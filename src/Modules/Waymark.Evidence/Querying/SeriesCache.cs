using System.Collections.Concurrent;
using Waymark.Evidence.Catalogue;
using Waymark.Evidence.Importing;
using Waymark.Evidence.Segments;
using Waymark.Model;
using Waymark.Statistics.Cube;
using Waymark.Storage;

namespace Waymark.Evidence.Querying;

/// <summary>
/// The cubes of the series, built from the store when first asked and brought up to date by what became visible since. Many
/// readers, one builder per series. The store is the truth; this is a cache.
/// </summary>
internal sealed class SeriesCache(IStore store, EvidenceCatalogue catalogue) : ISeriesCubes, IDisposable
{
    private readonly ConcurrentDictionary<string, Entry> _entries = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, ImportRecord> _imports = new(StringComparer.Ordinal);
    private readonly SegmentRows _rows = new(store);

    private NoteShelf Shelf => new(store, catalogue, ImportAsync);

    public void Dispose() => _rows.Dispose();

    public async Task<LoadedSeries?> FindAsync(string series, CancellationToken cancellationToken)
    {
        if (NoteShelf.IsShelf(series))
        {
            return null;
        }

        var newest = await store.Series.NewestSequenceAsync(cancellationToken);
        if (_entries.TryGetValue(series, out var entry) && entry.Loaded is { } loaded && entry.SeenUpTo >= newest)
        {
            return loaded.Vintages.Count == 0 ? null : loaded;
        }

        entry ??= _entries.GetOrAdd(series, static id => new(id));
        await entry.Gate.WaitAsync(cancellationToken);
        try
        {
            await RefreshAsync(entry, newest, null, cancellationToken);
            return entry.Loaded is { Vintages.Count: > 0 } found ? found : null;
        }
        finally
        {
            entry.Gate.Release();
        }
    }

    public async Task<IReadOnlyList<LoadedSeries>> AllAsync(CancellationToken cancellationToken)
    {
        var all = new List<LoadedSeries>();
        foreach (var id in (await store.Series.VintagesAsync(null, cancellationToken)).Where(vintage => vintage.State == VintageState.Visible && !NoteShelf.IsShelf(vintage.Series))
            .Select(vintage => vintage.Series).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal))
        {
            if (await FindAsync(id, cancellationToken) is { } series)
            {
                all.Add(series);
            }
        }

        return all;
    }

    public async Task<ImportRecord?> ImportAsync(string id, CancellationToken cancellationToken)
    {
        if (_imports.TryGetValue(id, out var known))
        {
            return known;
        }

        return await store.Records.GetAsync(ImportStore.Imports, id, cancellationToken) is { } record
            && EvidenceJson.Read<ImportRecord>(record.Document.Span) is { } import ? _imports[id] = import : null;
    }

    /// <summary>
    /// Opens the next vintage of a series with these observations. Readers see it after <see cref="OpenVintage.Publish"/>;
    /// otherwise it is forgotten. The gate of the series is held until the answer is disposed of.
    /// </summary>
    public async Task<OpenVintage> AppendAsync(SegmentSink sink, CubeVintage vintage, CancellationToken cancellationToken)
    {
        var entry = _entries.GetOrAdd(sink.Series.Id, static id => new(id));
        await entry.Gate.WaitAsync(cancellationToken);
        try
        {
            await RefreshAsync(entry, await store.Series.NewestSequenceAsync(cancellationToken), sink.Series, cancellationToken);
            var (report, segments) = (AppendReport.Nothing, new List<string>(sink.Segments.Count));
            if (entry.Builder!.BeginVintage(vintage).IsOk)
            {
                foreach (var segment in sink.Segments)
                {
                    segments.Add(SegmentRows.NameOf(BlobId.Of(await segment.BytesAsync()).Hex, vintage.Id));
                    var appended = entry.Builder.Append(CubeColumns.Of(await segment.ColumnsAsync(), segments[^1]));
                    report += appended.IsOk ? appended.Value : AppendReport.Nothing;
                }

                report = entry.Builder.Close() is { IsOk: true, Value: var closed } ? closed : report;
            }

            return new(this, entry, report, segments);
        }
        catch
        {
            entry.Builder?.Discard();
            entry.Gate.Release();
            throw;
        }
    }

    private async Task RefreshAsync(Entry entry, long newest, SeriesDefinition? known, CancellationToken cancellationToken)
    {
        if (entry.Loaded is not null && entry.SeenUpTo >= newest)
        {
            return;
        }

        var visible = (await store.Series.VintagesAsync(entry.Series, cancellationToken)).Where(vintage => vintage.State == VintageState.Visible).ToList();
        if (entry.Loaded is { } before && !before.Vintages.Select(vintage => vintage.Id).SequenceEqual(visible.Take(before.Vintages.Count).Select(vintage => vintage.Id), StringComparer.Ordinal))
        {
            entry.Reset(); // another process imported in between: the order of system time decides, so start over
        }

        var definition = entry.Loaded?.Definition ?? known ?? await DefinitionAsync(entry.Series, visible, cancellationToken);
        if (definition is null)
        {
            return;
        }

        entry.Builder ??= new(new(entry.Series, [.. definition.Dimensions.Select(dimension => dimension.Id), .. CubeColumns.Extra])
        {
            LevelOf = (column, code) => CubeColumns.Level(catalogue, definition, column, code),
        });
        var vintages = entry.Loaded?.Vintages.ToList() ?? [];
        foreach (var vintage in visible.Skip(vintages.Count))
        {
            if (await ImportAsync(vintage.Import, cancellationToken) is not { } import)
            {
                continue;
            }

            entry.Builder.BeginVintage(new(vintage.Id, vintage.Release, vintage.ReleaseOrder, import.Complete));
            foreach (var stored in await store.Series.SegmentsAsync(vintage.Id, cancellationToken))
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (await _rows.SegmentAsync(stored.Blob.Hex, cancellationToken) is { } segment)
                {
                    var name = SegmentRows.NameOf(stored.Blob.Hex, vintage.Id);
                    _rows.Belongs(name, import);
                    entry.Builder.Append(CubeColumns.Of(segment, name));
                }
            }

            entry.Builder.Publish();
            vintages.Add(Loaded(vintage, import));
        }

        entry.Loaded = new(definition, entry.Builder.Snapshot, vintages, _rows) { Notes = await Shelf.OfAsync(definition, cancellationToken) };
        entry.SeenUpTo = newest;
    }

    private static LoadedVintage Loaded(StoredVintage vintage, ImportRecord import) => new(vintage.Id, vintage.Release, vintage.ReleaseOrder,
        vintage.VisibleFrom ?? default, vintage.Sequence, vintage.Import, import.FileName, import.Sha256, import.Profile, vintage.Observations, import.Complete);

    private async Task<SeriesDefinition?> DefinitionAsync(string series, List<StoredVintage> visible, CancellationToken cancellationToken)
    {
        if (catalogue.FindSeries(series) is { } declared)
        {
            return declared;
        }

        if (visible.Count == 0 || await ImportAsync(visible[0].Import, cancellationToken) is not { } import)
        {
            return null;
        }

        return new()
        {
            Id = series,
            Publisher = import.Publisher,
            Name = LocalText.In("en", series),
            Unit = "?",
            Licence = import.Licence,
            Citation = catalogue.Publisher(import.Publisher).Name,
            IsDeclared = false,
            Dimensions = [.. (import.Undeclared.GetValueOrDefault(series) ?? []).Select(id =>
            {
                var concept = catalogue.Concept(id, import.Publisher);
                return new DimensionDefinition(id, concept, concept.Name, "_T", "_T");
            })],
        };
    }

    internal sealed class Entry(string series)
    {
        public string Series => series;

        public SemaphoreSlim Gate { get; } = new(1, 1);

        public CubeBuilder? Builder { get; set; }

        public LoadedSeries? Loaded { get; set; }

        public long SeenUpTo { get; set; } = -1;

        public void Reset() => (Builder, Loaded, SeenUpTo) = (null, null, -1);
    }

    /// <summary>A vintage in the making.</summary>
    internal sealed class OpenVintage(SeriesCache cache, Entry entry, AppendReport report, IReadOnlyList<string> segments) : IAsyncDisposable
    {
        private bool _done;

        public AppendReport Report => report;

        /// <summary>The store has committed: readers may see it. The next look at the store checks the order.</summary>
        public void Publish(StoredVintage stored, ImportRecord import)
        {
            _done = true;
            entry.Builder!.Publish();
            cache._imports[import.Id] = import;
            foreach (var segment in segments)
            {
                cache._rows.Belongs(segment, import);
            }

            var loaded = entry.Loaded!;
            entry.Loaded = loaded with { Cube = entry.Builder.Snapshot, Vintages = [.. loaded.Vintages, Loaded(stored, import)] };
        }

        public ValueTask DisposeAsync()
        {
            if (!_done)
            {
                entry.Builder?.Discard();
            }

            entry.Gate.Release();
            return ValueTask.CompletedTask;
        }
    }
}
