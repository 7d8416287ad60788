namespace Waymark.Storage.Postgres;

/// <summary>The store-wide advisory lock of <c>waymark_lock</c>: write sets and uploads share it, sweeping and shredding take it alone.</summary>
internal static class PostgresLocks
{
    /// <summary>More keys than this in one write set, and it takes the store-wide lock instead of one lock per key.</summary>
    public const int MaximumKeys = 64;

    public static Statement Shared { get; } = new("select pg_advisory_xact_lock_shared(1463900465, 1)");

    public static Statement Alone { get; } = new("select pg_advisory_xact_lock(1463900465, 1)");
}
