using Npgsql;
using Waymark.Storage.Engine;

namespace Waymark.Storage.Postgres;

/// <summary>Reading columns that may be null, and times.</summary>
internal static class PostgresRows
{
    public static long? NumberOrNull(this NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetInt64(column);

    public static string? TextOrNull(this NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    public static byte[] Bytes(this NpgsqlDataReader row, int column) => row.GetFieldValue<byte[]>(column);

    public static byte[]? BytesOrNull(this NpgsqlDataReader row, int column) =>
        row.IsDBNull(column) ? null : row.GetFieldValue<byte[]>(column);

    public static DateTimeOffset Time(this NpgsqlDataReader row, int column) => StoreTime.At(row.GetInt64(column));

    public static DateTimeOffset? TimeOrNull(this NpgsqlDataReader row, int column) => StoreTime.At(row.NumberOrNull(column));
}
