using Waymark.Model;
using Waymark.Statistics.Cube.Columns;
using Waymark.Statistics.Cube.Queries;

namespace Waymark.Statistics.Cube.Grouping;

/// <summary>
/// One column of a grouping. Codes that a filter lets through are renumbered densely, so that few admitted codes mean few
/// groups: <see cref="RankOf"/> maps code to rank (null: they are equal), <see cref="CodeOf"/> back.
/// </summary>
internal sealed record GroupColumnPlan(int Column, string Name, int Cardinality, uint[]? RankOf, int[]? CodeOf);

/// <summary>
/// How one question is answered: the columns of the composite key (first named = most significant), the blocks that can
/// match, and bounds that tell beforehand which arithmetic is exact.
/// </summary>
internal sealed class GroupPlan
{
    /// <summary>Rows handled at a time: keys, mask and values together stay inside the first-level cache.</summary>
    public const int Chunk = 2048;

    private GroupPlan(CubeSnapshot cube, CubeQuery query, FilterPlan filter, GroupColumnPlan[] columns)
    {
        (Cube, Query, Filter, Columns) = (cube, query, filter, columns);
        Blocks = [.. cube.Blocks.Where(filter.MayMatch)];
        Strides = new ulong[columns.Length];
        Domain = 1;
        for (var i = columns.Length - 1; i >= 0; i--)
        {
            Strides[i] = (ulong)Domain;
            var wider = Domain * (uint)Math.Max(1, columns[i].Cardinality);
            Overflows |= wider / (uint)Math.Max(1, columns[i].Cardinality) != Domain;
            Domain = wider;
        }

        Threads = Math.Clamp(query.Threads, 1, 64);
    }

    public CubeSnapshot Cube { get; }

    public CubeQuery Query { get; }

    public FilterPlan Filter { get; }

    public GroupColumnPlan[] Columns { get; }

    public ulong[] Strides { get; }

    public CubeBlock[] Blocks { get; }

    /// <summary>Product of the cardinalities: how many groups there could be.</summary>
    public UInt128 Domain { get; }

    public bool Overflows { get; }

    public int Threads { get; }

    public int Marks => Math.Max(1, Cube.Marks.Length);

    /// <summary>Composite keys, also with the mark appended, fit 62 bits.</summary>
    public bool FitsWord => !Overflows && Domain * (uint)Marks < (UInt128.One << 62);

    public static Result<GroupPlan> Compile(CubeSnapshot cube, CubeQuery query)
    {
        var filter = FilterPlan.Compile(cube, query.Filter, query.Scalar);
        if (!filter.IsOk)
        {
            return filter.Error;
        }

        var columns = new GroupColumnPlan[query.GroupBy.Count];
        for (var i = 0; i < columns.Length; i++)
        {
            var column = cube.Schema.ColumnOf(query.GroupBy[i]);
            if (column < 0)
            {
                return Errors.UnknownDimension(cube.Schema, query.GroupBy[i]);
            }

            if (query.GroupBy.Take(i).Contains(query.GroupBy[i]))
            {
                return Error.Invalid("cube.doubled-column", $"'{query.GroupBy[i]}' is named twice.", $"“{query.GroupBy[i]}”出现两次。");
            }

            columns[i] = Column(cube, filter.Value, column, query.GroupBy[i]);
        }

        return new GroupPlan(cube, query, filter.Value, columns);
    }

    /// <summary>The code number of a column in a composite key.</summary>
    public int CodeIn(UInt128 key, int column)
    {
        var rank = (int)(key / Strides128(column) % (uint)Math.Max(1, Columns[column].Cardinality));
        return Columns[column].CodeOf is { } codes ? codes[rank] : rank;
    }

    public int CodeIn(ulong key, int column)
    {
        var rank = (int)(key / Strides[column] % (uint)Math.Max(1, Columns[column].Cardinality));
        return Columns[column].CodeOf is { } codes ? codes[rank] : rank;
    }

    public UInt128 Strides128(int column)
    {
        var stride = UInt128.One;
        for (var i = column + 1; i < Columns.Length; i++)
        {
            stride *= (uint)Math.Max(1, Columns[i].Cardinality);
        }

        return stride;
    }

    private static GroupColumnPlan Column(CubeSnapshot cube, FilterPlan filter, int column, string name)
    {
        var cardinality = cube.Cardinality(column);
        if (filter.Allowed(column) is not { } allowed)
        {
            return new(column, name, cardinality, null, null);
        }

        var rankOf = new uint[cardinality];
        List<int> codeOf = [];
        for (var code = 0; code < cardinality; code++)
        {
            if (allowed[code] != 0)
            {
                rankOf[code] = (uint)codeOf.Count;
                codeOf.Add(code);
            }
        }

        return new(column, name, codeOf.Count, rankOf, [.. codeOf]);
    }
}
