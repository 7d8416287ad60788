using Waymark.Model;
using Waymark.Storage.Engine;

namespace Waymark.Storage.Sqlite;

/// <summary>
/// Chunks of 4 MiB in the database file itself: one file to back up, one transaction, one flush. Each change writes at
/// most one chunk, so that people never wait behind an import.
/// </summary>
internal sealed class SqliteBlobs(SqliteStore store, SqliteReaders readers, TimeProvider clock) : IBlobStore
{
    private const int SweptTogether = 100;
    private const int ChunksSweptTogether = 4;

    public async Task<Result<BlobId>> PutAsync(Stream content, CancellationToken cancellationToken)
    {
        // The last chunk is stored together with the list of chunks: a small file costs one flush.
        var (blob, last, failed) = await Chunks.CutAsync(content,
            async chunk => (await store.WriteAsync<bool>((session, now) => Store(session, chunk, now), cancellationToken)).Error, cancellationToken);
        if (failed is not null)
        {
            return failed;
        }

        var stored = await store.WriteAsync((session, now) => Store(session, blob, last is null ? [] : [last], now), cancellationToken);
        if (stored.Error is { Code: "blob.shredded" } && blob.Chunks.Count > 1)
        {
            // The chunks before it must not bring back what was destroyed.
            await store.WriteAsync<bool>((session, _) => Forget(session, blob), cancellationToken);
        }

        return stored;
    }

    public async Task<Result<IReadOnlyList<BlobId>>> PutManyAsync(
        IReadOnlyList<ReadOnlyMemory<byte>> contents, CancellationToken cancellationToken)
    {
        if (contents.Sum(c => (long)c.Length) is > Chunks.MaximumTogether and var sum)
        {
            return StoreErrors.TooLarge($"{sum} bytes", Chunks.MaximumTogether);
        }

        var cut = contents.Select(Chunks.Cut).ToList();
        return await store.WriteAsync((session, now) =>
        {
            foreach (var (blob, chunks) in cut)
            {
                if (Store(session, blob, chunks, now) is { IsOk: false } refused)
                {
                    return refused.Error;
                }
            }

            return Result<IReadOnlyList<BlobId>>.Ok([.. cut.Select(c => new BlobId(c.Blob.Id))]);
        }, cancellationToken);
    }

    public async Task<Stream?> OpenAsync(BlobId id, CancellationToken cancellationToken)
    {
        var parts = await readers.ReadAsync(session => session.Query("""
            select b.length, p.chunk from blob b left join blob_chunk p on p.blob = b.id
            where b.id = $1 and b.shredded_at is null order by p.ordinal
            """, row => (Length: row.GetInt64(0), Chunk: row.TextOrNull(1)), id.Hex), cancellationToken);
        return parts.Count == 0
            ? null
            : new ChunkStream([.. parts.Where(p => p.Chunk is not null).Select(p => p.Chunk!)], parts[0].Length,
                async (chunk, cancellation) => Chunks.Checked(chunk, await ReadChunkAsync(chunk, cancellation), $"blob/{id}"));
    }

    public async Task<byte[]?> ReadAsync(BlobId id, CancellationToken cancellationToken)
    {
        // One statement, so that a sweep in between cannot leave half a blob.
        var parts = await readers.ReadAsync(session => session.Query("""
            select b.length, p.chunk, c.bytes
            from blob b left join blob_chunk p on p.blob = b.id left join chunk c on c.id = p.chunk
            where b.id = $1 and b.shredded_at is null order by p.ordinal
            """, row => (Length: row.GetInt64(0), Chunk: row.TextOrNull(1), Bytes: row.BytesOrNull(2)), id.Hex), cancellationToken);
        return parts is [var first, ..] ? Chunks.Join(id, first.Length, parts.ConvertAll(p => (p.Chunk, p.Bytes))) : null;
    }

    public Task<bool> ExistsAsync(BlobId id, CancellationToken cancellationToken) =>
        readers.ReadAsync(session => session.Any("select 1 from blob where id = $1 and shredded_at is null", id.Hex), cancellationToken);

    public Task<BlobInfo?> FindAsync(BlobId id, CancellationToken cancellationToken) =>
        readers.ReadAsync(session => session.First("select length, stored_at, shredded_at from blob where id = $1",
            row => new BlobInfo(id, row.GetInt64(0), StoreTime.At(row.GetInt64(1)), StoreTime.At(row.NumberOrNull(2))), id.Hex),
            cancellationToken);

