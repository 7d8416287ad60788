using System.Buffers;
using System.Numerics;

namespace Waymark.Statistics.Cube.Grouping;

/// <summary>Sorts keys ascending and carries their slots along: least significant digit first, 11 bits at a time.</summary>
internal static class RadixSort
{
    private const int Digit = 11;

    public static void Sort<TSlot>(ulong[] keys, TSlot[] slots) where TSlot : struct => Sort(keys, slots, keys.Length);

    public static void Sort<TSlot>(ulong[] keys, TSlot[] slots, int count) where TSlot : struct
    {
        var (low, high) = Range(keys.AsSpan(0, count));
        var bits = count < 2 ? 0 : 64 - BitOperations.LeadingZeroCount(high - low);
        if (bits == 0)
        {
            return;
        }

        if (count < 64)
        {
            Array.Sort(keys, slots, 0, count);
            return;
        }

        var (otherKeys, otherSlots) = (ArrayPool<ulong>.Shared.Rent(count), ArrayPool<TSlot>.Shared.Rent(count));
        var (fromKeys, fromSlots, toKeys, toSlots) = (keys, slots, otherKeys, otherSlots);
        var places = new int[1 << Digit];
        for (var shift = 0; shift < bits; shift += Digit)
        {
            Array.Clear(places);
            for (var i = 0; i < count; i++)
            {
                places[((fromKeys[i] - low) >> shift) & ((1 << Digit) - 1)]++;
            }

            var next = 0;
            foreach (ref var place in places.AsSpan())
            {
                (place, next) = (next, next + place);
            }

            for (var i = 0; i < count; i++)
            {
                var place = places[((fromKeys[i] - low) >> shift) & ((1 << Digit) - 1)]++;
                (toKeys[place], toSlots[place]) = (fromKeys[i], fromSlots[i]);
            }

            (fromKeys, fromSlots, toKeys, toSlots) = (toKeys, toSlots, fromKeys, fromSlots);
        }

        if (!ReferenceEquals(fromKeys, keys))
        {
            Array.Copy(fromKeys, keys, count);
            Array.Copy(fromSlots, slots, count);
        }

        ArrayPool<ulong>.Shared.Return(otherKeys);
        ArrayPool<TSlot>.Shared.Return(otherSlots);
    }

    private static (ulong Low, ulong High) Range(ReadOnlySpan<ulong> keys)
    {
        var (low, high) = (ulong.MaxValue, 0ul);
        foreach (var key in keys)
        {
            (low, high) = (Math.Min(low, key), Math.Max(high, key));
        }

        return (low, high);
    }
}
