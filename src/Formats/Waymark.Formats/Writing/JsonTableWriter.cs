using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;
using Waymark.Model;

namespace Waymark.Formats;

/// <summary>
/// Rows as JSON: <c>{"dataset":{…},"columns":[…],"rows":[{"area":"DEU",…}]}</c>. Numbers keep their digits; nothing
/// is null.
/// </summary>
public static class JsonTableWriter
{
    internal static JsonWriterOptions Options { get; } = new()
    {
        Encoder = JavaScriptEncoder.Create(UnicodeRanges.All), // Chinese stays readable, markup signs stay escaped
    };

    public static async Task<long> WriteAsync(Table table, Stream into, CancellationToken cancellation = default)
    {
        var sink = new ByteSink(into);
        await using var json = new Utf8JsonWriter(sink.Writer, Options);
        json.WriteStartObject();
        Dataset(json, table.Dataset);
        json.WriteStartArray("columns"u8);
        foreach (var column in table.Columns)
        {
            json.WriteStartObject();
            json.WriteString("id"u8, column.Id);
            Names(json, "name"u8, column.Name);
            json.WriteString("role"u8, column.Role switch { ColumnRole.Dimension => "dimension", ColumnRole.Measure =>
                "measure", _ => "attribute" });
            json.WriteString("type"u8, column.Type switch
            {
                ColumnType.Number => "number", ColumnType.WholeNumber => "integer", ColumnType.Boolean => "boolean",
                ColumnType.Date => "date", ColumnType.Period => "period", _ => "text",
            });
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("rows"u8);
        var ids = table.Columns.Select(static column => JsonEncodedText.Encode(column.Id, Options.Encoder)).ToArray();
        var rows = 0L;
        foreach (var row in table.Rows)
        {
            Row(json, ids, row.Span);
            rows++;
            json.Flush();
            await sink.FlushIfFullAsync(cancellation);
        }

        json.WriteEndArray();
        json.WriteEndObject();
        await json.FlushAsync(cancellation);
        await sink.FlushAsync(cancellation);
        return rows;
    }

    internal static void Names(Utf8JsonWriter json, ReadOnlySpan<byte> member, LocalText name)
    {
        json.WriteStartObject(member);
        foreach (var (language, text) in name)
        {
            json.WriteString(language, text);
        }

        json.WriteEndObject();
    }

    /// <summary>The value alone, in JSON's own type.</summary>
    internal static void Write(Utf8JsonWriter json, Value value)
    {
        switch (value.Kind)
        {
            case ValueKind.None:
                json.WriteNullValue();
                break;
            case ValueKind.Number or ValueKind.NumberText:
                json.WriteRawValue(value.ToString(), skipInputValidation: true);
                break;
            case ValueKind.Boolean:
                json.WriteBooleanValue(value.Truth);
                break;
            default:
                json.WriteStringValue(value.ToString());
                break;
        }
    }

    private static void Row(Utf8JsonWriter json, JsonEncodedText[] ids, ReadOnlySpan<Value> row)
    {
        json.WriteStartObject();
        for (var i = 0; i < row.Length; i++)
        {
            if (!row[i].IsNone)
            {
                json.WritePropertyName(ids[i]);
                Write(json, row[i]);
            }
        }

        json.WriteEndObject();
    }

    private static void Dataset(Utf8JsonWriter json, DatasetInfo dataset)
    {
        json.WriteStartObject("dataset"u8);
        json.WriteString("id"u8, dataset.Id);
        json.WriteString("agency"u8, dataset.Agency);
        json.WriteString("version"u8, dataset.Version);
        Names(json, "name"u8, dataset.Name);
        json.WriteString("source"u8, dataset.Source);
        json.WriteString("licence"u8, dataset.Licence);
        json.WriteString("citation"u8, dataset.Citation);
        json.WriteString("prepared"u8, dataset.Prepared.UtcDateTime);
        json.WriteStartArray("filters"u8);
        foreach (var filter in dataset.Filters ?? [])
        {
            json.WriteStringValue(filter);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }
}
