using System.Buffers.Binary;
using System.Text;

namespace Waymark.Formats.Workbooks;

/// <summary>Walks the records of a BIFF5 or BIFF8 stream (MS-XLS 2.1.4), with continuations of strings.</summary>
internal ref struct BiffRecords(ReadOnlySpan<byte> stream, int at, string place)
{
    private readonly ReadOnlySpan<byte> _stream = stream;
    private readonly string _place = place;
    private int _next = at;

    public ushort Type { get; private set; }

    public ReadOnlySpan<byte> Data { get; private set; }

    public int Start { get; private set; }

    public bool Read()
    {
        if (_next + 4 > _stream.Length)
        {
            return false;
        }

        Start = _next;
        Type = BinaryPrimitives.ReadUInt16LittleEndian(_stream[_next..]);
        var length = BinaryPrimitives.ReadUInt16LittleEndian(_stream[(_next + 2)..]);
        if (_next + 4 + length > _stream.Length)
        {
            throw Damaged();
        }

        Data = _stream.Slice(_next + 4, length);
        _next += 4 + length;
        return true;
    }

    /// <summary>Moves into the record that continues the current one.</summary>
    public bool Continue() => _next + 4 <= _stream.Length
        && BinaryPrimitives.ReadUInt16LittleEndian(_stream[_next..]) == 0x3C && Read();

    public readonly ushort UInt16(int at) => at + 2 <= Data.Length ? BinaryPrimitives.ReadUInt16LittleEndian(Data[at..])
        : throw Damaged();

    public readonly uint UInt32(int at) => at + 4 <= Data.Length ? BinaryPrimitives.ReadUInt32LittleEndian(Data[at..])
        : throw Damaged();

    public readonly double Double(int at) => at + 8 <= Data.Length ? BinaryPrimitives.ReadDoubleLittleEndian(Data[at..])
        : throw Damaged();

    public readonly byte Byte(int at) => at < Data.Length ? Data[at] : throw Damaged();

    /// <summary>
    /// Reads a string whose length and flags stand at <paramref name="at"/>, moving on through continuations; each of
    /// those says anew whether a character takes one byte or two (MS-XLS 2.5.293).
    /// </summary>
    public string String(ref int at, bool shortLength, bool biff8)
    {
        int count = shortLength ? Byte(at) : UInt16(at);
        at += shortLength ? 1 : 2;
        if (!biff8)
        {
            var narrow = at + count <= Data.Length ? Data.Slice(at, count) : throw Damaged();
            at += count;
            return Encoding.UTF8.GetString(LineDecoder.ToUtf8(narrow));
        }

        var flags = Byte(at++);
        var runs = (flags & 8) != 0 ? UInt16(at) : 0;
        at += (flags & 8) != 0 ? 2 : 0;
        var extra = (flags & 4) != 0 ? UInt32(at) : 0;
        at += (flags & 4) != 0 ? 4 : 0;
        var text = new StringBuilder(Math.Min(count, 256));
        var wide = (flags & 1) != 0;
        while (count > 0)
        {
            if (at >= Data.Length)
            {
                if (!Continue())
                {
                    throw Damaged();
                }

                wide = (Byte(0) & 1) != 0;
                at = 1;
            }

            var take = Math.Min(count, (Data.Length - at) / (wide ? 2 : 1));
            if (take == 0)
            {
                throw Damaged();
            }

            text.Append(wide ? Encoding.Unicode.GetString(Data.Slice(at, take * 2))
                : Encoding.Latin1.GetString(Data.Slice(at, take)));
            at += take * (wide ? 2 : 1);
            count -= take;
        }

        for (var skip = (runs * 4L) + extra; skip > 0;)
        {
            if (at >= Data.Length)
            {
                if (!Continue())
                {
                    throw Damaged();
                }

                at = 0;
            }

            var step = (int)Math.Min(skip, Data.Length - at);
            at += step;
            skip -= step;
            if (step == 0 && Data.Length == 0)
            {
                throw Damaged();
            }
        }

        return text.ToString();
    }

    public readonly UnreadableException Damaged() =>
        new(Faults.Damaged(FormattableString.Invariant($"{_place}@{Start}"), "a record breaks off", "记录中断"));
}
