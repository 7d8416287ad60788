using System.Runtime.CompilerServices;
using Waymark.Model;
using Waymark.Storage.Engine;

namespace Waymark.Storage.Sqlite;

/// <summary>Reads records from WAL snapshots; one statement per answer, so every answer is of one moment.</summary>
internal sealed class SqliteRecords(SqliteReaders readers) : IRecordStore
{
    private const int HistoryPage = 500;

    public Task<StoredRecord?> GetAsync(string register, string id, CancellationToken cancellationToken) =>
        readers.ReadAsync(session => session.First(
            "select version, document, written_at from record where register = $1 and id = $2 and document is not null",
            row => new StoredRecord(register, id, row.GetInt64(0), row.Bytes(1), StoreTime.At(row.GetInt64(2))), register, id),
            cancellationToken);

    public async Task<Result<RecordPage>> ListAsync(RecordQuery query, CancellationToken cancellationToken)
    {
        var built = ListQuery.Build(query);
        if (!built.TryGet(out var statement))
        {
            return built.Error!;
        }

        var rows = await readers.ReadAsync(session => session.Query(statement.Sql,
            row => (new StoredRecord(query.Register, row.GetString(0), row.GetInt64(1), row.Bytes(2), StoreTime.At(row.GetInt64(3))),
                row.GetString(4)), statement.Values), cancellationToken);
        return ListQuery.Page(query, rows);
    }

    public async IAsyncEnumerable<StoredOperation> HistoryAsync(
        string register, string id, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // Operations are only ever appended, so pages of them are one consistent history, and no connection is held between.
        for (var from = 0L; ;)
        {
            var after = from;
            var page = await readers.ReadAsync(session => session.Query("""
                select o.version, c.actor, c.reason, o.operation, c.at
                from record_operation o join change c on c.sequence = o.sequence
                where o.register = $1 and o.id = $2 and o.version > $3 order by o.version limit $4
                """,
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
}
