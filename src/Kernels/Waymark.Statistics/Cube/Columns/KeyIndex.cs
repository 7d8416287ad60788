using System.Numerics;

namespace Waymark.Statistics.Cube.Columns;

/// <summary>
/// From a key (dimensions and period) to the row that stands for it now: open addressing, 8 bytes a slot (32 bits of hash,
/// 32 bits of row), load at most 0.7. The keys themselves are read from the blocks. Can be thrown away and rebuilt.
/// </summary>
internal sealed class KeyIndex
{
    private ulong[] _slots;
    private int _shift;
    private int _count;

    public KeyIndex(long expected)
    {
        var bits = Math.Max(10, BitOperations.Log2((ulong)Math.Max(1, expected) * 10 / 7) + 1);
        _slots = new ulong[1L << bits];
        _shift = 32 - bits;
    }

    public long Bytes => _slots.LongLength * 8;

    /// <summary>The slot of the row's key; <paramref name="standing"/> is the row in it, or -1 and the row is put there.</summary>
    public int FindOrAdd(uint hash, uint row, List<CubeBlock> blocks, out long standing)
    {
        if (_count >= _slots.LongLength / 10 * 7)
        {
            Grow();
        }

        var mask = _slots.Length - 1;
        for (var at = (int)(hash >> _shift); ; at = (at + 1) & mask)
        {
            var slot = _slots[at];
            if (slot == 0)
            {
                _slots[at] = Slot(hash, row);
                _count++;
                standing = -1;
                return at;
            }

            if ((uint)(slot >> 32) == hash && SameKey(blocks, (uint)slot - 1, row))
            {
                standing = (uint)slot - 1;
                return at;
            }
        }
    }

    public void Replace(int slot, uint hash, uint row) => _slots[slot] = Slot(hash, row);

    /// <summary>One hash per row of the block, column by column.</summary>
    public static void Hash(CubeBlock block, Span<uint> hashes)
    {
        hashes = hashes[..block.Rows];
        hashes.Fill(2166136261);
        foreach (var column in block.Keys)
        {
            switch (column.Width)
            {
                case 0:
                    foreach (ref var hash in hashes)
                    {
                        hash = Mix(hash, (uint)column.Min);
                    }

                    break;
                case 1:
                    var bytes = column.AsBytes(0, block.Rows);
                    for (var i = 0; i < hashes.Length; i++)
                    {
                        hashes[i] = Mix(hashes[i], bytes[i]);
                    }

                    break;
                case 2:
                    var shorts = column.AsShorts(0, block.Rows);
                    for (var i = 0; i < hashes.Length; i++)
                    {
                        hashes[i] = Mix(hashes[i], shorts[i]);
                    }

                    break;
                default:
                    var ints = column.AsInts(0, block.Rows);
                    for (var i = 0; i < hashes.Length; i++)
                    {
                        hashes[i] = Mix(hashes[i], (uint)ints[i]);
                    }

                    break;
            }
        }
    }

    private static uint Mix(uint hash, uint code)
    {
        // A 64-bit multiply folded to 32 bits: the code numbers are small and dense, so every step must spread them.
        var product = (hash ^ ((ulong)code + 0x9E3779B97F4A7C15)) * 0xD6E8FEB86659FD93;
        return (uint)(product >> 32) ^ (uint)product;
    }

    private static ulong Slot(uint hash, uint row) => ((ulong)hash << 32) | (row + 1);

    private static bool SameKey(List<CubeBlock> blocks, uint left, uint right)
    {
        var (a, b) = (blocks[(int)(left >> 16)].Keys, blocks[(int)(right >> 16)].Keys);
        var (rowA, rowB) = ((int)(left & 0xFFFF), (int)(right & 0xFFFF));
        for (var i = 0; i < a.Length; i++)
        {
            if (a[i][rowA] != b[i][rowB])
            {
                return false;
            }
        }

        return true;
    }

    private void Grow()
    {
        var old = _slots;
        _slots = new ulong[old.LongLength * 2];
        _shift--;
        var mask = _slots.Length - 1;
        foreach (var slot in old)
        {
            if (slot != 0)
            {
                var at = (int)((uint)(slot >> 32) >> _shift);
                while (_slots[at] != 0)
                {
                    at = (at + 1) & mask;
                }

                _slots[at] = slot;
            }
        }
    }
}
