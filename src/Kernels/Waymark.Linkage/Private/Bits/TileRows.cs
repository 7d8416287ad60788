namespace Waymark.Linkage.Private;

/// <summary>Rows that go together through the blocks, laid out for a kernel, with their limits. One per thread.</summary>
internal sealed class TileRows<TKernel>(int most, int parts)
    where TKernel : struct, IBlockKernel
{
    private readonly ulong[] _words = new ulong[most * parts * IBlockKernel.Words];
    private readonly ulong[] _prepared = GC.AllocateArray<ulong>((most + IBlockKernel.Spare) * parts * TKernel.RowWords, pinned: true);

    public int Count { get; private set; }

    public long[] Limits { get; } = new long[most];

    /// <summary>Words from one prepared row to the next.</summary>
    public int Stride { get; } = parts * TKernel.RowWords;

    public void Clear() => Count = 0;

    public void Add(ReadOnlySpan<ulong> record, long limit)
    {
        var words = Words(Count);
        record.CopyTo(words);
        words[record.Length..].Clear();
        Prepare(limit);
    }

    /// <summary>Puts the bits that any of so many rows has, and the lowest of their limits, into other rows; nothing for 1.</summary>
    public void GroupInto(TileRows<TKernel> groups, int size)
    {
        groups.Clear();
        for (var first = 0; first < Count && size > 1; first += size)
        {
            var any = groups.Words(groups.Count);
            var limit = long.MaxValue;
            any.Clear();
            for (var row = first; row < Math.Min(Count, first + size); row++)
            {
                limit = Math.Min(limit, Limits[row]);
                var words = Words(row);
                for (var word = 0; word < words.Length; word++)
                {
                    any[word] |= words[word];
                }
            }

            groups.Prepare(limit);
        }
    }

    /// <summary>One part of a prepared row, and of those behind it.</summary>
    public ref ulong At(int row, int part) => ref _prepared[(row * Stride) + (part * TKernel.RowWords)];

    private Span<ulong> Words(int row) => _words.AsSpan(row * parts * IBlockKernel.Words, parts * IBlockKernel.Words);

    private void Prepare(long limit)
    {
        var words = Words(Count);
        for (var part = 0; part < parts; part++)
        {
            TKernel.Prepare(IBlockKernel.Part(words, part), _prepared.AsSpan((Count * Stride) + (part * TKernel.RowWords), TKernel.RowWords));
        }

        Limits[Count++] = limit;
    }
}
