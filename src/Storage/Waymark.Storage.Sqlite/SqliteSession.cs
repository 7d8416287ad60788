using System.Globalization;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Waymark.Storage.Sqlite;

/// <summary>
/// One connection and the statements prepared on it. Statements are constants of this assembly with parameters $1, $2 …;
/// no value ever enters their text. Not safe for two threads at once: the writer owns one, readers borrow one each.
/// </summary>
internal sealed class SqliteSession : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly Dictionary<string, SqliteCommand> _prepared = new(StringComparer.Ordinal);

    private SqliteSession(SqliteConnection connection) => _connection = connection;

    /// <summary>Whether SQLite has given up the transaction by itself, as it may when the disk is full.</summary>
    public bool HasTransaction => raw.sqlite3_get_autocommit(_connection.Handle!) == 0;

    /// <summary>
    /// Whether SQLite fell back to reading because the file cannot be written; <c>begin immediate</c> alone does not say so.
    /// </summary>
    public bool IsReadOnly => raw.sqlite3_db_readonly(_connection.Handle!, "main") != 0;

    public static SqliteSession Open(string file, SqliteOpenMode mode, bool immutable, SqliteStoreOptions options)
    {
        // Immutable is for a folder that cannot be written at all: WAL needs a shared-memory file beside the database.
        var source = immutable ? $"file:{Uri.EscapeDataString(file).Replace("%2F", "/", StringComparison.Ordinal)}?immutable=1" : file;
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = source,
            Mode = mode,
            Pooling = false,
            DefaultTimeout = 1,
        }.ToString());
        try
        {
            connection.Open();
            var session = new SqliteSession(connection);
            session.Run(string.Create(CultureInfo.InvariantCulture,
                $"pragma busy_timeout = {(long)options.BusyTimeout.TotalMilliseconds}; pragma foreign_keys = on; pragma trusted_schema = off;"));
            return session;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Runs constant text that may hold several statements.</summary>
    public void Run(string sql)
    {
        using var command = _connection.CreateCommand();
#pragma warning disable CA2100 // migrations and pragmas of this assembly, never input
        command.CommandText = sql;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }

    /// <summary>Runs a statement that answers nothing; says how many rows it changed.</summary>
    public int Execute(string sql, params ReadOnlySpan<object?> values)
    {
        var command = Prepare(sql, values);
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
        }

        return raw.sqlite3_changes(_connection.Handle!);
    }

    public List<T> Query<T>(string sql, Func<SqliteDataReader, T> map, params ReadOnlySpan<object?> values)
    {
        using var reader = Prepare(sql, values).ExecuteReader();
        var rows = new List<T>();
        while (reader.Read())
        {
            rows.Add(map(reader));
        }

        return rows;
    }

    /// <summary>The first row, or the default when there is none.</summary>
    public T? First<T>(string sql, Func<SqliteDataReader, T> map, params ReadOnlySpan<object?> values)
    {
        using var reader = Prepare(sql, values).ExecuteReader();
        return reader.Read() ? map(reader) : default;
    }

    /// <summary>The first column of the first row as a number; null when there is no row or it is null.</summary>
    public long? Number(string sql, params ReadOnlySpan<object?> values) =>
        First(sql, static row => row.IsDBNull(0) ? (long?)null : row.GetInt64(0), values);

    public bool Any(string sql, params ReadOnlySpan<object?> values)
    {
        using var reader = Prepare(sql, values).ExecuteReader();
        return reader.Read();
    }

    /// <summary>A reader of its own for long results; dispose it before the session is used again.</summary>
    public SqliteDataReader Read(string sql, params ReadOnlySpan<object?> values) => Prepare(sql, values).ExecuteReader();

    /// <summary>Several questions to one WAL snapshot.</summary>
    public T AtOneMoment<T>(Func<T> questions)
    {
        Execute("begin");
        try
        {
            return questions();
        }
        finally
        {
            Execute("rollback");
        }
    }

    public void Dispose()
    {
        foreach (var command in _prepared.Values)
        {
            command.Dispose();
        }

        _connection.Dispose();
    }

    private SqliteCommand Prepare(string sql, ReadOnlySpan<object?> values)
    {
        if (!_prepared.TryGetValue(sql, out var command))
        {
            command = _connection.CreateCommand();
#pragma warning disable CA2100 // constants of this assembly; lists build theirs from a fixed set of shapes
            command.CommandText = sql;
#pragma warning restore CA2100
            for (var i = 1; i <= values.Length; i++)
            {
                command.Parameters.Add(new SqliteParameter { ParameterName = "$" + i.ToString(CultureInfo.InvariantCulture) });
            }

            _prepared.Add(sql, command);
        }

        for (var i = 0; i < values.Length; i++)
        {
            command.Parameters[i].Value = values[i] switch
            {
                null => DBNull.Value,
                ReadOnlyMemory<byte> bytes => bytes.ToArray(),
                var value => value,
            };
        }

        return command;
    }
}

/// <summary>Reading columns that may be null.</summary>
internal static class SqliteRows
{
    public static long? NumberOrNull(this SqliteDataReader row, int column) => row.IsDBNull(column) ? null : row.GetInt64(column);

    public static string? TextOrNull(this SqliteDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    public static byte[] Bytes(this SqliteDataReader row, int column) => row.GetFieldValue<byte[]>(column);

    public static byte[]? BytesOrNull(this SqliteDataReader row, int column) =>
        row.IsDBNull(column) ? null : row.GetFieldValue<byte[]>(column);
}
