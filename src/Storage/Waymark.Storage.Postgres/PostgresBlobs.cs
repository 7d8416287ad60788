using Waymark.Model;
using Waymark.Storage.Engine;

namespace Waymark.Storage.Postgres;

/// <summary>
/// Chunks of 4 MiB as rows. Uploads share the store-wide lock with write sets; sweeping and shredding take it alone, so a
/// blob is never removed between the moment it is found and the moment it is referred to.
/// </summary>
internal sealed class PostgresBlobs(PostgresDatabase database, TimeProvider clock) : IBlobStore
{
    private const string KeepChunk = """
        insert into chunk (id, bytes, stored_at) values ($1, $2, $3) on conflict (id) do update set stored_at = excluded.stored_at
        """;

    private const string KeepBlob = "select waymark_blob($1, $2, $3, $4, $5)";

    private const string DropUnused =
        "delete from chunk c where c.id = any ($1) and not exists (select 1 from blob_chunk p where p.chunk = c.id)";

    public async Task<Result<BlobId>> PutAsync(Stream content, CancellationToken cancellationToken)
    {
        // The last chunk is stored together with the list of chunks: a small file costs one flush.
        var (blob, last, failed) = await Chunks.CutAsync(content,
            chunk => StoreAsync(chunk, cancellationToken), cancellationToken);
        if (failed is not null)
        {
            return failed;
        }

        var stored = await StoreAsync([(blob, last is null ? [] : [last])], cancellationToken);
        if (stored is { Code: "blob.shredded" } && blob.Chunks.Count > 1)
        {
            // The chunks before it must not bring back what was destroyed.
            await database.WriteAsync([PostgresLocks.Alone, new(DropUnused, [blob.Chunks.Select(c => c.Chunk).ToArray()])],
                _ => true, true, cancellationToken);
        }

        return stored is null ? new BlobId(blob.Id) : stored;
    }

    public async Task<Result<IReadOnlyList<BlobId>>> PutManyAsync(
        IReadOnlyList<ReadOnlyMemory<byte>> contents, CancellationToken cancellationToken)
    {
        if (contents.Sum(c => (long)c.Length) is > Chunks.MaximumTogether and var sum)
        {
            return StoreErrors.TooLarge($"{sum} bytes", Chunks.MaximumTogether);
        }

        var cut = contents.Select(Chunks.Cut).ToList();
        return await StoreAsync(cut, cancellationToken) is { } error
            ? error
            : Result<IReadOnlyList<BlobId>>.Ok([.. cut.Select(c => new BlobId(c.Blob.Id))]);
    }

    public async Task<Stream?> OpenAsync(BlobId id, CancellationToken cancellationToken)
    {
        var parts = await database.QueryAsync("""
            select b.length, p.chunk from blob b left join blob_chunk p on p.blob = b.id
            where b.id = $1 and b.shredded_at is null order by p.ordinal
            """, row => (Length: row.GetInt64(0), Chunk: row.TextOrNull(1)), cancellationToken, id.Hex);
        return parts.Count == 0
            ? null
            : new ChunkStream([.. parts.Where(p => p.Chunk is not null).Select(p => p.Chunk!)], parts[0].Length,
                async (chunk, cancellation) => Chunks.Checked(chunk, await ReadChunkAsync(chunk, cancellation), $"blob/{id}"));
    }

    public async Task<byte[]?> ReadAsync(BlobId id, CancellationToken cancellationToken)
    {
        // One statement, so that a sweep in between cannot leave half a blob.
        var parts = await database.QueryAsync("""
            select b.length, p.chunk, c.bytes
            from blob b left join blob_chunk p on p.blob = b.id left join chunk c on c.id = p.chunk
            where b.id = $1 and b.shredded_at is null order by p.ordinal
            """, row => (Length: row.GetInt64(0), Chunk: row.TextOrNull(1), Bytes: row.BytesOrNull(2)), cancellationToken, id.Hex);
        return parts is [var first, ..] ? Chunks.Join(id, first.Length, parts.ConvertAll(p => (p.Chunk, p.Bytes))) : null;
    }

    public async Task<bool> ExistsAsync(BlobId id, CancellationToken cancellationToken) =>
        await FindAsync(id, cancellationToken) is { ShreddedAt: null };

