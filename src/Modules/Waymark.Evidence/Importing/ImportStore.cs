using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Waymark.Evidence.Contracts;
using Waymark.Evidence.Querying;
using Waymark.Model;
using Waymark.Storage;

namespace Waymark.Evidence.Importing;

/// <summary>
/// Writes imports: blobs first, then vintages staged with their segments, then one commit that makes everything visible
/// together with the import record. A crash before that commit leaves only staged vintages and young blobs, which
/// <see cref="RecoverAsync"/> discards and the store sweeps.
/// </summary>
internal sealed class ImportStore(IStore store, IKeyStore keys, TimeProvider clock)
{
    public const string Imports = "evidence.import";
    public const string Snapshots = "evidence.snapshot";
    public const string Quarantine = "evidence.quarantine";
    private const int PartsPerCommit = 500;
    private const int BytesPerPut = 32 << 20;

    /// <summary>The same bytes under the same version of the profile are one import.</summary>
    public static string ImportId(string sha256, string profile, string version) =>
        $"{sha256[..24]}-{BlobId.Of(System.Text.Encoding.UTF8.GetBytes($"{profile}@{version}")).Hex[..8]}";

    public async Task<ImportRecord?> FindAsync(string importId, CancellationToken cancellationToken) =>
        await store.Records.GetAsync(Imports, importId, cancellationToken) is { } record ? EvidenceJson.Read<ImportRecord>(record.Document.Span) : null;

    public async Task<ImportReport?> ReportAsync(ImportRecord record, CancellationToken cancellationToken) =>
        await store.Blobs.ReadAsync(new(record.Report), cancellationToken) is { } json ? EvidenceJson.Read<ImportReport>(json) : null;

    /// <summary>Keeps the bytes of the file; nothing refers to them yet.</summary>
    public Task<Result<BlobId>> KeepAsync(ImportInput input, CancellationToken cancellationToken)
    {
        var bytes = MemoryMarshal.TryGetArray(input.Bytes, out var array) ? array : input.Bytes.ToArray();
        return store.Blobs.PutAsync(new MemoryStream(bytes.Array!, bytes.Offset, bytes.Count, writable: false), cancellationToken);
    }

