namespace Waymark.Statistics.Cube.Grouping;

/// <summary>A column of exact integers: 64 bits a row where the plan proved them enough, else 128.</summary>
internal sealed class ExactColumn
{
    private readonly long[]? _narrow;
    private readonly Int128[]? _wide;

    public ExactColumn(long[] values) => _narrow = values;

    public ExactColumn(Int128[] values) => _wide = values;

    public int Count => _narrow?.Length ?? _wide!.Length;

    public Int128 this[int row] => _narrow is null ? _wide![row] : _narrow[row];
}

/// <summary>Groups that have at least one figure: composite keys ascending, with sum, count and (on demand) extremes.</summary>
internal sealed record NumericGroups(ulong[] Keys, ExactColumn Sums, long[] Counts, ExactColumn? Least = null, ExactColumn? Greatest = null)
{
    public static NumericGroups None { get; } = new([], new(Array.Empty<long>()), []);

    /// <summary>The columns of slots that are in key order already.</summary>
    public static NumericGroups From<TSlot>(ulong[] keys, TSlot[] slots, bool wide) where TSlot : struct, ISlot<TSlot>
    {
        var counts = new long[keys.Length];
        var narrowSums = wide ? [] : new long[keys.Length];
        var wideSums = wide ? new Int128[keys.Length] : [];
        var extremes = TSlot.HasExtremes;
        var (least, greatest) = (new long[extremes ? keys.Length : 0], new long[extremes ? keys.Length : 0]);
        for (var i = 0; i < keys.Length; i++)
        {
            ref readonly var slot = ref slots[i];
            counts[i] = slot.Count;
            if (wide)
            {
                wideSums[i] = slot.Total;
            }
            else
            {
                narrowSums[i] = (long)slot.Total;
            }

            if (extremes)
            {
                (least[i], greatest[i]) = (slot.Least, slot.Greatest);
            }
        }

        return new(keys, wide ? new(wideSums) : new(narrowSums), counts,
            extremes ? new(least) : null, extremes ? new(greatest) : null);
    }

    /// <summary>
    /// The union of two answers whose figures have different decimal scales, brought to one; an overflow of 128 bits throws
    /// <see cref="OverflowException"/>, which the caller turns into an error.
    /// </summary>
    public static NumericGroups Union(NumericGroups left, Int128 leftFactor, NumericGroups right, Int128 rightFactor)
    {
        List<ulong> keys = [];
        List<Int128> sums = [], least = [], greatest = [];
        List<long> counts = [];
        for (int i = 0, j = 0; i < left.Keys.Length || j < right.Keys.Length;)
        {
            var takeLeft = j == right.Keys.Length || (i < left.Keys.Length && left.Keys[i] <= right.Keys[j]);
            var takeRight = i == left.Keys.Length || (j < right.Keys.Length && right.Keys[j] <= left.Keys[i]);
            keys.Add(takeLeft ? left.Keys[i] : right.Keys[j]);
            sums.Add(checked((takeLeft ? left.Sums[i] * leftFactor : 0) + (takeRight ? right.Sums[j] * rightFactor : 0)));
            counts.Add((takeLeft ? left.Counts[i] : 0) + (takeRight ? right.Counts[j] : 0));
            Extreme(least, left.Least, right.Least, Int128.Min);
            Extreme(greatest, left.Greatest, right.Greatest, Int128.Max);
            i += takeLeft ? 1 : 0;
            j += takeRight ? 1 : 0;

            void Extreme(List<Int128> into, ExactColumn? mine, ExactColumn? other, Func<Int128, Int128, Int128> choose)
            {
                if (mine is null && other is null)
                {
                    return;
                }

                var (a, b) = checked((takeLeft ? mine![i] * leftFactor : 0, takeRight ? other![j] * rightFactor : 0));
                into.Add(takeLeft && takeRight ? choose(a, b) : takeLeft ? a : b);
            }
        }

        return new([.. keys], new(sums.ToArray()), [.. counts], least.Count == 0 ? null : new(least.ToArray()),
            greatest.Count == 0 ? null : new(greatest.ToArray()));
    }
}
