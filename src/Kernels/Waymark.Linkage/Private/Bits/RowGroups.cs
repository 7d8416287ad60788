namespace Waymark.Linkage.Private;

/// <summary>
/// How many rows of a tile are taken together. It is learned from the tiles before, and says only what is computed, never what is found. One per thread.
/// </summary>
internal sealed class RowGroups
{
    private const int Largest = 4;
    private const int TilesUntilNextTrial = 64;
    private int _alone;

    /// <summary>Rows in a group, 1 when each is compared by itself.</summary>
    public int Size { get; private set; } = Largest;

    /// <summary>Groups that reached their limit in the blocks of this tile.</summary>
    public long Passed { get; set; }

    /// <summary>Ends a tile of so many groups and blocks and weighs what the groups saved: a group that passes is looked at again row by row.</summary>
    public void Learn(int groups, long blocks)
    {
        if (Size == 1)
        {
            Size = ++_alone % TilesUntilNextTrial == 0 ? Largest : 1;
        }
        else if (blocks > 0 && Passed * Size > blocks * groups * (Size == Largest ? 1 : 0.7))
        {
            Size /= 2;
        }

        Passed = 0;
    }
}
