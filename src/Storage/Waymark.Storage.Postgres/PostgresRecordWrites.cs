using Waymark.Storage.Engine;

namespace Waymark.Storage.Postgres;

/// <summary>
/// The records of a write set: what of their former version goes first, as statements of its own, then document and operation,
/// heads, index and keys as parts of the effect. They run after the locks and the comparisons, so a version that was expected
/// is the one that is there. What must not exist has nothing to be removed, and keys that did not change are not touched.
/// </summary>
internal static class PostgresRecordWrites
{
    public static IEnumerable<Statement> Removals(string changes, List<Placed<RecordWrite>> records) =>
        records.Where(record => record.Part.ExpectedVersion > 0).GroupBy(record => record.Part.Partition)
            .SelectMany(group => Removals(changes, RecordTables.Of(group.Key), [.. group]));

    public static void Write(PostgresEffect effect, List<Placed<RecordWrite>> records)
    {
        foreach (var group in records.GroupBy(record => record.Part.Partition))
        {
            Write(effect, RecordTables.Of(group.Key), [.. group]);
        }
    }

    private static IEnumerable<Statement> Removals(string changes, RecordTables tables, List<Placed<RecordWrite>> former)
    {
        if (tables.Partition == RecordPartition.General)
        {
            yield return new($"""
                {changes}
                delete from record_head h using unnest($1, $2, $3) as w (place, register, id) join c on c.place = w.place
                where h.register = w.register and h.id = w.id
                """, Places(former), Registers(former), Ids(former));
        }

        if (former.FindAll(r => r.Part.Index is null) is { Count: > 0 } unlisted)
        {
            yield return new($"""
                {changes}, gone as (
                  delete from {tables.Index} i using unnest($1, $2, $3) as w (place, register, id) join c on c.place = w.place
                  where i.register = w.register and i.id = w.id
                  returning i.register, i.id)
                delete from {tables.Key} k using gone g where k.register = g.register and k.id = g.id
                """, Places(unlisted), Registers(unlisted), Ids(unlisted));
        }

        if (former.FindAll(r => r.Part.Index is not null) is { Count: > 0 } listed)
        {
            // "Except" and not a join: it stays linear however many keys there are.
            yield return new($"""
                {changes}
                delete from {tables.Key} k using (
                  select f.key, f.register, f.unit, f.id, f.purposes, f.sensitivity
                  from unnest($1, $2, $3) as w (place, register, id) join c on c.place = w.place
                  cross join lateral (select * from {tables.Key} where register = w.register and id = w.id offset 0) f
                  except select * from unnest($4, $5, $6, $7, $8, $9)) d
                where k.key = d.key and k.register = d.register and k.unit = d.unit and k.id = d.id
                """, [Places(listed), Registers(listed), Ids(listed), .. Keys(listed)[1..]]);
        }
    }

    private static void Write(PostgresEffect effect, RecordTables tables, List<Placed<RecordWrite>> records)
    {
        var places = effect.Value(Places(records));
        var registers = effect.Value(Registers(records));
        var ids = effect.Value(Ids(records));
        var documents = effect.Value(Array(records.Select(r => r.Part.Document?.ToArray())));
        var operations = effect.Value(Array(records.Select(r => r.Part.Operation.ToArray())));
        effect.Add(tables.Record + "_written", $"""
            insert into {tables.Record} as r (register, id, version, sequence, written_at, document)
            select w.register, w.id, 1, c.sequence, c.at, w.document
            from unnest({places}, {registers}, {ids}, {documents}) as w (place, register, id, document) join c on c.place = w.place
            on conflict (register, id) do update
              set version = r.version + 1, sequence = excluded.sequence, written_at = excluded.written_at, document = excluded.document
            returning r.register, r.id, r.version, r.sequence, r.written_at
            """);
        effect.Add(tables.Record + "_operated", $"""
            insert into {tables.Operation} (register, id, version, sequence, operation)
            select w.register, w.id, w.version, w.sequence, o.operation from {tables.Record}_written w
            join unnest({registers}, {ids}, {operations}) as o (register, id, operation) on o.register = w.register and o.id = w.id
            """);
        WriteHeads(effect, records);
        if (records.FindAll(r => r.Part.Index is not null) is { Count: > 0 } listed)
        {
            WriteIndex(effect, tables, listed);
        }
    }

