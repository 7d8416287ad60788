using System.Globalization;
using System.Text.Json;
using Waymark.Model;

namespace Waymark.Formats;

/// <summary>How observations are laid out: as series over time, or each on its own.</summary>
public enum SdmxLayout : byte { Series, Flat }

/// <param name="Layout">Series unless dimensionAtObservation=AllDimensions was asked for.</param>
/// <param name="Languages">For "name" the first known one; "names" carries all of them. Empty means all there
/// are.</param>
/// <param name="Sender">Id and name of who answers.</param>
/// <param name="Action">What the receiver is asked to do; Replace for a plain answer to a query.</param>
public sealed record SdmxJsonOptions(SdmxLayout Layout = SdmxLayout.Series, IReadOnlyList<string>? Languages = null,
    (string Id, LocalText Name)? Sender = null, SdmxAction Action = SdmxAction.Replace);

/// <summary>
/// SDMX-JSON 2.1 data message (sdmx-twg/sdmx-json, data message field guide), the default answer of SDMX-REST.
/// Dimensions
/// and coded attributes are given as positions in their lists of values, other attributes and measures as values.
/// </summary>
public static class SdmxJsonWriter
{
    /// <summary>Fails when two rows share their dimensions, or when there are too many rows to hold.</summary>
    public static async Task<Result<long>> WriteAsync(Table table, Stream into, SdmxJsonOptions? options = null,
        CancellationToken cancellation = default)
    {
        var coded = CodedTable.Of(table);
        if (!coded.TryGet(out var data))
        {
            return coded.Error!;
        }

        var message = new Message(table, data, options ?? new());
        if (message.Group() is { } error)
        {
            return error;
        }

        var sink = new ByteSink(into);
        await using var json = new Utf8JsonWriter(sink.Writer, JsonTableWriter.Options);
        message.Write(json);
        await json.FlushAsync(cancellation);
        await sink.FlushAsync(cancellation);
        return data.Rows.Count;
    }

    private sealed class Message
    {
        private readonly Table _table;
        private readonly CodedTable _data;
        private readonly SdmxJsonOptions _options;
        private readonly int[] _series;       // positions among the dimensions
        private readonly int[] _observation;
        private readonly Dictionary<int, List<string>> _attributeCodes = [];
        private readonly Dictionary<string, Dictionary<string, int>> _groups = new(StringComparer.Ordinal);

        public Message(Table table, CodedTable data, SdmxJsonOptions options)
        {
            (_table, _data, _options) = (table, data, options);
            var all = Enumerable.Range(0, data.Dimensions.Length).ToArray();
            var time = Array.FindIndex(data.Dimensions, position => table.Columns[position].IsTime);
            var series = options.Layout == SdmxLayout.Series && time >= 0;
            _series = series ? [.. all.Where(i => i != time)] : [];
            _observation = series ? [time] : all;
            foreach (var position in data.Attributes.Where(position => table.Columns[position].Labels is not null))
            {
                _attributeCodes[position] = [.. data.Rows.Select(row => row.Values[position]).Where(static value =>
                    !value.IsNone)
                    .Select(static value => value.ToString()).Distinct(StringComparer.Ordinal)];
            }
        }

        public Error? Group()
        {
            for (var row = 0; row < _data.Rows.Count; row++)
            {
                var keys = _data.Rows[row].Keys;
                var series = Key(keys, _series);
                if (!_groups.TryGetValue(series, out var observations))
                {
                    _groups.Add(series, observations = new(StringComparer.Ordinal));
                }

                if (!observations.TryAdd(Key(keys, _observation), row))
                {
                    return CodedTable.Duplicate(string.Join('.',
                        _data.Dimensions.Select(position => _data.Rows[row].Values[position].ToString())));
                }
            }

            return null;
        }

        public void Write(Utf8JsonWriter json)
        {
            json.WriteStartObject();
            json.WriteString("$schema"u8, "https://json.sdmx.org/2.1/sdmx-json-data-schema.json");
            Meta(json);
            json.WriteStartObject("data"u8);
            Structures(json);
            json.WriteStartArray("dataSets"u8);
            json.WriteStartObject();
            json.WriteNumber("structure"u8, 0);
            json.WriteString("action"u8, _options.Action switch { SdmxAction.Delete => "Delete", SdmxAction.Replace =>
                "Replace", _ => "Merge" });
            if (_series.Length > 0)
            {
                json.WriteStartObject("series"u8);
                foreach (var (key, observations) in _groups)
                {
                    json.WriteStartObject(key);
                    Observations(json, observations);
                    json.WriteEndObject();
                }

                json.WriteEndObject();
            }
            else
            {
                Observations(json, _groups.Values.FirstOrDefault() ?? []);
            }

            json.WriteEndObject();
            json.WriteEndArray();
            json.WriteEndObject();
            json.WriteEndObject();
        }

