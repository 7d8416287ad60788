namespace Waymark.Linkage.Private;

/// <summary>A row that reached its limit with at least one record of a block.</summary>
/// <param name="Row">The row, counted from the first of the call.</param>
/// <param name="Lanes">The records of the block, a bit for each.</param>
internal readonly record struct BlockHit(int Row, ulong Lanes);

/// <summary>
/// Counts common bits of a block of records with rows of a tile, 1024 bits (16 words) at a time, each laid out as the kernel wants it. Rows stand in pinned
/// memory, with room for <see cref="Spare"/> more behind the last, and so do their counts.
/// </summary>
internal interface IBlockKernel
{
    /// <summary>Words of a record that one call counts.</summary>
    const int Words = 16;

    /// <summary>Rows that a kernel may read and count beyond those it was asked for.</summary>
    const int Spare = 1;

    /// <summary>Records in a block, at most 64.</summary>
    static abstract int Lanes { get; }

    /// <summary>Words that one part of a block takes.</summary>
    static abstract int BlockWords { get; }

    /// <summary>Rows that go together through the blocks: as many as a near cache holds, prepared.</summary>
    static virtual int TileRows => 192;

    /// <summary>Words that one part of a prepared row takes.</summary>
    static virtual int RowWords => Words;

    /// <summary>Lays at most 16 words of a row out; <paramref name="row"/> has <see cref="RowWords"/>, and what is missing has no ones.</summary>
    static virtual void Prepare(ReadOnlySpan<ulong> words, Span<ulong> row)
    {
        words.CopyTo(row);
        row[words.Length..].Clear();
    }

    /// <summary>Lays at most 16 words of a record out in a block of zeros.</summary>
    static abstract void Place(ReadOnlySpan<ulong> words, int lane, Span<ulong> block);

    /// <summary>One part of a record's words; the last may be shorter.</summary>
    static ReadOnlySpan<ulong> Part(ReadOnlySpan<ulong> words, int part) => words.Slice(part * Words, Math.Min(Words, words.Length - (part * Words)));

    /// <summary>Word <c>k</c> of lane <c>j</c> at <c>k * lanes + j</c>.</summary>
    static void Interleave(ReadOnlySpan<ulong> words, int lane, int lanes, Span<ulong> block)
    {
        for (var k = 0; k < words.Length; k++)
        {
            block[(k * lanes) + lane] = words[k];
        }
    }

    /// <summary>Adds the counts of one part of the width to <paramref name="counts"/> (row × lane); <paramref name="fresh"/>: sets them.</summary>
    static abstract void Add(ref ulong block, ref ulong rows, int stride, int count, bool fresh, ref ulong counts);

    /// <summary>
    /// Counts the last part and compares: a hit is count × 65536 ≥ limit of the row + limit of the lane. Rows with a hit are written to
    /// <paramref name="hits"/>, and their whole counts to <paramref name="counts"/>.
    /// </summary>
    /// <returns>The number of rows with a hit.</returns>
    static abstract int Compare(
        ref ulong block, ref ulong rows, int stride, int count, bool fresh, ref ulong counts, ref long rowLimits, ref long laneLimits, ref BlockHit hits);
}
