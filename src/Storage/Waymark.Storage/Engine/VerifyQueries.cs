namespace Waymark.Storage.Engine;

/// <summary>
/// Laws that hold between rows on both stores. Each query answers the places where its law is broken, at most 100;
/// they are plain SQL that SQLite and PostgreSQL read alike.
/// </summary>
internal static class VerifyQueries
{
    public static IReadOnlyList<(string Law, string Sql)> All { get; } =
    [
        .. RecordTables.All.SelectMany(Records),
        ("every head belongs to a record that is there",
            """
            select h.register || '/' || h.id || ' head ' || h.name from record_head h
            where not exists (select 1 from record r where r.register = h.register and r.id = h.id and r.document is not null)
            limit 100
            """),
        ("a vintage is visible exactly when it has a sequence number and a time",
            """
            select v.id from vintage v
            where (v.state = 1) <> (v.sequence > 0) or (v.state = 1) <> (v.visible_from is not null)
            limit 100
            """),
        ("vintages become visible in order of time",
            """
            select cast(v.sequence as text)
            from (select sequence, min(visible_from) as earliest, max(visible_from) as latest,
                         lag(max(visible_from)) over (order by sequence) as former
                  from vintage where state = 1 group by sequence) v
            where v.former >= v.earliest or v.earliest <> v.latest
            limit 100
            """),
        ("a vintage has as many observations as its segments",
            """
            select v.id from vintage v
            where v.observations <> (select coalesce(sum(s.observations), 0) from segment s where s.vintage = v.id)
            limit 100
            """),
        ("every segment belongs to a vintage that was not discarded, and its blob is known",
            """
            select s.vintage || '#' || s.ordinal from segment s
            where not exists (select 1 from vintage v where v.id = s.vintage and v.state <> 2)
               or not exists (select 1 from blob b where b.id = s.blob)
            limit 100
            """),
        ("every reference names a known blob",
            """
            select f.owner || ' ' || f.blob from blob_reference f
            where not exists (select 1 from blob b where b.id = f.blob)
            limit 100
            """),
        ("a blob that was not shredded has all its chunks, and as many bytes as they",
            """
            select b.id from blob b
            left join (select p.blob, sum(p.length) as length, count(*) as parts, max(p.ordinal) as last,
                              sum(case when c.id is null then 1 else 0 end) as missing
                       from blob_chunk p left join chunk c on c.id = p.chunk group by p.blob) p on p.blob = b.id
            where b.shredded_at is null
              and (coalesce(p.length, 0) <> b.length or coalesce(p.missing, 0) <> 0 or coalesce(p.parts, 0) <> coalesce(p.last, -1) + 1)
            limit 100
            """),
        ("a tile of the ledger has 1 to 256 hashes of 32 bytes",
            "select t.level || '/' || t.position from ledger_tile t where length(t.hashes) not between 32 and 8192 or length(t.hashes) % 32 <> 0 limit 100"),
        ("every leaf of the ledger stands below its newest checkpoint",
            """
            select cast(l.position as text) from ledger_leaf l
            where l.position >= (select coalesce(max(c.size), 0) from ledger_checkpoint c) limit 100
            """),
        ("a running job has a lease",
            "select j.id from job j where (j.state = 1) <> (j.lease_until is not null) limit 100"),
    ];

    private static IEnumerable<(string Law, string Sql)> Records(RecordTables tables)
    {
        var where = $"'{tables.Prefix}' ||";
        yield return ("every record has one operation per version, from 1 to its own", $"""
            select {where} r.register || '/' || r.id from {tables.Record} r
            left join (select register, id, count(*) as operations, min(version) as first, max(version) as last
                       from {tables.Operation} group by register, id) o on o.register = r.register and o.id = r.id
            where o.operations is null or o.first <> 1 or o.last <> r.version or o.operations <> r.version
            limit 100
            """);
        yield return ("every operation belongs to a record", $"""
            select {where} o.register || '/' || o.id from {tables.Operation} o
            where not exists (select 1 from {tables.Record} r where r.register = o.register and r.id = o.id)
            limit 100
            """);
        yield return ("every operation belongs to a change", $"""
            select {where} o.register || '/' || o.id from {tables.Operation} o
            where not exists (select 1 from change c where c.sequence = o.sequence)
            limit 100
            """);
        yield return ("every index row belongs to a record that is there, in its version", $"""
            select {where} i.register || '/' || i.id from {tables.Index} i
            where not exists (select 1 from {tables.Record} r
              where r.register = i.register and r.id = i.id and r.version = i.version and r.document is not null)
            limit 100
            """);
        yield return ("every search key is that of an index row, and may be seen by the same", $"""
            select {where} k.register || '/' || k.id from {tables.Key} k
            where not exists (select 1 from {tables.Index} i
              where i.register = k.register and i.id = k.id and i.unit = k.unit and i.purposes = k.purposes and i.sensitivity = k.sensitivity)
            limit 100
            """);
        yield return ("every index row has as many search keys as it says", $"""
            select {where} i.register || '/' || i.id from {tables.Index} i
            where i.keys <> (select count(*) from {tables.Key} k where k.register = i.register and k.id = i.id)
            limit 100
            """);
    }
}
