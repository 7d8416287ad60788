using System.Runtime.CompilerServices;
using Waymark.Model;
using Waymark.Storage.Engine;

namespace Waymark.Storage.Sqlite;

/// <summary>Reads records from WAL snapshots; every answer is of one moment.</summary>
internal sealed class SqliteRecords(SqliteStore store, SqliteReaders readers) : IRecordStore
{
    private const int HistoryPage = 500;

    /// <summary>A list begins with a head that fewer records than this carry.</summary>
    private const int MostSorted = 1_000;

    public Task<StoredRecord?> GetAsync(RecordPartition partition, string register, string id, CancellationToken cancellationToken) =>
        readers.ReadAsync(session => Get(session, RecordSql.Of(partition), register, id), cancellationToken);

    public Task<IReadOnlyList<StoredRecord>> GetManyAsync(
        RecordPartition partition, string register, IReadOnlyList<string> ids, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(ids.Count, 1_000, nameof(ids));
        return readers.ReadAsync<IReadOnlyList<StoredRecord>>(session => session.AtOneMoment(() => ids
            .Select(id => Get(session, RecordSql.Of(partition), register, id)).OfType<StoredRecord>().ToList()), cancellationToken);
    }

    public async Task<IReadOnlyList<StoredRecord>> ScanAsync(RecordPartition partition, string register, string? after, int limit, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, 1_000);
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        return await readers.ReadAsync(session => session.Query(RecordSql.Of(partition).Scan,
            row => new StoredRecord(register, row.GetString(0), row.GetInt64(1), row.Bytes(2), StoreTime.At(row.GetInt64(3))), register, after ?? "", (long)limit), cancellationToken);
    }

    public async Task<Result<RecordPage>> ListAsync(RecordQuery query, CancellationToken cancellationToken)
    {
        if (ListQuery.Build(query) is { IsOk: false } wrong)
        {
            return wrong.Error;
        }

        var rows = await readers.ReadAsync(session => session.AtOneMoment(() =>
        {
            var (sql, values) = ListQuery.Build(query, Rarest(session, query)).Value;
            return session.Query(sql, row => (new StoredRecord(query.Register, row.GetString(0), row.GetInt64(1), row.Bytes(2), StoreTime.At(row.GetInt64(3))), row.GetString(4)), values);
        }), cancellationToken);
        return ListQuery.Page(query, rows);
    }

    /// <summary>
    /// The head that the fewest records carry, when these are few enough to be sorted; else null, and the list is read in its order until a page is full. Counted, as a
    /// head may be on every record of a year or on one.
    /// </summary>
    private static int? Rarest(SqliteSession session, RecordQuery query)
    {
        var (rarest, fewest) = ((int?)null, (long)MostSorted);
        for (var place = 0; place < query.Where.Count && fewest > 1; place++)
        {
            var carried = session.Number("select count(*) from (select 1 from record_head where register = $1 and name = $2 and value = $3 limit $4)",
                query.Register, query.Where[place].Name, query.Where[place].Value, fewest) ?? 0;
            (rarest, fewest) = carried < fewest ? (place, carried) : (rarest, fewest);
        }

        return rarest;
    }

    public Task<KeyMatches> SearchAsync(KeySearch search, CancellationToken cancellationToken)
    {
        var plan = new KeySearches(search);
        return plan.SeesNothing
            ? Task.FromResult(plan.Matches())
            : readers.ReadAsync(session => session.AtOneMoment(() => SqliteIndexes.Search(session, search, plan)), cancellationToken);
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
            : await readers.ReadAsync(session => session.AtOneMoment(() => SqliteIndexes.List(session, query, list)), cancellationToken));
    }

    public async IAsyncEnumerable<StoredOperation> HistoryAsync(
        RecordPartition partition, string register, string id, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // Operations are only ever appended, so pages of them are one consistent history, and no connection is held between.
        for (var from = 0L; ;)
        {
            var after = from;
            var page = await readers.ReadAsync(session => session.Query(RecordSql.Of(partition).History,
                row => new StoredOperation(row.GetInt64(0), row.GetString(1), row.GetString(2), row.Bytes(3), StoreTime.At(row.GetInt64(4))),
                register, id, after, (long)HistoryPage), cancellationToken);
            foreach (var operation in page)
            {
                yield return operation;
            }

            if (page.Count < HistoryPage)
            {
                yield break;
            }

            from = page[^1].Version;
        }
    }

    public Task<Result<bool>> CompactAsync(CancellationToken cancellationToken) => store.CompactAsync(cancellationToken);

    private static StoredRecord? Get(SqliteSession session, RecordSql sql, string register, string id) =>
        session.First(sql.Get, row => new StoredRecord(register, id, row.GetInt64(0), row.Bytes(1), StoreTime.At(row.GetInt64(2))), register, id);
}