        private void Meta(Utf8JsonWriter json)
        {
            var dataset = _table.Dataset;
            var prepared = dataset.Prepared.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
            json.WriteStartObject("meta"u8);
            json.WriteString("id"u8, $"{dataset.Agency}-{dataset.Id}-{prepared}");
            json.WriteBoolean("test"u8, false);
            json.WriteString("prepared"u8, prepared);
            json.WriteStartArray("contentLanguages"u8);
            foreach (var language in _options.Languages is { Count: > 0 } asked ? asked : dataset.Name.Languages)
            {
                json.WriteStringValue(language);
            }

            json.WriteEndArray();
            json.WriteStartObject("sender"u8);
            var (id, name) = _options.Sender ?? (dataset.Agency, LocalText.Empty);
            json.WriteString("id"u8, id);
            Name(json, name);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        private void Structures(Utf8JsonWriter json)
        {
            var dataset = _table.Dataset;
            json.WriteStartArray("structures"u8);
            json.WriteStartObject();
            Name(json, dataset.Name);
            json.WriteStartArray("links"u8);
            json.WriteStartObject();
            json.WriteString("urn"u8, $"urn:sdmx:org.sdmx.infomodel.datastructure.Dataflow={dataset.Structure}");
            json.WriteString("rel"u8, "dataflow");
            json.WriteEndObject();
            json.WriteEndArray();
            json.WriteStartObject("dimensions"u8);
            json.WriteStartArray("dataSet"u8);
            json.WriteEndArray();
            Dimensions(json, "series"u8, _series);
            Dimensions(json, "observation"u8, _observation);
            json.WriteEndObject();
            json.WriteStartObject("measures"u8);
            json.WriteStartArray("observation"u8);
            foreach (var position in _data.Measures)
            {
                Component(json, _table.Columns[position]);
                json.WriteStartObject("format"u8);
                json.WriteString("dataType"u8, _table.Columns[position].Type == ColumnType.WholeNumber ? "BigInteger"
                    : _table.Columns[position].Type == ColumnType.Number ? "Decimal" : "String");
                json.WriteEndObject();
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
            Attributes(json);
            Annotations(json);
            json.WriteStartArray("dataSets"u8);
            json.WriteNumberValue(0);
            json.WriteEndArray();
            json.WriteEndObject();
            json.WriteEndArray();
        }

        private void Dimensions(Utf8JsonWriter json, ReadOnlySpan<byte> level, int[] dimensions)
        {
            json.WriteStartArray(level);
            foreach (var i in dimensions)
            {
                var column = _table.Columns[_data.Dimensions[i]];
                Component(json, column);
                json.WriteNumber("keyPosition"u8, i);
                if (column.IsTime)
                {
                    json.WriteStartArray("roles"u8);
                    json.WriteStringValue("TIME_PERIOD");
                    json.WriteEndArray();
                }

                Values(json, column, _data.Codes[i]);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        private void Attributes(Utf8JsonWriter json)
        {
            json.WriteStartObject("attributes"u8);
            json.WriteStartArray("observation"u8);
            foreach (var position in _data.Attributes)
            {
                Component(json, _table.Columns[position]);
                json.WriteStartObject("relationship"u8);
                json.WriteStartObject("observation"u8);
                json.WriteEndObject();
                json.WriteEndObject();
                if (_attributeCodes.TryGetValue(position, out var codes))
                {
                    Values(json, _table.Columns[position], codes);
                }

                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        /// <summary>Source, licence, citation and selection, for which SDMX-JSON has no member of its own.</summary>
        private void Annotations(Utf8JsonWriter json)
        {
            json.WriteStartArray("annotations"u8);
            foreach (var (type, text) in new[] { ("SOURCE", _table.Dataset.Source), ("LICENCE", _table.Dataset.Licence),
                ("CITATION", _table.Dataset.Citation) }
                .Concat((_table.Dataset.Filters ?? []).Select(static filter => ("FILTER", filter))).Where(static item =>
                    item.Item2.Length > 0))
            {
                json.WriteStartObject();
                json.WriteString("type"u8, type);
                json.WriteString("value"u8, text);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        private void Component(Utf8JsonWriter json, Column column)
        {
            json.WriteStartObject();
            json.WriteString("id"u8, column.Id);
            Name(json, column.Name);
        }

        private void Values(Utf8JsonWriter json, Column column, List<string> codes)
        {
            json.WriteStartArray("values"u8);
            foreach (var code in codes)
            {
                json.WriteStartObject();
                json.WriteString("id"u8, code);
                Name(json, column.Labels?.Invoke(code) ?? LocalText.Empty);
                if (column.IsTime && Period.TryParse(code, out var period) && period != Period.Undated)
                {
                    json.WriteString("start"u8, period.FirstDay.ToString("yyyy-MM-dd",
                        CultureInfo.InvariantCulture) + "T00:00:00Z");
                    json.WriteString("end"u8, period.LastDay.ToString("yyyy-MM-dd",
                        CultureInfo.InvariantCulture) + "T23:59:59Z");
                }

                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        private void Observations(Utf8JsonWriter json, Dictionary<string, int> observations)
        {
            json.WriteStartObject("observations"u8);
            foreach (var (key, row) in observations)
            {
                json.WriteStartArray(key);
                var values = _data.Rows[row].Values;
                foreach (var position in _data.Measures)
                {
                    JsonTableWriter.Write(json, values[position]);
                }

                foreach (var position in _data.Attributes)
                {
                    if (_attributeCodes.TryGetValue(position, out var codes) && !values[position].IsNone)
                    {
                        json.WriteNumberValue(codes.IndexOf(values[position].ToString()));
                    }
                    else
                    {
                        JsonTableWriter.Write(json, values[position]);
                    }
                }

                json.WriteEndArray();
            }

            json.WriteEndObject();
        }

        private void Name(Utf8JsonWriter json, LocalText name)
        {
            if (name.Count == 0)
            {
                return;
            }

            json.WriteString("name"u8, name.In(_options.Languages is { Count: > 0 } asked ? asked[0] : "en"));
            JsonTableWriter.Names(json, "names"u8, name);
        }

        private static string Key(int[] keys, int[] dimensions) =>
            string.Join(':', dimensions.Select(i => keys[i].ToString(CultureInfo.InvariantCulture)));
    }
}
