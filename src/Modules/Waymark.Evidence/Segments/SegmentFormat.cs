using System.Buffers;
using System.Buffers.Binary;
using System.Numerics;
using System.Text;
using Waymark.Model;

namespace Waymark.Evidence.Segments;

/// <summary>Writes and reads segments: "WMSG", a version byte, then columns; numbers as LEB128 varints, codes bit-packed.</summary>
public static class SegmentFormat
{
    private const byte Version = 1;

    public static byte[] Write(Segment segment)
    {
        var writer = new Writer();
        writer.Raw("WMSG"u8);
        writer.Number(Version);
        writer.Text(segment.Series);
        writer.Number(segment.Count);
        writer.Number(segment.Dimensions.Count);
        foreach (var column in segment.Dimensions)
        {
            writer.Column(column);
        }

        writer.Number(segment.Periods.Count);
        foreach (var period in segment.Periods)
        {
            writer.Number(period.ToCode());
        }

        writer.Packed(segment.PeriodRows, segment.Periods.Count);
        writer.Number(segment.Marks.Count);
        foreach (var mark in segment.Marks)
        {
            writer.Raw([(byte)mark.Status, (byte)mark.Confidentiality, (byte)mark.Comparator]);
        }

        writer.Packed(segment.MarkRows, segment.Marks.Count);
        writer.Number(segment.Scale);
        foreach (var value in segment.Values)
        {
            writer.Signed(value);
        }

        writer.Decimals(segment.Wide);
        writer.Decimals(segment.Uppers);
        writer.Texts(segment.ValueCodes);
        writer.Column(segment.Unit);
        writer.Column(segment.Definition);
        writer.Column(segment.Occurrence);
        writer.Column(segment.Footnotes);
        writer.Number(segment.Attributes.Count);
        foreach (var column in segment.Attributes)
        {
            writer.Column(column);
        }

        writer.Column(segment.Sheet);
        var before = 0;
        foreach (var row in segment.SourceRows)
        {
            writer.Signed(row - before);
            before = row;
        }

        var columns = segment.SourceColumns.Distinct().ToArray();
        var index = columns.Select((column, i) => (column, i)).ToDictionary(pair => pair.column, pair => pair.i);
        writer.Number(columns.Length);
        foreach (var column in columns)
        {
            writer.Number(column);
        }

        writer.Packed([.. segment.SourceColumns.Select(column => index[column])], columns.Length);
        return writer.ToArray();
    }

    /// <summary>Reads what <see cref="Write"/> wrote. Damage shows as <see cref="InvalidDataException"/>: the store checks hashes, so it is a broken machine.</summary>
    public static Segment Read(ReadOnlySpan<byte> bytes)
    {
        var reader = new Reader(bytes);
        if (!reader.Raw(4).SequenceEqual("WMSG"u8) || reader.Count() != Version)
        {
            throw new InvalidDataException("not a segment of a known version");
        }

        var series = reader.Text();
        var count = reader.Count(Segment.Capacity);
        var dimensions = new SegmentColumn[reader.Count(256)];
        for (var i = 0; i < dimensions.Length; i++)
        {
            dimensions[i] = reader.Column(count);
        }

        var periods = new Period[reader.Count(Segment.Capacity)];
        for (var i = 0; i < periods.Length; i++)
        {
            periods[i] = Period.FromCode(reader.Number());
        }

        var periodRows = reader.Packed(count, periods.Length);
        var marks = new SegmentMark[reader.Count(Segment.Capacity)];
        for (var i = 0; i < marks.Length; i++)
        {
            var mark = reader.Raw(3);
            marks[i] = new((ObservationStatus)mark[0], (ConfidentialityStatus)mark[1], (Comparator)mark[2]);
        }

        var markRows = reader.Packed(count, marks.Length);
        var scale = reader.Count(28);
        var values = new long[count];
        for (var i = 0; i < count; i++)
        {
            values[i] = reader.Signed();
        }

        var wide = reader.Decimals();
        var uppers = reader.Decimals();
        var valueCodes = reader.Texts();
        var (unit, definition, occurrence, footnotes) = (reader.Column(count), reader.Column(count), reader.Column(count), reader.Column(count));
        var attributes = new SegmentColumn[reader.Count(4096)];
        for (var i = 0; i < attributes.Length; i++)
        {
            attributes[i] = reader.Column(count);
        }

        var sheet = reader.Column(count);
        var rows = new int[count];
        var before = 0;
        for (var i = 0; i < count; i++)
        {
            rows[i] = before += (int)reader.Signed();
        }

        var columns = new int[reader.Count(1 << 21)];
        for (var i = 0; i < columns.Length; i++)
        {
            columns[i] = reader.Count();
        }

        return new()
        {
            Series = series,
            Dimensions = dimensions,
            Periods = periods,
            PeriodRows = periodRows,
            Values = values,
            Scale = scale,
            Wide = wide,
            Uppers = uppers,
            ValueCodes = valueCodes,
            Marks = marks,
            MarkRows = markRows,
            Unit = unit,
            Definition = definition,
            Occurrence = occurrence,
            Footnotes = footnotes,
            Attributes = attributes,
            Sheet = sheet,
            SourceRows = rows,
            SourceColumns = [.. reader.Packed(count, columns.Length).Select(i => columns[i])],
        };
    }

