using System.Globalization;
using Npgsql;
using Waymark.Model;
using Waymark.Storage.Engine;

namespace Waymark.Storage.Postgres;

/// <summary>A statement with parameters $1, $2 …: a constant of this assembly, prepared by the driver after its second use.</summary>
internal readonly record struct Statement(string Sql, params object?[] Values)
{
    public NpgsqlBatchCommand ToBatchCommand()
    {
        var command = new NpgsqlBatchCommand(Sql);
        Bind(command.Parameters, Values);
        return command;
    }

    public static void Bind(NpgsqlParameterCollection parameters, object?[] values)
    {
        foreach (var value in values)
        {
            parameters.Add(new NpgsqlParameter { Value = value switch { null => DBNull.Value, ReadOnlyMemory<byte> bytes => bytes.ToArray(), _ => value } });
        }
    }
}

/// <summary>The pool of connections, and what is done with one: ask, or run a batch in one round trip.</summary>
internal sealed class PostgresDatabase(NpgsqlDataSource source, string location, bool readOnly) : IAsyncDisposable
{
    private const int Attempts = 3;

    public string Location => location;

    public NpgsqlDataSource Source => source;

    public async Task<List<T>> QueryAsync<T>(
        string sql, Func<NpgsqlDataReader, T> map, CancellationToken cancellationToken, params object?[] values)
    {
        try
        {
            await using var command = source.CreateCommand(sql);
            Statement.Bind(command.Parameters, values);
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            var rows = new List<T>();
            while (await reader.ReadAsync(cancellationToken))
            {
                rows.Add(map(reader));
            }

            return rows;
        }
        catch (Exception problem) when (PostgresErrors.Of(problem, location) is { } error)
        {
            throw new StoreException(error, problem);
        }
    }

    public async Task<T?> FirstAsync<T>(
        string sql, Func<NpgsqlDataReader, T> map, CancellationToken cancellationToken, params object?[] values) =>
        (await QueryAsync(sql, map, cancellationToken, values)) is [var first, ..] ? first : default;

    /// <summary>
    /// Sends all statements at once; the server runs them as one transaction and answers after its flush. The answer is
    /// what <paramref name="map"/> makes of the first row of the last statement that answers rows, or <paramref name="whenNone"/>.
    /// </summary>
    public async Task<Result<T>> WriteAsync<T>(
        IReadOnlyList<Statement> statements, Func<NpgsqlDataReader, T> map, T whenNone, CancellationToken cancellationToken)
    {
        if (readOnly)
        {
            return StoreErrors.ReadOnly(location);
        }

        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await SendAsync(statements, map, whenNone, cancellationToken);
            }
            catch (PostgresException problem) when (PostgresErrors.IsVictim(problem) && attempt < Attempts)
            {
                // Undone as a whole by the server: the same write set again compares anew.
            }
            catch (Exception problem) when (PostgresErrors.Of(problem, location) is { } error)
            {
                return error;
            }
        }
    }

    /// <summary>
    /// As <see cref="WriteAsync"/>, for several callers at once: null when the server undid all of it and said so, and each may be tried on its own. When it is not known
    /// what became of it, that is the answer: nothing is sent a second time that may have been applied.
    /// </summary>
    public async Task<Result<T>?> WriteTogetherAsync<T>(IReadOnlyList<Statement> statements, Func<NpgsqlDataReader, T> map) where T : struct
    {
        if (readOnly)
        {
            return StoreErrors.ReadOnly(location);
        }

        try
        {
            return await SendAsync(statements, map, default, CancellationToken.None);
        }
        catch (PostgresException problem) when (problem.InvariantSeverity == "ERROR")
        {
            return null;
        }
        catch (Exception problem) when (PostgresErrors.Of(problem, location) is { } error)
        {
            return error;
        }
    }

    /// <summary>As <see cref="WriteAsync"/>, where the port knows no result: an error is thrown.</summary>
    public async Task<T> MustWriteAsync<T>(
        IReadOnlyList<Statement> statements, Func<NpgsqlDataReader, T> map, T whenNone, CancellationToken cancellationToken)
    {
        var done = await WriteAsync(statements, map, whenNone, cancellationToken);
        return done.TryGet(out var answer) ? answer : throw new StoreException(done.Error!);
    }

    /// <summary>
    /// Writes a table anew without what was removed from it; answers how many removed rows had to stay, as somebody may still see
    /// them. The server says so in the details of its report, whatever its language: the number comes first.
    /// </summary>
    public async Task<Result<long>> RewriteAsync(string table, CancellationToken cancellationToken)
    {
        if (readOnly)
        {
            return StoreErrors.ReadOnly(location);
        }

        try
        {
            long? kept = null;
            await using var pooled = source.CreateConnection();

            // The driver leaves details out unless it is asked for them. They are asked for here alone: this statement's hold counts, those of others may hold values of rows.
            await using var connection = pooled.CloneWith(new NpgsqlConnectionStringBuilder(source.ConnectionString) { IncludeErrorDetail = true, Pooling = false }.ToString());
            await connection.OpenAsync(cancellationToken);
            connection.Notice += (_, said) => kept = FirstNumber(said.Notice.Detail) is { } number ? (kept ?? 0) + number : kept;
            await using var command = new NpgsqlCommand($"vacuum (full, verbose) {table}", connection) { CommandTimeout = 0 };
            await command.ExecuteNonQueryAsync(cancellationToken);
            return kept is { } rows ? rows : Error.Unavailable("store.unknown-rest", "The server did not say whether removed rows are left in its files.", "服务器未说明其文件中是否仍留有已删除的行。", location);
        }
        catch (Exception problem) when (PostgresErrors.Of(problem, location) is { } error)
        {
            return error;
        }
    }

    public ValueTask DisposeAsync() => source.DisposeAsync();

    private static long? FirstNumber(string? text) =>
        long.TryParse(string.Concat((text ?? "").SkipWhile(c => !char.IsAsciiDigit(c)).TakeWhile(char.IsAsciiDigit)), CultureInfo.InvariantCulture, out var number) ? number : null;

    private async Task<T> SendAsync<T>(
        IReadOnlyList<Statement> statements, Func<NpgsqlDataReader, T> map, T whenNone, CancellationToken cancellationToken)
    {
        await using var batch = source.CreateBatch();
        foreach (var statement in statements)
        {
            batch.BatchCommands.Add(statement.ToBatchCommand());
        }

        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        var answer = whenNone;
        do
        {
            // Functions that only act answer "void".
            if (reader.FieldCount > 0 && reader.GetDataTypeName(0) != "void" && await reader.ReadAsync(cancellationToken))
            {
                answer = map(reader);
            }
        }
        while (await reader.NextResultAsync(cancellationToken));

        // The last result ends with the server's word that the transaction is committed.
        return answer;
    }
}
