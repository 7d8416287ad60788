using Waymark.Evidence.Contracts;

namespace Waymark.Pages.Data;

/// <summary>What a figure of an earlier moment is today: null while it is the same; withdrawn when nothing took its place.</summary>
public sealed record TodayFigure(string? Revised, bool Withdrawn);

/// <summary>
/// Sets beside the listed figures of an earlier moment what each of them is today, so that who cited one sees whether it
/// still stands.
/// </summary>
internal static class SeriesToday
{
    /// <summary>More rows than this are not compared; the column is then left out.</summary>
    private const int MostRows = 100_000;

    /// <summary>Today's figures for the keys of one page: every combination of its codes, in the span that was asked for.</summary>
    public static SeriesQuery Question(SeriesQuery asked, QueryResult then, SeriesSummary series)
    {
        var at = Positions(then);
        var where = series.Dimensions.Where(dimension => at.ContainsKey(dimension.Id)).Select(dimension => new DimensionFilter(
            dimension.Id,
            [.. then.Rows.Select(row => row[at[dimension.Id]].Text).OfType<string>().Distinct(StringComparer.Ordinal)
                .Select(code => (IReadOnlyList<FilterTerm>)[new FilterTerm("eq", code)])]));
        return asked with { AsOf = null, Offset = 0, Limit = MostRows, Sort = [], Where = [.. where.Where(condition => condition.Alternatives.Count > 0)] };
    }

    /// <summary>For each row of then; null when there are too many figures today to compare.</summary>
    public static IReadOnlyList<TodayFigure>? Compare(
        QueryResult then, QueryResult now, SeriesSummary series, Func<QueryResult, IReadOnlyList<QueryCell>, Dictionary<string, int>, string> figure)
    {
        if (now.Total > now.Rows.Count)
        {
            return null;
        }

        var (before, after) = (Positions(then), Positions(now));
        var today = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var row in now.Rows)
        {
            today.TryAdd(Key(row, after, series), figure(now, row, after));
        }

        return [.. then.Rows.Select(row => today.TryGetValue(Key(row, before, series), out var text)
            ? new TodayFigure(text == figure(then, row, before) ? null : text, Withdrawn: false)
            : new TodayFigure(null, Withdrawn: true))];
    }

    public static Dictionary<string, int> Positions(QueryResult result) =>
        result.Columns.Select((column, at) => (column.Id, at)).ToDictionary(pair => pair.Id, pair => pair.at, StringComparer.Ordinal);

    private static string Key(IReadOnlyList<QueryCell> row, Dictionary<string, int> at, SeriesSummary series) =>
        string.Join('\u001f', series.Dimensions.Select(dimension => dimension.Id).Append("period").Append("unit")
            .Select(id => at.TryGetValue(id, out var column) ? row[column].Text : null));
}
