using System.Numerics;
using Waymark.Model;

namespace Waymark.Linkage.Private;

/// <summary>
/// Lays the records out for a kernel and walks all pairs in tiles: some rows of the left set stay in a near cache while the
/// blocks of the right set pass by. Both sets are sorted by their number of bits, since Dice ≥ t needs
/// min(a, b) · (2 − t) ≥ t · max(a, b): blocks outside that range are not touched. Rows of a tile are looked at two or four at once: bits in common with any of
/// them bound the bits in common with each, so a block that cannot reach the lowest limit of the group is done with (<see cref="RowGroups"/>).
/// </summary>
internal sealed class DiceScan<TKernel>
    where TKernel : struct, IBlockKernel
{
    /// <summary>A limit that no count reaches: records without bits, and the empty lanes of the last block.</summary>
    private const long Never = long.MaxValue / 4;

    private readonly BitRecords _left;
    private readonly BitRecords _right;
    private readonly DiceRequest _request;
    private readonly long _factor;
    private readonly int _parts;
    private readonly int[] _leftOrder;
    private readonly int[] _rightOrder;
    private readonly ulong[] _blocks;
    private readonly long[] _rowLimits;
    private readonly long[] _laneLimits;
    private readonly int _blockCount;
    private int _nextTile = -1;
    private long _compared;
    private long _kept;

    private DiceScan(BitRecords left, BitRecords right, DiceRequest request)
    {
        (_left, _right, _request) = (left, right, request);
        _factor = (long)Math.Ceiling(request.Threshold * 32768);
        _parts = (left.WordsPerRecord + IBlockKernel.Words - 1) / IBlockKernel.Words;
        _leftOrder = ByOnes(left);
        _rightOrder = ByOnes(right);
        _rowLimits = [.. _leftOrder.Select(r => Limit(left.Ones(r)))];
        _blockCount = (right.Count + TKernel.Lanes - 1) / TKernel.Lanes;
        _blocks = Blocks();
        _laneLimits = new long[_blockCount * TKernel.Lanes];
        Array.Fill(_laneLimits, Never);
        for (var i = 0; i < right.Count; i++)
        {
            _laneLimits[i] = Limit(right.Ones(_rightOrder[i]));
        }
    }

    public static Result<DiceOutcome> Run(BitRecords left, BitRecords right, DiceRequest request, BitPath path, CancellationToken cancel)
    {
        var scan = new DiceScan<TKernel>(left, right, request);
        var threads = Math.Max(1, request.Threads);
        var found = new List<DicePair>[threads];
        var options = new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancel };
        Parallel.For(0, threads, options, worker => found[worker] = scan.Work(cancel));
        if (scan._kept > request.MostPairs)
        {
            return Error.TooLarge(
                    "linkage.dice-too-many",
                    $"More than {request.MostPairs} pairs reach the threshold.",
                    $"达到阈值的记录对超过 {request.MostPairs} 对。")
                .WithHint("Raise the threshold.", "请提高阈值。");
        }

        var pairs = new List<DicePair>((int)scan._kept);
        foreach (var some in found)
        {
            pairs.AddRange(some);
        }

        pairs.Sort((a, b) => a.Left != b.Left ? a.Left.CompareTo(b.Left) : a.Right.CompareTo(b.Right));
        return new DiceOutcome(pairs, scan._compared, path);
    }

    private long Limit(int ones) => ones == 0 ? Never : _factor * ones;

    private List<DicePair> Work(CancellationToken cancel)
    {
        var found = new List<DicePair>();
        var tileRows = TKernel.TileRows;
        var counts = GC.AllocateArray<ulong>((tileRows + IBlockKernel.Spare) * TKernel.Lanes, pinned: true);
        var hits = new BlockHit[tileRows];
        var inGroups = new BlockHit[tileRows];
        var rows = new TileRows<TKernel>(tileRows, _parts);
        var groups = new TileRows<TKernel>((tileRows + 1) / 2, _parts);
        var together = new RowGroups();
        var tiles = (_left.Count + tileRows - 1) / tileRows;
        var compared = 0L;
        for (var tile = Interlocked.Increment(ref _nextTile); tile < tiles; tile = Interlocked.Increment(ref _nextTile))
        {
            cancel.ThrowIfCancellationRequested();
            var first = tile * tileRows;
            var count = Math.Min(tileRows, _left.Count - first);
            var (from, to) = BlocksFor(first, count);
            rows.Clear();
            for (var row = first; row < first + count; row++)
            {
                rows.Add(_left[_leftOrder[row]], _rowLimits[row]);
            }

            rows.GroupInto(groups, together.Size);
            for (var block = from; block < to; block++)
            {
                if (together.Size == 1)
                {
                    Take(first, 0, count, block);
                    continue;
                }

                var hopeful = Compare(groups, 0, groups.Count, block, counts, inGroups);
                together.Passed += hopeful;
                foreach (var hit in inGroups.AsSpan(0, hopeful))
                {
                    var start = hit.Row * together.Size;
                    Take(first, start, Math.Min(together.Size, count - start), block);
                }
            }

            together.Learn(groups.Count, Math.Max(0, to - from));

            compared += (long)count * Math.Max(0, Math.Min(_right.Count, to * TKernel.Lanes) - from * TKernel.Lanes);
            if (Interlocked.Read(ref _kept) > _request.MostPairs)
            {
                break;
            }
        }

        Interlocked.Add(ref _compared, compared);
        return found;

        void Take(int first, int row, int count, int block)
        {
            var hit = Compare(rows, row, count, block, counts, hits);
            if (hit > 0)
            {
                Keep(first + row, block, counts, hits.AsSpan(0, hit), found);
            }
        }
    }

    private int Compare(TileRows<TKernel> rows, int from, int count, int block, ulong[] counts, BlockHit[] hits)
    {
        var partLength = TKernel.BlockWords;
        var last = _parts - 1;
        for (var p = 0; p < last; p++)
        {
            TKernel.Add(ref _blocks[((block * _parts) + p) * partLength], ref rows.At(from, p), rows.Stride, count, p == 0, ref counts[0]);
        }

        return TKernel.Compare(
            ref _blocks[((block * _parts) + last) * partLength],
            ref rows.At(from, last),
            rows.Stride,
            count,
            last == 0,
            ref counts[0],
            ref rows.Limits[from],
            ref _laneLimits[block * TKernel.Lanes],
            ref hits[0]);
    }

    private void Keep(int first, int block, ulong[] counts, ReadOnlySpan<BlockHit> hits, List<DicePair> found)
    {
        var before = found.Count;
        foreach (var hit in hits)
        {
            for (var lanes = hit.Lanes; lanes != 0; lanes &= lanes - 1)
            {
                var lane = BitOperations.TrailingZeroCount(lanes);
                var (left, right) = (_leftOrder[first + hit.Row], _rightOrder[block * TKernel.Lanes + lane]);
                found.Add(new(left, right, (int)counts[hit.Row * TKernel.Lanes + lane], _left.Ones(left) + _right.Ones(right)));
            }
        }

        Interlocked.Add(ref _kept, found.Count - before);
    }

    /// <summary>Blocks in which a record can have enough bits for a row of the tile.</summary>
    private (int From, int To) BlocksFor(int first, int rows)
    {
        if (!_request.SkipHopeless)
        {
            return (0, _blockCount);
        }

        var fewest = Math.Max(1L, _left.Ones(_leftOrder[first]));
        var most = (long)_left.Ones(_leftOrder[first + rows - 1]);
        var rest = 65536 - _factor;
        var low = (_factor * fewest + rest - 1) / rest;
        var high = most * rest / _factor;
        var from = LowerBound(low);
        var to = LowerBound(high + 1);
        return (from / TKernel.Lanes, (to + TKernel.Lanes - 1) / TKernel.Lanes);
    }

    /// <summary>The first place in the order of the right set with at least so many bits.</summary>
    private int LowerBound(long ones)
    {
        var (low, high) = (0, _right.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = _right.Ones(_rightOrder[middle]) < ones ? (middle + 1, high) : (low, middle);
        }

        return low;
    }

    private static int[] ByOnes(BitRecords records)
    {
        var order = Enumerable.Range(0, records.Count).ToArray();
        var ones = Array.ConvertAll(order, records.Ones);
        Array.Sort(ones, order);
        return order;
    }

    private ulong[] Blocks()
    {
        var partLength = TKernel.BlockWords;
        var blocks = GC.AllocateArray<ulong>(Math.Max(1, _blockCount) * _parts * partLength, pinned: true);
        for (var i = 0; i < _right.Count; i++)
        {
            var record = _right[_rightOrder[i]];
            var start = i / TKernel.Lanes * _parts;
            for (var part = 0; part < _parts; part++)
            {
                TKernel.Place(IBlockKernel.Part(record, part), i % TKernel.Lanes, blocks.AsSpan((start + part) * partLength, partLength));
            }
        }

        return blocks;
    }
}
