using System.Buffers.Text;
using System.Text;

namespace Waymark.Formats;

internal enum XmlToken : byte { End, Start, Text, Finished }

/// <summary>The names of the elements that are open, so that each end can be held against its start.</summary>
internal sealed class OpenElements
{
    private const int MaxDepth = 256;
    private readonly int[] _starts = new int[MaxDepth + 1];
    private byte[] _names = new byte[1024];
    private int _length;

    public int Depth { get; private set; }

    /// <summary>False when elements nest too deeply.</summary>
    public bool Push(ReadOnlySpan<byte> name)
    {
        if (Depth >= MaxDepth)
        {
            return false;
        }

        if (_length + name.Length > _names.Length)
        {
            Array.Resize(ref _names, Math.Max(_names.Length * 2, _length + name.Length));
        }

        _starts[Depth++] = _length;
        name.CopyTo(_names.AsSpan(_length));
        _length += name.Length;
        return true;
    }

    /// <summary>False when another element is open, or none.</summary>
    public bool Pop(ReadOnlySpan<byte> name)
    {
        if (Depth == 0 || !_names.AsSpan(_starts[Depth - 1], _length - _starts[Depth - 1]).SequenceEqual(name))
        {
            return false;
        }

        _length = _starts[--Depth];
        return true;
    }
}

/// <summary>
/// The five named entities of XML and character references; there are no others, since document types are refused.
/// </summary>
internal static class XmlReferences
{
    /// <summary>
    /// Writes the text with references resolved; -1 when one is not defined. The result is never longer.
    /// </summary>
    public static int Resolve(ReadOnlySpan<byte> raw, Span<byte> into)
    {
        var written = 0;
        for (var i = 0; i < raw.Length;)
        {
            if (raw[i] != (byte)'&')
            {
                into[written++] = raw[i++];
                continue;
            }

            var end = raw[i..].IndexOf((byte)';');
            if (end < 2 || !Reference(raw.Slice(i + 1, end - 1), out var rune))
            {
                return -1;
            }

            written += rune.EncodeToUtf8(into[written..]);
            i += end + 1;
        }

        return written;
    }

    private static bool Reference(ReadOnlySpan<byte> name, out Rune rune)
    {
        rune = name.SequenceEqual("amp"u8) ? new('&') : name.SequenceEqual("lt"u8) ? new('<')
            : name.SequenceEqual("gt"u8) ? new('>')
            : name.SequenceEqual("quot"u8) ? new('"') : name.SequenceEqual("apos"u8) ? new('\'') : default;
        if (rune.Value != 0)
        {
            return true;
        }

        uint value = 0;
        int used;
        var parsed = name is [(byte)'#', (byte)'x' or (byte)'X', ..]
            ? Utf8Parser.TryParse(name[2..], out value, out used, 'x') && used == name.Length - 2
            : name is [(byte)'#', ..] && Utf8Parser.TryParse(name[1..], out value, out used) && used == name.Length - 1;
        return parsed && value != 0 && Rune.TryCreate(value, out rune);
    }
}

/// <summary>The attributes of one tag, as stretches of the reader's buffer; valid until it moves on.</summary>
internal sealed class XmlAttributes
{
    private Slot[] _slots = new Slot[8];
    private int _count;

    public void Clear() => _count = 0;

    /// <summary>The raw value of an attribute by local name; empty when absent.</summary>
    public ReadOnlySpan<byte> Find(byte[] buffer, ReadOnlySpan<byte> name)
    {
        for (var i = 0; i < _count; i++)
        {
            ref readonly var slot = ref _slots[i];
            if (buffer.AsSpan(slot.NameStart, slot.NameLength).SequenceEqual(name))
            {
                return buffer.AsSpan(slot.ValueStart, slot.ValueLength);
            }
        }

        return default;
    }

    /// <summary>Reads the attributes between two offsets; false when they are malformed.</summary>
    public bool Parse(byte[] buffer, int at, int stop)
    {
        while ((at = SkipBlanks(buffer, at, stop)) < stop)
        {
            var equals = buffer.AsSpan(at, stop - at).IndexOf((byte)'=');
            var name = equals < 0 ? default : buffer.AsSpan(at, equals).TrimEnd(" \t\r\n"u8);
            var open = SkipBlanks(buffer, at + equals + 1, stop);
            var close = name.IsEmpty || open >= stop || buffer[open] is not ((byte)'"' or (byte)'\'')
                ? -1 : buffer.AsSpan(open + 1, stop - open - 1).IndexOf(buffer[open]);
            if (close < 0)
            {
                return false;
            }

            if (_count == _slots.Length)
            {
                Array.Resize(ref _slots, _slots.Length * 2);
            }

            var local = name.LastIndexOf((byte)':') + 1;
            _slots[_count++] = new(at + local, name.Length - local, open + 1, close);
            at = open + close + 2;
        }

        return true;
    }

    private static int SkipBlanks(byte[] buffer, int at, int stop)
    {
        while (at < stop && buffer[at] is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n')
        {
            at++;
        }

        return at;
    }

    private readonly record struct Slot(int NameStart, int NameLength, int ValueStart, int ValueLength);
}
