using Waymark.Evidence.Contracts;
using Waymark.Model;

namespace Waymark.App.Sdmx;

/// <summary>Asks the engine, joins what several keys found, and leaves out the components that were not asked for.</summary>
public static class SdmxAnswer
{
    private const int MostJoined = 1_000_000;

    public static async Task<Result<QueryResult>> AskAsync(IEvidence evidence, SdmxQuestion question, CancellationToken cancellationToken)
    {
        QueryResult? joined = null;
        var rows = new List<IReadOnlyList<QueryCell>>();
        var seen = question.Queries.Count > 1 ? new HashSet<string>(StringComparer.Ordinal) : null;
        foreach (var query in question.Queries)
        {
            var answer = await evidence.QueryAsync(query, cancellationToken);
            if (!answer.IsOk)
            {
                return answer.Error;
            }

            // Two keys may name one observation; it stands once.
            rows.AddRange(seen is null ? answer.Value.Rows : answer.Value.Rows.Where(row => seen.Add(string.Join('\u001f', row.Select(Output.AnswerFormats.Text)))));
            joined = joined is null ? answer.Value : joined with { Names = Join(joined.Names, answer.Value.Names), Sequence = Math.Max(joined.Sequence, answer.Value.Sequence) };
            if (rows.Count > MostJoined)
            {
                return Error.TooLarge("sdmx.too-many-rows", "The answer has more than 1,000,000 observations.", "结果超过 1,000,000 个观测。")
                    .WithHint("Ask with limit and offset, or fewer keys at once.", "请使用 limit 与 offset，或减少键的数量。");
            }
        }

        if (seen is not null)
        {
            var total = rows.Count;
            rows = [.. rows.Skip((int)question.Offset).Take(question.Limit ?? int.MaxValue)];
            joined = joined! with { Total = total };
        }

        return Without(joined! with { Rows = rows }, question);
    }

    private static QueryResult Without(QueryResult answer, SdmxQuestion question)
    {
        var kept = Enumerable.Range(0, answer.Columns.Count).Where(at => Keep(answer.Columns[at], question)).ToArray();
        return kept.Length == answer.Columns.Count ? answer : answer with
        {
            Columns = [.. kept.Select(at => answer.Columns[at])],
            Rows = [.. answer.Rows.Select(row => (IReadOnlyList<QueryCell>)[.. kept.Select(at => row[at])])],
        };
    }

    private static bool Keep(QueryColumn column, SdmxQuestion question) => column.Role switch
    {
        ColumnRole.Measure => Named(question.Measures, column),
        ColumnRole.Attribute => Named(question.Attributes, column),
        _ => true,
    };

    private static bool Named(string asked, QueryColumn column) => asked switch
    {
        "all" or "dsd" or "msd" or "obs" or "series" or "dataset" => true,
        "none" => false,
        _ => asked.Split(',').Contains(ComponentIds.Of(column.Id), StringComparer.OrdinalIgnoreCase),
    };

    private static Dictionary<string, IReadOnlyDictionary<string, LocalText>> Join(
        IReadOnlyDictionary<string, IReadOnlyDictionary<string, LocalText>> left, IReadOnlyDictionary<string, IReadOnlyDictionary<string, LocalText>> right) =>
        left.Concat(right).GroupBy(pair => pair.Key, StringComparer.Ordinal).ToDictionary(
            group => group.Key,
            group => (IReadOnlyDictionary<string, LocalText>)group.SelectMany(pair => pair.Value).DistinctBy(pair => pair.Key).ToDictionary(StringComparer.Ordinal),
            StringComparer.Ordinal);
}
