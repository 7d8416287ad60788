namespace Waymark.Storage.Engine;

/// <summary>
/// Statements on the tables of one partition that both stores read alike. Built once from constant names; values are
/// parameters.
/// </summary>
internal sealed class RecordSql(RecordTables tables)
{
    private static readonly RecordSql[] _all = [.. RecordTables.All.Select(tables => new RecordSql(tables))];

    public const string IndexColumns = "i.id, i.version, i.state, i.owner, i.due, i.unit, i.purposes, i.sensitivity, i.changed_at";

    public RecordTables Tables => tables;

    /// <summary>$1 register, $2 id.</summary>
    public string Get { get; } =
        $"select version, document, written_at from {tables.Record} where register = $1 and id = $2 and document is not null";

    /// <summary>$1 register, $2 id beyond which it begins, $3 limit.</summary>
    public string Scan { get; } = $"""
        select id, version, document, written_at from {tables.Record}
        where register = $1 and id > $2 and document is not null order by id limit $3
        """;

    /// <summary>$1 register, $2 id, $3 version, $4 limit.</summary>
    public string History { get; } = $"""
        select o.version, c.actor, c.reason, o.operation, c.at
        from {tables.Operation} o join change c on c.sequence = o.sequence
        where o.register = $1 and o.id = $2 and o.version > $3 order by o.version limit $4
        """;

    public static RecordSql Of(RecordPartition partition) => _all[(int)partition];
}
