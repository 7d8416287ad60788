using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Waymark.Storage.Backup;

/// <summary>Rows as JSON lines: one array per line, in the order of the columns.</summary>
internal static class PortableRows
{
    // Chinese and Arabic stay readable; the file is data, never part of a page.
    private static readonly JsonWriterOptions _plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static async Task<long> WriteAsync(
        Stream file, PortableTable table, IAsyncEnumerable<object?[]> rows, CancellationToken cancellationToken)
    {
        var count = 0L;
        var buffer = new ArrayBufferWriter<byte>(64 * 1024);
        await using var json = new Utf8JsonWriter(buffer, _plain);
        await foreach (var row in rows.WithCancellation(cancellationToken))
        {
            json.WriteStartArray();
            for (var i = 0; i < row.Length; i++)
            {
                Write(json, row[i], table.Columns[i]);
            }

            json.WriteEndArray();
            await json.FlushAsync(cancellationToken);
            buffer.Write("\n"u8);
            json.Reset();
            count++;
            if (buffer.WrittenCount > 1024 * 1024)
            {
                await file.WriteAsync(buffer.WrittenMemory, cancellationToken);
                buffer.ResetWrittenCount();
            }
        }

        await file.WriteAsync(buffer.WrittenMemory, cancellationToken);
        return count;
    }

    /// <summary>Rows of a file whose hash was checked; a row that does not fit its table throws <see cref="FormatException"/>.</summary>
    public static async IAsyncEnumerable<object?[]> ReadAsync(
        string file, PortableTable table, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        using var reader = new StreamReader(file, new UTF8Encoding(false, throwOnInvalidBytes: true));
        for (var line = 1L; await reader.ReadLineAsync(cancellationToken) is { } text; line++)
        {
            yield return Parse(text, table, line);
        }
    }

    private static void Write(Utf8JsonWriter json, object? value, PortableColumn column)
    {
        switch (value)
        {
            case null when column.Nullable:
                json.WriteNullValue();
                break;
            case long number when column.Type == PortableType.Integer:
                json.WriteNumberValue(number);
                break;
            case string text when column.Type == PortableType.Text:
                json.WriteStringValue(text);
                break;
            case byte[] document when column.Type == PortableType.Json:
                json.WriteStringValue(document);
                break;
            case byte[] bytes when column.Type == PortableType.Bytes:
                json.WriteBase64StringValue(bytes);
                break;
            default:
                throw new FormatException($"Column {column.Name} holds {value?.GetType().Name ?? "null"}.");
        }
    }

    private static object?[] Parse(string text, PortableTable table, long line)
    {
        try
        {
            using var row = JsonDocument.Parse(text);
            if (row.RootElement.GetArrayLength() != table.Columns.Count)
            {
                throw new FormatException($"{table.FileName}:{line}: {table.Columns.Count} columns expected.");
            }

            var values = new object?[table.Columns.Count];
            for (var i = 0; i < values.Length; i++)
            {
                var (cell, column) = (row.RootElement[i], table.Columns[i]);
                values[i] = (cell.ValueKind, column.Type) switch
                {
                    (JsonValueKind.Null, _) when column.Nullable => null,
                    (JsonValueKind.Number, PortableType.Integer) => cell.GetInt64(),
                    (JsonValueKind.String, PortableType.Text) => cell.GetString(),
                    (JsonValueKind.String, PortableType.Bytes) => cell.GetBytesFromBase64(),
                    (JsonValueKind.String, PortableType.Json) => Encoding.UTF8.GetBytes(cell.GetString()!),
                    _ => throw new FormatException($"{table.FileName}:{line}: column {column.Name} holds {cell.ValueKind}."),
                };
            }

            return values;
        }
        catch (Exception problem) when (problem is JsonException or InvalidOperationException)
        {
            throw new FormatException($"{table.FileName}:{line}: not a row.", problem);
        }
    }
}
