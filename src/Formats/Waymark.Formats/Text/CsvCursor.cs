using System.Globalization;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Waymark.Model;

namespace Waymark.Formats;

/// <summary>
/// Walks delimited text in UTF-8 record by record and hands out fields as spans, without a string or a copy.
/// Grammar: RFC 4180, with any one-byte delimiter and LF, CRLF or CR as line ends. A quotation mark counts only at the
/// start of a field. What breaks the grammar is kept and said: see <see cref="Fault"/>. An empty line is a record of
/// one empty field. Lines and fields count from 1. Not safe for use from several threads.
/// </summary>
public sealed class CsvCursor
{
    private const int Rereadings = 8; // times the text's length that may be walked again for marks that never close
    private readonly byte[] _bytes;
    private readonly int _end;
    private readonly byte _delimiter;
    private readonly int _maxFieldBytes;
    private readonly int _maxColumns;
    private readonly string _name;
    private FieldSpan[] _fields = new FieldSpan[32];
    private byte[] _scratch = [];
    private int _count;
    private int _next;          // first byte of the next record
    private int _start;         // first byte of this record
    private int _stop;          // after its last byte, line end excluded
    private int _block;         // first byte after the block that _mask describes
    private ulong _mask;        // special bytes of that block not yet visited
    private int _nextLine = 1;
    private long _budget;
    private int _literalQuote = -1;

    /// <summary>Starts before the first record. The bytes must not change while the cursor is used.</summary>
    /// <param name="utf8">The text, without a byte order mark.</param>
    /// <param name="delimiter">Any byte but a quotation mark or a line end.</param>
    /// <param name="limits">Bounds columns and field length.</param>
    /// <param name="name">Goes before line and field in the place of an error.</param>
    public CsvCursor(ReadOnlyMemory<byte> utf8, byte delimiter = (byte)',', ReadLimits? limits = null, string name = "")
    {
        if (!MemoryMarshal.TryGetArray(utf8, out var segment))
        {
            segment = utf8.ToArray();
        }

        limits ??= ReadLimits.Default;
        (_bytes, _next, _end) = (segment.Array ?? [], segment.Offset, segment.Offset + segment.Count);
        (Offset, _delimiter, _block) = (segment.Offset, delimiter, _next);
        _budget = ((long)segment.Count * Rereadings) + 1;
        (_maxFieldBytes, _maxColumns, _name) = (limits.MaxCellBytes, limits.MaxColumns, name);
    }

    /// <summary>Line on which the current record begins.</summary>
    public int Line { get; private set; }

    /// <summary>Number of the current record; 0 before the first.</summary>
    public int Record { get; private set; }

    public int FieldCount => _count;

    /// <summary>What was wrong with the current record, if anything; the record is readable all the same.</summary>
    public Error? Fault { get; private set; }

    /// <summary>Set when a limit ended the walk; <see cref="Read"/> has then returned false.</summary>
    public Error? Stopped { get; private set; }

    /// <summary>The current record as it stands in the (decoded) file, without its line end.</summary>
    public ReadOnlySpan<byte> RawRecord => _bytes.AsSpan(_start, _stop - _start);

    /// <summary>Where the current record begins and ends in the text handed in.</summary>
    public (int Start, int End) Extent => (_start - Offset, _stop - Offset);

    internal int Offset { get; }

    internal byte[] Buffer => _bytes;

    internal ReadOnlySpan<FieldSpan> Fields => _fields.AsSpan(0, _count);

    /// <summary>True when the field stood in quotation marks.</summary>
    public bool IsQuoted(int index) => _fields[index].Quoted;

