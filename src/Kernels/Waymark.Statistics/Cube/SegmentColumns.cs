using Waymark.Model;

namespace Waymark.Statistics.Cube;

/// <summary>A dictionary-encoded column as a segment holds it: row i has the code <c>Codes[Rows[i]]</c>.</summary>
public sealed record CodedColumn(IReadOnlyList<string> Codes, int[] Rows);

/// <summary>The period column of a segment: row i is about <c>Periods[Rows[i]]</c>.</summary>
public sealed record PeriodColumn(IReadOnlyList<Period> Periods, int[] Rows);

/// <summary>
/// One store segment of at most 65,536 observations, as columns of equal length. Values are exact integers at
/// 10^-<see cref="Scale"/>; where the comparator is <see cref="Comparator.Code"/> the value is an index into
/// <see cref="ValueCodes"/>; where there is no figure it is 0 and the status says why. A null status, confidentiality or
/// comparator column means "normal", "free", "=" throughout. <see cref="UpperRows"/> ascends and pairs with
/// <see cref="Uppers"/>: the upper end of ranges.
/// </summary>
public sealed record SegmentColumns
{
    /// <summary>The segment's own id: with the row number it leads back to the cell of the original file.</summary>
    public required string Segment { get; init; }

    public required IReadOnlyList<CodedColumn> Dimensions { get; init; }

    public required PeriodColumn Periods { get; init; }

    public required long[] Values { get; init; }

    public int Scale { get; init; }

    public ObservationStatus[]? Statuses { get; init; }

    public ConfidentialityStatus[]? Confidentialities { get; init; }

    public Comparator[]? Comparators { get; init; }

    public int[]? UpperRows { get; init; }

    public long[]? Uppers { get; init; }

    public IReadOnlyList<string>? ValueCodes { get; init; }

    public int Rows => Values.Length;

    internal Error? Fault(CubeSchema schema)
    {
        if (Rows is 0 or > CubeSchema.BlockRows)
        {
            return Bad($"a segment holds 1 to {CubeSchema.BlockRows} observations, not {Rows}", $"一个分段应含 1 至 {CubeSchema.BlockRows} 条观测值，而不是 {Rows} 条");
        }

        if (Dimensions.Count != schema.Dimensions.Count)
        {
            return Bad($"{Dimensions.Count} dimensions where the series has {schema.Dimensions.Count}", $"有 {Dimensions.Count} 个维度，而该序列有 {schema.Dimensions.Count} 个");
        }

        if (Scale is < 0 or > 12)
        {
            return Bad($"the decimal scale {Scale} is outside 0 to 12", $"小数位数 {Scale} 超出 0 至 12");
        }

        var lengths = Dimensions.Select(column => column.Rows.Length).Append(Periods.Rows.Length)
            .Append(Statuses?.Length ?? Rows).Append(Confidentialities?.Length ?? Rows).Append(Comparators?.Length ?? Rows);
        if (lengths.Any(length => length != Rows) || UpperRows?.Length != Uppers?.Length)
        {
            return Bad("columns of unequal length", "各列长度不一");
        }

        var inside = Dimensions.All(column => Inside(column.Rows, column.Codes.Count)) && Inside(Periods.Rows, Periods.Periods.Count)
            && (UpperRows is null || (Inside(UpperRows, Rows) && Ascending(UpperRows))) && CodesInside();
        return inside ? null : Bad("an index points outside its dictionary or segment", "索引超出字典或分段");

        Error Bad(string en, string zh) => Error.Invalid("cube.segment", $"Segment not usable: {en}.", $"分段不可用：{zh}。", Segment);
    }

    private static bool Inside(int[] rows, int count) => Array.TrueForAll(rows, row => (uint)row < (uint)count);

    private static bool Ascending(int[] rows) => !rows.Zip(rows.Skip(1), (a, b) => a < b).Contains(false);

    private bool CodesInside()
    {
        for (var row = 0; Comparators is not null && row < Rows; row++)
        {
            if (Comparators[row] == Comparator.Code && (ulong)Values[row] >= (ulong)(ValueCodes?.Count ?? 0))
            {
                return false;
            }
        }

        return true;
    }
}
