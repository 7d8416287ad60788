using System.Runtime.CompilerServices;
using Npgsql;
using NpgsqlTypes;
using Waymark.Storage.Backup;
using Waymark.Storage.Engine;

namespace Waymark.Storage.Postgres;

/// <summary>One repeatable-read transaction: the store as it was at one moment, while others go on writing.</summary>
internal sealed class PostgresSnapshot : IPortableSnapshot
{
    private readonly PostgresDatabase _database;
    private readonly NpgsqlConnection _connection;
    private readonly NpgsqlTransaction _transaction;

    private PostgresSnapshot(PostgresDatabase database, NpgsqlConnection connection, NpgsqlTransaction transaction) =>
        (_database, _connection, _transaction) = (database, connection, transaction);

    public static async Task<PostgresSnapshot> BeginAsync(PostgresDatabase database, CancellationToken cancellationToken)
    {
        NpgsqlConnection? connection = null;
        try
        {
            connection = await database.Source.OpenConnectionAsync(cancellationToken);
            var transaction = await connection.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead, cancellationToken);
            await using var first = new NpgsqlCommand("set transaction read only", connection);
            await first.ExecuteNonQueryAsync(cancellationToken);
            return new(database, connection, transaction);
        }
        catch (Exception problem)
        {
            if (connection is not null)
            {
                await connection.DisposeAsync();
            }

            if (PostgresErrors.Of(problem, database.Location) is { } error)
            {
                throw new StoreException(error, problem);
            }

            throw;
        }
    }

    public async Task<List<string>> TextsAsync(string sql, CancellationToken cancellationToken)
    {
        var found = new List<string>();
        await foreach (var row in ReadAsync(sql, [], reader => reader.GetString(0), cancellationToken))
        {
            found.Add(row);
        }

        return found;
    }

    public IAsyncEnumerable<object?[]> RowsAsync(PortableTable table, CancellationToken cancellationToken) =>
        ReadAsync(table.Select, [], reader =>
        {
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

            return row;
        }, cancellationToken);

    public async IAsyncEnumerable<string> ChunkIdsAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // All ids first: a connection answers one question at a time.
        foreach (var id in await TextsAsync("select id from chunk order by id", cancellationToken))
        {
            yield return id;
        }
    }

    public async Task<byte[]?> ChunkAsync(string id, CancellationToken cancellationToken)
    {
        await foreach (var bytes in ReadAsync("select bytes from chunk where id = $1", [id], reader => reader.Bytes(0), cancellationToken))
        {
            return bytes;
        }

        return null;
    }

    public async ValueTask DisposeAsync()
    {
        await _transaction.DisposeAsync();
        await _connection.DisposeAsync();
    }

    private async IAsyncEnumerable<T> ReadAsync<T>(
        string sql, object?[] values, Func<NpgsqlDataReader, T> map, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
#pragma warning disable CA2100 // built from the constants of the portable schema
        await using var command = new NpgsqlCommand(sql, _connection);
#pragma warning restore CA2100
        Statement.Bind(command.Parameters, values);
        await using var reader = await GuardAsync(() => command.ExecuteReaderAsync(cancellationToken));
        while (await GuardAsync(() => reader.ReadAsync(cancellationToken)))
        {
            yield return map(reader);
        }
    }

    private async Task<T> GuardAsync<T>(Func<Task<T>> read)
    {
        try
        {
            return await read();
        }
        catch (Exception problem) when (PostgresErrors.Of(problem, _database.Location) is { } error)
        {
            throw new StoreException(error, problem);
        }
    }
}

/// <summary>Filling an empty store from a backup: chunks one by one, tables by binary COPY in one transaction.</summary>
internal static class PostgresImport
{
    public static async Task FillAsync(
        PostgresDatabase database, TimeProvider clock, IAsyncEnumerable<Chunk> chunks,
        Func<PortableTable, IAsyncEnumerable<object?[]>> rows, CancellationToken cancellationToken)
    {
        await foreach (var chunk in chunks)
        {
            await database.MustWriteAsync([new("insert into chunk (id, bytes, stored_at) values ($1, $2, $3) on conflict (id) do nothing",
                chunk.Id, chunk.Bytes, clock.Now())], _ => true, true, cancellationToken);
        }

        try
        {
            await using var connection = await database.Source.OpenConnectionAsync(cancellationToken);
            await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
            foreach (var table in PortableSchema.Tables)
            {
                await CopyAsync(connection, table, rows(table), cancellationToken);
            }

            // Numbers go on where the backup ended.
            await using var next = new NpgsqlCommand(
                "select setval('change_sequence_seq', greatest(1, (select max(sequence) from change)))", connection);
            await next.ExecuteNonQueryAsync(cancellationToken);
            await transaction.CommitAsync(cancellationToken);
        }
        catch (Exception problem) when (PostgresErrors.Of(problem, database.Location) is { } error)
        {
            throw new StoreException(error, problem);
        }
    }

    private static async Task CopyAsync(
        NpgsqlConnection connection, PortableTable table, IAsyncEnumerable<object?[]> rows, CancellationToken cancellationToken)
    {
        await using var copy = await connection.BeginBinaryImportAsync(
            $"copy {table.Name} ({table.ColumnList}) from stdin (format binary)", cancellationToken);
        await foreach (var row in rows.WithCancellation(cancellationToken))
        {
            await copy.StartRowAsync(cancellationToken);
            for (var i = 0; i < row.Length; i++)
            {
                await (row[i] switch
                {
                    long number => copy.WriteAsync(number, NpgsqlDbType.Bigint, cancellationToken),
                    string text => copy.WriteAsync(text, NpgsqlDbType.Text, cancellationToken),
                    byte[] bytes => copy.WriteAsync(bytes, NpgsqlDbType.Bytea, cancellationToken),
                    _ => copy.WriteNullAsync(cancellationToken),
                });
            }
        }

        await copy.CompleteAsync(cancellationToken);
    }
}
