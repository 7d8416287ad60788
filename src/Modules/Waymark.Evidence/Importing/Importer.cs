using System.Security.Cryptography;
using Waymark.Evidence.Catalogue;
using Waymark.Evidence.Contracts;
using Waymark.Evidence.Querying;
using Waymark.Evidence.Reading;
using Waymark.Formats;
using Waymark.Model;
using Waymark.Storage;

namespace Waymark.Evidence.Importing;

/// <summary>Imports files one after the other: recognise, read, stage, make visible. One import at a time per process.</summary>
internal sealed class Importer(EvidenceCatalogue catalogue, IStore store, IKeyStore keys, SeriesCache cubes, PersonDetector? persons, TimeProvider clock, ReadLimits limits) : IDisposable
{
    private readonly SemaphoreSlim _one = new(1, 1);
    private readonly FileInterpreter _interpreter = new(catalogue, persons, limits);

    public ImportStore Store { get; } = new(store, keys, clock);

    public void Dispose() => _one.Dispose();

    public FileInterpreter Interpreter => _interpreter;

    public async Task<Result<IReadOnlyList<ImportReport>>> ImportAsync(ImportRequest request, IProgress<ImportProgress>? progress, CancellationToken cancellationToken)
    {
        if (request.Files.Count == 0)
        {
            return Error.Invalid("import.no-files", "There is no file to import.", "没有要导入的文件。");
        }

        var reports = new List<ImportReport>();
        for (var i = 0; i < request.Files.Count; i++)
        {
            var (file, number) = (request.Files[i], i + 1);
            progress?.Report(new(file.FileName, number, request.Files.Count, "bytes", file.Bytes.Length, file.Bytes.Length));
            await _one.WaitAsync(cancellationToken);
            try
            {
                var rows = progress is null ? null : new RowProgress(progress, file.FileName, number, request.Files.Count);
                reports.Add(await OneAsync(file, request, rows, cancellationToken));
            }
            finally
            {
                _one.Release();
            }

            progress?.Report(new(file.FileName, number, request.Files.Count, "done", reports[^1].Cells.Observations, reports[^1].Cells.Observations));
        }

        return reports;
    }

    private async Task<ImportReport> OneAsync(ImportInput input, ImportRequest request, IProgress<long>? progress, CancellationToken cancellationToken)
    {
        try
        {
            var recognised = await Task.Run(() => _interpreter.Recognise(input, request.Source, cancellationToken), cancellationToken);
            var sha256 = recognised.File?.Sha256 is { Length: > 0 } known ? known : Convert.ToHexStringLower(SHA256.HashData(input.Bytes.Span));
            if (recognised.Persons.Count > 0)
            {
                return await QuarantineAsync(input, sha256, recognised, request, cancellationToken);
            }

            if (recognised.Error is { } error)
            {
                return Reports.Empty(input, sha256, ImportState.Failed, error);
            }

            if (recognised.Profile is not { } profile)
            {
                var advice = Advice.For(recognised.Candidates);
                return Reports.Empty(input, sha256, ImportState.Unrecognised, Error.Faulty("import.unrecognised",
                    "No source profile fits this file.", "没有适用于该文件的来源说明。", input.FileName)
                    .WithHint(string.Join(" ", advice.Select(text => text.In("en"))), string.Concat(advice.Select(text => text.In("zh")))))
                    with { MediaType = recognised.File?.MediaType };
            }

            var importId = ImportStore.ImportId(sha256, profile.Id, profile.Version);
            if (await Store.FindAsync(importId, cancellationToken) is { } present)
            {
                var before = await Store.ReportAsync(present, cancellationToken);
                return (before ?? Reports.Empty(input, sha256, ImportState.AlreadyPresent, null) with { ImportId = importId }) with { State = ImportState.AlreadyPresent, FileName = input.FileName };
            }

            var read = await Task.Run(() => _interpreter.Read(recognised, progress, cancellationToken), cancellationToken);
            return read.TryGet(out var interpreted)
                ? await StoreAsync(input, request, recognised, interpreted, importId, cancellationToken)
                : Reports.Empty(input, sha256, ImportState.Failed, read.Error) with { MediaType = recognised.File!.MediaType, Profile = $"{profile.Id}@{profile.Version}", Publisher = profile.Publisher };
        }
        catch (System.Text.RegularExpressions.RegexMatchTimeoutException)
        {
            return Reports.Empty(input, Convert.ToHexStringLower(SHA256.HashData(input.Bytes.Span)), ImportState.Failed, Error.TooLarge("import.pattern-too-slow",
                "A pattern of a source profile takes too long on this file.", "来源说明中的某个模式在该文件上耗时过长。", input.FileName)
                .WithHint("Try again when the machine is less busy; if it happens again, the pattern must be made simpler in the pack.", "请在机器较空闲时重试；若再次发生，须简化数据包中的模式。"));
        }
    }

