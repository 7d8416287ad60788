using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Waymark.App.CommandLine;
using Waymark.Evidence.Contracts;
using Waymark.Model;

namespace Waymark.App.Output;

public enum AnswerFormat { Table, Csv, Json, Jsonl, JsonStat, SdmxCsv, SdmxJson, Xlsx }

/// <summary>The formats an answer can be written in, by name, file ending and media type.</summary>
public static class AnswerFormats
{
    public static IReadOnlyDictionary<string, AnswerFormat> Names { get; } = new Dictionary<string, AnswerFormat>(StringComparer.Ordinal)
    {
        ["table"] = AnswerFormat.Table,
        ["csv"] = AnswerFormat.Csv,
        ["json"] = AnswerFormat.Json,
        ["jsonl"] = AnswerFormat.Jsonl,
        ["jsonstat"] = AnswerFormat.JsonStat,
        ["sdmx-csv"] = AnswerFormat.SdmxCsv,
        ["sdmx-json"] = AnswerFormat.SdmxJson,
        ["xlsx"] = AnswerFormat.Xlsx,
    };

    public static string MediaType(AnswerFormat format) => format switch
    {
        AnswerFormat.Csv => "text/csv; charset=utf-8; header=present",
        AnswerFormat.Json or AnswerFormat.JsonStat => "application/json; charset=utf-8",
        AnswerFormat.Jsonl => "application/jsonl; charset=utf-8",
        AnswerFormat.SdmxCsv => "application/vnd.sdmx.data+csv; version=2.1.0; charset=utf-8",
        AnswerFormat.SdmxJson => "application/vnd.sdmx.data+json; version=2.1.0; charset=utf-8",
        AnswerFormat.Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        _ => "text/plain; charset=utf-8",
    };

    /// <summary>By name, else <c>--json</c>, else the ending of the file, else a table.</summary>
    public static Result<AnswerFormat> Choose(string? name, string? file, bool json)
    {
        if (name is not null)
        {
            if (Names.TryGetValue(name, out var named))
            {
                return named;
            }

            var error = Error.Invalid("format.unknown", $"There is no format \"{name}\".", $"没有格式“{name}”。", "format");
            return NearWord.For(name, Names.Keys) is { } near
                ? error.WithHint($"Did you mean \"{near}\"?", $"是否指“{near}”？")
                : error.WithHint($"One of {string.Join(", ", Names.Keys)}.", $"可选：{string.Join("、", Names.Keys)}。");
        }

        return json ? AnswerFormat.Json : Path.GetExtension(file ?? "").ToLowerInvariant() switch
        {
            ".csv" => AnswerFormat.Csv,
            ".json" => AnswerFormat.Json,
            ".jsonl" => AnswerFormat.Jsonl,
            ".xlsx" => AnswerFormat.Xlsx,
            _ => AnswerFormat.Table,
        };
    }

    /// <summary>Writes the answer; fails, before the first byte, when the format cannot hold it.</summary>
    public static async Task<Result<bool>> WriteAsync(
        Stream stream, QueryResult answer, AnswerFormat format, Language language, string? question, CancellationToken cancellationToken)
    {
        switch (format)
        {
            case AnswerFormat.Table:
                await WriteTable(stream, answer, language, cancellationToken);
                return true;
            case AnswerFormat.Json:
                await JsonSerializer.SerializeAsync(stream, new JsonDocumentOf<JsonNode>("waymark.query/1", AnswerJson.Of(answer, question), []), JsonOutput.Options, cancellationToken);
                await stream.WriteAsync("\n"u8.ToArray(), cancellationToken);
                return true;
            case AnswerFormat.Jsonl:
                await WriteLines(stream, answer, cancellationToken);
                return true;
            default:
                return await AnswerTable.WriteAsync(stream, answer, format, language, null, cancellationToken);
        }
    }

    /// <summary>A cell as text: exact decimal, code, or empty.</summary>
    public static string Text(QueryCell cell) => cell.Number is { } number ? number.ToString(CultureInfo.InvariantCulture) : cell.Text ?? "";

    private static async Task WriteTable(Stream stream, QueryResult answer, Language language, CancellationToken cancellationToken)
    {
        var table = new TextTable([.. answer.Columns.Select((column, at) =>
            new TextTable.Column(column.Id, column.Role == ColumnRole.Measure))]);
        foreach (var row in answer.Rows)
        {
            cancellationToken.ThrowIfCancellationRequested();
            table.Add([.. row.Select((cell, at) => Named(answer, answer.Columns[at], cell, language))]);
        }

        await using var writer = new StreamWriter(stream, new UTF8Encoding(false), leaveOpen: true);
        table.Write(writer);
    }

    private static string Named(QueryResult answer, QueryColumn column, QueryCell cell, Language language) =>
        cell.Text is { } code && language.Tag != "en" && answer.Names.TryGetValue(column.Id, out var names) && names.TryGetValue(code, out var name)
            && name.In(language.Tag) is { Length: > 0 } text && text != code
            ? $"{code} {text}" : Text(cell);

    private static async Task WriteLines(Stream stream, QueryResult answer, CancellationToken cancellationToken)
    {
        foreach (var row in answer.Rows)
        {
            await JsonSerializer.SerializeAsync(stream, AnswerJson.Row(answer, row), JsonOutput.Options, cancellationToken);
            await stream.WriteAsync("\n"u8.ToArray(), cancellationToken);
        }
    }
}