    /// <summary>Stages and flips; the record goes with the flip.</summary>
    public async Task<Result<ImportRecord>> WriteAsync(ImportInput input, BlobId snapshot, Recognised recognised, Interpreted interpreted, ImportReport report,
        string actor, DateTimeOffset? retrievedAt, CancellationToken cancellationToken)
    {

        var importId = report.ImportId!;
        var vintages = new List<VintageWrite>();
        var segments = new List<SegmentWrite>();
        var sinks = interpreted.Reading.Sinks.Where(sink => sink.Total > 0).ToList();
        var ids = report.Series.ToDictionary(series => series.Series, series => series.Vintage, StringComparer.Ordinal);
        foreach (var sink in sinks)
        {
            var vintage = ids[sink.Series.Id];
            vintages.Add(new(vintage, sink.Series.Id, importId, interpreted.Release, interpreted.ReleaseOrder));
            for (var from = 0; from < sink.Segments.Count;)
            {
                var batch = new List<ReadOnlyMemory<byte>>();
                for (var size = 0; from + batch.Count < sink.Segments.Count;)
                {
                    var bytes = await sink.Segments[from + batch.Count].BytesAsync();
                    if (batch.Count > 0 && size + bytes.Length > BytesPerPut)
                    {
                        break;
                    }

                    size += bytes.Length;
                    batch.Add(bytes);
                }

                var put = await store.Blobs.PutManyAsync(batch, cancellationToken);
                if (!put.TryGet(out var blobs))
                {
                    return put.Error!;
                }

                segments.AddRange(blobs.Select((blob, i) => new SegmentWrite(vintage, from + i, blob, sink.Segments[from + i].Count)));
                from += batch.Count;
            }
        }

        foreach (var shelf in report.Notes)
        {
            var written = await store.Blobs.PutManyAsync([NoteShelf.Write(interpreted.Reading.PublisherNotes[shelf.Profile])], cancellationToken);
            if (!written.TryGet(out var notes))
            {
                return written.Error!;
            }

            vintages.Add(new(shelf.Vintage, NoteShelf.Of(shelf.Profile), importId, interpreted.Release, interpreted.ReleaseOrder));
            segments.Add(new(shelf.Vintage, 0, notes[0], shelf.Notes));
        }

        var at = clock.GetUtcNow();
        var reportBlob = await store.Blobs.PutManyAsync([EvidenceJson.Write(report)], cancellationToken);
        if (!reportBlob.TryGet(out var reportId))
        {
            return reportBlob.Error!;
        }

        foreach (var part in Parts(vintages, segments, actor))
        {
            var staged = await store.CommitAsync(part, cancellationToken);
            if (!staged.IsOk)
            {
                return staged.Error;
            }
        }

        var record = new ImportRecord
        {
            Id = importId,
            FileName = input.FileName,
            Sha256 = report.Sha256,
            Bytes = input.Bytes.Length,
            MediaType = report.MediaType ?? "application/octet-stream",
            Profile = report.Profile!,
            Publisher = report.Publisher!,
            Licence = recognised.Profile!.Licence,
            Release = interpreted.Release,
            Complete = recognised.Profile.IsComplete,
            Actor = actor,
            At = at,
            RetrievedAt = retrievedAt,
            Observations = report.Cells.Observations,
            KeptAside = report.Cells.KeptAside,
            Warnings = report.Warnings.Count,
            Report = reportId[0].Hex,
            Vintages = vintages.ToDictionary(vintage => vintage.Id, vintage => vintage.Series, StringComparer.Ordinal),
            Footnotes = interpreted.Reading.Footnotes,
            Undeclared = sinks.Where(sink => !sink.Series.IsDeclared)
                .ToDictionary(sink => sink.Series.Id, sink => (IReadOnlyList<string>)[.. sink.Series.Dimensions.Select(dimension => dimension.Id)], StringComparer.Ordinal),
        };
        var known = await store.Records.GetAsync(Snapshots, report.Sha256, cancellationToken);
        var snapshotRecord = new SnapshotRecord(report.Sha256, input.FileName, record.MediaType, record.Bytes, record.Publisher, record.Licence, retrievedAt, record.Profile);
        var flip = await store.CommitAsync(new()
        {
            Actor = actor,
            Reason = "evidence.import",
            Flips = [.. vintages.Select(vintage => new VintageFlip(vintage.Id, VintageState.Staged, VintageState.Visible))],
            Records =
            [
                new(Imports, importId, 0, EvidenceJson.Write(record), EvidenceJson.Write(new { imported = input.FileName, release = interpreted.Release }),
                    [new("at", at.UtcDateTime.ToString("O", System.Globalization.CultureInfo.InvariantCulture)), new("sha256", report.Sha256), new("publisher", record.Publisher), new("profile", recognised.Profile.Id)]),
                .. known is null ? [new RecordWrite(Snapshots, report.Sha256, 0, EvidenceJson.Write(snapshotRecord), EvidenceJson.Write(new { kept = input.FileName }), [new("publisher", record.Publisher)])] : Array.Empty<RecordWrite>(),
            ],
            BlobReferences = [new($"snapshot/{report.Sha256}", snapshot), new($"import/{importId}", reportId[0])],
        }, cancellationToken);
        return flip.IsOk ? record : flip.Error;
    }

    /// <summary>A vintage id that no earlier, discarded attempt has used.</summary>
    public async Task<string> VintageIdAsync(string importId, string series, CancellationToken cancellationToken)
    {
        var id = $"{importId}.{BlobId.Of(System.Text.Encoding.UTF8.GetBytes(series)).Hex[..8]}";
        for (var attempt = 2; await store.Series.FindVintageAsync(id, cancellationToken) is { State: VintageState.Discarded }; attempt++)
        {
            id = $"{id[..(importId.Length + 9)]}.{attempt}";
        }

        return id;
    }

    /// <summary>Discards what an interrupted import left staged (null: whatever its age); its import starts afresh when the file is given again.</summary>
    public async Task<int> RecoverAsync(TimeSpan? olderThan, CancellationToken cancellationToken)
    {
        var left = (await store.Series.VintagesAsync(null, cancellationToken))
            .Where(vintage => vintage.State == VintageState.Staged && (olderThan is null || vintage.StagedAt <= clock.GetUtcNow() - olderThan)).ToList();
        foreach (var part in left.Chunk(PartsPerCommit))
        {
            var swept = await store.CommitAsync(new()
            {
                Actor = "system",
                Reason = "evidence.sweep-staged",
                Flips = [.. part.Select(vintage => new VintageFlip(vintage.Id, VintageState.Staged, VintageState.Discarded))],
            }, cancellationToken);
            if (!swept.IsOk)
            {
                break;
            }
        }

        return left.Count;
    }

