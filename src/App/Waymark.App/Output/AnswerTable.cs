using Waymark.App.CommandLine;
using Waymark.App.Sdmx;
using Waymark.Evidence.Contracts;
using Waymark.Formats;
using Waymark.Model;
using Answer = Waymark.Evidence.Contracts.QueryResult;
using AnswerRole = Waymark.Evidence.Contracts.ColumnRole;

namespace Waymark.App.Output;

/// <summary>Hands an answer to the writers of <c>Waymark.Formats</c>.</summary>
public static class AnswerTable
{
    public static async Task<Result<bool>> WriteAsync(
        Stream stream, Answer answer, AnswerFormat format, Language language, SdmxCsvOptions? sdmx, CancellationToken cancellationToken)
    {
        var table = Of(answer, language, format is AnswerFormat.SdmxCsv or AnswerFormat.SdmxJson);
        switch (format)
        {
            case AnswerFormat.Csv:
                await CsvWriter.WriteAsync(table, stream, null, cancellationToken);
                return true;
            case AnswerFormat.Xlsx:
                await XlsxWriter.WriteAsync(table, stream, new(language.Tag), cancellationToken);
                return true;
            case AnswerFormat.SdmxCsv:
                await SdmxCsvWriter.WriteAsync(table, stream, sdmx ?? new(Language: language.Tag), cancellationToken);
                return true;
            case AnswerFormat.JsonStat:
                return (await JsonStatWriter.WriteAsync(table, stream, language.Tag, cancellationToken)).Select(_ => true);
            case AnswerFormat.SdmxJson:
                return (await SdmxJsonWriter.WriteAsync(table, stream, new(Languages: [language.Tag]), cancellationToken)).Select(_ => true);
            default:
                throw new ArgumentOutOfRangeException(nameof(format), format, "Written elsewhere.");
        }
    }

    /// <param name="answer">The answer.</param>
    /// <param name="language">The language of names.</param>
    /// <param name="sdmxIds">Columns by their SDMX component ids instead of our own names.</param>
    public static Table Of(Answer answer, Language language, bool sdmxIds)
    {
        var (publisher, dataset) = answer.Series.Id.Split('/') is [var first, var second] ? (first, second) : (answer.Series.Publisher, answer.Series.Id);
        return new(
            new DatasetInfo(dataset, publisher, "1.0.0", answer.Series.Name, answer.AsOf, answer.Series.PublisherName.In(language.Tag),
                answer.Licence, answer.Citation.In(language.Tag)),
            [.. answer.Columns.Select(column => new Column(sdmxIds ? ComponentIds.Of(column.Id) : column.Id, column.Name, TypeOf(column), RoleOf(column), LabelsOf(answer, column)))],
            answer.Rows.Select(row => new ReadOnlyMemory<Value>([.. row.Select(ValueOf)])));
    }

    private static Formats.ColumnRole RoleOf(QueryColumn column) => column.Role switch
    {
        AnswerRole.Measure => Formats.ColumnRole.Measure,
        AnswerRole.Attribute => Formats.ColumnRole.Attribute,
        _ => Formats.ColumnRole.Dimension,
    };

    private static ColumnType TypeOf(QueryColumn column) => column.Role switch
    {
        AnswerRole.Measure => ColumnType.Number,
        AnswerRole.Period => ColumnType.Period,
        _ => ColumnType.Text,
    };

    private static Func<string, LocalText?>? LabelsOf(Answer answer, QueryColumn column) =>
        answer.Names.TryGetValue(column.Id, out var names) ? code => names.GetValueOrDefault(code) : null;

    private static Value ValueOf(QueryCell cell) => cell.Number is { } number ? Value.Of(number) : Value.Of(cell.Text);
}
