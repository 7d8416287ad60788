namespace Waymark.Linkage.Private;

/// <summary>
/// Rows of a tile taken together: the bits that any of a group has, and the lowest limit of the group. How many go together is learned from the tiles before,
/// and says only what is computed, never what is found. One per thread.
/// </summary>
internal sealed class RowGroups(int tileRows, int stride)
{
    private const int Largest = 4;
    private const int TilesUntilNextTrial = 64;
    private readonly ulong[] _words = new ulong[tileRows / 2 * stride];
    private readonly long[] _limits = new long[tileRows / 2];
    private int _together = Largest;
    private int _alone;

    public int Stride { get; } = stride;

    public int Count { get; private set; }

    /// <summary>Groups that reached their limit in the blocks of this tile.</summary>
    public long Passed { get; set; }

    public Span<ulong> Words => _words;

    public Span<long> Limits => _limits;

    /// <summary>Starts a tile; how many rows go together in it, 1 when each is compared by itself.</summary>
    public int Begin(ReadOnlySpan<ulong> rows, ReadOnlySpan<long> limits)
    {
        (Passed, Count) = (0, (limits.Length + _together - 1) / _together);
        for (var group = 0; group < Count && _together > 1; group++)
        {
            var any = _words.AsSpan(group * Stride, Stride);
            any.Clear();
            _limits[group] = long.MaxValue;
            for (var row = group * _together; row < Math.Min(limits.Length, (group + 1) * _together); row++)
            {
                _limits[group] = Math.Min(_limits[group], limits[row]);
                for (var word = 0; word < Stride; word++)
                {
                    any[word] |= rows[(row * Stride) + word];
                }
            }
        }

        return _together;
    }

    /// <summary>Ends a tile of so many blocks and weighs what the groups saved: a group that passes is looked at again row by row.</summary>
    public void End(long blocks)
    {
        if (_together == 1)
        {
            _together = ++_alone % TilesUntilNextTrial == 0 ? Largest : 1;
        }
        else if (blocks > 0 && Passed * _together > blocks * Count * (_together == Largest ? 1 : 0.7))
        {
            _together /= 2;
        }
    }
}
