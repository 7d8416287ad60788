using Waymark.Ledger;
using Waymark.Model;
using Waymark.Storage;

namespace Waymark.Audit.Exporting;

/// <summary>Proofs from the stored tree.</summary>
public static class StoredProofs
{
    /// <summary>
    /// The proof for a leaf, to travel alone: its entry, its place, the path, and the newest checkpoint, or the newest
    /// published one that covers it. Errors: <c>ledger.unknown-leaf</c> (no such leaf, or it has no place yet; try again in
    /// a second), <c>ledger.not-published</c>, <c>ledger.damaged</c>.
    /// </summary>
    public static async Task<Result<InclusionNote>> ProveAsync(ILedgerStore ledger, LeafId leaf, bool published, CancellationToken cancellationToken)
    {
        if (await ledger.FindAsync(leaf.ToArray(), cancellationToken) is not { } index)
        {
            return Error.NotFound("ledger.unknown-leaf", "The ledger has no such leaf, or it has no place yet.", "账本中没有此条目，或尚未编号。", leaf.ToString())
                .WithHint("A new leaf has its place within a second; try again.", "新条目在一秒内编号，请重试。");
        }

        var note = published
            ? (await ledger.NewestPublishedAsync(cancellationToken))?.Note
            : (await ledger.HeadAsync(cancellationToken)).Checkpoint;
        if (note is null || !SignedNote.Parse(note.Value.Span).TryGet(out var signed) || !Checkpoint.Parse(signed.Text).TryGet(out var checkpoint)
            || checkpoint.Size <= index)
        {
            return Error.NotFound("ledger.not-published", "No published checkpoint covers this leaf yet.", "尚无已发布的检查点涵盖此条目。", leaf.ToString());
        }

        var tiles = new StoredTiles(ledger);
        var path = await tiles.AskAsync(read => Proof.Inclusion(index, checkpoint.Size, read), cancellationToken);
        var bundle = await ledger.BundleAsync(index / Tile.Full, cancellationToken) is { } bytes ? EntryBundle.Read(bytes) : null;
        return path is not null && bundle is not null && bundle.Count > index % Tile.Full
            ? new InclusionNote(bundle[(int)(index % Tile.Full)], index, path, signed)
            : Error.Faulty("ledger.damaged", "The stored ledger is incomplete here.", "账本在此处不完整。", leaf.ToString());
    }

    /// <summary>That the larger tree begins with the smaller one; null when tiles are missing.</summary>
    public static Task<IReadOnlyList<TreeHash>?> ConsistencyAsync(ILedgerStore ledger, long smaller, long larger, CancellationToken cancellationToken) =>
        new StoredTiles(ledger).AskAsync(read => Proof.Consistency(smaller, larger, read), cancellationToken);
}

/// <summary>
/// Answers questions of the kernel, which reads synchronously, from a store that answers asynchronously: the question is
/// asked again until every tile it wants has been fetched. A proof wants a few dozen tiles at most.
/// </summary>
internal sealed class StoredTiles(ILedgerStore ledger)
{
    private readonly Dictionary<(int Level, long Index), ReadOnlyMemory<byte>?> _tiles = [];

    public async Task<T?> AskAsync<T>(Func<TileReader, T?> question, CancellationToken cancellationToken)
        where T : class
    {
        while (true)
        {
            var wanted = new HashSet<(int Level, long Index)>();
            var answer = question(tile =>
            {
                if (_tiles.TryGetValue((tile.Level, tile.Index), out var hashes))
                {
                    return hashes;
                }

                wanted.Add((tile.Level, tile.Index));
                return null;
            });
            if (wanted.Count == 0)
            {
                return answer;
            }

            foreach (var (level, index) in wanted)
            {
                _tiles[(level, index)] = await ledger.TileAsync(level, index, cancellationToken);
            }
        }
    }
}