    public Task<BlobInfo?> FindAsync(BlobId id, CancellationToken cancellationToken) =>
        database.FirstAsync("select length, stored_at, shredded_at from blob where id = $1",
            row => new BlobInfo(id, row.GetInt64(0), row.Time(1), row.TimeOrNull(2)), cancellationToken, id.Hex);

    public Task<Result<bool>> ShredAsync(BlobId id, CancellationToken cancellationToken) =>
        database.WriteAsync([PostgresLocks.Alone, new("select waymark_shred($1, $2)", id.Hex, clock.Now())],
            row => row.GetBoolean(0), false, cancellationToken);

    public async Task<int> SweepAsync(TimeSpan age, CancellationToken cancellationToken)
    {
        var before = clock.Now() - StoreTime.Of(age);
        var removed = await InBatchesAsync("""
            with old as (
              select b.id from blob b where b.stored_at <= $1 and b.shredded_at is null
                and not exists (select 1 from blob_reference f where f.blob = b.id)
                and not exists (select 1 from segment s where s.blob = b.id)
              limit 100),
            parts as (delete from blob_chunk p using old where p.blob = old.id),
            gone as (delete from blob b using old where b.id = old.id returning 1)
            select count(*) from gone
            """, before, cancellationToken);
        await InBatchesAsync("""
            with old as (
              select c.id from chunk c where c.stored_at <= $1 and not exists (select 1 from blob_chunk p where p.chunk = c.id) limit 100),
            gone as (delete from chunk c using old where c.id = old.id returning 1)
            select count(*) from gone
            """, before, cancellationToken);
        return removed;
    }

    private async Task<Error?> StoreAsync(Chunk chunk, CancellationToken cancellationToken)
    {
        // A chunk that is there only becomes young again; its bytes are not sent twice.
        var known = await database.WriteAsync(
            [PostgresLocks.Shared, new("update chunk set stored_at = $2 where id = $1 returning id", chunk.Id, clock.Now())],
            _ => true, false, cancellationToken);
        return !known.IsOk || known.Value
            ? known.Error
            : (await database.WriteAsync([PostgresLocks.Shared, new(KeepChunk, chunk.Id, chunk.Bytes, clock.Now())],
                _ => true, true, cancellationToken)).Error;
    }

    private async Task<Error?> StoreAsync(
        IReadOnlyList<(BlobParts Blob, IReadOnlyList<Chunk> Chunks)> blobs, CancellationToken cancellationToken)
    {
        var now = clock.Now();
        var batch = new List<Statement>
        {
            PostgresLocks.Shared,
            new("select waymark_refuse_shredded($1)", [blobs.Select(b => b.Blob.Id).ToArray()]),
        };
        // In one order for all uploads, so that two of them with the same chunks never wait for each other in a circle.
        batch.AddRange(blobs.SelectMany(b => b.Chunks).DistinctBy(c => c.Id).OrderBy(c => c.Id, StringComparer.Ordinal)
            .Select(c => new Statement(KeepChunk, c.Id, c.Bytes, now)));
        batch.AddRange(blobs.Select(b => b.Blob).DistinctBy(b => b.Id).OrderBy(b => b.Id, StringComparer.Ordinal)
            .Select(b => new Statement(KeepBlob, b.Id, b.Length, now,
                b.Chunks.Select(c => c.Chunk).ToArray(), b.Chunks.Select(c => (long)c.Length).ToArray())));
        return (await database.WriteAsync(batch, _ => true, true, cancellationToken)).Error;
    }

    private Task<byte[]?> ReadChunkAsync(string chunk, CancellationToken cancellationToken) =>
        database.FirstAsync("select bytes from chunk where id = $1", row => row.Bytes(0), cancellationToken, chunk);

    private async Task<int> InBatchesAsync(string sql, long before, CancellationToken cancellationToken)
    {
        for (var total = 0L; ;)
        {
            var count = await database.MustWriteAsync([PostgresLocks.Alone, new(sql, before)], row => row.GetInt64(0), 0, cancellationToken);
            total += count;
            if (count == 0)
            {
                return (int)total;
            }
        }
    }
}
