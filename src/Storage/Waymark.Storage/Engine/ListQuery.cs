using System.Globalization;
using System.Text;
using Waymark.Model;

namespace Waymark.Storage.Engine;

/// <summary>
/// The one statement whose shape depends on the question. Its text is built from constants and numbered parameters only,
/// in SQL that both stores read alike; values never enter it.
/// </summary>
internal static class ListQuery
{
    /// <summary>
    /// Columns: id, version, document, written_at, ordering value. Answers one row more than the limit when there is a next page. With <paramref name="first"/>, the
    /// embedded engine, which keeps no statistics, begins with that head of <see cref="RecordQuery.Where"/> and not with all records in their order.
    /// </summary>
    public static Result<(string Sql, object?[] Values)> Build(RecordQuery query, int? first = null)
    {
        if (WriteSetRules.Check(query) is { } error)
        {
            return error;
        }

        PageToken? after = null;
        if (query.After is not null && !PageToken.TryRead(query.After, PageToken.ListOf(query), out after))
        {
            return StoreErrors.BadPageToken();
        }

        var values = new List<object?> { query.Register };
        string Next(object? value)
        {
            values.Add(value);
            return "$" + values.Count.ToString(CultureInfo.InvariantCulture);
        }

        // SQLite keeps the order in which tables are crossed; PostgreSQL knows how rare a head is and is asked in its own words.
        var join = first is null ? " join " : " cross join ";
        string Head(int place) => string.Create(CultureInfo.InvariantCulture, $"w{place}.name = {Next(query.Where[place].Name)} and w{place}.value = {Next(query.Where[place].Value)}");

        var byHead = query.OrderBy is not null;
        var sql = new StringBuilder().Append("select r.id, r.version, r.document, r.written_at, ").Append(byHead ? "o.value" : "''").Append(" from ");
        _ = first is { } at
            ? sql.Append(CultureInfo.InvariantCulture, $"record_head w{at} cross join record r on w{at}.register = $1 and {Head(at)} and r.register = $1 and r.id = w{at}.id")
            : sql.Append("record r");
        if (byHead)
        {
            sql.Append(join).Append("record_head o on o.register = r.register and o.id = r.id and o.name = ").Append(Next(query.OrderBy));
        }

        // A record has each head once, so a join never doubles it, and the planner may begin with the rarest.
        for (var i = 0; i < query.Where.Count; i++)
        {
            if (i != first)
            {
                sql.Append(join).Append(CultureInfo.InvariantCulture, $"record_head w{i} on w{i}.register = r.register and w{i}.id = r.id and {Head(i)}");
            }
        }

        sql.Append(" where r.register = $1 and r.document is not null");
        var key = byHead ? "o.value" : "r.id";
        if (query.From is not null)
        {
            sql.Append(CultureInfo.InvariantCulture, $" and {key} >= {Next(query.From)}");
        }

        if (query.Below is not null)
        {
            sql.Append(CultureInfo.InvariantCulture, $" and {key} < {Next(query.Below)}");
        }

        if (after is not null)
        {
            var beyond = query.Descending ? "<" : ">";
            sql.Append(byHead
                ? string.Create(CultureInfo.InvariantCulture, $" and (o.value, o.id) {beyond} ({Next(after.Value)}, {Next(after.Id)})")
                : string.Create(CultureInfo.InvariantCulture, $" and r.id {beyond} {Next(after.Id)}"));
        }

        var direction = query.Descending ? " desc" : "";
        sql.Append(" order by ").Append(byHead ? $"o.value{direction}, o.id{direction}" : $"r.id{direction}")
            .Append(" limit ").Append(Next((long)query.Limit + 1));
        return (sql.ToString(), values.ToArray());
    }

    /// <summary>The page out of the rows that <see cref="Build"/> asked for.</summary>
    public static RecordPage Page(RecordQuery query, List<(StoredRecord Record, string Value)> rows)
    {
        if (rows.Count <= query.Limit)
        {
            return new([.. rows.Select(r => r.Record)], null);
        }

        var last = rows[query.Limit - 1];
        return new([.. rows.Take(query.Limit).Select(r => r.Record)],
            new PageToken(PageToken.ListOf(query), last.Value, last.Record.Id).ToString());
    }
}
