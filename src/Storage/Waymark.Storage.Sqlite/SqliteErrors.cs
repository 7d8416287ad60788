using Microsoft.Data.Sqlite;
using SQLitePCL;
using Waymark.Model;
using Waymark.Storage.Engine;

namespace Waymark.Storage.Sqlite;

/// <summary>SQLite's result codes as the store's errors. What is not here is a bug and stays an exception.</summary>
internal static class SqliteErrors
{
    public static Error? Of(SqliteException problem, string where) => problem.SqliteErrorCode switch
    {
        raw.SQLITE_FULL => StoreErrors.Full(where),
        // The disk can also fill while SQLite extends a file; it says so as a failed write.
        raw.SQLITE_IOERR when IsFull(where) => StoreErrors.Full(where),
        raw.SQLITE_IOERR => StoreErrors.Unavailable(where, problem.Message),
        raw.SQLITE_READONLY or raw.SQLITE_PERM => StoreErrors.ReadOnly(where),
        raw.SQLITE_BUSY or raw.SQLITE_LOCKED => StoreErrors.Busy(where),
        raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB => StoreErrors.Corrupt(where, problem.Message),
        raw.SQLITE_CANTOPEN => StoreErrors.CannotOpen(where, problem.Message),
        _ => null,
    };

    /// <summary>After such an error the transaction is gone or must go, and with it whatever else was in it.</summary>
    public static bool EndsTransaction(SqliteException problem) =>
        problem.SqliteErrorCode is raw.SQLITE_FULL or raw.SQLITE_IOERR or raw.SQLITE_NOMEM or raw.SQLITE_CORRUPT
            or raw.SQLITE_NOTADB or raw.SQLITE_READONLY or raw.SQLITE_BUSY;

    private static bool IsFull(string where)
    {
        try
        {
            return new DriveInfo(Path.GetDirectoryName(where)!).AvailableFreeSpace < 1024 * 1024;
        }
        catch (Exception problem) when (problem is IOException or ArgumentException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