    private static int Bits(int codes) => codes <= 1 ? 0 : BitOperations.Log2((uint)(codes - 1)) + 1;

    private sealed class Writer
    {
        private readonly ArrayBufferWriter<byte> _buffer = new(1 << 16);

        public byte[] ToArray() => _buffer.WrittenSpan.ToArray();

        public void Raw(ReadOnlySpan<byte> bytes) => _buffer.Write(bytes);

        public void Number(long value)
        {
            var left = (ulong)value;
            var span = _buffer.GetSpan(10);
            var at = 0;
            for (; left >= 0x80; left >>= 7)
            {
                span[at++] = (byte)(left | 0x80);
            }

            span[at++] = (byte)left;
            _buffer.Advance(at);
        }

        public void Signed(long value) => Number((value << 1) ^ (value >> 63));

        public void Text(string text)
        {
            var length = Encoding.UTF8.GetByteCount(text);
            Number(length);
            Encoding.UTF8.GetBytes(text, _buffer.GetSpan(Math.Max(1, length)));
            _buffer.Advance(length);
        }

        public void Texts(IReadOnlyList<string> texts)
        {
            Number(texts.Count);
            foreach (var text in texts)
            {
                Text(text);
            }
        }

        public void Column(SegmentColumn column)
        {
            Text(column.Name);
            Texts(column.Codes);
            Packed(column.Rows, column.Codes.Count);
        }

        public void Packed(int[] rows, int codes)
        {
            var bits = Bits(codes);
            if (bits == 0)
            {
                return;
            }

            ulong word = 0;
            var used = 0;
            foreach (var row in rows)
            {
                word |= (ulong)(uint)row << used;
                used += bits;
                while (used >= 8)
                {
                    _buffer.GetSpan(1)[0] = (byte)word;
                    _buffer.Advance(1);
                    (word, used) = (word >> 8, used - 8);
                }
            }

            if (used > 0)
            {
                Raw([(byte)word]);
            }
        }

        public void Decimals(IReadOnlyDictionary<int, decimal> values)
        {
            Number(values.Count);
            Span<int> bits = stackalloc int[4];
            Span<byte> bytes = stackalloc byte[16];
            foreach (var (row, value) in values.OrderBy(pair => pair.Key))
            {
                Number(row);
                decimal.GetBits(value, bits);
                for (var i = 0; i < 4; i++)
                {
                    BinaryPrimitives.WriteInt32LittleEndian(bytes[(i * 4)..], bits[i]);
                }

                Raw(bytes);
            }
        }
    }

    private ref struct Reader(ReadOnlySpan<byte> bytes)
    {
        private readonly ReadOnlySpan<byte> _bytes = bytes;
        private int _at;

        public ReadOnlySpan<byte> Raw(int length)
        {
            if (length < 0 || length > _bytes.Length - _at)
            {
                throw new InvalidDataException("the segment ends early");
            }

            var part = _bytes.Slice(_at, length);
            _at += length;
            return part;
        }

        public long Number()
        {
            ulong value = 0;
            for (var shift = 0; shift < 64; shift += 7)
            {
                if (_at >= _bytes.Length)
                {
                    break;
                }

                var next = _bytes[_at++];
                value |= (ulong)(next & 0x7F) << shift;
                if (next < 0x80)
                {
                    return (long)value;
                }
            }

            throw new InvalidDataException("the segment ends early");
        }

        public int Count(int most = int.MaxValue) => Number() is var count && count >= 0 && count <= most ? (int)count : throw new InvalidDataException("a count is out of range");

        public long Signed() => Number() is var value ? (long)((ulong)value >> 1) ^ -(value & 1) : 0;

        public string Text() => Encoding.UTF8.GetString(Raw(Count()));

        public string[] Texts()
        {
            var texts = new string[Count(1 << 22)];
            for (var i = 0; i < texts.Length; i++)
            {
                texts[i] = Text();
            }

            return texts;
        }

        public SegmentColumn Column(int rows)
        {
            var name = Text();
            var codes = Texts();
            return new(name, codes, Packed(rows, codes.Length));
        }

        public int[] Packed(int count, int codes)
        {
            var rows = new int[count];
            var bits = Bits(codes);
            if (bits == 0)
            {
                return rows;
            }

            var packed = Raw((int)((((long)count * bits) + 7) / 8));
            ulong word = 0;
            var (used, at, mask) = (0, 0, (1UL << bits) - 1);
            for (var i = 0; i < count; i++)
            {
                while (used < bits)
                {
                    word |= (ulong)packed[at++] << used;
                    used += 8;
                }

                rows[i] = (int)(word & mask);
                if (rows[i] >= codes)
                {
                    throw new InvalidDataException("a code is outside its dictionary");
                }

                (word, used) = (word >> bits, used - bits);
            }

            return rows;
        }

        public Dictionary<int, decimal> Decimals()
        {
            var values = new Dictionary<int, decimal>();
            Span<int> bits = stackalloc int[4];
            for (var left = Count(Segment.Capacity); left > 0; left--)
            {
                var row = Count(Segment.Capacity);
                var raw = Raw(16);
                for (var i = 0; i < 4; i++)
                {
                    bits[i] = BinaryPrimitives.ReadInt32LittleEndian(raw[(i * 4)..]);
                }

                values[row] = new(bits);
            }

            return values;
        }
    }
}
