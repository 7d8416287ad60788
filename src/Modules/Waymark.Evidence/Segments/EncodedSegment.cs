namespace Waymark.Evidence.Segments;

/// <summary>A full segment on its way to the store: encoded on another thread while the next rows are read.</summary>
internal sealed class EncodedSegment
{
    private readonly Task<byte[]> _bytes;
    private readonly Segment? _columns;

    public EncodedSegment(Segment segment, bool keep)
    {
        (Count, _columns) = (segment.Count, keep ? segment : null);
        _bytes = Task.Run(() => SegmentFormat.Write(segment));
    }

    public int Count { get; }

    public async ValueTask<byte[]> BytesAsync() => await _bytes;

    /// <summary>The columns as they were encoded.</summary>
    public async ValueTask<Segment> ColumnsAsync() => _columns ?? SegmentFormat.Read(await _bytes);
}
