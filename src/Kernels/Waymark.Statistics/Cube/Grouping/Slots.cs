using System.Runtime.CompilerServices;

namespace Waymark.Statistics.Cube.Grouping;

/// <summary>What is kept per group while rows are added. Implementations are exact within the bounds stated.</summary>
internal interface ISlot<TSelf> where TSelf : struct, ISlot<TSelf>
{
    static abstract bool HasExtremes { get; }

    long Count { get; }

    Int128 Total { get; }

    long Least { get; }

    long Greatest { get; }

    static abstract void Add(ref TSelf slot, long value);

    static abstract void Merge(ref TSelf into, ref readonly TSelf from);
}

/// <summary>Sum and count; used only where the plan has proved that no sum can leave 64 bits.</summary>
internal struct PlainSlot : ISlot<PlainSlot>
{
    private long _sum;
    private long _count;

    public static bool HasExtremes => false;

    public readonly long Count => _count;

    public readonly Int128 Total => _sum;

    public readonly long Least => 0;

    public readonly long Greatest => 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Add(ref PlainSlot slot, long value)
    {
        slot._sum += value;
        slot._count++;
    }

    public static void Merge(ref PlainSlot into, ref readonly PlainSlot from)
    {
        into._sum += from._sum;
        into._count += from._count;
    }
}

/// <summary>
/// Sum of any 64-bit values without overflow: low and high halves are summed apart, each exact for 2³¹ rows and more.
/// With the least and greatest value.
/// </summary>
internal struct FullSlot : ISlot<FullSlot>
{
    private long _low;
    private long _high;
    private long _count;
    private long _least;
    private long _greatest;

    public static bool HasExtremes => true;

    public readonly long Count => _count;

    public readonly Int128 Total => ((Int128)_high << 32) + _low;

    public readonly long Least => _least;

    public readonly long Greatest => _greatest;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Add(ref FullSlot slot, long value)
    {
        slot._low += (uint)value;
        slot._high += value >> 32;
        slot._least = slot._count == 0 || value < slot._least ? value : slot._least;
        slot._greatest = slot._count == 0 || value > slot._greatest ? value : slot._greatest;
        slot._count++;
    }

    public static void Merge(ref FullSlot into, ref readonly FullSlot from)
    {
        if (from._count == 0)
        {
            return;
        }

        into._least = into._count == 0 || from._least < into._least ? from._least : into._least;
        into._greatest = into._count == 0 || from._greatest > into._greatest ? from._greatest : into._greatest;
        into._low += from._low;
        into._high += from._high;
        into._count += from._count;
    }
}

/// <summary>Observations that need telling, per group and mark: how many, the sum of their figures, and how far ranges reach up.</summary>
internal struct SpecialSlot
{
    public long Count;
    public Int128 Sum;
    public Int128 Reach;
}
