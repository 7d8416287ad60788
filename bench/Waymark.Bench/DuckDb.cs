using System.Runtime.InteropServices;

namespace Waymark.Bench;

/// <summary>
/// DuckDB through its C interface: the peer of the cube and of the table readers. The library comes from
/// <c>bench/peers/install</c>; <see cref="Find"/> is null when it is absent.
/// </summary>
internal sealed unsafe partial class DuckDb : IDisposable
{
    private const string Library = "duckdb";
    private nint _database;
    private nint _connection;

    static DuckDb() => NativeLibrary.SetDllImportResolver(typeof(DuckDb).Assembly,
        static (name, _, _) => name == Library && Find() is { } path ? NativeLibrary.Load(path) : 0);

    public DuckDb(int threads)
    {
        Check(duckdb_open(null, out _database), "open");
        Check(duckdb_connect(_database, out _connection), "connect");
        Run($"set threads to {threads}");
        Run("set preserve_insertion_order to false");
    }

    public static string? Find()
    {
        var path = Path.Combine(BenchReport.Root(), "bench", "peers", "node_modules", "@duckdb", "node-bindings-linux-x64", "libduckdb.so");
        return File.Exists(path) ? path : null;
    }

    public static string Version => Marshal.PtrToStringUTF8(duckdb_library_version()) ?? "unknown";

    /// <summary>Runs a statement to its materialised end and drops the result.</summary>
    public void Run(string sql)
    {
        var state = duckdb_query(_connection, sql, out var result);
        var message = state == 0 ? null : Marshal.PtrToStringUTF8(duckdb_result_error(ref result));
        duckdb_destroy_result(ref result);
        if (state != 0)
        {
            throw new InvalidOperationException($"DuckDB: {message}");
        }
    }

    /// <summary>Runs a query whose columns are all BIGINT and hands out each row.</summary>
    public void Read(string sql, Action<long[]> row)
    {
        var state = duckdb_query(_connection, sql, out var result);
        if (state != 0)
        {
            throw new InvalidOperationException($"DuckDB: {Marshal.PtrToStringUTF8(duckdb_result_error(ref result))}");
        }

        var columns = (int)duckdb_column_count(ref result);
        var values = new long[columns];
        for (var chunk = duckdb_fetch_chunk(result); chunk != 0; chunk = duckdb_fetch_chunk(result))
        {
            var rows = (int)duckdb_data_chunk_get_size(chunk);
            for (var i = 0; i < rows; i++)
            {
                for (var column = 0; column < columns; column++)
                {
                    values[column] = ((long*)duckdb_vector_get_data(duckdb_data_chunk_get_vector(chunk, (ulong)column)))[i];
                }

                row(values);
            }

            duckdb_destroy_data_chunk(ref chunk);
        }

        duckdb_destroy_result(ref result);
    }

    /// <summary>Appends rows of 64-bit integers to a table whose columns are BIGINT, a vector at a time.</summary>
    public void Append(string table, int columns, long rows, Func<long, int, long> cell)
    {
        Check(duckdb_appender_create(_connection, null, table, out var appender), "appender");
        var types = stackalloc nint[columns];
        for (var i = 0; i < columns; i++)
        {
            types[i] = duckdb_create_logical_type(5);
        }

        var chunk = duckdb_create_data_chunk(types, (ulong)columns);
        var size = (long)duckdb_vector_size();
        for (var start = 0L; start < rows; start += size)
        {
            var count = Math.Min(size, rows - start);
            duckdb_data_chunk_reset(chunk);
            for (var column = 0; column < columns; column++)
            {
                var data = (long*)duckdb_vector_get_data(duckdb_data_chunk_get_vector(chunk, (ulong)column));
                for (var i = 0L; i < count; i++)
                {
                    data[i] = cell(start + i, column);
                }
            }

            duckdb_data_chunk_set_size(chunk, (ulong)count);
            Check(duckdb_append_data_chunk(appender, chunk), "append");
        }

        duckdb_destroy_data_chunk(ref chunk);
        Check(duckdb_appender_destroy(ref appender), "append");
    }

    public void Dispose()
    {
        duckdb_disconnect(ref _connection);
        duckdb_close(ref _database);
    }

    private static void Check(int state, string what)
    {
        if (state != 0)
        {
            throw new InvalidOperationException($"DuckDB: {what} failed");
        }
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct QueryResult
    {
        public ulong ColumnCount;
        public ulong RowCount;
        public ulong RowsChanged;
        public nint Columns;
        public nint ErrorMessage;
        public nint Internal;
    }

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)] private static partial int duckdb_open(string? path, out nint database);

    [LibraryImport(Library)] private static partial void duckdb_close(ref nint database);

    [LibraryImport(Library)] private static partial int duckdb_connect(nint database, out nint connection);

    [LibraryImport(Library)] private static partial void duckdb_disconnect(ref nint connection);

    [LibraryImport(Library)] private static partial nint duckdb_library_version();

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)] private static partial int duckdb_query(nint connection, string sql, out QueryResult result);

    [LibraryImport(Library)] private static partial nint duckdb_result_error(ref QueryResult result);

    [LibraryImport(Library)] private static partial void duckdb_destroy_result(ref QueryResult result);

    [LibraryImport(Library)] private static partial ulong duckdb_column_count(ref QueryResult result);

    [LibraryImport(Library)] private static partial nint duckdb_fetch_chunk(QueryResult result);

    [LibraryImport(Library)] private static partial ulong duckdb_data_chunk_get_size(nint chunk);

    [LibraryImport(Library)] private static partial nint duckdb_data_chunk_get_vector(nint chunk, ulong column);

    [LibraryImport(Library)] private static partial nint duckdb_vector_get_data(nint vector);

    [LibraryImport(Library)] private static partial void duckdb_destroy_data_chunk(ref nint chunk);

    [LibraryImport(Library)] private static partial nint duckdb_create_logical_type(int type);

    [LibraryImport(Library)] private static partial nint duckdb_create_data_chunk(nint* types, ulong columns);

    [LibraryImport(Library)] private static partial void duckdb_data_chunk_reset(nint chunk);

    [LibraryImport(Library)] private static partial void duckdb_data_chunk_set_size(nint chunk, ulong size);

    [LibraryImport(Library)] private static partial ulong duckdb_vector_size();

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)] private static partial int duckdb_appender_create(nint connection, string? schema, string table, out nint appender);

    [LibraryImport(Library)] private static partial int duckdb_append_data_chunk(nint appender, nint chunk);

    [LibraryImport(Library)] private static partial int duckdb_appender_destroy(ref nint appender);
}
