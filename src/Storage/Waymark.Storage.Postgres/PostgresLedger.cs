using Npgsql;
using Waymark.Model;
using Waymark.Storage.Engine;

namespace Waymark.Storage.Postgres;

internal sealed class PostgresLedger(PostgresDatabase database, TimeProvider clock) : ILedgerStore
{
    private const string Checkpoint = "select size, note, at from ledger_checkpoint";

    public async Task<LedgerHead> HeadAsync(CancellationToken cancellationToken) =>
        await database.FirstAsync(Checkpoint + " order by size desc limit 1",
            row => new LedgerHead(row.GetInt64(0), row.Bytes(1), row.Time(2)), cancellationToken) ?? new(0, null, null);

    public async Task<IReadOnlyList<PendingLeaves>> PendingAsync(int leaves, CancellationToken cancellationToken) =>
        LeafBundle.Cut(await database.QueryAsync("select sequence, leaves, entries, at from ledger_pending order by sequence limit $1",
            row => new PendingLeaves(row.GetInt64(0), (int)row.GetInt64(1), row.Bytes(2), row.Time(3)), cancellationToken, (long)leaves), leaves);

    public Task<Result<bool>> IntegrateAsync(LedgerBatch batch, CancellationToken cancellationToken) =>
        database.WriteAsync([new("select waymark_integrate($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15::bigint, $16::bytea)",
            batch.Lease.Job, batch.Lease.Term, batch.ExpectedSize, batch.Size, batch.Checkpoint, clock.Now(), batch.Integrated.ToArray(),
            batch.Tiles.Select(t => (long)t.Level).ToArray(), batch.Tiles.Select(t => t.Index).ToArray(), Arrays(batch.Tiles.Select(t => t.Hashes)),
            batch.Bundles.Select(b => b.Index).ToArray(), Arrays(batch.Bundles.Select(b => b.Entries)),
            Arrays(batch.Places.Select(p => p.Leaf)), batch.Places.Select(p => p.Index).ToArray(),
            batch.Published?.Size, batch.Published?.Note.ToArray())], _ => true, true, cancellationToken);

    public async Task<ReadOnlyMemory<byte>?> TileAsync(int level, long index, CancellationToken cancellationToken) =>
        Memory(await database.FirstAsync("select hashes from ledger_tile where level = $1 and position = $2",
            row => row.Bytes(0), cancellationToken, (long)level, index));

    public async Task<ReadOnlyMemory<byte>?> BundleAsync(long index, CancellationToken cancellationToken) =>
        Memory(await database.FirstAsync("select entries from ledger_bundle where position = $1", row => row.Bytes(0), cancellationToken, index));

    public Task<long?> FindAsync(ReadOnlyMemory<byte> leaf, CancellationToken cancellationToken) =>
        database.FirstAsync("select position from ledger_leaf where id = $1", row => (long?)row.GetInt64(0), cancellationToken, leaf);

    public async Task<IReadOnlyList<StoredCheckpoint>> PublishedAsync(long afterSize, int limit, CancellationToken cancellationToken) =>
        await database.QueryAsync(Checkpoint + " where published = 1 and size > $1 order by size limit $2", Read, cancellationToken,
            afterSize, (long)Math.Clamp(limit, 1, 1_000));

    public Task<StoredCheckpoint?> NewestPublishedAsync(CancellationToken cancellationToken) =>
        database.FirstAsync(Checkpoint + " where published = 1 order by size desc limit 1", Read, cancellationToken);

    public Task<bool> CosignAsync(long size, ReadOnlyMemory<byte> expected, ReadOnlyMemory<byte> note, CancellationToken cancellationToken) =>
        database.MustWriteAsync([new("update ledger_checkpoint set note = $3 where size = $1 and published = 1 and note = $2 returning true",
            size, expected, note)], row => row.GetBoolean(0), false, cancellationToken);

    private static byte[][] Arrays(IEnumerable<ReadOnlyMemory<byte>> items) => [.. items.Select(item => item.ToArray())];

    private static ReadOnlyMemory<byte>? Memory(byte[]? bytes) => bytes is null ? null : (ReadOnlyMemory<byte>?)bytes;

    private static StoredCheckpoint Read(NpgsqlDataReader row) => new(row.GetInt64(0), row.Bytes(1), row.Time(2));
}
