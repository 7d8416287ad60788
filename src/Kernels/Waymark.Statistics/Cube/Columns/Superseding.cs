namespace Waymark.Statistics.Cube.Columns;

/// <summary>
/// Decides which of several observations with one key stands: highest edition, then latest import, then the earlier row.
/// Marks are written to copies (<see cref="Touched"/>) until the vintage is published.
/// </summary>
internal sealed class Superseding(List<CubeBlock> blocks, List<CubeVintage> vintages)
{
    private KeyIndex? _index;

    public Dictionary<int, ushort[]> Touched { get; } = [];

    public long IndexBytes => _index?.Bytes ?? 0;

    public void FreeIndex() => _index = null;

    /// <summary>Compares every row of the newest block with what stands, and moves the marks.</summary>
    public AppendReport Admit(int at)
    {
        EnsureIndex(at);
        var block = blocks[at];
        var hashes = new uint[block.Rows];
        KeyIndex.Hash(block, hashes);
        var mine = vintages[block.Vintage].ReleaseOrder;
        long added = 0, revised = 0, unchanged = 0, late = 0, duplicates = 0;
        for (var row = 0; row < block.Rows; row++)
        {
            var id = ((uint)at << 16) | (uint)row;
            var slot = _index!.FindOrAdd(hashes[row], id, blocks, out var standing);
            if (standing < 0)
            {
                added++;
                continue;
            }

            var (otherAt, otherRow) = ((int)(standing >> 16), (int)(standing & 0xFFFF));
            var other = blocks[otherAt];
            if (other.Vintage == block.Vintage)
            {
                MarksOf(at)[row] = CubeBlock.Never;
                duplicates++;
            }
            else if (mine < vintages[other.Vintage].ReleaseOrder)
            {
                MarksOf(at)[row] = CubeBlock.Never;
                late++;
            }
            else
            {
                MarksOf(otherAt)[otherRow] = block.Vintage;
                _index.Replace(slot, hashes[row], id);
                _ = SaysTheSame(block, row, other, otherRow) ? unchanged++ : revised++;
            }
        }

        return new(added, revised, unchanged, late, duplicates);
    }

    public void Publish()
    {
        foreach (var (block, to) in Touched)
        {
            blocks[block] = blocks[block].With(to);
        }

        Touched.Clear();
    }

    /// <summary>The blocks with fresh marks, as if only these vintages had been imported in this order.</summary>
    public static CubeBlock[] Recompute(List<CubeBlock> blocks, CubeVintage[] vintages)
    {
        List<CubeBlock> admitted = [];
        var superseding = new Superseding(admitted, [.. vintages]) { _index = new(blocks.Sum(block => (long)block.Rows)) };
        foreach (var block in blocks)
        {
            admitted.Add(block);
            superseding.Admit(admitted.Count - 1);
        }

        superseding.Publish();
        return [.. admitted];
    }

    private static bool SaysTheSame(CubeBlock a, int rowA, CubeBlock b, int rowB) =>
        a.Marks[rowA] == b.Marks[rowB]
        && new ExactNumber(a.Values[rowA], a.Scale) == new ExactNumber(b.Values[rowB], b.Scale)
        && Upper(a, rowA) == Upper(b, rowB);

    private static ExactNumber? Upper(CubeBlock block, int row) =>
        block.UpperOf(row) is { } upper ? new ExactNumber(upper, block.Scale) : null;

    private ushort[] MarksOf(int at)
    {
        if (!Touched.TryGetValue(at, out var to))
        {
            if (blocks[at].To is { } published)
            {
                to = [.. published];
            }
            else
            {
                to = new ushort[blocks[at].Rows];
                Array.Fill(to, CubeBlock.Current);
            }

            Touched.Add(at, to);
        }

        return to;
    }

    /// <summary>After <see cref="FreeIndex"/> what stands is found again from the marks of the blocks before.</summary>
    private void EnsureIndex(int before)
    {
        if (_index is not null)
        {
            return;
        }

        _index = new(blocks.Sum(block => (long)block.Rows));
        var hashes = new uint[CubeSchema.BlockRows];
        for (var at = 0; at < before; at++)
        {
            var block = blocks[at];
            KeyIndex.Hash(block, hashes);
            var to = Touched.GetValueOrDefault(at) ?? block.To;
            for (var row = 0; row < block.Rows; row++)
            {
                if (to is null || to[row] == CubeBlock.Current)
                {
                    _index.FindOrAdd(hashes[row], ((uint)at << 16) | (uint)row, blocks, out _);
                }
            }
        }
    }
}
