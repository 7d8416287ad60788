using System.Globalization;
using Waymark.Evidence.Contracts;
using Waymark.Model;
using Waymark.Statistics.Cube;

namespace Waymark.Evidence.Querying;

/// <summary>A condition on what stands beside a figure (release, flags, footnotes, an attribute), or on a coded value; answered row by row.</summary>
internal sealed record RowCondition(string Column, DimensionFilter Filter)
{
    public static readonly IReadOnlySet<string> Columns = new HashSet<string>(StringComparer.Ordinal)
        { "value", "release", "vintage", "flags", "footnotes", "comparator", "confidentiality", "basis", "occurrence", "cell" };

    /// <summary>The rows that meet all conditions; what stands beside is read only when there is a condition.</summary>
    public static async Task<IReadOnlyList<long>> SelectAsync(IReadOnlyList<RowCondition> conditions, QueryScope scope, IReadOnlyList<long> rows, CancellationToken cancellationToken)
    {
        if (conditions.Count == 0)
        {
            return rows;
        }

        var kept = new List<long>();
        foreach (var number in rows)
        {
            var row = scope.Cube[number];
            var beside = await scope.Series.Rows.ReadAsync(row.Cell.Segment, row.Cell.Row, cancellationToken);
            if (conditions.All(condition => condition.Holds(row, beside, scope.Vintages[row.From])))
            {
                kept.Add(number);
            }
        }

        return kept;
    }

    private bool Holds(ObservationView row, SegmentRow beside, LoadedVintage vintage)
    {
        var (text, number) = Column switch
        {
            "value" => (row.ValueCode ?? "", row.ValueCode is null ? beside.Exact : null),
            "release" => (vintage.Release, null),
            "vintage" => (vintage.Id, null),
            "flags" => (beside.Flags ?? "", null),
            "footnotes" => (string.Join("; ", beside.Footnotes), null),
            "comparator" => (row.Comparator.Sign(), null),
            "confidentiality" => (row.Confidentiality.Letter(), null),
            "basis" => (row.Period.BasisCode, null),
            "occurrence" => (beside.Occurrence, null),
            "cell" => (beside.Cell, null),
            _ => (beside.Attributes.FirstOrDefault(attribute => attribute.Key == Column).Value ?? "", (decimal?)null),
        };
        return Filter.Alternatives.Any(terms => terms.All(term => Holds(term, text, number)));
    }

    internal static bool Holds(FilterTerm term, string text, decimal? number)
    {
        if (number is { } figure && decimal.TryParse(term.Value, NumberStyles.Float, CultureInfo.InvariantCulture, out var wanted))
        {
            return Compare(term.Operator, figure.CompareTo(wanted));
        }

        return term.Operator switch
        {
            "co" => text.Contains(term.Value, StringComparison.Ordinal),
            "nc" => !text.Contains(term.Value, StringComparison.Ordinal),
            "sw" => text.StartsWith(term.Value, StringComparison.Ordinal),
            "ew" => text.EndsWith(term.Value, StringComparison.Ordinal),
            var name => Compare(name, string.CompareOrdinal(text, term.Value)),
        };
    }

    private static bool Compare(string name, int order) => name switch
    {
        "eq" => order == 0,
        "ne" => order != 0,
        "lt" => order < 0,
        "le" => order <= 0,
        "gt" => order > 0,
        "ge" => order >= 0,
        _ => false,
    };
}
