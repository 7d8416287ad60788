using System.Buffers.Text;
using System.Globalization;
using System.Text;
using System.Text.Unicode;

namespace Waymark.Formats;

/// <summary>
/// A forward reader of XML 1.0 over UTF-8 that allocates nothing per token. It knows what spreadsheets write: elements,
/// attributes, text, CDATA, comments, the five named entities and character references. A document type is refused, so
/// there are no entities to expand and nothing outside the file is ever asked for. Elements must nest. Names are
/// local names.
/// </summary>
internal sealed class XmlCursor : IDisposable
{
    private readonly Stream _stream;
    private readonly string _place;
    private readonly int _maxToken;
    private readonly OpenElements _open = new();
    private byte[] _buffer = new byte[1 << 16];
    private int _at;
    private int _length;
    private long _consumed;
    private bool _streamEnded;
    private readonly XmlAttributes _attributes = new();
    private int _tokenStart;
    private int _tokenLength;
    private byte[] _decoded = [];
    private int _decodedLength = -1;

    public XmlCursor(Stream stream, string place, ReadLimits limits)
    {
        (_stream, _place, _maxToken) = (stream, place, limits.MaxCellBytes + (1 << 16));
        Fill();
        var head = _buffer.AsSpan(0, Math.Min(_length, 4));
        if (head is [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..] or [(byte)'<', 0, ..] or [0, (byte)'<', ..])
        {
            throw Fail("it is not UTF-8", "不是 UTF-8 编码");
        }

        _at = head is [0xEF, 0xBB, 0xBF, ..] ? 3 : 0;
    }

    public XmlToken Token { get; private set; }

    public int Depth => _open.Depth;

    /// <summary>True for a start that has no content and no end token.</summary>
    public bool IsEmpty { get; private set; }

    /// <summary>The element's local name, at a start or an end.</summary>
    public ReadOnlySpan<byte> Name => _buffer.AsSpan(_tokenStart, _tokenLength);

    /// <summary>The text with references resolved.</summary>
    public ReadOnlySpan<byte> Text => _decodedLength >= 0 ? _decoded.AsSpan(0, _decodedLength)
        : _buffer.AsSpan(_tokenStart, _tokenLength);

    public bool Is(ReadOnlySpan<byte> name) => Name.SequenceEqual(name);

    public bool IsStart(ReadOnlySpan<byte> name) => Token == XmlToken.Start && Name.SequenceEqual(name);

    public bool IsEnd(ReadOnlySpan<byte> name) => Token == XmlToken.End && Name.SequenceEqual(name);

    /// <summary>The value of an attribute by local name; empty when absent. References are resolved.</summary>
    public ReadOnlySpan<byte> this[ReadOnlySpan<byte> name]
    {
        get
        {
            var raw = _attributes.Find(_buffer, name);
            return raw.Contains((byte)'&') ? Decode(raw) : raw;
        }
    }

    public string Attribute(ReadOnlySpan<byte> name) => Encoding.UTF8.GetString(this[name]);

    public int IntAttribute(ReadOnlySpan<byte> name, int fallback)
    {
        var raw = this[name];
        return Utf8Parser.TryParse(raw, out int value, out var used) && used == raw.Length && used > 0 ? value
            : fallback;
    }

    /// <summary>Moves to the next token; false at the true end of the document.</summary>
    public bool Read()
    {
        _decodedLength = -1;
        _attributes.Clear();
        while (true)
        {
            if (_at >= _length && !Fill())
            {
                if (Depth > 0)
                {
                    throw Fail("it ends inside an element", "在元素内部中断");
                }

                Token = XmlToken.Finished;
                return false;
            }

            if (_buffer[_at] != (byte)'<')
            {
                ReadText();
                if (Depth == 0)
                {
                    continue; // white space around the root
                }

                return true;
            }

            while (_length - _at < 4 && Fill()) { }
            switch (_length - _at > 1 ? _buffer[_at + 1] : (byte)0)
            {
                case (byte)'?':
                    SkipTo("?>"u8);
                    continue;
                case (byte)'!':
                    if (ReadBang())
                    {
                        return true;
                    }

                    continue;
                case (byte)'/':
                    ReadEnd();
                    return true;
                default:
                    ReadStart();
                    return true;
            }
        }
    }

    /// <summary>At a start: moves to its end, past all its content.</summary>
    public void Skip()
    {
        if (Token != XmlToken.Start || IsEmpty)
        {
            return;
        }

        var depth = Depth;
        while (Read() && !(Token == XmlToken.End && Depth < depth)) { }
    }

    public UnreadableException Fail(string en, string zh) => new(Faults.Damaged(
        string.Create(CultureInfo.InvariantCulture, $"{_place}@{_consumed + _at}"), en, zh));

    public void Dispose() => _stream.Dispose();

    private void ReadText()
    {
        int stop;
        var from = 0;
        while ((stop = _buffer.AsSpan(_at + from, _length - _at - from).IndexOf((byte)'<')) < 0)
        {
            from = _length - _at;
            if (!Fill())
            {
                break;
            }
        }

        var length = stop < 0 ? _length - _at : from + stop;
        (Token, _tokenStart, _tokenLength) = (XmlToken.Text, _at, length);
        _at += length;
        var raw = _buffer.AsSpan(_tokenStart, length);
        if (!Utf8.IsValid(raw))
        {
            throw Fail("it holds bytes that are not UTF-8", "含有非 UTF-8 字节");
        }

        if (raw.Contains((byte)'&'))
        {
            Decode(raw);
        }
    }