    private async Task<ImportReport> StoreAsync(ImportInput input, ImportRequest request, Recognised recognised, Interpreted interpreted, string importId, CancellationToken cancellationToken)
    {
        var open = new List<(Segments.SegmentSink Sink, string Vintage, SeriesCache.OpenVintage Cube)>();

        // The file goes to the store while the cubes take in what was read from it.
        var keeping = request.DryRun ? null : Task.Run(() => Store.KeepAsync(input, cancellationToken), cancellationToken);
        try
        {
            foreach (var sink in interpreted.Reading.Sinks.Where(sink => sink.Total > 0).OrderBy(sink => sink.Series.Id, StringComparer.Ordinal))
            {
                var vintage = await Store.VintageIdAsync(importId, sink.Series.Id, cancellationToken);
                open.Add((sink, vintage, await cubes.AppendAsync(sink, new(vintage, interpreted.Release, interpreted.ReleaseOrder, recognised.Profile!.IsComplete), cancellationToken)));
            }

            IReadOnlyList<SeriesImport> series = [.. open.Select(item => new SeriesImport(item.Sink.Series.Id, item.Vintage, interpreted.Release, item.Sink.Total,
                item.Cube.Report.New + item.Cube.Report.Late + item.Cube.Report.Duplicates, item.Cube.Report.Revised, item.Cube.Report.Unchanged,
                item.Sink.ByStatus.ToDictionary(pair => pair.Key.Letter(), pair => pair.Value), item.Sink.First?.ToString(), item.Sink.Last?.ToString(), item.Cube.Report.Withdrawn))];
            var notes = await NotesAsync(interpreted.Reading, importId, cancellationToken);
            if (request.DryRun)
            {
                return Reports.Of(input, recognised, interpreted, ImportState.DryRun, null, series, notes);
            }

            var report = Reports.Of(input, recognised, interpreted, ImportState.Imported, importId, series, notes);
            var kept = await keeping!;
            var written = !kept.IsOk ? kept.Error : await Store.WriteAsync(input, kept.Value, recognised, interpreted, report, request.Actor, request.RetrievedAt, cancellationToken);
            if (!written.TryGet(out var record))
            {
                return report with { State = ImportState.Failed, Error = written.Error, ImportId = null };
            }

            foreach (var (sink, vintage, cube) in open)
            {
                if (await store.Series.FindVintageAsync(vintage, cancellationToken) is { } stored)
                {
                    cube.Publish(stored, record);
                }
            }

            return report;
        }
        finally
        {
            if (keeping is not null)
            {
                await ((Task)keeping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }

            foreach (var (_, _, cube) in open)
            {
                await cube.DisposeAsync();
            }
        }
    }

    /// <summary>Which notes of a file of its own speak of figures that are here.</summary>
    private async Task<IReadOnlyList<NotesImport>> NotesAsync(FileReading reading, string importId, CancellationToken cancellationToken)
    {
        var imports = new List<NotesImport>();
        foreach (var (profile, notes) in reading.PublisherNotes)
        {
            var (left, withFigures) = (notes.ToHashSet(), reading.ObservationCount > 0);
            var series = catalogue.FindProfile(profile)!.Notes!.Series;
            foreach (var id in withFigures ? [] : series)
            {
                if (await cubes.FindAsync(id, cancellationToken) is { } loaded)
                {
                    var known = new SeriesNotes([.. left.Select(note => NoteShelf.New(note))], loaded.Definition.Dimensions.Select(dimension => dimension.Id), 0);
                    left.ExceptWith(known.All.Select(note => note.Note).Except(known.WithoutFigures(loaded.Cube, DateTimeOffset.UnixEpoch).Select(note => note.Note)));
                }
            }

            var vintage = await Store.VintageIdAsync(importId, NoteShelf.Of(profile), cancellationToken);
            imports.Add(new(profile, series, vintage, notes.Count, withFigures ? null : notes.Count - left.Count,
                withFigures ? [] : [.. notes.Where(left.Contains).Take(FileReport.MostKept)]));
        }

        return imports;
    }

    private async Task<ImportReport> QuarantineAsync(ImportInput input, string sha256, Recognised recognised, ImportRequest request, CancellationToken cancellationToken)
    {
        var failed = request.DryRun ? null : await Store.QuarantineAsync(input, sha256, recognised.Persons, request.Actor, cancellationToken);
        return Reports.Empty(input, sha256, failed is null ? ImportState.Quarantined : ImportState.Failed, failed ?? Error.Refused("import.persons",
            $"This looks like a list of persons ({string.Join(", ", recognised.Persons)}). Nothing was imported.", $"这看起来是逐行列出个人的名单（{string.Join("、", recognised.Persons)}），未作任何导入。")
            .WithHint("It is kept encrypted under a key of its own until somebody decides: have it shredded, or have case work take it over.", "文件已用单独的密钥加密保存，等待决定：销毁，或交由个案工作接管。"))
            with { MediaType = recognised.File?.MediaType };
    }

    private sealed class RowProgress(IProgress<ImportProgress> progress, string file, int number, int of) : IProgress<long>
    {
        public void Report(long value) => progress.Report(new(file, number, of, "rows", value, null));
    }
}
