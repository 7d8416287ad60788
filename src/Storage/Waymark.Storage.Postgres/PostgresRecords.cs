using System.Runtime.CompilerServices;
using Waymark.Model;
using Waymark.Storage.Engine;

namespace Waymark.Storage.Postgres;

/// <summary>One statement per answer, so every answer is of one moment.</summary>
internal sealed class PostgresRecords(PostgresDatabase database) : IRecordStore
{
    private const int HistoryPage = 500;

    public Task<StoredRecord?> GetAsync(string register, string id, CancellationToken cancellationToken) =>
        database.FirstAsync(
            "select version, document, written_at from record where register = $1 and id = $2 and document is not null",
            row => new StoredRecord(register, id, row.GetInt64(0), row.Bytes(1), row.Time(2)), cancellationToken, register, id);

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

    public async IAsyncEnumerable<StoredOperation> HistoryAsync(
        string register, string id, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // Operations are only ever appended, so pages of them are one consistent history, and no connection is held between.
        for (var after = 0L; ;)
        {
            var page = await database.QueryAsync("""
                select o.version, c.actor, c.reason, o.operation, c.at
                from record_operation o join change c on c.sequence = o.sequence
                where o.register = $1 and o.id = $2 and o.version > $3 order by o.version limit $4
                """,
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
}
