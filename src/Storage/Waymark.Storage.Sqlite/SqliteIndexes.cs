using Microsoft.Data.Sqlite;
using Waymark.Storage.Engine;

namespace Waymark.Storage.Sqlite;

/// <summary>
/// Searches and lists over the two index tables: short ranges of an index, one for each unit (and state) that may be seen,
/// put together here. So a unit with few records never waits for the rows of all others.
/// </summary>
internal static class SqliteIndexes
{
    private static readonly Statements[] _all = [.. RecordTables.All.Select(tables => new Statements(tables))];

    public static KeyMatches Search(SqliteSession session, KeySearch search, KeySearches plan)
    {
        var sql = _all[(int)search.Partition];
        var keys = search.Keys.Select(key => key.ToBytes()).ToList();
        var (purposes, ceiling) = (unchecked((long)search.Filter.Purposes), (long)search.Filter.Ceiling);
        var read = new List<List<Posting>>();
        for (var key = 0; key < keys.Count; key++)
        {
            var postings = new List<Posting>();
            for (var range = 0; range < plan.Ranges.Count; range++)
            {
                var (unit, register) = plan.Ranges[range];
                var place = range;
                var room = search.PostingsPerKey + 1 - postings.Count;
                if (room == 0)
                {
                    break;
                }

                postings.AddRange(session.Query(sql.Postings, row => new Posting(place, row.GetString(0)),
                    keys[key], register, unit, purposes, ceiling, (long)room));
            }

            plan.Count(key, postings.Count);
            read.Add(postings);
        }

        // Rarer keys first: what they found may be all that is asked for.
        foreach (var key in Enumerable.Range(0, keys.Count).Except(plan.Capped))
        {
            plan.Add(key, read[key]);
        }

        if (plan.AsksForCapped)
        {
            foreach (var key in plan.Capped)
            {
                plan.Add(key, read[key].Take(search.PostingsPerKey));
            }
        }

        foreach (var at in plan.Open())
        {
            foreach (var key in plan.Capped.Where(key => session.Any(sql.Carries, keys[key], plan.Ranges[at.Range].Register, plan.Ranges[at.Range].Unit, at.Id)))
            {
                plan.Hit(key, at);
            }
        }

        return plan.Matches();
    }

    public static List<IndexedRecord> List(SqliteSession session, IndexQuery query, IndexLists list)
    {
        var sql = _all[(int)query.Partition];
        var ask = new Question(session, query, list);
        var rows = query.Owner is null
            ? list.Units.SelectMany(unit => (list.States ?? [.. States(session, sql, query.Register, unit)]).SelectMany(state => ask.Run(
                list.IsByDue ? sql.ByDue : sql.ByChange, query.Register, unit, state)))
            : ask.Run(list.IsByDue ? sql.OwnedByDue : sql.OwnedByChange, query.Register, query.Owner, Json(list.Units),
                list.States is null ? null : Json(list.States));
        var places = rows.Order(new InOrder(list.IsByDue)).Take(query.Limit + 1).ToList();
        return places.ConvertAll(place => session.First(sql.Row, row => Read(query.Register, row), query.Register, place.Id)!);
    }

    /// <summary>The states of a unit's records, one step in the index for each.</summary>
    private static List<string> States(SqliteSession session, Statements sql, string register, string unit)
    {
        var states = new List<string>();
        while (session.First(sql.NextState, row => row.GetString(0), register, unit, states is [.., var last] ? last : "") is { } next)
        {
            states.Add(next);
        }

        return states;
    }

    private static string Json(string[] texts) => System.Text.Json.JsonSerializer.Serialize(texts);

    private static IndexedRecord Read(string register, SqliteDataReader row) => new(register, row.GetString(0), row.GetInt64(1),
        row.GetString(2), row.TextOrNull(3), RecordTables.DueAt(row.GetInt64(4)), row.GetString(5),
        unchecked((ulong)row.GetInt64(6)), (byte)row.GetInt64(7), StoreTime.At(row.GetInt64(8)));

    private sealed class Question(SqliteSession session, IndexQuery query, IndexLists list)
    {
        private readonly object?[] _filter =
        [
            unchecked((long)query.Filter.Purposes), (long)query.Filter.Ceiling, list.DueBelow, list.After.Value, list.After.Id, (long)query.Limit + 1,
        ];

        public List<IndexPlace> Run(string sql, params ReadOnlySpan<object?> range) =>
            session.Query(sql, row => new IndexPlace(row.GetInt64(0), row.GetString(1)), [.. range, .. _filter]);
    }

    /// <summary>As the store orders: by value, then by the UTF-8 bytes of the id; both reversed for the newest first.</summary>
    private sealed class InOrder(bool ascending) : IComparer<IndexPlace>
    {
        public int Compare(IndexPlace x, IndexPlace y)
        {
            var order = x.Value != y.Value
                ? x.Value.CompareTo(y.Value)
                : System.Text.Encoding.UTF8.GetBytes(x.Id).AsSpan().SequenceCompareTo(System.Text.Encoding.UTF8.GetBytes(y.Id));
            return ascending ? order : -order;
        }
    }

    private sealed class Statements(RecordTables tables)
    {
        public string Postings { get; } = $"""
            select id from {tables.Key}
            where key = $1 and register = $2 and unit = $3 and (purposes & $4) <> 0 and sensitivity <= $5 order by id limit $6
            """;

        /// <summary>The filter was asked when the record was found.</summary>
        public string Carries { get; } = $"select 1 from {tables.Key} where key = $1 and register = $2 and unit = $3 and id = $4";

        public string NextState { get; } = $"select min(state) from {tables.Index} where register = $1 and unit = $2 and state > $3 having min(state) is not null";

        public string ByDue { get; } = $"""
            select due, id from {tables.Index}
            where register = $1 and unit = $2 and state = $3 and (purposes & $4) <> 0 and sensitivity <= $5
              and ($6 is null or due < $6) and (due, id) > ($7, $8) order by due, id limit $9
            """;

        public string ByChange { get; } = $"""
            select changed_at, id from {tables.Index}
            where register = $1 and unit = $2 and state = $3 and (purposes & $4) <> 0 and sensitivity <= $5
              and ($6 is null or due < $6) and (changed_at, id) < ($7, $8) order by changed_at desc, id desc limit $9
            """;

        public string OwnedByDue { get; } = $"""
            select due, id from {tables.Index}
            where register = $1 and owner = $2 and unit in (select value from json_each($3))
              and ($4 is null or state in (select value from json_each($4))) and (purposes & $5) <> 0 and sensitivity <= $6
              and ($7 is null or due < $7) and (due, id) > ($8, $9) order by due, id limit $10
            """;

        public string OwnedByChange { get; } = $"""
            select changed_at, id from {tables.Index}
            where register = $1 and owner = $2 and unit in (select value from json_each($3))
              and ($4 is null or state in (select value from json_each($4))) and (purposes & $5) <> 0 and sensitivity <= $6
              and ($7 is null or due < $7) and (changed_at, id) < ($8, $9) order by changed_at desc, id desc limit $10
            """;

        public string Row { get; } = $"select {RecordSql.IndexColumns} from {tables.Index} i where i.register = $1 and i.id = $2";
    }
}
