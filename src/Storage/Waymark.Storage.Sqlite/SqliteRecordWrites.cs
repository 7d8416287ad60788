using Waymark.Storage.Engine;

namespace Waymark.Storage.Sqlite;

/// <summary>Writes one record of a write set: document, operation, heads, index and keys. What did not change is not touched.</summary>
internal static class SqliteRecordWrites
{
    private static readonly Statements[] _all = [.. RecordTables.All.Select(tables => new Statements(tables))];

    /// <summary>The version of a record that is there; 0 for one that never was or was removed.</summary>
    public static long VersionOf(SqliteSession session, RecordPartition partition, string register, string id) =>
        session.Number(_all[(int)partition].Version, register, id) ?? 0;

    public static void Write(SqliteSession session, RecordWrite record, long sequence, long at)
    {
        var sql = _all[(int)record.Partition];
        var version = session.Number(sql.Record, record.Register, record.Id, sequence, at, record.Document)!.Value;
        session.Execute(sql.Operation, record.Register, record.Id, version, sequence, record.Operation);
        if (record.Partition == RecordPartition.General)
        {
            WriteHeads(session, record, version);
        }

        WriteIndex(session, sql, record, version, at);
    }

    private static void WriteHeads(SqliteSession session, RecordWrite record, long version)
    {
        if (version > 1)
        {
            session.Execute("delete from record_head where register = $1 and id = $2", record.Register, record.Id);
        }

        foreach (var head in record.Heads)
        {
            session.Execute("insert into record_head (register, name, value, id) values ($1, $2, $3, $4)",
                record.Register, head.Name, head.Value, record.Id);
        }
    }

    private static void WriteIndex(SqliteSession session, Statements sql, RecordWrite record, long version, long at)
    {
        var former = version == 1
            ? null
            : session.First(sql.Seen, row => new Sight(row.GetString(0), row.GetInt64(1), row.GetInt64(2)), record.Register, record.Id);
        if (record.Index is not { } index)
        {
            if (former is not null)
            {
                session.Execute(sql.RemoveKeys, record.Register, record.Id);
                session.Execute(sql.RemoveIndex, record.Register, record.Id);
            }

            return;
        }

        var sight = new Sight(index.Unit, unchecked((long)index.Purposes), index.Sensitivity);
        session.Execute(sql.Index, record.Register, record.Id, version, index.State, index.Owner, RecordTables.DueOf(index.Due),
            sight.Unit, sight.Purposes, sight.Sensitivity, at, (long)index.Keys.Count);
        var keys = index.Keys.ToDictionary(key => Convert.ToHexString(key.ToBytes()), key => key.ToBytes(), StringComparer.Ordinal);
        if (former is not null)
        {
            // Most edits change no key: then only the comparison is paid for.
            var there = session.Query(sql.Keys, row => row.Bytes(0), record.Register, record.Id);
            foreach (var key in there.Where(key => former != sight || !keys.Remove(Convert.ToHexString(key))))
            {
                session.Execute(sql.RemoveKey, key, record.Register, former.Unit, record.Id);
            }
        }

        foreach (var key in keys.Values)
        {
            session.Execute(sql.Key, key, record.Register, sight.Unit, record.Id, sight.Purposes, sight.Sensitivity);
        }
    }

    /// <summary>What decides whether a row may be seen; repeated in every key row.</summary>
    private sealed record Sight(string Unit, long Purposes, long Sensitivity);

    private sealed class Statements(RecordTables tables)
    {
        public string Version { get; } = $"select version from {tables.Record} where register = $1 and id = $2 and document is not null";

        public string Record { get; } = $"""
            insert into {tables.Record} (register, id, version, sequence, written_at, document) values ($1, $2, 1, $3, $4, $5)
            on conflict (register, id) do update set version = version + 1, sequence = $3, written_at = $4, document = $5
            returning version
            """;

        public string Operation { get; } =
            $"insert into {tables.Operation} (register, id, version, sequence, operation) values ($1, $2, $3, $4, $5)";

        public string Seen { get; } = $"select unit, purposes, sensitivity from {tables.Index} where register = $1 and id = $2";

        public string Index { get; } = $"""
            insert into {tables.Index} (register, id, version, state, owner, due, unit, purposes, sensitivity, changed_at, keys)
            values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
            on conflict (register, id) do update set version = $3, state = $4, owner = $5, due = $6, unit = $7, purposes = $8,
              sensitivity = $9, changed_at = $10, keys = $11
            """;

        public string RemoveIndex { get; } = $"delete from {tables.Index} where register = $1 and id = $2";

        public string Keys { get; } = $"select key from {tables.Key} where register = $1 and id = $2";

        public string Key { get; } =
            $"insert into {tables.Key} (key, register, unit, id, purposes, sensitivity) values ($1, $2, $3, $4, $5, $6)";

        public string RemoveKey { get; } = $"delete from {tables.Key} where key = $1 and register = $2 and unit = $3 and id = $4";

        public string RemoveKeys { get; } = $"delete from {tables.Key} where register = $1 and id = $2";
    }
}