    /// <summary>
    /// The field's content with doubled quotation marks resolved; only such a field is copied, into a buffer that
    /// the next call reuses.
    /// </summary>
    public ReadOnlySpan<byte> Field(int index)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, _count);
        ref readonly var field = ref _fields[index];
        var raw = new ReadOnlySpan<byte>(_bytes, field.Start, field.Length);
        return field.Doubled ? Undouble(raw) : raw;
    }

    /// <summary>Moves to the next record; false at the end of the text or when <see cref="Stopped"/> is set.</summary>
    public bool Read()
    {
        Fault = null;
        if (_next >= _end || Stopped is not null)
        {
            _count = 0;
            return false;
        }

        Line = _nextLine;
        Record++;
        _start = _next;
        while (!ReadFields())
        {
            Seek(_start);
        }

        return Stopped is null;
    }

    /// <summary>
    /// Reads one record; false asks to read it again because a quotation mark turned out to be a character.
    /// </summary>
    private bool ReadFields()
    {
        _count = 0;
        var from = _start;
        while (true)
        {
            int at;
            if (from < _end && _bytes[from] == (byte)'"' && Opens(from))
            {
                if (!ReadQuoted(from, out at))
                {
                    _budget -= Math.Max(1, _block - from);
                    _literalQuote = from;
                    Fault = Faults.UnterminatedQuote(Where(Line, _count + 1));
                    _nextLine = Line;
                    return false;
                }
            }
            else
            {
                do
                {
                    at = NextSpecial();
                }
                while (at < _end && _bytes[at] == (byte)'"');
                Add(from, at - from, false, false);
            }

            if (EndField(at) || Stopped is not null)
            {
                return true;
            }

            from = at + 1;
        }
    }

    /// <summary>
    /// Whether the quotation mark at a field's start opens a quoted field, or has been found never to close.
    /// </summary>
    private bool Opens(int at)
    {
        if (_budget > 0)
        {
            return at != _literalQuote;
        }

        Fault ??= Faults.UnterminatedQuote(Where(Line, _count + 1));
        return false;
    }

    private string Where(int line, int field) =>
        string.Create(CultureInfo.InvariantCulture, $"{_name}{(_name.Length == 0 ? "" : ":")}{line}:{field}");

    /// <summary>
    /// False when the mark never closes; <paramref name="resume"/> is the special byte after the field.
    /// </summary>
    private bool ReadQuoted(int open, out int resume)
    {
        var doubled = false;
        var limit = (long)open + _maxFieldBytes;
        var line = _nextLine;
        resume = _end;
        NextSpecial(); // the opening mark itself
        while (true)
        {
            var at = NextSpecial();
            if (at >= _end || at > limit)
            {
                return false;
            }

            switch (_bytes[at])
            {
                case (byte)'\n':
                    _nextLine++;
                    continue;
                case (byte)'\r':
                    _nextLine += at + 1 < _end && _bytes[at + 1] == (byte)'\n' ? 0 : 1;
                    continue;
                case (byte)'"':
                    break;
                default:
                    continue;
            }

            if (at + 1 < _end && _bytes[at + 1] == (byte)'"')
            {
                NextSpecial();
                doubled = true;
                continue;
            }

            if (at + 1 >= _end || IsBreak(_bytes[at + 1]))
            {
                Add(open + 1, at - open - 1, true, doubled);
                resume = NextSpecial();
                return true;
            }

            // Text after the closing mark. Over several lines that is a stray mark that met the next quoted field; on
            // one line the whole field is kept as it is written.
            if (_nextLine != line)
            {
                return false;
            }

            Fault ??= Faults.TextAfterQuote(Where(_nextLine, _count + 1));
            do
            {
                resume = NextSpecial();
            }
            while (resume < _end && _bytes[resume] == (byte)'"');
            Add(open, resume - open, false, false);
            return true;
        }
    }

    /// <summary>Consumes the special byte at <paramref name="at"/>; true when it ended the record.</summary>
    private bool EndField(int at)
    {
        if (at < _end && _bytes[at] == _delimiter)
        {
            if (_count >= _maxColumns)
            {
                Stopped = Faults.TooLarge(Where(Line, _count), "columns", _maxColumns);
            }

            return false;
        }

        _stop = at;
        _next = _end;
        if (at < _end)
        {
            _nextLine++;
            _next = at + 1;
            if (_bytes[at] == (byte)'\r' && _next < _end && _bytes[_next] == (byte)'\n')
            {
                NextSpecial();
                _next++;
            }
        }

        return true;
    }

    private bool IsBreak(byte value) => value == _delimiter || value is (byte)'\n' or (byte)'\r';

    private void Seek(int position) => (_block, _mask) = (position, 0);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int NextSpecial()
    {
        while (_mask == 0)
        {
            if (_block >= _end)
            {
                return _end;
            }

            LoadBlock();
        }

        var at = _block - 64 + BitOperations.TrailingZeroCount(_mask);
        _mask &= _mask - 1;
        return at;
    }

    private void LoadBlock()
    {
        if (_end - _block >= 64)
        {
            LoadBlock(ref _bytes[_block]);
            return;
        }

        Span<byte> padded = stackalloc byte[64];
        padded.Clear();
        _bytes.AsSpan(_block, _end - _block).CopyTo(padded);
        LoadBlock(ref padded[0]);
        _mask &= ulong.MaxValue >> (64 - (_end - _block + 64)); // a delimiter of NUL must not be seen in the padding
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void LoadBlock(ref byte first)
    {
        _mask = Specials(Vector256.LoadUnsafe(ref first))
            | ((ulong)Specials(Vector256.LoadUnsafe(ref first, 32)) << 32);
        _block += 64;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private uint Specials(Vector256<byte> block) =>
        (Vector256.Equals(block, Vector256.Create(_delimiter)) | Vector256.Equals(block, Vector256.Create((byte)'\n'))
        | Vector256.Equals(block, Vector256.Create((byte)'\r')) | Vector256.Equals(block, Vector256.Create((byte)'"')))
        .ExtractMostSignificantBits();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Add(int start, int length, bool quoted, bool doubled)
    {
        if (length > _maxFieldBytes)
        {
            Stopped = Faults.TooLarge(Where(_nextLine, _count + 1), "cell-bytes", _maxFieldBytes);
        }

        if (_count == _fields.Length)
        {
            Array.Resize(ref _fields, _fields.Length * 2);
        }

        _fields[_count++] = new(start, length, quoted, doubled);
    }

    private ReadOnlySpan<byte> Undouble(ReadOnlySpan<byte> raw)
    {
        if (_scratch.Length < raw.Length)
        {
            _scratch = new byte[Math.Max(256, raw.Length)];
        }

        return _scratch.AsSpan(0, Undouble(raw, _scratch));
    }

    /// <summary>
    /// Writes <paramref name="raw"/> with each doubled quotation mark made single; returns the length.
    /// </summary>
    internal static int Undouble(ReadOnlySpan<byte> raw, Span<byte> into)
    {
        var length = 0;
        for (var i = 0; i < raw.Length; i++)
        {
            into[length++] = raw[i];
            if (raw[i] == (byte)'"' && i + 1 < raw.Length && raw[i + 1] == (byte)'"')
            {
                i++;
            }
        }

        return length;
    }

    [StructLayout(LayoutKind.Auto)]
    internal readonly record struct FieldSpan(int Start, int Length, bool Quoted, bool Doubled);
}
