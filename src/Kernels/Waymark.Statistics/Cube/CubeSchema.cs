namespace Waymark.Statistics.Cube;

/// <summary>
/// The shape of one series: its dimensions in order. The period is a column of its own and always there under the name
/// <see cref="PeriodColumn"/>. <paramref name="NonNegative"/>: figures are counts, so that "at most n" means "0 to n".
/// </summary>
public sealed record CubeSchema(string Series, IReadOnlyList<string> Dimensions, bool NonNegative = true)
{
    /// <summary>The reserved column name of the period.</summary>
    public const string PeriodColumn = "period";

    /// <summary>Rows of one block: the store's segment size.</summary>
    public const int BlockRows = 65_536;

    /// <summary>The position of a column (dimensions in order, then the period), or -1.</summary>
    public int ColumnOf(string name)
    {
        if (name == PeriodColumn)
        {
            return Dimensions.Count;
        }

        for (var i = 0; i < Dimensions.Count; i++)
        {
            if (Dimensions[i] == name)
            {
                return i;
            }
        }

        return -1;
    }
}

/// <summary>
/// One vintage (one import of the series) in order of system time. <paramref name="ReleaseOrder"/> sorts the publisher's
/// editions: a higher one wins over a lower one whatever was imported last.
/// </summary>
public sealed record CubeVintage(string Id, string Release, long ReleaseOrder);

/// <summary>What one vintage did to the keys known before it. Late: an older edition than the one that stands; it never becomes current.</summary>
public sealed record AppendReport(long New, long Revised, long Unchanged, long Late, long Duplicates)
{
    public static AppendReport Nothing { get; } = new(0, 0, 0, 0, 0);

    public long Observations => New + Revised + Unchanged + Late + Duplicates;

    public static AppendReport operator +(AppendReport left, AppendReport right) => new(
        left.New + right.New, left.Revised + right.Revised, left.Unchanged + right.Unchanged,
        left.Late + right.Late, left.Duplicates + right.Duplicates);
}
