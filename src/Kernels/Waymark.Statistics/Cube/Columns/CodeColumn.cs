using System.Numerics.Tensors;


namespace Waymark.Statistics.Cube.Columns;

/// <summary>
/// Codes of one block in the narrowest form: nothing at all when every row has the same code, else byte, ushort or int.
/// Immutable. <see cref="Min"/> and <see cref="Max"/> let a query skip blocks that cannot match.
/// </summary>
internal sealed class CodeColumn
{
    private readonly Array? _data;

    private CodeColumn(Array? data, int width, int min, int max) => (_data, Width, Min, Max) = (data, width, min, max);

    /// <summary>Bytes per row: 0 (constant <see cref="Min"/>), 1, 2 or 4.</summary>
    public int Width { get; }

    public int Min { get; }

    public int Max { get; }

    public long Bytes => _data is null ? 0 : ((long)_data.Length * Width) + 24;

    public int this[int row] => Width switch
    {
        0 => Min,
        1 => ((byte[])_data!)[row],
        2 => ((ushort[])_data!)[row],
        _ => ((int[])_data!)[row],
    };

    public ReadOnlySpan<byte> AsBytes(int start, int count) => ((byte[])_data!).AsSpan(start, count);

    public ReadOnlySpan<ushort> AsShorts(int start, int count) => ((ushort[])_data!).AsSpan(start, count);

    public ReadOnlySpan<int> AsInts(int start, int count) => ((int[])_data!).AsSpan(start, count);

    public static CodeColumn Pack(ReadOnlySpan<int> codes)
    {
        var (min, max) = (TensorPrimitives.Min(codes), TensorPrimitives.Max(codes));
        if (min < 0)
        {
            throw new ArgumentOutOfRangeException(nameof(codes), "codes count from 0");
        }

        if (min == max)
        {
            return new(null, 0, min, max);
        }

        switch (max)
        {
            case <= byte.MaxValue:
                var bytes = new byte[codes.Length];
                TensorPrimitives.ConvertTruncating(codes, bytes);
                return new(bytes, 1, min, max);
            case <= ushort.MaxValue:
                var shorts = new ushort[codes.Length];
                TensorPrimitives.ConvertTruncating(codes, shorts);
                return new(shorts, 2, min, max);
            default:
                return new(codes.ToArray(), 4, min, max);
        }
    }
}

/// <summary>
/// Exact values of one block: nothing when constant, int when they fit, else long. <see cref="MaxMagnitude"/> bounds every
/// sum over the block, which is how a query knows beforehand whether 64 bits are enough.
/// </summary>
internal sealed class ValueColumn
{
    private readonly Array? _data;

    private ValueColumn(Array? data, int width, long min, long max) => (_data, Width, Min, Max) = (data, width, min, max);

    public int Width { get; }

    public long Min { get; }

    public long Max { get; }

    public long Bytes => _data is null ? 0 : ((long)_data.Length * Width) + 24;

    public ulong MaxMagnitude => Math.Max(Magnitude(Min), Magnitude(Max));

    public long this[int row] => Width switch
    {
        0 => Min,
        4 => ((int[])_data!)[row],
        _ => ((long[])_data!)[row],
    };

    public ReadOnlySpan<int> AsInts(int start, int count) => ((int[])_data!).AsSpan(start, count);

    public ReadOnlySpan<long> AsLongs(int start, int count) => ((long[])_data!).AsSpan(start, count);

    /// <summary>The rows as 64-bit values, copied only when stored narrower.</summary>
    public ReadOnlySpan<long> Read(int start, int count, Span<long> scratch)
    {
        switch (Width)
        {
            case 8:
                return AsLongs(start, count);
            case 4:
                TensorPrimitives.ConvertChecked(AsInts(start, count), scratch[..count]);
                break;
            default:
                scratch[..count].Fill(Min);
                break;
        }

        return scratch[..count];
    }

    public static ValueColumn Pack(ReadOnlySpan<long> values)
    {
        var (min, max) = (TensorPrimitives.Min(values), TensorPrimitives.Max(values));
        if (min == max)
        {
            return new(null, 0, min, max);
        }

        if (min < int.MinValue || max > int.MaxValue)
        {
            return new(values.ToArray(), 8, min, max);
        }

        var ints = new int[values.Length];
        TensorPrimitives.ConvertTruncating(values, ints);
        return new(ints, 4, min, max);
    }

    private static ulong Magnitude(long value) => value < 0 ? (ulong)-(value + 1) + 1 : (ulong)value;
}
