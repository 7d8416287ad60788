using System.Text;

namespace Waymark.Linkage;

/// <summary>The ids of a file's records, one after another in one piece of memory, as UTF-8 bytes as written.</summary>
public sealed class RecordIds
{
    private readonly byte[] _bytes;
    private readonly int[] _end;

    internal RecordIds(byte[] bytes, int[] end) => (_bytes, _end) = (bytes, end);

    public int Count => _end.Length;

    /// <summary>The id of a row.</summary>
    public ReadOnlySpan<byte> this[int row]
    {
        get
        {
            var start = row == 0 ? 0 : _end[row - 1];
            return _bytes.AsSpan(start, _end[row] - start);
        }
    }

    public string Text(int row) => Encoding.UTF8.GetString(this[row]);
}

/// <summary>Collects ids row by row and says at once when one stands there already.</summary>
public sealed class RecordIdsBuilder
{
    private byte[] _bytes;
    private int[] _end;

    /// <summary>Half of an id's hash above its row plus one, so that a look at another id ends where it began.</summary>
    private ulong[] _slots;
    private int _used;

    public RecordIdsBuilder(int expectedRows = 1024)
    {
        _bytes = new byte[Math.Max(64, expectedRows * 8)];
        _end = new int[Math.Max(16, expectedRows)];
        _slots = new ulong[SlotsFor(expectedRows)];
    }

    public int Count { get; private set; }

    /// <summary>Adds the next row's id; when an earlier row has the same id it is not added and that row is returned, else -1.</summary>
    public int Add(ReadOnlySpan<byte> id)
    {
        var mask = _slots.Length - 1;
        var hash = Hashing.Bytes(id) >> 32;
        var slot = (int)hash & mask;
        for (; _slots[slot] != 0; slot = (slot + 1) & mask)
        {
            if (_slots[slot] >> 32 == hash && IdOf((int)(uint)_slots[slot] - 1).SequenceEqual(id))
            {
                return (int)(uint)_slots[slot] - 1;
            }
        }

        if (_used + id.Length > _bytes.Length)
        {
            Array.Resize(ref _bytes, Math.Max(_bytes.Length + (_bytes.Length / 2), _used + id.Length));
        }

        if (Count == _end.Length)
        {
            Array.Resize(ref _end, Count + (Count / 2));
        }

        id.CopyTo(_bytes.AsSpan(_used));
        _used += id.Length;
        _end[Count++] = _used;
        _slots[slot] = (hash << 32) | (uint)Count;
        if (Count * 3L > _slots.Length * 2L)
        {
            _slots = HashSlots.Doubled(_slots);
        }

        return -1;
    }

    public RecordIds Build()
    {
        Array.Resize(ref _bytes, _used);
        Array.Resize(ref _end, Count);
        _slots = [];
        return new RecordIds(_bytes, _end);
    }

    private static int SlotsFor(int rows)
    {
        var slots = 1024;
        while (slots < rows * 1.6)
        {
            slots <<= 1;
        }

        return slots;
    }

    private ReadOnlySpan<byte> IdOf(int row)
    {
        var start = row == 0 ? 0 : _end[row - 1];
        return _bytes.AsSpan(start, _end[row] - start);
    }
}
