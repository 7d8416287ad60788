namespace Waymark.Statistics.Cube.Columns;

/// <summary>
/// Decides which of several observations with one key stands: highest edition, then latest import, then the earlier row.
/// Marks are written to copies (<see cref="Touched"/>) until the vintage is published.
/// </summary>
internal sealed class Superseding(List<CubeBlock> blocks, List<CubeVintage> vintages, Coverage coverage)
{
    private readonly Dictionary<int, SortedDictionary<int, ushort>> _withdrawn = [];
    private readonly List<(int At, int Row)> _returning = [];
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
            if (ToOf(otherAt, otherRow) != CubeBlock.Current && mine >= vintages[other.Vintage].ReleaseOrder)
            {
                // Withdrawn: this is now the last figure of the key; whether it stands is known when the vintage is closed.
                _index.Replace(slot, hashes[row], id);
                _returning.Add((otherAt, otherRow));
                added++;
            }
            else if (other.Vintage == block.Vintage)
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

    /// <summary>
    /// After the last row of a vintage: takes back what a complete edition lacks, be it this one or a newer one imported before.
    /// Answers how many figures no longer stand.
    /// </summary>
    public long Close(int vintage)
    {
        var withdrawn = 0L;
        var mine = vintages[vintage];
        if (coverage.IsKnown)
        {
            if (mine.Complete && blocks.Exists(block => vintages[block.Vintage].ReleaseOrder < mine.ReleaseOrder))
            {
                withdrawn += TakeBack(coverage.Of(blocks.Where(block => block.Vintage == vintage)),
                    block => vintages[block.Vintage].ReleaseOrder < mine.ReleaseOrder, (ushort)vintage);
            }

            for (var newer = 0; newer < vintage; newer++)
            {
                if (vintages[newer].Complete && vintages[newer].ReleaseOrder > mine.ReleaseOrder)
                {
                    withdrawn += TakeBack(coverage.Of(blocks.Where(block => block.Vintage == newer)), block => block.Vintage == vintage, CubeBlock.Never);
                }
            }
        }

        foreach (var (at, row) in _returning)
        {
            WithdrawnOf(at)[row] = (ushort)vintage;
        }

        _returning.Clear();
        return withdrawn;
    }

    public void Publish()
    {
        foreach (var (block, to) in Touched)
        {
            blocks[block] = blocks[block].With(to, WithdrawnOf(block) is { Count: > 0 } withdrawn ? withdrawn : null);
        }

        Forget();
    }

    /// <summary>Drops what was not published.</summary>
    public void Forget()
    {
        Touched.Clear();
        _withdrawn.Clear();
        _returning.Clear();
    }

    /// <summary>The blocks with fresh marks, as if only these vintages had been imported in this order.</summary>
    public static CubeBlock[] Recompute(List<CubeBlock> blocks, CubeVintage[] vintages, Coverage coverage)
    {
        List<CubeBlock> admitted = [];
        var superseding = new Superseding(admitted, [.. vintages], coverage) { _index = new(blocks.Sum(block => (long)block.Rows)) };
        foreach (var block in blocks)
        {
            admitted.Add(block);
            superseding.Admit(admitted.Count - 1);
            if (admitted.Count == blocks.Count || blocks[admitted.Count].Vintage != block.Vintage)
            {
                superseding.Close(block.Vintage);
                superseding.Publish();
            }
        }

        return [.. admitted];
    }

    private static bool SaysTheSame(CubeBlock a, int rowA, CubeBlock b, int rowB) =>
        a.Marks[rowA] == b.Marks[rowB]
        && new ExactNumber(a.Values[rowA], a.Scale) == new ExactNumber(b.Values[rowB], b.Scale)
        && Upper(a, rowA) == Upper(b, rowB);

    private static ExactNumber? Upper(CubeBlock block, int row) =>
        block.UpperOf(row) is { } upper ? new ExactNumber(upper, block.Scale) : null;

    private long TakeBack(HashSet<string> spoken, Func<CubeBlock, bool> which, ushort to)
    {
        var count = 0L;
        for (var at = 0; at < blocks.Count; at++)
        {
            if (!which(blocks[at]))
            {
                continue;
            }

            var block = at;
            coverage.Each(blocks[at], spoken, (row, covered) =>
            {
                if (covered && ToOf(block, row) == CubeBlock.Current)
                {
                    MarksOf(block)[row] = to;
                    WithdrawnOf(block)[row] = CubeBlock.Current;
                    count++;
                }
            });
        }

        return count;
    }

    private ushort ToOf(int at, int row) => Touched.TryGetValue(at, out var to) ? to[row] : blocks[at].ToOf(row);

    private SortedDictionary<int, ushort> WithdrawnOf(int at)
    {
        if (!_withdrawn.TryGetValue(at, out var rows))
        {
            _withdrawn.Add(at, rows = []);
            for (var i = 0; i < (blocks[at].Withdrawn?.Length ?? 0); i++)
            {
                rows.Add(blocks[at].Withdrawn![i], blocks[at].Returned![i]);
            }

            MarksOf(at);
        }

        return rows;
    }

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

        // Last, so that only keys for which nothing stands lead to what was withdrawn.
        for (var at = 0; at < before; at++)
        {
            if (blocks[at].Withdrawn is { } withdrawn)
            {
                KeyIndex.Hash(blocks[at], hashes);
                for (var i = 0; i < withdrawn.Length; i++)
                {
                    if (blocks[at].Returned![i] == CubeBlock.Current)
                    {
                        _index.FindOrAdd(hashes[withdrawn[i]], ((uint)at << 16) | (uint)withdrawn[i], blocks, out _);
                    }
                }
            }
        }
    }
}
