using Waymark.Storage.Engine;

namespace Waymark.Storage.Postgres;

/// <summary>
/// Questions to the two index tables of a partition: short ranges of an index, one for each unit (and state) that may be
/// seen. Each range is a lateral subquery with a limit of its own, which leaves the planner one way to do it however the
/// statistics stand: the range of the index, in its order, until there is enough.
/// </summary>
internal sealed class PostgresIndexes(RecordTables tables)
{
    /// <summary>$1 register, $2 ids; in their order.</summary>
    public string GetMany { get; } = $"""
        select r.id, r.version, r.document, r.written_at from unnest($2) with ordinality as w (id, place)
        cross join lateral (select * from {tables.Record} where register = $1 and id = w.id and document is not null limit 1) r
        order by w.place
        """;

    /// <summary>
    /// $1 keys, $2 and $3 units and registers in pairs, $4 purposes, $5 ceiling, $6 limit, $7 how many are told. For each key, how many records carry it, counted up to the
    /// limit, and which, where they are no more than are told. Reading a key ends with the pair that fills it.
    /// </summary>
    public string Postings { get; } = $"""
        select k.place, p.number, case when p.number <= $7 then p.ranges end, case when p.number <= $7 then p.ids end
        from unnest($1) with ordinality as k (key, place)
        cross join lateral (
          select count(*) as number, array_agg(r.range) as ranges, array_agg(r.id) as ids
          from (
            select w.range, m.id
            from unnest($2, $3) with ordinality as w (unit, register, range)
            cross join lateral (
              select id from {tables.Key}
              where key = k.key and register = w.register and unit = w.unit and (purposes & $4) <> 0 and sensitivity <= $5
              order by id limit $6) m
            limit $6) r) p
        """;

    /// <summary>
    /// Which of $1 keys each of the records ($2 register, $3 id) carries, all keys of a record in one step of the index by record. The filter was asked when the record
    /// was found.
    /// </summary>
    public string Carried { get; } = $"""
        select m.key, array_agg(w.place) from unnest($2, $3) with ordinality as w (register, id, place)
        cross join lateral (
          select key from {tables.Key} where register = w.register and id = w.id and key = any ($1) offset 0) m
        group by m.key
        """;

    private readonly string[] _lists =
    [
        Ranges(tables, AnyState(tables), "due", ""), Ranges(tables, GivenStates, "due", ""),
        Ranges(tables, AnyState(tables), "changed_at", " desc"), Ranges(tables, GivenStates, "changed_at", " desc"),
        Owned(tables, "due", ""), Owned(tables, "changed_at", " desc"),
    ];

    private const string GivenStates = "range as (select u.unit, s.state from unnest($2) as u (unit), unnest($11) as s (state))";

    /// <summary>
    /// $1 register, $2 units, $3 purposes, $4 ceiling, $5 due below, $6 whether there is no such bound, $7 and $8 where the page
    /// begins, $9 limit, $10 owner, $11 states.
    /// </summary>
    public string List(IndexQuery query, IndexLists list) => (query.Owner, list.IsByDue) switch
    {
        (null, true) => _lists[list.States is null ? 0 : 1],
        (null, false) => _lists[list.States is null ? 2 : 3],
        (_, true) => _lists[4],
        _ => _lists[5],
    };

    /// <summary>The states of each unit's records, one step in the index for each.</summary>
    private static string AnyState(RecordTables tables) => $"""
        step as (
          select u.unit, (select min(i.state) from {tables.Index} i where i.register = $1 and i.unit = u.unit) as state
          from unnest($2) as u (unit)
          union all
          select s.unit, (select min(i.state) from {tables.Index} i where i.register = $1 and i.unit = s.unit and i.state > s.state)
          from step s where s.state is not null),
        range as (select unit, state from step where state is not null)
        """;

    private static string Ranges(RecordTables tables, string ranges, string value, string direction) => $"""
        with recursive {ranges},
        page as (
          select p.value, p.id from range r
          cross join lateral (
            select i.{value} as value, i.id from {tables.Index} i
            where i.register = $1 and i.unit = r.unit and i.state = r.state {Conditions(value, direction)}
            order by i.{value}{direction}, i.id{direction} limit $9) p
          order by p.value{direction}, p.id{direction} limit $9)
        {Rows(tables, direction)}
        """;

    private static string Owned(RecordTables tables, string value, string direction) => $"""
        with page as (
          select i.{value} as value, i.id from {tables.Index} i
          where i.register = $1 and i.owner = $10 and i.unit = any ($2) and (cardinality($11::text[]) = 0 or i.state = any ($11)) {Conditions(value, direction)}
          order by i.{value}{direction}, i.id{direction} limit $9)
        {Rows(tables, direction)}
        """;

    private static string Conditions(string value, string direction) => $"""
        and (i.purposes & $3) <> 0 and i.sensitivity <= $4 and ($6 or i.due < $5)
              and (i.{value}, i.id) {(direction.Length > 0 ? "<" : ">")} ($7, $8)
        """;

    private static string Rows(RecordTables tables, string direction) => $"""
        select {RecordSql.IndexColumns} from page p
        cross join lateral (select * from {tables.Index} where register = $1 and id = p.id limit 1) i
        order by p.value{direction}, p.id{direction}
        """;
}