    private bool ReadBang()
    {
        while (_length - _at < 9 && Fill()) { }
        var rest = _buffer.AsSpan(_at, _length - _at);
        if (rest.StartsWith("<!--"u8))
        {
            SkipTo("-->"u8);
            return false;
        }

        if (!rest.StartsWith("<![CDATA["u8) || Depth == 0)
        {
            throw Fail("it holds a document type, which is refused", "含有文档类型声明，已拒绝");
        }

        _at += 9;
        var start = Find("]]>"u8);
        (Token, _tokenStart, _tokenLength) = (XmlToken.Text, _at, start);
        _at += start + 3;
        return Utf8.IsValid(Text) ? true : throw Fail("it holds bytes that are not UTF-8", "含有非 UTF-8 字节");
    }

    private void SkipTo(ReadOnlySpan<byte> mark) => _at += Find(mark) + mark.Length;

    /// <summary>Distance from the current byte to a mark.</summary>
    private int Find(ReadOnlySpan<byte> mark)
    {
        while (true)
        {
            var found = _buffer.AsSpan(_at, _length - _at).IndexOf(mark);
            if (found >= 0)
            {
                return found;
            }

            if (!Fill())
            {
                throw Fail("it breaks off", "内容中断");
            }
        }
    }

    /// <summary>
    /// Offset of the closing angle bracket of the tag at the current byte, quotation marks respected.
    /// </summary>
    private int FindTagEnd()
    {
        var i = 1;
        while (true)
        {
            var span = _buffer.AsSpan(_at, _length - _at);
            while (i < span.Length)
            {
                var found = span[i..].IndexOfAny((byte)'>', (byte)'"', (byte)'\'');
                if (found < 0)
                {
                    i = span.Length;
                    break;
                }

                i += found;
                if (span[i] == (byte)'>')
                {
                    return _at + i;
                }

                var close = span[(i + 1)..].IndexOf(span[i]);
                if (close < 0)
                {
                    break;
                }

                i += close + 2;
            }

            if (!Fill())
            {
                throw Fail("it breaks off inside a tag", "在标签内部中断");
            }
        }
    }

    private void ReadEnd()
    {
        var end = FindTagEnd();
        var name = _buffer.AsSpan(_at + 2, end - _at - 2).TrimEnd(" \t\r\n"u8);
        if (!_open.Pop(name))
        {
            throw Fail("its elements do not nest", "元素嵌套错误");
        }

        SetName(_at + 2, name.Length);
        Token = XmlToken.End;
        _at = end + 1;
    }

    private void ReadStart()
    {
        var end = FindTagEnd();
        var at = _at + 1;
        IsEmpty = _buffer[end - 1] == (byte)'/';
        var stop = IsEmpty ? end - 1 : end;
        var nameLength = _buffer.AsSpan(at, Math.Max(0, stop - at)).IndexOfAny(" \t\r\n"u8);
        nameLength = nameLength < 0 ? stop - at : nameLength;
        if (nameLength <= 0)
        {
            throw Fail("a tag has no name", "标签缺少名称");
        }

        if (!_attributes.Parse(_buffer, at + nameLength, stop))
        {
            throw Fail("an attribute is malformed", "属性格式错误");
        }

        if (!IsEmpty && !_open.Push(_buffer.AsSpan(at, nameLength)))
        {
            throw Fail("its elements nest too deeply", "元素嵌套过深");
        }

        SetName(at, nameLength);
        Token = XmlToken.Start;
        _at = end + 1;
    }

    private void SetName(int start, int length)
    {
        var local = _buffer.AsSpan(start, length).LastIndexOf((byte)':') + 1;
        (_tokenStart, _tokenLength) = (start + local, length - local);
    }

    private ReadOnlySpan<byte> Decode(ReadOnlySpan<byte> raw)
    {
        if (_decoded.Length < raw.Length)
        {
            _decoded = new byte[Math.Max(256, raw.Length)];
        }

        var written = XmlReferences.Resolve(raw, _decoded);
        if (written < 0)
        {
            throw Fail("it names an entity that is not defined", "引用了未定义的实体");
        }

        if (Token == XmlToken.Text)
        {
            _decodedLength = written;
        }

        return _decoded.AsSpan(0, written);
    }

    /// <summary>Reads more bytes behind those not yet consumed; false at the end of the stream.</summary>
    private bool Fill()
    {
        if (_streamEnded)
        {
            return false;
        }

        if (_at > 0)
        {
            Buffer.BlockCopy(_buffer, _at, _buffer, 0, _length - _at);
            _consumed += _at;
            _length -= _at;
            _at = 0;
        }

        if (_length == _buffer.Length)
        {
            if (_buffer.Length >= _maxToken)
            {
                throw new UnreadableException(Faults.TooLarge(string.Create(CultureInfo.InvariantCulture,
                    $"{_place}@{_consumed}"), "cell-bytes", _maxToken));
            }

            Array.Resize(ref _buffer, _buffer.Length * 2);
        }

        var read = _stream.Read(_buffer, _length, _buffer.Length - _length);
        _length += read;
        _streamEnded = read == 0;
        return read > 0;
    }
}
