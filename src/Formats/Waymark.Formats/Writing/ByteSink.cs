using System.Buffers;
using System.Text;

namespace Waymark.Formats;

/// <summary>
/// Collects UTF-8 in memory and hands it to a stream in blocks, so that writers stay simple and answers stream.
/// </summary>
internal sealed class ByteSink(Stream into)
{
    private const int Block = 1 << 16;
    private readonly ArrayBufferWriter<byte> _buffer = new(Block + 4096);

    public IBufferWriter<byte> Writer => _buffer;

    public void Write(ReadOnlySpan<byte> bytes) => _buffer.Write(bytes);

    public void Write(ReadOnlySpan<char> text) => Encoding.UTF8.GetBytes(text, _buffer);

    /// <summary>Hands over what has gathered when it is worth it.</summary>
    public ValueTask FlushIfFullAsync(CancellationToken cancellation) =>
        _buffer.WrittenCount < Block ? ValueTask.CompletedTask : FlushAsync(cancellation);

    public async ValueTask FlushAsync(CancellationToken cancellation)
    {
        await into.WriteAsync(_buffer.WrittenMemory, cancellation);
        _buffer.ResetWrittenCount();
    }
}
