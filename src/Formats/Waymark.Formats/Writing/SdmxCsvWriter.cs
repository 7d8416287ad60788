using System.Globalization;
using Waymark.Model;

namespace Waymark.Formats;

public enum SdmxLabels : byte { Id, Name, Both }

public enum SdmxKeys : byte { None, Obs, Series, Both }

public enum SdmxTimeFormat : byte { Original, Normalized }

/// <summary>What a row asks the receiver to do.</summary>
public enum SdmxAction : byte { Information, Append, Merge, Replace, Delete }

/// <summary>
/// The parameters of the media type application/vnd.sdmx.data+csv;version=2.1.0, and the language of names.
/// </summary>
public sealed record SdmxCsvOptions(SdmxLabels Labels = SdmxLabels.Id,
    SdmxTimeFormat TimeFormat = SdmxTimeFormat.Original,
    SdmxKeys Keys = SdmxKeys.None, SdmxAction Action = SdmxAction.Information, string Language = "en");

/// <summary>
/// SDMX-CSV 2.1 data message (sdmx-twg/sdmx-csv, data message field guide): STRUCTURE, STRUCTURE_ID, [STRUCTURE_NAME],
/// ACTION, [SERIES_KEY], [OBS_KEY], then dimensions, measures and attributes, each in the order of the table. Values
/// are
/// written as they are, without the apostrophe of <see cref="CsvWriter"/>: this is a format for programs.
/// </summary>
public static class SdmxCsvWriter
{
    public static async Task<long> WriteAsync(Table table, Stream into, SdmxCsvOptions? options = null,
        CancellationToken cancellation = default)
    {
        var layout = new Layout(table, options ?? new());
        var sink = new ByteSink(into);
        layout.Header(sink);
        var rows = 0L;
        foreach (var row in table.Rows)
        {
            layout.Row(sink, row.Span);
            rows++;
            await sink.FlushIfFullAsync(cancellation);
        }

        await sink.FlushAsync(cancellation);
        return rows;
    }

    /// <summary>
    /// The first day of a period, its last or its middle one, by the moment the figure is about; other text
    /// unchanged.
    /// </summary>
    internal static string Normalize(string text)
    {
        if (!Period.TryParse(text, out var period) || period == Period.Undated)
        {
            return text;
        }

        var day = period.Basis switch
        {
            PeriodBasis.End => period.LastDay,
            PeriodBasis.Middle => period.FirstDay.AddDays((period.LastDay.DayNumber - period.FirstDay.DayNumber) / 2),
            _ => period.FirstDay,
        };
        return day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
    }

    private sealed class Layout(Table table, SdmxCsvOptions options)
    {
        private readonly int[] _order = [.. Positions(table, ColumnRole.Dimension),
            .. Positions(table, ColumnRole.Measure), .. Positions(table, ColumnRole.Attribute)];
        private readonly int[] _series = [.. Positions(table, ColumnRole.Dimension).Where(position =>
            !table.Columns[position].IsTime)];
        private readonly int[] _dimensions = [.. Positions(table, ColumnRole.Dimension)];
        private readonly string _name = table.Dataset.Name.In(options.Language);

        public void Header(ByteSink sink)
        {
            sink.Write("STRUCTURE,STRUCTURE_ID"u8);
            sink.Write(options.Labels == SdmxLabels.Name ? ",STRUCTURE_NAME,ACTION"u8 : ",ACTION"u8);
            sink.Write(options.Keys is SdmxKeys.Series or SdmxKeys.Both ? ",SERIES_KEY"u8 : ""u8);
            sink.Write(options.Keys is SdmxKeys.Obs or SdmxKeys.Both ? ",OBS_KEY"u8 : ""u8);
            foreach (var position in _order)
            {
                var column = table.Columns[position];
                var name = column.Name.In(options.Language);
                Next(sink, options.Labels == SdmxLabels.Both ? $"{column.Id}: {name}" : column.Id);
                if (options.Labels == SdmxLabels.Name)
                {
                    Next(sink, name);
                }
            }

            sink.Write("\r\n"u8);
        }

        public void Row(ByteSink sink, ReadOnlySpan<Value> row)
        {
            sink.Write("dataflow"u8);
            Next(sink, options.Labels == SdmxLabels.Both
                ? $"{table.Dataset.Structure}: {_name}" : table.Dataset.Structure);
            if (options.Labels == SdmxLabels.Name)
            {
                Next(sink, _name);
            }

            Next(sink, options.Action switch
            {
                SdmxAction.Append => "A",
                SdmxAction.Merge => "M",
                SdmxAction.Replace => "R",
                SdmxAction.Delete => "D",
                _ => "I",
            });
            if (options.Keys is SdmxKeys.Series or SdmxKeys.Both)
            {
                Next(sink, Key(row, _series));
            }

            if (options.Keys is SdmxKeys.Obs or SdmxKeys.Both)
            {
                Next(sink, Key(row, _dimensions));
            }

            foreach (var position in _order)
            {
                Component(sink, table.Columns[position], row[position]);
            }

            sink.Write("\r\n"u8);
        }

        private void Component(ByteSink sink, Column column, Value value)
        {
            var text = Text(column, value);
            var label = options.Labels == SdmxLabels.Id || text.Length == 0 ? null
                : column.Labels?.Invoke(value.ToString())?.In(options.Language);
            Next(sink, options.Labels == SdmxLabels.Both && label is not null ? $"{text}: {label}" : text);
            if (options.Labels == SdmxLabels.Name)
            {
                Next(sink, label ?? "");
            }
        }

        private string Text(Column column, Value value) =>
            column.IsTime && options.TimeFormat == SdmxTimeFormat.Normalized ? Normalize(value.ToString())
                : value.ToString();

        private string Key(ReadOnlySpan<Value> row, int[] positions)
        {
            var parts = new string[positions.Length];
            for (var i = 0; i < parts.Length; i++)
            {
                parts[i] = Text(table.Columns[positions[i]], row[positions[i]]);
            }

            return string.Join('.', parts);
        }

        private static void Next(ByteSink sink, string text)
        {
            sink.Write(","u8);
            CsvWriter.Field(sink, text, guard: false);
        }

        private static IEnumerable<int> Positions(Table table, ColumnRole role) =>
            Enumerable.Range(0, table.Columns.Count).Where(i => table.Columns[i].Role == role);
    }
}
