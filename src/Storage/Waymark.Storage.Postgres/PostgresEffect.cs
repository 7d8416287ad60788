using System.Globalization;
using System.Text;

namespace Waymark.Storage.Postgres;

/// <summary>
/// One statement out of parts that have no order among themselves: each is a common table expression that writes. The server
/// parses and plans it once for every shape that occurs, and runs it once for every transaction. Parts are constants of this
/// assembly; values are parameters.
/// </summary>
/// <param name="changes">Which changes are written: <see cref="One"/> or <see cref="Together"/>.</param>
internal sealed class PostgresEffect(string changes)
{
    /// <summary>The one change that this transaction began; its place is 1.</summary>
    public const string One = "with c as (select sequence, at, 1::bigint as place from change where sequence = (select currval('change_sequence_seq')))";

    /// <summary>The changes of a group, each at the place of its write set; those that were refused are not among them.</summary>
    public const string Together = """
        with c as (
          select n.sequence, current_setting('waymark.at')::bigint as at, n.place
          from unnest(current_setting('waymark.together')::bigint[]) with ordinality as n (sequence, place) where n.sequence is not null)
        """;

    private readonly StringBuilder _sql = new(changes);

    private readonly List<object?> _values = [];

    public bool IsEmpty => _values.Count == 0;

    /// <summary>The place of one more value.</summary>
    public string Value(object? value)
    {
        _values.Add(value);
        return "$" + _values.Count.ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>One more part; <c>c</c> holds the changes, each with number, time and place.</summary>
    public void Add(string name, string sql) => _sql.Append(",\n").Append(name).Append(" as (").Append(sql).Append(')');

    public Statement ToStatement() => new(_sql.Append("\nselect where false").ToString(), [.. _values]);
}

/// <summary>A part of a write set, and the place of that set among those of the transaction, from 1.</summary>
internal readonly record struct Placed<T>(long Place, T Part)
{
    public static List<Placed<T>> Of(IReadOnlyList<WriteSet> group, Func<WriteSet, IEnumerable<T>> parts) =>
        [.. group.SelectMany((writes, at) => parts(writes).Select(part => new Placed<T>(at + 1, part)))];
}