    /// <summary>Keeps the bytes encrypted (AES-256-GCM) under a key of their own; destroying the key destroys the file.</summary>
    public async Task<Error?> QuarantineAsync(ImportInput input, string sha256, IReadOnlyList<string> signs, string actor, CancellationToken cancellationToken)
    {
        if (await store.Records.GetAsync(Quarantine, sha256, cancellationToken) is not null)
        {
            return null;
        }

        var name = "evidence-quarantine-" + sha256[..32];
        var key = await keys.GetOrCreateAsync(name, 32, cancellationToken);
        if (!key.IsOk)
        {
            return key.Error;
        }

        var sealedBytes = Seal(input.Bytes.Span, key.Value, sha256);
        var blob = await store.Blobs.PutManyAsync([sealedBytes], cancellationToken);
        if (!blob.TryGet(out var ids))
        {
            return blob.Error;
        }

        // The name a person gave the file may itself name somebody: it is kept inside the envelope only.
        var record = new QuarantineRecord(sha256, "", input.Bytes.Length, actor, clock.GetUtcNow(), ids[0].Hex, name, signs, "waiting");
        var kept = await store.CommitAsync(new()
        {
            Actor = actor,
            Reason = "evidence.quarantine",
            Records = [new(Quarantine, sha256, 0, EvidenceJson.Write(record), EvidenceJson.Write(new { quarantined = signs }), [new("state", "waiting")])],
            BlobReferences = [new($"quarantine/{sha256}", ids[0])],
        }, cancellationToken);
        return kept.Error;
    }

    /// <summary>Destroys the key and the bytes of a quarantined file; hash and tombstone stay.</summary>
    public async Task<Result<bool>> ShredAsync(string sha256, string actor, CancellationToken cancellationToken)
    {
        if (await store.Records.GetAsync(Quarantine, sha256, cancellationToken) is not { } stored || EvidenceJson.Read<QuarantineRecord>(stored.Document.Span) is not { } record)
        {
            return Error.NotFound("quarantine.not-found", "No quarantined file has this hash.", "没有此哈希值的隔离文件。");
        }

        var destroyed = await keys.DestroyAsync(record.Key, cancellationToken);
        var shredded = await store.Blobs.ShredAsync(new(record.Blob), cancellationToken);
        if (!shredded.IsOk)
        {
            return shredded.Error;
        }

        var written = await store.CommitAsync(new()
        {
            Actor = actor,
            Reason = "evidence.shred",
            Records = [new(Quarantine, sha256, stored.Version, EvidenceJson.Write(record with { State = "shredded" }), EvidenceJson.Write(new { shredded = sha256 }), [new("state", "shredded")])],
        }, cancellationToken);
        return written.IsOk ? destroyed : written.Error;
    }

    internal static byte[] Seal(ReadOnlySpan<byte> plain, byte[] key, string sha256)
    {
        var sealedBytes = new byte[12 + plain.Length + 16];
        RandomNumberGenerator.Fill(sealedBytes.AsSpan(0, 12));
        using var cipher = new AesGcm(key, 16);
        cipher.Encrypt(sealedBytes.AsSpan(0, 12), plain, sealedBytes.AsSpan(12, plain.Length), sealedBytes.AsSpan(12 + plain.Length), System.Text.Encoding.ASCII.GetBytes(sha256));
        return sealedBytes;
    }

    private static IEnumerable<WriteSet> Parts(List<VintageWrite> vintages, List<SegmentWrite> segments, string actor)
    {
        yield return new() { Actor = actor, Reason = "evidence.stage", Vintages = vintages, Segments = [.. segments.Take(PartsPerCommit)] };
        foreach (var part in segments.Skip(PartsPerCommit).Chunk(PartsPerCommit))
        {
            yield return new() { Actor = actor, Reason = "evidence.stage", Segments = part };
        }
    }
}
