using System.Globalization;
using System.Text.Json;
using Waymark.App.CommandLine;
using Waymark.App.Output;
using Waymark.Evidence.Contracts;

namespace Waymark.App.Sdmx;

/// <summary>
/// An SDMX-JSON 2.1 data message. Dimensions and coded attributes are listed once and referred to by position;
/// the rest are values. With history there is one data
/// set per vintage, each with the moment from which it was valid.
/// </summary>
public sealed class SdmxJsonMessage
{
    private const string Schema = "https://json.sdmx.org/2.1/sdmx-json-data-schema.json";
    private readonly SdmxQuestion _question;
    private readonly QueryResult _answer;
    private readonly Language _language;
    private readonly int[] _series;
    private readonly int[] _observation;
    private readonly int[] _measures;
    private readonly int[] _attributes;
    private readonly Dictionary<int, ValueIndex> _values = [];

    public SdmxJsonMessage(SdmxQuestion question, QueryResult answer, Language language)
    {
        (_question, _answer, _language) = (question, answer, language);
        var all = Enumerable.Range(0, answer.Columns.Count).ToArray();
        var dimensions = all.Where(at => answer.Columns[at].Role is ColumnRole.Dimension or ColumnRole.Period).ToArray();
        _measures = [.. all.Where(at => answer.Columns[at].Role == ColumnRole.Measure)];
        _attributes = [.. all.Where(at => answer.Columns[at].Role == ColumnRole.Attribute)];
        var inner = ComponentIds.ColumnOf(question.Series, question.DimensionAtObservation);
        _observation = question.DimensionAtObservation == "AllDimensions" ? dimensions : [.. dimensions.Where(at => answer.Columns[at].Id == inner)];
        _series = [.. dimensions.Except(_observation)];
        foreach (var at in dimensions.Concat(_attributes.Where(IsCoded)))
        {
            _values[at] = new();
        }
    }

    public async Task WriteAsync(Stream stream, CancellationToken cancellationToken)
    {
        await using var writer = new Utf8JsonWriter(stream, new() { Encoder = JsonOutput.Options.Encoder, SkipValidation = true });
        writer.WriteStartObject();
        WriteMeta(writer);
        writer.WriteStartObject("data");
        writer.WriteStartArray("dataSets");
        foreach (var (vintage, rows) in DataSets())
        {
            cancellationToken.ThrowIfCancellationRequested();
            WriteDataSet(writer, vintage, rows);
        }

        writer.WriteEndArray();
        WriteStructure(writer);
        writer.WriteEndObject();
        writer.WriteEndObject();
        await writer.FlushAsync(cancellationToken);
    }

