using System.Globalization;
using System.Runtime.CompilerServices;
using Microsoft.Data.Sqlite;
using Waymark.Storage.Backup;
using Waymark.Storage.Engine;

namespace Waymark.Storage.Sqlite;

/// <summary>One read transaction: the store as it was at one moment, while others go on writing to the log.</summary>
internal sealed class SqliteSnapshot : IPortableSnapshot
{
    private readonly SqliteReaders _readers;
    private readonly SqliteReaders.Loan _loan;

    private SqliteSnapshot(SqliteReaders readers, SqliteReaders.Loan loan) => (_readers, _loan) = (readers, loan);

    public SqliteSession Session => _loan.Session;

    public static async Task<SqliteSnapshot> BeginAsync(SqliteReaders readers, CancellationToken cancellationToken)
    {
        var loan = await readers.BorrowAsync(cancellationToken);
        try
        {
            return readers.Guard(() =>
            {
                // A read transaction begins with its first read.
                loan.Session.Execute("begin");
                loan.Session.Any("select 1 from change limit 1");
                return new SqliteSnapshot(readers, loan);
            });
        }
        catch
        {
            loan.Dispose();
            throw;
        }
    }

    public async IAsyncEnumerable<object?[]> RowsAsync(
        PortableTable table, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask;
        using var reader = _readers.Guard(() => Session.Read(table.Select));
        while (_readers.Guard(reader.Read))
        {
            cancellationToken.ThrowIfCancellationRequested();
            var row = new object?[table.Columns.Count];
            for (var i = 0; i < row.Length; i++)
            {
                row[i] = reader.IsDBNull(i) ? null : table.Columns[i].Type switch
                {
                    PortableType.Integer => reader.GetInt64(i),
                    PortableType.Text => reader.GetString(i),
                    _ => reader.Bytes(i),
                };
            }

            yield return row;
        }
    }

    public async IAsyncEnumerable<string> ChunkIdsAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask;
        using var reader = _readers.Guard(() => Session.Read("select id from chunk order by id"));
        while (_readers.Guard(reader.Read))
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return reader.GetString(0);
        }
    }

    public Task<byte[]?> ChunkAsync(string id, CancellationToken cancellationToken) =>
        Task.FromResult(_readers.Guard(() => Session.First("select bytes from chunk where id = $1", row => row.Bytes(0), id)));

    public ValueTask DisposeAsync()
    {
        try
        {
            Session.Execute("rollback");
        }
        catch (SqliteException)
        {
            // The connection is closed instead of being lent again.
        }

        _loan.Dispose();
        return ValueTask.CompletedTask;
    }
}

/// <summary>Filling an empty store from a backup.</summary>
internal static class SqliteImport
{
    public static bool IsEmpty(SqliteSession session) =>
        PortableSchema.Tables.All(table => !session.Any($"select 1 from {table.Name} limit 1"));

    public static void Store(SqliteSession session, Chunk chunk, long now) =>
        session.Execute("insert into chunk (id, bytes, stored_at) values ($1, $2, $3) on conflict (id) do nothing", chunk.Id, chunk.Bytes, now);

    public static void Fill(SqliteSession session, PortableTable table, IEnumerable<object?[]> rows)
    {
        var places = string.Join(", ", Enumerable.Range(1, table.Columns.Count).Select(i => "$" + i.ToString(CultureInfo.InvariantCulture)));
        var insert = $"insert into {table.Name} ({table.ColumnList}) values ({places})";
        foreach (var row in rows)
        {
            session.Execute(insert, row);
        }
    }
}
