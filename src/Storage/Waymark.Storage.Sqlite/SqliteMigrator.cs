using System.Globalization;
using Waymark.Model;
using Waymark.Storage.Engine;

namespace Waymark.Storage.Sqlite;

/// <summary>Brings a database file to the schema of this build, forward only, all scripts in one transaction.</summary>
internal static class SqliteMigrator
{
    /// <summary>"WAYM": tells our files from any other SQLite database.</summary>
    private const long ApplicationId = 0x5741594D;

    public static IReadOnlyList<Migration> Scripts { get; } = Migration.Of(typeof(SqliteMigrator).Assembly);

    /// <summary>Whether the file can be read by this build as it is. For stores that cannot be written.</summary>
    public static Error? Check(SqliteSession session, string file) =>
        IsForeign(session)
            ? StoreErrors.CannotOpen(file, "it is a database of another program")
            : Migration.Pending(Scripts, Applied(session), file).Match(
                pending => pending.Count > 0 ? StoreErrors.Older(file) : null,
                error => error);

    /// <summary>Runs what is pending. Errors: <c>store.newer</c>, <c>store.changed-script</c>, <c>store.cannot-open</c>.</summary>
    public static Error? Migrate(SqliteSession session, TimeProvider clock, string file)
    {
        session.Execute("begin immediate");
        try
        {
            var answer = Migration.Pending(Scripts, Applied(session), file);
            if (!answer.TryGet(out var pending))
            {
                return answer.Error;
            }

            if (pending.Count > 0)
            {
                session.Run("""
                    create table if not exists schema_version (
                      number integer primary key, script text not null unique, sha256 text not null, applied_at integer not null) strict
                    """);
                foreach (var script in pending)
                {
                    session.Run(script.Sql);
                    session.Execute("insert into schema_version (number, script, sha256, applied_at) values ($1, $2, $3, $4)",
                        (long)script.Number, script.Name, script.Sha256, clock.Now());
                }

                session.Run(string.Create(CultureInfo.InvariantCulture,
                    $"pragma application_id = {ApplicationId}; pragma user_version = {Scripts.Count}"));
            }

            session.Execute("commit");
            return null;
        }
        finally
        {
            if (session.HasTransaction)
            {
                session.Execute("rollback");
            }
        }
    }

    /// <summary>A database that holds something and is not marked as ours.</summary>
    public static bool IsForeign(SqliteSession session) =>
        session.Number("pragma application_id") != ApplicationId && session.Any("select 1 from sqlite_master limit 1");

    private static List<(string, string)> Applied(SqliteSession session) =>
        session.Any("select 1 from sqlite_master where type = 'table' and name = 'schema_version'")
            ? session.Query("select script, sha256 from schema_version order by number", row => (row.GetString(0), row.GetString(1)))
            : [];
}
