using System.Buffers.Binary;
using Waymark.Model;

namespace Waymark.Linkage;

/// <summary>
/// A run cut into tiles that any number of machines compare, each on its own: <see cref="Open"/> on each of them with the same
/// tables, <see cref="Compare"/> the tiles in any order and as often as you like, <see cref="Finish"/> with all results on one of
/// them. The outcome is that of <see cref="LinkageEngine.Run"/> over the same request, to the last bit.
/// </summary>
public sealed class LinkageTiles
{
    private const uint Magic = 0x314C5457; // "WTL1"
    private const int Head = 24;
    private const int CellBytes = 17;
    private const int PairBytes = 12;
    private readonly LinkageRequest _request;
    private readonly PreparedRecords _records;
    private readonly PatternLayout _layout;
    private readonly CandidatePairs _candidates;

    private LinkageTiles(LinkageRequest request, PreparedRecords records, PatternLayout layout, CandidatePairs candidates, int count) =>
        (_request, _records, _layout, _candidates, Count) = (request, records, layout, candidates, count);

    /// <summary>Tiles, numbered from 0.</summary>
    public int Count { get; }

    /// <summary>What would be compared, before anything is.</summary>
    public BlockReport Blocks => _candidates.Report;

    /// <summary>Normalises and blocks. <paramref name="pairsPerTile"/> says how fine the tiles are, <paramref name="most"/> how many there may be; results do not depend on either.</summary>
    public static Result<LinkageTiles> Open(LinkageRequest request, long pairsPerTile, int most, CancellationToken cancel)
    {
        var opened = LinkageEngine.Open(request with { ForgetTables = false }, cancel);
        if (!opened.IsOk)
        {
            return opened.Error;
        }

        var records = opened.Value.Records;
        var threads = Math.Clamp(request.Threads, 1, 64);
        var candidates = CandidatePairs.For(request, records, threads, cancel);
        var chunks = Math.Max(1, (records.Count + PairScan.Chunk - 1) / PairScan.Chunk);
        var count = (int)Math.Clamp(candidates.Report.PairsAtMost / Math.Max(1, pairsPerTile), 1, Math.Min(chunks, Math.Max(1, most)));
        return new LinkageTiles(request, records, new PatternLayout(records), candidates, count);
    }

