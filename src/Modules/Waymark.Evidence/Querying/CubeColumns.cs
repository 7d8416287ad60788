using Waymark.Evidence.Catalogue;
using Waymark.Evidence.Segments;
using Waymark.Model;
using Waymark.Statistics.Cube;

namespace Waymark.Evidence.Querying;

/// <summary>
/// A segment as the kernel's cube takes it. Unit, definition and occurrence are part of the key, so that cases and persons,
/// or two figures of one row key, never replace each other. The kernel holds twelve decimals: figures with more are rounded
/// there and stay exact in the segment, from which listings are read. What a publisher withheld is a gap in the cube; the
/// range it named stands in the segment.
/// </summary>
internal static class CubeColumns
{
    public const int MostDecimals = 12;

    /// <summary>Columns of every cube after the dimensions of its series.</summary>
    public static readonly string[] Extra = ["unit", "definition", "occurrence"];

    public static SegmentColumns Of(Segment segment, string id)
    {
        var scale = Math.Min(MostDecimals, segment.Scale);
        while (scale > 0 && !Fits(segment, scale))
        {
            scale--;
        }

        var withheld = segment.Marks.Select(mark => mark.Status == ObservationStatus.Suppressed && mark.Comparator is Comparator.Between or Comparator.AtMost).ToArray();
        var values = segment.Values;
        if (scale != segment.Scale || segment.Wide.Count > 0 || withheld.Contains(true))
        {
            values = new long[segment.Count];
            for (var row = 0; row < values.Length; row++)
            {
                values[row] = withheld[segment.MarkRows[row]] ? 0
                    : segment.Marks[segment.MarkRows[row]].Comparator == Comparator.Code || scale == segment.Scale && !segment.Wide.ContainsKey(row) ? segment.Values[row]
                    : segment.Figure(row) is { } figure ? Scaled(figure, scale) : 0;
            }
        }

        var uppers = segment.Uppers.Where(pair => !withheld[segment.MarkRows[pair.Key]]).OrderBy(pair => pair.Key).ToList();
        return new()
        {
            Segment = id,
            Scale = scale,
            Dimensions = [.. segment.Dimensions.Append(segment.Unit).Append(segment.Definition).Append(segment.Occurrence).Select(column => new CodedColumn(column.Codes, column.Rows))],
            Periods = new(segment.Periods, segment.PeriodRows),
            Values = values,
            Statuses = Spread(segment, mark => mark.Status),
            Confidentialities = Spread(segment, mark => mark.Confidentiality),
            Comparators = Spread(segment, mark => mark.Status == ObservationStatus.Suppressed && mark.Comparator is Comparator.Between or Comparator.AtMost ? Comparator.None : mark.Comparator),
            UpperRows = uppers.Count == 0 ? null : [.. uppers.Select(pair => pair.Key)],
            Uppers = uppers.Count == 0 ? null : [.. uppers.Select(pair => Scaled(pair.Value, scale))],
            ValueCodes = segment.ValueCodes.Count == 0 ? null : segment.ValueCodes,
        };
    }

    /// <summary>
    /// What a complete edition speaks for together (docs/methods/editions.md): any two areas, persons or other open codes of one
    /// kind; of a closed list each code by itself, as with units and definitions.
    /// </summary>
    public static string Level(EvidenceCatalogue catalogue, SeriesDefinition series, string column, string code) => series.Dimension(column) switch
    {
        null => column == "occurrence" ? "" : code,
        { Concept.IsAreas: true } dimension => catalogue.KindOf(dimension, code).ToString(),
        var dimension => dimension.Concept.Find(code) is not null ? code : catalogue.KindOf(dimension, code).ToString(),
    };

    private static T[] Spread<T>(Segment segment, Func<SegmentMark, T> part)
    {
        var marks = segment.Marks.Select(part).ToArray();
        var column = new T[segment.Count];
        for (var row = 0; row < column.Length; row++)
        {
            column[row] = marks[segment.MarkRows[row]];
        }

        return column;
    }

    private static bool Fits(Segment segment, int scale)
    {
        if (segment.Scale <= scale && segment.Wide.Count == 0)
        {
            return true;
        }

        var most = long.MaxValue / (decimal)Math.Pow(10, scale);
        for (var row = 0; row < segment.Count; row++)
        {
            if (segment.Figure(row) is { } figure && Math.Abs(figure) >= most)
            {
                return false;
            }
        }

        return true;
    }

    private static long Scaled(decimal figure, int scale)
    {
        var factor = 1m;
        for (var i = 0; i < scale; i++)
        {
            factor *= 10;
        }

        var scaled = decimal.Round(figure * factor, MidpointRounding.ToEven);
        return scaled > long.MaxValue ? long.MaxValue : scaled < long.MinValue ? long.MinValue : (long)scaled;
    }
}
