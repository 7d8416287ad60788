namespace Waymark.Statistics.Cube;

/// <summary>
/// The shape of one series: its dimensions in order. The period is a column of its own and always there under the name
/// <see cref="PeriodColumn"/>. <paramref name="NonNegative"/>: figures are counts, so that "at most n" means "0 to n".
/// </summary>
public sealed record CubeSchema(string Series, IReadOnlyList<string> Dimensions, bool NonNegative = true)
{
    /// <summary>The reserved column name of the period.</summary>
    public const string PeriodColumn = "period";

    /// <summary>
    /// The level of a code of a dimension, for editions that are complete: what is absent from one although it has the period and
    /// the levels of all dimensions was withdrawn. Null: nothing is ever withdrawn.
    /// </summary>
    public Func<string, string, string>? LevelOf { get; init; }

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
/// editions: a higher one wins over a lower one whatever was imported last. <paramref name="Complete"/>: the edition holds all
/// figures of the periods and levels it has, so that those of older editions which it lacks no longer stand.
/// </summary>
public sealed record CubeVintage(string Id, string Release, long ReleaseOrder, bool Complete = false);

/// <summary>
/// What one vintage did to the keys known before it. Late: an older edition than the one that stands; it never becomes current.
/// Withdrawn: figures of older editions that a complete edition no longer has (known when the vintage is closed); they may be
/// among the new ones when the older edition came later.
/// </summary>
public sealed record AppendReport(long New, long Revised, long Unchanged, long Late, long Duplicates, long Withdrawn = 0)
{
    public static AppendReport Nothing { get; } = new(0, 0, 0, 0, 0);

    public long Observations => New + Revised + Unchanged + Late + Duplicates;

    public static AppendReport operator +(AppendReport left, AppendReport right) => new(
        left.New + right.New, left.Revised + right.Revised, left.Unchanged + right.Unchanged,
        left.Late + right.Late, left.Duplicates + right.Duplicates, left.Withdrawn + right.Withdrawn);
}