    /// <summary>Compares the candidates of one tile. The bytes hold numbers of records and patterns of agreement, no value of any person.</summary>
    public byte[] Compare(int tile, CancellationToken cancel)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)tile, (uint)Count, nameof(tile));
        var chunks = (_records.Count + PairScan.Chunk - 1) / PairScan.Chunk;
        var part = (int)((long)chunks * tile / Count)..(int)((long)chunks * (tile + 1) / Count);
        var scan = PairScan.Run(_records, _layout, _candidates, () => new PairComparer(_records, _layout, _request.Knowledge), Math.Clamp(_request.Threads, 1, 64), _ => { }, cancel, part);
        var histogram = scan.Histogram;
        var pairs = scan.Pairs.Sum(chunk => chunk.Length);
        var bytes = new byte[Head + (histogram.Count * CellBytes) + (pairs * PairBytes)];
        var at = bytes.AsSpan();
        BinaryPrimitives.WriteUInt32LittleEndian(at, Magic);
        BinaryPrimitives.WriteInt32LittleEndian(at[4..], tile);
        BinaryPrimitives.WriteInt32LittleEndian(at[8..], histogram.Count);
        BinaryPrimitives.WriteInt32LittleEndian(at[12..], pairs);
        BinaryPrimitives.WriteInt64LittleEndian(at[16..], scan.Compared);
        at = at[Head..];
        for (var cell = 0; cell < histogram.Count; cell++, at = at[CellBytes..])
        {
            at[0] = histogram.Rules[cell];
            BinaryPrimitives.WriteUInt64LittleEndian(at[1..], histogram.Patterns[cell]);
            BinaryPrimitives.WriteInt64LittleEndian(at[9..], histogram.Counts[cell]);
        }

        foreach (var chunk in scan.Pairs)
        {
            foreach (var pair in chunk)
            {
                BinaryPrimitives.WriteInt32LittleEndian(at, pair.Left);
                BinaryPrimitives.WriteInt32LittleEndian(at[4..], pair.Right);
                BinaryPrimitives.WriteInt32LittleEndian(at[8..], pair.Cell);
                at = at[PairBytes..];
            }
        }

        return bytes;
    }

    /// <summary>
    /// Estimates, calibrates and clusters under constraints from the results of all tiles, in the order of their numbers. Error <c>linkage.tiles</c>: one is
    /// missing, damaged or not of this run.
    /// </summary>
    public Result<LinkageOutcome> Finish(
        IReadOnlyList<ReadOnlyMemory<byte>> tiles, LinkageConstraints constraints, IProgress<LinkageProgress>? progress, CancellationToken cancel)
    {
        if (tiles.Count != Count)
        {
            return Wrong();
        }

        var (counters, pairs, compared) = (new PatternCounter[Count], new ScoredPair[Count][], 0L);
        for (var tile = 0; tile < Count; tile++)
        {
            if (Read(tile, tiles[tile].Span) is not { } read)
            {
                return Wrong();
            }

            (counters[tile], pairs[tile]) = (read.Counter, read.Pairs);
            compared += read.Compared;
        }

        var histogram = PatternHistogram.Merge(counters, out var maps);
        for (var tile = 0; tile < Count; tile++)
        {
            foreach (ref var pair in pairs[tile].AsSpan())
            {
                pair = pair with { Cell = maps[tile][pair.Cell] };
            }
        }

        return LinkageEngine.Run(_request with { Constraints = constraints, Compared = new PairScan(histogram, [.. pairs], compared) }, progress, cancel);
    }

    private (PatternCounter Counter, ScoredPair[] Pairs, long Compared)? Read(int tile, ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < Head || BinaryPrimitives.ReadUInt32LittleEndian(bytes) != Magic || BinaryPrimitives.ReadInt32LittleEndian(bytes[4..]) != tile)
        {
            return null;
        }

        var (cells, count, compared) = (BinaryPrimitives.ReadInt32LittleEndian(bytes[8..]), BinaryPrimitives.ReadInt32LittleEndian(bytes[12..]), BinaryPrimitives.ReadInt64LittleEndian(bytes[16..]));
        if (cells < 0 || count < 0 || Head + ((long)cells * CellBytes) + ((long)count * PairBytes) != bytes.Length)
        {
            return null;
        }

        var at = bytes[Head..];
        var counter = new PatternCounter();
        for (var cell = 0; cell < cells; cell++, at = at[CellBytes..])
        {
            if (at[0] >= _candidates.Rules.Count || counter.Add(at[0], BinaryPrimitives.ReadUInt64LittleEndian(at[1..]), BinaryPrimitives.ReadInt64LittleEndian(at[9..]), out _) != cell)
            {
                return null;
            }
        }

        var pairs = new ScoredPair[count];
        for (var i = 0; i < count; i++, at = at[PairBytes..])
        {
            var (left, right, cell) = (BinaryPrimitives.ReadInt32LittleEndian(at), BinaryPrimitives.ReadInt32LittleEndian(at[4..]), BinaryPrimitives.ReadInt32LittleEndian(at[8..]));
            if ((uint)left >= (uint)_records.Count || (uint)right >= (uint)_records.Count || (uint)cell >= (uint)cells)
            {
                return null;
            }

            pairs[i] = new(left, right, cell);
        }

        return (counter, pairs, compared);
    }

    private static Error Wrong() => Error.Faulty("linkage.tiles", "The results of the tiles are not those of this run.", "各分块结果不属于本次运行。");
}