    private static void WriteHeads(PostgresEffect effect, List<Placed<RecordWrite>> records)
    {
        var heads = records.SelectMany(r => r.Part.Heads.Select(h => (r.Place, r.Part.Register, r.Part.Id, Head: h))).ToList();
        if (heads.Count > 0)
        {
            effect.Add("headed", $"""
                insert into record_head (register, id, name, value)
                select w.register, w.id, w.name, w.value
                from unnest({effect.Value(Array(heads.Select(h => h.Place)))}, {effect.Value(Array(heads.Select(h => h.Register)))},
                  {effect.Value(Array(heads.Select(h => h.Id)))}, {effect.Value(Array(heads.Select(h => h.Head.Name)))},
                  {effect.Value(Array(heads.Select(h => h.Head.Value)))}) as w (place, register, id, name, value)
                join c on c.place = w.place
                """);
        }
    }

    private static void WriteIndex(PostgresEffect effect, RecordTables tables, List<Placed<RecordWrite>> placed)
    {
        var records = placed.ConvertAll(r => r.Part);
        object[] columns =
        [
            Registers(placed), Ids(placed), Array(records.Select(r => r.Index!.State)), Array(records.Select(r => r.Index!.Owner)),
            Array(records.Select(r => RecordTables.DueOf(r.Index!.Due))), Array(records.Select(r => r.Index!.Unit)),
            Array(records.Select(r => unchecked((long)r.Index!.Purposes))), Array(records.Select(r => (long)r.Index!.Sensitivity)),
            Array(records.Select(r => (long)r.Index!.Keys.Count)),
        ];
        effect.Add(tables.Record + "_indexed", $"""
            insert into {tables.Index} (register, id, version, state, owner, due, unit, purposes, sensitivity, changed_at, keys)
            select w.register, w.id, r.version, w.state, w.owner, w.due, w.unit, w.purposes, w.sensitivity, r.written_at, w.keys
            from unnest({string.Join(", ", columns.Select(effect.Value))})
              as w (register, id, state, owner, due, unit, purposes, sensitivity, keys)
            join {tables.Record}_written r on r.register = w.register and r.id = w.id
            on conflict (register, id) do update set version = excluded.version, state = excluded.state, owner = excluded.owner,
              due = excluded.due, unit = excluded.unit, purposes = excluded.purposes, sensitivity = excluded.sensitivity,
              changed_at = excluded.changed_at, keys = excluded.keys
            """);
        if (records.Exists(r => r.Index!.Keys.Count > 0))
        {
            effect.Add(tables.Record + "_keyed", $"""
                insert into {tables.Key} (key, register, unit, id, purposes, sensitivity)
                select w.key, w.register, w.unit, w.id, w.purposes, w.sensitivity
                from unnest({string.Join(", ", Keys(placed).Select(effect.Value))}) as w (place, key, register, unit, id, purposes, sensitivity)
                join c on c.place = w.place
                on conflict do nothing
                """);
        }
    }

    /// <summary>Places, then the columns of a key.</summary>
    private static object?[] Keys(List<Placed<RecordWrite>> records)
    {
        var keys = records.SelectMany(r => r.Part.Index!.Keys.Select(key => (r.Place, Record: r.Part, Key: key.ToBytes()))).ToList();
        return
        [
            Array(keys.Select(k => k.Place)), Array(keys.Select(k => k.Key)), Array(keys.Select(k => k.Record.Register)), Array(keys.Select(k => k.Record.Index!.Unit)),
            Array(keys.Select(k => k.Record.Id)), Array(keys.Select(k => unchecked((long)k.Record.Index!.Purposes))),
            Array(keys.Select(k => (long)k.Record.Index!.Sensitivity)),
        ];
    }

    private static long[] Places(List<Placed<RecordWrite>> records) => Array(records.Select(r => r.Place));

    private static string[] Registers(List<Placed<RecordWrite>> records) => Array(records.Select(r => r.Part.Register));

    private static string[] Ids(List<Placed<RecordWrite>> records) => Array(records.Select(r => r.Part.Id));

    private static T[] Array<T>(IEnumerable<T> items) => [.. items];
}
