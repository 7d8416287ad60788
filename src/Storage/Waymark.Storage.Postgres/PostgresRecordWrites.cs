using Waymark.Storage.Engine;

namespace Waymark.Storage.Postgres;

/// <summary>
/// The records of a write set as statements: document and operation, heads, index, keys, for each partition that it writes.
/// They run after the locks and the comparisons, so a version that was expected is the one that is there. What must not
/// exist has nothing to be removed, and what did not change is not touched.
/// </summary>
internal static class PostgresRecordWrites
{
    private static readonly Texts[] _all = [.. RecordTables.All.Select(tables => new Texts(tables))];

    public static IEnumerable<Statement> Statements(IReadOnlyList<RecordWrite> records) =>
        records.GroupBy(record => record.Partition).SelectMany(group => Statements(_all[(int)group.Key], [.. group]));

    private static IEnumerable<Statement> Statements(Texts sql, List<RecordWrite> records)
    {
        yield return new(sql.Record, Registers(records), Ids(records), Array(records.Select(r => r.Document?.ToArray())),
            Array(records.Select(r => r.Operation.ToArray())));
        var former = records.FindAll(r => r.ExpectedVersion > 0);
        if (sql.Tables.Partition == RecordPartition.General)
        {
            foreach (var statement in Heads(records, former))
            {
                yield return statement;
            }
        }

        if (former.FindAll(r => r.Index is null) is { Count: > 0 } unlisted)
        {
            yield return new(sql.RemoveIndex, Registers(unlisted), Ids(unlisted));
        }

        if (records.FindAll(r => r.Index is not null) is { Count: > 0 } listed)
        {
            foreach (var statement in Index(sql, listed))
            {
                yield return statement;
            }
        }
    }

    private static IEnumerable<Statement> Heads(List<RecordWrite> records, List<RecordWrite> former)
    {
        if (former.Count > 0)
        {
            yield return new("""
                delete from record_head h using unnest($1, $2) as w (register, id) where h.register = w.register and h.id = w.id
                """, Registers(former), Ids(former));
        }

        var heads = records.SelectMany(r => r.Heads.Select(h => (r.Register, r.Id, Head: h))).ToList();
        if (heads.Count > 0)
        {
            yield return new("insert into record_head (register, id, name, value) select * from unnest($1, $2, $3, $4)",
                Array(heads.Select(h => h.Register)), Array(heads.Select(h => h.Id)),
                Array(heads.Select(h => h.Head.Name)), Array(heads.Select(h => h.Head.Value)));
        }
    }

    private static IEnumerable<Statement> Index(Texts sql, List<RecordWrite> records)
    {
        yield return new(sql.Index, Registers(records), Ids(records), Array(records.Select(r => r.Index!.State)),
            Array(records.Select(r => r.Index!.Owner)), Array(records.Select(r => RecordTables.DueOf(r.Index!.Due))),
            Array(records.Select(r => r.Index!.Unit)), Array(records.Select(r => unchecked((long)r.Index!.Purposes))),
            Array(records.Select(r => (long)r.Index!.Sensitivity)), Array(records.Select(r => (long)r.Index!.Keys.Count)));
        if (records.FindAll(r => r.ExpectedVersion > 0) is { Count: > 0 } former)
        {
            yield return new(sql.RemoveKeys, [Registers(former), Ids(former), .. Keys(former)]);
        }

        if (records.Exists(r => r.Index!.Keys.Count > 0))
        {
            yield return new(sql.Key, Keys(records));
        }
    }

    private static object?[] Keys(List<RecordWrite> records)
    {
        var keys = records.SelectMany(r => r.Index!.Keys.Select(key => (Record: r, Key: key.ToBytes()))).ToList();
        return
        [
            Array(keys.Select(k => k.Key)), Array(keys.Select(k => k.Record.Register)), Array(keys.Select(k => k.Record.Index!.Unit)),
            Array(keys.Select(k => k.Record.Id)), Array(keys.Select(k => unchecked((long)k.Record.Index!.Purposes))),
            Array(keys.Select(k => (long)k.Record.Index!.Sensitivity)),
        ];
    }

    private static string[] Registers(List<RecordWrite> records) => Array(records.Select(r => r.Register));

    private static string[] Ids(List<RecordWrite> records) => Array(records.Select(r => r.Id));

    private static T[] Array<T>(IEnumerable<T> items) => [.. items];

    private sealed class Texts(RecordTables tables)
    {
        private const string Change = "(select sequence, at from change where sequence = currval('change_sequence_seq'))";

        public RecordTables Tables => tables;

        public string Record { get; } = $"""
            with written as (
              insert into {tables.Record} as r (register, id, version, sequence, written_at, document)
              select w.register, w.id, 1, c.sequence, c.at, w.document from unnest($1, $2, $3) as w (register, id, document), {Change} c
              on conflict (register, id) do update
                set version = r.version + 1, sequence = excluded.sequence, written_at = excluded.written_at, document = excluded.document
              returning r.register, r.id, r.version, r.sequence)
            insert into {tables.Operation} (register, id, version, sequence, operation)
            select w.register, w.id, w.version, w.sequence, o.operation
            from written w join unnest($1, $2, $4) as o (register, id, operation) on o.register = w.register and o.id = w.id
            """;

        public string Index { get; } = $"""
            insert into {tables.Index} (register, id, version, state, owner, due, unit, purposes, sensitivity, changed_at, keys)
            select w.register, w.id, r.version, w.state, w.owner, w.due, w.unit, w.purposes, w.sensitivity, r.written_at, w.keys
            from unnest($1, $2, $3, $4, $5, $6, $7, $8, $9) as w (register, id, state, owner, due, unit, purposes, sensitivity, keys)
            cross join lateral (select version, written_at from {tables.Record} where register = w.register and id = w.id limit 1) r
            on conflict (register, id) do update set version = excluded.version, state = excluded.state, owner = excluded.owner,
              due = excluded.due, unit = excluded.unit, purposes = excluded.purposes, sensitivity = excluded.sensitivity,
              changed_at = excluded.changed_at, keys = excluded.keys
            """;

        public string RemoveIndex { get; } = $"""
            with gone as (
              delete from {tables.Index} i using unnest($1, $2) as w (register, id) where i.register = w.register and i.id = w.id
              returning i.register, i.id)
            delete from {tables.Key} k using gone g where k.register = g.register and k.id = g.id
            """;

        /// <summary>Keys that are no longer so. "Except" and not a join: it stays linear however many keys there are.</summary>
        public string RemoveKeys { get; } = $"""
            delete from {tables.Key} k using (
              select f.key, f.register, f.unit, f.id, f.purposes, f.sensitivity
              from unnest($1, $2) as w (register, id)
              cross join lateral (select * from {tables.Key} where register = w.register and id = w.id offset 0) f
              except select * from unnest($3, $4, $5, $6, $7, $8)) d
            where k.key = d.key and k.register = d.register and k.unit = d.unit and k.id = d.id
            """;

        public string Key { get; } = $"""
            insert into {tables.Key} (key, register, unit, id, purposes, sensitivity) select * from unnest($1, $2, $3, $4, $5, $6)
            on conflict do nothing
            """;
    }
}
