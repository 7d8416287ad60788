using System.Numerics;
using System.Runtime.CompilerServices;

namespace Waymark.Statistics.Cube.Grouping;

/// <summary>Open addressing from a 62-bit key to a slot; doubles at 60 % load. One writer.</summary>
internal sealed class GroupTable<TSlot> where TSlot : struct
{
    private Entry[] _entries;
    private int _shift;
    private int _limit;

    public GroupTable(int expected = 1024)
    {
        var size = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(16, expected * 2L));
        _entries = new Entry[size];
        _shift = 64 - BitOperations.Log2((uint)size);
        _limit = (int)(size * 0.6);
    }

    public int Count { get; private set; }

    /// <summary>The slot of the key, new and zero when the key is new.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ref TSlot Of(ulong key)
    {
        var entries = _entries;
        var at = (int)((key * 0x9E3779B97F4A7C15) >> _shift);
        ref var entry = ref entries[at];
        return ref entry.Key == key + 1 ? ref entry.Slot : ref Probe(key, at);
    }

    public void ForEach(Action<ulong, TSlot> action)
    {
        foreach (ref var entry in _entries.AsSpan())
        {
            if (entry.Key != 0)
            {
                action(entry.Key - 1, entry.Slot);
            }
        }
    }

    /// <summary>Keys ascending with their slots.</summary>
    public (ulong[] Keys, TSlot[] Slots) ToSorted()
    {
        var (keys, slots, at) = (new ulong[Count], new TSlot[Count], 0);
        foreach (ref var entry in _entries.AsSpan())
        {
            if (entry.Key != 0)
            {
                keys[at] = entry.Key - 1;
                slots[at++] = entry.Slot;
            }
        }

        RadixSort.Sort(keys, slots);
        return (keys, slots);
    }

    public void Clear()
    {
        Array.Clear(_entries);
        Count = 0;
    }

    private ref TSlot Probe(ulong key, int at)
    {
        for (var mask = _entries.Length - 1; ; at = (at + 1) & mask)
        {
            ref var entry = ref _entries[at];
            if (entry.Key == key + 1)
            {
                return ref entry.Slot;
            }

            if (entry.Key == 0)
            {
                if (Count >= _limit)
                {
                    Grow();
                    return ref Of(key);
                }

                Count++;
                entry.Key = key + 1;
                return ref entry.Slot;
            }
        }
    }

    private void Grow()
    {
        var old = _entries;
        _entries = new Entry[old.Length * 2];
        _shift--;
        _limit = (int)(_entries.Length * 0.6);
        var mask = _entries.Length - 1;
        foreach (ref var entry in old.AsSpan())
        {
            if (entry.Key != 0)
            {
                var at = (int)(((entry.Key - 1) * 0x9E3779B97F4A7C15) >> _shift);
                while (_entries[at].Key != 0)
                {
                    at = (at + 1) & mask;
                }

                _entries[at] = entry;
            }
        }
    }

    private struct Entry
    {
        public ulong Key;
        public TSlot Slot;
    }
}