    public async Task<Result<bool>> ShredAsync(BlobId id, CancellationToken cancellationToken)
    {
        // secure_delete overwrites the freed pages with zeros inside this transaction.
        var shredded = await store.WriteAsync<bool>((session, now) =>
        {
            if (!session.Any("select 1 from blob where id = $1 and shredded_at is null", id.Hex))
            {
                return false;
            }

            var chunks = session.Query("select chunk from blob_chunk where blob = $1", row => row.GetString(0), id.Hex);
            session.Execute("delete from blob_chunk where blob = $1", id.Hex);
            foreach (var chunk in chunks)
            {
                DeleteUnused(session, chunk);
            }

            session.Execute("update blob set shredded_at = $2 where id = $1", id.Hex, now);
            return true;
        }, cancellationToken);
        if (shredded is { IsOk: true, Value: true })
        {
            // The log still holds the pages as they were: move it into the file and cut it to nothing.
            await store.CheckpointAsync(cancellationToken);
        }

        return shredded;
    }

    public async Task<int> SweepAsync(TimeSpan age, CancellationToken cancellationToken)
    {
        var before = clock.Now() - StoreTime.Of(age);
        var removed = await InBatchesAsync(session => session.Query("""
            select b.id from blob b where b.stored_at <= $1 and b.shredded_at is null
              and not exists (select 1 from blob_reference f where f.blob = b.id)
              and not exists (select 1 from segment s where s.blob = b.id)
            limit $2
            """, row => row.GetString(0), before, (long)SweptTogether), (session, id) =>
        {
            session.Execute("delete from blob_chunk where blob = $1", id);
            session.Execute("delete from blob where id = $1", id);
        }, cancellationToken);
        await InBatchesAsync(session => session.Query("""
            select c.id from chunk c where c.stored_at <= $1 and not exists (select 1 from blob_chunk p where p.chunk = c.id) limit $2
            """, row => row.GetString(0), before, (long)ChunksSweptTogether), (session, id) => DeleteUnused(session, id), cancellationToken);
        return removed;
    }

    /// <summary>A write that SQLite repeats does not grow: the chunk that is there only becomes young again.</summary>
    private static bool Store(SqliteSession session, Chunk chunk, long now)
    {
        if (session.Execute("update chunk set stored_at = $2 where id = $1", chunk.Id, now) == 0)
        {
            session.Execute("insert into chunk (id, bytes, stored_at) values ($1, $2, $3)", chunk.Id, chunk.Bytes, now);
        }

        return true;
    }

    private static Result<BlobId> Store(SqliteSession session, BlobParts blob, IReadOnlyList<Chunk> chunks, long now)
    {
        if (session.Any("select 1 from blob where id = $1 and shredded_at is not null", blob.Id))
        {
            return StoreErrors.Shredded(new(blob.Id));
        }

        foreach (var chunk in chunks)
        {
            Store(session, chunk, now);
        }

        session.Execute("""
            insert into blob (id, length, stored_at) values ($1, $2, $3) on conflict (id) do update set stored_at = $3
            """, blob.Id, blob.Length, now);
        for (var i = 0; i < blob.Chunks.Count; i++)
        {
            if (!session.Any("select 1 from chunk where id = $1", blob.Chunks[i].Chunk))
            {
                return StoreErrors.Unavailable($"blob/{blob.Id}", "a part of the upload was swept meanwhile");
            }

            session.Execute("insert into blob_chunk (blob, ordinal, chunk, length) values ($1, $2, $3, $4) on conflict do nothing",
                blob.Id, (long)i, blob.Chunks[i].Chunk, (long)blob.Chunks[i].Length);
        }

        return new BlobId(blob.Id);
    }

    private static bool Forget(SqliteSession session, BlobParts blob)
    {
        foreach (var (chunk, _) in blob.Chunks)
        {
            DeleteUnused(session, chunk);
        }

        return true;
    }

    private static void DeleteUnused(SqliteSession session, string chunk) =>
        session.Execute("delete from chunk where id = $1 and not exists (select 1 from blob_chunk where chunk = $1)", chunk);

    private Task<byte[]?> ReadChunkAsync(string chunk, CancellationToken cancellationToken) =>
        readers.ReadAsync(session => session.First("select bytes from chunk where id = $1", row => row.Bytes(0), chunk), cancellationToken);

    private async Task<int> InBatchesAsync(
        Func<SqliteSession, List<string>> find, Action<SqliteSession, string> remove, CancellationToken cancellationToken)
    {
        for (var total = 0; ;)
        {
            var batch = await store.WriteAsync<int>((session, _) =>
            {
                var found = find(session);
                found.ForEach(id => remove(session, id));
                return found.Count;
            }, cancellationToken);
            var count = batch.TryGet(out var done) ? done : throw new StoreException(batch.Error!);
            total += count;
            if (count == 0)
            {
                return total;
            }
        }
    }
}
