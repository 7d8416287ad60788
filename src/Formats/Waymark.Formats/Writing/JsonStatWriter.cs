using System.Globalization;
using System.Text.Json;
using Waymark.Model;

namespace Waymark.Formats;

/// <summary>
/// JSON-stat 2.0, class "dataset" (json-stat.org/full): dimensions with their codes, values in row-major order, dense
/// when
/// at least half of the cube is filled and sparse otherwise, status beside. Several measures become a metric dimension.
/// Attributes other than the status, licence and citation stand in "extension".
/// </summary>
public static class JsonStatWriter
{
    private const string Metric = "measure";

    /// <summary>Fails when two rows share their dimensions, or when there are too many rows to hold.</summary>
    public static async Task<Result<long>> WriteAsync(Table table, Stream into, string language = "en",
        CancellationToken cancellation = default)
    {
        var coded = CodedTable.Of(table);
        if (!coded.TryGet(out var data))
        {
            return coded.Error!;
        }

        var cube = Cube.Of(data);
        if (!cube.IsOk)
        {
            return cube.Error;
        }

        var sink = new ByteSink(into);
        await using var json = new Utf8JsonWriter(sink.Writer, JsonTableWriter.Options);
        new Body(table, data, cube.Value, language).Write(json);
        await json.FlushAsync(cancellation);
        await sink.FlushAsync(cancellation);
        return data.Rows.Count;
    }

    /// <summary>Where each value stands in the cube.</summary>
    private sealed record Cube(int[] Sizes, long Total, SortedDictionary<long, (Value Value, int Row)> Cells)
    {
        public static Result<Cube> Of(CodedTable data)
        {
            int[] sizes = [.. data.Codes.Select(static codes => codes.Count), .. data.Measures.Length == 1 ? []
                : new[] { data.Measures.Length }];
            var total = sizes.Aggregate(1.0, static (product, size) => product * size);
            if (total > 9e15 || data.Measures.Length == 0)
            {
                return Error.Invalid("write.no-cube",
                    "The table has no measure, or its cube is too large for this format.", "表格没有度量，或其立方体超出该格式的上限。");
            }

            var cells = new SortedDictionary<long, (Value, int)>();
            for (var row = 0; row < data.Rows.Count; row++)
            {
                var (keys, values) = data.Rows[row];
                var at = 0L;
                for (var i = 0; i < keys.Length; i++)
                {
                    at = (at * sizes[i]) + keys[i];
                }

                for (var measure = 0; measure < data.Measures.Length; measure++)
                {
                    if (!cells.TryAdd((at * data.Measures.Length) + measure, (values[data.Measures[measure]], row)))
                    {
                        return CodedTable.Duplicate(string.Join('.',
                            data.Dimensions.Select(position => values[position].ToString())));
                    }
                }
            }

            return new Cube(sizes, (long)total, cells);
        }
    }

    private sealed class Body(Table table, CodedTable data, Cube cube, string language)
    {
        private readonly int _status = Array.FindIndex(data.Attributes, position =>
            table.Columns[position].Id.Equals("OBS_STATUS", StringComparison.OrdinalIgnoreCase)
            || table.Columns[position].Id.Equals("status", StringComparison.OrdinalIgnoreCase));

        public void Write(Utf8JsonWriter json)
        {
            json.WriteStartObject();
            json.WriteString("version"u8, "2.0");
            json.WriteString("class"u8, "dataset");
            json.WriteString("label"u8, table.Dataset.Name.In(language));
            json.WriteString("source"u8, table.Dataset.Source);
            json.WriteString("updated"u8, table.Dataset.Prepared.UtcDateTime);
            var ids = data.Dimensions.Select(position => table.Columns[position].Id).ToList();
            if (data.Measures.Length > 1)
            {
                ids.Add(Metric);
            }

            json.WriteStartArray("id"u8);
            ids.ForEach(json.WriteStringValue);
            json.WriteEndArray();
            json.WriteStartArray("size"u8);
            Array.ForEach(cube.Sizes, json.WriteNumberValue);
            json.WriteEndArray();
            Roles(json);
            Dimensions(json);
            Values(json);
            if (_status >= 0)
            {
                Sparse(json, "status"u8, data.Attributes[_status]);
            }

            Extension(json);
            json.WriteEndObject();
        }

