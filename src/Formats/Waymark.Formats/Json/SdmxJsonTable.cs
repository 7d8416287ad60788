using System.Globalization;
using System.Text.Json;

namespace Waymark.Formats.Json;

/// <summary>
/// SDMX-JSON data messages 2.0 and 2.1 as rows: dimensions in key order, measures, attributes; flat observations and
/// series alike. Values given as positions are resolved to their ids.
/// </summary>
internal static class SdmxJsonTable
{
    private static readonly string[] Levels = ["dataSet", "series", "observation"];

    public static void Fill(JsonElement data, CellStore store) => new Reader(data, store).Read();

    private sealed class Reader
    {
        private readonly CellStore _store;
        private readonly JsonElement _dataSets;
        private readonly Component[] _all;
        private readonly Dictionary<string, Component[]> _dimensions = [];
        private readonly Dictionary<string, Component[]> _attributes = [];
        private readonly Component[] _measures;
        private readonly JsonElement?[] _row;
        private int _number = 1;

        public Reader(JsonElement data, CellStore store)
        {
            (_store, _dataSets) = (store, data.GetProperty("dataSets"));
            var structure = data.TryGetProperty("structures", out var structures) ? structures[0]
                : data.GetProperty("structure");
            foreach (var level in Levels)
            {
                _dimensions[level] = Components(structure, "dimensions", level);
                _attributes[level] = Components(structure, "attributes", level);
            }

            _measures = Components(structure, "measures", "observation");
            if (_measures.Length == 0)
            {
                _measures = [new("OBS_VALUE", int.MaxValue, null)];
            }

            _all = [.. _dimensions.Values.SelectMany(static level => level).OrderBy(static component =>
                component.KeyPosition),
                .. _measures, .. Levels.SelectMany(level => _attributes[level])];
            for (var i = 0; i < _all.Length; i++)
            {
                _all[i].Column = i;
            }

            _row = new JsonElement?[_all.Length];
        }

        public void Read()
        {
            ArrayTables.Header(_store, _all.Select(static component => component.Id));
            foreach (var dataSet in _dataSets.EnumerateArray())
            {
                Array.Clear(_row);
                foreach (var dimension in _dimensions["dataSet"])
                {
                    _row[dimension.Column] = dimension.Resolve(0);
                }

                Put(_attributes["dataSet"], dataSet, "attributes");
                if (dataSet.TryGetProperty("series", out var series) && series.ValueKind == JsonValueKind.Object)
                {
                    foreach (var one in series.EnumerateObject())
                    {
                        Key(_dimensions["series"], one.Name);
                        Put(_attributes["series"], one.Value, "attributes");
                        Observations(one.Value);
                    }
                }
                else
                {
                    Observations(dataSet);
                }
            }
        }

        private void Observations(JsonElement parent)
        {
            if (!parent.TryGetProperty("observations", out var observations))
            {
                return;
            }

            Component[] parts = [.. _measures, .. _attributes["observation"]];
            foreach (var observation in observations.EnumerateObject())
            {
                Key(_dimensions["observation"], observation.Name);
                Put(parts, observation.Value);
                _store.BeginRow(++_number);
                for (var i = 0; i < _row.Length; i++)
                {
                    if (_row[i] is { } value)
                    {
                        ArrayTables.Add(_store, i + 1, value);
                    }
                }
            }
        }

        private void Key(Component[] dimensions, string key)
        {
            var parts = dimensions.Length == 0 ? [] : key.Split(':');
            for (var i = 0; i < dimensions.Length; i++)
            {
                _row[dimensions[i].Column] = dimensions[i].Resolve(int.Parse(parts[i], CultureInfo.InvariantCulture));
            }
        }

        private void Put(Component[] components, JsonElement holder, string member)
        {
            if (components.Length > 0 && holder.TryGetProperty(member, out var values))
            {
                Put(components, values);
            }
        }

        private void Put(Component[] components, JsonElement values)
        {
            var given = values.GetArrayLength();
            for (var i = 0; i < components.Length; i++)
            {
                var value = i < given ? values[i] : default;
                _row[components[i].Column] = value.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null ? null
                    : components[i].HasValues && value.ValueKind == JsonValueKind.Number
                        ? components[i].Resolve(value.GetInt32()) : value;
            }
        }

        private static Component[] Components(JsonElement structure, string kind, string level) =>
            structure.TryGetProperty(kind, out var levels) && levels.TryGetProperty(level, out var list)
                ? [.. list.EnumerateArray().Select(static item =>
                    new Component(item.GetProperty("id").GetString() ?? "",
                    item.TryGetProperty("keyPosition", out var position) ? position.GetInt32() : int.MaxValue,
                    item.TryGetProperty("values", out var values) ? [.. values.EnumerateArray()] : null))]
                : [];
    }

    private sealed class Component(string id, int keyPosition, JsonElement[]? values)
    {
        public string Id { get; } = id;

        public int KeyPosition { get; } = keyPosition;

        public int Column { get; set; }

        public bool HasValues => values is not null;

        public JsonElement? Resolve(int index)
        {
            var value = values![index];
            return value.TryGetProperty("id", out var id) ? id : value.TryGetProperty("value", out var raw) ? raw
                : value;
        }
    }
}
