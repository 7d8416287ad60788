using Microsoft.Data.Sqlite;
using SQLitePCL;
using Waymark.Model;
using Waymark.Storage.Engine;

namespace Waymark.Storage.Sqlite;

/// <summary>How a store is opened: for writing when that is possible, else for reading, else with the reason why not.</summary>
internal static class SqliteOpening
{
    private const int PageSize = 8_192;

    public static Result<IStore> Open(string folder, TimeProvider clock, SqliteStoreOptions options)
    {
        var file = Path.Combine(folder, SqliteStore.FileName);
        try
        {
            var version = SqliteLibrary.Version;
            if (options.ReadOnly)
            {
                return OpenToRead(file, version, clock, options);
            }

            if (MakeFile(folder, file) is { } missing)
            {
                return missing;
            }

            return OpenToWrite(file, version, clock, options) ?? OpenToRead(file, version, clock, options);
        }
        catch (SqliteException problem) when (SqliteErrors.Of(problem, file) is { } error)
        {
            return error;
        }
        catch (DllNotFoundException problem)
        {
            return StoreErrors.CannotOpen(file, problem.Message);
        }
    }

    /// <summary>
    /// The file before SQLite sees it, so that it is closed to other accounts from its first byte; the log and the shared
    /// memory beside it take over its mode.
    /// </summary>
    private static Error? MakeFile(string folder, string file)
    {
        if (File.Exists(file))
        {
            return null;
        }

        if (Directory.Exists(file))
        {
            return StoreErrors.CannotOpen(file, "it is a folder");
        }

        try
        {
            var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.ReadWrite };
            if (OperatingSystem.IsWindows())
            {
                Directory.CreateDirectory(folder);
            }
            else
            {
                Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            }

            using var made = new FileStream(file, options);
            return null;
        }
        catch (UnauthorizedAccessException)
        {
            return StoreErrors.ReadOnly(folder);
        }
        catch (IOException problem)
        {
            return problem.Message.Contains("Read-only", StringComparison.Ordinal)
                ? StoreErrors.ReadOnly(folder)
                : StoreErrors.CannotOpen(folder, problem.Message);
        }
    }

    /// <summary>Null when the file or its folder cannot be written.</summary>
    private static Result<IStore>? OpenToWrite(string file, string version, TimeProvider clock, SqliteStoreOptions options)
    {
        SqliteSession? session = null;
        try
        {
            session = SqliteSession.Open(file, SqliteOpenMode.ReadWrite, immutable: false, options);
            // Before anything is set: even the journal mode of another program's file is not ours to change.
            if (SqliteMigrator.IsForeign(session))
            {
                return StoreErrors.CannotOpen(file, "it is a database of another program");
            }

            Prepare(session, options);
            if (session.IsReadOnly)
            {
                return null;
            }

            if (SqliteMigrator.Migrate(session, clock, file) is { } error)
            {
                return error;
            }

            var info = new StoreInfo("sqlite", version, SqliteMigrator.Scripts.Count, file, null);
            var writer = new SqliteWriter(session, clock, file, SqliteMigrator.Scripts.Count);
            session = null;
            return new SqliteStore(info, new(file, immutable: false, options), writer, clock);
        }
        catch (SqliteException problem) when (problem.SqliteErrorCode is raw.SQLITE_READONLY or raw.SQLITE_PERM or raw.SQLITE_CANTOPEN)
        {
            return null;
        }
        finally
        {
            session?.Dispose();
        }
    }

    private static void Prepare(SqliteSession session, SqliteStoreOptions options)
    {
        // The page size counts only before the first table; freed pages are overwritten, so that what is shredded is gone.
        session.Run($"pragma page_size = {PageSize}; pragma journal_mode = wal; pragma synchronous = full; pragma secure_delete = on");
        // The log grows to 32 MiB before it is moved into the file, and is cut back to that after a burst.
        session.Run($"pragma wal_autocheckpoint = {32 * 1024 * 1024 / PageSize}; pragma journal_size_limit = {32 * 1024 * 1024}");
        session.Run("pragma cache_size = -16384");
        if (options.MaximumBytes is { } maximum)
        {
            session.Run($"pragma max_page_count = {Math.Max(1, maximum / PageSize)}");
        }
    }

    private static Result<IStore> OpenToRead(string file, string version, TimeProvider clock, SqliteStoreOptions options)
    {
        if (!File.Exists(file))
        {
            return StoreErrors.CannotOpen(file, "there is no store here");
        }

        foreach (var immutable in new[] { false, true })
        {
            // Without the shared memory beside it a log cannot be read: only a file that was closed properly is immutable.
            if (immutable && new FileInfo(file + "-wal") is { Exists: true, Length: > 0 })
            {
                return StoreErrors.CannotOpen(file, "the folder cannot be written and the store was not closed properly");
            }

            try
            {
                using var session = SqliteSession.Open(file, SqliteOpenMode.ReadOnly, immutable, options);
                if (SqliteMigrator.Check(session, file) is { } error)
                {
                    return error;
                }

                var reason = options.ReadOnly
                    ? new LocalText("The store was opened for reading only.", "数据存储以只读方式打开。")
                    : new LocalText("The data folder or its file cannot be written.", "数据文件夹或其中的文件不可写。");
                var info = new StoreInfo("sqlite", version, SqliteMigrator.Scripts.Count, file, reason);
                return new SqliteStore(info, new(file, immutable, options), null, clock);
            }
            catch (SqliteException problem) when (!immutable && problem.SqliteErrorCode is raw.SQLITE_CANTOPEN or raw.SQLITE_READONLY)
            {
                // Tried again as a file that nobody changes.
            }
        }

        return StoreErrors.CannotOpen(file, "it can be neither written nor read");
    }
}
