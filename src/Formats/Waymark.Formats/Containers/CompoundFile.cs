using System.Buffers.Binary;
using System.Text;

namespace Waymark.Formats;

/// <summary>
/// Takes one stream out of a compound file (MS-CFB), as binary workbooks use it. Chains are followed within the file's
/// own number of sectors, so a damaged table ends as an error and never as a loop.
/// </summary>
internal sealed class CompoundFile
{
    private const uint EndOfChain = 0xFFFFFFFE;
    private readonly ReadOnlyMemory<byte> _bytes;
    private readonly string _name;
    private readonly int _sectorSize;
    private readonly uint[] _table;
    private readonly List<Item> _items = [];

    public CompoundFile(ReadOnlyMemory<byte> bytes, string name)
    {
        (_bytes, _name) = (bytes, name);
        var head = bytes.Span;
        if (head.Length < 512 || BinaryPrimitives.ReadUInt16LittleEndian(head[30..]) is not (9 or 12))
        {
            throw Damaged();
        }

        _sectorSize = 1 << BinaryPrimitives.ReadUInt16LittleEndian(head[30..]);
        _table = ReadTable(head);
        var directory = Chain(BinaryPrimitives.ReadUInt32LittleEndian(head[48..]), long.MaxValue);
        for (var at = 0; at + 128 <= directory.Length; at += 128)
        {
            var entry = directory.AsSpan(at, 128);
            var length = Math.Clamp(BinaryPrimitives.ReadUInt16LittleEndian(entry[64..]) - 2, 0, 62);
            _items.Add(new(Encoding.Unicode.GetString(entry[..length]), entry[66],
                BinaryPrimitives.ReadUInt32LittleEndian(entry[116..]),
                    BinaryPrimitives.ReadUInt32LittleEndian(entry[120..])));
        }
    }

    public bool Has(string stream) => _items.Exists(item => item.Type == 2
        && item.Name.Equals(stream, StringComparison.OrdinalIgnoreCase));

    /// <summary>The whole stream; null when there is none of that name.</summary>
    public byte[]? Read(string stream)
    {
        var item = _items.Find(item => item.Type == 2 && item.Name.Equals(stream, StringComparison.OrdinalIgnoreCase));
        if (item.Name is null)
        {
            return null;
        }

        if (item.Size > _bytes.Length)
        {
            throw Damaged();
        }

        return item.Size < 4096 ? ReadSmall(item) : Chain(item.Start, item.Size);
    }

    private byte[] ReadSmall(Item item)
    {
        var root = _items.Find(static entry => entry.Type == 5);
        var pool = Chain(root.Start, Math.Min(root.Size, _bytes.Length));
        var links = Chain(BinaryPrimitives.ReadUInt32LittleEndian(_bytes.Span[60..]), long.MaxValue);
        var result = new byte[item.Size];
        var (sector, written) = (item.Start, 0);
        while (written < result.Length)
        {
            var from = sector * 64L;
            var take = Math.Min(64, result.Length - written);
            if (from + take > pool.Length || (sector * 4L) + 4 > links.Length)
            {
                throw Damaged();
            }

            pool.AsSpan((int)from, take).CopyTo(result.AsSpan(written));
            written += take;
            sector = BinaryPrimitives.ReadUInt32LittleEndian(links.AsSpan((int)sector * 4));
        }

        return result;
    }

    private uint[] ReadTable(ReadOnlySpan<byte> head)
    {
        var sectors = (_bytes.Length - 512 + _sectorSize - 1) / _sectorSize;
        var count = BinaryPrimitives.ReadUInt32LittleEndian(head[44..]);
        if (count > sectors)
        {
            throw Damaged();
        }

        var places = new List<uint>();
        for (var i = 0; i < 109 && places.Count < count; i++)
        {
            places.Add(BinaryPrimitives.ReadUInt32LittleEndian(head[(76 + (i * 4))..]));
        }

        var next = BinaryPrimitives.ReadUInt32LittleEndian(head[68..]);
        for (var guard = 0; places.Count < count && next < EndOfChain; guard++)
        {
            var sector = Sector(next);
            if (guard > sectors || sector.Length < _sectorSize)
            {
                throw Damaged();
            }

            for (var i = 0; i < (_sectorSize / 4) - 1 && places.Count < count; i++)
            {
                places.Add(BinaryPrimitives.ReadUInt32LittleEndian(sector[(i * 4)..]));
            }

            next = BinaryPrimitives.ReadUInt32LittleEndian(sector[(_sectorSize - 4)..]);
        }

        var table = new uint[places.Count * (_sectorSize / 4)];
        for (var i = 0; i < places.Count; i++)
        {
            var sector = Sector(places[i]);
            for (var j = 0; j + 4 <= sector.Length; j += 4)
            {
                table[(i * (_sectorSize / 4)) + (j / 4)] = BinaryPrimitives.ReadUInt32LittleEndian(sector[j..]);
            }
        }

        return table;
    }

    private byte[] Chain(uint start, long size)
    {
        using var result = new MemoryStream((int)Math.Min(size, _bytes.Length));
        var guard = 0;
        for (var sector = start; sector < EndOfChain && result.Length < size; sector = sector < _table.Length
            ? _table[sector] : throw Damaged())
        {
            if (guard++ > _table.Length)
            {
                throw Damaged();
            }

            var bytes = Sector(sector);
            result.Write(bytes[..(int)Math.Min(bytes.Length, size - result.Length)]);
        }

        return size != long.MaxValue && result.Length < size ? throw Damaged() : result.ToArray();
    }

    /// <summary>The bytes of a sector; the last one of a file may be short.</summary>
    private ReadOnlySpan<byte> Sector(uint index)
    {
        var from = (index + 1L) * _sectorSize;
        return from < _bytes.Length
            ? _bytes.Span.Slice((int)from, (int)Math.Min(_sectorSize, _bytes.Length - from))
            : throw Damaged();
    }

    private UnreadableException Damaged() => new(Faults.Damaged(_name,
        "its table of sectors is broken or the file is not complete", "扇区表损坏或文件不完整"));

    private readonly record struct Item(string Name, byte Type, uint Start, uint Size);
}
