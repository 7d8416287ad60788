using System.Text.Json;
using System.Text.Json.Nodes;
using Waymark.Evidence.Contracts;

namespace Waymark.App.Output;

/// <summary>
/// An answer as JSON: rows are objects keyed by column name; numbers are exact; a value that is missing is left out and its
/// status says why.
/// </summary>
public static class AnswerJson
{
    /// <param name="answer">The answer.</param>
    /// <param name="question">The address at which the same question is asked again, as of the same moment.</param>
    public static JsonNode Of(QueryResult answer, string? question) => new JsonObject
    {
        ["question"] = question,
        ["series"] = answer.Series.Id,
        ["name"] = Node(answer.Series.Name),
        ["publisher"] = answer.Series.Publisher,
        ["units"] = Node(answer.Series.Units),
        ["definitions"] = Node(answer.Series.Definitions),
        ["columns"] = Node(answer.Columns),
        ["rows"] = new JsonArray([.. answer.Rows.Select(row => (JsonNode)Row(answer, row))]),
        ["names"] = Node(answer.Names),
        ["total"] = answer.Total,
        ["notes"] = Node(answer.Notes),
        ["vintages"] = Node(answer.Series.Vintages),
        ["licence"] = answer.Licence,
        ["citation"] = Node(answer.Citation),
        ["asOf"] = Moment.Text(answer.AsOf),
        ["sequence"] = answer.Sequence,
    };

    public static JsonObject Row(QueryResult answer, IReadOnlyList<QueryCell> row)
    {
        var node = new JsonObject();
        for (var i = 0; i < answer.Columns.Count; i++)
        {
            var cell = row[i];
            if (cell.Number is { } number)
            {
                node[answer.Columns[i].Id] = number;
            }
            else if (cell.Text is not null)
            {
                node[answer.Columns[i].Id] = cell.Text;
            }

            if (cell.Upper is { } upper && !answer.Columns.Any(column => column.Id == "upper"))
            {
                node[answer.Columns[i].Id + "Upper"] = upper;
            }
        }

        return node;
    }

    private static JsonNode? Node<T>(T value) => JsonSerializer.SerializeToNode(value, JsonOutput.Options);
}
