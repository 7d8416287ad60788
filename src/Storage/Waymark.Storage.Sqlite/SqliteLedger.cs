using Microsoft.Data.Sqlite;
using Waymark.Model;
using Waymark.Storage.Engine;

namespace Waymark.Storage.Sqlite;

internal sealed class SqliteLedger(SqliteStore store, SqliteReaders readers) : ILedgerStore
{
    private const string Checkpoint = "select size, note, at from ledger_checkpoint";

    public Task<LedgerHead> HeadAsync(CancellationToken cancellationToken) =>
        readers.ReadAsync(session => session.First(Checkpoint + " order by size desc limit 1",
            row => new LedgerHead(row.GetInt64(0), row.Bytes(1), StoreTime.At(row.GetInt64(2)))) ?? new(0, null, null), cancellationToken);

    public Task<IReadOnlyList<PendingLeaves>> PendingAsync(int leaves, CancellationToken cancellationToken) =>
        readers.ReadAsync(session => LeafBundle.Cut(session.Query(
            "select sequence, leaves, entries, at from ledger_pending order by sequence limit $1",
            row => new PendingLeaves(row.GetInt64(0), row.GetInt32(1), row.Bytes(2), StoreTime.At(row.GetInt64(3))), (long)leaves), leaves),
            cancellationToken);

    public Task<Result<bool>> IntegrateAsync(LedgerBatch batch, CancellationToken cancellationToken) =>
        store.WriteAsync((session, now) => Integrate(session, batch, now), cancellationToken);

    public Task<ReadOnlyMemory<byte>?> TileAsync(int level, long index, CancellationToken cancellationToken) =>
        readers.ReadAsync(session => Memory(session.First("select hashes from ledger_tile where level = $1 and position = $2",
            row => row.Bytes(0), (long)level, index)), cancellationToken);

    public Task<ReadOnlyMemory<byte>?> BundleAsync(long index, CancellationToken cancellationToken) =>
        readers.ReadAsync(session => Memory(session.First("select entries from ledger_bundle where position = $1",
            row => row.Bytes(0), index)), cancellationToken);

    public Task<long?> FindAsync(ReadOnlyMemory<byte> leaf, CancellationToken cancellationToken) =>
        readers.ReadAsync(session => session.Number("select position from ledger_leaf where id = $1", leaf), cancellationToken);

    public async Task<IReadOnlyList<StoredCheckpoint>> PublishedAsync(long afterSize, int limit, CancellationToken cancellationToken) =>
        await readers.ReadAsync(session => session.Query(Checkpoint + " where published = 1 and size > $1 order by size limit $2",
            Read, afterSize, (long)Math.Clamp(limit, 1, 1_000)), cancellationToken);

    public Task<StoredCheckpoint?> NewestPublishedAsync(CancellationToken cancellationToken) =>
        readers.ReadAsync(session => session.First(Checkpoint + " where published = 1 order by size desc limit 1", Read), cancellationToken);

    public async Task<bool> CosignAsync(
        long size, ReadOnlyMemory<byte> expected, ReadOnlyMemory<byte> note, CancellationToken cancellationToken)
    {
        var done = await store.WriteAsync<bool>((session, _) => session.Execute(
            "update ledger_checkpoint set note = $3 where size = $1 and published = 1 and note = $2", size, expected, note) > 0, cancellationToken);
        return done.TryGet(out var replaced) ? replaced : throw new StoreException(done.Error!);
    }

    private static Result<bool> Integrate(SqliteSession session, LedgerBatch batch, long now)
    {
        if (!session.Any("select 1 from job where id = $1 and term = $2 and state = 1", batch.Lease.Job, batch.Lease.Term))
        {
            return StoreErrors.Conflict($"job/{batch.Lease.Job}");
        }

        if ((session.Number("select max(size) from ledger_checkpoint") ?? 0) != batch.ExpectedSize)
        {
            return StoreErrors.Conflict($"ledger/{batch.ExpectedSize}");
        }

        foreach (var sequence in batch.Integrated)
        {
            if (session.Execute("delete from ledger_pending where sequence = $1", sequence) == 0)
            {
                return StoreErrors.Conflict("ledger/pending");
            }
        }

        foreach (var tile in batch.Tiles)
        {
            session.Execute("insert or replace into ledger_tile (level, position, hashes) values ($1, $2, $3)",
                (long)tile.Level, tile.Index, tile.Hashes);
        }

        foreach (var bundle in batch.Bundles)
        {
            session.Execute("insert or replace into ledger_bundle (position, entries) values ($1, $2)", bundle.Index, bundle.Entries);
        }

        foreach (var place in batch.Places)
        {
            session.Execute("insert into ledger_leaf (id, position) values ($1, $2) on conflict do nothing", place.Leaf, place.Index);
        }

        session.Execute("delete from ledger_checkpoint where published = 0");
        if (batch.Published is { } published)
        {
            session.Execute("insert into ledger_checkpoint (size, note, at, published) values ($1, $2, $3, 1) on conflict do nothing",
                published.Size, published.Note, now);
        }

        session.Execute("insert into ledger_checkpoint (size, note, at, published) values ($1, $2, $3, 0) on conflict do nothing",
            batch.Size, batch.Checkpoint, now);
        return true;
    }

    private static ReadOnlyMemory<byte>? Memory(byte[]? bytes) => bytes is null ? null : (ReadOnlyMemory<byte>?)bytes;

    private static StoredCheckpoint Read(SqliteDataReader row) => new(row.GetInt64(0), row.Bytes(1), StoreTime.At(row.GetInt64(2)));
}
