using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace Waymark.Formats;

/// <summary>
/// The members of a ZIP package in memory (APPNOTE 6.3.10: stored and deflate; ZIP64 sizes). Written here because
/// limits
/// must hold before anything is unpacked and because a flipped bit must be noticed: each member's length and checksum
/// are verified when its end is read.
/// </summary>
internal sealed class ZipPackage
{
    private readonly ReadOnlyMemory<byte> _bytes;
    private readonly Dictionary<string, Entry> _entries = new(StringComparer.OrdinalIgnoreCase);
    private readonly string _name;
    private readonly ReadLimits _limits;

    private ZipPackage(ReadOnlyMemory<byte> bytes, string name, ReadLimits limits) =>
        (_bytes, _name, _limits) = (bytes, name, limits);

    public IEnumerable<string> Names => _entries.Keys;

    public bool Has(string path) => _entries.ContainsKey(path);

    public static ZipPackage Open(ReadOnlyMemory<byte> bytes, string name, ReadLimits limits)
    {
        var package = new ZipPackage(bytes, name, limits);
        package.ReadDirectory();
        return package;
    }

    /// <summary>The member's bytes; null when there is no such member.</summary>
    public Stream? OpenPart(string path)
    {
        if (!_entries.TryGetValue(path.TrimStart('/'), out var entry))
        {
            return null;
        }

        var place = $"{_name}/{path}";
        var span = _bytes.Span;
        var at = entry.HeaderOffset;
        if (at + 30 > span.Length || !span[at..].StartsWith("PK\x03\x04"u8))
        {
            throw Damaged(place);
        }

        var data = at + 30 + BinaryPrimitives.ReadUInt16LittleEndian(span[(at + 26)..])
            + BinaryPrimitives.ReadUInt16LittleEndian(span[(at + 28)..]);
        if (data + entry.Packed > span.Length)
        {
            throw Damaged(place);
        }

        var packed = _bytes.Slice(data, (int)entry.Packed);
        Container.Check(entry.Size, entry.Packed, place, _limits);
        Stream source = entry.Method switch
        {
            0 => new VerifiedStream(new MemoryStream(packed.ToArray(), writable: false), entry.Size, place, entry.Crc),
            8 => new VerifiedStream(new GZipStream(new GzipFrame(packed, entry.Crc, (uint)entry.Size),
                CompressionMode.Decompress), entry.Size, place, null),
            _ => throw new UnreadableException(Faults.Unsupported(place, "a package packed by a rare method",
                "使用少见压缩方法的压缩包")),
        };
        return source;
    }

    private void ReadDirectory()
    {
        var span = _bytes.Span;
        var tail = span[Math.Max(0, span.Length - 65_557)..];
        var end = tail.LastIndexOf("PK\x05\x06"u8);
        if (end < 0 || tail.Length - end < 22)
        {
            throw new UnreadableException(Faults.Damaged(_name,
                "the list of its members is missing, so it is not complete", "缺少成员目录，文件不完整"));
        }

        end += span.Length - tail.Length;
        var count = BinaryPrimitives.ReadUInt16LittleEndian(span[(end + 10)..]);
        long at = BinaryPrimitives.ReadUInt32LittleEndian(span[(end + 16)..]);
        if (count > _limits.MaxEntries)
        {
            throw new UnreadableException(Faults.TooLarge(_name, "entries", _limits.MaxEntries));
        }

        var total = 0L;
        for (var i = 0; i < count; i++)
        {
            if (at + 46 > end || !span[(int)at..].StartsWith("PK\x01\x02"u8))
            {
                throw Damaged(_name);
            }

            var head = span[(int)at..];
            var (nameLength, extraLength, commentLength) = (BinaryPrimitives.ReadUInt16LittleEndian(head[28..]),
                BinaryPrimitives.ReadUInt16LittleEndian(head[30..]),
                    BinaryPrimitives.ReadUInt16LittleEndian(head[32..]));
            if (at + 46 + nameLength + extraLength > end)
            {
                throw Damaged(_name);
            }

            if ((head[8] & 1) != 0)
            {
                throw new UnreadableException(Faults.Protected(_name));
            }

            var entry = ReadEntry(head, head.Slice(46 + nameLength, extraLength));
            total += entry.Size;
            var path = Encoding.UTF8.GetString(head.Slice(46, nameLength)).Replace('\\', '/');
            if (entry.Size < 0 || entry.Packed < 0 || !_entries.TryAdd(path, entry))
            {
                throw Damaged(_name);
            }

            at += 46 + nameLength + extraLength + commentLength;
        }

        Container.Check(total, span.Length, _name, _limits);
    }

    private Entry ReadEntry(ReadOnlySpan<byte> head, ReadOnlySpan<byte> extra)
    {
        long packed = BinaryPrimitives.ReadUInt32LittleEndian(head[20..]);
        long size = BinaryPrimitives.ReadUInt32LittleEndian(head[24..]);
        long offset = BinaryPrimitives.ReadUInt32LittleEndian(head[42..]);
        while (extra.Length >= 4)
        {
            var length = BinaryPrimitives.ReadUInt16LittleEndian(extra[2..]);
            if (4 + length > extra.Length)
            {
                break;
            }

            if (BinaryPrimitives.ReadUInt16LittleEndian(extra) == 1)
            {
                var field = extra.Slice(4, length);
                Take(ref size, ref field);
                Take(ref packed, ref field);
                Take(ref offset, ref field);
            }

            extra = extra[(4 + length)..];
        }

        return offset is < 0 or > int.MaxValue || packed > _bytes.Length
            ? throw Damaged(_name)
            : new(BinaryPrimitives.ReadUInt16LittleEndian(head[10..]),
                BinaryPrimitives.ReadUInt32LittleEndian(head[16..]), packed, size, (int)offset);
    }

    private static void Take(ref long value, ref ReadOnlySpan<byte> field)
    {
        if (value == uint.MaxValue && field.Length >= 8)
        {
            value = BinaryPrimitives.ReadInt64LittleEndian(field);
            field = field[8..];
        }
    }

    private static UnreadableException Damaged(string place) =>
        new(Faults.Damaged(place, "the package's directory and content disagree", "压缩包目录与内容不符"));

    private readonly record struct Entry(ushort Method, uint Crc, long Packed, long Size, int HeaderOffset);
}
