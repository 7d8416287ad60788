namespace Waymark.Linkage.Private;

/// <summary>
/// Counts common bits of a block of records with rows of a tile, 1024 bits (16 words) at a time. A block holds
/// <see cref="Lanes"/> records with their words interleaved: word <c>k</c> of lane <c>j</c> stands at <c>k * Lanes + j</c>.
/// </summary>
internal interface IBlockKernel
{
    /// <summary>Words of a record that one call counts.</summary>
    const int Words = 16;

    /// <summary>Records in a block.</summary>
    static abstract int Lanes { get; }

    /// <summary>Adds the counts of one part of the width to <paramref name="counts"/> (row × lane); <paramref name="fresh"/>: sets them.</summary>
    static abstract void Add(ref ulong block, ref ulong rows, int stride, int count, bool fresh, ref ulong counts);

    /// <summary>
    /// Counts the last part and compares: a hit is count × 65536 ≥ limit of the row + limit of the lane. Rows with a hit are written to
    /// <paramref name="hits"/> as row × 256 + mask of lanes, and their whole counts to <paramref name="counts"/>.
    /// </summary>
    /// <returns>The number of rows with a hit.</returns>
    static abstract int Compare(
        ref ulong block, ref ulong rows, int stride, int count, bool fresh, ref ulong counts, ref long rowLimits, ref long laneLimits, ref int hits);
}
