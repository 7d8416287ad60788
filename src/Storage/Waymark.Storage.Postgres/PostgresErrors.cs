using Npgsql;
using Waymark.Model;
using Waymark.Storage.Engine;

namespace Waymark.Storage.Postgres;

/// <summary>PostgreSQL's codes as the store's errors. What is not here is a bug and stays an exception.</summary>
internal static class PostgresErrors
{
    public static Error? Of(Exception problem, string where) => problem switch
    {
        PostgresException server => Of(server.SqlState, server.MessageText, where),
        // The connection broke or never came about. The message names host and port, never a password.
        NpgsqlException client => StoreErrors.Unavailable(where, client.InnerException?.Message ?? client.Message),
        TimeoutException timeout => StoreErrors.Unavailable(where, timeout.Message),
        _ => null,
    };

    public static Error? Of(string state, string message, string where) => state switch
    {
        "WM001" => StoreErrors.Conflict(message),
        "WM002" => StoreErrors.MissingBlob(message),
        "WM003" => StoreErrors.Shredded(new(message)),
        "WM004" => StoreErrors.Unavailable($"blob/{message}", "a part of the upload was swept meanwhile"),
        "53100" => StoreErrors.Full(where),
        "25006" or "42501" => StoreErrors.ReadOnly(where),
        "3D000" or "3F000" => StoreErrors.CannotOpen(where, message),
        "XX001" or "XX002" => StoreErrors.Corrupt(where, message),
        // 08 connection, 28 sign-in, 40 chosen as victim, 53 resources, 55P03 lock timeout, 57 operator.
        _ when state[..2] is "08" or "28" or "40" or "53" or "57" || state == "55P03" => StoreErrors.Unavailable(where, message),
        _ => null,
    };

    /// <summary>The server undid the transaction for reasons of its own: nothing was applied, and it may be tried again.</summary>
    public static bool IsVictim(Exception problem) => problem is PostgresException { SqlState: "40001" or "40P01" };
}
