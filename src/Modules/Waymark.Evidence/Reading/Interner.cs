using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace Waymark.Evidence.Reading;

/// <summary>Numbers the distinct UTF-8 texts of a column and counts them; a text is turned into a string once.</summary>
internal sealed class Interner
{
    private int[] _slots = new int[64];
    private uint[] _hashes = new uint[32];
    private (int Start, int Length)[] _places = new (int, int)[32];
    private long[] _counts = new long[32];
    private string?[] _texts = new string?[32];
    private byte[] _arena = new byte[1024];
    private int _used;
    private int _last = -1;

    public int Count { get; private set; }

    public long CountOf(int id) => _counts[id];

    public string Text(int id) => _texts[id] ??= Encoding.UTF8.GetString(_arena, _places[id].Start, _places[id].Length);

    public int Add(ReadOnlySpan<byte> text)
    {
        // Tables are sorted more often than not: the text of the row before is the likeliest.
        if (_last >= 0 && Is(_last, text))
        {
            _counts[_last]++;
            return _last;
        }

        var hash = Hash(text);
        var mask = _slots.Length - 1;
        for (var slot = (int)(hash & (uint)mask); ; slot = (slot + 1) & mask)
        {
            var id = _slots[slot] - 1;
            if (id < 0)
            {
                _slots[slot] = Append(text, hash) + 1;
                _last = Count - 1;
                if (Count * 2 > _slots.Length)
                {
                    Rehash();
                }

                return _last;
            }

            if (_hashes[id] == hash && Is(id, text))
            {
                _counts[id]++;
                return _last = id;
            }
        }
    }

    internal static uint Hash(ReadOnlySpan<byte> text)
    {
        var hash = (ulong)text.Length * 0x9E3779B97F4A7C15UL;
        while (text.Length >= 8)
        {
            hash = (hash ^ MemoryMarshal.Read<ulong>(text)) * 0xD6E8FEB86659FD93UL;
            hash ^= hash >> 32;
            text = text[8..];
        }

        ulong rest = 0;
        for (var i = 0; i < text.Length; i++)
        {
            rest |= (ulong)text[i] << (i * 8);
        }

        hash = (hash ^ rest) * 0xD6E8FEB86659FD93UL;
        return (uint)(hash >> 32) ^ (uint)hash;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool Is(int id, ReadOnlySpan<byte> text)
    {
        var (start, length) = _places[id];
        return length == text.Length && _arena.AsSpan(start, length).SequenceEqual(text);
    }

    private int Append(ReadOnlySpan<byte> text, uint hash)
    {
        if (Count == _places.Length)
        {
            Array.Resize(ref _places, Count * 2);
            Array.Resize(ref _counts, Count * 2);
            Array.Resize(ref _texts, Count * 2);
            Array.Resize(ref _hashes, Count * 2);
        }

        if (_used + text.Length > _arena.Length)
        {
            Array.Resize(ref _arena, Math.Max(_arena.Length * 2, _used + text.Length));
        }

        text.CopyTo(_arena.AsSpan(_used));
        (_places[Count], _counts[Count], _hashes[Count]) = ((_used, text.Length), 1, hash);
        _used += text.Length;
        return Count++;
    }

    private void Rehash()
    {
        _slots = new int[_slots.Length * 4];
        var mask = _slots.Length - 1;
        for (var id = 0; id < Count; id++)
        {
            var slot = (int)(_hashes[id] & (uint)mask);
            while (_slots[slot] != 0)
            {
                slot = (slot + 1) & mask;
            }

            _slots[slot] = id + 1;
        }
    }
}
