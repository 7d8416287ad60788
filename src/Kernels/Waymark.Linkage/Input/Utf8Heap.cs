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
    private uint[] _hash;
    private int[] _slots;
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
        _hash = new uint[_end.Length];
        _slots = new int[slots];
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
            var code = _slots[slot];
            if (_hash[code] == hash && this[code].SequenceEqual(value))
            {
                return code;
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
            var code = _slots[slot];
            if (_hash[code] == hash && this[code].SequenceEqual(value))
            {
                return code;
            }
        }

        return -1;
    }

    /// <summary>Gives back the search table and the spare room, when all values are in; nothing can be added or found afterwards.</summary>
    public void Seal()
    {
        Array.Resize(ref _heap, _used);
        Array.Resize(ref _end, Count);
        Array.Resize(ref _hash, Count);
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
            var room = _end.Length + _end.Length / 2;
            Array.Resize(ref _end, room);
            Array.Resize(ref _hash, room);
        }

        value.CopyTo(_heap.AsSpan(_used));
        _used += value.Length;
        var code = Count++;
        _end[code] = _used;
        _hash[code] = hash;
        _slots[slot] = code;
        if (Count * 2 > _slots.Length)
        {
            Grow();
        }

        return code;
    }

    private void Grow()
    {
        _slots = new int[_slots.Length * 2];
        var mask = _slots.Length - 1;
        for (var code = 1; code < Count; code++)
        {
            var slot = (int)_hash[code] & mask;
            while (_slots[slot] != 0)
            {
                slot = (slot + 1) & mask;
            }

            _slots[slot] = code;
        }
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
        while (value.Length >= 8)
        {
            hash = (hash ^ MemoryMarshal.Read<ulong>(value)) * 0xD6E8FEB86659FD93UL;
            hash ^= hash >> 29;
            value = value[8..];
        }

        ulong tail = 0;
        for (var i = 0; i < value.Length; i++)
        {
            tail |= (ulong)value[i] << (8 * i);
        }

        return Mix(hash ^ tail);
    }
}
