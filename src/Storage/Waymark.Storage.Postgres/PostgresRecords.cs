using System.Runtime.CompilerServices;
using Npgsql;
using Waymark.Model;
using Waymark.Storage.Engine;

namespace Waymark.Storage.Postgres;

/// <summary>One statement per answer, so every answer is of one moment.</summary>
internal sealed class PostgresRecords(PostgresDatabase database) : IRecordStore
{
    private const int HistoryPage = 500;
    private const int CompactAttempts = 120;

    private static readonly PostgresIndexes[] _indexes = [.. RecordTables.All.Select(tables => new PostgresIndexes(tables))];

    public Task<StoredRecord?> GetAsync(RecordPartition partition, string register, string id, CancellationToken cancellationToken) =>
        database.FirstAsync(RecordSql.Of(partition).Get,
            row => new StoredRecord(register, id, row.GetInt64(0), row.Bytes(1), row.Time(2)), cancellationToken, register, id);

    public async Task<IReadOnlyList<StoredRecord>> GetManyAsync(
        RecordPartition partition, string register, IReadOnlyList<string> ids, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(ids.Count, 1_000, nameof(ids));
        return await database.QueryAsync(_indexes[(int)partition].GetMany,
            row => new StoredRecord(register, row.GetString(0), row.GetInt64(1), row.Bytes(2), row.Time(3)), cancellationToken,
            register, ids.ToArray());
    }

    public async Task<IReadOnlyList<StoredRecord>> ScanAsync(RecordPartition partition, string register, string? after, int limit, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, 1_000);
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        return await database.QueryAsync(RecordSql.Of(partition).Scan,
            row => new StoredRecord(register, row.GetString(0), row.GetInt64(1), row.Bytes(2), row.Time(3)), cancellationToken, register, after ?? "", (long)limit);
    }

    public async Task<Result<RecordPage>> ListAsync(RecordQuery query, CancellationToken cancellationToken)
    {
        var built = ListQuery.Build(query);
        if (!built.TryGet(out var statement))
        {
            return built.Error!;
        }

        var rows = await database.QueryAsync(statement.Sql,
            row => (new StoredRecord(query.Register, row.GetString(0), row.GetInt64(1), row.Bytes(2), row.Time(3)), row.GetString(4)),
            cancellationToken, statement.Values);
        return ListQuery.Page(query, rows);
    }

    public async Task<KeyMatches> SearchAsync(KeySearch search, CancellationToken cancellationToken)
    {
        var plan = new KeySearches(search);
        if (plan.SeesNothing)
        {
            return plan.Matches();
        }

        var sql = _indexes[(int)search.Partition];
        var keys = search.Keys.Select(key => key.ToBytes()).ToArray();
        foreach (var (key, number, postings) in await PostingsAsync(sql, search, plan, keys, search.PostingsPerKey + 1L, cancellationToken))
        {
            plan.Count(key, number);
            plan.Add(key, postings);
        }

        byte[][] capped = [.. plan.Capped.Select(key => keys[key])];
        if (plan.AsksForCapped)
        {
            foreach (var (place, _, postings) in await PostingsAsync(sql, search, plan, capped, search.PostingsPerKey, cancellationToken))
            {
                plan.Add(plan.Capped[place], postings);
            }
        }

        if (plan.Open() is { Count: > 0 } open)
        {
            foreach (var (key, places) in await database.QueryAsync(sql.Carried, row => (Key: row.Bytes(0), row.GetFieldValue<long[]>(1)), cancellationToken,
                capped, open.Select(at => plan.Ranges[at.Range].Register).ToArray(), open.Select(at => at.Id).ToArray()))
            {
                var hit = plan.Capped[Array.FindIndex(capped, one => key.AsSpan().SequenceEqual(one))];
                plan.Add(hit, places.Select(place => open[(int)place - 1]));
            }
        }

        return plan.Matches();
    }

    public async Task<Result<IndexPage>> ListIndexedAsync(IndexQuery query, CancellationToken cancellationToken)
    {
        var checkedQuery = IndexLists.Of(query);
        if (!checkedQuery.TryGet(out var list))
        {
            return checkedQuery.Error!;
        }

        return list.Page(list.SeesNothing
            ? []
            : await database.QueryAsync(_indexes[(int)query.Partition].List(query, list), row => Read(query.Register, row), cancellationToken,
                query.Register, list.Units, unchecked((long)query.Filter.Purposes), (long)query.Filter.Ceiling, list.DueBelow ?? long.MaxValue,
                list.DueBelow is null, list.After.Value, list.After.Id, (long)query.Limit + 1, query.Owner ?? "", list.States ?? []));
    }

    public async IAsyncEnumerable<StoredOperation> HistoryAsync(
        RecordPartition partition, string register, string id, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // Operations are only ever appended, so pages of them are one consistent history, and no connection is held between.
        for (var after = 0L; ;)
        {
            var page = await database.QueryAsync(RecordSql.Of(partition).History,
                row => new StoredOperation(row.GetInt64(0), row.GetString(1), row.GetString(2), row.Bytes(3), row.Time(4)),
                cancellationToken, register, id, after, (long)HistoryPage);
            foreach (var operation in page)
            {
                yield return operation;
            }

            if (page.Count < HistoryPage)
            {
                yield break;
            }

            after = page[^1].Version;
        }
    }

    public async Task<Result<bool>> CompactAsync(CancellationToken cancellationToken)
    {
        // Each table is rewritten in a transaction of its own; the old files go when the next checkpoint ends.
        foreach (var table in RecordTables.All.SelectMany(t => new[] { t.Record, t.Operation, t.Index, t.Key }).Append("record_head"))
        {
            for (var attempt = 1; ; attempt++)
            {
                var done = await database.RewriteAsync(table, cancellationToken);
                if (!done.TryGet(out var kept))
                {
                    return done.Error!;
                }

                if (kept == 0)
                {
                    break;
                }

                // Somebody's snapshot (a backup, the server's own analysis, a standby) may still see them.
                if (attempt == CompactAttempts)
                {
                    return StoreErrors.Busy(database.Location);
                }

                await Task.Delay(TimeSpan.FromMilliseconds(250), cancellationToken);
            }
        }

        return true;
    }

    private Task<List<(int Key, int Number, IEnumerable<Posting> Postings)>> PostingsAsync(
        PostgresIndexes sql, KeySearch search, KeySearches plan, byte[][] keys, long limit, CancellationToken cancellationToken) =>
        database.QueryAsync<(int, int, IEnumerable<Posting>)>(sql.Postings,
            row => ((int)row.GetInt64(0) - 1, (int)row.GetInt64(1), row.IsDBNull(2)
                ? [] : row.GetFieldValue<long[]>(2).Zip(row.GetFieldValue<string[]>(3), (range, id) => new Posting((int)range - 1, id))), cancellationToken,
            keys, plan.Ranges.Select(range => range.Unit).ToArray(), plan.Ranges.Select(range => range.Register).ToArray(),
            unchecked((long)search.Filter.Purposes), (long)search.Filter.Ceiling, limit, (long)search.PostingsPerKey);

    private static IndexedRecord Read(string register, NpgsqlDataReader row) => new(register, row.GetString(0), row.GetInt64(1),
        row.GetString(2), row.TextOrNull(3), RecordTables.DueAt(row.GetInt64(4)), row.GetString(5),
        unchecked((ulong)row.GetInt64(6)), (byte)row.GetInt64(7), row.Time(8));
}
