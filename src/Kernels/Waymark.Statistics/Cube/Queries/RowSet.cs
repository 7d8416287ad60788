using System.Numerics;
using Waymark.Model;
using Waymark.Statistics.Cube.Columns;
using Waymark.Statistics.Cube.Grouping;

namespace Waymark.Statistics.Cube.Queries;

/// <summary>The observations that match a filter, as row numbers of the snapshot in import order.</summary>
public sealed record RowSet(CubeSnapshot Cube, IReadOnlyList<long> Rows, long Total)
{
    public IEnumerable<ObservationView> Observations => Rows.Select(row => Cube[row]);
}

/// <summary>Questions to a snapshot. Pure: the same snapshot and question give the same answer, on any number of threads.</summary>
public static class CubeQueries
{
    /// <summary>Sum and count per group; errors: unknown dimension or vintage, too many groups, a sum wider than 128 bits.</summary>
    public static Result<GroupResult> Group(this CubeSnapshot cube, CubeQuery query, CancellationToken cancellationToken = default) =>
        GroupEngine.Run(cube, query, cancellationToken);

    /// <summary>Lists matching observations; <see cref="RowSet.Total"/> counts them before paging.</summary>
    public static Result<RowSet> Select(
        this CubeSnapshot cube, CubeFilter filter, long offset = 0, int limit = int.MaxValue, CancellationToken cancellationToken = default)
    {
        var plan = FilterPlan.Compile(cube, filter);
        if (!plan.IsOk)
        {
            return plan.Error;
        }

        List<long> rows = [];
        var total = 0L;
        var mask = new byte[GroupPlan.Chunk];
        for (var at = 0; at < cube.Blocks.Length; at++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var block = cube.Blocks[at];
            for (var start = 0; start < block.Rows && plan.Value.MayMatch(block); start += GroupPlan.Chunk)
            {
                var chunk = mask.AsSpan(0, Math.Min(GroupPlan.Chunk, block.Rows - start));
                plan.Value.Base(block, start, chunk);
                plan.Value.And(block.Marks, start, plan.Value.Selected, chunk);
                Take(((long)at << 16) + start, chunk);
            }
        }

        return new RowSet(cube, rows, total);

        void Take(long first, ReadOnlySpan<byte> chunk)
        {
            for (var i = 0; i < chunk.Length; i++)
            {
                if (chunk[i] != 0 && total++ >= offset && rows.Count < limit)
                {
                    rows.Add(first + i);
                }
            }
        }
    }

    /// <summary>How many matching observations have each code of a column, by code number; the column is a dimension or "period".</summary>
    public static Result<long[]> CountBy(this CubeSnapshot cube, CubeFilter filter, string column, CancellationToken cancellationToken = default)
    {
        var number = cube.Schema.ColumnOf(column);
        if (number < 0)
        {
            return Errors.UnknownDimension(cube.Schema, column);
        }

        var plan = FilterPlan.Compile(cube, filter);
        if (!plan.IsOk)
        {
            return plan.Error;
        }

        var counts = new long[number == cube.Schema.Dimensions.Count ? cube.Periods.Count : cube.Codes(column).Count];
        Span<byte> mask = stackalloc byte[GroupPlan.Chunk];
        foreach (var block in cube.Blocks)
        {
            cancellationToken.ThrowIfCancellationRequested();
            for (var start = 0; start < block.Rows && plan.Value.MayMatch(block); start += GroupPlan.Chunk)
            {
                var chunk = mask[..Math.Min(GroupPlan.Chunk, block.Rows - start)];
                plan.Value.Base(block, start, chunk);
                plan.Value.And(block.Marks, start, plan.Value.Selected, chunk);
                Add(block.Keys[number], start, chunk, counts);
            }
        }

        return counts;
    }

    private static void Add(CodeColumn column, int start, ReadOnlySpan<byte> mask, Span<long> counts)
    {
        switch (column.Width)
        {
            case 0:
                counts[column.Min] += Masks.Count(mask);
                break;
            case 1:
                Add(column.AsBytes(start, mask.Length), mask, counts);
                break;
            case 2:
                Add(column.AsShorts(start, mask.Length), mask, counts);
                break;
            default:
                Add(column.AsInts(start, mask.Length), mask, counts);
                break;
        }
    }

    private static void Add<TCode>(ReadOnlySpan<TCode> codes, ReadOnlySpan<byte> mask, Span<long> counts) where TCode : IBinaryInteger<TCode>
    {
        for (var i = 0; i < mask.Length; i++)
        {
            counts[int.CreateTruncating(codes[i])] += mask[i] & 1;
        }
    }
}
