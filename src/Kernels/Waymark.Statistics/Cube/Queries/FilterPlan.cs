using Waymark.Model;
using Waymark.Statistics.Cube.Columns;

namespace Waymark.Statistics.Cube.Queries;

/// <summary>
/// A filter compiled for one snapshot: one table per column (255 = passes, 0 = does not), so that a condition of any shape
/// costs one look-up per row, or none when a block's smallest and largest code decide it.
/// </summary>
internal sealed class FilterPlan
{
    private readonly CubeSnapshot _cube;
    private readonly int _asOf;
    private readonly int _after;
    private readonly bool _history;
    private readonly bool _withdrawn;
    private readonly bool _scalar;
    private readonly byte[]?[] _allowed;
    private readonly byte[] _selected;
    private readonly decimal? _least;
    private readonly decimal? _greatest;

    private FilterPlan(CubeSnapshot cube, CubeFilter filter, bool scalar)
    {
        _cube = cube;
        _scalar = scalar;
        _asOf = filter.AsOf ?? cube.Newest;
        _after = filter.ChangedAfter ?? -1;
        _history = filter.History;
        _withdrawn = filter.Withdrawn;
        (_least, _greatest) = (filter.Least, filter.Greatest);
        var columns = cube.Schema.Dimensions.Count;
        _allowed = new byte[]?[columns + 1];
        for (var column = 0; column < columns; column++)
        {
            _allowed[column] = filter.Where.TryGetValue(cube.Schema.Dimensions[column], out var codes)
                ? Table(cube.CodesOf(column), codes.Contains) : null;
        }

        _allowed[columns] = Table([.. cube.Periods], filter.Matches);
        var bounded = _least is not null || _greatest is not null;
        _selected = Table(cube.Marks, mark => filter.Statuses.Contains(mark.Status) && (!bounded || mark.IsNumber)
            && filter.Confidentialities?.Invoke(mark.Confidentiality) != false) ?? Full(cube.Marks.Length);
        Numbers = [.. _selected.Select((pass, i) => cube.Marks[i].IsNumber ? pass : (byte)0)];
        Specials = [.. _selected.Select((pass, i) => cube.Marks[i].IsSpecial ? pass : (byte)0)];
    }

    /// <summary>Marks that pass and have a figure.</summary>
    public byte[] Numbers { get; }

    /// <summary>Marks that pass and must be counted apart.</summary>
    public byte[] Specials { get; }

    /// <summary>Marks that pass.</summary>
    public byte[] Selected => _selected;

    public static Result<FilterPlan> Compile(CubeSnapshot cube, CubeFilter filter, bool scalar = false)
    {
        foreach (var dimension in filter.Where.Keys)
        {
            if (cube.Schema.ColumnOf(dimension) is var column && (column < 0 || column == cube.Schema.Dimensions.Count))
            {
                return Errors.UnknownDimension(cube.Schema, dimension);
            }
        }

        if (filter.AsOf is { } asOf && (asOf < 0 || asOf > cube.Newest))
        {
            return Error.Invalid("cube.unknown-vintage", $"There is no vintage {asOf}; the newest is {cube.Newest}.", $"没有第 {asOf} 版；最新为第 {cube.Newest} 版。");
        }

        return new FilterPlan(cube, filter, scalar);
    }

    /// <summary>The codes of a column that pass, or null when all do.</summary>
    public byte[]? Allowed(int column) => _allowed[column];

    /// <summary>False when no row of the block can pass.</summary>
    public bool MayMatch(CubeBlock block)
    {
        if (block.Vintage > _asOf || block.Vintage <= _after || (_withdrawn ? block.Withdrawn is null : !_history && block.MaxTo <= _asOf))
        {
            return false;
        }

        for (var column = 0; column < _allowed.Length; column++)
        {
            var key = block.Keys[column];
            if (_allowed[column] is { } allowed && !allowed.AsSpan(key.Min, key.Max - key.Min + 1).ContainsAnyExcept((byte)0))
            {
                return false;
            }
        }

        return AnyIn(_selected, block);
    }