    private void WriteMeta(Utf8JsonWriter writer)
    {
        writer.WriteStartObject("meta");
        writer.WriteString("schema", Schema);
        writer.WriteString("id", string.Create(CultureInfo.InvariantCulture, $"{_answer.Series.Id.Replace('/', '-')}-{_answer.Sequence}"));
        writer.WriteBoolean("test", false);
        writer.WriteString("prepared", Moment.Text(_answer.AsOf));
        writer.WriteStartArray("contentLanguages");
        writer.WriteStringValue(_language.Tag);
        writer.WriteEndArray();
        writer.WriteStartObject("sender");
        writer.WriteString("id", "waymark");
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private IEnumerable<(VintageSummary? Vintage, IEnumerable<IReadOnlyList<QueryCell>> Rows)> DataSets()
    {
        var at = Enumerable.Range(0, _answer.Columns.Count).FirstOrDefault(i => _answer.Columns[i].Id == "vintage", -1);
        return !_question.History || at < 0
            ? [(null, _answer.Rows)]
            : _answer.Rows.GroupBy(row => row[at].Text ?? "").Select(group =>
                (_answer.Series.Vintages.FirstOrDefault(vintage => vintage.Id == group.Key), (IEnumerable<IReadOnlyList<QueryCell>>)group));
    }

    private void WriteDataSet(Utf8JsonWriter writer, VintageSummary? vintage, IEnumerable<IReadOnlyList<QueryCell>> rows)
    {
        writer.WriteStartObject();
        writer.WriteNumber("structure", 0);
        writer.WriteString("action", _question.History || _question.Queries[0].UpdatedAfter is not null ? "Replace" : "Information");
        if (vintage is not null)
        {
            writer.WriteString("validFrom", Moment.Text(vintage.VisibleFrom));
        }

        writer.WriteStartArray("attributes");
        foreach (var (_, value) in DataSetAttributes())
        {
            writer.WriteStringValue(value);
        }

        writer.WriteEndArray();
        if (_series.Length == 0)
        {
            writer.WriteStartObject("observations");
            WriteObservations(writer, rows);
            writer.WriteEndObject();
        }
        else
        {
            writer.WriteStartObject("series");
            foreach (var group in rows.GroupBy(row => Key(row, _series)))
            {
                writer.WriteStartObject(group.Key);
                writer.WriteStartObject("observations");
                WriteObservations(writer, group);
                writer.WriteEndObject();
                writer.WriteEndObject();
            }

            writer.WriteEndObject();
        }

        writer.WriteEndObject();
    }

    private void WriteObservations(Utf8JsonWriter writer, IEnumerable<IReadOnlyList<QueryCell>> rows)
    {
        foreach (var row in rows)
        {
            writer.WriteStartArray(Key(row, _observation));
            foreach (var at in _measures)
            {
                if (row[at].Number is { } number)
                {
                    writer.WriteNumberValue(number);
                }
                else if (row[at].Text is { } text)
                {
                    writer.WriteStringValue(text);
                }
                else
                {
                    writer.WriteNullValue();
                }
            }

            foreach (var at in _attributes)
            {
                var text = AnswerFormats.Text(row[at]);
                if (text.Length > 0 && _values.TryGetValue(at, out var values))
                {
                    writer.WriteNumberValue(values.Of(text));
                }
                else if (text.Length > 0)
                {
                    writer.WriteStringValue(text);
                }
                else
                {
                    writer.WriteNullValue();
                }
            }

            writer.WriteEndArray();
        }
    }

    // Values of a code list are referred to by position, all others are written where they stand.
    private bool IsCoded(int at) => _answer.Columns[at] is { Role: not (ColumnRole.Period or ColumnRole.Measure) } column
        && (column.CodeList is not null || _answer.Names.ContainsKey(column.Id));

    private string Key(IReadOnlyList<QueryCell> row, int[] columns) =>
        string.Join(':', columns.Select(at => _values[at].Of(AnswerFormats.Text(row[at])).ToString(CultureInfo.InvariantCulture)));

    private void WriteStructure(Utf8JsonWriter writer)
    {
        writer.WriteStartArray("structures");
        writer.WriteStartObject();
        writer.WriteString("name", _language.Say(_answer.Series.Name));
        writer.WriteStartArray("links");
        writer.WriteStartObject();
        writer.WriteString("rel", "dataflow");
        writer.WriteString("urn", $"urn:sdmx:org.sdmx.infomodel.datastructure.Dataflow={_answer.Series.Id.Replace('/', ':')}(1.0.0)");
        writer.WriteEndObject();
        writer.WriteEndArray();
        Components(writer, "dimensions", _series, _observation, []);
        Components(writer, "measures", [], _measures, []);
        Components(writer, "attributes", [], _attributes, DataSetAttributes());
        writer.WriteEndObject();
        writer.WriteEndArray();
    }

    private void Components(Utf8JsonWriter writer, string kind, int[] series, int[] observation, List<(string Id, string Value)> dataSet)
    {
        writer.WriteStartObject(kind);
        writer.WriteStartArray("dataSet");
        foreach (var (id, _) in dataSet)
        {
            writer.WriteStartObject();
            writer.WriteString("id", id);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        foreach (var (level, columns) in new[] { ("series", series), ("observation", observation) })
        {
            writer.WriteStartArray(level);
            foreach (var at in columns)
            {
                Component(writer, at, isDimension: kind == "dimensions");
            }

            writer.WriteEndArray();
        }

        writer.WriteEndObject();
    }

    private void Component(Utf8JsonWriter writer, int at, bool isDimension)
    {
        var column = _answer.Columns[at];
        writer.WriteStartObject();
        writer.WriteString("id", ComponentIds.Of(column.Id));
        writer.WriteString("name", _language.Say(column.Name));
        if (isDimension)
        {
            writer.WriteNumber("keyPosition", at);
        }

        if (_values.TryGetValue(at, out var values))
        {
            writer.WriteStartArray("values");
            var names = _answer.Names.GetValueOrDefault(column.Id);
            foreach (var code in values.All)
            {
                writer.WriteStartObject();
                writer.WriteString(IsCoded(at) ? "id" : "value", code);
                if (names?.GetValueOrDefault(code) is { } name)
                {
                    writer.WriteString("name", _language.Say(name));
                }

                writer.WriteEndObject();
            }

            writer.WriteEndArray();
        }

        writer.WriteEndObject();
    }

    private List<(string Id, string Value)> DataSetAttributes()
    {
        var attributes = new List<(string, string)>
        {
            ("LICENCE", _answer.Licence),
            ("CITATION", _language.Say(_answer.Citation)),
            ("AS_OF", Moment.Text(_answer.AsOf)),
            ("SOURCE_SHA256", string.Join(' ', _answer.Series.Vintages.Select(vintage => vintage.Sha256).Distinct())),
            ("DEFINITION", string.Join(' ', _answer.Series.Definitions)),
            ("NOTES", string.Join(' ', _answer.Notes.Select(_language.Say))),
        };
        return [.. attributes.Where(attribute => attribute.Item2.Length > 0)];
    }

    /// <summary>Numbers values in the order in which they first occur.</summary>
    private sealed class ValueIndex
    {
        private readonly Dictionary<string, int> _at = new(StringComparer.Ordinal);

        public IEnumerable<string> All => _at.Keys;

        public int Of(string value)
        {
            if (!_at.TryGetValue(value, out var at))
            {
                at = _at.Count;
                _at.Add(value, at);
            }

            return at;
        }
    }
}
