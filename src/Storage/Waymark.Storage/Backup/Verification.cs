using System.Security.Cryptography;
using Waymark.Model;
using Waymark.Storage.Engine;

namespace Waymark.Storage.Backup;

/// <summary>Reads every byte of a snapshot and compares it with its address; counts what is there.</summary>
internal static class Verification
{
    public static async Task ReadBackAsync(
        IPortableSnapshot snapshot, Dictionary<string, long> counts, List<Error> faults,
        IProgress<StoreProgress>? progress, CancellationToken cancellationToken)
    {
        var chunked = new Dictionary<string, List<string>>(StringComparer.Ordinal);
        var shredded = new HashSet<string>(StringComparer.Ordinal);
        foreach (var table in PortableSchema.Tables)
        {
            progress?.Report(new(table.Name, 0, null));
            var rows = 0L;
            await foreach (var row in snapshot.RowsAsync(table, cancellationToken))
            {
                rows++;
                if (table.Name == "blob" && row[3] is not null)
                {
                    shredded.Add((string)row[0]!);
                }
                else if (table.Name == "blob_chunk")
                {
                    // Rows come in order of blob and ordinal.
                    (chunked.TryGetValue((string)row[0]!, out var parts) ? parts : chunked[(string)row[0]!] = []).Add((string)row[2]!);
                }
            }

            counts[table.Name] = rows;
        }

        counts["shredded"] = shredded.Count;
        var (chunks, bytes) = (0L, 0L);
        var damaged = new HashSet<string>(StringComparer.Ordinal);
        await foreach (var id in snapshot.ChunkIdsAsync(cancellationToken))
        {
            var content = await snapshot.ChunkAsync(id, cancellationToken);
            chunks++;
            bytes += content?.Length ?? 0;
            if (content is null || BlobId.Of(content).Hex != id)
            {
                damaged.Add(id);
                faults.Add(StoreErrors.Corrupt($"chunk/{id}", "other bytes than its address says"));
            }

            progress?.Report(new("chunk", chunks, null));
        }

        counts["chunk"] = chunks;
        counts["chunk-bytes"] = bytes;
        foreach (var (blob, parts) in chunked.Where(b => !damaged.Overlaps(b.Value)))
        {
            // One chunk whose address is the blob's was compared already.
            if (parts is not [var only] || only != blob)
            {
                await CheckWholeAsync(snapshot, blob, parts, faults, cancellationToken);
            }
        }
    }

    private static async Task CheckWholeAsync(
        IPortableSnapshot snapshot, string blob, List<string> parts, List<Error> faults, CancellationToken cancellationToken)
    {
        using var whole = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var part in parts)
        {
            whole.AppendData(await snapshot.ChunkAsync(part, cancellationToken) ?? []);
        }

        if (Convert.ToHexStringLower(whole.GetHashAndReset()) != blob)
        {
            faults.Add(StoreErrors.Corrupt($"blob/{blob}", "other bytes than its address says"));
        }
    }
}
