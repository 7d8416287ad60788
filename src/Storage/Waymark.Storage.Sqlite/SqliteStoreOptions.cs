namespace Waymark.Storage.Sqlite;

/// <summary>What an operator may set. The defaults suit one machine with one server and an occasional command line.</summary>
public sealed record SqliteStoreOptions
{
    /// <summary>A limit on the database file in bytes; beyond it writes answer <c>store.full</c>. Null: the disk is the limit.</summary>
    public long? MaximumBytes { get; init; }

    /// <summary>Refuse writes even where the file system would allow them.</summary>
    public bool ReadOnly { get; init; }

    /// <summary>How long a write waits for another process that is writing.</summary>
    public TimeSpan BusyTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Connections that read at the same time.</summary>
    public int Readers { get; init; } = 8;
}
