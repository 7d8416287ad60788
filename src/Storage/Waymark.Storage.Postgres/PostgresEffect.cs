using System.Globalization;
using System.Text;

namespace Waymark.Storage.Postgres;

/// <summary>
/// One statement out of parts that have no order among themselves: each is a common table expression that writes. The server
/// parses and plans it once for every shape that occurs, and runs it once for every write set. Parts are constants of this
/// assembly; values are parameters.
/// </summary>
internal sealed class PostgresEffect
{
    private readonly StringBuilder _sql =
        new("with c as (select sequence, at from change where sequence = (select currval('change_sequence_seq')))");

    private readonly List<object?> _values = [];

    public bool IsEmpty => _values.Count == 0;

    /// <summary>The place of one more value.</summary>
    public string Value(object? value)
    {
        _values.Add(value);
        return "$" + _values.Count.ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>One more part; <c>c</c> is the change of the write set, with its number and time.</summary>
    public void Add(string name, string sql) => _sql.Append(",\n").Append(name).Append(" as (").Append(sql).Append(')');

    public Statement ToStatement() => new(_sql.Append("\nselect where false").ToString(), [.. _values]);
}