        private void Roles(Utf8JsonWriter json)
        {
            var times = data.Dimensions.Where(position => table.Columns[position].IsTime).Select(position =>
                table.Columns[position].Id).ToList();
            json.WriteStartObject("role"u8);
            if (times.Count > 0)
            {
                json.WriteStartArray("time"u8);
                times.ForEach(json.WriteStringValue);
                json.WriteEndArray();
            }

            if (data.Measures.Length > 1)
            {
                json.WriteStartArray("metric"u8);
                json.WriteStringValue(Metric);
                json.WriteEndArray();
            }

            json.WriteEndObject();
        }

        private void Dimensions(Utf8JsonWriter json)
        {
            json.WriteStartObject("dimension"u8);
            for (var i = 0; i < data.Dimensions.Length; i++)
            {
                var column = table.Columns[data.Dimensions[i]];
                Dimension(json, column.Id, column.Name.In(language), data.Codes[i], column.Labels);
            }

            if (data.Measures.Length > 1)
            {
                var measures = data.Measures.Select(position => table.Columns[position]).ToList();
                Dimension(json, Metric, language.StartsWith("zh", StringComparison.Ordinal) ? "度量" : "Measure",
                    [.. measures.Select(static column => column.Id)], id =>
                        measures.Find(column => column.Id == id)?.Name);
            }

            json.WriteEndObject();
        }

        private void Dimension(Utf8JsonWriter json, string id, string label, List<string> codes, Func<string,
            LocalText?>? labels)
        {
            json.WriteStartObject(id);
            json.WriteString("label"u8, label);
            json.WriteStartObject("category"u8);
            json.WriteStartArray("index"u8);
            codes.ForEach(json.WriteStringValue);
            json.WriteEndArray();
            if (labels is not null)
            {
                json.WriteStartObject("label"u8);
                foreach (var code in codes)
                {
                    json.WriteString(code, labels(code)?.In(language) ?? code);
                }

                json.WriteEndObject();
            }

            json.WriteEndObject();
            json.WriteEndObject();
        }

        private void Values(Utf8JsonWriter json)
        {
            if (cube.Cells.Count * 2L >= cube.Total)
            {
                json.WriteStartArray("value"u8);
                for (var at = 0L; at < cube.Total; at++)
                {
                    JsonTableWriter.Write(json, cube.Cells.TryGetValue(at, out var cell) ? cell.Value : Value.None);
                }

                json.WriteEndArray();
                return;
            }

            json.WriteStartObject("value"u8);
            foreach (var (at, (value, _)) in cube.Cells)
            {
                if (!value.IsNone)
                {
                    json.WritePropertyName(at.ToString(CultureInfo.InvariantCulture));
                    JsonTableWriter.Write(json, value);
                }
            }

            json.WriteEndObject();
        }

        private void Sparse(Utf8JsonWriter json, ReadOnlySpan<byte> member, int position)
        {
            json.WriteStartObject(member);
            foreach (var (at, (_, row)) in cube.Cells)
            {
                var value = data.Rows[row].Values[position];
                if (!value.IsNone)
                {
                    json.WriteString(at.ToString(CultureInfo.InvariantCulture), value.ToString());
                }
            }

            json.WriteEndObject();
        }

        private void Extension(Utf8JsonWriter json)
        {
            json.WriteStartObject("extension"u8);
            json.WriteString("structure"u8, table.Dataset.Structure);
            json.WriteString("licence"u8, table.Dataset.Licence);
            json.WriteString("citation"u8, table.Dataset.Citation);
            json.WriteStartArray("filters"u8);
            foreach (var filter in table.Dataset.Filters ?? [])
            {
                json.WriteStringValue(filter);
            }

            json.WriteEndArray();
            json.WriteStartObject("attributes"u8);
            for (var i = 0; i < data.Attributes.Length; i++)
            {
                if (i != _status)
                {
                    Sparse(json, System.Text.Encoding.UTF8.GetBytes(table.Columns[data.Attributes[i]].Id),
                        data.Attributes[i]);
                }
            }

            json.WriteEndObject();
            json.WriteEndObject();
        }
    }
}
