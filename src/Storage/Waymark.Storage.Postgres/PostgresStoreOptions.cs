namespace Waymark.Storage.Postgres;

/// <summary>What an operator may set besides the connection string.</summary>
public sealed record PostgresStoreOptions
{
    /// <summary>Refuse writes even where the server would allow them.</summary>
    public bool ReadOnly { get; init; }
}
