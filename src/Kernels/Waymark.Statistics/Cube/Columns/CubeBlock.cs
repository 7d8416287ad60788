namespace Waymark.Statistics.Cube.Columns;

/// <summary>
/// One immutable block. All its rows came with one vintage, so "known from" is one number; <see cref="To"/> holds, per
/// row, the vintage that superseded it (<see cref="Current"/>: none yet; <see cref="Never"/>: it was beaten on arrival by a
/// newer edition or an equal key in its own file). A null column means that all rows are current. Only this column is
/// ever replaced, by copy, when a later vintage supersedes rows.
/// </summary>
internal sealed record CubeBlock
{
    public const ushort Current = ushort.MaxValue;

    public const ushort Never = 0;

    public required string Segment { get; init; }

    public required ushort Vintage { get; init; }

    public required int Rows { get; init; }

    /// <summary>Dimensions in schema order, then the period.</summary>
    public required CodeColumn[] Keys { get; init; }

    public required CodeColumn Marks { get; init; }

    public required ValueColumn Values { get; init; }

    public required int Scale { get; init; }

    public int[]? UpperRows { get; init; }

    public long[]? Uppers { get; init; }

    public ushort[]? To { get; private init; }

    public ushort MinTo { get; private init; } = Current;

    public ushort MaxTo { get; private init; } = Current;

    /// <summary>Rows that a newer complete edition no longer has, ascending; null: none.</summary>
    public int[]? Withdrawn { get; private init; }

    /// <summary>Per withdrawn row the vintage that next said something of its key, or <see cref="Current"/>: none yet.</summary>
    public ushort[]? Returned { get; private init; }

    public CubeBlock With(ushort[]? to, SortedDictionary<int, ushort>? withdrawn = null) => this with
    {
        To = to,
        MinTo = to?.Min() ?? Current,
        MaxTo = to?.Max() ?? Current,
        Withdrawn = withdrawn is null ? null : [.. withdrawn.Keys],
        Returned = withdrawn is null ? null : [.. withdrawn.Values],
    };

    public bool IsWithdrawn(int row) => Withdrawn is not null && Array.BinarySearch(Withdrawn, row) >= 0;

    public ushort ToOf(int row) => To is null ? Current : To[row];

    public long? UpperOf(int row)
    {
        var at = UpperRows is null ? -1 : Array.BinarySearch(UpperRows, row);
        return at < 0 ? null : Uppers![at];
    }

    public long Bytes => Keys.Sum(key => key.Bytes) + Marks.Bytes + Values.Bytes + (2L * (To?.Length ?? 0))
        + (12L * (UpperRows?.Length ?? 0)) + (6L * (Withdrawn?.Length ?? 0)) + 512;
}
