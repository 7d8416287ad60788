using Waymark.Model;
using Waymark.Statistics.Cube.Columns;
using Waymark.Statistics.Cube.Queries;

namespace Waymark.Statistics.Cube.Grouping;

/// <summary>Chooses a path by the size of the domain and the rows at hand, and joins blocks of different decimal scales.</summary>
internal static class GroupEngine
{
    /// <summary>Rows looked at to guess whether groups are few.</summary>
    private const int Sample = 16_384;

    public static Result<GroupResult> Run(CubeSnapshot cube, CubeQuery query, CancellationToken cancellationToken)
    {
        var compiled = GroupPlan.Compile(cube, query);
        if (!compiled.IsOk)
        {
            return compiled.Error;
        }

        var plan = compiled.Value;
        if (plan.Overflows)
        {
            return Errors.TooManyGroups(query.MaxGroups);
        }

        try
        {
            var result = Group(plan, cancellationToken);
            return result.Count > query.MaxGroups ? Errors.TooManyGroups(query.MaxGroups) : result;
        }
        catch (OverflowException)
        {
            return Error.TooLarge("cube.sum-too-wide", "A sum does not fit 128 bits at the series' decimal scale.", "某个合计值在该序列的小数位数下超出 128 位。");
        }
    }

    private static GroupResult Group(GroupPlan plan, CancellationToken cancellationToken)
    {
        var scale = plan.Blocks.Length == 0 ? 0 : plan.Blocks.Max(block => block.Scale);
        if (!plan.FitsWord || plan.Query.Path == GroupPath.Tuple)
        {
            var (numbers, others, keys) = TuplePath.Run(plan, scale, cancellationToken);
            return new(plan, scale, numbers, others, keys);
        }

        var (groups, specials) = (NumericGroups.None, new List<SpecialEntry>());
        foreach (var scaled in plan.Blocks.GroupBy(block => block.Scale).OrderBy(scaled => scaled.Key))
        {
            CubeBlock[] blocks = [.. scaled];
            List<SpecialCounts> counts = [];
            var factor = Power(scale - scaled.Key);
            var part = OneScale(plan, blocks, counts, cancellationToken);

            // Wide sums come with extremes whether asked for or not; an answer has them for all scales or for none.
            part = plan.Query.Extremes ? part : part with { Least = null, Greatest = null };
            groups = groups.Keys.Length == 0 && factor == 1 ? part : NumericGroups.Union(groups, 1, part, factor);
            specials = SpecialCounts.Union(specials, SpecialCounts.Collect(plan, counts, factor));
        }

        return new(plan, scale, groups, specials, null);
    }

    private static NumericGroups OneScale(
        GroupPlan plan, CubeBlock[] blocks, List<SpecialCounts> specials, CancellationToken cancellationToken)
    {
        var bound = blocks.Aggregate(UInt128.Zero, (sum, block) => sum + ((UInt128)block.Values.MaxMagnitude * (uint)block.Rows));
        var wide = bound > long.MaxValue;
        var full = wide || plan.Query.Extremes;
        var path = plan.Query.Path ?? Choose(plan, blocks, full, cancellationToken);
        if (path == GroupPath.Dense && plan.Domain <= (uint)(full ? DensePath.MaxFullSlots : DensePath.MaxPackedSlots))
        {
            return full ? DensePath.Full(plan, blocks, specials, cancellationToken) : DensePath.Packed(plan, blocks, specials, cancellationToken);
        }

        if (path == GroupPath.Hash)
        {
            return full
                ? HashPath.Run<FullSlot>(plan, blocks, specials, wide, cancellationToken)
                : HashPath.Run<PlainSlot>(plan, blocks, specials, wide, cancellationToken);
        }

        var narrow = plan.Domain <= uint.MaxValue && blocks.All(block => block.Values.Min >= int.MinValue && block.Values.Max <= int.MaxValue);
        return (narrow, full) switch
        {
            (true, true) => RadixPath.Run<NarrowEntry, FullSlot>(plan, blocks, specials, wide, cancellationToken),
            (true, false) => RadixPath.Run<NarrowEntry, PlainSlot>(plan, blocks, specials, wide, cancellationToken),
            (false, true) => RadixPath.Run<WideEntry, FullSlot>(plan, blocks, specials, wide, cancellationToken),
            _ => RadixPath.Run<WideEntry, PlainSlot>(plan, blocks, specials, wide, cancellationToken),
        };
    }

    private static GroupPath Choose(GroupPlan plan, CubeBlock[] blocks, bool full, CancellationToken cancellationToken)
    {
        var rows = blocks.Sum(block => (long)block.Rows);
        var slots = Math.Max(1 << 12, Math.Min(full ? DensePath.MaxFullSlots : DensePath.MaxPackedSlots, 4 * rows));
        if (plan.Domain <= (UInt128)slots)
        {
            return GroupPath.Dense;
        }

        if (rows < 1 << 17)
        {
            return GroupPath.Hash;
        }

        // Some rows of every few blocks: were their groups as good as all different, more rows bring more groups.
        var seen = new HashSet<ulong>();
        var (reader, ignored, looked) = (new WideReader(plan), new SpecialCounts(plan), 0);
        for (var at = 0; at < blocks.Length && looked < Sample; at += Math.Max(1, blocks.Length / 8))
        {
            cancellationToken.ThrowIfCancellationRequested();
            var count = reader.Read(blocks[at], 0, ignored);
            looked += count;
            seen.UnionWith(reader.Keys.Take(count));
        }

        return seen.Count * 4 < looked ? GroupPath.Hash : GroupPath.Radix;
    }

    internal static Int128 Power(int exponent)
    {
        var power = Int128.One;
        for (var i = 0; i < exponent; i++)
        {
            power *= 10;
        }

        return power;
    }
}
