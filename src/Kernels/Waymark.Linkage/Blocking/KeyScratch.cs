using System.Numerics;

namespace Waymark.Linkage;

/// <summary>
/// Room for the keys and pairs of one rule, used again for the next. A key and its record share 64 bits: as many bits of the key's hash as
/// the record's number leaves. Two keys that meet by chance give a pair too many, never one too few.
/// </summary>
internal sealed class KeyScratch
{
    private const int Radix = 11;
    private const int WantedBits = 22;
    private readonly int _ownerBits;
    private readonly ulong _ownerMask;
    private ulong[] _keys;
    private ulong[] _pairs = [];
    private int _count;
    private int _pairCount;
    private ulong[]? _wanted;
    private ulong[] _seen = [];

    public KeyScratch(int records)
    {
        _ownerBits = Math.Max(1, 32 - BitOperations.LeadingZeroCount((uint)Math.Max(1, records - 1)));
        _ownerMask = (1UL << _ownerBits) - 1;
        _keys = new ulong[records + (records / 4) + 16];
    }

    public ReadOnlySpan<ulong> Keys => _keys.AsSpan(0, _count);

    public ulong KeyOf(ulong entry) => entry >> _ownerBits;

    public int OwnerOf(ulong entry) => (int)(entry & _ownerMask);

    /// <summary>Pairs since the last were taken.</summary>
    public int PairCount => _pairCount;

    public void Clear() => (_count, _pairCount, _wanted) = (0, 0, null);

    /// <summary>From now on only keys are taken that, as far as a bitmap tells, are there already.</summary>
    public void OnlyKnown()
    {
        _wanted = new ulong[1 << (WantedBits - 6)];
        foreach (var key in Keys)
        {
            _wanted[key >> (64 - WantedBits + 6)] |= 1UL << (int)(key >> (64 - WantedBits) & 63);
        }
    }

    public void Add(ulong key, int owner)
    {
        if (_wanted is not null && (_wanted[key >> (64 - WantedBits + 6)] >> (int)(key >> (64 - WantedBits) & 63) & 1) == 0)
        {
            return;
        }

        if (_count == _keys.Length)
        {
            Array.Resize(ref _keys, _count + (_count / 2));
        }

        _keys[_count++] = (key & ~_ownerMask) | (uint)owner;
    }

    public void AddPair(ulong pair)
    {
        if (_pairCount == _pairs.Length)
        {
            Array.Resize(ref _pairs, Math.Max(1 << 12, _pairCount + (_pairCount / 2)));
        }

        _pairs[_pairCount++] = pair;
    }

    /// <summary>Drops keys that hardly can have a second record: a bit each for "seen" and "seen again" of a part of the hash.</summary>
    public void DropSingles()
    {
        if (_count < 64)
        {
            return;
        }

        // Two bits side by side, so that a key touches one place; the room is used again for the next rule.
        var bits = Math.Clamp(BitOperations.Log2((uint)_count) + 3, 12, 26);
        var words = 1 << (bits - 5);
        if (_seen.Length < words)
        {
            _seen = new ulong[words];
        }

        var seen = _seen.AsSpan(0, words);
        seen.Clear();
        var shift = 64 - bits;
        foreach (var key in Keys)
        {
            var at = key >> shift;
            var bit = (int)(at & 31) * 2;
            ref var word = ref seen[(int)(at >> 5)];
            word |= (1 | ((word >> bit & 1) << 1)) << bit;
        }

        var kept = 0;
        for (var i = 0; i < _count; i++)
        {
            var at = _keys[i] >> shift;
            _keys[kept] = _keys[i];
            kept += (int)(seen[(int)(at >> 5)] >> ((int)(at & 31) * 2 + 1)) & 1;
        }

        _count = kept;
    }

    /// <summary>Brings equal keys together, records of a key in order.</summary>
    public void SortKeys()
    {
        var passes = Math.Clamp((BitOperations.Log2((uint)_count + 1) + 5 + Radix - 1) / Radix, 1, 4);
        var low = 64 - (passes * Radix);
        RadixSort.Sort(ref _keys, ref _pairs, _count, low, passes);
        for (var from = 0; from < _count;)
        {
            var to = from + 1;
            var mixed = false;
            while (to < _count && _keys[to] >> low == _keys[from] >> low)
            {
                mixed |= KeyOf(_keys[to]) != KeyOf(_keys[from]);
                to++;
            }

            if (mixed)
            {
                _keys.AsSpan(from, to - from).Sort();
            }

            from = to;
        }
    }

    /// <summary>The pairs by left record, in an array of their own.</summary>
    public ulong[] TakePairs()
    {
        var bits = _ownerBits;
        var passes = (bits + Radix - 1) / Radix;
        RadixSort.Sort(ref _pairs, ref _keys, _pairCount, 32, passes);
        var taken = _pairs.AsSpan(0, _pairCount).ToArray();
        _pairCount = 0;
        return taken;
    }
}

/// <summary>Sorts 64-bit words by a stretch of their bits, stable, with a second array of room.</summary>
internal static class RadixSort
{
    private const int Radix = 11;
    private const int Buckets = 1 << Radix;

    /// <summary>The result is in <paramref name="words"/>; the arrays may change places.</summary>
    public static void Sort(ref ulong[] words, ref ulong[] room, int count, int low, int passes)
    {
        if (count < 2)
        {
            return;
        }

        if (room.Length < count)
        {
            room = new ulong[count + (count / 8)];
        }

        var counts = new int[Buckets];
        for (var pass = 0; pass < passes; pass++)
        {
            var source = words.AsSpan(0, count);
            var target = room.AsSpan(0, count);
            var shift = low + (pass * Radix);
            Array.Clear(counts);
            foreach (var word in source)
            {
                counts[(int)(word >> shift) & (Buckets - 1)]++;
            }

            var sum = 0;
            for (var i = 0; i < counts.Length; i++)
            {
                (counts[i], sum) = (sum, sum + counts[i]);
            }

            foreach (var word in source)
            {
                target[counts[(int)(word >> shift) & (Buckets - 1)]++] = word;
            }

            (words, room) = (room, words);
        }
    }
}
