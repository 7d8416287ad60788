using System.Globalization;
using System.Text;
using Waymark.Evidence.Contracts;

namespace Waymark.App.Output;

/// <summary>The address of a question on our own API, fixed to a moment, so that it can be asked again for ever.</summary>
public static class QueryAddress
{
    /// <summary>Null when the question cannot be written in the words of the API (filters that only SDMX can say).</summary>
    public static string? Of(SeriesQuery query, DateTimeOffset asOf)
    {
        var where = new List<string>();
        foreach (var filter in query.Where)
        {
            if (Condition(filter) is not { } text)
            {
                return null;
            }

            where.Add(text);
        }

        var words = new StringBuilder();
        Add("where", where.Count == 0 ? null : string.Join("; ", where));
        Add("from", query.From?.ToString());
        Add("to", query.To?.ToString());
        Add("by", query.GroupBy.Count == 0 ? null : string.Join(',', query.GroupBy));
        Add("measure", query.Measure);
        Add("denominator", query.Denominator);
        Add("pivot", query.Pivot);
        Add("release", query.Release);
        Add("bridge", query.Bridges.Count == 0 ? null : string.Join(',', query.Bridges));
        Add("updatedAfter", query.UpdatedAfter is { } updated ? Moment.Text(updated) : null);
        Add("history", query.IncludeHistory ? "true" : null);
        Add("sort", query.Sort.Count == 0 ? null : string.Join(',', query.Sort));
        Add("offset", query.Offset == 0 ? null : query.Offset.ToString(CultureInfo.InvariantCulture));
        Add("limit", query.Limit.ToString(CultureInfo.InvariantCulture));
        Add("asOf", Moment.Text(asOf));
        return $"/api/evidence/query/{query.Series}?{words}";

        void Add(string name, string? value)
        {
            if (value is not null)
            {
                words.Append(words.Length == 0 ? "" : "&").Append(name).Append('=').Append(Uri.EscapeDataString(value));
            }
        }
    }

    private static string? Condition(DimensionFilter filter)
    {
        var terms = filter.Alternatives.SelectMany(alternative => alternative).ToList();
        var word = terms.Count > 0 ? terms[0].Operator : null;
        var sign = word switch
        {
            "eq" => "=", "ne" => "!=", "ge" => ">=", "le" => "<=", "gt" => ">", "lt" => "<", "co" => "~", "nc" => "!~", "sw" => "^=", "ew" => "$=", _ => null,
        };
        var isNegation = word is "ne" or "nc";
        var shape = isNegation ? filter.Alternatives.Count == 1 : filter.Alternatives.All(alternative => alternative.Count == 1);
        return sign is null || !shape || terms.Exists(term => term.Operator != word) ? null
            : filter.Dimension + sign + string.Join('|', terms.Select(term => Quoted(term.Value)));
    }

    private static string Quoted(string value) => value.AsSpan().IndexOfAny(";|\"") < 0 && value.Trim() == value ? value
        : $"\"{value.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
