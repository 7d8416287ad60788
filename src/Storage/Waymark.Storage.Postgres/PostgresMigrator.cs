using Npgsql;
using Waymark.Model;
using Waymark.Storage.Engine;

namespace Waymark.Storage.Postgres;

/// <summary>
/// Brings a database to the schema of this build, forward only, all scripts in one transaction; of several machines that
/// start at once, one does it and the others wait.
/// </summary>
internal static class PostgresMigrator
{
    public static IReadOnlyList<Migration> Scripts { get; } = Migration.Of(typeof(PostgresMigrator).Assembly);

    /// <summary>Whether the database can be read by this build as it is. For stores that cannot be written.</summary>
    public static async Task<Error?> CheckAsync(NpgsqlConnection connection, string location, CancellationToken cancellationToken) =>
        Migration.Pending(Scripts, await AppliedAsync(connection, cancellationToken), location).Match(
            pending => pending.Count > 0 ? StoreErrors.Older(location) : null,
            error => error);

    /// <summary>Runs what is pending. Errors: <c>store.newer</c>, <c>store.changed-script</c>.</summary>
    public static async Task<Error?> MigrateAsync(
        NpgsqlConnection connection, TimeProvider clock, string location, CancellationToken cancellationToken)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await RunAsync(connection, "select pg_advisory_xact_lock(1463900465, 3)", cancellationToken);
        var pending = Migration.Pending(Scripts, await AppliedAsync(connection, cancellationToken), location);
        if (!pending.TryGet(out var scripts))
        {
            return pending.Error;
        }

        if (scripts.Count > 0)
        {
            await RunAsync(connection, """
                create table if not exists schema_version (
                  number bigint primary key, script text not null unique, sha256 text not null, applied_at bigint not null)
                """, cancellationToken);
        }

        foreach (var script in scripts)
        {
            await RunAsync(connection, script.Sql, cancellationToken);
            await using var note = new NpgsqlCommand(
                "insert into schema_version (number, script, sha256, applied_at) values ($1, $2, $3, $4)", connection);
            Statement.Bind(note.Parameters, [(long)script.Number, script.Name, script.Sha256, clock.Now()]);
            await note.ExecuteNonQueryAsync(cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
        return null;
    }

    private static async Task<List<(string, string)>> AppliedAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var exists = new NpgsqlCommand("select to_regclass('schema_version') is not null", connection);
        var applied = new List<(string, string)>();
        if (await exists.ExecuteScalarAsync(cancellationToken) is not true)
        {
            return applied;
        }

        await using var query = new NpgsqlCommand("select script, sha256 from schema_version order by number", connection);
        await using var reader = await query.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            applied.Add((reader.GetString(0), reader.GetString(1)));
        }

        return applied;
    }

    private static async Task RunAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
#pragma warning disable CA2100 // scripts of this assembly, never input
        await using var command = new NpgsqlCommand(sql, connection);
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