    /// <summary>True when some mark between the block's smallest and largest passes the table.</summary>
    public static bool AnyIn(byte[] table, CubeBlock block) =>
        table.AsSpan(block.Marks.Min, block.Marks.Max - block.Marks.Min + 1).ContainsAnyExcept((byte)0);

    /// <summary>Fills the mask (255 or 0 per row) with every condition but the marks.</summary>
    public void Base(CubeBlock block, int start, Span<byte> mask)
    {
        if (_withdrawn)
        {
            Withdrawn(block, start, mask);
        }
        else if (_history || block.MinTo > _asOf)
        {
            mask.Fill(0xFF);
        }
        else if (_scalar)
        {
            MaskReference.Later(block.To.AsSpan(start, mask.Length), (ushort)_asOf, mask);
        }
        else
        {
            Masks.Later(block.To.AsSpan(start, mask.Length), (ushort)_asOf, mask);
        }

        for (var column = 0; column < _allowed.Length; column++)
        {
            if (_allowed[column] is { } allowed)
            {
                And(block.Keys[column], start, allowed, mask);
            }
        }

        if (_least is not null || _greatest is not null)
        {
            var (low, high) = Bounds(block.Scale);
            if (low > block.Values.Min || high < block.Values.Max)
            {
                Span<long> scratch = stackalloc long[mask.Length];
                Masks.AndBetween(block.Values.Read(start, mask.Length, scratch), low, high, mask);
            }
        }
    }

    /// <summary>Narrows the mask to rows whose code passes the table.</summary>
    public void And(CodeColumn column, int start, byte[] table, Span<byte> mask)
    {
        var part = table.AsSpan(column.Min, column.Max - column.Min + 1);
        if (!part.Contains((byte)0))
        {
            return;
        }

        if (_scalar)
        {
            MaskReference.AndTable(column, start, table, mask);
        }
        else
        {
            Masks.AndTable(column, start, table, mask);
        }
    }

    private void Withdrawn(CubeBlock block, int start, Span<byte> mask)
    {
        mask.Clear();
        for (var i = 0; i < block.Withdrawn!.Length; i++)
        {
            var row = block.Withdrawn[i] - start;
            if (row >= 0 && row < mask.Length && block.ToOf(row + start) <= _asOf && _asOf < block.Returned![i])
            {
                mask[row] = 0xFF;
            }
        }
    }

    private (long Low, long High) Bounds(int scale)
    {
        var factor = (decimal)Math.Pow(10, scale);
        return (Clamp(_least ?? long.MinValue, decimal.Ceiling), Clamp(_greatest ?? long.MaxValue, decimal.Floor));

        long Clamp(decimal bound, Func<decimal, decimal> round)
        {
            // A bound beyond 64 bits at this scale admits all or nothing, which the ends of the range express.
            if (Math.Abs(bound) >= long.MaxValue / factor)
            {
                return bound < 0 ? long.MinValue : long.MaxValue;
            }

            return (long)round(bound * factor);
        }
    }

    private static byte[]? Table<T>(T[] codes, Func<T, bool> passes)
    {
        var table = new byte[codes.Length];
        for (var i = 0; i < codes.Length; i++)
        {
            table[i] = passes(codes[i]) ? (byte)0xFF : (byte)0;
        }

        return table.AsSpan().Contains((byte)0) ? table : null;
    }

    private static byte[] Full(int count)
    {
        var table = new byte[count];
        table.AsSpan().Fill(0xFF);
        return table;
    }
}

internal static class Errors
{
    public static Error UnknownDimension(CubeSchema schema, string name) => Error.Invalid(
        "cube.unknown-dimension", $"{schema.Series} has no dimension '{name}'.", $"{schema.Series} 没有维度“{name}”。")
        .WithHint($"It has: {string.Join(", ", schema.Dimensions)}, {CubeSchema.PeriodColumn}.", $"现有：{string.Join("、", schema.Dimensions)}、{CubeSchema.PeriodColumn}。");

    public static Error TooManyGroups(int limit) => Error.TooLarge(
        "cube.too-many-groups", $"The question has more than {limit} groups.", $"该查询的分组超过 {limit} 个。")
        .WithHint("Filter more, or group by fewer dimensions.", "请增加筛选条件或减少分组维度。");
}
