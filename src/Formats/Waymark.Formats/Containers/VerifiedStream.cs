using System.Buffers.Binary;

namespace Waymark.Formats;

/// <summary>
/// Reads exactly the stated number of bytes, and fails when there are fewer, more, or others than the checksum
/// states.
/// </summary>
internal sealed class VerifiedStream(Stream source, long size, string place, uint? crc) : Stream
{
    private long _read;
    private uint _sum = uint.MaxValue;
    private bool _ended;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => size;

    public override long Position { get => _read; set => throw new NotSupportedException(); }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        if (_ended || buffer.IsEmpty)
        {
            return 0;
        }

        int read;
        try
        {
            read = source.Read(buffer);
        }
        catch (InvalidDataException)
        {
            throw Damaged();
        }

        _read += read;
        if (crc is not null)
        {
            _sum = Crc32.Append(_sum, buffer[..read]);
        }

        if (_read > size || (read == 0 && (_read < size || (crc is { } stated && ~_sum != stated))))
        {
            throw Damaged();
        }

        _ended = read == 0;
        return read;
    }

    public override void Flush() { }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        source.Dispose();
        base.Dispose(disposing);
    }

    private UnreadableException Damaged() =>
        new(Faults.Damaged(place, "its content fails the checksum or breaks off", "内容校验失败或中断"));
}

/// <summary>
/// Puts a gzip head and tail around deflated bytes, so that the class library's own fast decoder checks the checksum of
/// a ZIP member, which its ZIP reader does not.
/// </summary>
internal sealed class GzipFrame : Stream
{
    private readonly byte[] _tail = new byte[8];
    private readonly ReadOnlyMemory<byte> _body;
    private long _at;

    public GzipFrame(ReadOnlyMemory<byte> body, uint crc, uint size)
    {
        _body = body;
        BinaryPrimitives.WriteUInt32LittleEndian(_tail, crc);
        BinaryPrimitives.WriteUInt32LittleEndian(_tail.AsSpan(4), size);
    }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => Head.Length + _body.Length + _tail.Length;

    public override long Position { get => _at; set => throw new NotSupportedException(); }

    private static ReadOnlySpan<byte> Head => [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 0xFF];

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        var source = _at < Head.Length ? Head[(int)_at..]
            : _at < Head.Length + _body.Length ? _body.Span[(int)(_at - Head.Length)..]
            : _tail.AsSpan((int)Math.Min(_tail.Length, _at - Head.Length - _body.Length));
        var count = Math.Min(source.Length, buffer.Length);
        source[..count].CopyTo(buffer);
        _at += count;
        return count;
    }

    public override void Flush() { }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}

/// <summary>CRC-32 as in ZIP (reflected 0xEDB88320); used for stored members only, so a table is fast enough.</summary>
internal static class Crc32
{
    private static readonly uint[] Table = Build();

    public static uint Append(uint sum, ReadOnlySpan<byte> bytes)
    {
        foreach (var value in bytes)
        {
            sum = Table[(byte)sum ^ value] ^ (sum >> 8);
        }

        return sum;
    }

    private static uint[] Build()
    {
        var table = new uint[256];
        for (var i = 0u; i < 256; i++)
        {
            var value = i;
            for (var bit = 0; bit < 8; bit++)
            {
                value = (value & 1) != 0 ? (value >> 1) ^ 0xEDB88320 : value >> 1;
            }

            table[i] = value;
        }

        return table;
    }
}
