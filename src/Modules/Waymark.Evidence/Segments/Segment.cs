using Waymark.Model;
using Waymark.Statistics.Cube;

namespace Waymark.Evidence.Segments;

/// <summary>A column of texts as numbers into a dictionary.</summary>
public sealed record SegmentColumn(string Name, IReadOnlyList<string> Codes, int[] Rows)
{
    public string this[int row] => Codes[Rows[row]];
}

/// <summary>Status, confidentiality and comparator of an observation.</summary>
public readonly record struct SegmentMark(ObservationStatus Status, ConfidentialityStatus Confidentiality, Comparator Comparator);

/// <summary>
/// At most 65,536 observations of one vintage of one series as columns; immutable once written. Values are integers at
/// 10^-<see cref="Scale"/>; those that do not fit stand exactly in <see cref="Wide"/>. The format: docs/formats/segment.md.
/// </summary>
public sealed record Segment
{
    public const int Capacity = 65_536;

    public required string Series { get; init; }

    public required IReadOnlyList<SegmentColumn> Dimensions { get; init; }

    public required IReadOnlyList<Period> Periods { get; init; }

    public required int[] PeriodRows { get; init; }

    public required long[] Values { get; init; }

    public required int Scale { get; init; }

    public IReadOnlyDictionary<int, decimal> Wide { get; init; } = new Dictionary<int, decimal>();

    public IReadOnlyDictionary<int, decimal> Uppers { get; init; } = new Dictionary<int, decimal>();

    public IReadOnlyList<string> ValueCodes { get; init; } = [];

    public required IReadOnlyList<SegmentMark> Marks { get; init; }

    public required int[] MarkRows { get; init; }

    public required SegmentColumn Unit { get; init; }

    public required SegmentColumn Definition { get; init; }

    /// <summary>0 for the first observation of a key in the file, 1 for the second with another value, and so on.</summary>
    public required SegmentColumn Occurrence { get; init; }

    /// <summary>Footnote signs, separated by ";"; their texts stand in the import record.</summary>
    public required SegmentColumn Footnotes { get; init; }

    public IReadOnlyList<SegmentColumn> Attributes { get; init; } = [];

    public required SegmentColumn Sheet { get; init; }

    public required int[] SourceRows { get; init; }

    public required int[] SourceColumns { get; init; }

    public int Count => Values.Length;

    /// <summary>The exact figure of a row; null when there is none or it is a code.</summary>
    public decimal? Figure(int row) => Marks[MarkRows[row]].Comparator switch
    {
        Comparator.None or Comparator.Code => null,
        _ => Wide.TryGetValue(row, out var wide) ? wide : ToFigure(Values[row], Scale),
    };

    /// <summary>The figure without the zeros that a segment's common scale adds behind the point.</summary>
    public static decimal ToFigure(long mantissa, int scale) => new ExactNumber(mantissa, scale).ToDecimal();
}
