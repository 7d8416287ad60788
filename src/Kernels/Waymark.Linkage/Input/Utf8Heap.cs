using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Waymark.Linkage;

/// <summary>
/// Distinct UTF-8 values in one heap: code 0 is the empty value, codes are dense and given in order of first sight.
/// Adding is not safe from several threads; reading is.
/// </summary>
public sealed class Utf8Heap
{
    private byte[] _heap;
    private int[] _end;

    /// <summary>Half of a value's hash above its code, so that a look at another value ends where it began; 0 is free.</summary>
    private ulong[] _slots;
    private int _used;

    public Utf8Heap(int expected = 256)
    {
        var slots = 16;
        while (slots < expected * 2)
        {
            slots <<= 1;
        }

        _heap = new byte[Math.Max(16, expected * 8)];
        _end = new int[Math.Max(16, expected)];
        _slots = new ulong[slots];
        Count = 1;
    }

    /// <summary>Number of codes, the empty value (code 0) included.</summary>
    public int Count { get; private set; }

    /// <summary>The bytes of a code.</summary>
    public ReadOnlySpan<byte> this[int code]
    {
        get
        {
            var start = code == 0 ? 0 : _end[code - 1];
            return _heap.AsSpan(start, _end[code] - start);
        }
    }

    public string Text(int code) => System.Text.Encoding.UTF8.GetString(this[code]);

    /// <summary>The code of a value, new if it was not seen before.</summary>
    public int Add(ReadOnlySpan<byte> value)
    {
        if (value.IsEmpty)
        {
            return 0;
        }

        var hash = Hash(value);
        var mask = _slots.Length - 1;
        var slot = (int)hash & mask;
        for (; _slots[slot] != 0; slot = (slot + 1) & mask)
        {
            if ((uint)(_slots[slot] >> 32) == hash && this[(int)(uint)_slots[slot]].SequenceEqual(value))
            {
                return (int)(uint)_slots[slot];
            }
        }

        return Append(value, hash, slot);
    }

    /// <summary>The code of a value, or -1.</summary>
    public int Find(ReadOnlySpan<byte> value)
    {
        if (value.IsEmpty)
        {
            return 0;
        }

        var hash = Hash(value);
        var mask = _slots.Length - 1;
        for (var slot = (int)hash & mask; _slots[slot] != 0; slot = (slot + 1) & mask)
        {
            if ((uint)(_slots[slot] >> 32) == hash && this[(int)(uint)_slots[slot]].SequenceEqual(value))
            {
                return (int)(uint)_slots[slot];
            }
        }

        return -1;
    }

    /// <summary>Gives back the search table and the spare room, when all values are in; nothing can be added or found afterwards.</summary>
    public void Seal()
    {
        Array.Resize(ref _heap, _used);
        Array.Resize(ref _end, Count);
        _slots = [];
    }

    private int Append(ReadOnlySpan<byte> value, uint hash, int slot)
    {
        if (_used + value.Length > _heap.Length)
        {
            Array.Resize(ref _heap, Math.Max(_heap.Length + _heap.Length / 2, _used + value.Length));
        }

        if (Count == _end.Length)
        {
            Array.Resize(ref _end, _end.Length + (_end.Length / 2));
        }

        value.CopyTo(_heap.AsSpan(_used));
        _used += value.Length;
        var code = Count++;
        _end[code] = _used;
        _slots[slot] = ((ulong)hash << 32) | (uint)code;
        if (Count * 2 > _slots.Length)
        {
            _slots = HashSlots.Doubled(_slots);
        }

        return code;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Hash(ReadOnlySpan<byte> value)
    {
        var hash = Hashing.Bytes(value);
        return (uint)(hash ^ (hash >> 32));
    }
}

/// <summary>Fixed hashes: the same on every run and machine, so that results never depend on a seed.</summary>
internal static class Hashing
{
    private const ulong K = 0x9E3779B97F4A7C15UL;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Mix(ulong x)
    {
        x ^= x >> 32;
        x *= 0xD6E8FEB86659FD93UL;
        x ^= x >> 32;
        x *= 0xD6E8FEB86659FD93UL;
        return x ^ (x >> 32);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Pair(ulong a, ulong b) => Mix((a * K) ^ Mix(b + 0x632BE59BD9B4E019UL));

    public static ulong Bytes(ReadOnlySpan<byte> value)
    {
        var hash = (ulong)value.Length * K;
        var rest = value;
        while (rest.Length >= 8)
        {
            hash = (hash ^ MemoryMarshal.Read<ulong>(rest)) * 0xD6E8FEB86659FD93UL;
            hash ^= hash >> 29;
            rest = rest[8..];
        }

        return Mix(hash ^ Tail(value, rest));
    }

    /// <summary>The last bytes as one number, the first of them lowest, read as words that overlap.</summary>
    private static ulong Tail(ReadOnlySpan<byte> value, ReadOnlySpan<byte> rest)
    {
        var length = rest.Length;
        if (length == 0)
        {
            return 0;
        }

        if (value.Length >= 8)
        {
            return MemoryMarshal.Read<ulong>(value[^8..]) >> (8 * (8 - length));
        }

        if (length >= 4)
        {
            return MemoryMarshal.Read<uint>(rest) | ((ulong)MemoryMarshal.Read<uint>(rest[(length - 4)..]) << (8 * (length - 4)));
        }

        return rest[0] | ((ulong)rest[length / 2] << (8 * (length / 2))) | ((ulong)rest[length - 1] << (8 * (length - 1)));
    }
}
